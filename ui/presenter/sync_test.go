package presenter

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestChangeElsewhereKeepsThePage: what another program changes is taken over where the user
// is, with the token, and moves neither page, marks, focus nor what is being typed.
func TestChangeElsewhereKeepsThePage(t *testing.T) {
	for name, c := range map[string]struct {
		begin func(*harness)
		page  Page
		mode  Mode
	}{
		"page":            {func(*harness) {}, Reading, NewPort},
		"preferences":     {func(h *harness) { h.ShowPreferences() }, Preferences, NewPort},
		"form":            {func(h *harness) { h.Edit() }, Editing, EditPort},
		"form, below":     {func(h *harness) { h.Edit(); h.ShowTroubleshooting() }, Troubleshooting, EditPort},
		"renewal":         {func(h *harness) { h.Renew(); h.TypePassword(authclient.NewSecret("typed")) }, Editing, Renew},
		"marks and focus": {func(h *harness) { h.Mark(true, 0, 0) }, Reading, NewPort},
	} {
		h := start(t, "en", nil)
		of := h.save("SET")
		c.begin(h)
		h.focused = Nowhere
		marks := h.Marks()
		newer := authclient.NewSecret("NEWER-TOKEN")
		h.editElsewhere(of.ID, func(of *profile.Profile, s *profile.Secrets) { of.Name, s.Token = "Elsewhere", newer })
		h.noticeElsewhere()
		if got := h.Credential(); got.Profile.Name != "Elsewhere" || !got.Secrets.Token.Equal(newer) || got.State != Saved {
			t.Errorf("%s: open is %q, with the new token: %v", name, got.Profile.Name, got.Secrets.Token.Equal(newer))
		}
		if h.Page() != c.page || h.Marks() != marks || h.focused != Nowhere {
			t.Errorf("%s: page %d, %d marks, focus %d", name, h.Page(), h.Marks(), h.focused)
		}
		if h.under() == Editing && (h.Form().Mode != c.mode || h.Form().Texts[Name] != "Elsewhere" || h.formEdited()) {
			t.Errorf("%s: the form of mode %d has %q", name, h.Form().Mode, h.Form().Texts)
		}
		if c.mode == Renew && h.Form().Password.Reveal() != "typed" {
			t.Error("the password that was typed is lost")
		}
	}
}

// TestChangeElsewhereIsNotMissed: a change that is noticed while a task runs or something is
// asked is taken over afterwards.
func TestChangeElsewhereIsNotMissed(t *testing.T) {
	for name, c := range map[string]struct{ begin, end func(*harness) }{
		"task":     {func(h *harness) { h.hold = true; h.Check(); h.Cancel(); h.hold = false }, (*harness).release},
		"question": {func(h *harness) { h.Inform("title", "text") }, (*harness).Escape},
		"dialog":   {func(h *harness) { h.OpenDialog(dialog{h}) }, (*harness).Escape},
		"edits":    {func(h *harness) { h.Edit(); h.Type(Note, "typed") }, func(h *harness) { h.CancelForm(); h.answer(0) }},
	} {
		h := start(t, "en", nil)
		of := h.save("SET")
		c.begin(h)
		h.editElsewhere(of.ID, func(of *profile.Profile, _ *profile.Secrets) { of.Name = "Elsewhere" })
		h.noticeElsewhere()
		c.end(h)
		if got := h.OpenName(); got != "Elsewhere" {
			t.Errorf("%s: the page shows %q", name, got)
		}
	}
}

// TestReloadButtonAsks before it discards what was typed, and reads what is saved then.
func TestReloadButtonAsks(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.Edit()
	h.Type(Note, "typed")
	h.editElsewhere(of.ID, func(of *profile.Profile, _ *profile.Secrets) { of.Name = "Elsewhere" })
	h.noticeElsewhere()
	h.Act(0)
	if h.Question() == nil || h.Form().Texts[Note] != "typed" {
		t.Fatal("the edits are lost without a question")
	}
	h.answer(2) // save
	if c := h.Credential(); c.Profile.Name != "Elsewhere" || c.Profile.Note != "typed" || h.Page() != Reading {
		t.Errorf("open is %+v", c.Profile)
	}
}

// TestForgottenStaysForgotten: a change elsewhere puts no secret back into memory while nobody
// uses the window.
func TestForgottenStaysForgotten(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.clock.Advance(idleAfter)
	h.editElsewhere(of.ID, func(of *profile.Profile, _ *profile.Secrets) { of.Name = "Elsewhere" })
	h.noticeElsewhere()
	if c := h.Credential(); c.State != Forgotten || c.HasToken() || c.Profile.Name != "Elsewhere" {
		t.Errorf("state %d, token %v, name %q", c.State, c.HasToken(), c.Profile.Name)
	}
}

// TestReadingTheTokenKeepsTheForm: to copy a forgotten token discards no edits.
func TestReadingTheTokenKeepsTheForm(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	token := h.token()
	h.Edit()
	h.Type(Note, "typed")
	h.clock.Advance(idleAfter)
	h.Copy()
	if h.board.text != token || h.Page() != Editing || h.Form().Texts[Note] != "typed" || !h.formEdited() {
		t.Errorf("copied %v, page %d, note %q", h.board.text == token, h.Page(), h.Form().Texts[Note])
	}
	h.Save()
	if h.At(0).Note != "typed" {
		t.Error("the edits are not saved")
	}
}

