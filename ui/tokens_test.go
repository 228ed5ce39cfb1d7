package ui

import (
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
)

// TestReplacingTokenAsks: the stored token is only replaced after a question, which says
// which of the two tokens work. The previous token can be restored or deleted.
func TestReplacingTokenAsks(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	first := h.current.secrets.Token
	again := func() {
		t.Helper()
		h.typeInto("form.password", authtest.DemoPassword)
		h.press(fyne.KeyReturn)
		h.answer(0)
	}
	again()
	second := h.current.secrets.Token
	both := "The token that the ERP uses no longer works. The new one works."
	if !strings.HasSuffix(h.message(), both) || !h.stored(h.all[0]).Token.Equal(first) {
		t.Fatalf("the message is %q, or the stored token was replaced", h.message())
	}
	h.shortcut(fyne.KeyS, ctrl)
	if h.dialog == nil || !strings.HasPrefix(h.dialog.Body().Text, both) {
		t.Fatal("nothing is asked, or without the comparison")
	}
	h.press(fyne.KeyReturn) // the default changes nothing
	if !h.stored(h.all[0]).Token.Equal(first) || !h.current.changed {
		t.Error("the default answer replaces")
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.answer(1) // replace and keep the old one
	got := h.stored(h.all[0])
	if !got.Token.Equal(second) || !got.Previous.Equal(first) || !h.all[0].HasPrevious || h.current.changed {
		t.Fatalf("after replacing: %+v", h.all[0])
	}

	// The previous token can be checked, restored and deleted.
	if !h.result.previous.Visible() {
		t.Fatal("the previous token is not offered")
	}
	h.tap("result.previous")
	h.answer(2)
	if text := h.dialog.Body().Text; !strings.Contains(text, "no longer accepts it") {
		t.Errorf("the check says %q", text)
	}
	h.answer(1)
	if got := h.stored(h.all[0]); !got.Token.Equal(first) || !got.Previous.Equal(second) || !h.current.secrets.Token.Equal(first) {
		t.Error("going back did not swap the two")
	}
	h.tap("result.previous")
	h.answer(0)
	if got := h.stored(h.all[0]); !got.Token.Equal(first) || !got.Previous.IsZero() || h.result.previous.Visible() {
		t.Error("the previous one was not forgotten")
	}

	// The token is replaced, and the former one is not kept.
	again()
	h.shortcut(fyne.KeyS, ctrl)
	h.answer(0)
	if got := h.stored(h.all[0]); got.Token.Equal(first) || !got.Previous.IsZero() {
		t.Error("replacing without keeping kept it")
	}
	for _, text := range []string{h.message(), h.status.message.Text, h.result.heading.Text} {
		if strings.Contains(text, first.Reveal()) || strings.Contains(text, second.Reveal()) {
			t.Errorf("%q shows a token", text)
		}
	}
}

// TestSameTokenIsNoChange: a login that returns the stored token leaves nothing to save.
func TestSameTokenIsNoChange(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.answer(0)
	h.expect("the message", h.message(), "compare.same", "Name", "Port de Sète")
	if h.current.changed || h.unsavedNow() || !h.result.save.Disabled() {
		t.Error("the same token is an unsaved one")
	}
	h.tap("result.keep_password")
	h.shortcut(fyne.KeyS, ctrl)
	if got := h.stored(h.all[0]); got.Password.Reveal() != authtest.DemoPassword {
		t.Error("the password that was typed for it cannot be kept")
	}
}

// TestTokenChangedByAnotherProgram: a token that another process stored is compared before
// it is replaced.
func TestTokenChangedByAnotherProgram(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.answer(0)
	third := authclient.NewSecret("THIRD-TOKEN")
	if _, err := h.otherWindow().Edit(t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error {
		s.Token = third
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.answer(0)
	if !h.stored(h.all[0]).Token.Equal(third) || h.dialog == nil {
		t.Fatal("a token that was never compared was replaced")
	}
	h.answer(0)
	if !h.stored(h.all[0]).Token.Equal(h.current.secrets.Token) {
		t.Error("the second answer did not replace it")
	}
}

// TestVerdictBelongsToItsToken: the verdict on a token is not saved if another process has
// replaced the token.
func TestVerdictBelongsToItsToken(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	h.result.note.SetText("being typed") // so that the window does not load the new token
	if _, err := h.otherWindow().Edit(t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error {
		s.Token = authclient.NewSecret("ANOTHER-TOKEN")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	h.shortcut(fyne.KeyF5, 0)
	if p := h.all[0]; p.Check != "" {
		t.Errorf("the verdict on the old token was kept: %+v", p)
	}
}

// TestForgettingAPreviousTokenCanBeUndone: undo restores a deleted previous token.
func TestForgettingAPreviousTokenCanBeUndone(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	old := authclient.NewSecret("OLD-TOKEN")
	if _, err := h.deps.Store.Edit(t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error { s.Previous = old; return nil }); err != nil {
		t.Fatal(err)
	}
	h.shortcut(fyne.KeyN, ctrl)
	h.reload(nil)
	h.list.list.Tap(0, 0)
	h.tap("result.previous")
	h.answer(0)
	if !h.stored(h.all[0]).Previous.IsZero() {
		t.Fatal("it was not forgotten")
	}
	h.tap("status.action")
	if !h.stored(h.all[0]).Previous.Equal(old) {
		t.Error("undo does not bring it back")
	}
}

// TestUncheckedTokenIsNotReplacedSilently: the window asks before it replaces a token, even
// if the tokens cannot be checked.
func TestUncheckedTokenIsNotReplacedSilently(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.hold = true
	h.answer(0)
	// The file of the extra authority is removed after the login.
	h.deps.Clients.Authorities = map[string]string{h.service.URL: filepath.Join(h.dir, "missing.pem")}
	h.release()
	h.shortcut(fyne.KeyS, ctrl)
	if h.dialog == nil || !strings.Contains(h.dialog.Body().Text, "could not be checked") {
		t.Fatal("nothing is asked")
	}
}
