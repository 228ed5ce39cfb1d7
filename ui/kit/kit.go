// Package kit has the widgets that Fyne lacks: buttons, entries, a choice and a list
// that can be used with the keyboard alone, an entry for secrets that cannot be copied
// from, a labelled field, and a modal dialog with Enter and Escape.
//
// Fyne sends a key to the focused widget only, so that the window does not see it. Every
// widget of this package therefore offers each key to its [Keys] first. A key that is held
// acts once.
package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// focusable is the base of a focusable widget with a simple renderer. paint sets the
// colours and the sizes of what the widget draws, and must be called in CreateRenderer.
type focusable struct {
	widget.BaseWidget
	focused bool
	paint   func()
}

// FocusGained implements fyne.Focusable.
func (f *focusable) FocusGained() { f.focused = true; f.Refresh() }

// FocusLost implements fyne.Focusable.
func (f *focusable) FocusLost() { f.focused = false; f.Refresh() }

// TypedRune implements fyne.Focusable.
func (f *focusable) TypedRune(rune) {}

// Refresh implements fyne.CanvasObject.
func (f *focusable) Refresh() {
	f.paint()
	f.BaseWidget.Refresh()
}

// AtLeast returns a container with a minimum size, in device-independent pixels.
func AtLeast(width, height float32, object fyne.CanvasObject) *fyne.Container {
	space := canvas.NewRectangle(color.Transparent)
	space.SetMinSize(fyne.NewSize(width, height))
	return container.NewStack(space, object)
}

// SetVisible shows or hides an object.
func SetVisible(object fyne.CanvasObject, visible bool) {
	if visible {
		object.Show()
	} else {
		object.Hide()
	}
}

// focus gives the keyboard focus to a widget, if it is on a canvas.
func focus(widget fyne.Focusable) {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(widget.(fyne.CanvasObject)); canvas != nil {
		canvas.Focus(widget)
	}
}

// lineHeight returns the height of a line of text, in device-independent pixels.
func lineHeight() float32 {
	return fyne.MeasureText("M", theme.TextSize(), fyne.TextStyle{}).Height
}

// SetEnabled enables or disables a widget.
func SetEnabled(widget fyne.Disableable, enabled bool) {
	switch {
	case enabled == !widget.Disabled():
	case enabled:
		widget.Enable()
	default:
		widget.Disable()
	}
}
