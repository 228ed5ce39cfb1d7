package presenter

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// inRing returns the secrets of a listed profile, as the keyring has them.
func (h *harness) inRing(of profile.Profile) profile.Secrets {
	h.t.Helper()
	secrets, err := h.deps.Store.Load(h.t.Context(), of)
	if err != nil {
		h.t.Fatal(err)
	}
	return secrets
}

// anotherStore returns the store of another process with the same list and keyring.
func (h *harness) anotherStore() *profile.Store {
	store := profile.Open(profile.Options{Dir: h.dir, Keyring: h.ring, Now: func() time.Time { return h.clock.Now().Add(time.Hour) }})
	h.t.Cleanup(store.Close)
	return store
}

// editElsewhere changes a profile as another process does, one minute later.
func (h *harness) editElsewhere(id string, edit func(*profile.Profile, *profile.Secrets)) {
	h.t.Helper()
	h.clock.Set(h.clock.Now().Add(time.Minute))
	_, err := h.anotherStore().Edit(h.t.Context(), id, func(of *profile.Profile, s *profile.Secrets) error { edit(of, s); return nil })
	if err != nil {
		h.t.Fatal(err)
	}
}

// noticeElsewhere tells the presenter that another process changed the list, and waits until
// it has read the list.
func (h *harness) noticeElsewhere() {
	h.changed()
	h.changed()
	h.clock.Advance(debounce)
}

// TestEditKeepsConcurrentChanges: a new name keeps the token and the note that another process
// has saved.
func TestEditKeepsConcurrentChanges(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.Edit()
	h.Type(Name, "Renamed")
	newer := authclient.NewSecret("NEWER-TOKEN")
	h.editElsewhere(of.ID, func(of *profile.Profile, s *profile.Secrets) { s.Token, of.Note = newer, "written elsewhere" })
	h.Save()
	if got := h.At(0); got.Name != "Renamed" || got.Note != "written elsewhere" || !h.inRing(got).Token.Equal(newer) {
		t.Errorf("saved %+v, or the older token", got)
	}
	if c := h.Credential(); !c.Secrets.Token.Equal(newer) || c.Profile.Note != "written elsewhere" {
		t.Error("the page does not show what was saved")
	}
}

// TestChangesByAnotherProcess: a change by another process is shown, unless the user has
// unsaved changes, and a deleted port becomes a token that is not saved.
func TestChangesByAnotherProcess(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	if err := h.anotherStore().SetFavourite(t.Context(), []string{of.ID}, true); err != nil {
		t.Fatal(err)
	}
	h.noticeElsewhere()
	if !h.At(0).Favourite || !h.Credential().Profile.Favourite || h.Message().Text != "" {
		t.Error("a new favourite is not shown, or shows a message")
	}
	h.editElsewhere(of.ID, func(of *profile.Profile, _ *profile.Secrets) { of.Name = "Elsewhere" })
	h.noticeElsewhere()
	h.expect("reloaded", h.CurrentNotice().Text, "elsewhere.reloaded", "Name", "Elsewhere")
	if h.OpenName() != "Elsewhere" || h.Message().Text != "" || h.Credential().State != Saved {
		t.Errorf("the new version shows %q, %q", h.OpenName(), h.Message().Text)
	}
	h.Edit()
	h.Type(Note, "being typed")
	h.editElsewhere(of.ID, func(of *profile.Profile, _ *profile.Secrets) { of.Name = "Again" })
	h.noticeElsewhere()
	h.expect("changed", h.Message().Text, "elsewhere.changed", "Name", "Again")
	if h.Form().Texts[Note] != "being typed" || h.Page() != Editing {
		t.Error("what was being typed is lost")
	}
	h.Escape() // dismisses the message
	h.Escape()
	h.answer(0)
	h.noticeElsewhere()
	if _, err := h.anotherStore().Delete(t.Context(), of.ID); err != nil {
		t.Fatal(err)
	}
	token := h.token()
	h.noticeElsewhere()
	h.expect("deleted", h.Message().Text, "elsewhere.deleted", "Name", "Again")
	if c := h.Credential(); h.Rows() != 0 || c.State != Obtained || h.token() != token {
		t.Fatalf("the token that is shown is lost: %+v", c)
	}
	h.Home()
	h.answer(1)
	h.Save()
	if h.Rows() != 1 || h.At(0).Name != "Again" || h.inRing(h.At(0)).Token.Reveal() != token {
		t.Errorf("saving does not bring it back: %+v, %q", h.Ports(), h.Message().Text)
	}
}

