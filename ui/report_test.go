package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"amarre/authclient/authtest"
	"amarre/internal/keyring"
	"amarre/internal/report"
	"amarre/profile/profiletest"
	"amarre/ui/kit"
)

// menuItem runs the menu item with a label of the catalogue.
func (h *harness) menuItem(key string) {
	h.t.Helper()
	for _, menu := range h.win.MainMenu().Items {
		for _, item := range menu.Items {
			if item.Label == h.Window.t.T(key) {
				item.Action()
				return
			}
		}
	}
	h.t.Fatalf("no menu item is %s", key)
}

// TestDiagnosticReport: the report has no secret, address or name, is shown first, and is
// only written when the user saves it (docs/security.md, line 25).
func TestDiagnosticReport(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	h := start(t, "fr", func(_ *harness, d *Deps) { d.Display = report.X11 })
	h.credentials("SET", "15", "CANARY-wrong-password")
	h.press(fyne.KeyReturn)
	h.getToken("SET", true)
	h.typeInto("result.note", "CANARY-note")
	h.shortcut(fyne.KeyS, ctrl)
	h.shortcut(fyne.KeyC, ctrl|shift)
	h.ring.Change(profiletest.Faults{Set: errLocked, Is: keyring.Locked})
	h.typeInto("result.note", "CANARY-other")
	h.shortcut(fyne.KeyS, ctrl)
	token := h.current.secrets.Token.Reveal()
	h.menuItem("menu.report")
	pane, ok := h.named["ask.report"].(*kit.Pane)
	if !ok || h.dialog == nil || h.focused() != "ask.report" {
		t.Fatalf("there is no report, or it does not have the focus: %q", h.focused())
	}
	text := pane.Text()
	for _, secret := range []string{token, authtest.DemoPassword, "CANARY", "Sète", "SET", h.service.URL, "127.0.0.1", home} {
		if strings.Contains(text, secret) {
			t.Errorf("the report has %q:\n%s", secret, text)
		}
	}
	for _, want := range []string{"Amarre 9.9.9", "Affichage\u00a0: X11", "Trousseau\u00a0: locked", "demande de jeton\u00a0: refused", "demande de jeton\u00a0: done",
		"enregistrement\u00a0: done", "enregistrement\u00a0: locked", "copie\u00a0: done", "14:32:00", "Profils\u00a0: 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
	if written, err := filepath.Glob(filepath.Join(home, "[^.]*")); err != nil || len(written) > 0 { // Fyne creates .cache
		t.Errorf("before it is saved the home has %v, %v", written, err)
	}
	h.answer(1)
	if h.board.text != text {
		t.Error("the report is not copied")
	}
	// Enter in the report saves it.
	h.press(fyne.KeyReturn)
	h.noQuestion()
	path := filepath.Join(home, "amarre-rapport-20261123-1432.txt")
	content, err := os.ReadFile(path)
	if err != nil || string(content) != text {
		t.Errorf("the file has %q, %v", content, err)
	}
	h.expect("the status", h.status.message.Text, "report.saved", "File", path)

	// Saving does not replace a file.
	h.menuItem("menu.report")
	h.press(fyne.KeyReturn)
	if h.dialog == nil || h.dialog.Problem() != h.Window.t.T("file.exists", "File", path) || h.focused() != "ask.file" {
		t.Error("it would replace a file, or does not say so")
	}
	h.press(fyne.KeyEscape)
	h.noQuestion()
}

// TestCrashIsReportedOnce: only the first window after a crash mentions it, and it shows the
// report.
func TestCrashIsReportedOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crash-20261123-143200.txt")
	if err := os.WriteFile(path, []byte("where it was"), 0o600); err != nil {
		t.Fatal(err)
	}
	h := start(t, "en", func(_ *harness, d *Deps) { d.CrashReport = path })
	h.expect("the message", h.message(), "crash.told", "File", path)
	h.tap("result.first")
	if pane, ok := h.named["ask.report"].(*kit.Pane); !ok || pane.Text() != "where it was" {
		t.Error("the report is not shown")
	}
	h.restart("en", func(h *harness, d *Deps) { d.CrashReport, d.Settings = path, h.settings[len(h.settings)-1] })
	if h.message() != "" {
		t.Errorf("it is reported again: %q", h.message())
	}
}

// TestSharedClipboardWarnsOnce: in a remote session, only the first copy warns that the
// clipboard may be shared.
func TestSharedClipboardWarnsOnce(t *testing.T) {
	h := start(t, "en", func(_ *harness, d *Deps) { d.Remote = true })
	h.getToken("SET", true)
	h.shortcut(fyne.KeyC, ctrl|shift)
	h.expect("the message", h.message(), "clipboard.shared")
	h.press(fyne.KeyEscape)
	h.shortcut(fyne.KeyC, ctrl|shift)
	if h.message() != "" {
		t.Errorf("the warning is repeated: %q", h.message())
	}
	h.restart("en", func(h *harness, d *Deps) { d.Remote, d.Settings = true, h.settings[len(h.settings)-1] })
	h.getToken("MTP", true)
	h.shortcut(fyne.KeyC, ctrl|shift)
	if h.message() != "" {
		t.Errorf("the warning is repeated after a restart: %q", h.message())
	}
}
