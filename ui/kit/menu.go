package kit

import (
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/unicode/norm"
)

// MenuItem is a line of a menu.
type MenuItem struct {
	Icon, Text string
	Key        string // the shortcut, for the user to read
	Do         func() // called after the menu is closed; may be nil
	Disabled   bool
	Checked    bool
	Separator  bool // a line between items, and nothing else
}

// Menu is an open menu. It is one stop of the Tab key. Only the goroutine of the window may
// use it.
type Menu struct {
	widget.BaseWidget
	keyed

	canvas  fyne.Canvas
	items   []MenuItem
	rows    []*menuRow // nil for a separator
	current int        // the highlighted item; -1 for none
	at      fyne.Position
	width   float32
	closed  func()
	isOpen  bool

	box    *Box
	lines  *fyne.Container
	scroll *container.Scroll
}

// Sizes of a menu, in device-independent pixels.
const (
	menuPad    = 5 // between the edge and the items
	menuMargin = 8 // least distance to the edge of the window
)

// ShowMenu opens a menu over a canvas, with its top left corner at a position of the canvas,
// or where it still fits. Without room for all items it scrolls. width is in
// device-independent pixels; 0 stands for that of the items. A checked item is highlighted at
// first, if there is one. closed is called when the menu is closed, before the item's Do; it
// may be nil. The focus returns to the widget that had it. keys is told of the keys that go
// down and up; it may be nil.
func ShowMenu(c fyne.Canvas, keys Keys, items []MenuItem, at fyne.Position, width float32, closed func()) *Menu {
	m := &Menu{keyed: keyed{Keys: heldKeys{keys}}, canvas: c, items: items, current: -1, at: at, width: width, closed: closed, box: NewRaised(10)}
	m.lines = Column(0)
	hasIcons, natural := false, float32(0)
	for _, item := range items {
		hasIcons = hasIcons || item.Icon != "" || item.Checked
	}
	for i, item := range items {
		if item.Separator {
			m.rows = append(m.rows, nil)
			m.lines.Add(Pad(4, 0, 4, 0, HLine()))
			continue
		}
		row := newMenuRow(m, i, hasIcons)
		m.rows = append(m.rows, row)
		m.lines.Add(row)
		natural = max(natural, row.natural())
		if item.Checked && m.current < 0 {
			m.current = i
		}
	}
	if m.width == 0 {
		m.width = whole(natural + 2*menuPad)
	}
	m.scroll = container.NewVScroll(Pad(0, menuPad, 0, menuPad, m.lines))
	m.ExtendBaseWidget(m)
	m.isOpen = true
	c.Overlays().Add(m)
	c.Focus(m)
	m.Highlight(m.current)
	return m
}

// Items returns the items.
func (m *Menu) Items() []MenuItem { return m.items }

// Highlighted returns the index of the highlighted item, or -1.
func (m *Menu) Highlighted() int { return m.current }

// Highlight highlights an item that can be chosen. -1 highlights none.
func (m *Menu) Highlight(index int) {
	if index >= 0 && !m.choosable(index) {
		return
	}
	former := m.current
	m.current = index
	for _, i := range []int{former, index} {
		if i >= 0 {
			m.rows[i].Refresh()
		}
	}
	if index >= 0 {
		m.reveal(m.rows[index])
	}
}

// reveal scrolls to a row.
func (m *Menu) reveal(row *menuRow) {
	offset, height := m.scroll.Offset.Y, m.scroll.Size().Height
	top, bottom := row.Position().Y, row.Position().Y+row.Size().Height
	if top < offset {
		offset = top
	} else if bottom > offset+height {
		offset = bottom - height
	}
	if offset != m.scroll.Offset.Y {
		m.scroll.ScrollToOffset(fyne.NewPos(0, offset))
	}
}

func (m *Menu) choosable(index int) bool {
	return index >= 0 && index < len(m.items) && !m.items[index].Separator && !m.items[index].Disabled
}

