package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Pane shows a long text that arrows, Page, Home and End scroll. It is one stop of
// the Tab key. Its text cannot be selected.
type Pane struct {
	widget.BaseWidget
	Keys        Keys
	OnSubmitted func() // Enter

	label   *Paragraph
	scroll  *container.Scroll
	border  *canvas.Rectangle
	focused bool
}

// NewPane makes a pane.
func NewPane(keys Keys, text string) *Pane {
	p := &Pane{Keys: keys, label: NewParagraph(text), border: canvas.NewRectangle(nil)}
	p.scroll = container.NewVScroll(p.label)
	p.ExtendBaseWidget(p)
	return p
}

// Text returns what the pane shows.
func (p *Pane) Text() string { return p.label.Text }

// FocusGained implements fyne.Focusable.
func (p *Pane) FocusGained() { p.focused = true; p.Refresh() }

// FocusLost implements fyne.Focusable.
func (p *Pane) FocusLost() { p.focused = false; p.Refresh() }

// TypedRune implements fyne.Focusable.
func (p *Pane) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (p *Pane) TypedKey(event *fyne.KeyEvent) {
	if p.Keys.take(event) {
		return
	}
	switch page := p.scroll.Size().Height - lineHeight(); event.Name {
	case fyne.KeyDown:
		p.moveTo(p.scroll.Offset.Y + lineHeight())
	case fyne.KeyUp:
		p.moveTo(p.scroll.Offset.Y - lineHeight())
	case fyne.KeyPageDown, fyne.KeySpace:
		p.moveTo(p.scroll.Offset.Y + page)
	case fyne.KeyPageUp:
		p.moveTo(p.scroll.Offset.Y - page)
	case fyne.KeyHome:
		p.moveTo(0)
	case fyne.KeyEnd:
		p.moveTo(p.label.MinSize().Height)
	case fyne.KeyReturn, fyne.KeyEnter:
		if p.OnSubmitted != nil {
			p.OnSubmitted()
		}
	}
}

func (p *Pane) moveTo(y float32) {
	last := max(p.label.MinSize().Height-p.scroll.Size().Height, 0)
	p.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(y, last))))
}

// Tapped implements fyne.Tappable.
func (p *Pane) Tapped(*fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil {
		c.Focus(p)
	}
}

// Cursor implements desktop.Cursorable.
func (p *Pane) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// CreateRenderer implements fyne.Widget.
func (p *Pane) CreateRenderer() fyne.WidgetRenderer {
	r := &paneRenderer{p: p}
	r.Refresh()
	return r
}

type paneRenderer struct{ p *Pane }

func (r *paneRenderer) Layout(size fyne.Size) {
	r.p.border.Resize(size)
	r.p.scroll.Resize(size)
}

func (r *paneRenderer) MinSize() fyne.Size { return r.p.scroll.MinSize() }

func (r *paneRenderer) Refresh() {
	th, variant := r.p.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	border, name := r.p.border, theme.ColorNameInputBorder
	if r.p.focused {
		name = theme.ColorNamePrimary
	}
	border.FillColor = th.Color(theme.ColorNameInputBackground, variant)
	border.StrokeColor = th.Color(name, variant)
	border.StrokeWidth = th.Size(theme.SizeNameInputBorder)
	border.CornerRadius = th.Size(theme.SizeNameInputRadius)
	border.Refresh()
	r.p.label.Refresh()
}

func (r *paneRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.p.border, r.p.scroll}
}

func (r *paneRenderer) Destroy() {}
