package ui

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"amarre/authclient/authtest"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// typeHere types into what has the focus.
func (h *harness) typeHere(text string) {
	h.t.Helper()
	focused := h.win.Canvas().Focused()
	if focused == nil {
		h.t.Fatalf("nothing has the focus to type %q", text)
	}
	for _, r := range text {
		focused.TypedRune(r)
	}
}

// focusIsSeen checks that a widget has the focus, and that it can be seen.
func (h *harness) focusIsSeen(when string) {
	h.t.Helper()
	focused := h.win.Canvas().Focused()
	if focused == nil {
		h.t.Errorf("%s: nothing has the focus", when)
		return
	}
	if disabled, ok := focused.(fyne.Disableable); ok && disabled.Disabled() {
		h.t.Errorf("%s: the focus is on a disabled %T", when, focused)
	}
	if !h.walk(func(o fyne.CanvasObject) bool { return o == focused.(fyne.CanvasObject) }) {
		h.t.Errorf("%s: the focus is on a %T that is not seen", when, focused)
	}
}

// focusedText returns the text of the button that has the focus, or the type of what has it.
func (h *harness) focusedText() string {
	switch focused := h.win.Canvas().Focused().(type) {
	case *kit.Push:
		return focused.AccessibilityLabel()
	default:
		return fmt.Sprintf("%T", focused)
	}
}

// TestWholeJobByKeyboard: from the first start to a changed name, without the mouse.
func TestWholeJobByKeyboard(t *testing.T) {
	h := start(t, "fr", nil)
	h.typeHere("SET")
	h.press(fyne.KeyTab)
	h.typeHere("15")
	h.press(fyne.KeyTab)
	h.typeHere(authtest.DemoPassword)
	h.press(fyne.KeyReturn) // gets the token
	h.expect("the focused button", h.focusedText(), "obtained.save")
	h.press(fyne.KeyReturn) // saves and copies it
	token := h.token()
	if h.p.Credential().State != presenter.Saved || h.board.text != token {
		t.Fatalf("saved: %v, copied: %v", h.p.Credential().State == presenter.Saved, h.board.text == token)
	}
	h.restart("fr", nil)
	h.shortcut(fyne.KeyF, ctrl)
	h.typeHere("sete")
	h.press(fyne.KeyReturn) // opens it
	h.expect("the focused button", h.focusedText(), "reading.copy")
	h.board.text = ""
	h.press(fyne.KeyReturn)
	if h.board.text != token {
		t.Error("Enter does not copy the token that was opened")
	}
	h.press(fyne.KeyF2)
	h.press(fyne.KeyEnd)
	h.typeHere(" 2")
	h.shortcut(fyne.KeyS, ctrl)
	if name := h.p.OpenName(); name != "Port de Sète 2" || h.p.Page() != presenter.Reading {
		t.Errorf("the name is %q on page %d", name, h.p.Page())
	}
	h.shortcut(fyne.KeyQ, ctrl)
	if !h.closed || h.board.text != "" {
		t.Errorf("closed: %v, the clipboard has %d characters", h.closed, len(h.board.text))
	}
}

// TestTabGoesRound: the Tab key reaches every button and field of each page that can be used,
// once, and comes back.
func TestTabGoesRound(t *testing.T) {
	for name, do := range map[string]func(h *harness){
		"welcome":         func(*harness) {},
		"overview":        func(h *harness) { h.ports(); h.service.Revoke("AGD"); h.p.CheckListed() },
		"reading":         func(h *harness) { h.open() },
		"refused":         func(h *harness) { h.refused() },
		"new":             func(h *harness) { h.ports(); h.shortcut(fyne.KeyN, ctrl); h.p.ShowDetails(true) },
		"edit":            func(h *harness) { h.open(); h.press(fyne.KeyF2) },
		"marked":          func(h *harness) { h.ports(); h.p.Mark(true, 1, 2) },
		"preferences":     func(h *harness) { h.ports(); h.shortcut(fyne.KeyComma, ctrl) },
		"troubleshooting": func(h *harness) { h.ports(); h.shortcut(fyne.KeyT, ctrl) },
		"export":          func(h *harness) { h.ports(); h.shortcut(fyne.KeyE, ctrl) },
		"letters":         func(h *harness) { h.open(); h.shortcut(fyne.KeyL, ctrl) },
		"a list":          func(h *harness) { h.ports(); h.shortcut(fyne.KeyN, ctrl|shift) },
		"its rows":        func(h *harness) { h.manyReady() },
		"a run":           func(h *harness) { h.manyRunning() },
		"its outcome":     func(h *harness) { h.manyReady(); h.p.ObtainMany() },
	} {
		t.Run(name, func(t *testing.T) {
			h := start(t, "en", nil)
			do(h)
			var stops []fyne.Focusable
			h.walk(func(o fyne.CanvasObject) bool {
				stop, ok := o.(fyne.Focusable)
				if disabled, can := o.(fyne.Disableable); ok && (!can || !disabled.Disabled()) {
					stops = append(stops, stop)
				}
				return false
			})
			var reached []fyne.Focusable
			for range 2 * len(stops) {
				h.press(fyne.KeyTab)
				h.focusIsSeen("after Tab")
				if focused := h.win.Canvas().Focused(); !slices.Contains(reached, focused) {
					reached = append(reached, focused)
				}
			}
			if len(stops) < 3 || len(reached) != len(stops) {
				t.Errorf("Tab reaches %d of %d", len(reached), len(stops))
			}
		})
	}
}

