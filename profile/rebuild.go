package profile

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"

	"amarre/internal/atomicfile"
	"amarre/internal/keyring"
)

// NeedsRebuild reports whether err, returned by List, calls for [Store.Rebuild]: the
// file is not an index of this version, or there is none.
func NeedsRebuild(err error) bool { return IsBroken(err) || errors.Is(err, errKeyringUnread) }

// IsBroken reports whether err, returned by List, says that the file is not an index of
// this version. Nothing can be listed or saved until [Store.Rebuild].
func IsBroken(err error) bool { return errors.Is(err, errIndexUnreadable) }

// Rebuilt is what Store.Rebuild did.
type Rebuilt struct {
	Aside   string // where the file that could not be read is now; "" if it could
	Found   int    // profiles of the keyring that the list did not have
	Missing int    // profiles of the list that the keyring does not have
	Foreign int    // items under this program's name that it did not write; left alone
}

// Rebuild makes the list agree with the keyring. It adds the profiles that only the
// keyring has, and marks those that the keyring does not have. A
// file that cannot be read is set aside. It reads every item, so it takes a few
// milliseconds a profile.
//
// After an error nothing has changed.
func (s *Store) Rebuild(ctx context.Context) (Rebuilt, error) {
	var done Rebuilt
	err := s.locked(ctx, func() (err error) {
		done, err = s.rebuild(ctx)
		return err
	})
	if err != nil {
		return Rebuilt{Aside: done.Aside}, wrap("rebuild the list", err)
	}
	return done, nil
}

// rebuild is Rebuild for a caller who holds the lock.
func (s *Store) rebuild(ctx context.Context) (done Rebuilt, err error) {
	list, err := s.index.read()
	broken := IsBroken(err)
	if err != nil && !broken {
		return done, err
	}
	names, err := s.keyring.Names(ctx)
	if err != nil {
		return done, err
	}
	profiles := list.profiles
	for i := range profiles {
		profiles[i].Missing = !slices.Contains(names, profiles[i].ID)
		if profiles[i].Missing {
			done.Missing++
		}
	}
	unread := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return list.find(name) != nil })
	if len(unread) > 1 && s.Product() == keyring.KeePassXC {
		s.notice(Notice{WaitForEach, len(unread)})
	}
	for _, name := range names {
		switch {
		case list.find(name) != nil:
			continue
		case strings.HasPrefix(name, keyring.SelfTestPrefix): // of a self-test that was killed
			if err := s.keyring.Delete(ctx, name); err != nil {
				return done, err
			}
			continue
		}
		it, err := s.keyring.Get(ctx, name)
		switch p, _, itemErr := DecodeItem(it.Text); {
		case keyring.ClassOf(err) == keyring.ClassMissing: // deleted since
		case err != nil:
			return done, err
		case itemErr != nil || p.ID != name:
			done.Foreign++
		default:
			p.Place = it.Place
			profiles = append(profiles, p)
			done.Found++
		}
	}
	if _, err := os.Lstat(s.index.path); s.index.path != "" && err != nil && len(profiles) == 0 {
		s.keyringEmpty.Store(true) // a first start leaves no file
		return done, nil
	}
	if broken {
		if done.Aside, err = atomicfile.SetAside(s.index.path); err != nil {
			return done, newError(ClassList, "set the list aside", err)
		}
	}
	return done, s.index.write(listing{profiles: profiles})
}
