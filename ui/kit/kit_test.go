package kit_test

import (
	"fmt"
	"image/color"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

// press sends keys that go down once.
func press(to fyne.Focusable, keys ...fyne.KeyName) {
	for _, key := range keys {
		event := &fyne.KeyEvent{Name: key}
		if keyable, ok := to.(desktop.Keyable); ok {
			keyable.KeyDown(event)
		}
		to.TypedKey(event)
	}
}

// hold sends a key that goes down once and repeats.
func hold(to fyne.Focusable, key fyne.KeyName) {
	press(to, key)
	for range 2 {
		to.TypedKey(&fyne.KeyEvent{Name: key})
	}
}

// look starts an application with the theme of the package.
func look(t *testing.T, variant fyne.ThemeVariant) {
	t.Helper()
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(&variant))
}

// variants has the themes of the window.
var variants = map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark}

// themed opens a window with the theme of the package, as small as its content.
func themed(t *testing.T, variant fyne.ThemeVariant, content fyne.CanvasObject) fyne.Window {
	t.Helper()
	look(t, variant)
	w := test.NewTempWindow(t, content)
	w.SetPadded(false)
	return w
}

// show opens a window of 600 by 400.
func show(t *testing.T, content fyne.CanvasObject) fyne.Window {
	t.Helper()
	w := test.NewTempWindow(t, content)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(600, 400))
	return w
}

// walk visits what is drawn of an object.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, visit)
		}
	case *container.Scroll:
		walk(o.Content, visit)
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, visit)
		}
	}
}

// colors returns the colours of everything that is drawn in an object.
func colors(o fyne.CanvasObject) map[string]bool {
	all := map[string]bool{}
	walk(o, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *canvas.Rectangle:
			all[hexOf(o.FillColor)] = true
			if o.StrokeWidth > 0 {
				all[hexOf(o.StrokeColor)] = true
			}
		case *canvas.Text:
			all[hexOf(o.Color)] = true
		}
	})
	return all
}

// hexOf returns a colour without its opacity, or "" for one that is not seen.
func hexOf(c color.Color) string {
	if c == nil {
		return ""
	}
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	if n.A == 0 {
		return ""
	}
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}

// clip is a clipboard in memory.
type clip struct{ text string }

func (c *clip) Content() string     { return c.text }
func (c *clip) SetContent(s string) { c.text = s }

// timers is a clock that a test moves.
type timers struct {
	now    time.Duration
	queued []*timer
}

type timer struct {
	at time.Duration
	f  func()
}

func (c *timers) after(d time.Duration, f func()) func() {
	t := &timer{c.now + d, f}
	c.queued = append(c.queued, t)
	return func() { t.f = func() {} }
}

// pass lets time pass, and calls what is due.
func (c *timers) pass(d time.Duration) {
	c.now += d
	queued := c.queued
	c.queued = nil
	for _, t := range queued {
		if t.at <= c.now {
			t.f()
		} else {
			c.queued = append(c.queued, t)
		}
	}
}

// shortcuts is a ShortcutKeys that handles Ctrl+K alone.
type shortcuts struct {
	kit.KeysFunc
	got []string
}

func (s *shortcuts) TypedShortcut(shortcut fyne.Shortcut) bool {
	s.got = append(s.got, shortcut.ShortcutName())
	custom, ok := shortcut.(*desktop.CustomShortcut)
	return ok && custom.KeyName == fyne.KeyK
}

var ctrlK = &desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl}

// TestShortcutsGoToTheWindow: a focused widget hands a shortcut on, and each repeat of it.
func TestShortcutsGoToTheWindow(t *testing.T) {
	look(t, theme.VariantLight)
	for name, make := range map[string]func(kit.Keys) fyne.Focusable{
		"Entry":       func(k kit.Keys) fyne.Focusable { return kit.NewEntry(k) },
		"SecretEntry": func(k kit.Keys) fyne.Focusable { return kit.NewSecretEntry(k) },
		"SelectEntry": func(k kit.Keys) fyne.Focusable { return kit.NewSelectEntry(k) },
		"Area":        func(k kit.Keys) fyne.Focusable { return kit.NewArea(k, 3, false) },
		"Select":      func(k kit.Keys) fyne.Focusable { return kit.NewSelect(k, nil, "a") },
		"Push":        func(k kit.Keys) fyne.Focusable { return kit.NewPush("a", "", kit.Second, k, nil) },
		"Tick":        func(k kit.Keys) fyne.Focusable { return kit.NewTick("a", k, nil) },
		"Switch":      func(k kit.Keys) fyne.Focusable { return kit.NewSwitch(k, nil) },
		"Segments":    func(k kit.Keys) fyne.Focusable { return kit.NewSegments(k, nil, "a") },
		"Radios":      func(k kit.Keys) fyne.Focusable { return kit.NewRadios(k, nil, "a") },
		"Mover":       func(k kit.Keys) fyne.Focusable { return kit.NewMover(k, func(int) {}, kit.Space(9, 9)) },
		"Pane":        func(k kit.Keys) fyne.Focusable { return kit.NewPane(k, "a") },
		"List": func(k kit.Keys) fyne.Focusable {
			return kit.NewList(k, func() int { return 0 }, func() fyne.CanvasObject { return kit.NewText("", kit.Body, kit.Ink) }, func(int, fyne.CanvasObject) {})
		},
	} {
		keys := &shortcuts{KeysFunc: func(fyne.KeyName) bool { return false }}
		w := make(keys)
		show(t, w.(fyne.CanvasObject))
		for range 2 {
			w.(fyne.Shortcutable).TypedShortcut(ctrlK)
		}
		if len(keys.got) != 2 {
			t.Errorf("%s handed on %v, want Ctrl+K twice", name, keys.got)
		}
	}
}
