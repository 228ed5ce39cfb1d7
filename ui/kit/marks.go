package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Tick is a check box. Space changes it, Enter calls OnSubmitted.
type Tick struct {
	touch
	Checked     bool       // changed by SetChecked
	Text        string     // changed by SetText
	OnChanged   func(bool) // may be nil
	OnSubmitted func()     // may be nil

	box  *Box
	mark *Icon
	line *Text
}

// NewTick returns a check box that is not checked. text may be empty.
func NewTick(text string, keys Keys, changed func(bool)) *Tick {
	t := &Tick{touch: newTouch(keys, 4), Text: text, OnChanged: changed}
	t.box, t.mark, t.line = NewBox(Page, Border, 4), NewIcon("check", OnFill, 12), NewText("", Body, Ink)
	t.touch.paint = t.paint
	t.ExtendBaseWidget(t)
	return t
}

// SetChecked checks the box, or not, and calls OnChanged if that is a change.
func (t *Tick) SetChecked(checked bool) {
	if t.Checked == checked {
		return
	}
	t.Checked = checked
	t.Refresh()
	if t.OnChanged != nil {
		t.OnChanged(checked)
	}
}

// SetText changes the text.
func (t *Tick) SetText(text string) {
	if t.Text != text {
		t.Text = text
		t.Refresh()
	}
}

// TypedKey implements fyne.Focusable.
func (t *Tick) TypedKey(event *fyne.KeyEvent) {
	switch {
	case t.done(event, moves(event)) || t.disabled:
	case event.Name == fyne.KeySpace:
		t.SetChecked(!t.Checked)
	case isEnter(event) && t.OnSubmitted != nil:
		t.OnSubmitted()
	}
}

