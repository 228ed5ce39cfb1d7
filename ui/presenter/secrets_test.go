package presenter

import (
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
)

// TestRevealEnds: a shown token is masked after 30 s, when the window loses the focus, when
// a question or a dialog opens, and by Escape (docs/security.md, line 21).
func TestRevealEnds(t *testing.T) {
	h := start(t, "en", nil)
	h.save("MTP")
	token := h.token()
	for name, end := range map[string]func(){
		"30 s":       func() { h.clock.Advance(time.Second) },
		"focus loss": h.Conceal,
		"the key":    h.ToggleToken,
		"Escape":     h.Escape,
		"a question": func() { h.Inform("title", "text"); h.Answer(-1) },
		"a dialog":   func() { h.OpenDialog(dialog{h}); h.Escape() },
		"the form":   func() { h.Edit(); h.Escape() },
		"a page":     func() { h.ShowPreferences(); h.Back() },
	} {
		h.ToggleToken()
		if got := h.Groups(); strings.Join(got, "") != token || got[0] != token[:4] || got[1] != token[4:8] {
			t.Fatalf("%s: the token is shown as %q", name, got)
		}
		h.clock.Advance(29 * time.Second)
		if !h.Revealed() {
			t.Errorf("%s: the token is masked before 30 s", name)
		}
		h.concealed = 0
		end()
		if h.Revealed() || h.Groups() != nil {
			t.Errorf("%s: the token is still shown", name)
		}
		if h.concealed == 0 {
			t.Errorf("%s: the secrets of the view are still shown", name)
		}
	}
}

// dialog is a dialog of the view.
type dialog struct{ h *harness }

// TestCapturesAreHidden while a secret is shown, unless the user said otherwise.
func TestCapturesAreHidden(t *testing.T) {
	var hidden []bool
	h := start(t, "en", func(_ *harness, d *Deps) { d.HideFromCaptures = func(hide bool) { hidden = append(hidden, hide) } })
	h.save("SET")
	h.ToggleToken()
	h.ToggleToken()
	if len(hidden) != 2 || !hidden[0] || hidden[1] {
		t.Errorf("showing and hiding a token gives %v", hidden)
	}
	h.SecretRevealed(true)
	h.clock.Advance(revealFor)
	if len(hidden) != 4 || !hidden[2] || hidden[3] {
		t.Errorf("a password that is shown for 30 s gives %v", hidden)
	}
	h.Presenter.settings.ShowInCaptures = true
	h.ToggleToken()
	if len(hidden) != 4 {
		t.Error("the window is hidden although the user said otherwise")
	}
}

// TestClipboardCountsDown, and leaves what the user copied since.
func TestClipboardCountsDown(t *testing.T) {
	h := start(t, "en", nil)
	h.save("MTP")
	h.Copy()
	if got, want := h.Clipboard(), (ClipboardState{Held: true, Left: 45, Of: 45}); got != want {
		t.Errorf("the state is %+v, want %+v", got, want)
	}
	h.parts = 0
	h.clock.Advance(44 * time.Second)
	if h.Clipboard().Left != 1 || h.board.text == "" || h.parts&NoticePart == 0 {
		t.Errorf("after 44 s the state is %+v", h.Clipboard())
	}
	h.clock.Advance(time.Second)
	if h.Clipboard().Held || h.board.text != "" {
		t.Error("after 45 s the clipboard is not clear")
	}
	h.Copy()
	h.ClearClipboard()
	if h.board.text != "" || h.Clipboard().Held {
		t.Error("to clear it leaves the token")
	}
	h.expect("the notice", h.CurrentNotice().Text, "clipboard.cleared")
	h.Copy()
	if text := h.CurrentNotice().Text; text != "" {
		t.Errorf("beside a copied token stands %q", text)
	}
	h.board.text = "the user's own"
	h.clock.Advance(time.Minute)
	if h.board.text != "the user's own" {
		t.Error("what the user copied was destroyed")
	}
}

