package profile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestFaults: what each failure of the keyring is called, and what it leaves.
func TestFaults(t *testing.T) {
	var (
		cancelled = dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
		isLocked  = dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
		noReply   = dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}
		noService = dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}
		timedOut  = dbus.Error{Name: "org.freedesktop.DBus.Error.TimedOut"}
	)
	for _, c := range []struct {
		name   string
		faults profiletest.Faults
		save   keyring.Class // "" means saved
		listed int
		items  int
	}{
		{name: "works", listed: 1, items: 1},
		{name: "locked or cancelled", faults: profiletest.Faults{Set: cancelled}, save: keyring.ClassLocked},
		{name: "locked", faults: profiletest.Faults{Set: isLocked}, save: keyring.ClassLocked},
		{name: "dismissed in silence", faults: profiletest.Faults{Silent: true}, save: keyring.ClassNotKept},
		{name: "too big", faults: profiletest.Faults{Set: &keyring.Error{Class: keyring.ClassTooBig}}, save: keyring.ClassTooBig},
		{name: "no service", faults: profiletest.Faults{Set: noService}, save: keyring.ClassUnavailable},
		{name: "service never comes", faults: profiletest.Faults{Set: timedOut}, save: keyring.ClassUnavailable},
		{name: "died before", faults: profiletest.Faults{Set: noReply}, save: keyring.ClassUnknown, listed: 1},
		{name: "died after", faults: profiletest.Faults{LateError: noReply}, listed: 1, items: 1},
		{name: "panic", faults: profiletest.Faults{Panic: true}, save: keyring.ClassUnknown, listed: 1},
		{name: "unreadable", faults: profiletest.Faults{Get: isLocked}, save: keyring.ClassUnknown, listed: 1, items: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, ring, _ := newStore(t)
			ring.Change(c.faults)
			saved, err := store.Save(t.Context(), sete, secrets)
			if keyring.ClassOf(err) != c.save || c.save == "" && err != nil {
				t.Fatalf("save: %v, want %v", err, c.save)
			}
			if err != nil && strings.Contains(err.Error(), "CANARY") {
				t.Errorf("the error holds a secret: %v", err)
			}
			if n := len(mustList(t, store)); n != c.listed {
				t.Errorf("%d profiles are listed, want %d", n, c.listed)
			}
			if n := len(ring.Items()); n != c.items {
				t.Errorf("the keyring has %d items, want %d", n, c.items)
			}
			ring.Change(profiletest.Faults{})
			if c.save == "" {
				return
			}
			again := sete
			if c.save == keyring.ClassUnknown {
				again.ID = saved.ID
			}
			if _, err := store.Save(t.Context(), again, secrets); err != nil {
				t.Errorf("saving again when the keyring works: %v", err)
			}
		})
	}
}

// TestReplaceThatFailsKeepsTheOld: neither the item nor its line in the list changes.
func TestReplaceThatFailsKeepsTheOld(t *testing.T) {
	for name, faults := range map[string]profiletest.Faults{
		"locked":               {Set: dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}},
		"dismissed in silence": {Silent: true},
	} {
		store, ring, _ := newStore(t)
		saved := mustSave(t, store, sete)
		ring.Change(faults)
		renamed := saved
		renamed.Name = "Autre nom"
		if _, err := store.Save(t.Context(), renamed, profile.Secrets{Token: authclient.NewSecret("other")}); keyring.ClassOf(err) != keyring.ClassLocked && keyring.ClassOf(err) != keyring.ClassNotKept {
			t.Fatalf("%s: save: %v, want that nothing was done", name, err)
		}
		if got := mustList(t, store)[0]; got != saved {
			t.Errorf("%s: the list has %+v, want %+v", name, got, saved)
		}
		if got, err := store.Load(t.Context(), saved); err != nil || got.Token.Reveal() != canaryToken {
			t.Errorf("%s: the old token is gone: %v", name, err)
		}
	}
}

func TestDeleteUnderFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		faults profiletest.Faults
		want   keyring.Class
	}{
		{"locked", profiletest.Faults{Get: dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}}, keyring.ClassLocked},
		{"dismissed in silence", profiletest.Faults{Silent: true}, keyring.ClassNotKept},
		{"no service", profiletest.Faults{Delete: dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}}, keyring.ClassUnavailable},
		{"died before", profiletest.Faults{Delete: dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}}, keyring.ClassUnknown},
		{"died after", profiletest.Faults{LateError: dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, ring, _ := newStore(t)
			saved := mustSave(t, store, sete)
			ring.Change(c.faults)
			_, err := store.Delete(t.Context(), saved.ID)
			if keyring.ClassOf(err) != c.want || c.want == "" && err != nil {
				t.Fatalf("delete: %v, want %v", err, c.want)
			}
			left := 1
			if c.want == "" {
				left = 0
			}
			if listed, items := len(mustList(t, store)), len(ring.Items()); listed != left || items != left {
				t.Errorf("%d listed, %d items, want %d of each", listed, items, left)
			}
		})
	}
	t.Run("item left empty", func(t *testing.T) { // by a keyring killed while it made it
		store, ring, _ := newStore(t)
		saved := mustSave(t, store, sete)
		ring.Put(saved.ID, "")
		if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing {
			t.Errorf("load: %v, want ClassMissing", err)
		}
		if _, err := store.Delete(t.Context(), saved.ID); err != nil || len(ring.Items()) != 0 {
			t.Errorf("delete: %v, %d items", err, len(ring.Items()))
		}
	})
	t.Run("item already gone", func(t *testing.T) {
		store, ring, _ := newStore(t)
		saved := mustSave(t, store, sete)
		if err := ring.Delete(saved.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing {
			t.Errorf("load: %v, want ClassMissing", err)
		}
		removed, err := store.Delete(t.Context(), saved.ID)
		if err != nil || len(mustList(t, store)) != 0 {
			t.Fatalf("delete: %v", err)
		}
		if _, err := store.Restore(t.Context(), removed); err != nil || len(mustList(t, store)) != 1 || len(ring.Items()) != 0 {
			t.Errorf("restore: %v", err)
		}
	})
}

func TestUnwritableFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ring := &profiletest.Ring{}
	store := profile.Open(profile.Options{Dir: filepath.Join(file, "below"), Keyring: ring})
	if _, err := store.Save(t.Context(), sete, secrets); keyring.ClassOf(err) != profile.ClassList {
		t.Errorf("save: %v, want ClassList", err)
	}
	if len(ring.Items()) != 0 {
		t.Error("a secret was written that nothing lists")
	}
}
