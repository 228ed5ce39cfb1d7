//go:build !e2e

package softgl

import "amarre/internal/fileperm"

func adminOnly(path string) bool {
	ok, err := fileperm.AdminOnly(path)
	return ok && err == nil
}
