package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/ui/kit"
)

// TestEveryRefusalLooksTheSame: whichever input is wrong, the message is the same and no
// field is marked (docs/security.md, lines 10 and 11).
func TestEveryRefusalLooksTheSame(t *testing.T) {
	h := start(t, "fr", nil)
	const want = "Connexion refusée par Log@pass. Vérifiez ensemble le code port, l’identifiant ERP et le mot de passe fournis par DataComSys."
	for _, c := range []struct{ port, erp, password string }{
		{"XXX", "15", authtest.DemoPassword}, {"MTP", "16", authtest.DemoPassword}, {"MTP", "15", "wrong"},
	} {
		h.credentials(c.port, c.erp, c.password)
		h.press(fyne.KeyReturn)
		if h.message() != want {
			t.Errorf("%v: the message is %q", c, h.message())
		}
		if h.form.portField.Failed() || h.form.erpField.Failed() || h.form.passwordField.Failed() || h.form.serviceField.Failed() {
			t.Errorf("%v: a field is marked", c)
		}
		if h.form.portCode.Text != c.port || h.form.password.Text != c.password || h.result.tokenBox.Visible() {
			t.Errorf("%v: what was typed is lost, or a token is shown", c)
		}
	}
}

// TestOnlyARefusalIsOne: every other error says that the credential was not verified.
func TestOnlyARefusalIsOne(t *testing.T) {
	h := start(t, "fr", nil)
	for name, quirks := range map[string]authtest.Quirks{
		"service error": {LoginDown: true}, "web server": {ServerPage: true}, "basic": {BasicAuth: true},
		"redirect": {RedirectTo: "https://portail.example/"},
	} {
		h.service.SetQuirks(quirks)
		h.credentials("MTP", "15", authtest.DemoPassword)
		h.press(fyne.KeyReturn)
		if !strings.Contains(h.message(), "Vos identifiants n’ont pas été vérifiés.") || strings.Contains(h.message(), "refus") {
			t.Errorf("%s: the message is %q", name, h.message())
		}
		if quirks.RedirectTo != "" && !strings.Contains(h.message(), "portail.example") {
			t.Errorf("%s: the message does not name the target: %q", name, h.message())
		}
	}
	h.service.Close()
	h.press(fyne.KeyReturn)
	if !strings.Contains(h.message(), "n’a pas pu être joint") {
		t.Errorf("unreachable: the message is %q", h.message())
	}
}

// TestEveryOutcomeHasItsSentence: in both languages, every error has a sentence.
func TestEveryOutcomeHasItsSentence(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		h := start(t, lang, nil)
		var errs []error
		for _, outcome := range authclient.Outcomes() {
			switch outcome {
			case authclient.OutcomeToken, authclient.OutcomeRefused:
			case authclient.OutcomeTLS:
				for _, reason := range []authclient.TLSReason{authclient.TLSExpired, authclient.TLSProtocol, authclient.TLSUntrusted, authclient.TLSWrongHost, authclient.TLSSelfSigned} {
					errs = append(errs, &authclient.Error{Outcome: outcome, TLS: reason, Issuer: "Émetteur"})
				}
			default:
				errs = append(errs, &authclient.Error{Outcome: outcome}, &authclient.Error{Outcome: outcome, HTTPStatus: 407, Target: "a.example", Message: "msg"})
			}
		}
		errs = append(errs, errors.New("other"), context.DeadlineExceeded)
		for _, err := range errs {
			for _, sentence := range []string{h.Window.t.Login(err), h.Window.t.Check(err)} {
				if strings.Contains(sentence, "outcome.") || strings.Contains(sentence, "{{") || strings.Contains(sentence, "<no value>") {
					t.Errorf("%s: %#v gives %q", lang, err, sentence)
				}
			}
		}
		for _, class := range []keyring.Class{
			keyring.ClassUnavailable, keyring.ClassLocked, keyring.ClassNoAnswer, keyring.ClassFailed, keyring.ClassNotKept, keyring.ClassMissing,
			keyring.ClassUnknown, keyring.ClassTooBig, profile.ClassNotFound, profile.ClassForeign, profile.ClassNewer, profile.ClassInvalid,
			profile.ClassSecretInText, profile.ClassDuplicate, profile.ClassList, profile.ClassBusy, "",
		} {
			if s := h.Window.t.Store(&keyring.Error{Class: class}); strings.Contains(s, "store.") {
				t.Errorf("%s: %q gives %q", lang, class, s)
			}
		}
	}
}

