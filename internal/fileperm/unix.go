//go:build unix

package fileperm

import (
	"io/fs"
	"os"
	"syscall"
)

var adminChecks = userChecks(0)

// AdminOnly reports whether only root can write the file or folder at path. Links are
// followed. The error is that of os.Stat.
func AdminOnly(path string) (bool, error) { return onlyUserWrites(0, path) }

// userChecks are the checks with one user in place of the administrators.
func userChecks(uid uint32) checks {
	return checks{
		replaceIn: func(folder string) (bool, error) { return onlyUserWrites(uid, folder) },
		retarget:  func(string) (bool, error) { return true, nil }, // a link can only be replaced, in its folder
		write: func(file *os.File) (bool, error) {
			info, err := file.Stat()
			return err == nil && onlyUser(uid, info), err
		},
	}
}

func onlyUserWrites(uid uint32, path string) (bool, error) {
	info, err := os.Stat(path)
	return err == nil && onlyUser(uid, info), err
}

func onlyUser(uid uint32, info fs.FileInfo) bool {
	const groupOrOthers = 0o022
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid == uid && info.Mode().Perm()&groupOrOthers == 0
}

func isLink(info fs.FileInfo) bool { return info.Mode()&fs.ModeSymlink != 0 }
