package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/profile"
	"amarre/profile/backup"
	"amarre/profile/profiletest"
	"amarre/ui/kit"
)

func TestExportAndImport(t *testing.T) {
	h := start(t, "en", nil)
	h.three()
	folder := t.TempDir()
	file := filepath.Join(folder, "ports.amarre")
	const passphrase = "quatre bateaux au mouillage"
	h.list.list.Tap(0, ctrl)
	h.list.list.Tap(1, ctrl)
	h.shortcut(fyne.KeyE, ctrl)
	fill := func(path, first, second string) string {
		t.Helper()
		h.typeInto("ask.file", path)
		h.typeInto("ask.passphrase", first)
		h.typeInto("ask.again", second)
		h.press(fyne.KeyReturn)
		if h.dialog == nil {
			return ""
		}
		return h.dialog.Problem()
	}
	h.expect("short", fill(file, "court", "court"), "backup.short", "Least", 8)
	h.expect("differ", fill(file, passphrase, passphrase+"x"), "export.differ")
	if h.focused() != "ask.again" {
		t.Errorf("the cursor is in %q", h.focused())
	}
	h.expect("no folder", fill(filepath.Join(folder, "none", "x.amarre"), passphrase, passphrase), "file.no_folder", "File", filepath.Join(folder, "none", "x.amarre"))
	h.expect("not a whole path", fill("x.amarre", passphrase, passphrase), "export.no_folder")
	least := h.named["ask.least"].(*widget.Label)
	h.expect("the length", least.Text, "export.least", "Least", 8)
	h.typeInto("ask.passphrase", "court")
	h.expect("the length", least.Text, "export.short")
	first, second := h.named["ask.passphrase"].(*kit.SecretEntry), h.named["ask.again"].(*kit.SecretEntry)
	h.typeInto("ask.file", file)
	h.tap("ask.suggest")
	suggested := first.Secret()
	if backup.TooShort(suggested) || !second.Secret().Equal(suggested) || !first.Revealed() || second.Revealed() || h.focused() != "ask.passphrase" {
		t.Errorf("after a suggestion the entries are %v and %v, the cursor in %q", first.Revealed(), second.Revealed(), h.focused())
	}
	h.expect("the advice", least.Text, "export.suggested")
	h.tap("ask.suggest")
	if first.Secret().Equal(suggested) {
		t.Error("the same passphrase is suggested twice")
	}
	h.press(fyne.KeyTab, fyne.KeyBackspace)
	h.press(fyne.KeyReturn)
	h.expect("differ", h.dialog.Problem(), "export.differ")
	fill(file, passphrase, passphrase)
	h.noQuestion()
	h.expectN("the status", h.status.message.Text, "export.done", 2, "File", file)
	content, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(content), "SET") {
		t.Fatalf("the file: %v", err)
	}
	h.exportProfiles(h.all)
	h.expect("exists", fill(file, passphrase, passphrase), "file.exists", "File", file)
	h.press(fyne.KeyEscape)

	// On another computer.
	token := h.stored(h.all[1]).Token
	h.ring, h.dir = &profiletest.Ring{}, t.TempDir()
	h.restart("en", nil)
	h.drop(file)
	read := func(passphrase string) {
		t.Helper()
		h.typeInto("ask.passphrase", passphrase)
		h.press(fyne.KeyReturn)
	}
	read("wrong passphrase")
	h.expect("wrong", h.dialog.Problem(), "backup.passphrase")
	if h.focused() != "ask.passphrase" {
		t.Errorf("the cursor is in %q", h.focused())
	}
	read(passphrase)
	h.expectN("the preview", h.dialog.Body().Text, "import.count_add", 2)
	if len(h.all) != 0 || len(h.ring.Items()) != 0 {
		t.Error("something changed before it was agreed to")
	}
	h.press(fyne.KeyReturn)
	h.expectN("the status", h.status.message.Text, "import.done", 2)
	if len(h.all) != 2 || !h.stored(h.all[1]).Token.Equal(token) {
		t.Fatalf("imported %+v, %q", h.all, h.message())
	}

	// Again: nothing to do.
	h.importFile(file)
	read(passphrase)
	if !strings.HasSuffix(h.dialog.Body().Text, h.Window.t.T("import.nothing")) {
		t.Errorf("the second preview says %q", h.dialog.Body().Text)
	}
	h.press(fyne.KeyReturn)
	h.noQuestion()

	// One that is older here is replaced, and its token kept.
	old := authclient.NewSecret("OLD-TOKEN")
	before := profile.Open(profile.Options{Dir: h.dir, Keyring: h.ring, Now: func() time.Time { return h.clock.now.AddDate(-1, 0, 0) }})
	defer before.Close()
	if _, err := before.Edit(t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error { s.Token = old; return nil }); err != nil {
		t.Fatal(err)
	}
	h.settleElsewhere()
	h.importFile(file)
	read(passphrase)
	if !strings.Contains(h.dialog.Body().Text, "1 profile will be replaced.") {
		t.Errorf("the preview says %q", h.dialog.Body().Text)
	}
	h.answer(1)
	if got := h.stored(h.all[0]); got.Token.Equal(old) || !got.Previous.Equal(old) {
		t.Error("the token was not replaced, or the old one not kept")
	}
	// A bad file changes nothing.
	bad := filepath.Join(folder, "bad.amarre")
	if err := os.WriteFile(bad, content[:len(content)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	h.drop(bad)
	read(passphrase)
	h.expect("damaged", h.dialog.Problem(), "backup.damaged")
	h.press(fyne.KeyEscape)
	h.noQuestion()
}

// TestCancelledExportWritesNothing, also if it is cancelled while a token is being read or
// the file is being encrypted.
func TestCancelledExportWritesNothing(t *testing.T) {
	h := start(t, "en", func(_ *harness, d *Deps) { d.WorkFactor = 16 }) // a quarter of a second
	h.three()
	folder := t.TempDir()
	for _, after := range []time.Duration{0, 20 * time.Millisecond} {
		reads := 0
		h.ring.Change(profiletest.Faults{Before: func(call, _ string) {
			if call != "get" {
				return
			}
			if reads++; reads == len(h.all) {
				time.AfterFunc(after, h.Window.call.cancel)
			}
		}})
		h.export(h.all, filepath.Join(folder, "x.amarre"), authclient.NewSecret("quatre bateaux"))
		if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 || reads != len(h.all) {
			t.Errorf("cancelled after %v and %d reads, the folder holds %v, %v", after, reads, entries, err)
		}
		if after > 0 {
			h.expect("the message", h.message(), "store.cancelled")
		}
	}
}

// TestFailedExport: what has no token is left out and told, and what cannot be read ends it.
func TestFailedExport(t *testing.T) {
	h := start(t, "en", nil)
	h.three()
	if err := h.ring.Delete(h.all[1].ID); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	h.export(h.all, filepath.Join(folder, "x.amarre"), authclient.NewSecret("quatre bateaux"))
	h.expectN("left out", h.message(), "export.left_out", 1, "Names", h.all[1].Name)
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
	h.ring.Change(profiletest.Faults{Get: errLocked})
	h.export(h.all, filepath.Join(folder, "y.amarre"), authclient.NewSecret("quatre bateaux"))
	h.expect("locked", h.message(), "export.failed_at", "Name", h.all[0].Name, "Why", h.Window.t.T("store.locked"))
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

// TestPassphraseIsProtected: a passphrase that a dialog shows is hidden from screen
// captures, masked after a time, and discarded with the dialog.
func TestPassphraseIsProtected(t *testing.T) {
	var hidden []bool
	h := start(t, "en", func(_ *harness, d *Deps) { d.HideFromCaptures = func(hide bool) { hidden = append(hidden, hide) } })
	h.getToken("SET", true)
	h.shortcut(fyne.KeyE, ctrl)
	h.tap("ask.suggest")
	entry, ok := h.named["ask.passphrase"].(*kit.SecretEntry)
	if !ok || !entry.Revealed() || !slices.Equal(hidden, []bool{true}) {
		t.Fatalf("shown, and captures hidden: %v", hidden)
	}
	h.clock.advance(revealFor)
	if entry.Revealed() || !slices.Equal(hidden, []bool{true, false}) {
		t.Errorf("it is still shown, or captures are hidden: %v", hidden)
	}
	entry.Reveal()
	h.press(fyne.KeyEscape)
	h.noQuestion()
	if !entry.Secret().IsZero() || !slices.Equal(hidden, []bool{true, false, true, false}) {
		t.Errorf("the closed dialog keeps a passphrase: %v, captures hidden: %v", !entry.Secret().IsZero(), hidden)
	}
}