// TestTabOrderOfTheForm is that of the page.
func TestTabOrderOfTheForm(t *testing.T) {
	h := start(t, "en", nil)
	h.ports()
	h.shortcut(fyne.KeyN, ctrl)
	h.p.ShowDetails(true)
	h.win.Canvas().Focus(h.input("form.service"))
	for _, key := range []string{"form.port_code", "form.erp_id", "form.password"} {
		h.press(fyne.KeyTab)
		if h.win.Canvas().Focused() != h.input(key) {
			t.Fatalf("Tab leads to %s, want %s", h.focusedText(), key)
		}
	}
	for _, want := range []string{"*kit.Tick", h.Window.t.T("form.details"), "*kit.Segments", "*kit.SelectEntry", "*kit.Entry", h.Window.t.T("form.submit"), h.Window.t.T("form.cancel")} {
		if h.press(fyne.KeyTab); h.focusedText() != want {
			t.Fatalf("Tab leads to %s, want %s", h.focusedText(), want)
		}
	}
}

// TestHeldKeysActOnce: the repeats of a key reach what comes after, and do nothing to it.
func TestHeldKeysActOnce(t *testing.T) {
	const repeats = 10
	for name, c := range map[string]struct {
		prepare func(h *harness)
		hold    func(h *harness)
		count   func(h *harness) int
		want    int
	}{
		"Delete in the list": {
			func(h *harness) { h.ports() },
			func(h *harness) { h.holdDown(fyne.KeyDelete, repeats) },
			func(h *harness) int { return len(authtest.DemoAccounts()) - len(h.p.Ports()) }, 1,
		},
		"Enter in the form": {
			func(h *harness) { h.credentials("MTP", "15", "wrong") },
			func(h *harness) { h.holdDown(fyne.KeyReturn, repeats) },
			func(h *harness) int { return h.service.Logins() }, 1,
		},
		"Enter that gets a token does not save it": {
			func(h *harness) { h.credentials("MTP", "15", authtest.DemoPassword) },
			func(h *harness) { h.holdDown(fyne.KeyReturn, repeats) },
			func(h *harness) int { return len(h.p.Ports()) + len(h.board.text) }, 0,
		},
		"Enter in the list does not copy": {
			func(h *harness) { h.ports() },
			func(h *harness) { h.holdDown(fyne.KeyReturn, repeats) },
			func(h *harness) int { return len(h.board.text) }, 0,
		},
		"Enter in the search does not copy": {
			func(h *harness) { h.ports(); h.shortcut(fyne.KeyF, ctrl); h.typeHere("agde") },
			func(h *harness) { h.holdDown(fyne.KeyReturn, repeats) },
			func(h *harness) int { return len(h.board.text) }, 0,
		},
		"Enter in the palette does not do what it opens": {
			func(h *harness) { h.ports(); h.shortcut(fyne.KeyK, ctrl); h.typeHere("agde") },
			func(h *harness) { h.holdDown(fyne.KeyReturn, repeats) },
			func(h *harness) int { return len(h.board.text) }, 0,
		},
		"Enter on a question does not send again": {
			func(h *harness) {
				h.ports()
				h.shortcut(fyne.KeyN, ctrl)
				h.credentials("MTP", "15", authtest.DemoPassword)
				h.press(fyne.KeyReturn) // it is saved: a question
			},
			func(h *harness) { h.holdDown(fyne.KeyReturn, repeats) }, // open the saved one
			func(h *harness) int { return len(h.board.text) }, 0,
		},
		"Enter on a button that opens a dialog": {
			func(h *harness) { h.ports(); h.p.Mark(true, 0, 1); h.win.Canvas().Focus(h.marked.export) },
			func(h *harness) { h.holdDown(fyne.KeyReturn, repeats) },
			func(h *harness) int {
				if h.dialog == nil {
					return 1
				}
				return len(h.input("export.passphrase").(*kit.SecretEntry).Text)
			}, 0,
		},
		"Escape closes the dialog alone": {
			func(h *harness) { h.ports(); h.p.SetQuery("port"); h.about() },
			func(h *harness) { h.holdDown(fyne.KeyEscape, repeats) },
			func(h *harness) int { return len(h.p.Query()) }, len("port"),
		},
		"F10 opens a menu": {
			func(h *harness) { h.ports() },
			func(h *harness) { h.holdDown(fyne.KeyF10, repeats) },
			func(h *harness) int { return len(h.win.Canvas().Overlays().List()) }, 1,
		},
		"Space on Show": {
			func(h *harness) { h.open(); h.win.Canvas().Focus(h.read.show) },
			func(h *harness) { h.holdDown(fyne.KeySpace, repeats) },
			func(h *harness) int {
				if h.p.Revealed() {
					return 1
				}
				return 0
			}, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := start(t, "en", nil)
			c.prepare(h)
			c.hold(h)
			if got := c.count(h); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}

// TestHeldF5ChecksOnce, and a shortcut that repeats acts once too.
func TestHeldShortcutsActOnce(t *testing.T) {
	h := start(t, "en", nil)
	h.open()
	before := h.service.Checks()
	h.holdDown(fyne.KeyF5, 10)
	if n := h.service.Checks() - before; n != 1 {
		t.Errorf("F5 held: %d checks", n)
	}
	for range 2 {
		h.p.Delete(h.p.Ports()[:1])
	}
	left := len(h.p.Ports())
	repeat := func(key fyne.KeyName, modifier fyne.KeyModifier) {
		h.keyDown(key)
		for range 10 {
			s := &desktop.CustomShortcut{KeyName: key, Modifier: modifier}
			if focused, ok := h.win.Canvas().Focused().(fyne.Shortcutable); ok {
				focused.TypedShortcut(s)
			} else {
				h.win.Canvas().(fyne.Shortcutable).TypedShortcut(s)
			}
		}
		h.keyUp(key)
	}
	repeat(fyne.KeyZ, ctrl|shift)
	if n := len(h.p.Ports()) - left; n != 1 {
		t.Errorf("Ctrl+Shift+Z held: %d deletions are undone", n)
	}
	repeat(fyne.KeyZ, ctrl|shift)
	if n := len(h.p.Ports()) - left; n != 2 {
		t.Errorf("Ctrl+Shift+Z again: %d deletions are undone", n)
	}
}

// TestShortcutsInEntries: the shortcuts of the window work while somebody types, and those of
// the entry too.
func TestShortcutsInEntries(t *testing.T) {
	h := start(t, "en", nil)
	h.open()
	h.shortcut(fyne.KeyF, ctrl)
	h.typeHere("port")
	h.shortcut(fyne.KeyH, ctrl|shift)
	if !h.p.Revealed() {
		t.Error("Ctrl+Shift+H does nothing in the search")
	}
	h.press(fyne.KeyF5)
	if h.p.CurrentNotice().Text == "" {
		t.Error("F5 does nothing in the search")
	}
	h.win.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	h.press(fyne.KeyDelete)
	if h.p.Query() != "" || len(h.p.Ports()) != len(authtest.DemoAccounts()) {
		t.Errorf("Delete in the search leaves %q and %d ports", h.p.Query(), len(h.p.Ports()))
	}
	h.shortcut(fyne.KeyK, ctrl)
	if h.dialog == nil {
		t.Error("Ctrl+K does nothing in the search")
	}
}

// TestNoShortcutUnderADialog: while a dialog is open nothing else begins.
func TestNoShortcutUnderADialog(t *testing.T) {
	h := start(t, "en", nil)
	h.open()
	h.about()
	before, checks := h.dialog, h.service.Checks()
	for _, c := range h.commands {
		if c.key != "" {
			h.shortcut(c.key, c.mod)
		}
	}
	h.press(fyne.KeyF5, fyne.KeyF2, fyne.KeyF10)
	if h.dialog != before || h.p.Revealed() || h.board.text != "" || h.service.Checks() != checks || h.p.Page() != presenter.Reading || h.closed {
		t.Error("a shortcut worked under a dialog")
	}
	h.press(fyne.KeyEscape)
	h.noQuestion()
}

// TestKeysWithoutFocus: keys work after a click beside the widgets.
func TestKeysWithoutFocus(t *testing.T) {
	h := start(t, "en", nil)
	h.open()
	before := h.service.Checks()
	h.win.Canvas().Unfocus()
	h.press(fyne.KeyF5)
	if h.service.Checks() == before {
		t.Error("F5 does nothing")
	}
	for _, key := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyReturn} {
		h.about()
		h.win.Canvas().Unfocus()
		h.press(key)
		if h.dialog != nil {
			t.Errorf("%s does not close a dialog that lost the focus", key)
			h.dialog.Escape()
		}
	}
}

// TestTypingInADialogIsActivity: the dialog with its passphrase stays, until nobody is there.
func TestTypingInADialogIsActivity(t *testing.T) {
	h := start(t, "fr", nil)
	h.ports()
	h.shortcut(fyne.KeyE, ctrl)
	h.typeInto("export.passphrase", "quatre bateaux")
	entry := h.input("export.passphrase").(*kit.SecretEntry)
	for range 10 {
		h.clock.Advance(4 * time.Minute)
		h.press(fyne.KeyHome)
	}
	if h.dialog == nil {
		t.Fatal("the dialog is closed though somebody types in it")
	}
	h.clock.Advance(6 * time.Minute)
	if h.dialog != nil || entry.Text != "" {
		t.Error("the dialog or its passphrase is still there though nobody is")
	}
}
