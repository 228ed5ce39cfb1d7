package presenter

import (
	"testing"

	"github.com/godbus/dbus/v5"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

var (
	errRingLocked = dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
	errNoRing     = dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}
)

// runFirst runs the next n works at once and holds the others, until restore is called.
func (h *harness) runFirst(n int) (restore func()) {
	run := h.deps.Run
	h.deps.Run = func(work func() func()) {
		if n--; n >= 0 {
			run(work)
			return
		}
		h.held = append(h.held, work)
	}
	return func() {
		h.deps.Run = run
		h.release()
	}
}

// listed returns the listed profile of a port.
func (h *harness) listed(port string) profile.Profile {
	h.t.Helper()
	for _, each := range h.Ports() {
		if each.PortCode == port {
			return each
		}
	}
	h.t.Fatalf("%s is not listed", port)
	return profile.Profile{}
}

// TestReloadKeepsWhatWaits: what waits for a reading of the list is done though another
// reading begins before it ends, as after each save.
func TestReloadKeepsWhatWaits(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.save("MTP")
	h.Edit()
	h.Type(Note, "edited")
	h.Open(h.listed("SET")) // asks
	restore := h.runFirst(1)
	h.answer(2) // save; its reading of the list takes a moment
	h.Reload(nil)
	restore()
	if c := h.Credential(); c == nil || c.Profile.PortCode != "SET" || c.State != Saved {
		t.Errorf("saved, and the port that was clicked is not open: %+v", c)
	}
	if h.listed("MTP").Note != "edited" {
		t.Error("not saved")
	}
}

func TestQuitAfterSaving(t *testing.T) {
	h := start(t, "en", nil)
	h.save("MTP")
	h.Edit()
	h.Type(Note, "edited")
	h.Quit()
	restore := h.runFirst(1)
	h.answer(2)
	h.Reload(nil)
	restore()
	if !h.isClosed {
		t.Error("saved, and the window is still there")
	}
}

// TestQuitWaitsForASave that runs, and does not cancel it.
func TestQuitWaitsForASave(t *testing.T) {
	for name, end := range map[string]func(*harness){"quit": func(h *harness) { h.Quit() }, "terminate": func(h *harness) { h.Terminate() }} {
		h := start(t, "en", nil)
		h.obtain("MTP")
		h.hold = true
		h.Save()
		end(h)
		if h.isClosed || h.Task().Cancelled {
			t.Fatalf("%s: the window is closed while it saves", name)
		}
		h.release()
		if !h.isClosed || len(h.ring.Items()) != 1 {
			t.Errorf("%s: closed %v, %d items; want the save and then the end", name, h.isClosed, len(h.ring.Items()))
		}
	}
}

// TestQuitAfterAFailedSave asks about the token.
func TestQuitAfterAFailedSave(t *testing.T) {
	h := start(t, "en", nil)
	h.obtain("MTP")
	h.ring.Change(profiletest.Faults{Set: errRingLocked})
	h.hold = true
	h.Save()
	h.Quit()
	h.release()
	if h.isClosed || h.Question() == nil {
		t.Fatalf("closed %v", h.isClosed)
	}
	h.expect("the question", h.Question().Text, "unsaved.token")
}

// TestQuitCancelsALogin: there is nothing to keep.
func TestQuitCancelsALogin(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.hold = true
	h.Login()
	h.Quit()
	h.release()
	h.answer(0) // what was typed is not saved
	if !h.isClosed || h.service.Logins() != 0 {
		t.Errorf("closed %v, %d logins", h.isClosed, h.service.Logins())
	}
}

// TestQuitAsksAboutDeletions that can be undone as long as the window is open.
func TestQuitAsksAboutDeletions(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("MTP")
	h.Delete([]profile.Profile{of})
	h.Quit()
	if h.Question() == nil || h.isClosed {
		t.Fatal("nothing is asked")
	}
	h.answer(len(h.Question().Answers) - 1) // stay
	if h.isClosed {
		t.Fatal("the default answer quits")
	}
	h.Quit()
	h.answer(0)
	if !h.isClosed {
		t.Error("the window is still there")
	}
}

// TestUndoSkipsWhatCannotBeUndone: a credential that was saved again blocks no earlier
// deletion.
func TestUndoSkipsWhatCannotBeUndone(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.save("MTP")
	for _, port := range []string{"SET", "MTP"} {
		h.Delete([]profile.Profile{h.listed(port)})
	}
	h.save("MTP")
	h.Undo()
	if h.Message().Text == "" {
		t.Error("nothing is said of the deletion that cannot be undone")
	}
	h.Undo()
	if h.listed("SET").ID == "" || h.Rows() != 2 {
		t.Errorf("the list is %+v, want both", h.Ports())
	}
}

// TestDeletingAsksAboutAnUnsavedToken of the port: undo would bring the old one back.
func TestDeletingAsksAboutAnUnsavedToken(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	of := h.save("SET")
	h.again()
	h.Delete([]profile.Profile{of})
	if h.Question() == nil || h.Rows() != 1 {
		t.Fatal("nothing is asked")
	}
	h.Answer(-1)
	if c := h.Credential(); h.Rows() != 1 || c == nil || c.State != Differs {
		t.Error("Escape loses the token")
	}
}

