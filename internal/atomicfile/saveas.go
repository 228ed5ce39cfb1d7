package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Why SaveAs does not write a file. fs.ErrExist says that there is one already.
var (
	ErrIsFolder   = errors.New("the path is a folder")
	ErrNotRegular = errors.New("the path is not a file: a device, a pipe, or a link that leads nowhere")
	ErrNoFolder   = errors.New("the path leads into a folder that does not exist")
)

// SaveAs writes a file at a path that a user has chosen, mode 0600. It makes no folder, and
// only with replace a file that is there is replaced, whole or not at all; a link to it
// stays a link. The error is that of CheckSaveAs, or of the system.
func SaveAs(path string, data []byte, replace bool) error {
	target, err := saveAsTarget(path, replace)
	if err != nil {
		return err
	}
	if target != "" {
		return Write(target, data)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // nobody's that appeared meanwhile
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		_ = os.Remove(path)
		return err
	}
	syncDir(filepath.Dir(path))
	return nil
}

// CheckSaveAs says beforehand what SaveAs would refuse: fs.ErrExist, ErrIsFolder,
// ErrNotRegular, ErrNoFolder, or an error of the system.
func CheckSaveAs(path string, replace bool) error {
	_, err := saveAsTarget(path, replace)
	return err
}

// saveAsTarget returns the file that is replaced; "" if there is none yet.
func saveAsTarget(path string, replace bool) (string, error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if info, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
			return "", ErrNoFolder
		}
		if path == "" || os.IsPathSeparator(path[len(path)-1]) {
			return "", ErrNoFolder
		}
		return "", nil
	} else if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", ErrNotRegular
	case err != nil:
		return "", err
	case info.IsDir():
		return "", ErrIsFolder
	case !info.Mode().IsRegular():
		return "", ErrNotRegular
	case !replace:
		return "", fs.ErrExist
	}
	return filepath.EvalSymlinks(path)
}
