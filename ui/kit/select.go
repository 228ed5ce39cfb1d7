package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Select is a choice of one of some options, which a menu shows. Space, Enter, an arrow key
// and a click open the menu.
type Select struct {
	widget.DisableableWidget
	keyed
	OnChanged func(index int) // may be nil

	options     []string
	selected    int // -1 for none
	placeholder string
	focused     bool

	look  fieldBox
	text  *Text
	arrow *Icon
}

// NewSelect returns a select without a selected option.
func NewSelect(keys Keys, changed func(index int), options ...string) *Select {
	s := &Select{keyed: keyed{Keys: keys}, OnChanged: changed, options: options, selected: -1, look: newFieldBox(),
		text: NewElided("", Body, Ink), arrow: NewIcon("chevron-down", Ink2, 16)}
	s.ExtendBaseWidget(s)
	return s
}

// SetQuiet gives the select the look of a second button, for a setting among others.
func (s *Select) SetQuiet() {
	s.look.box.Fill, s.look.edge = Control, ControlLine
	s.Refresh()
}

// SetFailed shows whether the selected option is wrong.
func (s *Select) SetFailed(failed bool) {
	s.look.failed = failed
	s.Refresh()
}

// SetPlaceholder sets the text that is shown while no option is selected.
func (s *Select) SetPlaceholder(text string) {
	s.placeholder = text
	s.Refresh()
}

// Options returns the options.
func (s *Select) Options() []string { return s.options }

// SetOptions replaces the options. The selected one stays selected, if it is among them.
// OnChanged is not called.
func (s *Select) SetOptions(options []string) {
	former := s.Text()
	s.options, s.selected = options, -1
	for i, option := range options {
		if former != "" && option == former {
			s.selected = i
		}
	}
	s.Refresh()
}

// Selected returns the index of the selected option, or -1.
func (s *Select) Selected() int { return s.selected }

// Text returns the selected option, or "".
func (s *Select) Text() string {
	if s.selected < 0 {
		return ""
	}
	return s.options[s.selected]
}

// Select selects an option and calls OnChanged, unless it is already selected or does not
// exist. -1 selects none.
func (s *Select) Select(index int) {
	if index < -1 || index >= len(s.options) || index == s.selected {
		return
	}
	s.selected = index
	s.Refresh()
	if s.OnChanged != nil {
		s.OnChanged(index)
	}
}

// open shows the options.
func (s *Select) open() {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(s)
	if canvas == nil || len(s.options) == 0 || s.Disabled() {
		return
	}
	items := make([]MenuItem, len(s.options))
	width := s.Size().Width
	for i, option := range s.options {
		items[i] = MenuItem{Text: option, Checked: i == s.selected, Do: func() { s.Select(i) }}
		width = max(width, Body.Width(option)+64)
	}
	menu := ShowMenu(canvas, s.Keys, items, below(s), whole(width), nil)
	if s.selected < 0 {
		menu.move(0, 1, anyItem)
	}
}

// Tapped implements fyne.Tappable.
func (s *Select) Tapped(*fyne.PointEvent) {
	if !s.Disabled() {
		focus(s)
		s.open()
	}
}

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(event *fyne.KeyEvent) {
	if s.done(event, false) {
		return
	}
	switch event.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown, fyne.KeyUp:
		s.open()
	}
}

// TypedRune implements fyne.Focusable.
func (s *Select) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (s *Select) FocusGained() {
	s.focused = true
	s.Refresh()
	reveal(s)
}

// FocusLost implements fyne.Focusable.
func (s *Select) FocusLost() { s.focused = false; s.Refresh() }

// Cursor implements desktop.Cursorable.
func (s *Select) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// MinSize implements fyne.CanvasObject.
func (s *Select) MinSize() fyne.Size {
	width := Body.Width(s.placeholder)
	for _, option := range s.options {
		width = max(width, Body.Width(option))
	}
	return fyne.NewSize(min(whole(width+1)+45, 240), fieldHeight)
}

// Refresh implements fyne.CanvasObject.
func (s *Select) Refresh() {
	s.paint()
	s.BaseWidget.Refresh()
}

func (s *Select) paint() {
	text, color := s.Text(), Ink
	if s.selected < 0 {
		text, color = s.placeholder, Ink3
	}
	arrow := Ink2
	if s.Disabled() {
		color, arrow = Ink3, Ink3
	}
	s.text.Set(text, color)
	s.arrow.Set(s.arrow.Name(), arrow)
	s.look.box.Refresh()
	s.look.update(s.focused, s.Disabled())
}

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	s.paint()
	return widget.NewSimpleRenderer(s.look.around(0, Pad(0, 9, 0, 8, Row(8, Grow(s.text), s.arrow))))
}
