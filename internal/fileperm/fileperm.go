// Package fileperm tells whether only administrators can have written a file. What
// is read from such a file may be trusted for every user of the computer: a policy, a
// library to load.
//
// [Open] opens a file that is read; [AdminOnly] is for a path that is handed to the system.
// On Unix an administrator is root; on Windows it is the group Administrators, the system
// or TrustedInstaller.
package fileperm

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

var (
	// ErrUntrusted: not only administrators can have written the file, or can put another
	// one in its place.
	ErrUntrusted = errors.New("somebody who is no administrator could have written the file")
	// ErrNotRegular: a folder, a device or a pipe.
	ErrNotRegular = errors.New("not a regular file")
)

// maxLinks is how many links a path may go through, as in Linux.
const maxLinks = 40

// Open opens a regular file for reading that only administrators can have written. It
// never waits for the other end of a pipe.
//
// The error is ErrUntrusted if others can write the file, or can rename, delete or replace
// it or any folder or link on the way to it, up to the root. A sticky folder that all can
// write to, such as /tmp, is untrusted. The error is then an *fs.PathError with the path that
// they can change. A file that is missing is fs.ErrNotExist, whoever can write to its folder,
// and a link to one that is missing is not.
func Open(path string) (*os.File, error) { return open(path, adminChecks) }

// checks report whether only administrators can do something.
type checks struct {
	replaceIn func(folder string) (bool, error) // rename, delete or replace what is in it
	retarget  func(link string) (bool, error)   // change where it leads
	write     func(file *os.File) (bool, error)
}

func open(path string, c checks) (*os.File, error) {
	target, untrusted, err := resolve(path, c)
	if err != nil {
		return nil, err
	}
	if untrusted != nil {
		return nil, untrusted
	}
	file, err := os.OpenFile(target, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if err := checkFile(file, c); err != nil {
		_ = file.Close()
		return nil, &fs.PathError{Op: "trust", Path: target, Err: err}
	}
	return file, nil
}

func checkFile(file *os.File, c checks) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return ErrNotRegular
	}
	ok, err := c.write(file)
	if err != nil || !ok {
		return errors.Join(ErrUntrusted, err)
	}
	return nil
}

// resolve returns a path without links, and as untrusted the first reason why others than
// administrators can change what it leads to. The file itself is not checked.
func resolve(path string, c checks) (target string, untrusted, err error) {
	if !filepath.IsAbs(path) {
		return "", nil, fmt.Errorf("%s: the path is not absolute", path)
	}
	check := func(name string, only func(string) (bool, error)) {
		if ok, err := only(name); untrusted == nil && (err != nil || !ok) {
			untrusted = &fs.PathError{Op: "trust", Path: name, Err: errors.Join(ErrUntrusted, err)}
		}
	}
	target, rest := split(path)
	check(target, c.replaceIn)
	for links := 0; len(rest) > 0; {
		name := rest[0]
		rest = rest[1:]
		switch name {
		case "", ".":
			continue
		case "..":
			target = filepath.Dir(target) // it has no links
			continue
		}
		next := filepath.Join(target, name)
		info, err := os.Lstat(next)
		if err != nil {
			return "", nil, err
		}
		if isLink(info) {
			if links++; links > maxLinks {
				return "", nil, &fs.PathError{Op: "open", Path: path, Err: syscall.ELOOP}
			}
			check(next, c.retarget)
			to, err := os.Readlink(next)
			if err != nil {
				return "", nil, err
			}
			if _, err := os.Stat(next); errors.Is(err, fs.ErrNotExist) {
				return "", nil, fmt.Errorf("%s leads nowhere: %v", next, err) // not fs.ErrNotExist
			}
			names := strings.FieldsFunc(to, isSeparator)
			if filepath.IsAbs(to) {
				target, names = split(to)
				check(target, c.replaceIn)
			}
			rest = append(names, rest...)
			continue
		}
		if target = next; info.IsDir() {
			check(target, c.replaceIn)
		}
	}
	return target, untrusted, nil
}

// split returns the root of an absolute path, and the names below it.
func split(path string) (root string, names []string) {
	volume := filepath.VolumeName(path)
	return volume + string(filepath.Separator), strings.FieldsFunc(path[len(volume):], isSeparator)
}

func isSeparator(r rune) bool { return r < 0x80 && os.IsPathSeparator(uint8(r)) }
