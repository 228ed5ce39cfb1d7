package presenter

import (
	"testing"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestContinuationIsNoSecondTask: what follows a save waits until no task runs, and is left if
// something else was opened meanwhile.
func TestContinuationIsNoSecondTask(t *testing.T) {
	for _, elsewhere := range []bool{false, true} {
		h := start(t, "en", nil)
		h.save("SET")
		h.save("MTP")
		h.Edit()
		h.Type(Note, "typed")
		h.Open(h.listed("SET"))
		restore := h.runFirst(1)
		h.answer(2) // the list is still being read
		if elsewhere {
			h.New()
			h.Type(Note, "begun")
		} else {
			h.Check()
		}
		task := h.Task()
		list := h.held[0]
		h.held = h.held[1:]
		list()()
		if h.Task() != task {
			t.Errorf("elsewhere %v: another task begins while one runs", elsewhere)
		}
		restore()
		if !elsewhere && h.Credential().Profile.PortCode != "SET" {
			t.Error("the port that was clicked is not open")
		}
		if elsewhere && (h.Page() != Editing || h.Form().Texts[Note] != "begun") {
			t.Error("what was begun meanwhile is lost")
		}
	}
}

// TestSameTokenGoesOn: to save a token that turns out to be the stored one does what was asked
// for, as a save does.
func TestSameTokenGoesOn(t *testing.T) {
	for _, keep := range []bool{false, true} {
		h := start(t, "en", nil)
		h.save("SET")
		h.Renew()
		h.SetKeep(keep)
		h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
		h.Login()
		h.ring.Faults.Get = errRingLocked
		h.answer(0)
		h.ring.Faults.Get = nil
		h.Quit()
		h.answer(2) // save
		if !h.isClosed {
			t.Errorf("keep %v: the window is still there: %q", keep, h.Message().Text)
		}
	}
}

// TestNothingDecidesBetweenTwoTokens but the two buttons: Save does nothing, and the question
// about the new token does not offer it.
func TestNothingDecidesBetweenTwoTokens(t *testing.T) {
	h, _ := newTokens(t, "en")
	old := h.token()
	h.again()
	fresh := h.token()
	h.Save()
	h.SaveAndCopy()
	if h.Credential().State != Differs || h.inRing(h.At(0)).Token.Reveal() != old || h.board.text != "" {
		t.Fatal("Save decides")
	}
	h.Quit()
	h.expect("the question", h.Question().Text, "unsaved.token")
	if n := len(h.Question().Answers); n != 2 {
		t.Errorf("%d answers", n)
	}
	h.answer(1)
	if h.token() != fresh || h.isClosed {
		t.Error("to go back loses the new token")
	}
	h.Quit()
	h.answer(0)
	if !h.isClosed || len(h.ring.Items()) != 1 {
		t.Error("to discard it does not quit")
	}
}

// TestDiscardedTokenLeavesNoPage without a port.
func TestDiscardedTokenLeavesNoPage(t *testing.T) {
	h, of := newTokens(t, "en")
	h.again()
	h.ring.Change(profiletest.Faults{Delete: errRingLocked})
	h.Delete([]profile.Profile{of})
	h.answer(0)
	if h.Page() != Overview || h.Credential() != nil {
		t.Errorf("page %d, open %v", h.Page(), h.Credential())
	}
}

// TestTypedDuringASave stays, as a change that is not saved.
func TestTypedDuringASave(t *testing.T) {
	for name, begin := range map[string]func(*harness){
		"edit": func(h *harness) { h.save("SET"); h.Edit(); h.Type(Name, "First") },
		"new":  func(h *harness) { h.obtain("SET"); h.Type(Name, "First") },
	} {
		h := start(t, "en", nil)
		begin(h)
		h.hold = true
		h.Save()
		h.Type(Note, "meanwhile")
		h.Quit()
		h.release()
		if h.isClosed || h.Question() == nil {
			t.Fatalf("%s: what was typed is lost", name)
		}
		h.answer(2)
		if got := h.At(0); !h.isClosed || got.Name != "First" || got.Note != "meanwhile" {
			t.Errorf("%s: saved %+v", name, got)
		}
	}
}

// TestNameDuringASave: the name of the port that arrives while the port is saved is no change of
// the user.
func TestNameDuringASave(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("SET", "15", authtest.DemoPassword)
	restore := h.runFirst(1)
	h.Login()
	h.Save()
	restore() // the name, then the save
	if h.Page() != Reading || h.Credential().State != Saved {
		t.Errorf("page %d, state %d", h.Page(), h.Credential().State)
	}
}

// TestFailedCopyIsStillSaid after the save that followed it.
func TestFailedCopyIsStillSaid(t *testing.T) {
	h := start(t, "en", func(_ *harness, d *Deps) { d.Board = deafBoard{} })
	h.obtain("SET")
	h.SaveAndCopy()
	h.expect("the message", h.Message().Text, "clipboard.failed")
	if h.Credential().State != Saved {
		t.Error("not saved")
	}
	h.Edit()
	h.Type(Note, "typed")
	h.Escape() // dismisses the message
	h.Save()
	if h.Message().Text != "" {
		t.Error("it is said again")
	}
}

// deafBoard is a clipboard that takes nothing.
type deafBoard struct{}

func (deafBoard) Content() string   { return "" }
func (deafBoard) SetContent(string) {}

// TestItemThatIsGoneIsSavedWithItsPassword: the keyring lost the item of the open port, and its
// secrets in memory are the only copy.
func TestItemThatIsGoneIsSavedWithItsPassword(t *testing.T) {
	for _, keep := range []bool{true, false} {
		h := start(t, "en", nil)
		h.SetKeep(keep)
		of := h.save("SET")
		token := h.token()
		if err := h.ring.Delete(of.ID); err != nil {
			t.Fatal(err)
		}
		h.Edit()
		h.Type(Note, "a note")
		h.Save()
		if len(h.ring.Items()) != 1 {
			t.Fatalf("keep %v: not saved: %q", keep, h.Message().Text)
		}
		got := h.inRing(h.At(0))
		if got.Token.Reveal() != token || (got.Password.Reveal() == authtest.DemoPassword) != keep || h.At(0).Note != "a note" || h.At(0).Name != of.Name {
			t.Errorf("keep %v: saved %+v", keep, h.At(0))
		}
	}
}

// TestPasswordToKeepIsAskedFor where the form has none.
func TestPasswordToKeepIsAskedFor(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.Edit()
	h.SetKeep(true)
	h.Save()
	h.expect("the password", h.Form().Problems[Password].Text, "error.password")
	if h.Page() != Editing || h.field != Password {
		t.Errorf("page %d, focus on %d", h.Page(), h.field)
	}
}

// TestPasswordIsKeptNoLonger when a renewal says so, whether the token is another or not.
func TestPasswordIsKeptNoLonger(t *testing.T) {
	for _, another := range []bool{false, true} {
		h := start(t, "en", nil)
		h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: another})
		h.SetKeep(true)
		h.save("SET")
		h.Renew()
		h.SetKeep(false)
		h.Login()
		h.answer(0)
		if another {
			h.SaveNew()
		}
		if got := h.inRing(h.At(0)); !got.Password.IsZero() || h.Credential().State != Saved {
			t.Errorf("another token %v: the password is still kept", another)
		}
	}
}

// TestTypedForASavedPort: what was typed in the form for a new port that turns out to be saved
// is not lost, and saves nothing by itself.
func TestTypedForASavedPort(t *testing.T) {
	for _, another := range []bool{false, true} {
		h := start(t, "en", nil)
		h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: another})
		h.Type(Note, "the old note")
		h.Type(ERP, "Alizée")
		h.SetEnvironment(profile.Test)
		h.save("SET")
		h.New()
		h.Type(Note, "typed")
		h.submit("SET", "15", authtest.DemoPassword)
		h.answer(0)
		if h.At(0).Note != "the old note" {
			t.Fatal("saved without a decision")
		}
		if another {
			h.SaveNew()
		} else {
			h.Save()
		}
		if got := h.At(0); got.Note != "typed" || got.ERP != "Alizée" || got.Name != "Port de Sète" || got.Environment != profile.Test || h.Rows() != 1 {
			t.Errorf("another token %v: saved %+v", another, got)
		}
	}
}
