// Package kit has the widgets that Fyne lacks: entries, buttons, a choice and a
// list that obey the keyboard contract, a secret entry that nothing can be
// copied from, a labelled field, and a dialog that answers Enter and Escape.
//
// Fyne gives a key to the focused widget alone, so that a key such as Escape
// never reaches the window. Every widget here actions its keys to Keys first.
package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Keys is asked before a focused widget uses a key. It reports whether it has
// used the key itself. A nil Keys uses none.
type Keys func(key fyne.KeyName) bool

func (k Keys) take(event *fyne.KeyEvent) bool { return k != nil && k(event.Name) }

// Button answers Enter as well as Space.
type Button struct {
	widget.Button
	Keys Keys
}

// NewButton makes a button with a text and, if icon is not nil, an icon.
func NewButton(text string, icon fyne.Resource, keys Keys, tapped func()) *Button {
	b := &Button{Keys: keys}
	b.Text, b.Icon, b.OnTapped = text, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(event *fyne.KeyEvent) {
	switch {
	case b.Keys.take(event):
	case event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter:
		b.Tapped(nil)
	default:
		b.Button.TypedKey(event)
	}
}

// Check is a check box that actions its keys, and answers Enter by OnSubmitted.
type Check struct {
	widget.Check
	Keys        Keys
	OnSubmitted func()
}

// NewCheck makes a check box.
func NewCheck(text string, keys Keys, changed func(bool)) *Check {
	c := &Check{Keys: keys}
	c.Text, c.OnChanged = text, changed
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(event *fyne.KeyEvent) {
	switch {
	case c.Keys.take(event):
	case (event.Name == fyne.KeyReturn || event.Name == fyne.KeyEnter) && c.OnSubmitted != nil:
		c.OnSubmitted()
	default:
		c.Check.TypedKey(event)
	}
}

// atLeast gives an object at least a size.
type atLeast struct{ least fyne.Size }

func (a atLeast) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
		o.Move(fyne.NewPos(0, 0))
	}
}

func (a atLeast) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := a.least
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// AtLeast puts an object into a container of at least a size, in
// device-independent pixels.
func AtLeast(width, height float32, object fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: atLeast{fyne.NewSize(width, height)}, Objects: []fyne.CanvasObject{object}}
}

// lineHeight is the height of one line of text, in device-independent pixels.
func lineHeight() float32 {
	return fyne.MeasureText("M", theme.TextSize(), fyne.TextStyle{}).Height
}
