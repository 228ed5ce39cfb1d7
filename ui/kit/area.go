package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Area is an entry of several lines. The Tab key leaves it, and Enter begins a new line.
type Area struct {
	widget.Entry
	keyed
	inFrame
	enter fyne.KeyName // the Enter key that went down here and is held; "" for none
}

// NewArea returns an area that is rows high, or higher. In a mono area all letters have the
// same width.
func NewArea(keys Keys, rows int, mono bool) *Area {
	a := &Area{keyed: keyed{Keys: keys}}
	a.MultiLine, a.TextStyle.Monospace = true, mono
	a.Wrapping = fyne.TextWrapOff
	a.SetMinRowsVisible(rows)
	a.ExtendBaseWidget(a)
	return a
}

// AcceptsTab implements fyne.Tabbable.
func (a *Area) AcceptsTab() bool { return false }

// Refresh implements fyne.CanvasObject.
func (a *Area) Refresh() {
	a.Entry.Refresh()
	a.updateFrame()
}

// FocusGained implements fyne.Focusable.
func (a *Area) FocusGained() {
	a.Entry.FocusGained()
	a.setFocused(true)
}

// FocusLost implements fyne.Focusable.
func (a *Area) FocusLost() {
	a.enter = ""
	a.Entry.FocusLost()
	a.setFocused(false)
}

// TypedKey implements fyne.Focusable.
func (a *Area) TypedKey(event *fyne.KeyEvent) {
	if !a.done(event, types(event) || event.Name == a.enter) {
		a.Entry.TypedKey(event)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (a *Area) TypedShortcut(shortcut fyne.Shortcut) {
	if !a.offerCustom(shortcut) {
		a.Entry.TypedShortcut(shortcut)
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (a *Area) TappedSecondary(event *fyne.PointEvent) { showEditMenu(a, &a.Entry, a.Keys, event) }

// KeyDown implements desktop.Keyable.
func (a *Area) KeyDown(event *fyne.KeyEvent) {
	if isEnter(event) {
		a.enter = event.Name
	}
	a.keyed.KeyDown(event)
	a.Entry.KeyDown(event)
}

// KeyUp implements desktop.Keyable.
func (a *Area) KeyUp(event *fyne.KeyEvent) {
	if event.Name == a.enter {
		a.enter = ""
	}
	a.keyed.KeyUp(event)
	a.Entry.KeyUp(event)
}
