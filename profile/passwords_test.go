package profile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestNoPasswords: a store that may not keep passwords keeps none, however it comes.
func TestNoPasswords(t *testing.T) {
	store, ring, dir := newStore(t)
	saved := mustSave(t, store, sete) // with its password
	strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
	if secrets, err := strict.Load(t.Context(), saved); err != nil || !secrets.Password.IsZero() || secrets.Token.IsZero() {
		t.Errorf("one that is kept already is given out: %v", err)
	}
	if _, err := strict.Edit(t.Context(), saved.ID, func(p *profile.Profile, _ *profile.Secrets) error { p.Name = "Sète"; return nil }); err != nil {
		t.Fatal(err)
	}
	second := sete
	second.PortCode = "MTP"
	mustSave(t, strict, second)
	third := second
	third.PortCode = "AGD"
	steps, err := strict.PlanImport(t.Context(), []profile.Entry{{Profile: third, Secrets: secrets}})
	if err != nil || len(steps) != 1 {
		t.Fatalf("%d steps, %v", len(steps), err)
	}
	if _, err := strict.Import(t.Context(), steps[0]); err != nil {
		t.Fatal(err)
	}
	list := mustList(t, strict)
	if len(list) != 3 {
		t.Fatalf("the list has %d profiles, want 3", len(list))
	}
	for _, p := range list {
		if p.HasPassword {
			t.Errorf("%s is listed with a password", p.PortCode)
		}
	}
	for name, text := range ring.Items() {
		if strings.Contains(text, canaryPassword) {
			t.Errorf("%s holds the password", name)
		}
	}
}

// TestErasePasswords: those that were kept before they were forbidden go, and nothing
// else does.
func TestErasePasswords(t *testing.T) {
	store, ring, dir := newStore(t)
	mustSave(t, store, sete) // with its password
	foreign := sete
	foreign.PortCode = "MTP"
	foreign = mustSave(t, store, foreign)
	if n, err := store.ErasePasswords(t.Context()); n != 0 || err != nil {
		t.Errorf("a store that may keep passwords erases %d, %v", n, err)
	}
	ring.Put(foreign.ID, "of another program")
	ring.Change(profiletest.Faults{Is: keyring.Locked, Get: &keyring.Error{Class: keyring.ClassLocked}})
	strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
	if n, err := strict.ErasePasswords(t.Context()); n != 0 || keyring.ClassOf(err) != keyring.ClassLocked {
		t.Errorf("in a locked keyring %d are erased, %v", n, err)
	}
	ring.Change(profiletest.Faults{})
	for _, want := range []int{1, 0} {
		if n, err := strict.ErasePasswords(t.Context()); n != want || err != nil {
			t.Errorf("%d passwords are erased, %v; want %d", n, err, want)
		}
	}
	for name, text := range ring.Items() {
		if strings.Contains(text, canaryPassword) {
			t.Errorf("%s holds the password", name)
		}
	}
	if loaded, err := store.Load(t.Context(), mustList(t, store)[0]); err != nil && keyring.ClassOf(err) != profile.ClassForeign || err == nil && loaded.Token.IsZero() {
		t.Errorf("the token is gone: %v", err)
	}
}

// TestErasingStops at the first error, and what it could not erase is erased later.
func TestErasingStops(t *testing.T) {
	for name, c := range map[string]struct {
		faults profiletest.Faults
		want   keyring.Class
	}{
		"not listed":  {profiletest.Faults{List: errLocked}, keyring.ClassLocked},
		"not read":    {profiletest.Faults{Get: errLocked}, keyring.ClassLocked},
		"not written": {profiletest.Faults{Set: errLocked}, keyring.ClassLocked},
		"in silence":  {profiletest.Faults{Silent: true}, keyring.ClassNotKept},
	} {
		store, ring, dir := newStore(t)
		saved := mustSave(t, store, sete)
		strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
		ring.Change(c.faults)
		if n, err := strict.ErasePasswords(t.Context()); n != 0 || keyring.ClassOf(err) != c.want {
			t.Errorf("%s: %d erased, %v; want %s", name, n, err, c.want)
		}
		ring.Change(profiletest.Faults{})
		if !mustList(t, store)[0].HasPassword || !strings.Contains(ring.Items()[saved.ID], canaryPassword) {
			t.Errorf("%s: the password is gone, or not listed", name)
		}
		if n, err := strict.ErasePasswords(t.Context()); n != 1 || err != nil || mustList(t, store)[0].HasPassword {
			t.Errorf("%s: later %d erased, %v", name, n, err)
		}
	}
}

// TestErasingWhileAnotherProgramSaves: what it has saved after it was read is not taken
// for an item without a password.
func TestErasingWhileAnotherProgramSaves(t *testing.T) {
	noPassword := profile.Secrets{Token: secrets.Token}
	for name, change := range map[string]func(*testing.T, *profile.Store, profile.Profile){
		"a new profile": func(t *testing.T, other *profile.Store, p profile.Profile) {
			p.ID, p.PortCode = "", "NEW"
			mustSave(t, other, p)
		},
		"one that was read": func(t *testing.T, other *profile.Store, p profile.Profile) { profiletest.Save(t, other, p, secrets) },
	} {
		store, ring, dir := newStore(t)
		var saved []profile.Profile
		for _, code := range []string{"AAA", "BBB"} {
			p := sete
			p.PortCode = code
			saved = append(saved, profiletest.Save(t, store, p, noPassword))
		}
		strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
		ring.Change(profiletest.Faults{Before: func(call, item string) {
			if call == "get" && item == saved[1].ID {
				ring.Change(profiletest.Faults{})
				change(t, store, saved[0])
			}
		}})
		if n, err := strict.ErasePasswords(t.Context()); n != 0 || err != nil {
			t.Errorf("%s: %d erased, %v", name, n, err)
		}
		if n, err := strict.ErasePasswords(t.Context()); n != 1 || err != nil {
			t.Errorf("%s: then %d erased, %v; want 1", name, n, err)
		}
	}
}

