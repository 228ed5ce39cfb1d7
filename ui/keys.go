package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// keys handles the keys that work on every widget, and tells a shortcut from its repeats.
// It implements kit.Keys.
type keys struct {
	w *Window
	// held has the keys that are down, and whether one has acted as a shortcut since.
	held map[fyne.KeyName]bool
	// fresh is the key that went down while no widget had the focus, and has not acted
	// yet; "" for none.
	fresh fyne.KeyName
}

// listen handles the keys of a canvas while no widget has the focus.
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
}

// KeyDown implements kit.Keys.
func (k *keys) KeyDown(key fyne.KeyName) {
	k.w.active() // also in a dialog
	k.held[key] = false
}

// KeyUp implements kit.Keys.
func (k *keys) KeyUp(key fyne.KeyName) { delete(k.held, key) }

// TypedKey implements kit.Keys.
func (k *keys) TypedKey(key fyne.KeyName) bool {
	k.w.active()
	switch key {
	case fyne.KeyEscape:
		k.w.escape()
	case fyne.KeyF2:
		k.w.rename()
	case fyne.KeyF5:
		k.w.check()
	default:
		return false
	}
	return true
}

// once returns an action that a shortcut does once for each time that its key goes down. A
// click in the menu does it every time.
func (k *keys) once(shortcut fyne.Shortcut, action func()) func() {
	custom, ok := shortcut.(*desktop.CustomShortcut)
	if !ok {
		return action
	}
	return func() {
		if acted, isHeld := k.held[custom.KeyName]; isHeld {
			if acted {
				return
			}
			k.held[custom.KeyName] = true
		}
		action()
	}
}
