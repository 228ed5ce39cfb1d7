package profile

import (
	"context"
	"slices"

	"amarre/internal/keyring"
)

// Deletion is a deleted profile, which [Store.Restore] brings back.
type Deletion struct {
	Profile Profile
	secrets Secrets
	hadItem bool
}

// Delete deletes a profile and its item, also if the item is missing or foreign. The
// error is ClassNotFound if there is no such profile.
//
// After ClassUnknown or ClassList the profile is still listed, and its item may be gone.
// If so, the Deletion has the only copy of its secrets: it is not zero, and Restore writes
// the item again.
func (s *Store) Delete(ctx context.Context, id string) (Deletion, error) {
	if s.inSession(id) {
		deleted, err := s.session.Delete(ctx, id)
		if err == nil {
			err = s.deleteUnsure(ctx, deleted)
		}
		if !s.movedFromSession(id, err) {
			deleted.Profile.Session = true
			return deleted, err
		}
	}
	var deleted Deletion
	err := s.withLock(ctx, func(ctx context.Context, list listing) (err error) {
		deleted, err = s.deleteLocked(ctx, list, id)
		return err
	})
	return deleted, wrap("delete the profile", err)
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

// deleteLocked is Delete for a caller who holds the lock.
func (s *Store) deleteLocked(ctx context.Context, list listing, id string) (Deletion, error) {
	p := list.find(id)
	if p == nil {
		return Deletion{}, notFound(id)
	}
	it, err := s.item(ctx, *p)
	if err != nil && !IsGone(err) {
		return Deletion{}, err
	}
	deleted := Deletion{Profile: *p, secrets: it.secrets, hadItem: err == nil}
	pending, err := s.index.prepare(list.without(id)) // while nothing is deleted yet
	if err != nil {
		return Deletion{}, err
	}
	if err := s.keyring.Delete(ctx, id); err != nil {
		pending.discard()
		if keyring.ClassOf(err) != keyring.ClassUnknown {
			return Deletion{}, err
		}
		return deleted, err
	}
	return deleted, pending.rename()
}

// Restore undoes a deletion, or a part of one that failed. The error is ClassDuplicate if
// the credential has been saved again meanwhile.
func (s *Store) Restore(ctx context.Context, d Deletion) (Profile, error) {
	if d.Profile.Session {
		p, err := s.session.Restore(ctx, Deletion{withoutSession(d.Profile), d.secrets, d.hadItem})
		p.Session = true
		return p, err
	}
	if d.hadItem {
		p, err := s.insert(ctx, Entry{d.Profile, d.secrets})
		return p, wrap("restore the profile", err)
	}
	err := s.withLock(ctx, func(_ context.Context, list listing) error {
		if err := unique(list.profiles, d.Profile); err != nil {
			return err
		}
		return s.index.write(list.with(d.Profile))
	})
	return d.Profile, wrap("restore the profile", err)
}

func withoutSession(p Profile) Profile {
	p.Session = false
	return p
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
	return deleted, err
}
