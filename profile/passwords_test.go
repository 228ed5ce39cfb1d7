package profile_test

import (
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
