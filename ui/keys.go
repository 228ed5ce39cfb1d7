package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// keys handles the keys that work on every widget, and tells a shortcut from its repeats.
// It implements kit.ShortcutKeys.
type keys struct {
	w *Window
	// held has the keys that are down, and whether one has acted as a shortcut since.
	held map[fyne.KeyName]bool
	// fresh is the key that went down while no widget had the focus, and has not acted
	// yet; "" for none.
	fresh fyne.KeyName
}

// listen handles the keys of a canvas while no widget has the focus, and its shortcuts.
func (k *keys) listen(canvas fyne.Canvas) {
	if canvas, ok := canvas.(desktop.Canvas); ok {
		canvas.SetOnKeyDown(func(event *fyne.KeyEvent) {
			k.fresh = event.Name
			k.KeyDown(event.Name)
		})
		canvas.SetOnKeyUp(func(event *fyne.KeyEvent) { k.KeyUp(event.Name) })
	}
	canvas.SetOnTypedKey(func(event *fyne.KeyEvent) {
		if event.Name != k.fresh { // a repeat, or it went down on a widget that is gone
			return
		}
		k.fresh = ""
		if k.w.dialog != nil && (event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter) {
			k.w.dialog.Default()
			return
		}
		k.TypedKey(event.Name)
	})
	for _, c := range k.w.commands {
		if shortcut := c.shortcut(); shortcut != nil {
			canvas.AddShortcut(shortcut, func(s fyne.Shortcut) { k.TypedShortcut(s) })
		}
	}
}

// KeyDown implements kit.Keys.
func (k *keys) KeyDown(key fyne.KeyName) {
	k.w.p.Active() // also in a dialog
	k.held[key] = false
}

// KeyUp implements kit.Keys.
func (k *keys) KeyUp(key fyne.KeyName) { delete(k.held, key) }

// shifted reports whether a Shift key is down.
func (k *keys) shifted() bool {
	_, left := k.held[desktop.KeyShiftLeft]
	_, right := k.held[desktop.KeyShiftRight]
	return left || right
}

// TypedKey implements kit.Keys.
func (k *keys) TypedKey(key fyne.KeyName) bool {
	k.w.p.Active()
	var mod fyne.KeyModifier
	if k.shifted() {
		mod = shift
	}
	switch {
	case key == fyne.KeyEscape:
		k.w.p.Escape()
		return true
	case key == fyne.KeyF10 && mod == 0:
		if k.w.dialog == nil {
			k.w.menus.showAppMenu()
		}
		return true
	case key == fyne.KeyF1:
		k.w.showKeys()
		return true
	}
	for _, c := range k.w.commands {
		if c.key == key && c.mod == mod && c.shortcut() == nil {
			if k.w.dialog == nil {
				c.do()
			}
			return true
		}
	}
	return false
}

// TypedShortcut implements kit.ShortcutKeys.
func (k *keys) TypedShortcut(s fyne.Shortcut) bool {
	custom, ok := s.(*desktop.CustomShortcut)
	if !ok {
		return false
	}
	for _, c := range k.w.commands {
		if c.key == custom.KeyName && c.mod == custom.Modifier {
			k.w.p.Active()
			k.once(c.key, c.do)()
			return true
		}
	}
	return false
}

// once returns an action that a shortcut does once for each time that its key goes down. A
// click in a menu does it every time.
func (k *keys) once(key fyne.KeyName, action func()) func() {
	return func() {
		if acted, isHeld := k.held[key]; isHeld {
			if acted {
				return
			}
			k.held[key] = true
		}
		action()
	}
}
