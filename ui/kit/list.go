package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// List is a list that the keyboard can do everything in. Arrows, Home, End and
// Page move the highlight; Enter opens a row; Space marks one, Shift with a
// movement marks what it passes, Ctrl+A marks all; Delete, and Menu or Shift+F10, call
// OnDelete and OnMenu; what is typed goes to OnTyped. The rows call Tap and Menu.
//
// The list knows which row is highlighted; what is open and what is marked is the
// caller's.
type List struct {
	widget.List
	Keys      Keys
	OnOpen    func(row int)
	OnMark    func(rows []int, marked func(row int) bool) // mark those for which marked is true, unmark the others
	OnMarkAll func()
	IsMarked  func(row int) bool
	OnDelete  func(row int)
	OnMenu    func(row int, at fyne.Position) // at is absolute, on the canvas
	OnTyped   func(r rune)

	row    int // the highlighted one
	anchor int // where a range of marks begins
	shift  bool
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
	l.row, l.anchor = row, row
	if l.Length() > 0 {
		l.Highlight(row)
	}
}

// moveBy goes to a row, and marks what it passes while Shift is held.
func (l *List) moveBy(row int) {
	anchor := l.anchor
	l.MoveTo(row)
	if l.shift {
		l.anchor = anchor
		l.markRange()
	}
}

// markRange marks the rows from the anchor to the highlighted one, and no other.
func (l *List) markRange() {
	first, last := min(l.anchor, l.row), max(l.anchor, l.row)
	rows := make([]int, l.Length())
	for i := range rows {
		rows[i] = i
	}
	l.OnMark(rows, func(row int) bool { return row >= first && row <= last })
}

// toggle marks a row or takes its mark away.
func (l *List) toggle(row int) {
	marked := l.IsMarked(row)
	l.OnMark([]int{row}, func(int) bool { return !marked })
}

// Tap is a click on a row, with the keys that are held.
func (l *List) Tap(row int, modifier fyne.KeyModifier) {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(l); canvas != nil {
		canvas.Focus(l)
	}
	switch {
	case l.OnMark != nil && modifier&fyne.KeyModifierShortcutDefault != 0:
		l.MoveTo(row)
		l.toggle(row)
	case l.OnMark != nil && modifier&fyne.KeyModifierShift != 0:
		anchor := l.anchor
		l.MoveTo(row)
		l.anchor = anchor
		l.markRange()
	default:
		l.MoveTo(row)
		l.open(row)
	}
}

// Menu is a click on a row with the other button.
func (l *List) Menu(row int, at fyne.Position) {
	l.MoveTo(row)
	if l.OnMenu != nil {
		l.OnMenu(row, at)
	}
}

func (l *List) open(row int) {
	if l.OnOpen != nil && row < l.Length() {
		l.OnOpen(row)
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
		l.moveBy(l.row + 1)
	case fyne.KeyUp:
		l.moveBy(l.row - 1)
	case fyne.KeyHome:
		l.moveBy(0)
	case fyne.KeyEnd:
		l.moveBy(l.Length() - 1)
	case fyne.KeyPageDown:
		l.moveBy(l.row + l.page())
	case fyne.KeyPageUp:
		l.moveBy(l.row - l.page())
	case fyne.KeyReturn, fyne.KeyEnter:
		l.open(l.row)
	case fyne.KeySpace:
		if l.OnMark != nil && l.row < l.Length() {
			l.toggle(l.row)
		}
	case fyne.KeyDelete:
		if l.OnDelete != nil && l.row < l.Length() {
			l.OnDelete(l.row)
		}
	case fyne.KeyF10:
		if l.shift {
			l.TypedKey(&fyne.KeyEvent{Name: desktop.KeyMenu})
		}
	case desktop.KeyMenu:
		if l.OnMenu != nil && l.row < l.Length() {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
			height := l.CreateItem().MinSize().Height
			below := float32(l.row+1)*height - l.GetScrollOffset()
			l.OnMenu(l.row, at.Add(fyne.NewPos(height, min(max(below, 0), l.Size().Height))))
		}
	}
}

// TypedRune implements fyne.Focusable.
func (l *List) TypedRune(r rune) {
	if l.OnTyped != nil && r != ' ' {
		l.OnTyped(r)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (l *List) TypedShortcut(shortcut fyne.Shortcut) {
	if _, ok := shortcut.(*fyne.ShortcutSelectAll); ok && l.OnMarkAll != nil {
		l.OnMarkAll()
	}
}

// KeyDown implements desktop.Keyable.
func (l *List) KeyDown(event *fyne.KeyEvent) { l.setShift(event, true) }

// KeyUp implements desktop.Keyable.
func (l *List) KeyUp(event *fyne.KeyEvent) { l.setShift(event, false) }

// FocusLost implements fyne.Focusable.
func (l *List) FocusLost() {
	l.shift = false
	l.List.FocusLost()
}

func (l *List) setShift(event *fyne.KeyEvent, down bool) {
	if event.Name == desktop.KeyShiftLeft || event.Name == desktop.KeyShiftRight {
		l.shift = down
	}
}
