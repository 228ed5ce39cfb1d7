package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"amarre/authclient/authtest"
	"amarre/ui/kit"
)

// TestHeldDeleteDeletesOnce: the repeats of the key reach the row that follows.
func TestHeldDeleteDeletesOnce(t *testing.T) {
	h := start(t, "fr", nil)
	h.three()
	h.win.Canvas().Focus(h.list.list)
	h.list.list.MoveTo(0)
	h.holdDown(fyne.KeyDelete, 20)
	if len(h.all) != 2 {
		t.Errorf("%d profiles are left, want 2", len(h.all))
	}
}

// TestHeldEnterLogsInOnce, and does not copy the token when the button to copy it has got
// the focus.
func TestHeldEnterLogsInOnce(t *testing.T) {
	h := start(t, "fr", nil)
	h.credentials("MTP", "15", "wrong")
	h.holdDown(fyne.KeyReturn, 20)
	if n := h.service.Logins(); n != 1 {
		t.Errorf("%d logins, want 1", n)
	}
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.holdDown(fyne.KeyReturn, 20)
	if h.current == nil || h.board.text != "" || h.current.copied {
		t.Errorf("the token is copied: %q", h.board.text)
	}
}

// TestHeldShortcutActsOnce: a menu's shortcut repeats as any key does.
func TestHeldShortcutActsOnce(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("MTP", true)
	before := h.service.Checks()
	h.holdDown(fyne.KeyF5, 20)
	if n := h.service.Checks() - before; n != 1 {
		t.Errorf("F5 held: %d checks, want 1", n)
	}
	before = h.service.Checks()
	h.keyDown(fyne.KeyF5)
	for range 20 {
		h.shortcut(fyne.KeyF5, 0)
	}
	h.keyUp(fyne.KeyF5)
	if n := h.service.Checks() - before; n != 1 {
		t.Errorf("the shortcut held: %d checks, want 1", n)
	}
	h.shortcut(fyne.KeyF5, 0)
	h.shortcut(fyne.KeyF5, 0) // clicks in the menu
	if n := h.service.Checks() - before; n != 3 {
		t.Errorf("two clicks: %d checks, want 2 more", n)
	}
}

// TestHeldEnterAnswersOneQuestion: not the one that the first opens.
func TestHeldEnterAnswersOneQuestion(t *testing.T) {
	h := start(t, "fr", nil)
	answered := 0
	h.ask("first", "", kit.Answer{Text: "go on", Do: func() {
		answered++
		h.ask("second", "", kit.Answer{Text: "go on", Do: func() { answered++ }})
	}})
	h.holdDown(fyne.KeyReturn, 20)
	if answered != 1 || h.dialog == nil {
		t.Errorf("%d questions are answered, want 1", answered)
	}
}
