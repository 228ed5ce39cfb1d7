//go:build !windows

package desktop

import (
	"io"
	"os"
)

// Stderr returns where the program tells the user what went wrong: the standard error.
func Stderr(bool) io.Writer { return os.Stderr }