// TestPortWithoutItsItem: a port whose item is missing or foreign can be completed with a new
// token, or deleted.
func TestPortWithoutItsItem(t *testing.T) {
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
			id := h.save("SET").ID
			h.New()
			spoil(h, id)
			h.Open(h.At(0))
			c := h.Credential()
			if c.State != Missing || c.HasToken() {
				t.Fatalf("state %d", c.State)
			}
			h.expect("the reason", c.Why, "store."+name)
			if h.At(0).Missing != (name == "missing") {
				t.Errorf("the list has %+v", h.At(0))
			}
			h.Renew()
			if h.focused != ToField || h.field != Password || h.Form().Texts[PortCode] != "SET" {
				t.Errorf("focus on %d of %d", h.field, h.focused)
			}
			h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
			h.Login()
			if q := h.Question(); (q != nil) != (name == "foreign") {
				t.Fatalf("a question: %v", q != nil)
			} else if q != nil {
				h.answer(0)
			}
			h.expect("the message", h.Message().Text, "login.was_missing", "Name", "Port de Sète")
			h.Save()
			h.noQuestion()
			if got := h.At(0); h.Rows() != 1 || got.ID != id || got.Missing || h.inRing(got).Token.IsZero() || h.Credential().State != Saved {
				t.Errorf("the port is not whole again: %+v, %q", h.Ports(), h.Message().Text)
			}
			h.New()
			spoil(h, id)
			h.Open(h.At(0))
			h.Delete(h.Selection())
			if h.Rows() != 0 || len(h.ring.Items()) != 0 || h.Page() != Overview || h.Credential() != nil {
				t.Errorf("deleting leaves %+v, page %d", h.Ports(), h.Page())
			}
		})
	}
}

// TestStoreErrorsHoldNoSecret: errors of the store, messages and search texts have no token.
func TestStoreErrorsHoldNoSecret(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	token := h.token()
	h.SetQuery("set")
	for _, faults := range []profiletest.Faults{
		{Set: errRingLocked}, {Get: errRingLocked}, {Silent: true}, {Panic: true}, {LateError: errors.New("broken")}, {Limit: 1},
	} {
		h.ring.Change(faults)
		_, err := h.deps.Store.Edit(context.Background(), of.ID, func(of *profile.Profile, _ *profile.Secrets) error {
			of.Name += "x"
			return nil
		})
		if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, token) {
			t.Errorf("%+v: the error holds the token", faults)
		}
		h.Edit()
		h.Type(Name, h.Form().Texts[Name]+"y")
		h.Save()
		if m := h.Message(); strings.Contains(m.Text+m.Title, token) {
			t.Errorf("%+v: the message holds the token", faults)
		}
	}
	if len(h.list.texts) == 0 || strings.Contains(strings.Join(h.list.texts, "\n"), strings.ToLower(token)) || strings.Contains(strings.Join(h.list.texts, "\n"), token) {
		t.Errorf("the search texts are %d, or hold the token", len(h.list.texts))
	}
}

// TestBareTokenIsTakenOver: a token that a person has put in the place of an item is shown as
// one that is not saved, and saving it makes the port whole.
func TestBareTokenIsTakenOver(t *testing.T) {
	h := start(t, "fr", nil)
	of := h.save("SET")
	h.ring.Put(of.ID, "TOKEN-BY-HAND")
	h.New()
	h.Open(of)
	h.expect("the message", h.Message().Text, "open.bare_token", "Name", of.Name)
	if c := h.Credential(); c.State != Obtained || h.token() != "TOKEN-BY-HAND" {
		t.Fatalf("the token is not shown: %+v", c)
	}
	h.Save()
	h.noQuestion()
	if got := h.inRing(h.At(0)); got.Token.Reveal() != "TOKEN-BY-HAND" || h.Credential().State != Saved || h.At(0).ID != of.ID {
		t.Error("the token is not taken over")
	}
}

// TestFailedSaveKeepsTheToken, and the message offers to save again or to keep it for the
// session.
func TestFailedSaveKeepsTheToken(t *testing.T) {
	for name, act := range map[string]int{"again": 0, "session": 1} {
		h := start(t, "en", nil)
		h.ring.Change(profiletest.Faults{Set: errRingLocked})
		h.obtain("SET")
		token := h.token()
		h.Save()
		m := h.Message()
		if m.Look != Warning || len(m.Actions) != 2 || h.Credential().State != Obtained || h.token() != token {
			t.Fatalf("%s: %+v, state %d", name, m, h.Credential().State)
		}
		if name == "again" {
			h.ring.Change(profiletest.Faults{})
		}
		h.Act(act)
		c := h.Credential()
		if c.State != Saved || h.token() != token || c.Profile.Session != (name == "session") || h.Rows() != 1 || c.Profile.Name != "Port de Sète" {
			t.Errorf("%s: %+v, %q", name, c.Profile, h.Message().Text)
		}
		if (len(h.ring.Items()) == 1) != (name == "again") {
			t.Errorf("%s: %d items", name, len(h.ring.Items()))
		}
	}
}

