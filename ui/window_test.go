package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/ui/kit"
)

// TestLoginSaveReopen: the keyboard alone gets a token, copies it, saves it, and finds it
// again after a restart.
func TestLoginSaveReopen(t *testing.T) {
	h := start(t, "fr", nil)
	if h.focused() != "form.port_code" {
		t.Errorf("the cursor is in %q, want the first empty field", h.focused())
	}
	h.getToken("SET", false)
	if h.service.Logins() != 1 {
		t.Errorf("%d logins", h.service.Logins())
	}
	h.expect("the heading", h.result.heading.Text, "result.obtained", "Port", "Port de Sète (SET)")
	if h.result.profile.Text != "Port de Sète" {
		t.Errorf("the name offered is %q", h.result.profile.Text)
	}
	if h.result.token.Text != mask || h.focused() != "result.copy" {
		t.Errorf("the token shows as %q, the focus is on %q", h.result.token.Text, h.focused())
	}
	h.press(fyne.KeyReturn)
	token := h.current.secrets.Token.Reveal()
	if h.board.text != token {
		t.Error("Enter did not copy the token")
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.expect("the status", h.status.message.Text, "save.done", "Name", "Port de Sète")
	if h.unsavedNow() {
		t.Error("something is unsaved after saving")
	}
	h.shortcut(fyne.KeyQ, ctrl)
	if !h.Window.closed || !h.closed || h.board.text != "" {
		t.Errorf("closed %v, the clipboard holds %d characters", h.closed, len(h.board.text))
	}

	h.restart("fr", nil)
	if h.list.list.Length() != 1 {
		t.Fatalf("%d profiles after a restart", h.list.list.Length())
	}
	h.shortcut(fyne.KeyF, ctrl)
	h.typeInto("list.search", "sete")
	h.press(fyne.KeyReturn)
	if h.current == nil || h.current.secrets.Token.Reveal() != token {
		t.Fatal("the saved token is another")
	}
	h.expect("the heading", h.result.heading.Text, "result.stored", "Port", "Port de Sète (SET)")
	if !h.form.password.Secret().IsZero() {
		t.Error("a password was kept that nobody asked to keep")
	}
	h.shortcut(fyne.KeyC, ctrl|shift)
	if h.board.text != token {
		t.Error("Ctrl+Shift+C did not copy the token")
	}
}

// unsavedNow reports whether the window has unsaved changes.
func (h *harness) unsavedNow() bool {
	asked := true
	h.unlessUnsaved(func() { asked = false })
	if asked {
		h.dialog.Escape()
	}
	return asked
}

// TestRevealEnds: a shown token is masked after 30 s, when the window loses the focus, and
// when a dialog opens (docs/security.md, line 21).
func TestRevealEnds(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	token := h.current.secrets.Token.Reveal()
	for name, end := range map[string]func(){
		"30 s":       func() { h.clock.advance(30 * time.Second) },
		"focus loss": h.conceal,
		"the key":    func() { h.shortcut(fyne.KeyH, ctrl|shift) },
		"Escape":     func() { h.press(fyne.KeyEscape) },
		"a question": func() { h.about(); h.dialog.Escape() },
	} {
		h.shortcut(fyne.KeyH, ctrl|shift)
		if strings.ReplaceAll(h.result.token.Text, " ", "") != token {
			t.Fatalf("%s: the token is not shown", name)
		}
		h.clock.advance(29 * time.Second)
		if h.result.token.Text != grouped(token) || !strings.HasPrefix(h.result.token.Text, token[:4]+" "+token[4:8]+" ") {
			t.Errorf("%s: the token is masked before 30 s", name)
		}
		end()
		if h.result.token.Text != mask || h.result.revealed {
			t.Errorf("%s: the token is still shown", name)
		}
	}
	h.form.password.Reveal()
	h.conceal()
	if h.form.password.Revealed() {
		t.Error("the password is still shown")
	}
}

func TestClipboardCountsDown(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	h.tap("result.copy")
	if h.status.clipboard.Text != "Token on the clipboard, cleared in 45 s" || !h.status.clear.Visible() {
		t.Errorf("the status is %q", h.status.clipboard.Text)
	}
	h.clock.advance(44 * time.Second)
	if h.status.clipboard.Text != "Token on the clipboard, cleared in 1 s" || h.board.text == "" {
		t.Errorf("after 44 s the status is %q", h.status.clipboard.Text)
	}
	h.clock.advance(time.Second)
	if h.status.clipboard.Visible() || h.board.text != "" {
		t.Error("after 45 s the clipboard is not clear")
	}
	h.tap("result.copy")
	h.tap("status.clear")
	if h.board.text != "" || h.status.clipboard.Visible() {
		t.Error("Clear now leaves the token")
	}
	h.tap("result.copy")
	h.board.text = "the user's own"
	h.clock.advance(time.Minute)
	if h.board.text != "the user's own" {
		t.Error("what the user copied was destroyed")
	}
}

// TestKeysWorkWithoutFocus: keys work after a click beside the widgets has removed the
// focus.
func TestKeysWorkWithoutFocus(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	h.win.Canvas().Focus(nil)
	h.press(fyne.KeyF5)
	if !h.result.verdict.Visible() || h.win.Canvas().Focused() != nil {
		t.Error("F5 does nothing, or moves the focus")
	}
	for _, key := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyReturn} {
		h.about()
		h.win.Canvas().Focus(nil)
		h.press(key)
		if h.dialog != nil {
			t.Errorf("%s does not close a dialog that lost the focus", key)
			h.dialog.Escape()
		}
	}
}

