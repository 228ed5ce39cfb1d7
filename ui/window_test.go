package ui

import (
	"context"
	"encoding/pem"
	"errors"
	"image/color"
	"io"
	"log"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/godbus/dbus/v5"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestMainJob: a token by keyboard alone, shown, copied, saved, found after a
// restart.
func TestMainJob(t *testing.T) {
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

// unsavedNow reports whether the window would ask before losing something.
func (h *harness) unsavedNow() bool {
	asked := true
	h.unlessUnsaved(func() { asked = false })
	if asked {
		h.asking.Escape()
	}
	return asked
}

// TestEveryRefusalLooksTheSame: security.md 10 and 11.
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

// TestOnlyARefusalIsOne: every other failure says that nothing was verified.
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

// TestEveryOutcomeHasItsSentence in both languages: no key is shown to a user.
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
		for _, class := range []error{profile.ErrDuplicate, profile.ErrIndex, profile.ErrLocked, profile.ErrNotFound, profile.ErrTooBig, profile.ErrUnavailable, profile.ErrUnknown, errors.New("x")} {
			if s := h.Window.t.Store(class); strings.Contains(s, "store.") {
				t.Errorf("%s: %v gives %q", lang, class, s)
			}
		}
	}
}

// TestLocalChecks: nothing is sent, each field says what is wrong, the first has
// the cursor.
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

// TestCancel: Escape and the button; what was typed stays.
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

