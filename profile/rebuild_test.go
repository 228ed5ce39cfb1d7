package profile_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// provided is a keyring that a process provides.
type provided struct {
	*profiletest.Ring
	by string
}

func (p provided) Provider() string { return p.by }

// TestRebuildThatFails changes nothing, and what it could not read is not taken for foreign
// or missing.
func TestRebuildThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		faults func(ring *profiletest.Ring) profiletest.Faults
		want   keyring.Class
	}{
		"an item cannot be read": {func(*profiletest.Ring) profiletest.Faults { return profiletest.Faults{Get: errLocked} }, keyring.ClassLocked},
		"a self-test's item cannot be deleted": {func(ring *profiletest.Ring) profiletest.Faults {
			ring.Put(keyring.SelfTestPrefix+"abc", "text")
			return profiletest.Faults{Delete: errLocked}
		}, keyring.ClassLocked},
	} {
		store, ring, dir := newStore(t)
		saved := mustSave(t, store, sete)
		profiletest.WriteIndex(t, dir, []byte("not a list"))
		ring.Change(c.faults(ring))
		if done, err := store.Rebuild(t.Context()); keyring.ClassOf(err) != c.want || done != (profile.Rebuilt{}) {
			t.Errorf("%s: %+v, %v; want %s", name, done, err, c.want)
		}
		if content, err := os.ReadFile(filepath.Join(dir, "profiles.json")); string(content) != "not a list" || err != nil {
			t.Errorf("%s: the list is changed: %q, %v", name, content, err)
		}
		ring.Change(profiletest.Faults{Place: "Marina"})
		if done, err := store.Rebuild(t.Context()); err != nil || done.Found != 1 || done.Foreign != 0 || len(ring.Items()) != 1 || mustList(t, store)[0] != saved {
			t.Errorf("%s: then %+v, %v; the list is %+v", name, done, err, mustList(t, store))
		}
	}
}

// TestRebuildWhileAnotherProgramDeletes: an item that is gone before it is read is none.
func TestRebuildWhileAnotherProgramDeletes(t *testing.T) {
	store, ring, dir := newStoreInMemory(t)
	ring.Change(profiletest.Faults{Place: "Marina"})
	first := mustSave(t, store, sete)
	p := sete
	p.PortCode = "MTP"
	second := mustSave(t, store, p)
	if err := os.Remove(filepath.Join(dir, "profiles.json")); err != nil {
		t.Fatal(err)
	}
	ring.Change(profiletest.Faults{Before: func(call, name string) {
		if call == "get" {
			ring.Change(profiletest.Faults{})
			for _, each := range []string{first.ID, second.ID} {
				if each != name {
					if err := ring.Delete(each); err != nil {
						t.Error(err)
					}
				}
			}
		}
	}})
	done, err := store.Rebuild(t.Context())
	if err != nil || done.Found != 1 || done.Foreign != 0 || len(mustList(t, store)) != 1 || mustList(t, store)[0].Place != "Marina" {
		t.Errorf("%+v, %v; the list is %+v", done, err, mustList(t, store))
	}
}

// TestRebuildTellsOfTheQuestions that KeePassXC may ask, one for each item that is read.
func TestRebuildTellsOfTheQuestions(t *testing.T) {
	for _, c := range []struct {
		by    string
		items int
		want  []profile.Notice
	}{
		{"keepassxc", 1, nil},
		{"keepassxc", 2, []profile.Notice{{Wait: profile.WaitForEach, Items: 2}}},
		{"gnome-keyring-d", 2, nil},
	} {
		store, ring, dir := newStore(t)
		for _, code := range []string{"AAA", "BBB", "CCC"} {
			p := sete
			p.PortCode = code
			mustSave(t, store, p)
		}
		var listed []profile.Profile
		for i, p := range mustList(t, store) {
			if i >= c.items {
				listed = append(listed, p) // needs no reading
			}
		}
		content, err := profile.EncodeIndex(listed)
		if err != nil {
			t.Fatal(err)
		}
		profiletest.WriteIndex(t, dir, content)
		var told []profile.Notice
		asking := profile.Open(profile.Options{Dir: dir, Keyring: provided{ring, c.by}, Notice: func(n profile.Notice) { told = append(told, n) }})
		calls := ring.Calls()
		if done, err := asking.Rebuild(t.Context()); err != nil || done.Found != c.items || !slices.Equal(told, c.want) {
			t.Errorf("%s, %d items: %+v, %v, told %v; want %v", c.by, c.items, done, err, told, c.want)
		}
		if n := ring.Calls() - calls; n != 2+c.items { // two lists
			t.Errorf("%s: %d calls, want %d", c.by, n, 2+c.items)
		}
	}
}

// TestBrokenListThatCannotBeSetAside stays, with an error.
func TestBrokenListThatCannotBeSetAside(t *testing.T) {
	store, _, dir := newStore(t)
	saved := mustSave(t, store, sete)
	profiletest.WriteIndex(t, dir, []byte("not a list"))
	for n := range 999 {
		if err := os.WriteFile(filepath.Join(dir, "profiles.json.bad-"+strconv.Itoa(n+1)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Rebuild(t.Context()); keyring.ClassOf(err) != profile.ClassList {
		t.Errorf("%v, want ClassList", err)
	}
	if content, err := os.ReadFile(filepath.Join(dir, "profiles.json")); string(content) != "not a list" || err != nil {
		t.Errorf("the list is changed: %q, %v", content, err)
	}
	if err := os.Remove(filepath.Join(dir, "profiles.json.bad-7")); err != nil {
		t.Fatal(err)
	}
	if done, err := store.Rebuild(t.Context()); err != nil || !strings.HasSuffix(done.Aside, ".bad-7") || len(mustList(t, store)) != 1 || mustList(t, store)[0] != saved {
		t.Errorf("%+v, %v", done, err)
	}
}
