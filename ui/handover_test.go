package ui

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/encoding/unicode"

	"amarre/authclient"
	"amarre/internal/clipboard"
	"amarre/internal/handover"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestCopyAs: the clipboard is cleared after a copy in every format that has the token.
func TestCopyAs(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	token := h.current.secrets.Token.Reveal()
	for i, format := range handover.Formats() {
		h.copyAsMenu()[i].Action()
		if format == handover.Curl {
			if h.guard.Held() && h.guard.OnBoard() || strings.Contains(h.board.text, token) || !strings.HasPrefix(h.board.text, "curl ") {
				t.Errorf("%s: the clipboard has %q", format, h.board.text)
			}
			h.expect("the status", h.status.message.Text, "format.curl_copied")
			h.clock.advance(2 * h.Window.settings.ClearAfter())
			if h.board.text == "" {
				t.Error("a command without a secret was cleared")
			}
			continue
		}
		if !strings.Contains(h.board.text, token) || strings.Contains(h.board.text, "FourniPar") || !h.guard.Held() {
			t.Errorf("%s: the clipboard has a text of %d characters, held %v", format, len(h.board.text), h.guard.Held())
		}
		h.clock.advance(h.Window.settings.ClearAfter())
		if h.board.text != "" {
			t.Errorf("%s: the clipboard was not cleared", format)
		}
	}
	h.current.secrets.Token = authclient.NewSecret(`odd'"token`)
	h.copyAs(handover.INI)
	h.expect("refused", h.message(), "format.cannot_hold", "Format", "INI file")
	if h.board.text != "" && strings.Contains(h.board.text, "odd") {
		t.Error("a value that the format cannot hold was copied")
	}
	h.shortcut(fyne.KeyA, ctrl|shift)
	if _, ok := h.win.Canvas().Focused().(*widget.PopUpMenu); !ok {
		t.Error("Ctrl+Shift+A opens no menu")
	}
}

