package profile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"amarre/internal/atomicfile"
)

const (
	indexName    = "profiles.json"
	indexVersion = 1
	// lockWait is how long another Amarre may hold the index. It holds it for a
	// few milliseconds.
	lockWait  = 5 * time.Second
	lockRetry = 20 * time.Millisecond
)

// index is the file that lists the profiles, without secrets. Several programs
// may use it: each change happens under a lock, on what the file holds then.
type index struct {
	path string
}

// indexFile is the file's content.
type indexFile struct {
	Version  int       `json:"version"`
	Profiles []Profile `json:"profiles"`
}

// errIndexUnreadable: the file is there and is not an index of this version.
var errIndexUnreadable = errors.New("not an index of this version")

// read returns the profiles of the file; none if there is no file yet.
func (x index) read() ([]Profile, error) {
	content, err := os.ReadFile(x.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, indexError("read the list", err)
	}
	var file indexFile
	if err := json.Unmarshal(content, &file); err != nil || file.Version != indexVersion {
		return nil, indexError("read the list", errIndexUnreadable)
	}
	return file.Profiles, nil
}

// update changes the file under the lock. A file that cannot be read is left
// alone: Store.Repair sets it aside.
func (x index) update(change func([]Profile) ([]Profile, error)) error {
	return x.locked(func() error {
		profiles, err := x.read()
		if err != nil {
			return err
		}
		if profiles, err = change(profiles); err != nil {
			return err
		}
		return x.write(profiles)
	})
}

// write replaces the file. The caller holds the lock.
func (x index) write(profiles []Profile) error {
	content, err := json.MarshalIndent(indexFile{indexVersion, profiles}, "", "\t")
	if err != nil {
		return indexError("write the list", err)
	}
	if err := atomicfile.Write(x.path, append(content, '\n')); err != nil {
		return indexError("write the list", err)
	}
	return nil
}

// locked calls f while no other program changes the index.
func (x index) locked(f func() error) error {
	if err := os.MkdirAll(filepath.Dir(x.path), 0o700); err != nil {
		return indexError("lock the list", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	lock := flock.New(x.path+".lock", flock.SetPermissions(0o600))
	if ok, err := lock.TryLockContext(ctx, lockRetry); err != nil || !ok {
		return indexError("lock the list", fmt.Errorf("another program holds it: %w", err))
	}
	defer func() { _ = lock.Unlock() }()
	return f()
}

// put adds p, or replaces the profile of its ID. It returns what was there
// before.
func (x index) put(p Profile) (previous *Profile, err error) {
	err = x.update(func(profiles []Profile) ([]Profile, error) {
		if err := unique(profiles, p); err != nil {
			return nil, err
		}
		for i, old := range profiles {
			if old.ID == p.ID {
				previous = &old
				profiles[i] = p
				return profiles, nil
			}
		}
		return append(profiles, p), nil
	})
	return previous, err
}

// restore undoes put.
func (x index) restore(id string, previous *Profile) error {
	if previous == nil {
		return x.remove(id)
	}
	_, err := x.put(*previous)
	return err
}

func (x index) remove(id string) error {
	return x.update(func(profiles []Profile) ([]Profile, error) {
		return without(profiles, id), nil
	})
}

func without(profiles []Profile, id string) []Profile {
	kept := profiles[:0:0]
	for _, p := range profiles {
		if p.ID != id {
			kept = append(kept, p)
		}
	}
	return kept
}

// unique returns ErrDuplicate if p is the credential of another profile.
func unique(profiles []Profile, p Profile) error {
	for _, other := range profiles {
		if other.ID != p.ID && other.Same(p) {
			return &storeError{class: ErrDuplicate, doing: "save the profile"}
		}
	}
	return nil
}
