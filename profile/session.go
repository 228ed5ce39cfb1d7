package profile

import (
	"context"
	"errors"
	"slices"
)

// This file is about profiles for which there is no keyring: they are in memory
// until the program ends.

// KeepForSession keeps a new profile until the program ends: the keyring does
// not take it, and the user goes on. The errors are those of Save for what is
// wrong with the profile.
func (s *Store) KeepForSession(p Profile, secrets Secrets) (Profile, error) {
	if p.ID == "" {
		p.ID = newID(p)
	}
	p, _, err := s.ready(p, secrets)
	if err == nil {
		err = s.uniqueInSession(p)
	}
	if err != nil {
		return Profile{}, err
	}
	return s.keep(p, secrets), nil
}

// SaveSession puts the profiles of this session into the keyring, which has
// come. It returns how many; those after an error are still kept for the session.
// One that the keyring has meanwhile stays for the session and stops no other:
// the error is then ErrDuplicate.
func (s *Store) SaveSession(ctx context.Context) (saved int, err error) {
	if s.ring == nil {
		return 0, nil
	}
	var duplicate error
	for _, p := range s.sessionProfiles() {
		k, ok := s.inSession(p.ID)
		if !ok {
			continue
		}
		p, text, err := s.ready(k.Profile, k.Secrets)
		if err == nil {
			err = s.change(ctx, func(list listing) error { return s.commit(ctx, list, p, text) })
		}
		switch {
		case errors.Is(err, ErrDuplicate):
			duplicate = doing("save the profiles of this session", err)
			continue
		case err != nil:
			return saved, doing("save the profiles of this session", err)
		}
		s.forget(p.ID)
		saved++
	}
	return saved, duplicate
}

func (s *Store) sessionProfiles() []Profile {
	s.mu.Lock()
	defer s.mu.Unlock()
	profiles := make([]Profile, len(s.session))
	for i, k := range s.session {
		profiles[i] = k.Profile
	}
	return profiles
}

func (s *Store) inSession(id string) (Entry, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.session {
		if k.Profile.ID == id {
			return k, true
		}
	}
	return Entry{}, false
}

func (s *Store) uniqueInSession(p Profile) error {
	return unique(s.sessionProfiles(), p)
}

// keep puts a profile into memory, in place of the one of its ID.
func (s *Store) keep(p Profile, secrets Secrets) Profile {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Session = true
	for i, k := range s.session {
		if k.Profile.ID == p.ID {
			s.session[i] = Entry{p, secrets}
			return p
		}
	}
	s.session = append(s.session, Entry{p, secrets})
	return p
}

func (s *Store) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session = slices.DeleteFunc(s.session, func(k Entry) bool { return k.Profile.ID == id })
}