// TestLocalChecks: invalid inputs are not sent, each of them has its error, and the first
// one has the focus.
func TestLocalChecks(t *testing.T) {
	h := start(t, "en", nil)
	h.typeInto("form.service", "http://logapass.example")
	h.credentials("MTPX", "0", "")
	h.press(fyne.KeyReturn)
	h.expect("service", h.form.serviceField.Message(), "error.address_plain_http")
	h.expect("port code", h.form.portField.Message(), "error.port_code")
	h.expect("ERP ID", h.form.erpField.Message(), "error.erp_id")
	h.expect("password", h.form.passwordField.Message(), "error.password")
	if h.focused() != "form.service" || h.service.Logins() != 0 {
		t.Errorf("the cursor is in %q, %d logins", h.focused(), h.service.Logins())
	}
	h.typeInto("form.service", h.service.URL)
	h.typeInto("form.port_code", "MTP")
	if h.form.serviceField.Failed() || h.form.portField.Failed() || !h.form.erpField.Failed() {
		t.Error("the errors do not follow the corrections")
	}
	h.press(fyne.KeyReturn)
	if h.focused() != "form.erp_id" {
		t.Errorf("the cursor is in %q, want the first invalid field", h.focused())
	}
	h.typeInto("form.password", " secret")
	h.expect("a space", h.form.passwordField.Message(), "form.password_spaces")
}

// TestRefusedPasteIsSaid: whatever entry a secret is pasted into, a paste that is refused has
// its sentence, which the next letter takes away.
func TestRefusedPasteIsSaid(t *testing.T) {
	h := start(t, "fr", nil)
	paste := func(name, text string) {
		h.named[name].(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: pasteboard(text)})
	}
	paste("form.password", "one\r\ntwo\r\n")
	h.expect("two lines", h.form.passwordField.Message(), "form.paste_lines")
	paste("form.password", "one\u200b")
	h.expect("a zero-width space", h.form.passwordField.Message(), "form.paste_unseen")
	paste("form.password", "one\r\n")
	if h.form.password.Text != "one" || h.form.passwordField.Failed() {
		t.Errorf("the entry has %q, the message is %q", h.form.password.Text, h.form.passwordField.Message())
	}
	h.getToken("SET", true)
	h.shortcut(fyne.KeyE, ctrl)
	paste("ask.passphrase", "quatre bateaux\nau mouillage")
	h.expect("a passphrase", h.dialog.Problem(), "form.paste_lines")
}

// pasteboard is a clipboard that is only read.
type pasteboard string

func (p pasteboard) Content() string { return string(p) }
func (pasteboard) SetContent(string) {}

func TestTabOrder(t *testing.T) {
	h := start(t, "fr", nil)
	h.win.Canvas().Focus(h.form.service)
	for _, want := range []string{"form.environment", "form.port_code", "form.erp_id", "form.password", "form.submit"} {
		h.press(fyne.KeyTab)
		if h.focused() != want {
			t.Fatalf("Tab goes to %q, want %q", h.focused(), want)
		}
	}
}

func TestEnterInAnyFieldSubmits(t *testing.T) {
	for _, field := range []string{"form.service", "form.environment", "form.port_code", "form.erp_id", "form.password", "form.submit"} {
		h := start(t, "fr", nil)
		h.credentials("AGD", "15", authtest.DemoPassword)
		h.win.Canvas().Focus(h.named[field].(fyne.Focusable))
		h.press(fyne.KeyReturn)
		if h.current == nil {
			t.Errorf("Enter in %s got no token: %q", field, h.message())
		}
	}
}

// TestCancel: Escape and the button cancel a login, and keep the inputs.
func TestCancel(t *testing.T) {
	h := start(t, "fr", nil)
	for _, how := range []func(){func() { h.press(fyne.KeyEscape) }, func() { h.tap("form.cancel") }} {
		h.hold = true
		h.credentials("MTP", "15", authtest.DemoPassword)
		h.press(fyne.KeyReturn)
		if !h.form.cancel.Visible() || !h.form.submit.Disabled() || h.form.progress.Text == "" {
			t.Fatal("the window does not show that it is working")
		}
		h.clock.advance(3 * time.Second)
		if !strings.Contains(h.form.progress.Text, "3\u00a0s") {
			t.Errorf("after 3 s the progress is %q", h.form.progress.Text)
		}
		h.press(fyne.KeyReturn) // a second Enter does nothing
		how()
		h.release()
		h.expect("the message", h.message(), "login.cancelled")
		if h.current != nil || h.form.cancel.Visible() || h.form.submit.Disabled() || h.form.password.Text != authtest.DemoPassword {
			t.Error("a cancelled call leaves a token, or loses what was typed")
		}
		if len(h.held) != 0 {
			t.Error("a second call was begun")
		}
	}
	if h.service.Logins() != 0 {
		t.Errorf("%d logins reached the service", h.service.Logins())
	}
}

