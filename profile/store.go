package profile

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"amarre/internal/atomicfile"
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
}

// Store keeps profiles. It may be used by several goroutines at once; every
// method may block on a file or on the keyring, so none is called from a
// window's goroutine. [Open] and [OpenSession] make one.
type Store struct {
	index  index
	ring   Ring // nil for a store of this session alone
	silent time.Duration
	asked  time.Duration
	now    func() time.Time
	worker worker

	mu      sync.Mutex
	session []kept // profiles for which there is no keyring
}

// kept is a profile in memory.
type kept struct {
	profile Profile
	secrets Secrets
}

// Open makes a store on a keyring. Nothing is read yet.
func Open(opts Options) *Store {
	s := &Store{
		index:  index{path: filepath.Join(opts.Dir, indexName)},
		ring:   opts.Ring,
		silent: opts.Silent,
		asked:  opts.Asked,
		now:    opts.Now,
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
	return s
}

// OpenSession makes a store that keeps everything in memory until the program
// ends, and touches neither keyring nor disk: demo mode.
func OpenSession() *Store { return Open(Options{}) }

// Close ends the store. No method may be called after it.
func (s *Store) Close() { s.worker.stop() }

// State looks at the keyring without asking the user, for at most the silent
// limit. A keyring that does not answer is Locked: it may be waiting.
func (s *Store) State(ctx context.Context) State {
	if s.ring == nil {
		return Absent
	}
	state, err := run(ctx, &s.worker, s.silent, ErrLocked, func() (State, error) { return s.ring.State(), nil })
	if err != nil {
		return Locked
	}
	return state
}

// List returns the profiles by name. No secret is read.
//
// ErrIndex with a file that is not an index calls for [Store.Repair].
func (s *Store) List() ([]Profile, error) {
	var profiles []Profile
	var err error
	if s.ring != nil {
		profiles, err = s.index.read()
	}
	s.mu.Lock()
	for _, k := range s.session {
		profiles = append(profiles, k.profile)
	}
	s.mu.Unlock()
	sortByName(profiles)
	return profiles, err
}

// sortByName sorts as people do: without case and accents.
func sortByName(profiles []Profile) {
	folded := make(map[string]string, len(profiles)) // folding is slow
	for _, p := range profiles {
		folded[p.ID] = Fold(p.Name)
	}
	slices.SortFunc(profiles, func(a, b Profile) int {
		if c := strings.Compare(folded[a.ID], folded[b.ID]); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}

// NeedsRepair reports whether err, returned by List, is about a file that is not
// an index. The list is empty until [Store.Repair] has made it again.
func NeedsRepair(err error) bool { return errors.Is(err, errIndexUnreadable) }

// Repair keeps an index file that cannot be read aside and makes a new one from
// the keyring. It returns where the old one is and how many profiles were found.
// If the keyring cannot be read nothing has changed, and the error has its class.
func (s *Store) Repair(ctx context.Context) (aside string, found int, err error) {
	var profiles []Profile
	names, err := run(ctx, &s.worker, s.asked, ErrLocked, func() ([]string, error) {
		names, err := s.ring.List()
		return names, classify(err, ErrLocked)
	})
	if err != nil {
		return "", 0, doing("rebuild the list", err)
	}
	for _, name := range names {
		p, _, itemErr := s.item(ctx, name, s.asked)
		if itemErr != nil && !errors.Is(itemErr, ErrNotFound) {
			return "", 0, doing("rebuild the list", itemErr)
		}
		if itemErr == nil && p.ID == name && unique(profiles, p) == nil {
			profiles = append(profiles, p)
		}
	}
	fileErr := s.index.locked(func() error {
		if _, err := s.index.read(); !NeedsRepair(err) {
			return err // another program was quicker
		}
		var err error
		if aside, err = atomicfile.SetAside(s.index.path); err != nil {
			return indexError("set the list aside", err)
		}
		return s.index.write(profiles)
	})
	if fileErr != nil {
		return aside, 0, fileErr
	}
	return aside, len(profiles), nil
}

// Load reads the secrets of a profile: one keyring read. ErrNotFound means that
// the keyring no longer has them.
func (s *Store) Load(ctx context.Context, id string) (Secrets, error) {
	if k, ok := s.inSession(id); ok {
		return k.secrets, nil
	}
	if s.ring == nil {
		return Secrets{}, &storeError{class: ErrNotFound, doing: "open the profile"}
	}
	p, secrets, err := s.item(ctx, id, s.asked)
	if err == nil && p.ID != id {
		err = ErrNotFound // an item under a foreign name
	}
	return secrets, doing("open the profile", err)
}

// item reads and decodes one item.
func (s *Store) item(ctx context.Context, id string, limit time.Duration) (Profile, Secrets, error) {
	text, err := s.get(ctx, id, limit)
	if err != nil {
		return Profile{}, Secrets{}, err
	}
	return decodeItem(text)
}

func (s *Store) get(ctx context.Context, id string, limit time.Duration) (string, error) {
	return run(ctx, &s.worker, limit, ErrLocked, func() (string, error) {
		text, err := s.ring.Get(id)
		return text, classify(err, ErrLocked)
	})
}

// Save keeps a profile, new if its ID is empty, and returns it as it was kept.
// It has been read back from the keyring when Save returns without an error.
//
// ErrTooBig, ErrDuplicate, ErrIndex, ErrLocked: nothing has changed. ErrUnknown:
// the profile is listed, and its secrets may or may not be in the keyring;
// saving again is safe. Where there is no keyring the profile is kept for this
// session, and Session says so.
func (s *Store) Save(ctx context.Context, p Profile, secrets Secrets) (Profile, error) {
	if p.ID == "" {
		p.ID = newID(p)
	}
	p.HasPassword = !secrets.Password.IsZero()
	p.Saved = s.now().UTC().Truncate(time.Second)
	p.Session = false
	text, err := encodeItem(p, secrets)
	if err != nil {
		return Profile{}, err
	}
	if err := s.uniqueInSession(p); err != nil {
		return Profile{}, err
	}
	if _, ok := s.inSession(p.ID); ok || s.ring == nil {
		return s.keep(p, secrets), nil
	}
	previous, err := s.index.put(p)
	if err != nil {
		return Profile{}, err
	}
	err = s.write(ctx, p.ID, text)
	if err == nil {
		return p, nil
	}
	if errors.Is(err, ErrUnknown) {
		return p, doing("save the profile", err)
	}
	if undo := s.index.restore(p.ID, previous); undo != nil {
		return Profile{}, undo
	}
	if errors.Is(err, ErrUnavailable) && previous == nil {
		return s.keep(p, secrets), nil
	}
	return Profile{}, doing("save the profile", err)
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
	case readErr == nil || errors.Is(readErr, ErrNotFound):
		if err != nil { // still running: it may yet come
			return err
		}
		return &storeError{class: ErrLocked, doing: "read the item back", cause: errors.New("it was not written")}
	default:
		return &storeError{class: ErrUnknown, doing: "read the item back", cause: readErr}
	}
}

// Removed is a deleted profile, for as long as the deletion can be undone.
type Removed struct {
	Profile Profile
	secrets Secrets
	had     bool // the keyring had its item
}

// Delete deletes a profile and its item. [Store.Restore] undoes it.
//
// ErrLocked, ErrUnavailable: nothing has changed. ErrUnknown: the profile is
// still listed; deleting again is safe.
func (s *Store) Delete(ctx context.Context, id string) (Removed, error) {
	if k, ok := s.inSession(id); ok {
		s.forget(id)
		return Removed{k.profile, k.secrets, true}, nil
	}
	p, err := s.listed(id)
	if err != nil {
		return Removed{}, err
	}
	_, secrets, err := s.item(ctx, id, s.asked)
	removed := Removed{Profile: p, secrets: secrets, had: err == nil}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Removed{}, doing("delete the profile", err)
	}
	if err := s.erase(ctx, id); err != nil {
		return Removed{}, doing("delete the profile", err)
	}
	if err := s.index.remove(id); err != nil {
		return Removed{}, err
	}
	return removed, nil
}

// erase removes an item and makes sure that it is gone.
func (s *Store) erase(ctx context.Context, id string) error {
	_, err := run(ctx, &s.worker, s.asked, ErrUnknown, func() (struct{}, error) {
		return struct{}{}, classify(s.ring.Delete(id), ErrUnknown)
	})
	if err != nil && !errors.Is(err, ErrUnknown) && !errors.Is(err, ErrNotFound) {
		return err
	}
	_, readErr := s.get(context.WithoutCancel(ctx), id, s.silent)
	switch {
	case errors.Is(readErr, ErrNotFound):
		return nil
	case readErr == nil && err == nil:
		return &storeError{class: ErrLocked, doing: "look for the item", cause: errors.New("it is still there")}
	default:
		return &storeError{class: ErrUnknown, doing: "look for the item", cause: readErr}
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
		_, err := s.index.put(r.Profile)
		return r.Profile, err
	default:
		return s.Save(ctx, r.Profile, r.secrets)
	}
}

// listed returns the profile of an ID from the index.
func (s *Store) listed(id string) (Profile, error) {
	if s.ring == nil {
		return Profile{}, &storeError{class: ErrNotFound, doing: "find the profile"}
	}
	profiles, err := s.index.read()
	if err != nil {
		return Profile{}, err
	}
	for _, p := range profiles {
		if p.ID == id {
			return p, nil
		}
	}
	return Profile{}, &storeError{class: ErrNotFound, doing: "find the profile", cause: fmt.Errorf("no profile %q", id)}
}

func (s *Store) inSession(id string) (kept, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.session {
		if k.profile.ID == id {
			return k, true
		}
	}
	return kept{}, false
}

func (s *Store) uniqueInSession(p Profile) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.session {
		if err := unique([]Profile{k.profile}, p); err != nil {
			return err
		}
	}
	return nil
}

// keep puts a profile into memory, in place of the one of its ID.
func (s *Store) keep(p Profile, secrets Secrets) Profile {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Session = true
	for i, k := range s.session {
		if k.profile.ID == p.ID {
			s.session[i] = kept{p, secrets}
			return p
		}
	}
	s.session = append(s.session, kept{p, secrets})
	return p
}

func (s *Store) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session = slices.DeleteFunc(s.session, func(k kept) bool { return k.profile.ID == id })
}