// move highlights the next item that can be chosen and that fits, from an index on in a
// direction, which is 1 or -1. It goes round once.
func (m *Menu) move(from, direction int, fits func(MenuItem) bool) {
	n := len(m.items)
	for range n {
		if from = (from%n + n) % n; m.choosable(from) && fits(m.items[from]) {
			m.Highlight(from)
			return
		}
		from += direction
	}
}

func anyItem(MenuItem) bool { return true }

// choose closes the menu and does what an item says.
func (m *Menu) choose(index int) {
	if m.choosable(index) && m.isOpen {
		m.Close()
		if do := m.items[index].Do; do != nil {
			do()
		}
	}
}

// Close closes the menu.
func (m *Menu) Close() {
	if !m.isOpen {
		return
	}
	m.isOpen = false
	m.canvas.Overlays().Remove(m)
	if m.closed != nil {
		m.closed()
	}
}

// TypedKey implements fyne.Focusable.
func (m *Menu) TypedKey(event *fyne.KeyEvent) {
	if m.done(event, moves(event)) {
		return
	}
	switch event.Name {
	case fyne.KeyDown:
		m.move(m.current+1, 1, anyItem)
	case fyne.KeyUp:
		m.move(max(m.current, 0)-1, -1, anyItem)
	case fyne.KeyHome, fyne.KeyPageUp:
		m.move(0, 1, anyItem)
	case fyne.KeyEnd, fyne.KeyPageDown:
		m.move(-1, -1, anyItem)
	case fyne.KeyReturn, fyne.KeyEnter:
		m.choose(m.current)
	case fyne.KeySpace:
		// The driver sends the letter after the key, to what has the focus then.
		fyne.Do(func() { m.choose(m.current) })
	case fyne.KeyEscape, fyne.KeyF10, desktop.KeyMenu:
		m.Close()
	}
}

// TypedRune implements fyne.Focusable. A letter highlights the next item that begins with it.
func (m *Menu) TypedRune(r rune) {
	if unicode.IsSpace(r) {
		return
	}
	m.move(m.current+1, 1, func(item MenuItem) bool {
		first, _ := utf8.DecodeRuneInString(item.Text)
		return plain(first) == plain(r)
	})
}

// plain returns a small letter without its accent.
func plain(r rune) rune {
	first, _ := utf8.DecodeRuneInString(norm.NFD.String(string(unicode.ToLower(r))))
	return first
}

// FocusGained implements fyne.Focusable.
func (m *Menu) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (m *Menu) FocusLost() {}

// Tapped implements fyne.Tappable: a click outside closes the menu.
func (m *Menu) Tapped(event *fyne.PointEvent) {
	at, size := m.box.Position(), m.box.Size()
	x, y := event.Position.X-at.X, event.Position.Y-at.Y
	if x < 0 || y < 0 || x > size.Width || y > size.Height {
		m.Close()
	}
}

// TappedSecondary implements fyne.SecondaryTappable. The driver gives the click to what is
// below a menu that it has closed.
func (m *Menu) TappedSecondary(event *fyne.PointEvent) { m.Tapped(event) }

// MinSize implements fyne.CanvasObject.
func (m *Menu) MinSize() fyne.Size { return fyne.Size{} }

// CreateRenderer implements fyne.Widget.
func (m *Menu) CreateRenderer() fyne.WidgetRenderer {
	return &menuRenderer{m, []fyne.CanvasObject{m.box, m.scroll}}
}

// menuRenderer places a menu inside the window.
type menuRenderer struct {
	m       *Menu
	objects []fyne.CanvasObject
}