// TestRevealEnds: after 30 s, on focus loss, and on leaving (security.md 21).
func TestRevealEnds(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	token := h.current.secrets.Token.Reveal()
	for name, end := range map[string]func(){
		"30 s":       func() { h.clock.advance(30 * time.Second) },
		"focus loss": h.conceal,
		"the key":    func() { h.shortcut(fyne.KeyH, ctrl|shift) },
		"Escape":     func() { h.press(fyne.KeyEscape) },
		"a question": func() { h.about(); h.asking.Escape() },
	} {
		h.shortcut(fyne.KeyH, ctrl|shift)
		if h.result.token.Text != token {
			t.Fatalf("%s: the token is not shown", name)
		}
		h.clock.advance(29 * time.Second)
		if h.result.token.Text != token {
			t.Errorf("%s: the token is masked before 30 s", name)
		}
		end()
		if h.result.token.Text != mask || h.result.revealed() {
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

// TestSecondLoginReplacesNothingInSilence.
func TestSecondLoginReplacesNothingInSilence(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	first := h.current.secrets.Token

	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	if h.asking == nil || h.service.Logins() != 1 {
		t.Fatal("a second login is sent without a question")
	}
	h.press(fyne.KeyReturn) // the default
	if h.service.Logins() != 1 {
		t.Error("the default answer sends")
	}
	h.press(fyne.KeyReturn)
	h.answer(0)
	if h.current.secrets.Token.Equal(first) {
		t.Fatal("the stand-in gave the same token")
	}
	h.shortcut(fyne.KeyS, ctrl)
	if h.asking == nil {
		t.Fatal("the stored token is replaced without a question")
	}
	h.press(fyne.KeyReturn) // keep the old one
	if got, err := h.deps.Store.Load(t.Context(), h.open.ID); err != nil || !got.Token.Equal(first) {
		t.Errorf("the stored token is gone: %v", err)
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.answer(0)
	if got, err := h.deps.Store.Load(t.Context(), h.open.ID); err != nil || got.Token.Equal(first) {
		t.Errorf("the token was not replaced: %v", err)
	}
	if len(h.all) != 1 {
		t.Errorf("%d profiles", len(h.all))
	}
}

// TestALoginKeepsTheNameBeingTyped for the profile that is shown.
func TestALoginKeepsTheNameBeingTyped(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	h.typeInto("result.name", "Renamed")
	h.win.Canvas().Focus(h.form.password)
	h.press(fyne.KeyReturn)
	h.answer(0)
	if h.result.profile.Text != "Renamed" || !h.current.changed {
		t.Errorf("the name became %q", h.result.profile.Text)
	}
	h.typeInto("form.port_code", "MTP")
	h.press(fyne.KeyReturn)
	if h.asking == nil {
		t.Error("a login for another port loses the name without a question")
	}
}

// TestTokenForASavedPortFromANewForm offers the saved profile instead.
func TestTokenForASavedPortFromANewForm(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	h.shortcut(fyne.KeyN, ctrl)
	h.noQuestion()
	h.credentials("set", "15", "whatever")
	h.press(fyne.KeyReturn)
	if h.asking == nil {
		t.Fatal("no question")
	}
	h.press(fyne.KeyReturn)
	if h.current == nil || h.current.profile.PortCode != "SET" || h.current.changed || h.service.Logins() != 1 {
		t.Error("the saved profile was not opened")
	}
}

func TestUnsavedIsAsked(t *testing.T) {
	h := start(t, "en", nil)
	if h.unsavedNow() {
		t.Error("an empty form is unsaved")
	}
	h.typeInto("form.password", "x")
	if h.unsavedNow() {
		t.Error("a password alone is unsaved")
	}
	h.typeInto("form.port_code", "AB")
	if !h.unsavedNow() {
		t.Error("a port code is not unsaved")
	}
	h.getToken("SET", false)
	if !h.unsavedNow() {
		t.Error("a token that is neither copied nor saved is not unsaved")
	}
	h.tap("result.copy")
	if h.unsavedNow() {
		t.Error("a token that was copied is unsaved")
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.getToken("MTP", true)
	h.typeInto("form.password", "typed")
	if h.unsavedNow() {
		t.Error("a typed password is unsaved")
	}
	h.typeInto("result.name", "Autre nom")
	h.list.list.Select(1) // Port de Sète
	if h.asking == nil {
		t.Fatal("an edited name is lost without a question")
	}
	h.answer(1) // go back
	if h.result.profile.Text != "Autre nom" || h.open.PortCode != "MTP" {
		t.Error("going back loses the edit")
	}
	h.shortcut(fyne.KeyQ, ctrl)
	h.answer(2) // save, then quit
	if !h.closed {
		t.Error("saving did not go on to quit")
	}
	list, err := h.deps.Store.List()
	if err != nil || len(list) != 2 || list[0].Name != "Autre nom" {
		t.Errorf("the list is %+v, %v", list, err)
	}
}

// TestWhatIsTypedMeanwhileIsUnsaved: an answer does not hide an edit that was
// made while it was under way, and another spelling of what was sent is no edit.
func TestWhatIsTypedMeanwhileIsUnsaved(t *testing.T) {
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

func TestRenameAndEnvironment(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("MTP", true)
	if !h.result.save.Disabled() {
		t.Error("Save is enabled with nothing to save")
	}
	h.form.environment.Choose(1)
	h.typeInto("result.name", "  Montpellier   essai ")
	h.press(fyne.KeyReturn)
	want := h.all[0]
	if want.Name != "Montpellier essai" || want.Environment != profile.Test || want.HasPassword {
		t.Errorf("saved %+v", want)
	}
	h.tap("result.keep_password")
	h.shortcut(fyne.KeyS, ctrl)
	got, err := h.deps.Store.Load(t.Context(), want.ID)
	if err != nil || got.Password.Reveal() != authtest.DemoPassword {
		t.Errorf("the password was not kept: %v", err)
	}
	h.shortcut(fyne.KeyN, ctrl)
	h.list.list.Select(0)
	if h.form.password.Text != authtest.DemoPassword || !h.result.keep.Checked {
		t.Error("a kept password is not shown")
	}
	h.tap("result.keep_password")
	h.shortcut(fyne.KeyS, ctrl)
	if got, err := h.deps.Store.Load(t.Context(), want.ID); err != nil || !got.Password.IsZero() {
		t.Errorf("the password is still kept: %v", err)
	}
}

func TestDeleteAndUndo(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("MTP", true)
	h.shortcut(fyne.KeyD, ctrl)
	if h.form.portCode.Text != "" || h.form.erpID.Text != "15" || h.form.password.Text != authtest.DemoPassword || h.focused() != "form.port_code" {
		t.Error("duplicating does not keep ERP ID and password, or clears nothing")
	}
	h.getToken("SET", true)
	h.win.Canvas().Focus(h.list.list)
	h.list.list.MoveTo(1)
	h.press(fyne.KeyDelete)
	h.noQuestion()
	h.expect("the status", h.status.message.Text, "delete.done", "Name", "Port de Sète")
	if len(h.all) != 1 || len(h.ring.Items()) != 1 || h.current != nil || h.result.tokenBox.Visible() {
		t.Fatalf("%d profiles, %d items, token shown %v", len(h.all), len(h.ring.Items()), h.result.tokenBox.Visible())
	}
	h.tap("status.action")
	if len(h.all) != 2 || len(h.ring.Items()) != 2 {
		t.Fatalf("undo leaves %d profiles, %d items", len(h.all), len(h.ring.Items()))
	}
	h.list.list.Select(1)
	if h.current == nil || h.current.profile.PortCode != "SET" {
		t.Error("the profile is not whole")
	}
	h.shortcut(fyne.KeyZ, ctrl|shift) // nothing more to undo
	h.deleteOpen()
	h.shortcut(fyne.KeyZ, ctrl|shift)
	if len(h.all) != 2 {
		t.Error("Ctrl+Shift+Z does not undo")
	}
}

// TestEveryDeletionCanBeUndone, the last one first; the list follows at once.
func TestEveryDeletionCanBeUndone(t *testing.T) {
	h := start(t, "fr", nil)
	for _, port := range []string{"AGD", "MTP", "SET"} {
		h.getToken(port, true)
		h.shortcut(fyne.KeyN, ctrl)
	}
	h.win.Canvas().Focus(h.list.list)
	h.list.list.MoveTo(1)
	h.press(fyne.KeyDelete, fyne.KeyDelete)
	if len(h.all) != 1 || h.all[0].PortCode != "MTP" && h.all[0].PortCode != "AGD" || h.message() != "" {
		t.Fatalf("two deletions leave %+v, the message is %q", h.all, h.message())
	}
	h.shortcut(fyne.KeyZ, ctrl|shift)
	if !h.status.action.Visible() {
		t.Error("the way back from the first deletion is out of sight")
	}
	h.tap("status.action")
	if len(h.all) != 3 || len(h.ring.Items()) != 3 || h.status.action.Visible() {
		t.Errorf("after two undos there are %d profiles and %d items", len(h.all), len(h.ring.Items()))
	}
}

// TestADoubleDeleteSaysOneThing: the second one meets a running deletion.
func TestADoubleDeleteSaysOneThing(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("MTP", true)
	h.win.Canvas().Focus(h.list.list)
	h.hold = true
	h.press(fyne.KeyDelete, fyne.KeyDelete)
	h.release()
	if len(h.all) != 0 || h.message() != "" {
		t.Errorf("%d profiles, the message is %q", len(h.all), h.message())
	}
}

// TestKeysWorkWithoutAFocus: a click beside the widgets takes the focus away.
func TestKeysWorkWithoutAFocus(t *testing.T) {
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
		h.loose(key)
		if h.asking != nil {
			t.Errorf("%s does not close a dialog that lost the focus", key)
			h.asking.Escape()
		}
	}
}

// TestWhatIsShownIsAboutTheForm: where the credentials go, what the last answer
// was about, whose token it is.
func TestWhatIsShownIsAboutTheForm(t *testing.T) {
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
	if !h.result.other.Visible() {
		t.Error("the window does not say that the token is another port's")
	}
	h.typeInto("form.port_code", "MTP")
	if h.result.other.Visible() {
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

func TestCheck(t *testing.T) {
	h := start(t, "en", nil)
	h.press(fyne.KeyF5) // nothing to check
	h.getToken("MTP", true)
	h.press(fyne.KeyF5)
	h.expect("accepted", h.result.verdict.Text, "check.accepted", "Port", "Port de Montpellier (MTP)", "Time", "14:32")
	h.service.SetQuirks(authtest.Quirks{AccountDown: true})
	h.shortcut(fyne.KeyF5, 0)
	if !strings.Contains(h.message(), "The token was not checked.") || !h.result.test.Visible() || h.result.verdict.Visible() {
		t.Errorf("an error is %q", h.message())
	}
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	client, err := h.deps.NewClient(h.service.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Login(t.Context(), authclient.Credentials{PortCode: "MTP", ERPID: 15, Password: authclient.NewSecret(authtest.DemoPassword)}); err != nil {
		t.Fatal(err)
	}
	h.press(fyne.KeyF5)
	h.expect("refused", h.result.verdict.Text, "check.refused", "Time", "14:32")
}

// TestAccountFailureIsSilent: where the port's name cannot be had, nothing is
// said against the token.
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

// TestATypedNameIsNotReplaced by the one that comes later.
func TestATypedNameIsNotReplaced(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.hold = true
	h.press(fyne.KeyReturn)
	login := h.held[0]
	h.held = nil
	login()() // the account's name is now asked, and waits
	h.typeInto("result.name", "Mine")
	h.release()
	if h.result.profile.Text != "Mine" {
		t.Errorf("the name became %q", h.result.profile.Text)
	}
}

// TestANameThatComesLate does not touch a profile that was saved meanwhile.
func TestANameThatComesLate(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.hold = true
	h.press(fyne.KeyReturn)
	login := h.held[0]
	h.held = nil
	login()()
	name := h.held[0]
	h.held, h.hold = nil, false
	h.shortcut(fyne.KeyS, ctrl)
	name()()
	if h.result.profile.Text != "MTP" || h.all[0].Name != "MTP" || h.unsavedNow() {
		t.Errorf("the name is %q, saved as %q", h.result.profile.Text, h.all[0].Name)
	}
}

// otherPort is a service whose tokens all belong to Port de Bandol.
type otherPort struct{ Client }

func (otherPort) Account(context.Context, authclient.Secret) (authclient.Account, error) {
	return authclient.Account{PortCode: "BDL", PortName: "Port de Bandol"}, nil
}

// TestTokenOfAnotherPort: its name is not offered, and a check says whose it is.
func TestTokenOfAnotherPort(t *testing.T) {
	h := start(t, "en", func(_ *harness, d *Deps) {
		d.NewClient = func(address, ca string) (Client, error) {
			client, err := newTestClient(address, ca)
			return otherPort{client}, err
		}
	})
	h.getToken("MTP", false)
	if h.result.profile.Text != "" {
		t.Errorf("the name offered is %q", h.result.profile.Text)
	}
	h.press(fyne.KeyF5)
	h.expect("the verdict", h.result.verdict.Text, "check.other_port", "Port", "Port de Bandol (BDL)", "Time", "14:32")
}

// TestDiagnose: offered after what is no verdict, live, cancelled by Escape, and
// a report without a secret.
func TestDiagnose(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", "wrong")
	h.press(fyne.KeyReturn)
	if h.result.test.Visible() {
		t.Error("the test is offered after a refusal")
	}
	h.service.SetQuirks(authtest.Quirks{RedirectTo: "https://portail.example/"})
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.tap("result.test")
	text := h.named["ask.text"].(*widget.Label).Text
	for _, want := range []string{"✓ Proxy: none", "✓ Connection: 127.0.0.1:", "✗ Service", "portail.example", "neither password nor token"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q: %s", want, text)
		}
	}
	h.answer(0) // copy, which leaves the dialog open
	if h.asking == nil || !strings.Contains(h.board.text, "portail.example") || strings.Contains(h.board.text, authtest.DemoPassword) {
		t.Errorf("the copied report is %q", h.board.text)
	}
	h.answer(1)
	h.service.SetQuirks(authtest.Quirks{})
	h.shortcut(fyne.KeyT, ctrl)
	if text := h.named["ask.text"].(*widget.Label).Text; !strings.Contains(text, "✓ Service: the answer is Log@pass’s.") {
		t.Errorf("the report is %q", text)
	}
	h.answer(1)

	h.hold = true
	h.shortcut(fyne.KeyT, ctrl)
	h.press(fyne.KeyEscape)
	if h.asking != nil || !h.call.cancelled {
		t.Error("Escape does not end the test")
	}
	h.release()
	if h.call != nil || h.asking != nil {
		t.Error("a test that ended after its dialog leaves something behind")
	}
	h.typeInto("form.service", "ftp://x")
	h.shortcut(fyne.KeyT, ctrl)
	if h.asking != nil || h.focused() != "form.service" {
		t.Error("an address that is none is tested")
	}
}

// TestAuthority: a service whose authority this computer does not know works once
// its file is given, for that service alone.
func TestAuthority(t *testing.T) {
	h := start(t, "en", nil)
	server := httptest.NewTLSServer(h.service)
	t.Cleanup(server.Close)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	h.typeInto("form.service", server.URL)
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	if !strings.Contains(h.message(), "Acme Co") || h.current != nil {
		t.Fatalf("an unknown authority gives %q", h.message())
	}
	h.authority()
	h.typeInto("ask.input", "/no/such/file")
	h.press(fyne.KeyReturn)
	if h.asking == nil || len(h.Window.settings.Authorities) != 0 {
		t.Fatal("a file that is none was taken")
	}
	h.typeInto("ask.input", file)
	h.press(fyne.KeyReturn)
	if h.asking != nil || h.settings[len(h.settings)-1].Authorities[server.URL] != file {
		t.Fatalf("the settings are %+v", h.Window.settings)
	}
	h.getToken("MTP", true)

	if err := os.WriteFile(file, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.press(fyne.KeyF5)
	h.expect("a file that is gone", h.result.verdict.Text, "error.ca", "File", file)
	h.authority()
	h.answer(0) // remove
	h.press(fyne.KeyF5)
	if !strings.Contains(h.message(), "Acme Co") {
		t.Errorf("without the authority a check says %q, %q", h.result.verdict.Text, h.message())
	}
}

func TestKeyringTroubles(t *testing.T) {
	locked := dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
	gone := dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}
	h := start(t, "fr", nil)
	h.ring.Change(profiletest.Faults{Set: locked})
	h.getToken("MTP", false)
	h.shortcut(fyne.KeyS, ctrl)
	h.expect("locked", h.message(), "save.failed", "Why", h.Window.t.T("store.locked"))
	if h.current == nil || !h.current.changed || len(h.all) != 0 {
		t.Error("the token is lost, or said to be saved")
	}
	h.ring.Change(profiletest.Faults{Set: gone})
	h.shortcut(fyne.KeyS, ctrl)
	h.expect("the status", h.status.message.Text, "save.done_session", "Name", "Port de Montpellier")
	h.expect("the keyring", h.status.keyring.Text, "keyring.absent")
	if len(h.all) != 1 || !h.all[0].Session {
		t.Errorf("the list is %+v", h.all)
	}
	h.ring.Change(profiletest.Faults{})
	h.getToken("SET", true)
	h.ring.Change(profiletest.Faults{Get: locked})
	h.shortcut(fyne.KeyN, ctrl)
	h.list.list.Select(1)
	h.expect("open", h.message(), "open.failed", "Name", "Port de Sète", "Why", h.Window.t.T("store.locked"))
	h.ring.Change(profiletest.Faults{})
	for name := range h.ring.Items() {
		if err := h.ring.Delete(name); err != nil {
			t.Fatal(err)
		}
	}
	h.list.list.UnselectAll()
	h.list.list.Select(1)
	h.expect("missing", h.message(), "open.missing", "Name", "Port de Sète")
	if h.form.portCode.Text != "SET" || h.current != nil {
		t.Error("a profile without its item does not fill the form")
	}
}

func TestKeyringStates(t *testing.T) {
	for state, key := range map[profile.State]string{profile.Ready: "keyring.ready", profile.Locked: "keyring.locked", profile.Absent: "keyring.absent"} {
		h := start(t, "en", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: state}) })
		h.expect(string(state), h.status.keyring.Text, key)
	}
}

func TestDemo(t *testing.T) {
	h := start(t, "en", func(h *harness, d *Deps) {
		d.Store = profile.OpenSession()
		d.Demo = &Demo{Service: h.service.URL, PortCode: authtest.DemoPortCode, ERPID: authtest.DemoERPID, Password: authtest.DemoPassword}
	})
	h.expect("the banner", h.named["demo.text"].(*widget.Label).Text, "demo.banner", "Port", "MTP", "ERP", 15, "Password", authtest.DemoPassword)
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

// TestShortcutsGuardThemselves: Fyne fires them under a question and when their
// menu item is disabled.
func TestShortcutsGuardThemselves(t *testing.T) {
	h := start(t, "en", nil)
	fire := func() {
		for _, key := range []fyne.KeyName{fyne.KeyN, fyne.KeyS, fyne.KeyF, fyne.KeyD, fyne.KeyQ} {
			h.shortcut(key, ctrl)
		}
		for _, key := range []fyne.KeyName{fyne.KeyC, fyne.KeyH, fyne.KeyP, fyne.KeyZ} {
			h.shortcut(key, ctrl|shift)
		}
		h.shortcut(fyne.KeyF5, 0)
		h.deleteOpen()
	}
	h.typeInto("form.port_code", "AB") // so that quitting asks
	fire()
	if h.asking == nil || h.closed {
		t.Fatal("quitting with unsaved text does not ask")
	}
	h.asking.Escape()
	h.getToken("MTP", true)
	h.about()
	before := h.asking
	fire()
	if h.asking != before || h.current == nil || h.result.revealed() || h.board.text != "" || len(h.all) != 1 || h.closed {
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
		h.list.query() != "sete" || h.list.list.Length() != 1 || h.form.password.Text != authtest.DemoPassword {
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

func TestThemeIsChosenAndReadable(t *testing.T) {
	h := start(t, "en", nil)
	for _, choice := range []string{settings.Light, settings.Dark, settings.Automatic} {
		h.chooseTheme(choice)
		if last := h.settings[len(h.settings)-1]; last.Theme != choice {
			t.Errorf("the settings are %+v", last)
		}
	}
	// security.md 23: at least 4.5:1 for every text on what it stands on.
	for variant, name := range map[fyne.ThemeVariant]string{theme.VariantLight: "light", theme.VariantDark: "dark"} {
		b := newBrand("")
		for _, back := range []fyne.ThemeColorName{theme.ColorNameBackground, theme.ColorNameInputBackground, theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground, colorNameTint, theme.ColorNameSelection} {
			for _, text := range []fyne.ThemeColorName{theme.ColorNameForeground, theme.ColorNamePlaceHolder, theme.ColorNameError, theme.ColorNameSuccess, theme.ColorNameWarning} {
				if back == theme.ColorNameSelection && text != theme.ColorNameForeground {
					continue
				}
				if ratio := contrast(b, text, back, variant); ratio < 4.5 {
					t.Errorf("%s: %s on %s has %.1f:1, want 4.5:1", name, text, back, ratio)
				}
			}
		}
		// A button that the pointer or the keyboard is at has a colour laid over its own.
		for _, over := range []fyne.ThemeColorName{"", theme.ColorNameHover, theme.ColorNameFocus} {
			if ratio := contrast(b, theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary, variant, over); ratio < 4.5 {
				t.Errorf("%s: the main button under %q has %.1f:1", name, over, ratio)
			}
			if ratio := contrast(b, theme.ColorNameForeground, theme.ColorNameButton, variant, over); ratio < 4.5 {
				t.Errorf("%s: a button under %q has %.1f:1", name, over, ratio)
			}
		}
	}
}

// contrast is WCAG's ratio of a text's colour to the one that it stands on, with
// others laid over that.
func contrast(b *brand, text, back fyne.ThemeColorName, variant fyne.ThemeVariant, over ...fyne.ThemeColorName) float64 {
	base := color.NRGBAModel.Convert(b.Color(back, variant)).(color.NRGBA)
	for _, name := range over {
		if name == "" {
			continue
		}
		top := color.NRGBAModel.Convert(b.Color(name, variant)).(color.NRGBA)
		mix := func(below, above uint8) uint8 {
			return uint8((int(above)*int(top.A) + int(below)*(255-int(top.A))) / 255)
		}
		base = color.NRGBA{R: mix(base.R, top.R), G: mix(base.G, top.G), B: mix(base.B, top.B), A: 255}
	}
	light := func(c color.Color) float64 {
		r, g, bl, _ := c.RGBA()
		linear := func(v uint32) float64 {
			c := float64(v) / 0xffff
			if c <= 0.03928 {
				return c / 12.92
			}
			return math.Pow((c+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(bl)
	}
	a, c := light(b.Color(text, variant)), light(base)
	return (max(a, c) + 0.05) / (min(a, c) + 0.05)
}

// TestNoSecretOnTheMaskedScreen: security.md 22: no object of the window holds
// the token or the password as a text that could be drawn.
func TestNoSecretOnTheMaskedScreen(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	token := h.current.secrets.Token.Reveal()
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		text := ""
		switch o := o.(type) {
		case *canvas.Text:
			text = o.Text
		case *widget.Label:
			text = o.Text
		case *widget.Button:
			text = o.Text
		}
		if strings.Contains(text, token) || strings.Contains(text, authtest.DemoPassword) {
			t.Errorf("a %T shows a secret", o)
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, each := range o.Objects {
				walk(each)
			}
		case fyne.Widget:
			for _, each := range test.WidgetRenderer(o).Objects() {
				walk(each)
			}
		}
	}
	walk(h.win.Content())
	if strings.Contains(h.win.Title(), token) {
		t.Error("the title holds the token")
	}
}

func TestBrokenIndexIsRebuilt(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	h.Close()
	if err := writeIndex(h.dir, "{"); err != nil {
		t.Fatal(err)
	}
	h.restart("en", nil)
	if len(h.all) != 1 || !strings.Contains(h.message(), "rebuilt from the keyring (1 profile)") {
		t.Errorf("%d profiles, the message is %q", len(h.all), h.message())
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

func TestFirstStartHasTheCursorInTheService(t *testing.T) {
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
