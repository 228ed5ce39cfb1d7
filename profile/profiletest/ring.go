// Package profiletest is a keyring in memory that misbehaves on request, for
// tests of what stands on a profile.Store.
package profiletest

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	gokeyring "github.com/zalando/go-keyring"

	"amarre/internal/keyring"
	"amarre/profile"
)

// Ring is a keyring in memory. Its fields may be changed between calls, under
// [Ring.Change]. The zero Ring is an empty keyring that works.
type Ring struct {
	// Behind keeps the items in the place of memory. It must not fail.
	Behind keyring.Backend

	mu    sync.Mutex
	items map[string]string
	// places are where items are, by name: in f.Place at the time when they were made.
	places map[string]string
	calls  int

	Faults
}

// Faults are what goes wrong; each error is returned instead of doing the work.
type Faults struct {
	Set, Get, Delete, List error
	// Silent: Set and Delete do nothing and report a success, as a dismissed
	// prompt does.
	Silent bool
	// LateError: Set and Delete do their work and then return this.
	LateError error
	// Panic: the next call panics.
	Panic bool
	// Block: every call waits until this channel is closed.
	Block <-chan struct{}
	// BlockSet: every Set waits until this channel is closed.
	BlockSet <-chan struct{}
	// Before is called before each call does its work, with "set", "get", "delete",
	// "list" or "state", and the item's name.
	Before func(call, name string)
	// Place is the collection of new items, and Closed are those that are not open.
	Place  string
	Closed []string
	// Alter changes the text that Set keeps, as KeePassXC does.
	Alter func(text string) string
	// Limit is the most bytes of an item; 0 means no limit.
	Limit int
	// Is is the state; "" means keyring.Ready.
	Is keyring.State
}

// Change changes how the ring behaves from now on.
func (r *Ring) Change(f Faults) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Faults = f
}

// Items returns a copy of what the keyring holds.
func (r *Ring) Items() map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	items := map[string]string{}
	for _, name := range r.names() {
		items[name], _ = r.get(name)
	}
	return items
}

// Put writes an item behind the store's back.
func (r *Ring) Put(name, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put(name, text)
}

// Calls returns how many calls were made.
func (r *Ring) Calls() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls
}

func (r *Ring) put(name, text string) {
	if r.Behind != nil {
		must(r.Behind.Set(keyring.Item{Name: name, Text: text}))
		return
	}
	if r.items == nil {
		r.items, r.places = map[string]string{}, map[string]string{}
	}
	if _, ok := r.items[name]; !ok {
		r.places[name] = r.Place
	}
	r.items[name] = text
}

func (r *Ring) get(name string) (text string, ok bool) {
	if r.Behind != nil {
		item, err := r.Behind.Get(name)
		if missing(err) {
			return "", false
		}
		must(err)
		return item.Text, true
	}
	text, ok = r.items[name]
	return text, ok
}

func (r *Ring) drop(name string) {
	if r.Behind != nil {
		must(r.Behind.Delete(name))
		return
	}
	delete(r.items, name)
}

func (r *Ring) names() []string {
	if r.Behind != nil {
		names, err := r.Behind.List()
		if !missing(err) {
			must(err)
		}
		return names
	}
	return slices.Collect(maps.Keys(r.items))
}

func missing(err error) bool {
	return errors.Is(err, gokeyring.ErrNotFound) || keyring.ClassOf(err) == keyring.ClassMissing
}

// must panics, because an error of Behind must not pass for one that the test asked for.
func must(err error) {
	if err != nil {
		panic(fmt.Sprint("the keyring behind the test's: ", err))
	}
}

// begin waits and panics as asked, and returns the faults of this call.
func (r *Ring) begin(call, name string) Faults {
	r.mu.Lock()
	r.calls++
	f := r.Faults
	r.Panic = false
	r.mu.Unlock()
	if f.Before != nil {
		f.Before(call, name)
	}
	if f.Block != nil {
		<-f.Block
	}
	if f.Panic {
		panic("the session bus is gone")
	}
	return f
}

// Set implements [keyring.Backend].
func (r *Ring) Set(item keyring.Item) error {
	name, text := item.Name, item.Text
	f := r.begin("set", name)
	if f.BlockSet != nil {
		<-f.BlockSet
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case f.Set != nil:
		return f.Set
	case f.Limit > 0 && len(text) > f.Limit:
		return &keyring.Error{Class: keyring.ClassTooBig, Op: "write the item"}
	case !f.Silent:
		if f.Alter != nil {
			text = f.Alter(text)
		}
		r.put(name, text)
	}
	return f.LateError
}

// Get implements [keyring.Backend].
func (r *Ring) Get(name string) (keyring.Item, error) {
	f := r.begin("get", name)
	r.mu.Lock()
	defer r.mu.Unlock()
	text, ok := r.get(name)
	switch {
	case f.Get != nil:
		return keyring.Item{}, f.Get
	case !ok || slices.Contains(f.Closed, r.places[name]):
		return keyring.Item{}, &keyring.Error{Class: keyring.ClassMissing, Op: "find the item"}
	}
	return keyring.Item{Name: name, Text: text, Place: r.places[name]}, nil
}

// Delete implements [keyring.Backend].
func (r *Ring) Delete(name string) error {
	f := r.begin("delete", name)
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.get(name)
	switch {
	case f.Delete != nil:
		return f.Delete
	case !ok || slices.Contains(f.Closed, r.places[name]):
		return &keyring.Error{Class: keyring.ClassMissing, Op: "find the item"}
	case !f.Silent:
		r.drop(name)
	}
	return f.LateError
}

// List implements [keyring.Backend].
func (r *Ring) List() ([]string, error) {
	f := r.begin("list", "")
	r.mu.Lock()
	defer r.mu.Unlock()
	if f.List != nil {
		return nil, f.List
	}
	names := slices.DeleteFunc(r.names(), func(name string) bool { return slices.Contains(f.Closed, r.places[name]) })
	slices.Sort(names)
	return names, nil
}

// State implements [keyring.Backend].
func (r *Ring) State() keyring.State {
	if f := r.begin("state", ""); f.Is != "" {
		return f.Is
	}
	return keyring.Ready
}

// IsOpen implements [keyring.Backend].
func (r *Ring) IsOpen(place string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !slices.Contains(r.Closed, place)
}

// Provider implements [keyring.Backend].
func (r *Ring) Provider() string { return "" }

// WriteIndex writes a store's index file behind its back.
func WriteIndex(t testing.TB, dir string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "profiles.json"), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Save saves a profile with its secrets, in place of what is kept for its credential.
func Save(t testing.TB, store *profile.Store, p profile.Profile, secrets profile.Secrets) profile.Profile {
	t.Helper()
	saved, err := store.Put(t.Context(), p, func(kept *profile.Profile, s *profile.Secrets) error {
		id := kept.ID
		*kept, *s = p, secrets
		kept.ID = id
		return nil
	})
	if err != nil {
		t.Fatalf("save %s: %v", p.Name, err)
	}
	return saved
}
