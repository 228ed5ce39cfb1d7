package profile

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"

	"amarre/authclient"
	"amarre/internal/keyring"
)

// Options are what a store is made of.
type Options struct {
	Dir                string           // the program's own folder, in which the index file is
	Keyring            keyring.Backend  // keeps the items
	BackgroundTimeout  time.Duration    // 0 means keyring.BackgroundTimeout
	InteractiveTimeout time.Duration    // 0 means keyring.InteractiveTimeout
	Now                func() time.Time // nil means time.Now
	// Notice is called, on any goroutine, when a call waits for somebody; nil for nobody.
	Notice func(Notice)
	// NoPasswords: no password is saved or given out. A password that is in the keyring
	// stays there until [Store.ErasePasswords], or until its profile is saved again.
	NoPasswords bool
}

// Notice tells what a call waits for, so that the user may be told.
type Notice struct {
	Wait  Wait
	Items int // of WaitForEach
}

// Wait is what a call waits for.
type Wait string

const (
	WaitForProgram Wait = "program" // another program changes profiles, or waits for the keyring
	WaitForKeyring Wait = "keyring" // the keyring does not answer yet: it may be asking
	WaitForEach    Wait = "each"    // many items will be read, and the keyring may ask for each
)

// Store keeps profiles. It may be used by several goroutines at once. Every method may
// block on a file or on the keyring. [Open] and [OpenMemory] make one.
//
// Every error has a class (keyring.ClassOf): those of package keyring, of which after
// ClassUnknown alone something may have changed and trying again is safe; ClassList and
// ClassBusy; and those that a method names.
type Store struct {
	index       *index
	keyring     *keyring.Keyring
	session     *Store // profiles for which there is no keyring; nil in that store itself
	now         func() time.Time
	noPasswords bool
	notice      func(Notice) // never nil
	newWatcher  func() (*fsnotify.Watcher, error)
	pollEvery   time.Duration
	// keyringEmpty says that there was no index, and the keyring was read and is empty.
	keyringEmpty atomic.Bool
}

// Entry is a profile with its secrets.
type Entry struct {
	Profile Profile
	Secrets Secrets
}

// EditFunc changes a profile and its secrets as they are kept now. An error gives the
// change up and is returned. It must not call the store.
type EditFunc func(*Profile, *Secrets) error

// Open makes a store on a keyring. Nothing is read yet.
func Open(opts Options) *Store {
	s := open(opts, filepath.Join(opts.Dir, indexName))
	s.session = open(Options{Keyring: keyring.Memory(), Now: opts.Now, NoPasswords: opts.NoPasswords, Notice: opts.Notice}, "")
	return s
}

// OpenMemory makes a store that keeps everything in memory and writes no file.
func OpenMemory() *Store { return open(Options{Keyring: keyring.Memory()}, "") }

