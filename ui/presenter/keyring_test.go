package presenter

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestSessionFallback: without a keyring ports are kept for the session, and can be saved when
// the keyring is available. What is open stays open.
func TestSessionFallback(t *testing.T) {
	h := start(t, "en", func(h *harness, _ *Deps) {
		h.ring.Change(profiletest.Faults{Set: errNoRing, Get: errNoRing, List: errNoRing, Is: keyring.NoService})
	})
	h.save("SET")
	h.expect("the notice", h.CurrentNotice().Text, "save.done_session", "Name", "Port de Sète")
	h.obtain("MTP")
	h.ring.Change(profiletest.Faults{Set: errRingLocked, Is: keyring.Locked})
	h.Save()
	h.expect("the message", h.Message().Text, "save.failed", "Why", h.Texts().T("store.locked"))
	h.expect("the second button", h.Message().Actions[1].Label, "save.session")
	h.Act(1)
	if all := h.Ports(); len(all) != 2 || !all[0].Session || !all[1].Session || h.Credential().State != Saved {
		t.Fatalf("the list is %+v, %q", all, h.Message().Text)
	}
	if h.Keyring() != keyring.Locked {
		t.Errorf("the keyring is %q", h.Keyring())
	}

	h.ring.Change(profiletest.Faults{})
	h.OnForeground()
	h.expectN("the notice", h.CurrentNotice().Text, "session.waiting", 2)
	open, token := h.OpenID(), h.token()
	h.ActOnNotice()
	if len(h.ring.Items()) != 2 || h.Ports()[0].Session || h.Ports()[1].Session {
		t.Errorf("%d items, the list is %+v, %q", len(h.ring.Items()), h.Ports(), h.Message().Text)
	}
	h.expectN("the notice", h.CurrentNotice().Text, "session.saved", 2)
	if c := h.Credential(); h.OpenID() != open || c.Profile.Session || c.State != Saved || h.token() != token || h.inRing(c.Profile).Token.Reveal() != token {
		t.Errorf("open is %+v in state %d", c.Profile, c.State)
	}
	h.restart("en", nil)
	if h.Rows() != 2 {
		t.Errorf("%d profiles after a restart", h.Rows())
	}
}

// TestSessionThatIsNotSaved stays what it was: the open port too.
func TestSessionThatIsNotSaved(t *testing.T) {
	h := start(t, "en", func(h *harness, _ *Deps) {
		h.ring.Change(profiletest.Faults{Set: errNoRing, List: errNoRing, Is: keyring.NoService})
	})
	of := h.save("SET")
	h.hold = true
	h.SaveSession()
	h.held[0]()() // the list is not read yet
	if h.OpenID() != of.ID {
		t.Errorf("open is %q, want %q", h.OpenID(), of.ID)
	}
	h.release()
	if c := h.Credential(); h.OpenID() != of.ID || !c.Profile.Session || h.inSession() != 1 || h.Message().Text == "" {
		t.Errorf("open is %+v, %d in the session, %q", c.Profile, h.inSession(), h.Message().Text)
	}
}

// TestQuitWithSessionProfiles: the window asks before it loses profiles of the session.
func TestQuitWithSessionProfiles(t *testing.T) {
	h := start(t, "en", func(h *harness, _ *Deps) {
		h.ring.Change(profiletest.Faults{Set: errNoRing, List: errNoRing, Is: keyring.NoService})
	})
	h.save("SET")
	h.Quit()
	if h.Question() == nil {
		t.Fatal("tokens are lost without a question")
	}
	h.expectN("the question", h.Question().Text, "session.quit", 1)
	h.answer(len(h.Question().Answers) - 1) // the default
	if h.Closed() {
		t.Fatal("the default answer quits")
	}
	h.Quit()
	h.answer(0)
	if !h.isClosed {
		t.Error("it does not quit")
	}
}

// TestEveryStateOfTheKeyring is known, and the test of the keyring leaves nothing behind.
func TestEveryStateOfTheKeyring(t *testing.T) {
	for _, state := range []keyring.State{keyring.Ready, keyring.Locked, keyring.Unresponsive, keyring.NoBus, keyring.NoService, keyring.NoCollection} {
		h := start(t, "fr", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: state}) })
		if h.Keyring() != state {
			t.Errorf("%s is shown as %q", state, h.Keyring())
		}
		h.OpenDialog(dialog{h})
		steps, works := 0, false
		h.TestKeyring(func(text string) {
			if steps++; text == "" {
				t.Errorf("%s: a step has no text", state)
			}
		}, func(ok bool) { works = ok })
		if steps == 0 || works == state.Absent() || h.Task() != nil {
			t.Errorf("%s: it works: %v, after %d steps", state, works, steps)
		}
		if len(h.ring.Items()) != 0 {
			t.Errorf("%s: the test left something", state)
		}
	}
}