func (r *menuRenderer) Layout(size fyne.Size) {
	m := r.m
	width := max(0, min(m.width, size.Width-2*menuMargin))
	height := max(0, min(m.lines.MinSize().Height+2*menuPad, size.Height-2*menuMargin))
	x := max(menuMargin, min(m.at.X, size.Width-menuMargin-width))
	y := max(menuMargin, min(m.at.Y, size.Height-menuMargin-height))
	m.box.Move(fyne.NewPos(whole(x), whole(y)))
	m.box.Resize(fyne.NewSize(width, height))
	m.scroll.Move(m.box.Position().AddXY(0, menuPad))
	m.scroll.Resize(fyne.NewSize(width, height-2*menuPad))
	if m.current >= 0 {
		m.reveal(m.rows[m.current])
	}
}

func (r *menuRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *menuRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *menuRenderer) Destroy()                     {}

func (r *menuRenderer) Refresh() {
	r.Layout(r.m.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

// menuRow is an item of a menu.
type menuRow struct {
	widget.BaseWidget
	menu  *Menu
	index int

	back  *Box
	icon  *Icon
	text  *Text
	key   *Text
	check *Icon // behind the text, if there is an icon before it; else nil
	body  *fyne.Container
}

func newMenuRow(m *Menu, index int, hasIcons bool) *menuRow {
	item := m.items[index]
	r := &menuRow{menu: m, index: index, back: NewBox(None, None, 6), text: NewElided(item.Text, Body, Ink), key: NewText(item.Key, Caption, Ink3)}
	line := Row(10)
	if hasIcons {
		name := item.Icon
		if name == "" && item.Checked {
			name = "check"
		}
		r.icon = NewIcon(name, Ink2, 16)
		line.Add(r.icon)
	}
	line.Add(Grow(r.text))
	if item.Checked && item.Icon != "" {
		r.check = NewIcon("check", Ink2, 14)
		line.Add(r.check)
	}
	if item.Key != "" {
		line.Add(r.key)
	}
	r.body = container.NewStack(r.back, Pad(0, 10, 0, 10, line))
	r.ExtendBaseWidget(r)
	return r
}

// natural returns the width in which nothing is cut.
func (r *menuRow) natural() float32 {
	width := Body.Width(r.text.Text) + 20 + 1
	if r.icon != nil {
		width += 26
	}
	if r.check != nil {
		width += 24
	}
	if r.key.Text != "" {
		width += r.key.MinSize().Width + 34
	}
	return width
}

// Refresh implements fyne.CanvasObject.
func (r *menuRow) Refresh() {
	r.paint()
	r.BaseWidget.Refresh()
}

func (r *menuRow) paint() {
	back, text, icon, key := None, Ink, Ink2, Ink3
	switch {
	case r.menu.items[r.index].Disabled:
		text, icon = Ink3, Ink3
	case r.index == r.menu.current:
		back, text, icon, key = Soft, SoftInk, SoftInk, SoftInk
	}
	r.back.SetFill(back)
	r.text.Set(r.text.Text, text)
	r.key.Set(r.key.Text, key)
	for _, i := range []*Icon{r.icon, r.check} {
		if i != nil {
			i.Set(i.Name(), icon)
		}
	}
}

// MinSize implements fyne.CanvasObject.
func (r *menuRow) MinSize() fyne.Size { return fyne.NewSize(40, 30) }

// Tapped implements fyne.Tappable.
func (r *menuRow) Tapped(*fyne.PointEvent) { r.menu.choose(r.index) }

// MouseIn implements desktop.Hoverable.
func (r *menuRow) MouseIn(*desktop.MouseEvent) { r.menu.Highlight(r.index) }

// MouseMoved implements desktop.Hoverable.
func (r *menuRow) MouseMoved(*desktop.MouseEvent) {
	if r.menu.current != r.index { // the arrow keys moved the highlight
		r.menu.Highlight(r.index)
	}
}

// MouseOut implements desktop.Hoverable.
func (r *menuRow) MouseOut() {}

// CreateRenderer implements fyne.Widget.
func (r *menuRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return widget.NewSimpleRenderer(r.body)
}
