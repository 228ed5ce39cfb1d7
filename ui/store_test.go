package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/godbus/dbus/v5"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/profile/profiletest"
)

var (
	errLocked = dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
	errGone   = dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}
)

// stored returns the secrets of a listed profile.
func (h *harness) stored(p profile.Profile) profile.Secrets {
	h.t.Helper()
	secrets, err := h.deps.Store.Load(h.t.Context(), p)
	if err != nil {
		h.t.Fatal(err)
	}
	return secrets
}

// otherWindow returns the store of another process with the same list and keyring.
func (h *harness) otherWindow() *profile.Store {
	store := profile.Open(profile.Options{Dir: h.dir, Keyring: h.ring, Now: func() time.Time { return h.clock.now.Add(time.Hour) }})
	h.t.Cleanup(store.Close)
	return store
}

// settleElsewhere tells the window that another process changed the list, and waits until it
// has read the list.
func (h *harness) settleElsewhere() {
	h.changed()
	h.changed()
	h.clock.advance(debounce)
}

// TestRenameKeepsConcurrentChanges: a new name keeps the token and the note that another
// process has saved.
func TestRenameKeepsConcurrentChanges(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	newer := authclient.NewSecret("NEWER-TOKEN")
	if _, err := h.otherWindow().Edit(t.Context(), h.all[0].ID, func(p *profile.Profile, s *profile.Secrets) error {
		s.Token, p.Note = newer, "written elsewhere"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	h.typeInto("result.name", "Renamed")
	h.press(fyne.KeyReturn)
	if p := h.all[0]; p.Name != "Renamed" || p.Note != "written elsewhere" || !h.stored(p).Token.Equal(newer) {
		t.Errorf("saved %+v, or the older token", p)
	}
}

// TestChangesByAnotherProcess: a change by another process is shown, unless the user has
// unsaved changes, and a deleted profile becomes an unsaved token.
func TestChangesByAnotherProcess(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	other := h.otherWindow()
	p := h.all[0]
	if err := other.SetFavourite(t.Context(), []string{p.ID}, true); err != nil {
		t.Fatal(err)
	}
	h.settleElsewhere()
	if !h.all[0].Favourite || !h.open.Favourite || h.message() != "" {
		t.Error("a new favourite is not shown, or shows a message")
	}
	if _, err := other.Edit(t.Context(), p.ID, func(p *profile.Profile, _ *profile.Secrets) error { p.Name = "Elsewhere"; return nil }); err != nil {
		t.Fatal(err)
	}
	h.settleElsewhere() // there are no unsaved changes
	h.expect("reloaded", h.status.message.Text, "elsewhere.reloaded", "Name", "Elsewhere")
	if h.result.profile.Text != "Elsewhere" || h.message() != "" {
		t.Errorf("the new version shows %q, %q", h.result.profile.Text, h.message())
	}
	h.typeInto("result.note", "being typed")
	if _, err := other.Edit(t.Context(), p.ID, func(p *profile.Profile, _ *profile.Secrets) error { p.Name = "Again"; return nil }); err != nil {
		t.Fatal(err)
	}
	h.clock.now = h.clock.now.Add(time.Minute)
	h.settleElsewhere()
	h.expect("changed", h.message(), "elsewhere.changed", "Name", "Again")
	h.tap("result.first")
	h.answer(0) // discard the changes
	if h.result.profile.Text != "Again" || h.message() != "" {
		t.Errorf("the new version shows %q, %q", h.result.profile.Text, h.message())
	}
	if _, err := other.Delete(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	h.settleElsewhere()
	h.expect("deleted", h.message(), "elsewhere.deleted", "Name", "Again")
	if len(h.all) != 0 || !h.current.changed || !h.unsavedNow() {
		t.Error("the token that is shown is lost")
	}
	h.shortcut(fyne.KeyS, ctrl)
	if len(h.all) != 1 || h.all[0].Name != "Again" {
		t.Errorf("saving does not bring it back: %+v, %q", h.all, h.message())
	}
}

// TestProfileWithMissingItem: a profile whose item is missing or foreign can be completed
// with a new token, or removed.
func TestProfileWithMissingItem(t *testing.T) {
	for name, spoil := range map[string]func(h *harness, id string){
		"missing": func(h *harness, id string) {
			if err := h.ring.Delete(id); err != nil {
				t.Fatal(err)
			}
		},
		"foreign": func(h *harness, id string) { h.ring.Put(id, `{"password":"of another program"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			h := start(t, "en", nil)
			h.getToken("SET", true)
			id := h.all[0].ID
			h.shortcut(fyne.KeyN, ctrl)
			spoil(h, id)
			h.list.list.Tap(0, 0)
			if h.current != nil || !strings.Contains(h.message(), h.Window.t.T("store."+name)) {
				t.Fatalf("the message is %q", h.message())
			}
			if h.all[0].Missing != (name == "missing") {
				t.Errorf("the list has %+v", h.all[0])
			}
			h.tap("result.first")
			if h.focused() != "form.password" || h.form.portCode.Text != "SET" {
				t.Errorf("entering again begins in %q", h.focused())
			}
			h.typeInto("form.password", authtest.DemoPassword)
			h.press(fyne.KeyReturn)
			h.noQuestion()
			h.shortcut(fyne.KeyS, ctrl)
			h.noQuestion()
			if len(h.all) != 1 || h.all[0].ID != id || h.all[0].Missing || h.stored(h.all[0]).Token.IsZero() {
				t.Errorf("the profile is not whole again: %+v, %q", h.all, h.message())
			}
			h.shortcut(fyne.KeyN, ctrl)
			spoil(h, id)
			h.list.list.Tap(0, 0)
			h.tap("result.second")
			if len(h.all) != 0 || len(h.ring.Items()) != 0 {
				t.Errorf("removing leaves %+v", h.all)
			}
		})
	}
}

// TestStoreErrorsHoldNoSecret: errors of the store and search texts have no token.
func TestStoreErrorsHoldNoSecret(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	token := h.current.secrets.Token.Reveal()
	for _, faults := range []profiletest.Faults{
		{Set: errLocked}, {Get: errLocked}, {Silent: true}, {Panic: true}, {LateError: errors.New("broken")}, {Limit: 1},
	} {
		h.ring.Change(faults)
		_, err := h.deps.Store.Edit(context.Background(), h.all[0].ID, func(p *profile.Profile, s *profile.Secrets) error {
			p.Name += "x"
			return nil
		})
		if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, token) {
			t.Errorf("%+v: the error holds the token", faults)
		}
	}
	if slices.Contains(h.list.texts, token) {
		t.Error("the search texts hold the token")
	}
}

// TestBareTokenIsTakenOver: a token that a person has put in the place of an item is shown
// as one that is not saved, and saving it makes the profile whole.
func TestBareTokenIsTakenOver(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("SET", true)
	p := h.all[0]
	h.ring.Put(p.ID, "TOKEN-BY-HAND")
	h.shortcut(fyne.KeyN, ctrl)
	h.openProfile(p)
	h.expect("the message", h.message(), "open.bare_token", "Name", p.Name)
	if h.current == nil || !h.current.changed || h.current.secrets.Token.Reveal() != "TOKEN-BY-HAND" {
		t.Fatalf("the token is not shown: %+v", h.current)
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.noQuestion()
	if got := h.stored(h.all[0]); got.Token.Reveal() != "TOKEN-BY-HAND" || h.current.changed {
		t.Error("the token is not taken over")
	}
}
