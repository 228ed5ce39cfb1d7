package profile

import (
	"context"
	"errors"
	"slices"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
)

// Deletion is a deleted profile, which [Store.Restore] brings back.
type Deletion struct {
	Profile Profile
	secrets Secrets
	hadItem bool
	foreign authclient.Secret // the text of an item that Amarre has not written
}

// Delete deletes a profile and its item, also if the item is missing or foreign. The
// error is ClassNotFound if there is no such profile.
//
// After ClassUnknown or ClassList the profile is still listed, and its item may be gone.
// If so, the Deletion has the only copy of its secrets: it is not zero, and Restore writes
// the item again.
func (s *Store) Delete(ctx context.Context, id string) (Deletion, error) {
	deleted, unsure, err := s.DeleteMany(ctx, []string{id})
	if len(deleted) == 1 {
		return deleted[0], err
	}
	return unsure, err
}

// DeleteMany is Delete for several profiles, with one change of the list. It stops at the
// first error, which is about ids[len(deleted)]; unsure is that profile if its item may be
// gone. After ClassList all of deleted are still listed.
func (s *Store) DeleteMany(ctx context.Context, ids []string) (deleted []Deletion, unsure Deletion, err error) {
	for len(ids) > 0 && err == nil {
		n := 0
		for n < len(ids) && !s.inSession(ids[n]) {
			n++
		}
		var done []Deletion
		if n > 0 {
			done, unsure, err = s.deleteListed(ctx, ids[:n])
		} else {
			n = 1
			var d Deletion
			if d, err = s.deleteFromSession(ctx, ids[0]); err == nil {
				done = []Deletion{d}
			}
		}
		deleted, ids = append(deleted, done...), ids[n:]
	}
	return deleted, unsure, wrap("delete the profile", err)
}

// deleteFromSession deletes a profile of this session, and what an attempt to save it may
// have left in the keyring.
func (s *Store) deleteFromSession(ctx context.Context, id string) (Deletion, error) {
	deleted, err := s.session.Delete(ctx, id)
	if err == nil {
		err = s.deleteUnsure(ctx, deleted)
	}
	if s.movedFromSession(id, err) {
		return s.Delete(ctx, id)
	}
	deleted.Profile.Session = true
	return deleted, err
}

// deleteListed deletes profiles of the list with their items, one item after another, and
// then changes the list: after a crash it has entries without an item, which are marked.
func (s *Store) deleteListed(ctx context.Context, ids []string) (deleted []Deletion, unsure Deletion, err error) {
	err = s.withLock(ctx, func(ctx context.Context, list listing) error {
		pending, err := s.index.prepare(list.without(ids...)) // while nothing is deleted yet
		if err != nil {
			return err
		}
		var failed error
		for _, id := range ids {
			d, err := s.deleteItem(ctx, list, id)
			if err != nil {
				unsure, failed = d, err
				break
			}
			deleted = append(deleted, d)
		}
		switch {
		case len(deleted) == len(ids):
			return pending.rename()
		case len(deleted) > 0:
			pending.discard()
			return errors.Join(failed, s.index.write(list.without(ids[:len(deleted)]...)))
		default:
			pending.discard()
			return failed
		}
	})
	if len(ids) == 1 && len(deleted) == 1 && err != nil { // the item is gone, and the list could not be written
		return nil, deleted[0], err
	}
	return deleted, unsure, err
}

// deleteUnsure deletes what an attempt to save a profile of this session may have left in
// the keyring. After an error the profile is in the session again.
func (s *Store) deleteUnsure(ctx context.Context, deleted Deletion) error {
	list, err := s.index.read()
	if err != nil || list.find(deleted.Profile.ID) == nil {
		return nil
	}
	if _, err := s.Delete(ctx, deleted.Profile.ID); err != nil && keyring.ClassOf(err) != ClassNotFound {
		_, _ = s.session.Restore(ctx, deleted) // in memory
		return err
	}
	return nil
}

// deleteItem deletes the item of a listed profile. The caller holds the lock. After
// ClassUnknown the Deletion is returned too.
func (s *Store) deleteItem(ctx context.Context, list listing, id string) (Deletion, error) {
	p := list.find(id)
	if p == nil {
		return Deletion{}, notFound(id)
	}
	it, err := s.item(ctx, *p)
	if err != nil && !IsGone(err) {
		return Deletion{}, err
	}
	deleted := Deletion{Profile: *p, secrets: it.secrets, hadItem: err == nil}
	if !deleted.hadItem {
		deleted.foreign = authclient.NewSecret(it.text)
	}
	if err := s.keyring.Delete(ctx, id); err != nil {
		if keyring.ClassOf(err) != keyring.ClassUnknown {
			return Deletion{}, err
		}
		return deleted, err
	}
	return deleted, nil
}

// Restore undoes a deletion, or a part of one that failed. The error is ClassDuplicate if
// the credential has been saved again meanwhile.
func (s *Store) Restore(ctx context.Context, d Deletion) (Profile, error) {
	restored, err := s.RestoreMany(ctx, []Deletion{d})
	if len(restored) == 0 {
		return Profile{}, err
	}
	return restored[0], err
}

