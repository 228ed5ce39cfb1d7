package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// List is a list that the keyboard can do everything in: arrows, Home, End and
// Page move, Enter and Space select, Delete calls OnDelete, and what is typed
// goes to OnTyped.
type List struct {
	widget.List
	Keys     Keys
	OnDelete func(row int)
	OnTyped  func(r rune)

	row int // the highlighted one
}

// NewList makes a list.
func NewList(keys Keys, length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject)) *List {
	l := &List{Keys: keys}
	l.Length, l.CreateItem, l.UpdateItem = length, create, update
	l.OnHighlighted = func(row int) { l.row = row }
	l.ExtendBaseWidget(l)
	return l
}

// Row returns the highlighted row, which may not exist.
func (l *List) Row() int { return l.row }

// MoveTo highlights a row, or the nearest that exists.
func (l *List) MoveTo(row int) {
	row = max(0, min(row, l.Length()-1)) // Highlight does not check
	l.row = row
	if l.Length() > 0 {
		l.Highlight(row)
	}
}

// page is the number of rows that are visible at once.
func (l *List) page() int {
	height := l.CreateItem().MinSize().Height
	return max(1, int(l.Size().Height/height)-1)
}

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(event *fyne.KeyEvent) {
	if l.Keys.take(event) || l.Length() == 0 {
		return
	}
	switch event.Name {
	case fyne.KeyDown:
		l.MoveTo(l.row + 1)
	case fyne.KeyUp:
		l.MoveTo(l.row - 1)
	case fyne.KeyHome:
		l.MoveTo(0)
	case fyne.KeyEnd:
		l.MoveTo(l.Length() - 1)
	case fyne.KeyPageDown:
		l.MoveTo(l.row + l.page())
	case fyne.KeyPageUp:
		l.MoveTo(l.row - l.page())
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if l.row < l.Length() {
			l.Select(l.row)
		}
	case fyne.KeyDelete:
		if l.OnDelete != nil && l.row < l.Length() {
			l.OnDelete(l.row)
		}
	}
}

// TypedRune implements fyne.Focusable.
func (l *List) TypedRune(r rune) {
	if l.OnTyped != nil && r != ' ' {
		l.OnTyped(r)
	}
}
