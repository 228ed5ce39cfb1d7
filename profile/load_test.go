package profile_test

import (
	"errors"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestListHasBoth the profiles of the keyring and those of this session.
func TestListHasBoth(t *testing.T) {
	store, _, _ := newStore(t)
	p := sete
	p.PortCode = "MTP"
	kept, session := mustSave(t, store, sete), profiletest.Save(t, store.Session(), p, secrets)
	list := mustList(t, store)
	if len(list) != 2 || list[0] != kept || list[1].ID != session.ID || !list[1].Session {
		t.Errorf("the list is %+v", list)
	}
	if got, err := store.Load(t.Context(), list[0]); err != nil || !got.Token.Equal(secrets.Token) {
		t.Errorf("load the kept one: %v", err)
	}
	if edited, err := store.Edit(t.Context(), kept.ID, renew("ANOTHER")); err != nil || edited.Session {
		t.Errorf("edit the kept one: %+v, %v", edited, err)
	}
	if edited, err := store.Edit(t.Context(), session.ID, renew("ANOTHER")); err != nil || !edited.Session {
		t.Errorf("edit the one of the session: %+v, %v", edited, err)
	}
}

// TestMissingWhereItMayBeClosed: in KeePassXC and KWallet an item of unknown place may be
// in a database that is not open. It is not marked as missing, and the error says so.
func TestMissingWhereItMayBeClosed(t *testing.T) {
	for by, closed := range map[string]bool{"keepassxc": true, "kwalletd5": true, "gnome-keyring-d": false, "": false} {
		dir, ring := t.TempDir(), &profiletest.Ring{}
		store := profile.Open(profile.Options{Dir: dir, Keyring: provided{ring, by}})
		saved := mustSave(t, store, sete)
		if store.Provider() != by {
			t.Errorf("the provider is %q, want %q", store.Provider(), by)
		}
		if err := ring.Delete(saved.ID); err != nil {
			t.Fatal(err)
		}
		_, err := store.Load(t.Context(), saved)
		if keyring.ClassOf(err) != keyring.ClassMissing || errors.Is(err, profile.ErrMayBeClosed) != closed || mustList(t, store)[0].Missing == closed {
			t.Errorf("%q: %v, marked %v", by, err, mustList(t, store)[0].Missing)
		}
		ring.Change(profiletest.Faults{Get: errLocked})
		if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassLocked || errors.Is(err, profile.ErrMayBeClosed) {
			t.Errorf("%q, locked: %v", by, err)
		}
	}
}

// TestPlaceIsKept of an item that is missing from a place that is open, and of one that
// cannot be read.
func TestPlaceIsKept(t *testing.T) {
	store, ring, _ := newStoreInMemory(t)
	ring.Change(profiletest.Faults{Place: "Marina"})
	saved := mustSave(t, store, sete)
	ring.Change(profiletest.Faults{Get: errLocked, Closed: []string{"Marina"}})
	if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassLocked {
		t.Errorf("locked: %v", err)
	}
	ring.Change(profiletest.Faults{})
	if err := ring.Delete(saved.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing || errors.Is(err, profile.ErrMayBeClosed) {
		t.Errorf("deleted: %v", err)
	}
	if p := mustList(t, store)[0]; p.Place != "Marina" || !p.Missing {
		t.Errorf("listed as %+v", p)
	}
}

// TestMissingFromAKnownPlace that is open, in KeePassXC too, is missing.
func TestMissingFromAKnownPlace(t *testing.T) {
	ring := &profiletest.Ring{}
	ring.Change(profiletest.Faults{Place: "Marina"})
	store := profile.Open(profile.Options{Dir: t.TempDir(), Keyring: provided{ring, "keepassxc"}})
	saved := mustSave(t, store, sete)
	if err := ring.Delete(saved.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing || errors.Is(err, profile.ErrMayBeClosed) || !mustList(t, store)[0].Missing {
		t.Errorf("%v, marked %v", err, mustList(t, store)[0].Missing)
	}
}

// TestRefusedSaveReturnsNoProfile and keeps nothing.
func TestRefusedSaveReturnsNoProfile(t *testing.T) {
	store, ring, _ := newStore(t)
	ring.Change(profiletest.Faults{Set: errLocked})
	if p, err := store.Put(t.Context(), sete, renew("TOKEN")); keyring.ClassOf(err) != keyring.ClassLocked || p.ID != "" || len(mustList(t, store)) != 0 {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestEditThatGivesUp changes nothing, and its error is returned. What an edit does to the
// ID does not count.
func TestEditThatGivesUp(t *testing.T) {
	store, ring, _ := newStore(t)
	saved := mustSave(t, store, sete)
	before := ring.Items()[saved.ID]
	why := errors.New("given up")
	_, err := store.Edit(t.Context(), saved.ID, func(p *profile.Profile, s *profile.Secrets) error {
		p.Name, s.Token = "x", authclient.NewSecret("ANOTHER")
		return why
	})
	if !errors.Is(err, why) || mustList(t, store)[0] != saved || ring.Items()[saved.ID] != before {
		t.Errorf("%v, or something was changed", err)
	}
	edited, err := store.Edit(t.Context(), saved.ID, func(p *profile.Profile, _ *profile.Secrets) error {
		p.ID, p.Name, p.Environment, p.Session = "another", " ", "", true
		return nil
	})
	if err != nil || edited.ID != saved.ID || edited.Name != "SET" || edited.Environment != profile.Production || edited.Session || len(ring.Items()) != 1 {
		t.Errorf("edited as %+v, %v", edited, err)
	}
}

// TestEditIntoAnotherCredential is refused if another profile has it; what is saved under
// a credential of its own stays editable.
func TestEditIntoAnotherCredential(t *testing.T) {
	store, ring, _ := newStore(t)
	first := mustSave(t, store, sete)
	p := sete
	p.PortCode = "MTP"
	second := mustSave(t, store, p)
	into := func(port string) profile.EditFunc {
		return func(p *profile.Profile, _ *profile.Secrets) error { p.PortCode = port; return nil }
	}
	if got, err := store.Edit(t.Context(), second.ID, into("SET")); keyring.ClassOf(err) != profile.ClassDuplicate || got.ID != "" {
		t.Errorf("into another's: %+v, %v; want ClassDuplicate and no profile", got, err)
	}
	if got, err := store.Edit(t.Context(), second.ID, into("AGD")); err != nil || got.PortCode != "AGD" {
		t.Errorf("into nobody's: %+v, %v", got, err)
	}
	if len(mustList(t, store)) != 2 || mustList(t, store)[0] != first || len(ring.Items()) != 2 {
		t.Errorf("the list is %+v", mustList(t, store))
	}
}

// TestEditOfASessionProfileThatGivesUp changes nothing, and its error is returned.
func TestEditOfASessionProfileThatGivesUp(t *testing.T) {
	store, _, _ := newStore(t)
	session := profiletest.Save(t, store.Session(), sete, secrets)
	why := errors.New("given up")
	if _, err := store.Edit(t.Context(), session.ID, func(*profile.Profile, *profile.Secrets) error { return why }); !errors.Is(err, why) {
		t.Errorf("%v, want the error of the edit", err)
	}
	p := sete
	p.PortCode = "MTP"
	if saved, err := store.Put(t.Context(), p, renew("TOKEN")); err != nil || saved.Session || saved.ID == session.ID || len(mustList(t, store)) != 2 {
		t.Errorf("another credential is saved as %+v, %v", saved, err)
	}
}

// TestSaveWithoutAList makes it again first; nothing is saved while that is not possible,
// nor if the list cannot be written.
func TestSaveWithoutAList(t *testing.T) {
	dir, ring := t.TempDir(), &profiletest.Ring{}
	store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	for _, faults := range []profiletest.Faults{{List: errLocked}, {List: errNoReply}} {
		ring.Change(faults)
		if _, err := store.Put(t.Context(), sete, renew("TOKEN")); err == nil || keyring.ClassOf(err) == keyring.ClassUnknown || len(ring.Items()) != 0 {
			t.Errorf("%v, and %d items", err, len(ring.Items()))
		}
	}
	ring.Change(profiletest.Faults{})
	var unblock func()
	mustSave(t, store, sete)
	p := sete
	p.PortCode = "MTP"
	_, err := store.Put(t.Context(), p, func(_ *profile.Profile, s *profile.Secrets) error {
		unblock = block(t, dir)
		*s = secrets
		return nil
	})
	if keyring.ClassOf(err) != profile.ClassList || len(ring.Items()) != 1 {
		t.Errorf("%v, and %d items; want ClassList and the first", err, len(ring.Items()))
	}
	unblock()
}

// TestUnknownOutcomeOfASave is listed and returned, so that it can be saved again.
func TestUnknownOutcomeOfASave(t *testing.T) {
	store, ring, _ := newStore(t)
	ring.Change(profiletest.Faults{Set: errNoReply})
	saved, err := store.Put(t.Context(), sete, renew("TOKEN"))
	if keyring.ClassOf(err) != keyring.ClassUnknown || saved.ID == "" || len(mustList(t, store)) != 1 {
		t.Errorf("%+v, %v; want ClassUnknown and the profile", saved, err)
	}
	ring.Change(profiletest.Faults{})
	again, err := store.Put(t.Context(), sete, renew("TOKEN"))
	if err != nil || again.ID != saved.ID || len(mustList(t, store)) != 1 || len(ring.Items()) != 1 {
		t.Errorf("again: %+v, %v", again, err)
	}
}

// TestSavedListThatCannotBeRestored: the error of the list is told then.
func TestSavedListThatCannotBeRestored(t *testing.T) {
	store, ring, dir := newStore(t)
	var unblock func()
	ring.Change(profiletest.Faults{Set: errLocked, Before: func(call, _ string) {
		if call == "set" {
			unblock = block(t, dir)
		}
	}})
	if _, err := store.Put(t.Context(), sete, renew("TOKEN")); keyring.ClassOf(err) != profile.ClassList {
		t.Errorf("%v, want ClassList", err)
	}
	unblock()
}

// TestDatesOfASave: the first token has its date, and what the service said of another one
// is forgotten.
func TestDatesOfASave(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 1234567, time.UTC)
	store := profile.Open(profile.Options{Dir: t.TempDir(), Keyring: &profiletest.Ring{}, Now: func() time.Time { return now }})
	want := now.Truncate(time.Millisecond)
	p, err := store.Put(t.Context(), sete, func(p *profile.Profile, s *profile.Secrets) error {
		s.Token = secrets.Token
		p.Check, p.Checked = profile.Accepted, want // as the log-in that gave it says
		p.TokenSet, p.Accepted, p.Saved = want.AddDate(9, 0, 0), want.AddDate(9, 0, 0), want.AddDate(9, 0, 0)
		return nil
	})
	if err != nil || !p.Saved.Equal(want) || !p.TokenSet.Equal(want) || p.Check != profile.Accepted || !p.Accepted.Equal(want) {
		t.Errorf("new: %+v, %v", p, err)
	}
	now = now.Add(time.Hour)
	if p, err = store.Edit(t.Context(), p.ID, func(p *profile.Profile, _ *profile.Secrets) error {
		p.TokenSet, p.Accepted = want.AddDate(9, 0, 0), want.AddDate(9, 0, 0)
		return nil
	}); err != nil || !p.TokenSet.Equal(want) || !p.Accepted.Equal(want) || !p.Saved.Equal(want.Add(time.Hour)) {
		t.Errorf("the same token: %+v, %v", p, err)
	}
	if p, err = store.Edit(t.Context(), p.ID, renew("ANOTHER")); err != nil || !p.TokenSet.Equal(want.Add(time.Hour)) || p.Check != "" || !p.Checked.IsZero() || !p.Accepted.IsZero() {
		t.Errorf("another token: %+v, %v", p, err)
	}
}

// TestSaveSessionLosesNoToken: an attempt to save a profile was said to be unknown, and another
// program has changed the token that it left. The later one is the token.
func TestSaveSessionLosesNoToken(t *testing.T) {
	for _, c := range []struct {
		after           time.Duration // when the other program changed it
		token, previous string
	}{
		{time.Minute, "OTHER", secrets.Token.Reveal()},
		{-time.Minute, secrets.Token.Reveal(), "OTHER"},
	} {
		store, ring, dir := newStore(t)
		p := profiletest.Save(t, store.Session(), sete, secrets)
		ring.Change(profiletest.Faults{LateError: errNoReply, Get: errNoReply})
		if n, err := store.SaveSession(t.Context()); n != 0 || keyring.ClassOf(err) != keyring.ClassUnknown {
			t.Fatalf("%d saved, %v", n, err)
		}
		ring.Change(profiletest.Faults{})
		other := profile.Open(profile.Options{Dir: dir, Keyring: ring, Now: func() time.Time { return time.Now().Add(c.after) }})
		t.Cleanup(other.Close)
		if _, err := other.Edit(t.Context(), p.ID, renew("OTHER")); err != nil {
			t.Fatal(err)
		}
		if n, err := store.SaveSession(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d saved, %v", n, err)
		}
		if got, err := store.Load(t.Context(), mustList(t, store)[0]); err != nil || got.Token.Reveal() != c.token || got.Previous.Reveal() != c.previous {
			t.Errorf("changed %v later: %v, or another token or previous one", c.after, err)
		}
	}
}

// TestSaveSessionStops at an error, and goes on later.
func TestSaveSessionStops(t *testing.T) {
	store, ring, _ := newStore(t)
	for _, code := range []string{"ONE", "TWO"} {
		p := sete
		p.PortCode = code
		profiletest.Save(t, store.Session(), p, secrets)
	}
	ring.Change(profiletest.Faults{Set: errLocked})
	calls := ring.Calls()
	if n, err := store.SaveSession(t.Context()); n != 0 || keyring.ClassOf(err) != keyring.ClassLocked || ring.Calls() != calls+1 {
		t.Errorf("%d saved, %v after %d calls; want one call", n, err, ring.Calls()-calls)
	}
	second := mustList(t, store)[1]
	ring.Change(profiletest.Faults{})
	if n, err := store.SaveSession(t.Context()); n != 2 || err != nil {
		t.Errorf("%d saved, %v", n, err)
	}
	if got, err := store.Load(t.Context(), second); err != nil || !got.Token.Equal(secrets.Token) {
		t.Errorf("load: %v", err)
	}
	if list := mustList(t, store); len(list) != 2 || list[0].Session || list[1].Session || len(ring.Items()) != 2 {
		t.Errorf("the list is %+v", list)
	}
}