// RestoreMany is Restore for several deletions, with two changes of the list. It stops at
// the first error, which is about deletions[len(restored)].
func (s *Store) RestoreMany(ctx context.Context, deletions []Deletion) (restored []Profile, err error) {
	for len(deletions) > 0 && err == nil {
		n := 0
		for n < len(deletions) && !deletions[n].Profile.Session {
			n++
		}
		var done []Profile
		if n > 0 {
			done, err = s.restoreListed(ctx, deletions[:n])
		} else {
			n = 1
			d := deletions[0]
			d.Profile.Session = false
			var p Profile
			if p, err = s.session.Restore(ctx, d); err == nil {
				p.Session = true
				done = []Profile{p}
			}
		}
		restored, deletions = append(restored, done...), deletions[n:]
	}
	return restored, wrap("restore the profile", err)
}

// restoreListed writes the list with the profiles of deletions, and then their items: no
// item is ever unlisted.
func (s *Store) restoreListed(ctx context.Context, deletions []Deletion) (restored []Profile, err error) {
	err = s.withLock(ctx, func(ctx context.Context, list listing) error {
		back := make([]Profile, len(deletions))
		items := make([]keyring.Item, len(deletions))
		for i, d := range deletions {
			if err := unique(list.profiles, d.Profile); err != nil {
				return err
			}
			back[i] = d.Profile
			if listed := list.find(d.Profile.ID); listed != nil {
				switch _, err := s.item(ctx, *listed); {
				case keyring.ClassOf(err) == keyring.ClassMissing:
				case err == nil || IsGone(err): // it was not deleted, and may have changed since
					back[i] = *listed
					continue
				default:
					return err
				}
			}
			switch {
			case !d.foreign.IsZero():
				items[i] = itemOf(d.Profile, d.foreign.Reveal())
			case d.hadItem:
				back[i].Saved = s.now().UTC().Truncate(time.Millisecond)
				if back[i], items[i], err = s.normalize(Entry{back[i], d.secrets}); err != nil {
					return err
				}
			}
		}
		if err := s.index.write(list.with(back...)); err != nil {
			return err
		}
		var failed error
		for i, item := range items {
			if item.Name != "" {
				if back[i].Place, failed = s.setAnew(ctx, list, item); failed != nil {
					break
				}
			}
			restored = append(restored, back[i])
		}
		listed := back[:len(restored)]
		if keyring.ClassOf(failed) == keyring.ClassUnknown {
			listed = back[:len(restored)+1] // its item may be there
		}
		return errors.Join(failed, s.index.write(list.with(listed...)))
	})
	return restored, err
}

// setAnew writes an item that is not there, unless a call of unknown outcome has left it.
func (s *Store) setAnew(ctx context.Context, list listing, item keyring.Item) (place string, err error) {
	var before keyring.Item
	if list.find(item.Name) != nil {
		if before, err = s.keyring.Get(ctx, item.Name); err != nil && keyring.ClassOf(err) != keyring.ClassMissing {
			return "", err
		}
	}
	return s.keyring.Set(ctx, item, before.Text)
}

// DeleteAll deletes every profile with its item, listed or not, and the folder of the list
// with all that is in it: what uninstalling the program asks for. Every item under this
// program's name is deleted, also one that it cannot read. It cannot be undone. It
// returns the number of items.
//
// After an error some items may be left; they are listed, and trying again is safe.
func (s *Store) DeleteAll(ctx context.Context) (deleted int, err error) {
	lock, err := s.lock(ctx)
	if err != nil {
		return 0, wrap("delete every profile", err)
	}
	deleted, err = s.deleteItems(ctx)
	if list, listErr := s.index.read(); keyring.ClassOf(err) == keyring.ClassUnavailable && listErr == nil && len(list.profiles) == 0 {
		err = nil // without a keyring there is nothing in one
	}
	if err != nil {
		s.unlock(lock)
		return deleted, wrap("delete every profile", err)
	}
	err = s.index.removeFolder(lock)
	if err == nil && s.session != nil {
		_, err = s.session.DeleteAll(ctx)
	}
	return deleted, wrap("delete every profile", err)
}

// deleteItems deletes every item; none if one of the list may be in a place that is not
// open. The caller holds the lock.
func (s *Store) deleteItems(ctx context.Context) (deleted int, err error) {
	names, err := s.keyring.Names(ctx)
	if err != nil {
		return 0, err
	}
	list, _ := s.index.read() // one that cannot be read is deleted too
	for _, p := range list.profiles {
		if !slices.Contains(names, p.ID) {
			if _, err := s.item(ctx, p); keyring.ClassOf(err) == ClassClosed {
				return 0, err
			}
		}
	}
	for _, name := range names {
		if err := s.keyring.Delete(ctx, name); err != nil {
			return deleted, err
		}
		deleted++
	}
	return deleted, nil
}
