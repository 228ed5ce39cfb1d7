package profile

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"amarre/authclient"
)

const (
	// DefaultSilent limits a keyring call that the user did not ask for.
	DefaultSilent = 3 * time.Second
	// DefaultAsked limits one that the user just asked for: a prompt may be open.
	DefaultAsked = 90 * time.Second
)

// Options are what a store is made of.
type Options struct {
	Dir    string           // the folder of the index file
	Ring   Ring             // the keyring
	Silent time.Duration    // 0 means DefaultSilent
	Asked  time.Duration    // 0 means DefaultAsked
	Now    func() time.Time // nil means time.Now
	// NoPasswords: no password is saved, nor given out. What is in the keyring
	// already stays there until [Store.ErasePasswords], or its profile is saved again.
	NoPasswords bool
}

// Store keeps profiles. It may be used by several goroutines at once; every
// method may block on a file or on the keyring, so none is called from a
// window's goroutine. [Open] and [OpenSession] make one.
//
// Wherever a method names no other, its errors are those of the keyring:
// ErrLocked, ErrNoAnswer, ErrFailed, ErrNotKept, ErrUnavailable, after which nothing has
// changed, and ErrUnknown, after which trying again is safe; and those of the
// list: ErrIndex, ErrBusy, after which nothing has changed.
type Store struct {
	index  *index
	ring   Ring // nil for a store of this session alone
	silent time.Duration
	asked  time.Duration
	now    func() time.Time
	worker worker

	noPasswords bool

	// searched says that there was no index yet, and nothing in the keyring.
	searched atomic.Bool

	mu      sync.Mutex
	session []Entry // profiles for which there is no keyring
}

// Entry is a profile with its secrets.
type Entry struct {
	Profile Profile
	Secrets Secrets
}

