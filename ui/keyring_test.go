package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"amarre/internal/keyring"
	"amarre/profile/profiletest"
)

// TestSessionFallback: without a keyring profiles are kept for the session, and can be
// saved when the keyring is available.
func TestSessionFallback(t *testing.T) {
	h := start(t, "en", func(h *harness, _ *Deps) {
		h.ring.Change(profiletest.Faults{Set: errGone, Get: errGone, List: errGone, Is: keyring.NoService})
	})
	h.getToken("SET", true)
	h.getToken("MTP", false)
	h.ring.Change(profiletest.Faults{Set: errLocked, Is: keyring.Locked})
	h.shortcut(fyne.KeyS, ctrl)
	h.expect("locked", h.message(), "save.failed", "Why", h.Window.t.T("store.locked"))
	h.tap("result.second") // keep until I quit
	if len(h.all) != 2 || !h.all[0].Session || !h.all[1].Session || h.current.changed {
		t.Fatalf("the list is %+v, %q", h.all, h.message())
	}
	h.expect("the keyring", h.status.keyring.Text, "keyring.locked")

	h.ring.Change(profiletest.Faults{})
	h.onForeground()
	h.expectN("the status", h.status.message.Text, "session.waiting", 2)
	h.tap("status.action")
	if len(h.ring.Items()) != 2 || h.all[0].Session || h.all[1].Session {
		t.Errorf("%d items, the list is %+v, %q", len(h.ring.Items()), h.all, h.message())
	}
	if h.open == nil || h.open.PortCode != "MTP" || h.unsavedNow() {
		t.Error("what is open is not what is saved")
	}
	h.restart("en", nil)
	if len(h.all) != 2 {
		t.Errorf("%d profiles after a restart", len(h.all))
	}
}

// TestEveryStateOfTheKeyring: every state of the keyring has its label, its advice and a
// test that leaves nothing behind.
func TestEveryStateOfTheKeyring(t *testing.T) {
	for _, state := range []keyring.State{keyring.Ready, keyring.Locked, keyring.Unresponsive, keyring.NoBus, keyring.NoService, keyring.NoCollection} {
		h := start(t, "fr", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: state}) })
		h.expect(string(state), h.status.keyring.Text, "keyring."+string(state))
		if h.status.advice.Visible() != (state != keyring.Ready) {
			t.Errorf("%s: the advice is visible: %v", state, h.status.advice.Visible())
		}
		h.aboutKeyring()
		h.expect(string(state), h.dialog.Body().Text, "keyring.advice."+string(state))
		h.answer(0)
		works := strings.HasSuffix(h.dialog.Body().Text, h.Window.t.T("keyring.works"))
		if works == state.Absent() {
			t.Errorf("%s: the test says %q", state, h.dialog.Body().Text)
		}
		if len(h.ring.Items()) != 0 {
			t.Errorf("%s: the test left something", state)
		}
		h.press(fyne.KeyEscape)
		h.noQuestion()
	}
}

func TestListIsRebuilt(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	path := filepath.Join(h.dir, "profiles.json")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The list is missing and the keyring is locked: it is rebuilt after unlocking.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	h.restart("en", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: keyring.Locked}) })
	if len(h.all) != 0 || h.message() != "" {
		t.Errorf("a locked keyring was asked: %+v, %q", h.all, h.message())
	}
	h.ring.Change(profiletest.Faults{})
	h.onForeground()
	h.expectN("found", h.message(), "rebuilt.found", 1)
	if len(h.all) != 1 {
		t.Errorf("the list is %+v", h.all)
	}
	// The list is broken and the keyring is locked: the window offers to rebuild it.
	profiletest.WriteIndex(t, h.dir, []byte(string(good[:len(good)/2])))
	h.restart("en", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: keyring.Locked}) })
	h.expect("broken", h.message(), "rebuild.locked", "Advice", h.Window.t.T("keyring.advice.locked"))
	h.tap("result.first")
	h.expectN("rebuilt", h.message(), "rebuilt.broken", 1)
	if len(h.all) != 1 {
		t.Errorf("the list is %+v", h.all)
	}
	h.rebuildOnRequest()
	h.expect("the status", h.status.message.Text, "rebuild.nothing")
}

// TestQuitWithSessionProfiles: the window asks before it loses profiles of the session.
func TestQuitWithSessionProfiles(t *testing.T) {
	h := start(t, "en", func(h *harness, _ *Deps) {
		h.ring.Change(profiletest.Faults{Set: errGone, List: errGone, Is: keyring.NoService})
	})
	h.getToken("SET", true)
	h.expect("the heading", h.result.heading.Text, "result.session", "Port", "Port de Sète (SET)")
	h.shortcut(fyne.KeyQ, ctrl)
	if h.dialog == nil {
		t.Fatal("tokens are lost without a question")
	}
	h.press(fyne.KeyReturn) // go back
	if h.Window.closed {
		t.Fatal("the default answer quits")
	}
	h.shortcut(fyne.KeyQ, ctrl)
	h.answer(0)
	if !h.Window.closed {
		t.Error("it does not quit")
	}
}
