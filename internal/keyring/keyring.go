// Package keyring reads and writes items of the system keyring: the credential manager
// on Windows, the keychain on macOS, the Secret Service elsewhere.
//
//	k := keyring.New(keyring.System(keyring.SystemOptions{}), keyring.Options{})
//	place, err := k.Set(ctx, keyring.Item{Name: "set-15-k3f9q2", Text: text}) // returns once it is read back
//	item, err := k.Get(ctx, "set-15-k3f9q2")
//	err = k.Delete(ctx, "set-15-k3f9q2")                                      // returns once it is gone
//
// A keyring may ask the user, hang, or panic (docs/keyring.md), so every call runs on
// one worker goroutine with a limit: [InteractiveTimeout] for a call that the user asked
// for, [BackgroundTimeout] for any other. Calls are made one at a time. An error is an
// [*Error]; [ClassOf] tells what went wrong, and its text holds nothing of an item.
//
// The service name of the items, io.github.amarre, stays as it is.
package keyring

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// BackgroundTimeout limits a call that the user did not ask for.
	BackgroundTimeout = 3 * time.Second
	// InteractiveTimeout limits a call that the user asked for: a prompt may be open.
	InteractiveTimeout = 90 * time.Second
)

// Item is what a keyring keeps.
type Item struct {
	Name string // identifies it; made of [a-z0-9._-]
	Text string // the secret
	// Label and Attributes tell people what it is, in a program that shows the keyring.
	// Only the Secret Service keeps them, in clear.
	Label      string
	Attributes map[string]string
	// Place is the collection, database or wallet in which it was found, as people know
	// it; "" where there is only one.
	Place string
}

// Backend is a keyring. A call may block for as long as a prompt is open; a [Keyring] makes
// one at a time. An error may be of any kind; one that is an *Error is kept.
type Backend interface {
	// Set makes an item, or replaces its text where it is.
	Set(Item) error
	// Get returns an item: Name, Text and Place.
	Get(name string) (Item, error)
	// Delete deletes an item, wherever it is and however often.
	Delete(name string) error
	List() ([]string, error)
	// State looks at the keyring without asking the user.
	State() State
	// IsOpen reports whether what is in a place can be found now.
	IsOpen(place string) bool
	// Provider returns the name of the process that keeps the keyring, such as
	// gnome-keyring-d; "" if it is not known.
	Provider() string
}

// noticeAfter is how long a call that the user asked for may wait before Options.Waiting.
const noticeAfter = 500 * time.Millisecond

// Options are the limits of a Keyring.
type Options struct {
	Background  time.Duration // 0 means BackgroundTimeout
	Interactive time.Duration // 0 means InteractiveTimeout
	// Waiting is called, on any goroutine, when a call that the user asked for has no
	// answer after half a second: the keyring may be asking. It may be nil.
	Waiting func()
}

// Keyring calls a Backend. It may be used by several goroutines; every method blocks.
// [New] makes one.
type Keyring struct {
	backend     Backend
	background  time.Duration
	interactive time.Duration
	worker      worker
}

// New makes a Keyring on a backend. Nothing is called yet.
func New(backend Backend, opts Options) *Keyring {
	k := &Keyring{backend: backend, background: opts.Background, interactive: opts.Interactive}
	if k.background == 0 {
		k.background = BackgroundTimeout
	}
	if k.interactive == 0 {
		k.interactive = InteractiveTimeout
	}
	k.worker.busyTimeout, k.worker.abandonAfter, k.worker.waiting = k.background, k.interactive, opts.Waiting
	return k
}

// Close ends the worker. No method may be called afterwards.
func (k *Keyring) Close() { k.worker.stop() }

// Interactive returns the limit of a call that the user asked for.
func (k *Keyring) Interactive() time.Duration { return k.interactive }

// Writing returns a channel that is closed once a write that was abandoned, because its
// context ended or its limit passed, has returned: until then it may change the item.
// Writing returns nil if no such write is under way.
func (k *Keyring) Writing() <-chan struct{} { return k.worker.writing() }

// State looks at the keyring without asking the user, within the background limit.
func (k *Keyring) State(ctx context.Context) State {
	state, err := run(ctx, &k.worker, k.background, ClassNoAnswer, func() (State, error) { return k.backend.State(), nil })
	if err != nil {
		return Unresponsive
	}
	return state
}

// Get returns an item; the error is ClassMissing if there is none.
func (k *Keyring) Get(ctx context.Context, name string) (Item, error) {
	return k.get(ctx, name, k.interactive)
}

// IsOpen reports whether what is in a place can be found now; false if it is not known.
func (k *Keyring) IsOpen(ctx context.Context, place string) bool {
	open, _ := run(ctx, &k.worker, k.background, ClassNoAnswer, func() (bool, error) { return k.backend.IsOpen(place), nil })
	return open
}

