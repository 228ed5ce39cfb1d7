//go:build !e2e && (cgo || ci)

package main

import "amarre/internal/adminpath"

// isProtected reports whether only administrators can have written a path.
func isProtected(path string) bool {
	ok, err := adminpath.OnlyAdministratorsWrite(path)
	return ok && err == nil
}
