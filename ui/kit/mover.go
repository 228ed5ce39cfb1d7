package kit

import "fyne.io/fyne/v2"

// Mover is content that arrow keys and Space go through, such as pages. It is one stop of the
// Tab key.
type Mover struct {
	touch
	OnMove func(by int) // -1 or 1
	body   fyne.CanvasObject
}

// NewMover returns content whose keys call moved.
func NewMover(keys Keys, moved func(by int), content fyne.CanvasObject) *Mover {
	m := &Mover{touch: newTouch(keys, 8), OnMove: moved, body: content}
	m.touch.paint = func() {}
	m.ExtendBaseWidget(m)
	return m
}

// TypedKey implements fyne.Focusable.
func (m *Mover) TypedKey(event *fyne.KeyEvent) {
	switch {
	case m.done(event, moves(event) || event.Name == fyne.KeySpace):
	case event.Name == fyne.KeyRight || event.Name == fyne.KeyDown || event.Name == fyne.KeySpace || event.Name == fyne.KeyPageDown:
		m.OnMove(1)
	case event.Name == fyne.KeyLeft || event.Name == fyne.KeyUp || event.Name == fyne.KeyPageUp:
		m.OnMove(-1)
	}
}

// CreateRenderer implements fyne.Widget.
func (m *Mover) CreateRenderer() fyne.WidgetRenderer {
	return m.renderer(m.body.MinSize, m.place, m.body)
}

func (m *Mover) place(size fyne.Size) {
	m.ringAround(fyne.Position{}, size)
	m.body.Resize(size)
}
