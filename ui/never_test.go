package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/profile/profiletest"
	"amarre/ui/kit"
)

// holdAfter runs the next n operations and holds the others.
func (h *harness) holdAfter(n int) (restore func()) {
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

// TestReloadKeepsWhatWaits: what waits for a reading of the list is done though another
// reading begins before it ends, as after each save.
func TestReloadKeepsWhatWaits(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	h.getToken("MTP", true)
	h.typeInto("result.note", "edited")
	sete := h.all[h.indexOf(h.idOf("SET"))]
	h.openProfile(sete) // asks
	restore := h.holdAfter(1)
	h.answer(2) // save; its reading of the list takes a moment
	h.reload(nil)
	restore()
	if h.open == nil || h.open.PortCode != "SET" {
		t.Errorf("saved, and the profile that was clicked is not open: %+v", h.open)
	}
}

func (h *harness) idOf(port string) string {
	for _, p := range h.all {
		if p.PortCode == port {
			return p.ID
		}
	}
	h.t.Fatalf("no profile for %s", port)
	return ""
}

func TestQuitAfterSaving(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	h.typeInto("result.note", "edited")
	h.Quit()
	restore := h.holdAfter(1)
	h.answer(2)
	h.reload(nil)
	restore()
	if !h.closed {
		t.Error("saved, and the window is still there")
	}
}

// TestQuitWaitsForASave that runs, and does not cancel it.
func TestQuitWaitsForASave(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", false)
	h.hold = true
	h.shortcut(fyne.KeyS, ctrl)
	h.Quit()
	if h.closed {
		t.Fatal("the window is closed while it saves")
	}
	h.release()
	if !h.closed || len(h.ring.Items()) != 1 {
		t.Errorf("closed: %v, %d items; want the save and then the end", h.closed, len(h.ring.Items()))
	}
}

// TestQuitCancelsALogin: there is nothing to keep.
func TestQuitCancelsALogin(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.hold = true
	h.press(fyne.KeyReturn)
	h.Quit()
	h.release()
	h.answer(0) // what was typed is not saved
	if !h.closed {
		t.Error("the window is still there")
	}
}

// TestQuitAsksAboutDeletions that can be undone as long as the window is open.
func TestQuitAsksAboutDeletions(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	h.deleteSelected()
	h.Quit()
	if h.dialog == nil || h.closed {
		t.Fatal("nothing is asked")
	}
	h.press(fyne.KeyReturn) // stay
	if h.closed {
		t.Fatal("the default answer quits")
	}
	h.Quit()
	h.answer(0)
	if !h.closed {
		t.Error("the window is still there")
	}
}

// TestUndoSkipsWhatCannotBeUndone: a credential that was saved again blocks no earlier
// deletion.
func TestUndoSkipsWhatCannotBeUndone(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	h.getToken("MTP", true)
	for _, port := range []string{"SET", "MTP"} {
		h.deleteProfiles([]profile.Profile{h.all[h.indexOf(h.idOf(port))]})
	}
	h.newProfile()
	h.getToken("MTP", true)
	h.undoDelete()
	if h.message() == "" {
		t.Error("nothing is said of the deletion that cannot be undone")
	}
	h.undoDelete()
	if h.idOf("SET") == "" || len(h.all) != 2 {
		t.Errorf("the list is %+v, want both", h.all)
	}
}

// TestDeletingAsksAboutAnUnsavedToken of the profile: undo would bring the old one back.
func TestDeletingAsksAboutAnUnsavedToken(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.answer(0) // get another
	if !h.current.changed {
		t.Fatal("no new token")
	}
	h.deleteSelected()
	if h.dialog == nil || len(h.all) != 1 {
		t.Fatal("nothing is asked")
	}
	h.press(fyne.KeyReturn)
	if len(h.all) != 1 || h.current == nil || !h.current.changed {
		t.Error("the default answer loses the token")
	}
}

// TestSavedNoteKeepsAPasswordOfAnotherWindow that kept it meanwhile.
func TestSavedNoteKeepsAPasswordOfAnotherWindow(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	h.typeInto("result.note", "begun") // the window does not follow while it has edits
	_, err := h.otherWindow().Edit(t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error {
		s.Password = authclient.NewSecret("KEPT-ELSEWHERE")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.settleElsewhere()
	h.shortcut(fyne.KeyS, ctrl)
	if got := h.stored(h.all[0]); got.Password.Reveal() != "KEPT-ELSEWHERE" {
		t.Error("the password that another window kept is erased")
	}
}

// TestItemThatIsGoneIsSavedWithItsPassword, which the window has.
func TestItemThatIsGoneIsSavedWithItsPassword(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("SET", "15", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.result.keep.SetChecked(true)
	h.shortcut(fyne.KeyS, ctrl)
	if err := h.ring.Delete(h.all[0].ID); err != nil {
		t.Fatal(err)
	}
	h.typeInto("result.note", "a note")
	h.shortcut(fyne.KeyS, ctrl)
	if got := h.stored(h.all[0]); got.Password.Reveal() != authtest.DemoPassword {
		t.Error("the password is not kept, though the box is ticked")
	}
}

// TestChangedPasswordIsKept: the service has given the same token for another password,
// which is the newer one.
func TestChangedPasswordIsKept(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("SET", "15", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.result.keep.SetChecked(true)
	h.shortcut(fyne.KeyS, ctrl)
	_, err := h.deps.Store.Edit(t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error {
		s.Password = authclient.NewSecret("OUTDATED")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h.reload(nil)
	h.openProfile(h.all[0])
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.answer(0)
	if h.result.save.Disabled() {
		t.Error("it cannot be saved")
	}
	h.shortcut(fyne.KeyS, ctrl)
	if got := h.stored(h.all[0]); got.Password.Reveal() != authtest.DemoPassword {
		t.Error("the outdated password is still kept")
	}
}

// TestDismissedMessageHasNoKeys: its button had the focus, and Enter would delete.
func TestDismissedMessageHasNoKeys(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	p := h.all[0]
	h.newProfile()
	text := h.ring.Items()[p.ID]
	if err := h.ring.Delete(p.ID); err != nil {
		t.Fatal(err)
	}
	h.openProfile(p)
	h.win.Canvas().Focus(h.result.actions[1])
	h.press(fyne.KeyEscape)
	h.ring.Put(p.ID, text)
	if h.message() != "" {
		t.Fatal("the message is still there")
	}
	h.press(fyne.KeyReturn)
	if len(h.all) == 0 {
		t.Error("Enter reached the hidden button, which deletes")
	}
	if focused, ok := h.win.Canvas().Focused().(*kit.Button); ok && focused == h.result.actions[1] {
		t.Error("the hidden button has the focus")
	}
}

// TestUndoButtonIsNotTheCancelButton: a click that was meant to cancel does not undo.
func TestUndoButtonIsNotTheCancelButton(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	h.hold = true
	h.deleteSelected()
	cancel := h.named["status.cancel"].(*kit.Button)
	if !cancel.Visible() || h.status.action.Visible() {
		t.Fatal("there is no button to cancel")
	}
	h.release()
	if cancel.Visible() || !h.status.action.Visible() {
		t.Fatal("there is no button to undo")
	}
	test.Tap(cancel)
	if len(h.all) != 0 {
		t.Error("the button to cancel undoes")
	}
}

// TestKeyringThatDies while many are deleted leaves the rest, and what was deleted can be
// undone.
func TestKeyringThatDies(t *testing.T) {
	h := start(t, "en", nil)
	h.three()
	n := 0
	h.ring.Change(profiletest.Faults{Before: func(call, _ string) {
		if call == "delete" {
			if n++; n == 2 {
				h.ring.Change(profiletest.Faults{Get: errGone, Delete: errGone})
			}
		}
	}})
	h.list.markAll(true)
	h.deleteSelected()
	h.ring.Change(profiletest.Faults{})
	h.reload(nil)
	left := len(h.all)
	for range 3 {
		h.undoDelete()
	}
	if len(h.all) != 3 || len(h.ring.Items()) != 3 {
		t.Errorf("%d were left; after undo there are %d profiles and %d items, want 3", left, len(h.all), len(h.ring.Items()))
	}
}
