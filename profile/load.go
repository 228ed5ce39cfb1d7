package profile

import (
	"context"
	"errors"

	"amarre/authclient"
	"amarre/internal/keyring"
)

// Load reads the secrets of a listed profile: one keyring read. For ClassMissing and
// ClassForeign see [IsGone]; that an item is missing is remembered in the list.
func (s *Store) Load(ctx context.Context, p Profile) (Secrets, error) {
	if s.inSession(p.ID) {
		secrets, err := s.session.Load(ctx, p)
		if !s.movedFromSession(p.ID, err) {
			return secrets, err
		}
	}
	it, err := s.item(ctx, p)
	missing := keyring.ClassOf(err) == keyring.ClassMissing && !errors.Is(err, ErrMayBeClosed)
	if missing && !p.Missing || err == nil && (p.Missing || p.Place != it.place) {
		s.hint([]string{p.ID}, func(p *Profile) {
			p.Missing = missing
			if err == nil {
				p.Place = it.place
			}
		})
	}
	return it.secrets, wrap("open the profile", err)
}

// kept is a keyring item of a profile.
type kept struct {
	profile Profile
	secrets Secrets
	text    string
	place   string
}

// item reads the item of a listed profile.
func (s *Store) item(ctx context.Context, p Profile) (kept, error) {
	found, err := s.keyring.Get(ctx, p.ID)
	if err != nil {
		return kept{}, s.whereClosed(ctx, p, err)
	}
	it := kept{text: found.Text, place: found.Place}
	it.profile, it.secrets, err = DecodeItem(found.Text)
	if err == nil && (it.profile.ID != p.ID || !it.profile.SameCredential(p)) {
		return kept{text: found.Text}, newError(ClassForeign, "read the item", nil)
	}
	if s.noPasswords {
		it.secrets.Password = authclient.Secret{}
	}
	return it, err
}

// whereClosed returns ClassClosed in place of an error that the item of a profile is
// missing if the place where it was last is not open.
func (s *Store) whereClosed(ctx context.Context, p Profile, err error) error {
	if keyring.ClassOf(err) != keyring.ClassMissing {
		return err
	}
	if list, listErr := s.index.read(); listErr == nil {
		if listed := list.find(p.ID); listed != nil {
			p = *listed // the caller may have read the list before
		}
	}
	product := s.Product()
	switch {
	case p.Place == "" && (product == keyring.KeePassXC || product == keyring.KDE):
		return newError(keyring.ClassMissing, "find the item", ErrMayBeClosed)
	case p.Place == "" || s.keyring.IsOpen(ctx, p.Place):
		return err
	}
	return &keyring.Error{Class: ClassClosed, Op: "find the item", Place: p.Place, Err: err}
}