func open(opts Options, path string) *Store {
	if opts.Notice == nil {
		opts.Notice = func(Notice) {}
	}
	s := &Store{
		index: newIndex(path),
		keyring: keyring.New(opts.Keyring, keyring.Options{
			Background: opts.BackgroundTimeout, Interactive: opts.InteractiveTimeout,
			Waiting: func() { opts.Notice(Notice{Wait: WaitForKeyring}) },
		}),
		now:         opts.Now,
		noPasswords: opts.NoPasswords,
		notice:      opts.Notice,
		newWatcher:  fsnotify.NewWatcher,
		pollEvery:   pollEvery,
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s
}

// Close ends the store. No method may be called afterwards.
func (s *Store) Close() { s.keyring.Close() }

// Provider returns the name of the process that keeps the keyring, such as
// gnome-keyring-d, and Product the program that it is of; "" if they are not known.
func (s *Store) Provider() string { return s.keyring.Provider() }

// Product: see Provider.
func (s *Store) Product() keyring.Product { return s.keyring.Product() }

// State looks at the keyring without asking the user.
func (s *Store) State(ctx context.Context) keyring.State { return s.keyring.State(ctx) }

// SelfTest tests the keyring: see keyring.Keyring.SelfTest. No other program changes
// items meanwhile.
func (s *Store) SelfTest(ctx context.Context, report func(keyring.SelfTestStep)) error {
	return s.locked(ctx, func() error { return s.keyring.SelfTest(ctx, report) })
}

// List returns the profiles in no order: see [Order]. No secret is read.
//
// An error for which [NeedsRebuild] is true calls for [Store.Rebuild]; what could be
// listed is returned all the same.
func (s *Store) List() ([]Profile, error) {
	list, err := s.index.read()
	if err == nil && list.keyringUnread && !s.keyringEmpty.Load() {
		err = newError(ClassList, "read the list", errKeyringUnread)
	}
	session := s.sessionProfiles()
	kept := slices.DeleteFunc(list.profiles, func(p Profile) bool { // see SaveSession
		return slices.ContainsFunc(session, func(other Profile) bool { return other.ID == p.ID })
	})
	return append(kept, session...), err
}

// Put creates or changes the profile of a credential, and returns it as it was kept:
// read back from the keyring. edit gets the profile and the secrets that are kept, or
// credential and no secrets if there are none.
//
// The errors are those of Edit, but for ClassNotFound. Without a keyring the error is
// ClassUnavailable: [Store.Session] keeps profiles then. After ClassUnknown the profile
// is listed and returned, and its secrets may or may not be in the keyring.
func (s *Store) Put(ctx context.Context, credential Profile, edit EditFunc) (Profile, error) {
	return s.put(ctx, credential, s.dateToday(edit))
}

// put is Put, but edit sets the dates.
func (s *Store) put(ctx context.Context, credential Profile, edit EditFunc) (Profile, error) {
	for _, p := range s.sessionProfiles() {
		if p.SameCredential(credential) {
			return s.editDated(ctx, p.ID, edit)
		}
	}
	return s.edit(ctx, edit, func(list listing) (Entry, string, error) {
		for _, p := range list.profiles {
			if p.SameCredential(credential) {
				it, err := s.item(ctx, p)
				if IsGone(err) {
					err, it.secrets = nil, Secrets{}
				}
				return Entry{p, it.secrets}, it.text, err
			}
		}
		e := Entry{Profile: credential}
		e.Profile.ID = newID(credential)
		return e, "", nil
	})
}

// Edit changes the profile of an ID, and returns it as it was kept. The errors are those
// of Put for what is wrong with the profile (ClassTooBig, ClassInvalid,
// ClassSecretInText, ClassDuplicate), ClassNotFound, ClassMissing, ClassForeign,
// ClassNewer, and that of edit.
func (s *Store) Edit(ctx context.Context, id string, edit EditFunc) (Profile, error) {
	return s.editDated(ctx, id, s.dateToday(edit))
}

// dateToday returns an EditFunc that does what edit does, and sets the dates: what is
// saved is saved now, and what was known of another token is forgotten.
func (s *Store) dateToday(edit EditFunc) EditFunc {
	return func(p *Profile, secrets *Secrets) error {
		token, set, accepted := secrets.Token, p.TokenSet, p.Accepted
		if err := edit(p, secrets); err != nil {
			return err
		}
		p.Saved = s.now().UTC().Truncate(time.Millisecond)
		p.TokenSet, p.Accepted = set, accepted
		if !secrets.Token.Equal(token) {
			p.TokenSet, p.Accepted = p.Saved, time.Time{}
			if !token.IsZero() {
				p.Check, p.Checked = "", time.Time{}
			}
		}
		return nil
	}
}

// editDated is Edit, but edit sets the dates.
func (s *Store) editDated(ctx context.Context, id string, edit EditFunc) (Profile, error) {
	if s.inSession(id) {
		p, err := s.session.editDated(ctx, id, edit)
		if !s.movedFromSession(id, err) {
			p.Session = true
			return p, err
		}
	}
	return s.edit(ctx, edit, func(list listing) (Entry, string, error) {
		p := list.find(id)
		if p == nil {
			return Entry{}, "", notFound(id)
		}
		it, err := s.item(ctx, *p)
		return Entry{*p, it.secrets}, it.text, err
	})
}

// edit changes what find finds in the list and the keyring. find also returns the text of
// the item.
func (s *Store) edit(ctx context.Context, edit EditFunc, find func(listing) (e Entry, text string, err error)) (Profile, error) {
	var edited Profile
	err := s.withLock(ctx, func(ctx context.Context, list listing) error {
		e, before, err := find(list)
		if err != nil {
			return err
		}
		id := e.Profile.ID
		if err := edit(&e.Profile, &e.Secrets); err != nil {
			return err
		}
		e.Profile.ID = id
		edited, err = s.saveItem(ctx, list, e, before)
		return err
	})
	if err != nil && keyring.ClassOf(err) != keyring.ClassUnknown {
		edited = Profile{}
	}
	return edited, wrap("save the profile", err)
}

func notFound(id string) error {
	return newError(ClassNotFound, "find the profile", fmt.Errorf("no profile %q", id))
}

// normalize returns a profile as it is kept, and its item.
func (s *Store) normalize(e Entry) (Profile, keyring.Item, error) {
	p, secrets := e.Profile, e.Secrets
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
	p.Session, p.Missing = false, false
	p = p.dated()
	item, err := EncodeItem(p, secrets)
	return p, item, err
}

// lock keeps other programs, and other calls of this one, from changing the list or an
// item. The wait for it has a limit; the error is ClassBusy then. The caller calls
// [Store.unlock].
func (s *Store) lock(ctx context.Context) (*indexLock, error) {
	ctx, cancel := context.WithTimeout(ctx, s.keyring.Interactive())
	defer cancel()
	notice := time.AfterFunc(noticeAfter, func() { s.notice(Notice{Wait: WaitForProgram}) })
	defer notice.Stop()
	return s.index.lock(ctx)
}

// noticeAfter is how long a call may wait for another program before Options.Notice.
const noticeAfter = 500 * time.Millisecond

// unlock gives the lock up, but not before a write that was abandoned has ended: it could
// still overwrite what another program would save.
func (s *Store) unlock(lock *indexLock) {
	if writing := s.keyring.Writing(); writing != nil {
		go func() {
			<-writing
			lock.unlock()
		}()
		return
	}
	lock.unlock()
}

// locked calls f under the lock. The error is that of lock or f.
func (s *Store) locked(ctx context.Context, f func() error) error {
	lock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer s.unlock(lock)
	return f()
}

// withLock calls f with the list, under the lock. A list that was lost is made again
// first, so that what it held is neither hidden nor saved a second time.
func (s *Store) withLock(ctx context.Context, f func(context.Context, listing) error) error {
	return s.locked(ctx, func() error {
		list, err := s.index.read()
		if err == nil && list.keyringUnread && !s.keyringEmpty.Load() {
			if _, err = s.rebuild(ctx); err == nil || keyring.ClassOf(err) == keyring.ClassUnavailable {
				list, err = s.index.read()
			}
		}
		if err != nil {
			return err
		}
		list.keyringUnread = list.keyringUnread && !s.keyringEmpty.Load()
		if err := f(ctx, list); err != nil {
			return err
		}
		s.keyringEmpty.Store(false) // there is a list from now on
		return nil
	})
}

// saveItem writes the list, then the item, and reads the item back. before is the text that
// the item has, "" if there is none. If the item was not written, the list is restored.
// The caller holds the lock.
func (s *Store) saveItem(ctx context.Context, list listing, e Entry, before string) (Profile, error) {
	return s.save(ctx, list, e, func(item keyring.Item) (string, error) { return s.keyring.Set(ctx, item, before) })
}

// save is saveItem with a function that writes the item and returns its place.
func (s *Store) save(ctx context.Context, list listing, e Entry, set func(keyring.Item) (place string, err error)) (Profile, error) {
	p, item, err := s.normalize(e)
	if err != nil {
		return Profile{}, err
	}
	if old := list.find(p.ID); old == nil || !old.SameCredential(p) {
		if err := unique(list.profiles, p); err != nil {
			return Profile{}, err
		}
	}
	if err := s.index.write(list.with(p)); err != nil {
		return Profile{}, err
	}
	place, err := set(item)
	if err == nil && place != p.Place {
		p.Place = place
		return p, s.index.write(list.with(p))
	}
	if err != nil && keyring.ClassOf(err) != keyring.ClassUnknown {
		if undo := s.index.write(list); undo != nil {
			return Profile{}, undo
		}
	}
	return p, err
}

// insert saves an entry under the ID that it has, now. The error is ClassDuplicate if
// another profile has its credential.
func (s *Store) insert(ctx context.Context, e Entry) (Profile, error) {
	var saved Profile
	e.Profile.Saved = s.now().UTC().Truncate(time.Millisecond)
	err := s.withLock(ctx, func(ctx context.Context, list listing) (err error) {
		if listed := list.find(e.Profile.ID); listed != nil { // left by a call of unknown outcome, and perhaps changed since
			if it, err := s.item(ctx, *listed); err == nil {
				e = e.with(Entry{*listed, it.secrets})
			}
		}
		saved, err = s.save(ctx, list, e, func(item keyring.Item) (string, error) { return s.setAnew(ctx, list, item) })
		return err
	})
	return saved, err
}