// TestInputDuringLoginIsUnsaved: a change during a login is an unsaved change, but another
// spelling of the same credential is none.
func TestInputDuringLoginIsUnsaved(t *testing.T) {
	h := start(t, "en", nil)
	h.typeInto("form.service", h.service.URL+"/")
	h.credentials("MTP", "015", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.shortcut(fyne.KeyS, ctrl)
	if h.unsavedNow() {
		t.Error("another spelling of the same credential is unsaved")
	}
	h.shortcut(fyne.KeyN, ctrl)
	h.credentials("SET", "15", authtest.DemoPassword)
	h.hold = true
	h.press(fyne.KeyReturn)
	h.typeInto("form.port_code", "AGD")
	h.release()
	h.shortcut(fyne.KeyS, ctrl)
	if h.current.changed || h.form.portCode.Text != "AGD" || !h.unsavedNow() {
		t.Error("what was typed meanwhile is lost without a question")
	}
}

// TestMismatchIsShown: the window shows when the form no longer has the credential of the
// token, and removes messages about former inputs.
func TestMismatchIsShown(t *testing.T) {
	h := start(t, "en", nil)
	h.typeInto("form.service", "http://other.example")
	if h.form.serviceField.Message() != "" {
		t.Errorf("an invalid address has the target %q", h.form.serviceField.Message())
	}
	h.typeInto("form.service", h.service.URL)
	h.credentials("MTP", "15", "wrong")
	h.press(fyne.KeyReturn)
	h.typeInto("form.erp_id", "x")
	h.press(fyne.KeyReturn)
	if h.message() != "" {
		t.Errorf("beside a local error stands the old answer %q", h.message())
	}
	h.getToken("MTP", true)
	h.typeInto("form.port_code", "SET")
	if !h.result.mismatch.Visible() {
		t.Error("the window does not say that the token is another port's")
	}
	h.typeInto("form.port_code", "MTP")
	if h.result.mismatch.Visible() {
		t.Error("the window still says that the token is another port's")
	}
	long := strings.Repeat("Très long ", 30)
	h.typeInto("result.name", long)
	h.shortcut(fyne.KeyS, ctrl)
	if !strings.HasSuffix(h.status.message.Text, "saved.") || !strings.HasSuffix(h.result.heading.Text, "(MTP)") {
		t.Errorf("a long name hides what is said: %q, %q", h.status.message.Text, h.result.heading.Text)
	}
	h.tap("result.copy")
	h.tap("status.clear")
	h.tap("result.copy")
	if h.status.message.Text != "" {
		t.Errorf("beside a copied token stands %q", h.status.message.Text)
	}
}

// TestDiagnose: the connection test is only offered if the service did not answer as
// expected, Escape cancels it, and its report has no secret.
func TestDiagnose(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", "wrong")
	h.press(fyne.KeyReturn)
	if h.result.actions[0].Visible() {
		t.Error("the test is offered after a refusal")
	}
	h.service.SetQuirks(authtest.Quirks{RedirectTo: "https://portail.example/"})
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.tap("result.first")
	text := h.named["ask.text"].(*kit.Paragraph).Text
	for _, want := range []string{"✓ Proxy: none", "✓ Connection: 127.0.0.1:", "✗ Service", "portail.example", "neither password nor token"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q: %s", want, text)
		}
	}
	h.answer(0) // copy, which leaves the dialog open
	if h.dialog == nil || !strings.Contains(h.board.text, "portail.example") || strings.Contains(h.board.text, authtest.DemoPassword) {
		t.Errorf("the copied report is %q", h.board.text)
	}
	h.answer(1)
	h.service.SetQuirks(authtest.Quirks{})
	h.shortcut(fyne.KeyT, ctrl)
	if text := h.named["ask.text"].(*kit.Paragraph).Text; !strings.Contains(text, "✓ Service: the answer is Log@pass’s.") {
		t.Errorf("the report is %q", text)
	}
	h.answer(1)

	h.hold = true
	h.shortcut(fyne.KeyT, ctrl)
	h.press(fyne.KeyEscape)
	if h.dialog != nil || !h.call.cancelled {
		t.Error("Escape does not end the test")
	}
	h.release()
	if h.call != nil || h.dialog != nil {
		t.Error("a test that ended after its dialog leaves something behind")
	}
	h.typeInto("form.service", "ftp://x")
	h.shortcut(fyne.KeyT, ctrl)
	if h.dialog != nil || h.focused() != "form.service" {
		t.Error("an address that is none is tested")
	}
}

func TestFirstStartFocusesTheService(t *testing.T) {
	h := start(t, "fr", func(_ *harness, d *Deps) { d.Service = "" })
	if h.focused() != "form.service" {
		t.Errorf("the focus is on %q", h.focused())
	}
	h.typeInto("form.service", "logapass.example/ws?test")
	h.press(fyne.KeyTab)
	h.expect("the target", h.form.serviceField.Message(), "form.target", "URL", "https://logapass.example/ws/Auth/Login?test")
	h.press(fyne.KeyReturn) // the other fields are empty
	h.expect("the target after an error", h.form.serviceField.Message(), "form.target", "URL", "https://logapass.example/ws/Auth/Login?test")
}
