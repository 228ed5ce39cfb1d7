package profile

import (
	"context"
	"errors"
	"slices"
	"time"
)

// SetFavourite puts profiles at the top of the list, or back. The keyring is not used.
func (s *Store) SetFavourite(ctx context.Context, ids []string, on bool) error {
	return s.mark(ctx, ids, func(p *Profile) { p.Favourite = on })
}

// Checked is what the service said of the token of a profile as it was listed.
type Checked struct {
	Profile Profile
	Verdict Verdict
	At      time.Time
}

// SetChecked remembers what the service said of the token of a profile as it was listed;
// not if the profile was saved since, perhaps with another token. The keyring is not
// used.
func (s *Store) SetChecked(ctx context.Context, checked Profile, verdict Verdict, at time.Time) error {
	return s.SetAllChecked(ctx, []Checked{{checked, verdict, at}})
}

// SetAllChecked is SetChecked for several profiles, and writes the list once.
func (s *Store) SetAllChecked(ctx context.Context, all []Checked) error {
	ids, byID := make([]string, len(all)), map[string]Checked{}
	for i, each := range all {
		ids[i] = each.Profile.ID
		byID[each.Profile.ID] = each
	}
	return s.mark(ctx, ids, func(p *Profile) {
		checked := byID[p.ID]
		if !p.SameRevision(checked.Profile) {
			return
		}
		p.Check, p.Checked = checked.Verdict, checked.At.UTC().Truncate(time.Second)
		if checked.Verdict == Accepted {
			p.Accepted = p.Checked
		}
	})
}

// mark changes what only the list remembers.
func (s *Store) mark(ctx context.Context, ids []string, change func(*Profile)) error {
	var sessionErr error
	if s.session != nil {
		sessionErr = s.session.mark(ctx, ids, change)
	}
	return errors.Join(sessionErr, s.locked(ctx, func() error { return s.markLocked(ids, change) }))
}

// hint is mark for something that nobody waits for: if somebody has the lock, it is left.
func (s *Store) hint(ids []string, change func(*Profile)) {
	lock, err := s.index.tryLock()
	if err != nil {
		return
	}
	defer s.unlock(lock)
	_ = s.markLocked(ids, change)
}

// markLocked is mark for a caller who holds the lock.
func (s *Store) markLocked(ids []string, change func(*Profile)) error {
	list, err := s.index.read()
	if err != nil {
		return err
	}
	changed := false
	for i := range list.profiles {
		if before := list.profiles[i]; slices.Contains(ids, before.ID) {
			change(&list.profiles[i])
			changed = changed || list.profiles[i] != before
		}
	}
	if !changed {
		return nil
	}
	return s.index.write(list)
}