// TestClearAfter: a copy lasts as long as was selected.
func TestClearAfter(t *testing.T) {
	h := start(t, "en", func(_ *harness, d *Deps) { d.Settings.ClearSeconds = 20 })
	h.save("MTP")
	h.Copy()
	h.clock.Advance(19 * time.Second)
	held := h.Clipboard().Held
	h.clock.Advance(time.Second)
	if !held || h.Clipboard().Held {
		t.Errorf("held after 19 s: %v, after 20 s: %v", held, h.Clipboard().Held)
	}
}

// TestIdle: after five minutes without use, the password and the token of a saved port are
// discarded; a token that is not saved is masked and stays.
func TestIdle(t *testing.T) {
	h := start(t, "en", nil)
	h.submit("SET", "15", "wrong")
	h.clock.Advance(idleAfter)
	if !h.Form().Password.IsZero() || h.Form().Texts[PortCode] != "SET" {
		t.Error("the password stays, or the rest does not")
	}
	h.expect("the notice", h.CurrentNotice().Text, "idle.forgotten")
	h.obtain("SET")
	h.ToggleToken()
	h.clock.Advance(idleAfter)
	if c := h.Credential(); c.State != Obtained || !c.HasToken() || h.Revealed() {
		t.Fatal("a token that is not saved is lost, or shown")
	}
	h.Save()
	h.clock.Advance(idleAfter - time.Second)
	h.Active()
	h.clock.Advance(idleAfter - time.Second)
	if h.Credential().State != Saved {
		t.Fatal("forgotten while the window was used")
	}
	h.OpenDialog(dialog{h}) // which may have a passphrase
	h.clock.Advance(idleAfter)
	if c := h.Credential(); c.State != Forgotten || c.HasToken() || h.Blocked() {
		t.Error("the secrets of a saved port, or a dialog, stay")
	}
	h.Open(h.At(0))
	if h.Credential().State != Saved {
		t.Error("the port cannot be opened again")
	}
}

// TestIdleWaitsForATask, which may need the secrets.
func TestIdleWaitsForATask(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.hold = true
	h.Check()
	h.clock.Advance(idleAfter)
	if h.Credential().State != Saved {
		t.Fatal("forgotten while a task runs")
	}
	h.release()
	h.clock.Advance(idleAfter)
	if h.Credential().State != Forgotten {
		t.Error("not forgotten after it")
	}
}

// TestIdleClosesAQuestion, which may send a password.
func TestIdleClosesAQuestion(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.Renew()
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.Login()
	if h.Question() == nil {
		t.Fatal("nothing is asked")
	}
	h.clock.Advance(idleAfter)
	h.noQuestion()
	if !h.Form().Password.IsZero() || h.Credential().State != Forgotten || h.service.Logins() != 1 {
		t.Errorf("state %d, %d logins", h.Credential().State, h.service.Logins())
	}
}

// TestActionsAreAboutWhatIsShown: on a page that does not show the open port, nothing copies or
// shows its token, or checks it.
func TestActionsAreAboutWhatIsShown(t *testing.T) {
	for name, cover := range map[string]func(*harness){
		"preferences":     func(h *harness) { h.ShowPreferences() },
		"troubleshooting": func(h *harness) { h.ShowTroubleshooting() },
		"marked ports":    func(h *harness) { h.Mark(true, 0, 0) },
	} {
		h := start(t, "en", nil)
		h.save("SET")
		cover(h)
		checks := h.service.Checks()
		h.Copy()
		h.CopyAs("json")
		h.ToggleToken()
		h.Check()
		h.WithToken(func(*Credential) { t.Errorf("%s: the token is given out", name) })
		if h.board.text != "" || h.Revealed() || h.service.Checks() != checks {
			t.Errorf("%s: copied %v, shown %v, %d checks", name, h.board.text != "", h.Revealed(), h.service.Checks()-checks)
		}
	}
}