func TestCheck(t *testing.T) {
	h := start(t, "en", nil)
	h.press(fyne.KeyF5) // nothing to check
	h.getToken("MTP", true)
	h.press(fyne.KeyF5)
	h.expect("accepted", h.result.verdict.Text, "check.accepted", "Port", "Port de Montpellier (MTP)", "Time", "14:32")
	h.service.SetQuirks(authtest.Quirks{AccountDown: true})
	h.shortcut(fyne.KeyF5, 0)
	if !strings.Contains(h.message(), "The token was not checked.") || !h.result.actions[0].Visible() || h.result.verdict.Visible() {
		t.Errorf("an error is %q", h.message())
	}
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	client, err := h.client(h.service.URL)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Login(t.Context(), authclient.Credentials{PortCode: "MTP", ERPID: 15, Password: authclient.NewSecret(authtest.DemoPassword)}); err != nil {
		t.Fatal(err)
	}
	h.press(fyne.KeyF5)
	h.expect("refused", h.result.verdict.Text, "check.refused", "Time", "14:32")
}

// TestAccountFailureIsSilent: if the name of the port cannot be read after a login, no
// error is shown.
func TestAccountFailureIsSilent(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{AccountDown: true})
	h.getToken("MTP", false)
	if h.message() != "" || h.result.verdict.Visible() || h.result.profile.Text != "" {
		t.Errorf("the window says %q, %q", h.message(), h.result.verdict.Text)
	}
	h.shortcut(fyne.KeyS, ctrl)
	if len(h.all) != 1 || h.all[0].Name != "MTP" {
		t.Errorf("the profile is %+v", h.all)
	}
}

// TestTokenOfAnotherPort: the name of another port is not suggested, and a check names the
// port.
func TestTokenOfAnotherPort(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{OtherPort: "BDL"})
	h.getToken("MTP", false)
	if h.result.profile.Text != "" {
		t.Errorf("the name offered is %q", h.result.profile.Text)
	}
	h.press(fyne.KeyF5)
	h.expect("the verdict", h.result.verdict.Text, "check.other_port", "Port", "Port de Montpellier (BDL)", "Time", "14:32")
}

func TestDemo(t *testing.T) {
	h := start(t, "en", func(h *harness, d *Deps) {
		d.Store = profile.OpenMemory()
		d.Clients.Demo, d.Demo = h.service.URL, &Demo{PortCode: authtest.DemoPortCode, ERPID: authtest.DemoERPID, Password: authtest.DemoPassword}
	})
	h.expect("the banner", h.named["demo.text"].(*kit.Paragraph).Text, "demo.banner", "Port", "MTP", "ERP", 15, "Password", authtest.DemoPassword)
	h.expect("the keyring", h.status.keyring.Text, "keyring.demo")
	if !strings.Contains(h.win.Title(), "demonstration") {
		t.Errorf("the title is %q", h.win.Title())
	}
	h.tap("demo.fill")
	h.press(fyne.KeyReturn)
	h.shortcut(fyne.KeyS, ctrl)
	if len(h.all) != 1 || h.all[0].Name != "Port de Montpellier" || len(h.ring.Items()) != 0 {
		t.Errorf("the list is %+v", h.all)
	}
	h.expect("the status", h.status.message.Text, "save.done", "Name", "Port de Montpellier")
}

// TestShortcutsDoNothingUnderADialog: Fyne handles shortcuts while a dialog is open, and
// the actions then do nothing.
func TestShortcutsDoNothingUnderADialog(t *testing.T) {
	h := start(t, "en", nil)
	fire := func() {
		for _, key := range []fyne.KeyName{fyne.KeyN, fyne.KeyS, fyne.KeyF, fyne.KeyD, fyne.KeyQ} {
			h.shortcut(key, ctrl)
		}
		for _, key := range []fyne.KeyName{fyne.KeyC, fyne.KeyH, fyne.KeyP, fyne.KeyZ} {
			h.shortcut(key, ctrl|shift)
		}
		h.shortcut(fyne.KeyF5, 0)
		h.deleteSelected()
	}
	h.typeInto("form.port_code", "AB") // so that quitting asks
	fire()
	if h.dialog == nil || h.closed {
		t.Fatal("quitting with unsaved text does not ask")
	}
	h.dialog.Escape()
	h.getToken("MTP", true)
	h.about()
	before := h.dialog
	fire()
	if h.dialog != before || h.current == nil || h.result.revealed || h.board.text != "" || len(h.all) != 1 || h.closed {
		t.Error("a shortcut worked under a question")
	}
}

