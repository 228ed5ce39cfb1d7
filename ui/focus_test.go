package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/authclient"
	"amarre/internal/settings"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// TestFocusIsNeverLost: after each action a widget that can be seen has the focus.
func TestFocusIsNeverLost(t *testing.T) {
	for name, do := range map[string]func(h *harness){
		"start":  func(*harness) {},
		"obtain": func(h *harness) { h.getToken("MTP", false) },
		"save":   func(h *harness) { h.getToken("MTP", true) },
		"save by its button": func(h *harness) {
			h.getToken("MTP", false)
			h.win.Canvas().Focus(h.read.first)
			h.press(fyne.KeyReturn)
		},
		"list":   func(h *harness) { h.ports() },
		"open":   func(h *harness) { h.open() },
		"delete": func(h *harness) { h.open(); h.p.Delete(h.p.Selection()) },
		"delete all": func(h *harness) {
			h.ports()
			h.p.MarkAll(true)
			h.win.Canvas().Focus(h.marked.delete)
			h.press(fyne.KeyReturn)
		},
		"undo by its button": func(h *harness) {
			h.open()
			h.p.Delete(h.p.Selection())
			h.win.Canvas().Focus(h.toasts.Action())
			h.press(fyne.KeyReturn)
		},
		"clear the clipboard": func(h *harness) {
			h.open()
			h.press(fyne.KeyReturn)
			h.win.Canvas().Focus(h.toasts.Action())
			h.press(fyne.KeyReturn)
		},
		"message that goes": func(h *harness) {
			h.open()
			h.p.Delete(h.p.Selection())
			h.win.Canvas().Focus(h.toasts.Action())
			h.clock.Advance(31 * time.Second)
		},
		"refused": func(h *harness) { h.refused() },
		"refused by F5": func(h *harness) {
			h.open()
			h.win.Canvas().Focus(h.read.check)
			h.service.Revoke("HYR")
			h.press(fyne.KeyReturn)
		},
		"renew":        func(h *harness) { h.refused(); h.press(fyne.KeyReturn) },
		"decision":     func(h *harness) { h.differs() },
		"decided":      func(h *harness) { h.differs(); h.press(fyne.KeyReturn) },
		"edit":         func(h *harness) { h.open(); h.press(fyne.KeyF2) },
		"edit, Escape": func(h *harness) { h.open(); h.press(fyne.KeyF2, fyne.KeyEscape) },
		"edit, Cancel": func(h *harness) {
			h.open()
			h.press(fyne.KeyF2)
			h.win.Canvas().Focus(h.form.cancel)
			h.press(fyne.KeyReturn)
		},
		"dialog, Escape": func(h *harness) { h.open(); h.shortcut(fyne.KeyV, ctrl|shift); h.press(fyne.KeyEscape) },
		"dialog":         func(h *harness) { h.open(); h.tokens.useToken(); h.press(fyne.KeyReturn) },
		"letters end":    func(h *harness) { h.open(); h.shortcut(fyne.KeyL, ctrl); h.clock.Advance(31 * time.Second) },
		"idle":           func(h *harness) { h.open(); h.clock.Advance(6 * time.Minute) },
		"menu, Escape":   func(h *harness) { h.open(); h.press(fyne.KeyF10, fyne.KeyEscape) },
		"palette":        func(h *harness) { h.ports(); h.shortcut(fyne.KeyK, ctrl); h.typeHere("agde"); h.press(fyne.KeyReturn) },
		"preferences":    func(h *harness) { h.open(); h.shortcut(fyne.KeyComma, ctrl) },
		"preferences, Escape": func(h *harness) {
			h.open()
			h.shortcut(fyne.KeyComma, ctrl)
			h.press(fyne.KeyTab, fyne.KeyEscape)
		},
		"language":        func(h *harness) { h.open(); h.shortcut(fyne.KeyComma, ctrl); h.p.ChooseLanguage("fr") },
		"troubleshooting": func(h *harness) { h.open(); h.shortcut(fyne.KeyT, ctrl) },
		"test by its button": func(h *harness) {
			h.open()
			h.shortcut(fyne.KeyT, ctrl)
			h.press(fyne.KeyReturn)
		},
		"search emptied": func(h *harness) {
			h.ports()
			h.p.SetQuery("xyz")
			h.win.Canvas().Focus(h.side.reset)
			h.press(fyne.KeyReturn)
		},
		"search cleared": func(h *harness) {
			h.ports()
			h.p.SetQuery("agde")
			h.win.Canvas().Focus(h.side.clear)
			h.press(fyne.KeyReturn)
		},
		"unmarked": func(h *harness) {
			h.ports()
			h.p.Mark(true, 0, 1)
			h.win.Canvas().Focus(h.marked.unmark)
			h.press(fyne.KeyReturn)
		},
		"narrow window": func(h *harness) { h.open(); h.settle(fyne.NewSize(minWidth, minHeight)) },
		"message dismissed": func(h *harness) {
			h.ports()
			h.p.Trouble("text", presenter.Action{Label: "act", Do: func() {}})
			h.win.Canvas().Focus(h.button("act"))
			h.press(fyne.KeyEscape)
		},
		"login refused": func(h *harness) { h.credentials("MTP", "15", "wrong"); h.press(fyne.KeyReturn) },
		"login by button": func(h *harness) {
			h.credentials("MTP", "15", "wrong")
			h.win.Canvas().Focus(h.form.submit)
			h.press(fyne.KeyReturn)
		},
		"login runs": func(h *harness) {
			h.credentials("MTP", "15", "wrong")
			h.win.Canvas().Focus(h.form.submit)
			h.hold = true
			h.press(fyne.KeyReturn)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := start(t, "en", nil)
			do(h)
			h.focusIsSeen("then")
		})
	}
}

