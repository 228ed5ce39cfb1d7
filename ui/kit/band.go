package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// BandLook is what a [Band] is about.
type BandLook int

// The looks of a band.
const (
	Refusal BandLook = iota
	Warning
	Success
	Notice
)

// bands has the colours of each look.
var bands = map[BandLook]struct{ ink, back, edge Color }{
	Refusal: {Danger, DangerSoft, DangerLine},
	Warning: {Warn, WarnSoft, WarnLine},
	Success: {OK, OKSoft, OKLine},
	Notice:  {Accent, Soft, ControlLine},
}

// Band says what happened and what can be done. It is hidden until Set is called. Its height
// follows its width.
type Band struct {
	widget.BaseWidget
	back    *Box
	icon    *Icon
	title   *Prose
	text    *Prose
	actions *fyne.Container
	body    *fyne.Container
}

// NewBand returns a hidden band.
func NewBand() *Band {
	b := &Band{back: NewBox(None, None, 10), icon: NewIcon("", Ink, 18), title: NewProse("", Sub, Ink), text: NewProse("", Small, Ink)}
	b.actions = Pad(6, 0, 0, 0, NewFlow(8))
	words := Column(3, b.title, b.text, b.actions)
	b.body = container.NewStack(b.back, Pad(12, 16, 14, 14, TopRow(10, Pad(1, 0, 0, 0, b.icon), Grow(words))))
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// Set shows the band. body may be empty.
func (b *Band) Set(look BandLook, icon, title, body string, actions ...fyne.CanvasObject) {
	colors := bands[look]
	b.back.Fill, b.back.Edge = colors.back, colors.edge
	b.icon.Set(icon, colors.ink)
	b.title.Color = colors.ink
	b.title.ShowText(title)
	b.text.ShowText(body)
	b.actions.Objects[0] = NewFlow(8, actions...)
	SetVisible(b.actions, len(actions) > 0)
	b.body.Refresh()
	b.Show()
}

// Title returns the title, or "" while the band is hidden.
func (b *Band) Title() string {
	if b.Hidden {
		return ""
	}
	return b.title.Text
}

// Body returns the text below the title, or "" while the band is hidden.
func (b *Band) Body() string {
	if b.Hidden {
		return ""
	}
	return b.text.Text
}

// CreateRenderer implements fyne.Widget.
func (b *Band) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.body) }