// Open makes a store on a keyring. Nothing is read yet.
func Open(opts Options) *Store {
	s := &Store{
		index:  &index{path: filepath.Join(opts.Dir, indexName)},
		ring:   opts.Ring,
		silent: opts.Silent,
		asked:  opts.Asked,
		now:    opts.Now,

		noPasswords: opts.NoPasswords,
	}
	if s.silent == 0 {
		s.silent = DefaultSilent
	}
	if s.asked == 0 {
		s.asked = DefaultAsked
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.worker.patience, s.worker.giveUp = s.silent, s.asked
	return s
}

// OpenSession makes a store that keeps everything in memory until the program
// ends, and touches neither keyring nor disk: demo mode.
func OpenSession() *Store { return Open(Options{}) }

// Close ends the store. No method may be called after it.
func (s *Store) Close() { s.worker.stop() }

// State looks at the keyring without asking the user, for at most the silent
// limit.
func (s *Store) State(ctx context.Context) State {
	if s.ring == nil {
		return None
	}
	state, err := run(ctx, &s.worker, s.silent, ErrNoAnswer, func() (State, error) { return s.ring.State(), nil })
	if err != nil {
		return Unresponsive
	}
	return state
}

// List returns the profiles, in no order: see [Order]. No secret is read.
//
// An error for which [NeedsRebuild] is true calls for [Store.Rebuild]; what could
// be listed is returned all the same.
func (s *Store) List() ([]Profile, error) {
	if s.ring == nil {
		return s.sessionProfiles(), nil
	}
	list, err := s.index.read()
	profiles := append(list.profiles, s.sessionProfiles()...)
	if err == nil && list.unsearched && !s.searched.Load() {
		err = indexError("read the list", errUnsearched)
	}
	return profiles, err
}

// Load reads the secrets of a listed profile: one keyring read. ErrMissing means
// that the keyring no longer has them; it is remembered in the list. ErrForeign
// and ErrNewer mean that what it has is not used.
func (s *Store) Load(ctx context.Context, p Profile) (Secrets, error) {
	if k, ok := s.inSession(p.ID); ok {
		return k.Secrets, nil
	}
	if s.ring == nil {
		return Secrets{}, &storeError{class: ErrNotFound, doing: "open the profile"}
	}
	_, secrets, err := s.item(ctx, p)
	if missing := errors.Is(err, ErrMissing); missing != p.Missing && (missing || err == nil) {
		_ = s.mark(ctx, []string{p.ID}, func(p *Profile) { p.Missing = missing }) // a hint for the list
	}
	return secrets, doing("open the profile", err)
}

// item reads the item of a listed profile. What another program has put in its
// place is ErrForeign.
func (s *Store) item(ctx context.Context, p Profile) (Profile, Secrets, error) {
	text, err := s.get(ctx, p.ID, s.asked)
	if err != nil {
		return Profile{}, Secrets{}, err
	}
	was, secrets, err := Decode(text)
	if err == nil && (was.ID != p.ID || !was.Same(p)) {
		return Profile{}, Secrets{}, &storeError{class: ErrForeign, doing: "read the item"}
	}
	if s.noPasswords {
		secrets.Password = authclient.Secret{}
	}
	return was, secrets, err
}

// get reads the text of an item. An empty one is ErrMissing: that is what is left
// of a new item if gnome-keyring is killed while it makes it.
func (s *Store) get(ctx context.Context, id string, limit time.Duration) (string, error) {
	return run(ctx, &s.worker, limit, ErrNoAnswer, func() (string, error) {
		text, err := s.ring.Get(id)
		if err == nil && text == "" {
			return "", ErrMissing
		}
		return text, classify(err, ErrFailed)
	})
}

// Save keeps a profile, new if its ID is empty, and returns it as it was kept.
// It has been read back from the keyring when Save returns without an error.
// [Store.Edit] changes one that is kept.
//
// Its own errors are ErrTooBig, ErrInvalid, ErrSecretInText and ErrDuplicate,
// after which nothing has changed. After ErrUnknown the profile is listed and is
// returned with its ID, and its secrets may or may not be in the keyring. Where
// there is no keyring the profile is kept for this session, and Session says so.
func (s *Store) Save(ctx context.Context, p Profile, secrets Secrets) (Profile, error) {
	if p.ID == "" {
		p.ID = newID(p)
	}
	p, text, err := s.ready(p, secrets)
	if err != nil {
		return Profile{}, err
	}
	if err := s.uniqueInSession(p); err != nil {
		return Profile{}, err
	}
	if _, ok := s.inSession(p.ID); ok || s.ring == nil {
		return s.keep(p, secrets), nil
	}
	known := false
	err = s.change(ctx, func(list listing) error {
		known = list.find(p.ID) != nil
		return s.commit(ctx, list, p, text)
	})
	switch {
	case errors.Is(err, ErrUnavailable) && !known:
		return s.keep(p, secrets), nil
	case err == nil || errors.Is(err, ErrUnknown):
		return p, doing("save the profile", err)
	}
	return Profile{}, doing("save the profile", err)
}

// Edit changes a profile and its secrets: change gets both as they are kept now,
// which another program may have changed, and may return an error of its own to
// give up. The errors are those of Save, and ErrNotFound, ErrMissing, ErrForeign
// and ErrNewer.
func (s *Store) Edit(ctx context.Context, id string, change func(*Profile, *Secrets) error) (Profile, error) {
	if e, ok := s.inSession(id); ok {
		if err := change(&e.Profile, &e.Secrets); err != nil {
			return Profile{}, err
		}
		return s.Save(ctx, e.Profile, e.Secrets)
	}
	return s.edit(ctx, change, func(list listing) (e Entry, err error) {
		p := list.find(id)
		if p == nil {
			return e, notFound(id)
		}
		_, e.Secrets, err = s.item(ctx, *p)
		e.Profile = *p
		return e, err
	})
}

// Put keeps a credential whether it is saved already or not: change gets the
// profile and the secrets as they are kept now, or credential and no secrets. The
// errors are those of Edit; without a keyring nothing is kept.
func (s *Store) Put(ctx context.Context, credential Profile, change func(*Profile, *Secrets) error) (Profile, error) {
	for _, p := range s.sessionProfiles() {
		if p.Same(credential) {
			return s.Edit(ctx, p.ID, change)
		}
	}
	if s.ring == nil {
		e := Entry{Profile: credential}
		e.Profile.ID = ""
		if err := change(&e.Profile, &e.Secrets); err != nil {
			return Profile{}, err
		}
		return s.Save(ctx, e.Profile, e.Secrets)
	}
	return s.edit(ctx, change, func(list listing) (Entry, error) {
		for _, p := range list.profiles {
			if p.Same(credential) {
				_, secrets, err := s.item(ctx, p)
				if errors.Is(err, ErrMissing) || errors.Is(err, ErrForeign) {
					err = nil
				}
				return Entry{p, secrets}, err
			}
		}
		e := Entry{Profile: credential}
		e.Profile.ID = newID(credential)
		return e, nil
	})
}

// edit changes what find finds in the list and the keyring.
func (s *Store) edit(ctx context.Context, change func(*Profile, *Secrets) error, find func(listing) (Entry, error)) (Profile, error) {
	var edited Profile
	err := s.change(ctx, func(list listing) error {
		e, err := find(list)
		if err != nil {
			return err
		}
		id, token := e.Profile.ID, e.Secrets.Token
		if err := change(&e.Profile, &e.Secrets); err != nil {
			return err
		}
		e.Profile.ID = id
		if !token.IsZero() && !e.Secrets.Token.Equal(token) {
			e.Profile.Check, e.Profile.Checked = "", time.Time{} // it was about the other token
		}
		var text string
		if edited, text, err = s.ready(e.Profile, e.Secrets); err != nil {
			return err
		}
		return s.commit(ctx, list, edited, text)
	})
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Profile{}, doing("change the profile", err)
	}
	return edited, doing("change the profile", err)
}

