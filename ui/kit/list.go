package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// List is a list for the keyboard. Arrow keys, Home, End, Page Up and Page Down move the
// highlight, and with Shift mark the rows from where it began. Enter opens a row, Space
// marks it, Ctrl+A marks all, Delete calls OnDelete, Menu or Shift+F10 calls OnMenu, and
// letters go to OnTyped. Rows must report clicks to Tap and Menu.
//
// The list only knows the highlighted row. The caller keeps what is open and marked.
// Every callback may be nil, but a list has either both OnToggle and OnMarkRange or none.
type List struct {
	widget.List
	keyed
	OnOpen      func(row int)
	OnToggle    func(row int)         // marks the row, or removes its mark
	OnMarkRange func(first, last int) // marks the rows from first to last, and no others
	OnMarkAll   func()
	OnDelete    func(row int)
	OnMenu      func(row int, at fyne.Position) // at is absolute, on the canvas
	OnTyped     func(r rune)
	Back        Color // what the list lies on; Side unless it is set

	row     int // the highlighted row
	anchor  int // the first row of a range of marks
	shift   shiftKey
	focused bool
	clicked bool // the highlight was last moved by a click
}

// NewList returns a list. length, create and update are those of a [widget.List].
func NewList(keys Keys, length func() int, create func() fyne.CanvasObject, update func(int, fyne.CanvasObject)) *List {
	l := &List{keyed: keyed{Keys: keys}, Back: Side}
	l.Length, l.CreateItem, l.UpdateItem = length, create, update
	l.ExtendBaseWidget(l)
	return l
}

// Dense returns the list with rows that are 2 pixels apart, without lines between them. Its
// rows draw what is open, marked and highlighted themselves: see [RowBase].
func (l *List) Dense() fyne.CanvasObject {
	l.HideSeparators = true
	return container.NewThemeOverride(l, variation{
		clear: []fyne.ThemeColorName{theme.ColorNameHover, theme.ColorNameSelection},
		sizes: map[fyne.ThemeSizeName]float32{theme.SizeNamePadding: 2},
	})
}

// HighlightedRow returns the row that a key would act on, for the row to show it, or -1 if
// the list has not the focus or its rows are being clicked. Every visible row is updated when
// it changes.
func (l *List) HighlightedRow() int {
	if !l.focused || l.clicked {
		return -1
	}
	return l.row
}

// Row returns the highlighted row, which may not exist.
func (l *List) Row() int { return l.row }

// MoveTo highlights a row, or the nearest row that exists.
func (l *List) MoveTo(row int) {
	row = max(0, min(row, l.Length()-1)) // Highlight does not check
	l.row, l.anchor = row, row
	if l.Length() > 0 {
		l.Highlight(row)
	}
}

// move highlights a row. If extend is set it marks the rows from the anchor to that
// row, and no others.
func (l *List) move(row int, extend bool) {
	anchor := l.anchor
	l.MoveTo(row)
	if extend && l.OnMarkRange != nil {
		l.anchor = anchor
		l.OnMarkRange(min(l.anchor, l.row), max(l.anchor, l.row))
	}
}

// Tap handles a click on a row with the modifier keys that are held.
func (l *List) Tap(row int, modifier fyne.KeyModifier) {
	focus(l)
	l.clicked = true
	switch canMark := l.OnToggle != nil; {
	case canMark && modifier&fyne.KeyModifierShortcutDefault != 0:
		l.MoveTo(row)
		l.OnToggle(row)
	case canMark && modifier&fyne.KeyModifierShift != 0:
		l.move(row, true)
	default:
		l.MoveTo(row)
		l.open(row)
	}
}

// Menu handles a click on a row with the secondary button.
func (l *List) Menu(row int, at fyne.Position) {
	l.clicked = true
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

// pitch returns the distance from a row to the next one, in device-independent pixels.
func (l *List) pitch() float32 {
	return l.CreateItem().MinSize().Height + l.Theme().Size(theme.SizeNamePadding)
}

// page returns the number of rows that a Page key moves by.
func (l *List) page() int { return max(1, int(l.Size().Height/l.pitch())-1) }

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(event *fyne.KeyEvent) {
	if l.done(event, moves(event)) || l.Length() == 0 {
		return
	}
	exists := l.row < l.Length()
	if l.clicked {
		l.clicked = false
		l.Refresh()
	}
	switch extend := bool(l.shift); event.Name {
	case fyne.KeyDown:
		l.move(l.row+1, extend)
	case fyne.KeyUp:
		l.move(l.row-1, extend)
	case fyne.KeyHome:
		l.move(0, extend)
	case fyne.KeyEnd:
		l.move(l.Length()-1, extend)
	case fyne.KeyPageDown:
		l.move(l.row+l.page(), extend)
	case fyne.KeyPageUp:
		l.move(l.row-l.page(), extend)
	case fyne.KeyReturn, fyne.KeyEnter:
		l.open(l.row)
	case fyne.KeySpace:
		if exists && l.OnToggle != nil {
			l.OnToggle(l.row)
		}
	case fyne.KeyDelete:
		if exists && l.OnDelete != nil {
			l.OnDelete(l.row)
		}
	case fyne.KeyF10, desktop.KeyMenu:
		if exists && l.OnMenu != nil && (event.Name == desktop.KeyMenu || extend) {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l)
			pitch := l.pitch()
			below := float32(l.row+1)*pitch - l.GetScrollOffset()
			l.OnMenu(l.row, at.Add(fyne.NewPos(pitch, min(max(below, 0), l.Size().Height))))
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
	if l.offer(shortcut) {
		return
	}
	if _, ok := shortcut.(*fyne.ShortcutSelectAll); ok && l.OnMarkAll != nil {
		l.OnMarkAll()
	}
}

// KeyDown implements desktop.Keyable.
func (l *List) KeyDown(event *fyne.KeyEvent) {
	l.keyed.KeyDown(event)
	l.shift.update(event, true)
}

// KeyUp implements desktop.Keyable.
func (l *List) KeyUp(event *fyne.KeyEvent) {
	l.keyed.KeyUp(event)
	l.shift.update(event, false)
}

// FocusGained implements fyne.Focusable.
func (l *List) FocusGained() {
	l.focused, l.clicked = true, false
	l.List.FocusGained()
	l.List.RefreshItem(l.row)
}

// FocusLost implements fyne.Focusable.
func (l *List) FocusLost() {
	l.shift, l.focused = false, false
	l.List.FocusLost()
}