// TestMessageKeepsItsButtons: what else changes on the page does not take the focus from the
// button of a message.
func TestMessageKeepsItsButtons(t *testing.T) {
	h := start(t, "en", nil)
	h.ports()
	acted := 0
	for range 2 {
		h.p.Trouble("text", presenter.Action{Label: "act", Do: func() { acted++ }})
	}
	button := h.button("act")
	h.win.Canvas().Focus(button)
	h.update(presenter.PagePart)
	if h.button("act") != button || h.win.Canvas().Focused() != button {
		t.Error("the button is another one")
	}
	if h.press(fyne.KeyReturn); acted != 1 {
		t.Errorf("it acted %d times", acted)
	}
	h.p.Trouble("another text", presenter.Action{Label: "act", Do: func() { acted += 10 }})
	h.tapText("act")
	if acted != 11 {
		t.Errorf("the button of another message does what the former did: %d", acted)
	}
}

// menu returns the open menu.
func (h *harness) menu() *kit.Menu {
	h.t.Helper()
	menu, ok := h.win.Canvas().Focused().(*kit.Menu)
	if !ok {
		h.t.Fatalf("no menu is open: the focus is on %s", h.focusedText())
	}
	return menu
}

// TestMenusByKeyboard: F10 opens the menu of the window, Shift+F10 and the Menu key that of a
// row, and Enter does what is highlighted.
func TestMenusByKeyboard(t *testing.T) {
	h := start(t, "en", nil)
	h.ports()
	h.press(fyne.KeyF10)
	h.menu()
	if !h.sees(h.Window.t.T("menu.preferences")) {
		t.Errorf("F10 shows %q", h.texts())
	}
	h.press(fyne.KeyReturn)
	if h.p.Page() != presenter.Editing {
		t.Error("the first item is not the new port")
	}
	h.p.Home()
	for name, open := range map[string]func(){
		"Menu": func() { h.press(desktop.KeyMenu) },
		"Shift+F10": func() {
			h.keyDown(desktop.KeyShiftLeft)
			h.press(fyne.KeyF10)
			h.keyUp(desktop.KeyShiftLeft)
		},
	} {
		h.win.Canvas().Focus(h.side.list)
		h.side.list.MoveTo(2)
		open()
		h.menu()
		h.press(fyne.KeyReturn)
		if h.p.Page() != presenter.Reading || h.p.OpenID() != h.p.At(2).ID {
			t.Errorf("%s: the first item does not open the row", name)
		}
		h.p.Home()
	}
}

// TestMenuOfASecretEntry: it pastes and selects, and can neither copy nor cut.
func TestMenuOfASecretEntry(t *testing.T) {
	h := start(t, "en", nil)
	h.typeInto("form.password", "canary")
	entry := h.input("form.password").(*kit.SecretEntry)
	entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	test.TapSecondary(entry)
	h.menu()
	words := h.Window.t
	for key, want := range map[string]bool{"fyne.paste": true, "fyne.select_all": true, "fyne.copy": false, "fyne.cut": false} {
		if got := h.sees(words.T(key)); got != want {
			t.Errorf("%q is offered: %v, want %v", words.T(key), got, want)
		}
	}
}

// TestThemeChangesAtOnce: the window is drawn in other colours, and the choice is kept.
func TestThemeChangesAtOnce(t *testing.T) {
	h := start(t, "en", nil)
	h.open()
	h.shortcut(fyne.KeyComma, ctrl)
	background := func() any {
		return fyne.CurrentApp().Settings().Theme().Color(theme.ColorNameBackground, theme.VariantLight)
	}
	h.press(fyne.KeyRight) // light
	light := background()
	h.press(fyne.KeyRight) // dark
	if last := h.settings[len(h.settings)-1]; last.Theme != settings.Dark || background() == light {
		t.Errorf("the theme is %q, the background %v, before %v", last.Theme, background(), light)
	}
}

// TestLanguageChangesAtOnce, and what was typed, searched and marked stays.
func TestLanguageChangesAtOnce(t *testing.T) {
	h := start(t, "en", nil)
	h.ports()
	h.p.SetQuery("port")
	h.shortcut(fyne.KeyN, ctrl)
	h.credentials("ABC", "16", "typed")
	h.p.ChooseLanguage("fr")
	if h.button("Obtenir le jeton") == nil {
		t.Fatalf("the window is not in French: %q", h.texts())
	}
	form := h.p.Form()
	if h.form.port.Text != "ABC" || h.form.erpID.Text != "16" || !h.form.password.Secret().Equal(authclient.NewSecret("typed")) || h.side.search.Text != "port" ||
		form.Texts[presenter.PortCode] != "ABC" {
		t.Error("something that was typed is lost")
	}
	h.shortcut(fyne.KeyK, ctrl)
	if h.dialog == nil {
		t.Error("the shortcuts of the window do not work")
	}
	if last := h.settings[len(h.settings)-1]; last.Language != "fr" {
		t.Errorf("the settings are %+v", last)
	}
}

// TestSearchShowsItsEnd: the key that leads there, or what clears it.
func TestSearchShowsItsEnd(t *testing.T) {
	h := start(t, "en", nil)
	h.ports()
	h.settle(fyne.NewSize(980, 680))
	if !h.sees("Ctrl+F") {
		t.Errorf("the key is not drawn: %q", h.texts())
	}
	h.shortcut(fyne.KeyF, ctrl)
	h.typeHere("s")
	clear := h.walk(func(o fyne.CanvasObject) bool { return o == fyne.CanvasObject(h.side.clear) })
	if !clear || h.sees("Ctrl+F") {
		t.Errorf("the button is drawn: %v", clear)
	}
}
