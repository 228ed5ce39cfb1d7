package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"amarre/internal/filedialog"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// TestPalette: it finds actions and ports, ports first, and only what can be done now.
func TestPalette(t *testing.T) {
	h := start(t, "en", nil)
	h.ports()
	h.shortcut(fyne.KeyK, ctrl)
	if h.sees(h.Window.t.T("menu.copy")) {
		t.Error("a token can be copied though no port is open")
	}
	h.press(fyne.KeyEscape)
	h.noQuestion()
	h.shortcut(fyne.KeyK, ctrl)
	h.typeHere("SETE")
	h.press(fyne.KeyReturn)
	h.noQuestion()
	if h.p.OpenName() != "Port de Sète" {
		t.Errorf("%q is open", h.p.OpenName())
	}
	h.shortcut(fyne.KeyK, ctrl)
	h.typeHere("preferences")
	h.press(fyne.KeyReturn)
	if h.p.Page() != presenter.Preferences {
		t.Errorf("page %d is shown, want the preferences", h.p.Page())
	}
	h.shortcut(fyne.KeyK, ctrl)
	h.typeHere("port")
	h.press(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn)
	if want := h.p.Ports()[1].Name; h.p.OpenName() != want {
		t.Errorf("%q is open, want the second one, %q", h.p.OpenName(), want)
	}
	h.shortcut(fyne.KeyK, ctrl)
	h.typeHere("xyz")
	h.press(fyne.KeyReturn)
	if h.dialog == nil || !h.sees(h.Window.t.T("palette.none")) {
		t.Errorf("with nothing to do it shows %q", h.texts())
	}
}

// TestLetters: the token is shown four letters at a time, and no longer than 30 s after the
// last key.
func TestLetters(t *testing.T) {
	h := start(t, "en", nil)
	h.open()
	token := h.token()
	shown := func() (large string) {
		h.walk(func(o fyne.CanvasObject) bool {
			if text, ok := o.(*canvas.Text); ok && text.TextSize > 30 {
				large += text.Text
			}
			return false
		})
		return large
	}
	h.shortcut(fyne.KeyL, ctrl)
	for _, c := range []struct {
		key  fyne.KeyName
		from int
	}{{"", 0}, {fyne.KeyLeft, 0}, {fyne.KeyRight, 4}, {fyne.KeySpace, 8}, {fyne.KeyLeft, 4}} {
		if c.key != "" {
			h.press(c.key)
		}
		if want := token[c.from : c.from+4]; shown() != want {
			t.Errorf("after %q it shows %q, want %q", c.key, shown(), want)
		}
		if back := h.dialog.Buttons[0]; back.Disabled() != (c.from == 0) {
			t.Errorf("at letter %d the button to go back is disabled: %t", c.from, back.Disabled())
		}
	}
	next := h.dialog.Buttons[1]
	h.win.Canvas().Focus(next)
	for range len(token) / 4 {
		h.press(fyne.KeyReturn)
	}
	if _, moves := h.win.Canvas().Focused().(*kit.Mover); !next.Disabled() || !moves {
		t.Errorf("at the end the button to go on is disabled: %t, and %T has the focus", next.Disabled(), h.win.Canvas().Focused())
	}
	for range len(token)/4 - 1 {
		h.press(fyne.KeyLeft)
	}
	h.tap("letters.next")
	h.clock.Advance(29 * time.Second)
	if shown() != token[8:12] {
		t.Errorf("before 30 s it shows %q", shown())
	}
	h.clock.Advance(2 * time.Second)
	h.noQuestion()
	if text := strings.Join(h.texts(), ""); strings.Contains(text, token[8:12]) {
		t.Error("the letters are still shown")
	}
}

// TestToastButtons: the button of a message does what it says, by a click and by Enter.
func TestToastButtons(t *testing.T) {
	for name, act := range map[string]func(h *harness){
		"click": func(h *harness) { test.Tap(h.toasts.Action().(fyne.Tappable)) },
		"Enter": func(h *harness) { h.win.Canvas().Focus(h.toasts.Action()); h.press(fyne.KeyReturn) },
	} {
		h := start(t, "en", nil)
		h.open()
		h.shortcut(fyne.KeyC, ctrl|shift)
		h.clock.Advance(5 * time.Second)
		if m, _ := h.toasts.Shown(); m.Detail != h.Window.t.N("toast.clears", 40) {
			t.Errorf("%s: after 5 s the message says %q", name, m.Detail)
		}
		if act(h); h.board.text != "" {
			t.Errorf("%s: the clipboard is not cleared", name)
		}
		before := len(h.p.Ports())
		h.p.Delete(h.p.Selection())
		if act(h); len(h.p.Ports()) != before {
			t.Errorf("%s: the deletion is not undone", name)
		}
	}
}

// TestBrowse: the dialog of the system gives the path, and nothing is lost if it does not.
func TestBrowse(t *testing.T) {
	h := start(t, "en", nil)
	h.shortcut(fyne.KeyI, ctrl)
	entry := h.input("import.file").(*kit.SelectEntry)
	h.typeIn(entry, "typed")
	h.files.path, h.files.err = "/home/user/ports.amarre", nil
	h.tap("file.browse")
	if entry.Text != "/home/user/ports.amarre" || len(h.files.asked) != 1 || h.files.asked[0].Title != h.Window.t.T("import.dialog") {
		t.Errorf("the file is %q; asked %+v", entry.Text, h.files.asked)
	}
	h.files.path, h.files.err = "", filedialog.ErrCancelled
	h.tap("file.browse")
	if entry.Text != "/home/user/ports.amarre" || h.dialog.Problem() != "" {
		t.Errorf("after Cancel the file is %q, the error %q", entry.Text, h.dialog.Problem())
	}
	h.files.err = filedialog.ErrUnavailable
	h.tap("file.browse")
	h.expect("the error", h.dialog.Problem(), "file.no_dialog")
	// What comes back after the dialog was closed is of no use.
	h.files.path, h.files.err, h.hold = "/late", nil, true
	h.tap("file.browse")
	h.press(fyne.KeyEscape)
	h.release()
	h.noQuestion()
}

