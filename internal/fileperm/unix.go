//go:build unix

package fileperm

import (
	"os"
	"syscall"
)

// AdminOnly reports whether only root can write the file or folder at path. Links are
// followed. The error is that of os.Stat.
func AdminOnly(path string) (bool, error) { return onlyUserWrites(0, path) }

// AdminOnlyDir reports whether only root can rename, delete or replace what is in dir.
func AdminOnlyDir(dir string) (bool, error) { return onlyUserWrites(0, dir) }

func onlyUserWrites(uid uint32, path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	const groupOrOthers = 0o022
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid == uid && info.Mode().Perm()&groupOrOthers == 0, nil
}
