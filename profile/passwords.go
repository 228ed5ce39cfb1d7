package profile

import (
	"context"
	"slices"
	"strings"

	"amarre/authclient"
	"amarre/internal/keyring"
)

// ErasePasswords takes the passwords out of the keyring that may not be kept (see
// Options), and returns how many. It reads every item, because the list may be wrong about
// the passwords after a crash; not again until a password is saved. It stops at the first
// error of the keyring, and leaves items of a newer version of the program.
func (s *Store) ErasePasswords(ctx context.Context) (erased int, err error) {
	if !s.noPasswords {
		return 0, nil
	}
	if list, err := s.index.read(); err == nil && list.noPasswords {
		return erased, nil
	}
	names, err := s.keyring.Names(ctx)
	if err != nil {
		return erased, wrap("erase the passwords", err)
	}
	for _, name := range names {
		if strings.HasPrefix(name, keyring.SelfTestPrefix) {
			continue
		}
		has, err := s.hasPassword(ctx, name)
		if err == nil && has {
			err = s.erasePassword(ctx, name)
		}
		if err != nil {
			return erased, wrap("erase the passwords", err)
		}
		if has {
			erased++
		}
	}
	return erased, wrap("erase the passwords", s.rememberNoPasswords(ctx, names))
}

// rememberNoPasswords notes in the list that the items of names have no password, unless
// another program has made an item meanwhile.
func (s *Store) rememberNoPasswords(ctx context.Context, names []string) error {
	return s.locked(ctx, func() error {
		list, err := s.index.read()
		unread := func(p Profile) bool { return p.HasPassword || !slices.Contains(names, p.ID) }
		if err != nil || list.keyringUnread || list.noPasswords || slices.ContainsFunc(list.profiles, unread) {
			return err
		}
		list.noPasswords = true
		return s.index.write(list)
	})
}

// hasPassword reports whether an item is a profile with a password.
func (s *Store) hasPassword(ctx context.Context, name string) (bool, error) {
	it, err := s.keyring.Get(ctx, name)
	if err != nil {
		if keyring.ClassOf(err) == keyring.ClassMissing { // deleted meanwhile
			err = nil
		}
		return false, err
	}
	p, secrets, err := DecodeItem(it.Text)
	return err == nil && p.ID == name && !secrets.Password.IsZero(), nil
}

// erasePassword takes the password out of an item, as the item is now, and says so in the
// list.
func (s *Store) erasePassword(ctx context.Context, name string) error {
	return s.withLock(ctx, func(ctx context.Context, list listing) error {
		it, err := s.keyring.Get(ctx, name)
		if err != nil {
			return err
		}
		p, secrets, err := DecodeItem(it.Text)
		if err != nil || p.ID != name {
			return err
		}
		secrets.Password, p.HasPassword = authclient.Secret{}, false
		item, err := EncodeItem(p, secrets)
		if err != nil {
			return err
		}
		if _, err := s.keyring.Set(ctx, item, it.Text); err != nil {
			return err
		}
		if listed := list.find(name); listed != nil && listed.HasPassword {
			changed := *listed
			changed.HasPassword = false
			return s.index.write(list.with(changed))
		}
		return nil
	})
}