// Provider returns the name of the process that keeps the keyring; "" if it is not known.
func (k *Keyring) Provider() string { return k.backend.Provider() }

// Product returns the program that keeps the keyring; "" if it is none of those that
// are known.
func (k *Keyring) Product() Product {
	for prefix, product := range map[string]Product{gnomeKeyring: GNOME, kwallet: KDE, keePassXC: KeePassXC} {
		if strings.HasPrefix(k.backend.Provider(), prefix) {
			return product
		}
	}
	return ""
}

// get takes an empty item for a missing one: gnome-keyring leaves one when it is killed
// while it makes an item.
func (k *Keyring) get(ctx context.Context, name string, limit time.Duration) (Item, error) {
	return run(ctx, &k.worker, limit, ClassNoAnswer, func() (Item, error) {
		item, err := k.backend.Get(name)
		if err == nil && item.Text == "" {
			err = &Error{Class: ClassMissing, Op: "read the item"}
		}
		return item, classify(err, ClassFailed)
	})
}

// set writes an item. A nil error proves nothing: a dismissed prompt returns one.
func (k *Keyring) set(ctx context.Context, item Item) error {
	_, err := run(ctx, &k.worker, k.interactive, ClassUnknown, func() (struct{}, error) {
		return struct{}{}, classify(k.backend.Set(item), ClassUnknown)
	})
	return err
}

// Set writes an item and reads it back, and returns the place in which it is. before is the
// text that it replaces; "" if there is none. The error is ClassNotKept if the keyring
// reported a success and did nothing, ClassAltered if it gave back another text, which is
// undone, and ClassUnknown if the item may or may not have been written; after any other
// nothing has changed.
func (k *Keyring) Set(ctx context.Context, item Item, before string) (place string, err error) {
	err = k.set(ctx, item)
	if err != nil && ClassOf(err) != ClassUnknown {
		return "", err
	}
	back, readErr := k.get(context.WithoutCancel(ctx), item.Name, k.background)
	switch {
	case readErr == nil && back.Text == item.Text:
		return back.Place, nil
	case readErr != nil && ClassOf(readErr) != ClassMissing:
		return "", &Error{Class: ClassUnknown, Op: "read the item back", Err: errors.Join(err, readErr)}
	case err != nil: // the call is still running and may yet write
		return "", err
	case back.Text == before:
		return "", &Error{Class: ClassNotKept, Op: "read the item back"}
	}
	item.Text = before
	if undo := k.restore(context.WithoutCancel(ctx), item); undo != nil {
		return "", &Error{Class: ClassUnknown, Op: "undo an item that was altered", Err: undo}
	}
	return "", &Error{Class: ClassAltered, Op: "read the item back"}
}

// restore writes the text that an item had before, or deletes an item that was not there.
func (k *Keyring) restore(ctx context.Context, item Item) error {
	if item.Text == "" {
		return k.Delete(ctx, item.Name)
	}
	return k.set(ctx, item)
}

// Delete deletes an item and looks whether it is gone. An item that is missing is no
// error. The errors are those of Set.
func (k *Keyring) Delete(ctx context.Context, name string) error {
	_, err := run(ctx, &k.worker, k.interactive, ClassUnknown, func() (struct{}, error) {
		return struct{}{}, classify(k.backend.Delete(name), ClassUnknown)
	})
	if class := ClassOf(err); err != nil && class != ClassUnknown && class != ClassMissing {
		return err
	}
	_, readErr := k.get(context.WithoutCancel(ctx), name, k.background)
	switch {
	case ClassOf(readErr) == ClassMissing, err == nil && ClassOf(readErr) == ClassLocked: // something else is locked
		return nil
	case readErr == nil && err == nil:
		return &Error{Class: ClassNotKept, Op: "look for the item", Err: errors.New("it is still there")}
	default:
		return &Error{Class: ClassUnknown, Op: "look for the item", Err: errors.Join(err, readErr)}
	}
}

// maxLists limits how often the keyring is listed until two lists agree.
const maxLists = 4

// Names returns the sorted names of all items. It lists the keyring until two lists in a
// row agree, because a keyring that dies returns a part and no error (docs/keyring.md).
func (k *Keyring) Names(ctx context.Context) ([]string, error) {
	var before []string
	for try := range maxLists {
		names, err := run(ctx, &k.worker, k.interactive, ClassNoAnswer, func() ([]string, error) {
			names, err := k.backend.List()
			return names, classify(err, ClassFailed)
		})
		if err != nil && ClassOf(err) != ClassMissing {
			return nil, err
		}
		slices.Sort(names)
		if try > 0 && slices.Equal(names, before) {
			return names, nil
		}
		before = names
	}
	return nil, &Error{Class: ClassFailed, Op: "list the keyring", Err: fmt.Errorf("%d lists differ", maxLists)}
}
