//go:build !e2e

package policy

import (
	"path/filepath"

	"amarre/internal/fileperm"
)

// isTrusted reports whether only administrators can have written a file and, if it is a
// symbolic link, its target.
func isTrusted(path string) (bool, error) {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false, err
	}
	if target != filepath.Clean(path) {
		if ok, err := isTrusted(target); err != nil || !ok {
			return false, err
		}
	}
	if ok, err := fileperm.AdminOnlyDir(filepath.Dir(path)); err != nil || !ok {
		return false, err
	}
	return fileperm.AdminOnly(path)
}