// TestKeyringErrors: no error loses the token, and what failed works again afterwards.
func TestKeyringErrors(t *testing.T) {
	h := start(t, "fr", nil)
	h.ring.Change(profiletest.Faults{Set: errRingLocked})
	h.obtain("MTP")
	h.Save()
	h.expect("locked", h.Message().Text, "save.failed", "Why", h.Texts().T("store.locked"))
	if h.Credential().State != Obtained || h.Rows() != 0 {
		t.Error("the token is lost, or said to be saved")
	}
	h.ring.Change(profiletest.Faults{})
	h.Act(0) // again
	if h.Credential().State != Saved || h.Rows() != 1 {
		t.Errorf("state %d, %q", h.Credential().State, h.Message().Text)
	}
	of := h.save("SET")
	h.Home()
	h.ring.Change(profiletest.Faults{Get: errRingLocked, Is: keyring.Locked})
	h.Open(of)
	if c := h.Credential(); c.State != Unreadable || c.Why != h.Texts().T("store.locked") || c.HasToken() || h.Keyring() != keyring.Locked {
		t.Errorf("state %d, %q, the keyring is %q", c.State, c.Why, h.Keyring())
	}
	h.ring.Change(profiletest.Faults{})
	h.OnForeground() // the user has unlocked it
	if c := h.Credential(); c.State != Saved || c.Why != "" {
		t.Errorf("after it was unlocked: state %d, %q", c.State, c.Why)
	}
	for name := range h.ring.Items() {
		if err := h.ring.Delete(name); err != nil {
			t.Fatal(err)
		}
	}
	h.Home()
	h.Open(of)
	if c := h.Credential(); c.State != Missing || c.Why != h.Texts().T("store.missing") || !h.listed("SET").Missing {
		t.Errorf("without its item: state %d, %q", c.State, c.Why)
	}
	h.Renew()
	if h.Form().Texts[PortCode] != "SET" || h.field != Password {
		t.Error("a profile without its item does not fill the form")
	}
}

// TestListIsRebuilt from the keyring if it is missing or broken, once the keyring is unlocked.
func TestListIsRebuilt(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	path := filepath.Join(h.dir, "profiles.json")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	locked := func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: keyring.Locked}) }
	h.restart("en", locked)
	if h.Rows() != 0 || h.Message().Text != "" {
		t.Errorf("a locked keyring was asked: %d rows, %q", h.Rows(), h.Message().Text)
	}
	h.ring.Change(profiletest.Faults{})
	h.OnForeground()
	h.expectN("found", h.Message().Text, "rebuilt.found", 1)
	if h.Rows() != 1 {
		t.Errorf("%d rows", h.Rows())
	}

	profiletest.WriteIndex(t, h.dir, good[:len(good)/2])
	h.restart("en", locked)
	h.expect("broken", h.Message().Text, "rebuild.locked", "Advice", h.Texts().T("keyring.advice.locked"))
	h.Act(0)
	h.expectN("rebuilt", h.Message().Text, "rebuilt.broken", 1)
	if h.Rows() != 1 {
		t.Errorf("%d rows", h.Rows())
	}
	h.Rebuild()
	h.expect("the notice", h.CurrentNotice().Text, "rebuild.nothing")

	h.Close()
	profiletest.WriteIndex(t, h.dir, []byte("{"))
	h.restart("en", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{}) })
	h.expectN("without a question", h.Message().Text, "rebuilt.broken", 1)
}

// TestFailedRebuildCanBeTried again.
func TestFailedRebuildCanBeTried(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.Close()
	profiletest.WriteIndex(t, h.dir, []byte("{"))
	h.restart("en", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{List: errors.New("no reply")}) })
	if _, err := h.Listed(); !profile.IsBroken(err) || len(h.Message().Actions) != 1 {
		t.Fatalf("%v, the message is %+v", err, h.Message())
	}
	h.ring.Change(profiletest.Faults{})
	h.Act(0)
	if _, err := h.Listed(); err != nil || h.Rows() != 1 {
		t.Errorf("%d rows, %v, %q", h.Rows(), err, h.Message().Text)
	}
}

// TestOlderStateIsDropped: an answer that comes late says nothing of the keyring now.
func TestOlderStateIsDropped(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.ring.Change(profiletest.Faults{Is: keyring.Locked})
	var late func()
	run := h.Presenter.deps.Run
	h.Presenter.deps.Run = func(work func() func()) { late = work() }
	h.readKeyringState()
	h.Presenter.deps.Run = run
	h.ring.Change(profiletest.Faults{})
	h.readKeyringState()
	late()
	if h.Keyring() != keyring.Ready {
		t.Errorf("the keyring is %q", h.Keyring())
	}
}
