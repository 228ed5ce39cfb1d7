//go:build !e2e

package policy

import (
	"path/filepath"

	"amarre/internal/adminpath"
)

// isTrusted reports whether only administrators can have written a file.
func isTrusted(path string) (bool, error) {
	if ok, err := adminpath.OnlyAdministratorsReplace(filepath.Dir(path)); err != nil || !ok {
		return false, err
	}
	return adminpath.OnlyAdministratorsWrite(path)
}
