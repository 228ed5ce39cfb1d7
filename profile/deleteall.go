package profile

import (
	"context"
	"os"
	"path/filepath"
)

// DeleteAll deletes every profile, listed or not, with its item, and the list: what
// uninstalling the program asks for. Every item under this program's name goes, also
// one that it cannot read. It cannot be undone. It returns how many items there were.
//
// After an error some may be left; they are listed, and deleting again is safe.
func (s *Store) DeleteAll(ctx context.Context) (deleted int, err error) {
	s.mu.Lock()
	s.session = nil
	s.mu.Unlock()
	if s.ring == nil {
		return 0, nil
	}
	err = s.index.exclusive(ctx, func() error {
		names, err := s.names(ctx)
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := s.erase(ctx, name); err != nil {
				return err
			}
			deleted++
		}
		return s.index.remove()
	})
	return deleted, doing("delete every profile", err)
}

// remove removes the file, and those that were set aside. The caller holds the lock.
func (x *index) remove() error {
	aside, err := filepath.Glob(x.path + ".bad-*")
	if err != nil { // the path holds what Glob takes for a pattern
		aside = nil
	}
	for _, path := range append(aside, x.path) {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return indexError("delete the list", err)
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.known = snapshot{}
	return nil
}