// TestKeyringBecomesReadyBesideEdits, which stay.
func TestKeyringBecomesReadyBesideEdits(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.Home()
	h.ring.Change(profiletest.Faults{Get: errRingLocked, Is: keyring.Locked})
	h.readKeyringState()
	h.Open(h.At(0))
	if h.Credential().State != Unreadable {
		t.Fatalf("state %d", h.Credential().State)
	}
	h.Edit()
	h.Type(Note, "typed")
	h.ring.Change(profiletest.Faults{})
	h.OnForeground()
	if h.Page() != Editing || h.Form().Texts[Note] != "typed" || h.Credential().State != Saved {
		t.Errorf("page %d, note %q, state %d", h.Page(), h.Form().Texts[Note], h.Credential().State)
	}
}

// TestTokenOutlivesItsItem: the keyring loses the item of the open port, so that the token in
// memory is the only copy.
func TestTokenOutlivesItsItem(t *testing.T) {
	for _, name := range []string{"noticed by another program", "with a change"} {
		h := start(t, "en", nil)
		of := h.save("SET")
		token := h.token()
		if name == "with a change" {
			h.editElsewhere(of.ID, func(of *profile.Profile, _ *profile.Secrets) { of.Name = "Elsewhere" })
		}
		if err := h.ring.Delete(of.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.anotherStore().Load(t.Context(), of); err == nil {
			t.Fatal("the item is there")
		}
		h.noticeElsewhere()
		if got := h.Credential(); got.State != Obtained || h.token() != token {
			t.Fatalf("%s: state %d, token kept %v", name, got.State, h.token() == token)
		}
		h.Quit()
		h.answer(2) // save
		if got := h.ring.Items(); len(got) != 1 || !h.isClosed {
			t.Errorf("%s: %d items, closed %v", name, len(got), h.isClosed)
		}
	}
}

// TestFailedReadingKeepsTheToken that is in memory.
func TestFailedReadingKeepsTheToken(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	token := h.token()
	h.editElsewhere(of.ID, func(of *profile.Profile, _ *profile.Secrets) { of.Name = "Elsewhere" })
	h.ring.Change(profiletest.Faults{Get: errors.New("broken")})
	h.noticeElsewhere()
	if c := h.Credential(); c.State != Saved || h.token() != token {
		t.Errorf("state %d, token kept %v", c.State, h.token() == token)
	}
	h.expect("the message", h.Message().Text, "elsewhere.changed", "Name", "Elsewhere")
}

// TestDeletedElsewhereKeepsTheEdits with the token.
func TestDeletedElsewhereKeepsTheEdits(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.Edit()
	h.Type(Note, "typed")
	if _, err := h.anotherStore().Delete(t.Context(), of.ID); err != nil {
		t.Fatal(err)
	}
	h.noticeElsewhere()
	h.Save()
	if h.Rows() != 1 || h.At(0).Note != "typed" || h.At(0).Name != of.Name {
		t.Errorf("saved is %+v", h.Ports())
	}
}

// TestRebuildIsNotMissed: the list turns out to be missing while a task runs.
func TestRebuildIsNotMissed(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	lists, err := filepath.Glob(filepath.Join(h.dir, "*.json"))
	if err != nil || len(lists) != 1 {
		t.Fatal(lists, err)
	}
	h.hold = true
	h.Check()
	h.hold = false
	if err := os.Remove(lists[0]); err != nil {
		t.Fatal(err)
	}
	h.noticeElsewhere()
	h.Cancel()
	h.release()
	if h.Rows() != 1 {
		t.Errorf("%d rows", h.Rows())
	}
}

// TestButtonsWait: a button of a message or a notice does nothing, and stays, while a task runs
// or something is asked.
func TestButtonsWait(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.Delete([]profile.Profile{of})
	h.Trouble("text", Action{"label", func() { t.Error("the button of the message acts") }})
	h.Inform("title", "text")
	h.ActOnNotice()
	h.Act(0)
	h.Escape()
	if h.CurrentNotice().Action.Do == nil || h.Rows() != 0 {
		t.Fatal("the notice is gone, or was acted on")
	}
	h.ActOnNotice()
	if h.Rows() != 1 {
		t.Error("the button of the notice does nothing")
	}
}

// TestRereadIsNoActivity: a change by another program does not keep secrets in memory longer.
func TestRereadIsNoActivity(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.clock.Advance(idleAfter - 2*time.Minute)
	h.editElsewhere(of.ID, func(p *profile.Profile, _ *profile.Secrets) { p.Name = "Elsewhere" }) // a minute later
	h.noticeElsewhere()
	if h.Credential().Profile.Name != "Elsewhere" || h.Credential().State != Saved {
		t.Fatalf("open is %+v", h.Credential().Profile)
	}
	h.clock.Advance(time.Minute)
	if h.Credential().State != Forgotten {
		t.Errorf("state %d after five minutes without activity", h.Credential().State)
	}
}
