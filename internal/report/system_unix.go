//go:build unix && !darwin

package report

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// system names the distribution and the kernel.
func system() string {
	name := other
	if file, err := os.Open("/etc/os-release"); err == nil {
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			if value, ok := strings.CutPrefix(lines.Text(), "PRETTY_NAME="); ok {
				if plain, err := strconv.Unquote(value); err == nil {
					value = plain
				}
				name = value
			}
		}
	}
	var kernel unix.Utsname
	if unix.Uname(&kernel) == nil {
		name += ", " + unix.ByteSliceToString(kernel.Release[:])
	}
	return name
}
