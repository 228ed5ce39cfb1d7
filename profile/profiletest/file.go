package profiletest

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"amarre/internal/atomicfile"
	"amarre/internal/keyring"
	"github.com/gofrs/flock"
)

// FileRing is a keyring in a file, in clear, for tests that run the program
// several times. Path is the file.
type FileRing struct{ Path string }

// read calls f on the items.
func (r FileRing) read(f func(items map[string]string) error) error {
	return r.locked(func(items map[string]string) ([]byte, error) { return nil, f(items) })
}

// change calls f on the items and keeps what f leaves.
func (r FileRing) change(f func(items map[string]string) error) error {
	return r.locked(func(items map[string]string) ([]byte, error) {
		if err := f(items); err != nil {
			return nil, err
		}
		return json.Marshal(items)
	})
}

// locked calls f on the items and writes what f returns, if anything.
func (r FileRing) locked(f func(items map[string]string) ([]byte, error)) error {
	lock := flock.New(r.Path + ".lock")
	if err := errors.Join(os.MkdirAll(filepath.Dir(r.Path), 0o700), lock.Lock()); err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }()
	items := map[string]string{}
	content, err := os.ReadFile(r.Path)
	if err == nil {
		err = json.Unmarshal(content, &items)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if content, err = f(items); err != nil || content == nil {
		return err
	}
	return atomicfile.Write(r.Path, content)
}

// Set implements [keyring.Backend].
func (r FileRing) Set(item keyring.Item) error {
	return r.change(func(items map[string]string) error { items[item.Name] = item.Text; return nil })
}

// Get implements [keyring.Backend].
func (r FileRing) Get(name string) (item keyring.Item, err error) {
	item.Name = name
	err = r.read(func(items map[string]string) error {
		var ok bool
		if item.Text, ok = items[name]; !ok {
			return &keyring.Error{Class: keyring.ClassMissing, Op: "find the item"}
		}
		return nil
	})
	return item, err
}

// Delete implements [keyring.Backend].
func (r FileRing) Delete(name string) error {
	return r.change(func(items map[string]string) error {
		if _, ok := items[name]; !ok {
			return &keyring.Error{Class: keyring.ClassMissing, Op: "find the item"}
		}
		delete(items, name)
		return nil
	})
}

// List implements [keyring.Backend].
func (r FileRing) List() (names []string, err error) {
	err = r.read(func(items map[string]string) error {
		for name := range items {
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

// State implements [keyring.Backend].
func (r FileRing) State() keyring.State { return keyring.Ready }

// IsOpen implements [keyring.Backend].
func (r FileRing) IsOpen(string) bool { return true }

// Provider implements [keyring.Backend].
func (r FileRing) Provider() string { return "" }