// TestDrop: a file that is dropped on the window is imported, and one that is dropped on a
// dialog is taken there.
func TestDrop(t *testing.T) {
	h := start(t, "en", nil)
	h.drop("/home/user/picture.png")
	h.noQuestion()
	h.drop("/home/user/ports.AMARRE")
	if entry, ok := h.input("import.file").(*kit.SelectEntry); !ok || entry.Text != "/home/user/ports.AMARRE" {
		t.Fatal("the file is not taken for an import")
	}
	h.drop("/home/user/other.amarre")
	if entry := h.input("import.file").(*kit.SelectEntry); entry.Text != "/home/user/other.amarre" {
		t.Errorf("the dialog has %q", entry.Text)
	}
	h.press(fyne.KeyEscape)

	h.open()
	configuration := filepath.Join(t.TempDir(), "erp.ini")
	if err := os.WriteFile(configuration, []byte("token="+h.token()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.shortcut(fyne.KeyV, ctrl|shift)
	before := strings.Join(h.texts(), " ")
	h.drop(configuration)
	if after := strings.Join(h.texts(), " "); after == before || strings.Contains(after, h.token()) {
		t.Errorf("the configuration is not compared, or shown: %q", after)
	}
}

// TestSearchMarksWhatItFound: in the code and the name, accents aside.
func TestSearchMarksWhatItFound(t *testing.T) {
	h := start(t, "en", nil)
	h.ports()
	for query, want := range map[string]string{"sete": "Sète", "HYR": "HYR", "montp": "Montp"} {
		h.p.SetQuery(query)
		found := ""
		h.walk(func(o fyne.CanvasObject) bool {
			row, ok := o.(*portRow)
			if !ok {
				return false
			}
			for _, line := range []*kit.Text{row.code, row.name} {
				if objects := test.WidgetRenderer(line).Objects(); len(objects) == 3 && objects[2].Visible() {
					found += objects[2].(*canvas.Text).Text
				}
			}
			return false
		})
		if found != want || h.p.Rows() != 1 {
			t.Errorf("%q marks %q in %d rows, want %q in one", query, found, h.p.Rows(), want)
		}
	}
	h.press(fyne.KeyEscape)
	if h.p.Query() != "" || h.side.search.Text != "" {
		t.Error("Escape does not end the search")
	}
}

// TestReasonLeavesTheNameItsRoom: why a search found a port is at the same place in each row,
// and left out where the name would have too little.
func TestReasonLeavesTheNameItsRoom(t *testing.T) {
	h := start(t, "fr", nil)
	h.ports()
	h.p.SetQuery("prod")
	for _, size := range sizes {
		h.settle(size.Size)
		ends := map[float32]bool{}
		h.walk(func(o fyne.CanvasObject) bool {
			row, ok := o.(*portRow)
			if !ok {
				return false
			}
			if row.why.Visible() {
				if width := row.name.Size().Width; width < min(leastName, row.name.Role.Width(row.name.Text)) {
					t.Errorf("%s: the name %q has %v", size.name, row.name.Text, width)
				}
				ends[row.why.Position().X+row.why.Size().Width] = true
			}
			return false
		})
		if shown := size.name == "usual" || size.name == "large"; len(ends) > 1 || shown != (len(ends) == 1) {
			t.Errorf("%s: the reasons end at %v", size.name, ends)
		}
	}
}

// TestPageStaysWhereItIs: what is below the token does not move when it has been read.
func TestPageStaysWhereItIs(t *testing.T) {
	h := start(t, "fr", nil)
	h.ports()
	h.hold = true
	h.p.Open(h.p.At(1))
	h.clock.Advance(time.Second)
	before := h.read.details.Position()
	if c := h.p.Credential(); c.State != presenter.Opening || before.Y < 100 || !h.read.copy.Disabled() {
		t.Fatalf("the state is %v, the details are at %v", c.State, before)
	}
	h.release()
	if after := h.read.details.Position(); after != before || h.read.copy.Disabled() {
		t.Errorf("the details were at %v and are at %v, the token can be copied: %t", before, after, !h.read.copy.Disabled())
	}
}

// TestSecretsAreMaskedAndForgotten: what a dialog asks for is masked when the window loses the
// focus, and gone when the dialog is closed.
func TestSecretsAreMaskedAndForgotten(t *testing.T) {
	h := start(t, "en", nil)
	h.ports()
	h.shortcut(fyne.KeyE, ctrl)
	h.tap("export.suggest")
	first, second := h.input("export.passphrase").(*kit.SecretEntry), h.input("export.again").(*kit.SecretEntry)
	if !first.Revealed() || !first.Secret().Equal(second.Secret()) || first.Secret().IsZero() {
		t.Fatal("the passphrase that is proposed is not shown, or only in one field")
	}
	h.p.Conceal() // as when the window loses the focus
	if first.Revealed() {
		t.Error("the passphrase is still shown")
	}
	h.press(fyne.KeyEscape)
	if first.Text != "" || second.Text != "" {
		t.Error("the passphrase is still there after the dialog")
	}
}