// TestErasingLeavesAloneWhatIsNotAProfile: the item of a self-test, one that is deleted
// meanwhile, and a copy under another name, of which the original loses its password.
func TestErasingLeavesAloneWhatIsNotAProfile(t *testing.T) {
	store, ring, dir := newStore(t)
	saved := mustSave(t, store, sete)
	text := ring.Items()[saved.ID]
	ring.Put("a-copy", text)
	ring.Put("b-going", text)
	ring.Put(keyring.SelfTestPrefix+"abc", "text")
	strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
	ring.Change(profiletest.Faults{Before: func(call, name string) {
		if strings.HasPrefix(name, keyring.SelfTestPrefix) {
			t.Errorf("%s of a self-test's item", call)
		}
		if call == "get" && name == "a-copy" {
			if err := ring.Delete("b-going"); err != nil {
				t.Error(err)
			}
		}
	}})
	if n, err := strict.ErasePasswords(t.Context()); n != 1 || err != nil {
		t.Errorf("%d erased, %v; want 1", n, err)
	}
	if items := ring.Items(); items["a-copy"] != text || len(items) != 3 || strings.Contains(items[saved.ID], canaryPassword) {
		t.Errorf("the copy is changed, or the original has its password, or there are %d items", len(items))
	}
}

// TestErasingWithoutAList leaves it to be made again.
func TestErasingWithoutAList(t *testing.T) {
	for name, content := range map[string]string{"none": "", "broken": "not a list"} {
		store, ring, dir := newStore(t)
		saved := mustSave(t, store, sete)
		if err := os.Remove(filepath.Join(dir, "profiles.json")); err != nil {
			t.Fatal(err)
		}
		if content != "" {
			profiletest.WriteIndex(t, dir, []byte(content))
		}
		strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
		_, err := strict.ErasePasswords(t.Context())
		if _, listErr := store.List(); content != "" && (!profile.IsBroken(err) || !profile.IsBroken(listErr)) {
			t.Errorf("%s: %v, then the list: %v", name, err, listErr)
		}
		done, err := strict.Rebuild(t.Context())
		if err != nil && content != "" || len(mustList(t, strict)) != 1 {
			t.Errorf("%s: rebuild: %+v, %v", name, done, err)
		}
		if content == "" && strings.Contains(ring.Items()[saved.ID], canaryPassword) {
			t.Errorf("%s: the password is still there", name)
		}
	}
}

// TestPasswordIsErasedThoughAnotherProfileHasNone: that the last one that was saved has none
// says nothing of the others.
func TestPasswordIsErasedThoughAnotherProfileHasNone(t *testing.T) {
	store, ring, dir := newStore(t)
	mustSave(t, store, sete)
	p := sete
	p.PortCode = "MTP"
	profiletest.Save(t, store, p, profile.Secrets{Token: secrets.Token})
	strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
	if n, err := strict.ErasePasswords(t.Context()); n != 1 || err != nil {
		t.Errorf("%d erased, %v; want 1", n, err)
	}
}

// TestErasingNothingLeavesTheList: one that is not there is not made, and a broken one is
// told and not replaced.
func TestErasingNothingLeavesTheList(t *testing.T) {
	for _, content := range []string{"", "not a list"} {
		store, ring, dir := newStore(t)
		profiletest.Save(t, store, sete, profile.Secrets{Token: secrets.Token})
		path := filepath.Join(dir, "profiles.json")
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if content != "" {
			profiletest.WriteIndex(t, dir, []byte(content))
		}
		strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
		if n, err := strict.ErasePasswords(t.Context()); n != 0 || profile.IsBroken(err) != (content != "") || content == "" && err != nil {
			t.Errorf("%q: %d erased, %v", content, n, err)
		}
		if got, _ := os.ReadFile(path); string(got) != content {
			t.Errorf("%q: the list is %q", content, got)
		}
	}
}

// TestErasingWhatChangesMeanwhile: an item that cannot be read again is not counted.
func TestErasingWhatChangesMeanwhile(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		get  error
		want keyring.Class
	}{
		"locked":        {"", errLocked, keyring.ClassLocked},
		"deleted":       {"", nil, keyring.ClassMissing},
		"of nobody":     {"not an item", nil, profile.ClassForeign},
		"a newer one's": {"TOKEN\namarre: 3\n", nil, profile.ClassNewer},
	} {
		store, ring, dir := newStore(t)
		saved := mustSave(t, store, sete)
		reads := 0
		ring.Change(profiletest.Faults{Before: func(call, _ string) {
			if call == "get" {
				if reads++; reads == 2 {
					ring.Put(saved.ID, c.text)
					if c.get != nil {
						ring.Change(profiletest.Faults{Get: c.get})
						panic("the session bus is gone") // this read
					}
				}
			}
		}})
		strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
		n, err := strict.ErasePasswords(t.Context())
		want := c.want
		if c.get != nil {
			want = keyring.ClassFailed
		}
		if n != 0 || keyring.ClassOf(err) != want || ring.Items()[saved.ID] != c.text {
			t.Errorf("%s: %d erased, %v; want %s", name, n, err, want)
		}
	}
}