func TestLanguageChangesAtOnce(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	h.typeInto("result.name", "Renamed")
	h.typeInto("list.search", "sete")
	token := h.current.secrets.Token
	h.chooseLanguage("fr")
	if h.form.submit.Text != "Obtenir le jeton" || h.win.MainMenu().Items[0].Label != "Fichier" {
		t.Error("the window is not in French")
	}
	if h.form.portCode.Text != "SET" || h.result.profile.Text != "Renamed" || !h.current.secrets.Token.Equal(token) ||
		h.list.searchBox.Text != "sete" || h.list.list.Length() != 1 || h.form.password.Text != authtest.DemoPassword {
		t.Error("something was lost")
	}
	if last := h.settings[len(h.settings)-1]; last.Language != "fr" {
		t.Errorf("the settings are %+v", last)
	}
	h.shortcut(fyne.KeyC, ctrl|shift)
	if h.board.text == "" {
		t.Error("the new window's shortcuts do not work")
	}
}

func TestSettingsRememberServiceAndSize(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	h.win.Resize(fyne.NewSize(1000, 700))
	h.Close()
	last := h.settings[len(h.settings)-1]
	if last.Service != h.service.URL || last.Width < 900 || last.Height < 600 {
		t.Errorf("the settings are %+v", last)
	}
	h.restart("en", func(_ *harness, d *Deps) { d.Settings, d.Service = last, "" })
	if h.form.service.Text != last.Service || h.focused() != "form.port_code" {
		t.Errorf("the service is %q, the focus on %q", h.form.service.Text, h.focused())
	}
}

// TestIdle: after five minutes without use, the password and the token of a saved profile
// are discarded, and an unsaved token is masked.
func TestIdle(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", false)
	h.shortcut(fyne.KeyH, ctrl|shift)
	h.clock.advance(idleAfter)
	if h.current == nil || h.result.revealed || h.form.password.Text != "" {
		t.Error("a token that is not saved is lost, or shown, or the password stays")
	}
	h.press(fyne.KeyTab)
	h.shortcut(fyne.KeyS, ctrl)
	h.clock.advance(idleAfter - time.Second)
	if h.current == nil {
		t.Fatal("forgotten too early")
	}
	h.win.Canvas().Focus(h.form.portCode)
	h.press(fyne.KeyEnd) // the user is active
	h.clock.advance(idleAfter - time.Second)
	if h.current == nil {
		t.Fatal("forgotten while the window was used")
	}
	h.exportProfiles(h.all)
	h.typeInto("ask.passphrase", "quatre bateaux")
	h.clock.advance(idleAfter + time.Second)
	if h.current != nil || h.open != nil || h.dialog != nil || h.result.tokenBox.Visible() {
		t.Error("the secrets of a saved profile stay in the window")
	}
	h.expect("the status", h.status.message.Text, "idle.forgotten")
	h.list.list.Tap(0, 0)
	if h.current == nil {
		t.Error("the profile cannot be opened again")
	}
}

// TestSecurityDialog: the dialog changes the delay of the clipboard and whether the window
// is hidden from screen captures.
func TestSecurityDialog(t *testing.T) {
	var hidden []bool
	h := start(t, "en", func(_ *harness, d *Deps) { d.HideFromCaptures = func(hide bool) { hidden = append(hidden, hide) } })
	h.getToken("SET", true)
	h.shortcut(fyne.KeyH, ctrl|shift)
	h.shortcut(fyne.KeyH, ctrl|shift)
	if len(hidden) != 2 || !hidden[0] || hidden[1] {
		t.Errorf("showing and hiding a token gives %v", hidden)
	}
	h.shortcut(fyne.KeyP, ctrl|shift)
	h.clock.advance(revealFor)
	if h.form.password.Revealed() {
		t.Error("the password stays in clear")
	}
	if len(hidden) != 4 || !hidden[2] || hidden[3] {
		t.Errorf("showing a password gives %v", hidden)
	}
	h.safety()
	h.typeInto("ask.input", "9")
	h.press(fyne.KeyReturn)
	if h.dialog == nil || !strings.Contains(h.dialog.Problem(), "10 and 300") {
		t.Fatal("9 seconds are accepted")
	}
	h.typeInto("ask.input", "20")
	h.tap("ask.hide")
	h.answer(1)
	h.noQuestion()
	if last := h.settings[len(h.settings)-1]; last.ClearSeconds != 20 || !last.ShowInCaptures {
		t.Errorf("the settings are %+v", last)
	}
	h.shortcut(fyne.KeyH, ctrl|shift)
	if len(hidden) != 4 {
		t.Error("the window is hidden although the user said otherwise")
	}
	h.tap("result.copy")
	h.clock.advance(20 * time.Second)
	if h.guard.Held() {
		t.Error("the copy lasts longer than was selected")
	}
	// A system that cannot hide a window has no such setting.
	h.restart("en", nil)
	h.safety()
	if h.named["ask.hide"] != nil {
		t.Error("a choice is offered that the system does not have")
	}
}