// Tapped implements fyne.Tappable. The space beside the text is not part of the box.
func (t *Tick) Tapped(event *fyne.PointEvent) {
	if !t.disabled && event.Position.X <= t.least().Width {
		t.click(t)
		t.SetChecked(!t.Checked)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (t *Tick) AccessibilityLabel() string { return t.Text }

// AccessibilityRole implements fyne.Accessible. Fyne 2.8.1 has no nearer role.
func (t *Tick) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (t *Tick) paint() {
	paintMark(t.box, t.Checked, t.hovered, t.disabled)
	mark, ink := OnFill, Ink
	if t.disabled {
		mark, ink = Ink3, Ink3
	}
	t.mark.Set("check", mark)
	SetVisible(t.mark, t.Checked)
	t.line.Set(t.Text, ink)
	SetVisible(t.line, t.Text != "")
}

// paintMark paints the box of a check box or the disc of a radio button.
func paintMark(box *Box, on, hovered, disabled bool) {
	box.EdgeWidth = 1.25 // at 1 it looks lighter than the letters beside it
	switch {
	case disabled:
		box.Fill, box.Edge = Hover, ControlLine
	case on:
		box.Fill, box.Edge = Fill, None
	case hovered:
		box.Fill, box.Edge = Page, Ink2
	default:
		box.Fill, box.Edge = Page, Border
	}
}

// The size of the box of a check box, and the space between it and the text.
const (
	markSize = 16
	markGap  = 8
)

func markLeast(text string) fyne.Size {
	if text == "" {
		return fyne.NewSquareSize(markSize)
	}
	return fyne.NewSize(markSize+markGap+up(Body.Width(text)), Body.Line)
}

func (t *Tick) least() fyne.Size { return markLeast(t.Text) }

func (t *Tick) place(size fyne.Size) {
	least := t.least()
	top := whole((size.Height - least.Height) / 2)
	t.ringAround(fyne.NewPos(0, top), least)
	top = whole((size.Height - markSize) / 2)
	put(t.box, 0, top, markSize, markSize)
	put(t.mark, 2, top+2, markSize-4, markSize-4)
	put(t.line, markSize+markGap, whole((size.Height-Body.Line)/2), max(0, size.Width-markSize-markGap), Body.Line)
}

// CreateRenderer implements fyne.Widget.
func (t *Tick) CreateRenderer() fyne.WidgetRenderer {
	return t.renderer(t.least, t.place, t.box, t.mark, t.line)
}

// Switch is a check box for a setting that applies at once. Its text is elsewhere.
type Switch struct {
	touch
	Checked     bool       // changed by SetChecked
	Label       string     // for screen readers
	OnChanged   func(bool) // may be nil
	OnSubmitted func()     // may be nil

	track, knob *Box
}

// NewSwitch returns a switch that is off.
func NewSwitch(keys Keys, changed func(bool)) *Switch {
	s := &Switch{touch: newTouch(keys, switchHeight/2), OnChanged: changed}
	s.track, s.knob = NewBox(Hover, Border, switchHeight/2), NewBox(Border, None, 7)
	s.touch.paint = s.paint
	s.ExtendBaseWidget(s)
	return s
}

const (
	switchWidth  = 36
	switchHeight = 20
)

// SetChecked turns the switch on or off, and calls OnChanged if that is a change.
func (s *Switch) SetChecked(checked bool) {
	if s.Checked == checked {
		return
	}
	s.Checked = checked
	s.Refresh()
	if s.OnChanged != nil {
		s.OnChanged(checked)
	}
}

// TypedKey implements fyne.Focusable.
func (s *Switch) TypedKey(event *fyne.KeyEvent) {
	switch {
	case s.done(event, moves(event)) || s.disabled:
	case event.Name == fyne.KeySpace:
		s.SetChecked(!s.Checked)
	case isEnter(event) && s.OnSubmitted != nil:
		s.OnSubmitted()
	}
}

// Tapped implements fyne.Tappable.
func (s *Switch) Tapped(*fyne.PointEvent) {
	if !s.disabled {
		s.click(s)
		s.SetChecked(!s.Checked)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (s *Switch) AccessibilityLabel() string { return s.Label }

// AccessibilityRole implements fyne.Accessible. Fyne 2.8.1 has no nearer role.
func (s *Switch) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (s *Switch) paint() {
	s.track.Fill, s.track.Edge, s.knob.Fill, s.knob.Radius = Hover, Border, Border, 7
	if s.hovered {
		s.track.Edge, s.knob.Fill = Ink2, Ink2
	}
	if s.Checked {
		s.track.Fill, s.track.Edge, s.knob.Fill, s.knob.Radius = Fill, None, OnFill, 8
	}
	if s.disabled {
		s.track.Fill, s.track.Edge, s.knob.Fill = Hover, ControlLine, Border
	}
}

func (s *Switch) least() fyne.Size { return fyne.NewSize(switchWidth, switchHeight) }

func (s *Switch) place(size fyne.Size) {
	top := whole((size.Height - switchHeight) / 2)
	s.ringAround(fyne.NewPos(0, top), s.least())
	put(s.track, 0, top, switchWidth, switchHeight)
	knob := 2 * s.knob.Radius
	inset := (switchHeight - knob) / 2
	x := inset
	if s.Checked {
		x = switchWidth - inset - knob
	}
	put(s.knob, x, top+inset, knob, knob)
}

// CreateRenderer implements fyne.Widget.
func (s *Switch) CreateRenderer() fyne.WidgetRenderer {
	return s.renderer(s.least, s.place, s.track, s.knob)
}

// Radios is a column of options of which one is selected, and one stop of the Tab key: arrow
// keys and Space move the selection, Enter calls OnSubmitted.
type Radios struct {
	touch
	OnChanged   func(index int) // may be nil
	OnSubmitted func()          // may be nil

	selected int
	pointed  int // the option that the pointer is on, -1 for none
	radios   []*radio
}

// radio is one option.
type radio struct {
	disc, dot *Box
	line      *Text
}

// NewRadios returns a choice whose first option is selected.
func NewRadios(keys Keys, changed func(index int), options ...string) *Radios {
	r := &Radios{touch: newTouch(keys, 4), OnChanged: changed, pointed: -1}
	for _, option := range options {
		r.radios = append(r.radios, &radio{NewBox(Page, Border, markSize/2), NewBox(OnFill, None, 3), NewText(option, Body, Ink)})
	}
	r.touch.paint = r.paint
	r.ExtendBaseWidget(r)
	return r
}

// Selected returns the index of the selected option.
func (r *Radios) Selected() int { return r.selected }

// Select selects an option and calls OnChanged, unless the option is already selected or does
// not exist.
func (r *Radios) Select(index int) {
	if index < 0 || index >= len(r.radios) || index == r.selected {
		return
	}
	r.selected = index
	r.Refresh()
	if r.OnChanged != nil {
		r.OnChanged(index)
	}
}

// TypedKey implements fyne.Focusable.
func (r *Radios) TypedKey(event *fyne.KeyEvent) {
	switch {
	case r.done(event, moves(event)) || r.disabled:
	case event.Name == fyne.KeyLeft || event.Name == fyne.KeyUp:
		r.Select(r.selected - 1)
	case event.Name == fyne.KeyRight || event.Name == fyne.KeyDown:
		r.Select(r.selected + 1)
	case event.Name == fyne.KeySpace:
		r.Select((r.selected + 1) % len(r.radios))
	case isEnter(event) && r.OnSubmitted != nil:
		r.OnSubmitted()
	}
}

// Tapped implements fyne.Tappable.
func (r *Radios) Tapped(event *fyne.PointEvent) {
	if at := r.at(event.Position); !r.disabled && at >= 0 {
		r.click(r)
		r.Select(at)
	}
}

// MouseIn implements desktop.Hoverable.
func (r *Radios) MouseIn(event *desktop.MouseEvent) { r.MouseMoved(event) }

// MouseMoved implements desktop.Hoverable.
func (r *Radios) MouseMoved(event *desktop.MouseEvent) { r.point(r.at(event.Position)) }

// MouseOut implements desktop.Hoverable.
func (r *Radios) MouseOut() { r.point(-1) }

func (r *Radios) point(index int) {
	if r.pointed != index {
		r.pointed = index
		r.Refresh()
	}
}

// radioPitch is the height of an option with the space to the next one.
const radioPitch = 28

// at returns the index of the option at a position, or -1.
func (r *Radios) at(p fyne.Position) int {
	index := int((p.Y + (radioPitch-Body.Line)/2) / radioPitch)
	if index < 0 || index >= len(r.radios) || p.X > markLeast(r.radios[index].line.Text).Width {
		return -1
	}
	return index
}

func (r *Radios) paint() {
	for i, option := range r.radios {
		paintMark(option.disc, i == r.selected, i == r.pointed, r.disabled)
		SetVisible(option.dot, i == r.selected)
		option.dot.Fill, option.line.Color = OnFill, Ink
		if r.disabled {
			option.dot.Fill, option.line.Color = Ink3, Ink3
		}
	}
}

func (r *Radios) least() fyne.Size {
	size := fyne.NewSize(0, radioPitch*float32(len(r.radios))-(radioPitch-Body.Line))
	for _, option := range r.radios {
		size.Width = max(size.Width, markLeast(option.line.Text).Width)
	}
	return size
}

func (r *Radios) place(size fyne.Size) {
	for i, option := range r.radios {
		top := float32(i) * radioPitch
		if i == r.selected {
			r.ringAround(fyne.NewPos(0, top), markLeast(option.line.Text))
		}
		put(option.line, markSize+markGap, top, max(0, size.Width-markSize-markGap), Body.Line)
		top += (Body.Line - markSize) / 2
		put(option.disc, 0, top, markSize, markSize)
		put(option.dot, 5, top+5, 6, 6)
	}
}

// CreateRenderer implements fyne.Widget.
func (r *Radios) CreateRenderer() fyne.WidgetRenderer {
	var objects []fyne.CanvasObject
	for _, option := range r.radios {
		objects = append(objects, option.disc, option.dot, option.line)
	}
	return r.renderer(r.least, r.place, objects...)
}

// Checkmark shows whether something is marked, as a check box does. It takes no clicks.
type Checkmark struct {
	widget.BaseWidget
	on   bool
	box  *Box
	tick *Icon
	body fyne.CanvasObject
}

// NewCheckmark returns an empty mark of 16 pixels.
func NewCheckmark() *Checkmark {
	c := &Checkmark{box: NewBox(Page, Border, 4), tick: NewIcon("check", OnFill, 12)}
	c.tick.Hide()
	c.body = Fixed(16, 16, container.NewStack(c.box, Center(c.tick)))
	c.ExtendBaseWidget(c)
	return c
}

// Set shows whether it is marked.
func (c *Checkmark) Set(on bool) {
	if c.on == on {
		return
	}
	c.on, c.box.Fill, c.box.Edge = on, Page, Border
	if on {
		c.box.Fill, c.box.Edge = Fill, Fill
	}
	SetVisible(c.tick, on)
	c.box.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (c *Checkmark) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.body) }
