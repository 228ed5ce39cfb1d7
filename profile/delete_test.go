package profile_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

var errNoService = dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}

// files returns the names of what is in the folder of a list.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// block puts a folder in the place of the list, so that it cannot be replaced, and returns
// what puts the list back.
func block(t *testing.T, dir string) (unblock func()) {
	t.Helper()
	index := filepath.Join(dir, "profiles.json")
	content, err := os.ReadFile(index)
	if err = errors.Join(err, os.Remove(index), os.MkdirAll(filepath.Join(index, "x"), 0o700)); err != nil {
		t.Error(err)
	}
	return func() {
		if err := errors.Join(os.RemoveAll(index), os.WriteFile(index, content, 0o600)); err != nil {
			t.Error(err)
		}
	}
}

func TestUnknownProfile(t *testing.T) {
	store, ring, _ := newStore(t)
	_, deleteErr := store.Delete(t.Context(), "set-15-nobody")
	_, editErr := store.Edit(t.Context(), "set-15-nobody", renew("TOKEN"))
	for what, err := range map[string]error{"delete": deleteErr, "edit": editErr} {
		if keyring.ClassOf(err) != profile.ClassNotFound {
			t.Errorf("%s: %v, want ClassNotFound", what, err)
		}
	}
	if len(ring.Items()) != 0 || len(mustList(t, store)) != 0 {
		t.Error("something was written")
	}
}

// TestFailedDeletionLeavesNoFile beside the list, and the others are still deleted later.
func TestFailedDeletionLeavesNoFile(t *testing.T) {
	for _, failing := range []int{1, 2} {
		store, ring, dir := newStore(t)
		var ids []string
		for _, code := range []string{"AAA", "BBB"} {
			p := sete
			p.PortCode = code
			ids = append(ids, mustSave(t, store, p).ID)
		}
		ring.Change(profiletest.Faults{Before: func(call, name string) {
			if call == "delete" && name == ids[failing-1] {
				ring.Change(profiletest.Faults{Delete: errLocked})
				panic("the session bus is gone") // an unknown outcome
			}
		}})
		deleted, unsure, err := store.DeleteMany(t.Context(), ids)
		if keyring.ClassOf(err) != keyring.ClassUnknown || len(deleted) != failing-1 || unsure.Profile.ID != ids[failing-1] {
			t.Errorf("%d deleted, unsure of %q, %v", len(deleted), unsure.Profile.ID, err)
		}
		if got := files(t, dir); !slices.Equal(got, []string{"profiles.json", "profiles.json.lock"}) {
			t.Errorf("the folder has %q", got)
		}
		if list := mustList(t, store); len(list) != 3-failing || len(ring.Items()) != 3-failing {
			t.Errorf("the list has %d profiles, the keyring %d items; want %d", len(list), len(ring.Items()), 3-failing)
		}
	}
}

// TestDeletionOfOneThatIsStillListed: its item is gone, and it is said to be unsure, not
// deleted.
func TestDeletionOfOneThatIsStillListed(t *testing.T) {
	store, ring, dir := newStore(t)
	saved := mustSave(t, store, sete)
	var unblock func()
	ring.Change(profiletest.Faults{Before: func(call, _ string) {
		if call == "delete" {
			unblock = block(t, dir)
		}
	}})
	deleted, unsure, err := store.DeleteMany(t.Context(), []string{saved.ID})
	ring.Change(profiletest.Faults{})
	unblock()
	if keyring.ClassOf(err) != profile.ClassList || len(deleted) != 0 || unsure.Profile.ID != saved.ID {
		t.Fatalf("%d deleted, unsure of %q, %v", len(deleted), unsure.Profile.ID, err)
	}
	mustRestore(t, store, unsure)
}

