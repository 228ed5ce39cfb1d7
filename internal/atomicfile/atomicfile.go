// Package atomicfile replaces a small file whole or not at all: after a crash
// at any point the file holds its old content or its new one ([Write]). [Lock] keeps other
// programs from changing it meanwhile.
package atomicfile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Write replaces the file at path with data, mode 0600. The folder is made,
// mode 0700, if it is missing. If path is a link, the file that it leads to is replaced.
// The data is on the disk when Write returns.
func Write(path string, data []byte) error {
	pending, err := Prepare(path, data)
	if err != nil {
		return err
	}
	return pending.Commit()
}

// Pending is the new content of a file, beside the file and on the disk.
type Pending struct{ path, temporary string }

// Prepare writes what is to become the file at path, as Write does but for the
// last step, which needs no disk space: [Pending.Commit] or
// [Pending.Discard].
func Prepare(path string, data []byte) (p *Pending, err error) {
	path = followed(path)
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(dir, filepath.Base(path)+tempPattern) // mode 0600
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = file.Close()
			_ = os.Remove(file.Name())
		}
	}()
	if _, err := file.Write(data); err != nil {
		return nil, err
	}
	if err := file.Sync(); err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	return &Pending{path, file.Name()}, nil
}

// Commit puts the new content in the file's place.
func (p *Pending) Commit() error {
	err := os.Rename(p.temporary, p.path)
	for try := 0; err != nil && runtime.GOOS == "windows" && try < 20; try++ {
		time.Sleep(10 * time.Millisecond) // another program is reading the file
		err = os.Rename(p.temporary, p.path)
	}
	if err != nil {
		p.Discard()
		return err
	}
	syncDir(filepath.Dir(p.path))
	return nil
}

// Discard forgets the new content. It does nothing after Commit.
func (p *Pending) Discard() { _ = os.Remove(p.temporary) }

// followed returns the file that a link leads to; a path that is no link as it is.
func followed(path string) string {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			return target
		}
	}
	return path
}

// tempPattern ends the names of files that are being written.
const tempPattern = ".*.tmp"

// RemoveTemporaries removes what crashes have left beside the file at path. The
// caller makes sure that nobody is writing it.
func RemoveTemporaries(path string) {
	left, err := filepath.Glob(followed(path) + tempPattern)
	if err != nil { // the path holds what Glob takes for a pattern
		return
	}
	for _, name := range left {
		_ = os.Remove(name)
	}
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
