//go:build !e2e

package policy

import (
	"errors"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

const (
	policyPath     = `Amarre\policy.toml`
	profileListKey = `SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList` // where Windows keeps the place of %ProgramData%
)

// location returns where the policy is; with an error, where it should be. The folder
// is the system's own: SHGetKnownFolderPath would expand variables of this process,
// which a user may set.
func location() (string, error) {
	unknown := `%ProgramData%\` + policyPath
	system, err := windows.GetSystemWindowsDirectory()
	if err != nil {
		return unknown, err
	}
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, profileListKey, registry.QUERY_VALUE)
	if err != nil {
		return unknown, err
	}
	defer key.Close()
	base, _, err := key.GetStringValue("ProgramData")
	if err != nil {
		return unknown, err
	}
	for variable, value := range map[string]string{"%SystemDrive%": filepath.VolumeName(system), "%SystemRoot%": system} {
		if len(base) >= len(variable) && strings.EqualFold(base[:len(variable)], variable) {
			base = value + base[len(variable):]
		}
	}
	if !filepath.IsAbs(base) {
		return unknown, errors.New("the place is not known: " + base)
	}
	return filepath.Join(base, policyPath), nil
}
