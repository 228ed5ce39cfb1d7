package profile_test

import (
	"os"
	"testing"
	"time"

	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestMarkIsOfTheProfilesThatAreMeant, wherever they are in the list.
func TestMarkIsOfTheProfilesThatAreMeant(t *testing.T) {
	store, _, _ := newStore(t)
	var ids []string
	for _, code := range []string{"AAA", "BBB", "CCC"} {
		p := sete
		p.PortCode = code
		ids = append(ids, mustSave(t, store, p).ID)
	}
	for _, on := range []bool{true, false} {
		if err := store.SetFavourite(t.Context(), ids[:2], on); err != nil {
			t.Fatal(err)
		}
		for i, p := range mustList(t, store) {
			if want := on && i < 2; p.Favourite != want {
				t.Errorf("set %v: %s is a favourite: %v, want %v", on, p.PortCode, p.Favourite, want)
			}
		}
	}
}

// TestCheckOfASessionProfile: that the service has accepted its token is remembered, also
// once it is refused.
func TestCheckOfASessionProfile(t *testing.T) {
	store, _, _ := newStore(t)
	profiletest.Save(t, store.Session(), sete, secrets)
	at := time.Date(2026, 11, 23, 14, 2, 0, 0, time.UTC)
	for _, verdict := range []profile.Verdict{profile.Accepted, profile.Refused} {
		if err := store.SetChecked(t.Context(), mustList(t, store)[0], verdict, at); err != nil {
			t.Fatal(err)
		}
		if p := mustList(t, store)[0]; p.Check != verdict || !p.Accepted.Equal(at) {
			t.Errorf("%s: %+v", verdict, p)
		}
	}
}

// TestMissingItemIsRemembered in the list, until it is back.
func TestMissingItemIsRemembered(t *testing.T) {
	store, ring, _ := newStoreInMemory(t)
	saved := mustSave(t, store, sete)
	text := ring.Items()[saved.ID]
	if err := ring.Delete(saved.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing || !mustList(t, store)[0].Missing {
		t.Errorf("%v, and it is not marked", err)
	}
	ring.Change(profiletest.Faults{Get: errLocked})
	if _, err := store.Load(t.Context(), mustList(t, store)[0]); keyring.ClassOf(err) != keyring.ClassLocked || !mustList(t, store)[0].Missing {
		t.Errorf("in a locked keyring: %v, and it is no longer marked", err)
	}
	ring.Change(profiletest.Faults{Place: "Marina"})
	ring.Put(saved.ID, text)
	if _, err := store.Load(t.Context(), mustList(t, store)[0]); err != nil || mustList(t, store)[0].Missing || mustList(t, store)[0].Place != "Marina" {
		t.Errorf("it is back: %v, and listed as %+v", err, mustList(t, store)[0])
	}
}

// TestNoMarkWhileAnotherProgramChangesTheList: nobody waits for it, and it changes nothing.
func TestNoMarkWhileAnotherProgramChangesTheList(t *testing.T) {
	t.Chdir(t.TempDir())
	store, ring, dir := newStore(t)
	saved := mustSave(t, store, sete)
	other := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	_, err := store.Edit(t.Context(), saved.ID, func(p *profile.Profile, _ *profile.Secrets) error {
		text := ring.Items()[saved.ID]
		if err := ring.Delete(saved.ID); err != nil {
			t.Error(err)
		}
		if _, err := other.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing || mustList(t, other)[0].Missing {
			t.Errorf("%v, and it is marked", err)
		}
		ring.Put(saved.ID, text)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	memory := profile.OpenMemory()
	if _, err := memory.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing {
		t.Errorf("in memory: %v", err)
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) != 0 {
		t.Errorf("a list in memory makes %v, %v", entries, err)
	}
}
