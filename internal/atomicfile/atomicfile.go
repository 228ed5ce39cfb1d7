// Package atomicfile replaces a small file whole or not at all: after a crash
// at any point the file holds its old content or its new one.
package atomicfile

import (
	"fmt"
	"os"
	"path/filepath"
)

// Write replaces the file at path with data, mode 0600. The folder is made,
// mode 0700, if it is missing. The data is on the disk when Write returns.
func Write(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, filepath.Base(path)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = file.Close()
			_ = os.Remove(file.Name())
		}
	}()
	if _, err := file.Write(data); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	syncDir(dir)
	return nil
}

// SetAside renames a file that cannot be read so that it is kept and a new one
// can take its place. It returns the new path, in the same folder.
func SetAside(path string) (string, error) {
	for n := 1; n < 1000; n++ {
		aside := fmt.Sprintf("%s.bad-%d", path, n)
		if _, err := os.Lstat(aside); os.IsNotExist(err) {
			return aside, os.Rename(path, aside)
		}
	}
	return "", fmt.Errorf("too many files set aside beside %s", filepath.Base(path))
}

// syncDir makes a rename last on systems where a folder can be synced.
func syncDir(dir string) {
	if folder, err := os.Open(dir); err == nil {
		_ = folder.Sync() // not supported on Windows, not needed there
		_ = folder.Close()
	}
}
