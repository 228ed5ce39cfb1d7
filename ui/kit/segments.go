package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Segments is a row of options of which one is selected, and one stop of the Tab key: arrow keys
// and Space move the selection, Enter calls OnSubmitted.
type Segments struct {
	touch
	OnChanged   func(index int) // may be nil
	OnSubmitted func()          // may be nil

	selected int
	pointed  int // the option that the pointer is on, -1 for none
	back     *Box
	segments []*segment
}

// segment is one option.
type segment struct {
	back        *Box
	text, count *Text
	tint        Color // of the count, None for grey
	content     fyne.CanvasObject
}

// NewSegments returns a choice whose first option is selected.
func NewSegments(keys Keys, changed func(index int), options ...string) *Segments {
	s := &Segments{touch: newTouch(keys, 8), OnChanged: changed, pointed: -1, back: NewBox(Hover, None, 8)}
	for _, option := range options {
		g := &segment{back: NewBox(None, None, 6), text: NewText(option, SmallMedium, Ink2), count: NewText("", CaptionMedium, Ink3)}
		g.content = Row(5, g.text, g.count)
		s.segments = append(s.segments, g)
	}
	s.touch.paint = s.paint
	s.ExtendBaseWidget(s)
	return s
}

// Selected returns the index of the selected option.
func (s *Segments) Selected() int { return s.selected }

// Select selects an option and calls OnChanged, unless the option is already selected or does
// not exist.
func (s *Segments) Select(index int) {
	if index < 0 || index >= len(s.segments) || index == s.selected {
		return
	}
	s.selected = index
	s.Refresh()
	if s.OnChanged != nil {
		s.OnChanged(index)
	}
}

// SetOption changes the text of an option.
func (s *Segments) SetOption(index int, text string) {
	s.segments[index].text.SetText(text)
	s.Refresh()
}

// SetCount sets what stands after the text of an option, such as a number. None is a quiet
// colour.
func (s *Segments) SetCount(index int, text string, color Color) {
	g := s.segments[index]
	if g.count.Text != text || g.tint != color {
		g.count.SetText(text)
		g.tint = color
		s.Refresh()
	}
}

// TypedKey implements fyne.Focusable.
func (s *Segments) TypedKey(event *fyne.KeyEvent) {
	switch {
	case s.done(event, moves(event)) || s.disabled:
	case event.Name == fyne.KeyLeft || event.Name == fyne.KeyUp:
		s.Select(s.selected - 1)
	case event.Name == fyne.KeyRight || event.Name == fyne.KeyDown:
		s.Select(s.selected + 1)
	case event.Name == fyne.KeySpace:
		s.Select((s.selected + 1) % len(s.segments))
	case isEnter(event) && s.OnSubmitted != nil:
		s.OnSubmitted()
	}
}

// Tapped implements fyne.Tappable.
func (s *Segments) Tapped(event *fyne.PointEvent) {
	if !s.disabled {
		s.click(s)
		s.Select(s.at(event.Position.X))
	}
}

// MouseIn implements desktop.Hoverable.
func (s *Segments) MouseIn(event *desktop.MouseEvent) { s.MouseMoved(event) }

// MouseMoved implements desktop.Hoverable.
func (s *Segments) MouseMoved(event *desktop.MouseEvent) { s.point(s.at(event.Position.X)) }

// MouseOut implements desktop.Hoverable.
func (s *Segments) MouseOut() { s.point(-1) }

func (s *Segments) point(index int) {
	if s.pointed != index {
		s.pointed = index
		s.Refresh()
	}
}

// at returns the index of the option at a horizontal position, or -1.
func (s *Segments) at(x float32) int {
	for i, g := range s.segments {
		if x < g.back.Position().X+g.back.Size().Width+1 {
			return i
		}
	}
	return -1
}

func (s *Segments) paint() {
	for i, g := range s.segments {
		back, shade, role, ink, count := None, Flat, SmallMedium, Ink2, Ink3
		switch {
		case i == s.selected:
			back, shade, role, ink, count = Chosen, Lifted, SmallBold, Ink, Ink2
		case i == s.pointed:
			ink = Ink
		}
		if g.tint != None {
			count = g.tint
		}
		if s.disabled {
			shade, ink, count = Flat, Ink3, Ink3
		}
		g.back.Fill, g.back.Shade = back, shade
		g.text.Role, g.text.Color, g.count.Color = role, ink, count
		SetVisible(g.count, g.count.Text != "")
	}
}

// The space around the control, between options, and beside the text of one.
const (
	segmentsEdge  = 2
	segmentsGap   = 2
	segmentMargin = 10
)

// width returns the width of an option. It does not change when the option is selected.
func (g *segment) width() float32 {
	width := SmallBold.Width(g.text.Text) + 2*segmentMargin
	if g.count.Text != "" {
		width += 5 + CaptionMedium.Width(g.count.Text)
	}
	return up(width)
}

func (s *Segments) least() fyne.Size {
	width := float32(2*segmentsEdge + segmentsGap*(len(s.segments)-1))
	for _, g := range s.segments {
		width += g.width()
	}
	return fyne.NewSize(width, 30)
}

// place gives each option the same part of the space that is left, or of what lacks.
func (s *Segments) place(size fyne.Size) {
	s.ringAround(fyne.Position{}, size)
	s.back.Resize(size)
	more := (size.Width - s.least().Width) / float32(len(s.segments))
	left := float32(segmentsEdge)
	for _, g := range s.segments {
		right := left + g.width() + more
		x, width := whole(left), whole(right)-whole(left)
		put(g.back, x, segmentsEdge, width, size.Height-2*segmentsEdge)
		least := g.content.MinSize()
		put(g.content, x+whole((width-least.Width)/2), whole((size.Height-least.Height)/2), least.Width, least.Height)
		left = right + segmentsGap
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Segments) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{s.back}
	for _, g := range s.segments {
		objects = append(objects, g.back, g.content)
	}
	return s.renderer(s.least, s.place, objects...)
}