// TestEditKeepsAPasswordOfAnotherWindow that kept it meanwhile.
func TestEditKeepsAPasswordOfAnotherWindow(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.Edit()
	h.Type(Note, "begun") // the presenter does not follow while there are edits
	h.editElsewhere(of.ID, func(_ *profile.Profile, s *profile.Secrets) { s.Password = authclient.NewSecret("KEPT-ELSEWHERE") })
	h.noticeElsewhere()
	h.Save()
	if got := h.inRing(h.At(0)); got.Password.Reveal() != "KEPT-ELSEWHERE" || h.At(0).Note != "begun" {
		t.Error("the password that another window kept is erased")
	}
}

// TestPasswordIsKeptOnRequest, replaced, and erased on request.
func TestPasswordIsKeptOnRequest(t *testing.T) {
	h := start(t, "en", nil)
	h.SetKeep(true)
	h.save("SET")
	if got := h.inRing(h.At(0)); got.Password.Reveal() != authtest.DemoPassword || !h.At(0).HasPassword {
		t.Fatal("the password is not kept")
	}
	h.Edit()
	if f := h.Form(); !f.Keep || !f.Password.IsZero() {
		t.Error("the form does not say that a password is kept, or has it")
	}
	h.TypePassword(authclient.NewSecret("ANOTHER"))
	h.Save()
	if got := h.inRing(h.At(0)); got.Password.Reveal() != "ANOTHER" {
		t.Error("the password is not replaced")
	}
	h.Edit()
	h.SetKeep(false)
	h.Save()
	if got := h.inRing(h.At(0)); !got.Password.IsZero() || h.At(0).HasPassword || got.Token.IsZero() {
		t.Error("the password is not erased, or the token is")
	}
}

// TestPortSavedElsewhereIsNotReplaced: another process has saved the credential since the list
// was read.
func TestPortSavedElsewhereIsNotReplaced(t *testing.T) {
	h := start(t, "en", nil)
	h.obtain("SET")
	mine := h.token()
	_, err := h.anotherStore().Put(t.Context(), h.Credential().Profile, func(_ *profile.Profile, s *profile.Secrets) error {
		s.Token = authclient.NewSecret("SAVED-ELSEWHERE")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Save()
	if h.Rows() != 1 || h.inRing(h.At(0)).Token.Reveal() != "SAVED-ELSEWHERE" || h.token() != mine || !h.Credential().Unsaved() {
		t.Errorf("a token was replaced or lost: %q", h.Message().Text)
	}
}

// TestUnreadableListIsNoEmptyOne: a list that cannot be read for a moment leaves the ports that
// are known, so that a login still asks about a saved token.
func TestUnreadableListIsNoEmptyOne(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.MarkAll(true)
	lists, err := filepath.Glob(filepath.Join(h.dir, "*.json"))
	if err != nil || len(lists) != 1 {
		t.Fatal(lists, err)
	}
	content, err := os.ReadFile(lists[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(lists[0]), os.Mkdir(lists[0], 0o700)); err != nil {
		t.Fatal(err)
	}
	h.noticeElsewhere()
	if _, err := h.Listed(); err == nil {
		t.Fatal("the list can be read")
	}
	if h.Rows() != 1 || !h.Marked(of.ID) || h.Message().Text == "" {
		t.Errorf("%d rows, %d marks, message %q", h.Rows(), h.Marks(), h.Message().Text)
	}
	h.New()
	h.submit("SET", "15", authtest.DemoPassword)
	if h.Question() == nil || h.service.Logins() != 1 {
		t.Error("a login that may revoke the saved token is not asked about")
	}
	h.Escape()
	if err := errors.Join(os.Remove(lists[0]), os.WriteFile(lists[0], content, 0o600)); err != nil {
		t.Fatal(err)
	}
	h.noticeElsewhere()
	if _, err := h.Listed(); err != nil || h.Rows() != 1 {
		t.Errorf("%d rows, %v", h.Rows(), err)
	}
}
