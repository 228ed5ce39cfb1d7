package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/handover"
	"amarre/profile"
	"amarre/profile/profiletest"
	"amarre/ui/kit"
)

// drawn returns every text that is drawn, without spaces and line breaks, so that a secret in
// groups is found too.
func (h *harness) drawn() string { return strings.ReplaceAll(strings.Join(h.texts(), ""), " ", "") }

// TestMaskedWindowHasNoSecret: neither the token nor the password is in a text or in the title
// until it is shown (docs/security.md, line 22).
func TestMaskedWindowHasNoSecret(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", authtest.DemoPassword)
	if strings.Contains(h.drawn(), authtest.DemoPassword) {
		t.Error("the form shows the password")
	}
	h.getToken("MTP", false)
	for _, state := range []string{"obtained", "saved"} {
		if strings.Contains(h.drawn(), h.token()) || strings.Contains(h.win.Title(), h.token()) {
			t.Errorf("%s: the window shows the token", state)
		}
		h.shortcut(fyne.KeyH, ctrl|shift)
		if !strings.Contains(h.drawn(), h.token()) {
			t.Errorf("%s: the token is not found where it is shown", state)
		}
		if strings.Contains(h.win.Title(), h.token()) {
			t.Errorf("%s: the title has the token", state)
		}
		h.shortcut(fyne.KeyH, ctrl|shift)
		h.shortcut(fyne.KeyS, ctrl)
	}
}

// TestComparingShowsNoSecret: a configuration of an ERP is compared, from the clipboard or a
// file, and neither it nor a token is shown.
func TestComparingShowsNoSecret(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	other := h.token()
	h.getToken("SET", true)
	token := h.token()
	h.shortcut(fyne.KeyV, ctrl|shift)
	paste := h.dialog.Buttons[pasteButton]
	if h.win.Canvas().Focused() != paste {
		t.Errorf("%T has the focus, want the button that compares", h.win.Canvas().Focused())
	}
	says := func(what, key string, pairs ...any) {
		t.Helper()
		want := strings.TrimLeft(h.Window.t.T(key, pairs...), "✓✗ ")
		if !h.sees(want) {
			t.Errorf("%s: %q is not among %q", what, want, h.texts())
		}
		for _, secret := range []string{token, other, "CANARY"} {
			if strings.Contains(h.drawn(), secret) {
				t.Errorf("%s: the dialog shows a secret", what)
			}
		}
	}
	for _, c := range []struct{ held, key string }{
		{token, "erp.identical"}, {"Bearer " + token, "erp.bearer"}, {"CANARY", "erp.different"}, {" ", "erp.nothing"},
	} {
		h.board.text = c.held
		h.answer(pasteButton)
		says(c.key, c.key)
		primary, instructed := copyButton, h.dialog.Text() != ""
		switch c.key {
		case "erp.identical":
			primary = closeButton
		case "erp.nothing":
			primary = pasteButton
		}
		for i, button := range h.dialog.Buttons {
			if (button.Kind() == kit.Primary) != (i == primary) || instructed != (primary == pasteButton) {
				t.Errorf("%s: button %d has the kind %d, the dialog says %q", c.key, i, button.Kind(), h.dialog.Text())
			}
		}
	}
	h.board.text = "TOKEN=" + other
	h.answer(pasteButton)
	says("another", "erp.another", "Name", "Port de Montpellier", "Reference", h.p.Ports()[0].Reference())
	path := filepath.Join(t.TempDir(), "erp.env")
	if err := os.WriteFile(path, []byte("CANARY=1\r\nTOKEN="+token+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.drop(path)
	says("a file", "erp.identical")
	h.drop(path + "x")
	says("no file", "erp.unreadable")
	h.press(fyne.KeyEscape)
	h.noQuestion()

	// What Amarre copied says nothing about the ERP.
	h.shortcut(fyne.KeyC, ctrl|shift)
	h.shortcut(fyne.KeyV, ctrl|shift)
	h.answer(pasteButton)
	says("the own copy", "erp.own_copy")
}

// TestEveryFormatIsCleared: what the copy menu copies is cleared with the token in it. The command
// without it stays.
func TestEveryFormatIsCleared(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	for _, format := range handover.Formats() {
		h.board.text = ""
		h.shortcut(fyne.KeyA, ctrl|shift)
		for range slices.Index(handover.Formats(), format) { // the first is highlighted
			h.press(fyne.KeyDown)
		}
		h.press(fyne.KeyReturn)
		if has := strings.Contains(h.board.text, h.token()); has != format.IsSecret() || h.board.text == "" || strings.Contains(h.board.text, authtest.DemoPassword) {
			t.Errorf("%s: the clipboard has %d characters, with the token: %t", format, len(h.board.text), has)
		}
		h.clock.Advance(h.p.ClearAfter())
		if (h.board.text == "") != format.IsSecret() {
			t.Errorf("%s: after the delay the clipboard has %d characters", format, len(h.board.text))
		}
	}
}

// TestCopySaysWhoMayKeepIt: a copy says that a clipboard manager runs, and the first one in a
// remote session that the clipboard may be shared. It counts down and is cleared in the hands
// of the manager (docs/security.md, line 19).
func TestCopySaysWhoMayKeepIt(t *testing.T) {
	board := &managedBoard{}
	h := start(t, "en", func(_ *harness, d *Deps) { d.SecretClipboard, d.Remote = board, true })
	h.getToken("SET", true)
	h.shortcut(fyne.KeyC, ctrl|shift)
	for _, key := range []string{"clipboard.manager", "clipboard.shared"} {
		if !h.sees(h.Window.t.T(key)) {
			t.Errorf("%s is not said: %q", key, h.texts())
		}
	}
	h.shortcut(fyne.KeyC, ctrl|shift)
	if !h.sees(h.Window.t.T("clipboard.manager")) || h.sees(h.Window.t.T("clipboard.shared")) {
		t.Errorf("the second copy says %q", h.texts())
	}
	if h.clock.Advance(44 * time.Second); !h.p.Clipboard().Held || !board.taken {
		t.Error("the copy is forgotten because a manager has it")
	}
	if h.clock.Advance(time.Second); h.p.Clipboard().Held || board.taken {
		t.Error("the copy is not cleared")
	}
}

// TestDemoCallsNoOtherService, whatever was imported into it (docs/security.md, line 30).
func TestDemoCallsNoOtherService(t *testing.T) {
	h := start(t, "en", func(h *harness, d *Deps) {
		d.Clients.Demo, d.Demo = h.service.URL, &Demo{PortCode: "MTP", ERPID: 15, Password: authtest.DemoPassword}
		d.Store = profile.OpenMemory()
	})
	if !h.form.service.Disabled() || h.form.service.Text != h.service.URL {
		t.Errorf("the service can be edited: %q", h.form.service.Text)
	}
	imported := profiletest.Save(t, h.deps.Store, profile.Profile{Name: "Real", Service: "https://real.example", PortCode: "AGD", ERPID: 15},
		profile.Secrets{Token: authclient.NewSecret("TOKEN")})
	h.p.Reload(func() { h.p.Open(imported) })
	for name, key := range map[string]func(){"check": func() { h.press(fyne.KeyF5) }, "test": func() { h.shortcut(fyne.KeyT, ctrl) }} {
		key()
		if !h.sees(h.Window.t.T("error.service_not_demo")) {
			t.Errorf("%s: %q", name, h.texts())
		}
		h.press(fyne.KeyEscape)
		h.press(fyne.KeyEscape)
	}
}