func notFound(id string) error {
	return &storeError{class: ErrNotFound, doing: "find the profile", cause: fmt.Errorf("no profile %q", id)}
}

// ready returns a profile as it is kept, and the text of its item.
func (s *Store) ready(p Profile, secrets Secrets) (Profile, string, error) {
	p.Name, p.ERP, p.Note = authclient.PlainText(p.Name), authclient.PlainText(p.ERP), authclient.PlainText(p.Note)
	if p.Name == "" {
		p.Name = p.PortCode
	}
	if p.Environment == "" {
		p.Environment = Production
	}
	if s.noPasswords {
		secrets.Password = authclient.Secret{}
	}
	p.HasPassword, p.HasPrevious = !secrets.Password.IsZero(), !secrets.Previous.IsZero()
	p.Saved = s.now().UTC().Truncate(time.Millisecond)
	p.Session, p.Missing = false, false
	text, err := Encode(p, secrets)
	return p, text, err
}

// change calls f while no other program changes the list or an item. A list that
// was lost is made again first, so that what it had is neither hidden nor saved a
// second time.
func (s *Store) change(ctx context.Context, f func(listing) error) error {
	if s.ring == nil {
		return &storeError{class: ErrNotFound, doing: "find the profile"}
	}
	ctx, cancel := context.WithTimeout(ctx, s.asked)
	defer cancel()
	return s.index.locked(ctx, func(list listing) error {
		if list.unsearched && !s.searched.Load() {
			_, err := s.rebuild(ctx)
			if err != nil && !errors.Is(err, ErrUnavailable) {
				return err
			}
			if list, err = s.index.read(); err != nil {
				return err
			}
		}
		list.unsearched = list.unsearched && !s.searched.Load()
		err := f(list)
		if err == nil {
			s.searched.Store(false) // there is a list from now on
		}
		return err
	})
}

// commit writes the list, then the item, and reads the item back; the list is
// put back if the item was not written. The caller holds the lock.
func (s *Store) commit(ctx context.Context, list listing, p Profile, text string) error {
	if old := list.find(p.ID); old == nil || !old.Same(p) {
		if err := unique(list.profiles, p); err != nil {
			return err
		}
	}
	if err := s.index.write(list.with(p)); err != nil {
		return err
	}
	err := s.write(ctx, p.ID, text)
	if err == nil || errors.Is(err, ErrUnknown) {
		return err
	}
	if undo := s.index.write(list); undo != nil {
		return undo
	}
	return err
}

// write puts an item into the keyring and reads it back: a dismissed prompt
// looks like a success, and a call that was cut may be one.
func (s *Store) write(ctx context.Context, id, text string) error {
	_, err := run(ctx, &s.worker, s.asked, ErrUnknown, func() (struct{}, error) {
		return struct{}{}, classify(s.ring.Set(id, text), ErrUnknown)
	})
	if err != nil && !errors.Is(err, ErrUnknown) {
		return err
	}
	back, readErr := s.get(context.WithoutCancel(ctx), id, s.silent)
	switch {
	case readErr == nil && back == text:
		return nil
	case readErr == nil || errors.Is(readErr, ErrMissing):
		if err != nil { // still running: it may yet come
			return err
		}
		return &storeError{class: ErrNotKept, doing: "read the item back"}
	default:
		return &storeError{class: ErrUnknown, doing: "read the item back", cause: errors.Join(err, readErr)}
	}
}