// TestCompareWithERP: the comparison names the difference, and shows no secret.
func TestCompareWithERP(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	other := h.current.secrets.Token.Reveal()
	h.shortcut(fyne.KeyN, ctrl)
	h.getToken("SET", true)
	token := h.current.secrets.Token.Reveal()
	const earlier = "EARLIER-TOKEN-OF-THIS-PROFILE"
	if _, err := h.deps.Store.Edit(t.Context(), h.open.ID, func(_ *profile.Profile, s *profile.Secrets) error {
		s.Previous = authclient.NewSecret(earlier)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	h.load(*h.saved(h.current.profile))
	h.shortcut(fyne.KeyV, ctrl|shift)
	h.noSecretShown(token, other)
	for _, c := range []struct {
		held  string
		match handover.Match
		count int
	}{
		{token, handover.Identical, 0},
		{"Bearer " + token, handover.Bearer, 0},
		{`"` + token + `"`, handover.Surrounded, 0},
		{grouped(token), handover.Spaced, 0},
		{token[:9] + "\u200b" + token[9:], handover.Invisible, 0},
		{strings.ToLower(token), handover.LetterCase, 0},
		{token + "x", handover.TooLong, 1},
		{token[:30], handover.Truncated, 8},
		{"#Token=" + token + "\nToken=x", handover.Commented, 0},
		{" ", handover.Nothing, 0},
		{"[Logapass]\nToken=" + token, handover.Identical, 0},
	} {
		h.board.text = c.held
		h.answer(1)
		if want := h.Window.t.Comparison(c.match, c.count, 0); h.dialog.Body().Text != want {
			t.Errorf("%s is %q, want %q", c.match, h.dialog.Body().Text, want)
		}
		h.noSecretShown(token, other)
	}
	h.board.text = "old=" + earlier + "\ntoken=" + strings.ToLower(token)
	h.answer(1)
	h.expect("earlier, and the current one in another case", h.dialog.Body().Text, "erp.earlier")
	h.board.text = earlier
	h.answer(1)
	h.expect("earlier", h.dialog.Body().Text, "erp.earlier")
	h.board.text = "TOKEN=" + other
	h.answer(1)
	h.expect("another", h.dialog.Body().Text, "erp.another", "Name", "Port de Montpellier", "Reference", h.all[0].Reference())
	h.board.text = "something else"
	h.answer(1)
	h.expect("different", h.dialog.Body().Text, "erp.different")

	// Files.
	path := filepath.Join(t.TempDir(), "erp.env")
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("\"Token\"=\"" + token + "\"\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"LOGAPASS_TOKEN='" + token + "'\n", token + "\r\n", utf16} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		h.drop(path)
		h.expect("a file", h.dialog.Body().Text, "erp.identical")
	}
	h.drop(path + "x")
	h.expect("no file", h.dialog.Body().Text, "erp.unreadable")
	h.press(fyne.KeyEscape)
	h.noQuestion()

	// The token that Amarre copied says nothing about the ERP.
	h.tap("result.copy")
	h.shortcut(fyne.KeyV, ctrl|shift)
	h.answer(1)
	h.expect("our copy", h.dialog.Body().Text, "erp.own_copy")
	h.board.text = token + "\n"
	h.answer(1)
	h.expect("copied since", h.dialog.Body().Text, "erp.surrounded")
}

// TestComparisonCountsWhatWasNotRead: other profiles whose token cannot be read are not
// left out silently, unless the token was found.
func TestComparisonCountsWhatWasNotRead(t *testing.T) {
	h := start(t, "en", nil)
	for _, port := range []string{"MTP", "AGD", "SET"} {
		h.shortcut(fyne.KeyN, ctrl)
		h.getToken(port, true)
	}
	token := h.current.secrets.Token.Reveal()
	h.shortcut(fyne.KeyV, ctrl|shift)
	h.ring.Change(profiletest.Faults{Get: errors.New("locked")})
	for _, c := range []struct {
		held          string
		match         handover.Match
		count, unread int
	}{
		{"something else", handover.Different, 0, 2},
		{token[1:], handover.Truncated, 1, 2},
		{token, handover.Identical, 0, 0},
	} {
		h.board.text = c.held
		h.answer(1)
		if want := h.Window.t.Comparison(c.match, c.count, c.unread); h.dialog.Body().Text != want {
			t.Errorf("%s is %q, want %q", c.match, h.dialog.Body().Text, want)
		}
	}
	h.ring.Change(profiletest.Faults{})
	for i := range h.all {
		h.all[i].Missing = h.all[i].PortCode == "AGD"
	}
	h.board.text = "something else"
	h.answer(1)
	if want := h.Window.t.Comparison(handover.Different, 0, 1); h.dialog.Body().Text != want {
		t.Errorf("with an item missing it is %q, want %q", h.dialog.Body().Text, want)
	}
}

// noSecretShown checks that no named widget draws one of the secrets.
func (h *harness) noSecretShown(secrets ...string) {
	h.t.Helper()
	for name, object := range h.named {
		for _, secret := range secrets {
			if strings.Contains(drawn(object), secret) {
				h.t.Errorf("%s shows a secret", name)
			}
		}
	}
}

// managedBoard is a clipboard that a clipboard manager takes over.
type managedBoard struct{ taken bool }

func (b *managedBoard) SetSecret(string) bool    { b.taken = true; return true }
func (b *managedBoard) Holds() bool              { return false }
func (b *managedBoard) Clear()                   {}
func (b *managedBoard) HasManager() bool         { return true }
func (b *managedBoard) Erase(clipboard.Sum) bool { found := b.taken; b.taken = false; return found }

// TestClipboardManagerIsMentioned: where a clipboard manager runs, a copy says that it may
// keep the token, beside what else there is to say; the copy counts down, and is cleared in
// the hands of the manager.
func TestClipboardManagerIsMentioned(t *testing.T) {
	board := &managedBoard{}
	h := start(t, "en", func(_ *harness, d *Deps) { d.SecretClipboard, d.Remote = board, true })
	h.getToken("SET", true)
	h.shortcut(fyne.KeyC, ctrl|shift)
	for _, key := range []string{"clipboard.manager", "clipboard.shared"} {
		if text := h.Window.t.T(key); strings.Count(h.message(), text) != 1 {
			t.Errorf("the message is %q, want %q in it", h.message(), text)
		}
	}
	h.shortcut(fyne.KeyC, ctrl|shift)
	h.expect("the message of the second copy", h.message(), "clipboard.manager")
	if h.clock.advance(44 * time.Second); !h.status.clipboard.Visible() || !board.taken {
		t.Error("the copy is forgotten because a manager has it")
	}
	if h.clock.advance(time.Second); h.status.clipboard.Visible() || board.taken {
		t.Error("the copy is not cleared")
	}
}
