//go:build !e2e

package policy

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// location returns where the policy is; "" if there is no such place. The folder is
// the system's own, not that of a variable.
func location() string {
	base, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, 0)
	if err != nil {
		return ""
	}
	return filepath.Join(base, "Amarre", "policy.toml")
}
