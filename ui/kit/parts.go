package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Badge is a short text on a box.
type Badge struct {
	widget.BaseWidget
	text *Text
	back *Box
	body *fyne.Container
}

func newBadge(text *Text, back *Box, margin, height float32) *Badge {
	b := &Badge{text: text, back: back}
	b.body = container.New(placed{
		func() fyne.Size { return fyne.NewSize(up(text.MinSize().Width)+2*margin, height) },
		func(size fyne.Size) {
			back.Resize(size)
			put(text, margin, whole((size.Height-text.Role.Line)/2), size.Width-2*margin, text.Role.Line)
		},
	}, back, text)
	b.ExtendBaseWidget(b)
	return b
}

// NewTag returns a tag. Its text is in capitals, which the caller writes.
func NewTag(text string, ink, back Color) *Badge {
	return newBadge(NewText(text, TagText, ink), NewBox(back, None, 4), 5, 16)
}

// NewKeyCap returns the name of a key.
func NewKeyCap(text string) *Badge {
	return newBadge(NewText(text, CaptionMedium, Ink3), NewBox(Raised, ControlLine, 5), 6, 20)
}

// NewCodeBadge returns the badge of a port's code.
func NewCodeBadge(code string) *Badge {
	return newBadge(NewText(code, BadgeCode, Ink), NewBox(Hover, None, 5), 7, 20)
}

// Text returns the text.
func (b *Badge) Text() string { return b.text.Text }

// SetText changes the text.
func (b *Badge) SetText(text string) { b.Set(text, b.text.Color, b.back.Fill) }

// Set changes the text and the colours.
func (b *Badge) Set(text string, ink, back Color) {
	b.text.Set(text, ink)
	b.back.SetFill(back)
	b.body.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *Badge) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.body) }

// Meter shows how much is done.
type Meter struct {
	widget.BaseWidget
	fraction   float32
	back, done *Box
	body       *fyne.Container
}

// NewMeter returns a meter at 0. It is 6 high and as wide as there is space.
func NewMeter(color Color) *Meter {
	m := &Meter{back: NewBox(Hover, None, 3), done: NewBox(color, None, 3)}
	m.body = container.New(placed{
		func() fyne.Size { return fyne.NewSize(0, 6) },
		func(size fyne.Size) {
			m.back.Resize(size)
			m.done.Resize(fyne.NewSize(whole(size.Width*m.fraction), size.Height))
			SetVisible(m.done, m.fraction > 0)
		},
	}, m.back, m.done)
	m.ExtendBaseWidget(m)
	return m
}

// SetFraction sets how much is done, from 0 to 1.
func (m *Meter) SetFraction(fraction float32) {
	m.fraction = max(0, min(1, fraction))
	m.body.Refresh()
}

// SetColor changes the colour.
func (m *Meter) SetColor(color Color) { m.done.SetFill(color) }

// CreateRenderer implements fyne.Widget.
func (m *Meter) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(m.body) }