// TestDeletionStopsBeforeTheSession at an error, and restoring too.
func TestDeletionStopsBeforeTheSession(t *testing.T) {
	store, ring, _ := newStore(t)
	kept := mustSave(t, store, sete)
	p := sete
	p.PortCode = "MTP"
	session := profiletest.Save(t, store.Session(), p, secrets)
	ids := []string{kept.ID, session.ID}
	ring.Change(profiletest.Faults{Delete: errLocked})
	if deleted, _, err := store.DeleteMany(t.Context(), ids); keyring.ClassOf(err) != keyring.ClassLocked || len(deleted) != 0 || len(mustList(t, store)) != 2 {
		t.Errorf("%d deleted, %v; %d profiles", len(deleted), err, len(mustList(t, store)))
	}
	ring.Change(profiletest.Faults{})
	deleted, _, err := store.DeleteMany(t.Context(), ids)
	if err != nil || len(deleted) != 2 || len(mustList(t, store)) != 0 {
		t.Fatalf("%d deleted, %v; %d profiles", len(deleted), err, len(mustList(t, store)))
	}
	ring.Change(profiletest.Faults{Set: errLocked})
	if restored, err := store.RestoreMany(t.Context(), deleted); keyring.ClassOf(err) != keyring.ClassLocked || len(restored) != 0 || len(mustList(t, store)) != 0 {
		t.Errorf("%d restored, %v; %d profiles", len(restored), err, len(mustList(t, store)))
	}
	ring.Change(profiletest.Faults{})
	for range 2 { // the second time they are there
		restored, err := store.RestoreMany(t.Context(), deleted)
		if n := len(mustList(t, store)); n != 2 || (err == nil) != (len(restored) == 2) || err != nil && keyring.ClassOf(err) != profile.ClassDuplicate && keyring.ClassOf(err) != keyring.ClassNotKept {
			t.Errorf("%d restored, %v; %d profiles", len(restored), err, n)
		}
	}
}

// TestSessionProfileThatCannotBeDeleted: an attempt to save it may have left an item, which
// cannot be deleted now. So the profile stays in the session.
func TestSessionProfileThatCannotBeDeleted(t *testing.T) {
	store, ring, _ := newStore(t)
	kept := profiletest.Save(t, store.Session(), sete, secrets)
	ring.Change(profiletest.Faults{LateError: errNoReply, Get: errNoReply})
	if _, err := store.SaveSession(t.Context()); keyring.ClassOf(err) != keyring.ClassUnknown {
		t.Fatalf("save: %v, want ClassUnknown", err)
	}
	ring.Change(profiletest.Faults{Delete: errLocked})
	if deleted, _, err := store.DeleteMany(t.Context(), []string{kept.ID}); keyring.ClassOf(err) != keyring.ClassLocked || len(deleted) != 0 {
		t.Errorf("%d deleted, %v; want ClassLocked", len(deleted), err)
	}
	if list := mustList(t, store); len(list) != 1 || !list[0].Session || len(ring.Items()) != 1 {
		t.Errorf("the list is %+v, the keyring has %d items", list, len(ring.Items()))
	}
	if got, err := store.Load(t.Context(), mustList(t, store)[0]); err != nil || !got.Token.Equal(secrets.Token) {
		t.Errorf("its secrets are gone: %v", err)
	}
}

// TestDeleteDuringSaveSession: a profile that is being moved into the keyring is deleted
// there.
func TestDeleteDuringSaveSession(t *testing.T) {
	store, ring, _ := newStore(t)
	kept := profiletest.Save(t, store.Session(), sete, secrets)
	reached, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	ring.Change(profiletest.Faults{Before: func(call, _ string) {
		if call == "set" {
			once.Do(func() { close(reached); <-goOn })
		}
	}})
	var all sync.WaitGroup
	all.Go(func() {
		if n, err := store.SaveSession(t.Context()); n != 1 || err != nil {
			t.Errorf("%d saved, %v", n, err)
		}
	})
	<-reached
	all.Go(func() {
		if _, err := store.Delete(t.Context(), kept.ID); err != nil {
			t.Errorf("delete: %v", err)
		}
	})
	close(goOn)
	all.Wait()
	if list := mustList(t, store); len(list) != 0 || len(ring.Items()) != 0 {
		t.Errorf("the list is %+v, the keyring has %d items; want none", list, len(ring.Items()))
	}
}

