//go:build unix

package adminpath

import (
	"os"
	"syscall"
)

// OnlyAdministratorsWrite reports whether nobody but root can write a path.
func OnlyAdministratorsWrite(path string) (bool, error) { return onlyWrites(0, path) }

// OnlyAdministratorsReplace reports whether nobody but root can replace what is in a
// folder.
func OnlyAdministratorsReplace(folder string) (bool, error) { return onlyWrites(0, folder) }

func onlyWrites(uid uint32, path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	const others = 0o022 // the group and others may write
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid == uid && info.Mode().Perm()&others == 0, nil
}