// TestKeyringThatDies while many are deleted leaves the rest, and what was deleted can be
// undone.
func TestKeyringThatDies(t *testing.T) {
	h := start(t, "en", nil)
	for _, port := range []string{"SET", "MTP", "AGD"} {
		h.save(port)
	}
	n := 0
	h.ring.Change(profiletest.Faults{Before: func(call, _ string) {
		if call == "delete" {
			if n++; n == 2 {
				h.ring.Change(profiletest.Faults{Get: errNoRing, Delete: errNoRing})
			}
		}
	}})
	h.MarkAll(true)
	h.Delete(h.Selection())
	h.ring.Change(profiletest.Faults{})
	h.Reload(nil)
	left := h.Rows()
	for range 3 {
		h.Undo()
	}
	if h.Rows() != 3 || len(h.ring.Items()) != 3 {
		t.Errorf("%d were left; after undo there are %d ports and %d items, want 3", left, h.Rows(), len(h.ring.Items()))
	}
}

// TestRepeatedActionBeginsOnce: keys repeat, and a second call does nothing while the first
// runs.
func TestRepeatedActionBeginsOnce(t *testing.T) {
	h := start(t, "fr", nil)
	of := h.save("MTP")
	for name, act := range map[string]func(){"check": h.Check, "delete": func() { h.Delete([]profile.Profile{of}) }, "undo": h.Undo} {
		h.hold = true
		for range 20 {
			act()
		}
		if len(h.held) > 1 {
			t.Errorf("%s began %d times", name, len(h.held))
		}
		h.release()
	}
}

// TestAnswerClosesOneQuestion: not the one that the first opens.
func TestAnswerClosesOneQuestion(t *testing.T) {
	h := start(t, "fr", nil)
	of := h.save("MTP")
	h.Delete([]profile.Profile{of})
	h.New()
	h.Type(Note, "typed")
	h.Quit()
	first := h.Question()
	h.answer(0)
	if h.Question() == nil || h.Question() == first || h.isClosed {
		t.Error("one answer answers two questions")
	}
}

// TestEditsUnderAnotherPage are asked about as if the form were shown, and can be saved.
func TestEditsUnderAnotherPage(t *testing.T) {
	for name, c := range map[string]struct{ begin, leave func(*harness) }{
		"edit, open":      {func(h *harness) { h.Edit() }, func(h *harness) { h.Open(h.listed("SET")) }},
		"edit, quit":      {func(h *harness) { h.Edit() }, func(h *harness) { h.Quit() }},
		"edit, new":       {func(h *harness) { h.Edit() }, func(h *harness) { h.New() }},
		"new, quit":       {func(h *harness) { h.New() }, func(h *harness) { h.Quit() }},
		"new, home":       {func(h *harness) { h.New() }, func(h *harness) { h.Home() }},
		"new, open":       {func(h *harness) { h.New() }, func(h *harness) { h.Open(h.listed("MTP")) }},
		"edit, delete it": {func(h *harness) { h.Edit() }, func(h *harness) { h.Delete(h.list.all[h.indexOf(h.cred.Profile.ID):][:1]) }},
	} {
		h := start(t, "en", nil)
		h.save("SET")
		h.save("MTP")
		c.begin(h)
		h.Type(Note, "edited")
		h.ShowPreferences()
		c.leave(h)
		if h.Question() == nil {
			t.Errorf("%s: the edits are lost without a question", name)
			continue
		}
		h.answer(1)
		h.Back()
		if h.Form().Texts[Note] != "edited" || h.Page() != Editing {
			t.Errorf("%s: to go back loses the edits", name)
		}
		if h.Form().Mode != EditPort || name == "edit, delete it" {
			continue
		}
		h.ShowTroubleshooting()
		c.leave(h)
		h.answer(2)
		if h.listed("MTP").Note != "edited" {
			t.Errorf("%s: the edits are not saved", name)
		}
	}
}

// TestQuitAsksAboutASessionJustSaved: the list is not read again yet.
func TestQuitAsksAboutASessionJustSaved(t *testing.T) {
	h := start(t, "en", nil)
	h.obtain("SET")
	h.ring.Change(profiletest.Faults{Get: errNoRing, Set: errNoRing, List: errNoRing, Is: keyring.NoService})
	h.hold = true
	h.Save()
	h.Quit()
	save := h.held[0]
	h.held = h.held[1:]
	save()()
	if h.isClosed || h.Question() == nil {
		t.Fatal("the only copy of the token is lost")
	}
	h.expectN("the question", h.Question().Text, "session.quit", 1)
}

// TestClosedWindowHasNoSecret, and no timer.
func TestClosedWindowHasNoSecret(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.Renew()
	h.TypePassword(authclient.NewSecret("typed"))
	h.hold = true
	h.Login()
	if h.Question() != nil {
		h.answer(0)
	}
	h.Close()
	if h.Credential() != nil || !h.Form().Password.IsZero() || h.Question() != nil || h.clock.Waiting() != 0 {
		t.Errorf("%d timers", h.clock.Waiting())
	}
	h.release()
	if h.Credential() != nil {
		t.Error("an answer opens something in a closed window")
	}
}

// TestFixedFieldsCannotBeTyped: a renewal is for its own port.
func TestFixedFieldsCannotBeTyped(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	for _, begin := range []func(){h.Renew, h.Edit} {
		begin()
		for _, field := range []Field{Service, PortCode, ERPID} {
			before := h.Form().Texts[field]
			h.Type(field, "7")
			if h.Form().Texts[field] != before {
				t.Errorf("mode %d: field %d was changed", h.Form().Mode, field)
			}
		}
		h.CancelForm()
		h.noQuestion()
	}
}