// Removed is a deleted profile, for as long as the deletion can be undone.
type Removed struct {
	Profile Profile
	secrets Secrets
	had     bool // the keyring had its item
}

// Delete deletes a profile and its item. [Store.Restore] undoes it. A profile
// whose item is missing or foreign is deleted as well. ErrNotFound means that
// there is none. After ErrUnknown the profile is still listed.
func (s *Store) Delete(ctx context.Context, id string) (Removed, error) {
	if k, ok := s.inSession(id); ok {
		s.forget(id)
		return Removed{k.Profile, k.Secrets, true}, nil
	}
	var removed Removed
	err := s.change(ctx, func(list listing) error {
		p := list.find(id)
		if p == nil {
			return notFound(id)
		}
		var pending *change
		var pendingErr error
		prepared := make(chan struct{})
		go func() { // while it can still fail, and while the keyring reads
			defer close(prepared)
			pending, pendingErr = s.index.prepare(list.without(id))
		}()
		_, secrets, err := s.item(ctx, *p)
		<-prepared
		if pendingErr != nil {
			return pendingErr
		}
		if err != nil && !errors.Is(err, ErrMissing) && !errors.Is(err, ErrForeign) {
			pending.discard()
			return err
		}
		removed = Removed{Profile: *p, secrets: secrets, had: err == nil}
		if err := s.erase(ctx, id); err != nil {
			pending.discard()
			return err
		}
		return pending.commit()
	})
	if err != nil {
		return Removed{}, doing("delete the profile", err)
	}
	return removed, nil
}

// erase removes an item and makes sure that it is gone.
func (s *Store) erase(ctx context.Context, id string) error {
	_, err := run(ctx, &s.worker, s.asked, ErrUnknown, func() (struct{}, error) {
		return struct{}{}, classify(s.ring.Delete(id), ErrUnknown)
	})
	if err != nil && !errors.Is(err, ErrUnknown) && !errors.Is(err, ErrMissing) {
		return err
	}
	_, readErr := s.get(context.WithoutCancel(ctx), id, s.silent)
	switch {
	case errors.Is(readErr, ErrMissing):
		return nil
	case readErr == nil && err == nil:
		return &storeError{class: ErrNotKept, doing: "look for the item", cause: errors.New("it is still there")}
	default:
		return &storeError{class: ErrUnknown, doing: "look for the item", cause: errors.Join(err, readErr)}
	}
}

// Restore undoes a deletion. Its errors are those of Save.
func (s *Store) Restore(ctx context.Context, r Removed) (Profile, error) {
	switch {
	case r.Profile.Session:
		if err := s.uniqueInSession(r.Profile); err != nil {
			return Profile{}, err
		}
		return s.keep(r.Profile, r.secrets), nil
	case !r.had:
		err := s.change(ctx, func(list listing) error {
			if err := unique(list.profiles, r.Profile); err != nil {
				return err
			}
			return s.index.write(list.with(r.Profile))
		})
		return r.Profile, doing("restore the profile", err)
	default:
		return s.Save(ctx, r.Profile, r.secrets)
	}
}

// SetFavourite puts profiles at the top of the list, or back. The keyring is not
// used.
func (s *Store) SetFavourite(ctx context.Context, ids []string, on bool) error {
	return s.mark(ctx, ids, func(p *Profile) { p.Favourite = on })
}

// SetChecked remembers what the service said of the token of a profile as it was
// listed; not if the profile was saved since, perhaps with another token. The
// keyring is not used.
func (s *Store) SetChecked(ctx context.Context, checked Profile, verdict Verdict, at time.Time) error {
	return s.mark(ctx, []string{checked.ID}, func(p *Profile) {
		if p.Saved.Equal(checked.Saved) {
			p.Check, p.Checked = verdict, at.UTC().Truncate(time.Second)
		}
	})
}

// mark changes what only the list remembers.
func (s *Store) mark(ctx context.Context, ids []string, change func(*Profile)) error {
	s.mu.Lock()
	for i := range s.session {
		if slices.Contains(ids, s.session[i].Profile.ID) {
			change(&s.session[i].Profile)
		}
	}
	s.mu.Unlock()
	if s.ring == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	return s.index.locked(ctx, func(list listing) error {
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
	})
}
