package profile

import (
	"context"
	"errors"
)

// ErasePasswords takes the passwords out of the keyring that may not be kept (see
// Options), and returns how many. The errors are those of Edit; the first of the
// keyring ends it.
func (s *Store) ErasePasswords(ctx context.Context) (erased int, err error) {
	if !s.noPasswords {
		return 0, nil
	}
	list, err := s.List()
	for _, p := range list {
		if !p.HasPassword {
			continue
		}
		_, err := s.Edit(ctx, p.ID, func(*Profile, *Secrets) error { return nil })
		switch {
		case err == nil:
			erased++
		case !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrMissing) && !errors.Is(err, ErrForeign) && !errors.Is(err, ErrNewer):
			return erased, err
		}
	}
	return erased, err
}
