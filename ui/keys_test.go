package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// TestTypingInADialogIsActivity: the dialog with its passphrase stays.
func TestTypingInADialogIsActivity(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("SET", true)
	h.exportProfiles(h.all)
	for range 10 {
		h.clock.advance(idleAfter - time.Minute)
		h.press(fyne.KeyHome)
	}
	if h.dialog == nil {
		t.Error("the dialog is closed though somebody types in it")
	}
	h.clock.advance(idleAfter + time.Minute)
	if h.dialog != nil {
		t.Error("the dialog is still open though nobody is there")
	}
}