// TestRestore: what is restored is saved now, and what cannot be is not.
func TestRestore(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	dir, ring := t.TempDir(), &profiletest.Ring{}
	store := profile.Open(profile.Options{Dir: dir, Keyring: ring, Now: func() time.Time { return now }})
	saved := profiletest.Save(t, store, sete, secrets)
	deleted, err := store.Delete(t.Context(), saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	unblock := block(t, dir)
	if _, err := store.Restore(t.Context(), deleted); keyring.ClassOf(err) != profile.ClassList || len(ring.Items()) != 0 {
		t.Errorf("without a list: %v, %d items; want ClassList and none", err, len(ring.Items()))
	}
	unblock()
	now = now.Add(time.Hour)
	back, err := store.Restore(t.Context(), deleted)
	if err != nil || !back.Saved.Equal(now) || !back.TokenSet.Equal(saved.TokenSet) {
		t.Errorf("restored as %+v, %v; want it saved at %v", back, err, now)
	}
	other := saved
	if deleted, err = store.Delete(t.Context(), saved.ID); err != nil {
		t.Fatal(err)
	}
	other.ID = ""
	profiletest.Save(t, store, other, secrets)
	if back, err := store.Restore(t.Context(), deleted); keyring.ClassOf(err) != profile.ClassDuplicate || back.ID != "" || len(ring.Items()) != 1 {
		t.Errorf("its credential is saved again: %+v, %v, %d items", back, err, len(ring.Items()))
	}
}

// TestRestoreOfUnknownOutcome: the item may be there, so the profile is listed, and
// restoring it again is safe.
func TestRestoreOfUnknownOutcome(t *testing.T) {
	for name, faults := range map[string]profiletest.Faults{
		"done, and it cannot be read": {LateError: errNoReply, Get: errNoReply},
		"not done":                    {Set: errNoReply},
	} {
		store, ring, _ := newStore(t)
		saved := mustSave(t, store, sete)
		deleted, err := store.Delete(t.Context(), saved.ID)
		if err != nil {
			t.Fatal(err)
		}
		ring.Change(faults)
		if _, err := store.Restore(t.Context(), deleted); keyring.ClassOf(err) != keyring.ClassUnknown || len(mustList(t, store)) != 1 {
			t.Errorf("%s: %v, %d profiles; want ClassUnknown and it listed", name, err, len(mustList(t, store)))
		}
		ring.Change(profiletest.Faults{Get: errLocked})
		if _, err := store.Restore(t.Context(), deleted); keyring.ClassOf(err) != keyring.ClassLocked {
			t.Errorf("%s, in a locked keyring: %v, want ClassLocked", name, err)
		}
		ring.Change(profiletest.Faults{})
		mustRestore(t, store, deleted)
	}
}

// TestRestoreBringsBackAForeignItem: what somebody has put in the place of an item is back
// too.
func TestRestoreBringsBackAForeignItem(t *testing.T) {
	for _, text := range []string{"TOKEN-BY-HAND", "two\nlines of somebody"} {
		store, ring, _ := newStore(t)
		saved := mustSave(t, store, sete)
		ring.Put(saved.ID, text)
		deleted, err := store.Delete(t.Context(), saved.ID)
		if err != nil || len(ring.Items()) != 0 {
			t.Fatalf("%d items, %v", len(ring.Items()), err)
		}
		if _, err := store.Restore(t.Context(), deleted); err != nil {
			t.Fatal(err)
		}
		if got := ring.Items()[saved.ID]; got != text || len(mustList(t, store)) != 1 {
			t.Errorf("the item is %q, want %q", got, text)
		}
	}
}

// TestRestoreReplacesNothing: a deletion that was not done, as it turns out, does not bring
// back an earlier token.
func TestRestoreReplacesNothing(t *testing.T) {
	store, ring, _ := newStore(t)
	saved := mustSave(t, store, sete)
	ring.Change(profiletest.Faults{Delete: errNoReply})
	unsure, err := store.Delete(t.Context(), saved.ID)
	if keyring.ClassOf(err) != keyring.ClassUnknown {
		t.Fatal(err)
	}
	ring.Change(profiletest.Faults{})
	renewed, err := store.Edit(t.Context(), saved.ID, func(_ *profile.Profile, s *profile.Secrets) error {
		s.Token = authclient.NewSecret("RENEWED")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ring.Change(profiletest.Faults{Panic: true}) // the next call: whether it is there is not known
	if _, err := store.Restore(t.Context(), unsure); err == nil {
		t.Error("it is restored, and nobody knows what is there")
	}
	if restored, err := store.Restore(t.Context(), unsure); err != nil || restored != renewed {
		t.Errorf("restored %+v, %v; want %+v", restored, err, renewed)
	}
	if s, err := store.Load(t.Context(), saved); err != nil || s.Token.Reveal() != "RENEWED" {
		t.Errorf("the token was replaced: %v", err)
	}
	ring.Put(saved.ID, "TOKEN-BY-HAND")
	if _, err := store.Restore(t.Context(), unsure); err != nil || ring.Items()[saved.ID] != "TOKEN-BY-HAND" {
		t.Errorf("what was put there since is replaced: %v", err)
	}
}

// TestDeleteAllWithoutAKeyring: there is nothing in one if nothing is listed.
func TestDeleteAllWithoutAKeyring(t *testing.T) {
	store, ring, dir := newStore(t)
	saved := mustSave(t, store, sete)
	ring.Change(profiletest.Faults{List: errNoService})
	if _, err := store.DeleteAll(t.Context()); keyring.ClassOf(err) != keyring.ClassUnavailable || len(mustList(t, store)) != 1 {
		t.Errorf("with a profile: %v, want ClassUnavailable", err)
	}
	ring.Change(profiletest.Faults{})
	if _, err := store.Delete(t.Context(), saved.ID); err != nil {
		t.Fatal(err)
	}
	ring.Change(profiletest.Faults{List: errLocked})
	if _, err := store.DeleteAll(t.Context()); keyring.ClassOf(err) != keyring.ClassLocked {
		t.Errorf("with a locked keyring: %v, want ClassLocked", err)
	}
	ring.Change(profiletest.Faults{List: errNoService})
	profiletest.WriteIndex(t, dir, []byte("not a list"))
	if _, err := store.DeleteAll(t.Context()); keyring.ClassOf(err) != keyring.ClassUnavailable {
		t.Errorf("with a list that cannot be read: %v, want ClassUnavailable", err)
	}
	profiletest.WriteIndex(t, dir, []byte(`{"version":1,"profiles":[]}`))
	profiletest.Save(t, store.Session(), sete, secrets)
	if _, err := store.DeleteAll(t.Context()); err != nil || len(mustList(t, store)) != 0 {
		t.Errorf("with nothing: %v, and the session has %d profiles", err, len(mustList(t, store)))
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

// TestDeleteAllIsNotDoneIfTheKeyringRefuses: it is not said that it is done, what is left
// is listed, and other programs can go on.
func TestDeleteAllIsNotDoneIfTheKeyringRefuses(t *testing.T) {
	store, ring, dir := newStore(t)
	for _, code := range []string{"AAA", "BBB", "CCC"} {
		p := sete
		p.PortCode = code
		mustSave(t, store, p)
	}
	n := 0
	ring.Change(profiletest.Faults{Before: func(call, _ string) {
		if call == "delete" {
			if n++; n == 2 {
				ring.Change(profiletest.Faults{Delete: errLocked})
			}
		}
	}})
	deleted, err := store.DeleteAll(t.Context())
	if keyring.ClassOf(err) != keyring.ClassUnknown && keyring.ClassOf(err) != keyring.ClassLocked || deleted != 2 {
		t.Errorf("%d deleted, %v; want 2 and an error", deleted, err)
	}
	if len(ring.Items()) != 1 || len(mustList(t, store)) != 3 {
		t.Errorf("%d items, %d profiles; want what is left to be listed", len(ring.Items()), len(mustList(t, store)))
	}
	ring.Change(profiletest.Faults{})
	other := profile.Open(profile.Options{Dir: dir, Keyring: ring, InteractiveTimeout: 100 * time.Millisecond})
	defer other.Close()
	if done, err := other.Rebuild(t.Context()); err != nil || done.Missing != 2 {
		t.Errorf("another program: %+v, %v", done, err)
	}
	if deleted, err := store.DeleteAll(t.Context()); deleted != 1 || err != nil {
		t.Errorf("again: %d deleted, %v; want 1", deleted, err)
	}
}

// TestDeleteAllLeavesAStrangeFolder: what is not the program's own stops it, the session is
// kept, and other programs can go on.
func TestDeleteAllLeavesAStrangeFolder(t *testing.T) {
	store, ring, dir := newStore(t)
	profiletest.Save(t, store.Session(), sete, secrets)
	strange := filepath.Join(dir, "strange", "folder")
	if err := os.MkdirAll(strange, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := store.DeleteAll(t.Context()); keyring.ClassOf(err) != profile.ClassList || len(mustList(t, store)) != 1 {
		t.Errorf("%v, and the session has %d profiles; want ClassList and 1", err, len(mustList(t, store)))
	}
	if _, err := os.Stat(strange); err != nil {
		t.Error(err)
	}
	other := profile.Open(profile.Options{Dir: dir, Keyring: ring, InteractiveTimeout: 100 * time.Millisecond})
	defer other.Close()
	if _, err := other.Rebuild(t.Context()); err != nil {
		t.Errorf("another program: %v", err)
	}
}

func TestDeleteAllInMemory(t *testing.T) {
	store := profile.OpenMemory()
	mustSave(t, store, sete)
	if deleted, err := store.DeleteAll(t.Context()); deleted != 1 || err != nil || len(mustList(t, store)) != 0 {
		t.Errorf("%d deleted, %v; %d are left", deleted, err, len(mustList(t, store)))
	}
	mustSave(t, store, sete) // its lock was given up
}
