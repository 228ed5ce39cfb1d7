package profile

import (
	"context"
	"slices"
	"time"

	"amarre/internal/keyring"
)

// Session returns the store of the profiles that are kept only until the program ends,
// because there is no keyring. They are listed, loaded, edited and deleted through s;
// Put into the session's store adds one.
func (s *Store) Session() *Store { return s.session }

// sessionProfiles returns the profiles of this session.
func (s *Store) sessionProfiles() []Profile {
	if s.session == nil {
		return nil
	}
	list, _ := s.session.index.read() // in memory
	for i := range list.profiles {
		list.profiles[i].Session = true
	}
	return list.profiles
}

// inSession reports whether a profile is one of this session.
func (s *Store) inSession(id string) bool {
	return slices.ContainsFunc(s.sessionProfiles(), func(p Profile) bool { return p.ID == id })
}

// movedFromSession reports whether err, of a call about a profile of this session, says
// that SaveSession has moved the profile into the keyring meanwhile.
func (s *Store) movedFromSession(id string, err error) bool {
	class := keyring.ClassOf(err)
	return (class == ClassNotFound || class == keyring.ClassMissing) && !s.inSession(id)
}

// SaveSession moves the profiles of this session into the keyring, once one is available,
// and returns how many. Those after an error stay in the session, and so does one of which
// it is not known whether the keyring has it. A profile that the keyring has meanwhile
// stays too and stops no other: the error is ClassDuplicate then.
func (s *Store) SaveSession(ctx context.Context) (saved int, err error) {
	var duplicate error
	for _, p := range s.sessionProfiles() {
		switch err := s.saveFromSession(ctx, p.ID); keyring.ClassOf(err) {
		case "":
			if err != nil {
				return saved, wrap("save the profiles of this session", err)
			}
			saved++
		case ClassNotFound: // deleted meanwhile
		case ClassDuplicate:
			duplicate = err
		default:
			return saved, wrap("save the profiles of this session", err)
		}
	}
	return saved, wrap("save the profiles of this session", duplicate)
}

// with returns an entry that loses no token of another of the same profile: the one that was
// set later is the token, and the other one is the previous one.
func (e Entry) with(other Entry) Entry {
	if e.Secrets.Token.Equal(other.Secrets.Token) {
		return e
	}
	at := e.Profile.TokenSet
	if other.Profile.TokenSet.After(at) {
		at = other.Profile.TokenSet
		e.Secrets.Renew(other.Secrets.Token, true, at)
		e.Profile.TokenSet, e.Profile.Accepted = at, other.Profile.Accepted
		e.Profile.Check, e.Profile.Checked = other.Profile.Check, other.Profile.Checked
		return e
	}
	e.Secrets.Previous, e.Secrets.Replaced = other.Secrets.Token, at.UTC().Truncate(time.Second)
	return e
}

// saveFromSession moves one profile. It holds the session's lock, so that no edit of the
// session's profile is lost.
func (s *Store) saveFromSession(ctx context.Context, id string) error {
	return s.session.withLock(ctx, func(ctx context.Context, list listing) error {
		p := list.find(id)
		if p == nil {
			return notFound(id)
		}
		it, err := s.session.item(ctx, *p)
		if err != nil {
			return err
		}
		if _, err := s.insert(ctx, Entry{*p, it.secrets}); err != nil {
			return err
		}
		if _, err := s.session.deleteItem(ctx, list, id); err != nil {
			return err
		}
		return s.session.index.write(list.without(id))
	})
}
