package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Pane shows a long text, which arrow keys, Page Up, Page Down, Home and End scroll. It
// is one stop of the Tab key. Its text cannot be selected.
type Pane struct {
	focusable
	keyed
	OnSubmitted func() // called on Enter

	label  *Prose
	scroll *container.Scroll
	border *canvas.Rectangle
}

// NewPane returns a pane that shows text.
func NewPane(keys Keys, text string) *Pane {
	p := &Pane{keyed: keyed{Keys: keys}, label: NewProse(text, Small, Ink), border: canvas.NewRectangle(nil)}
	p.paint = p.paintBorder
	p.scroll = container.NewVScroll(Pad(8, 10, 8, 10, p.label))
	p.ExtendBaseWidget(p)
	return p
}

// Text returns the text of the pane.
func (p *Pane) Text() string { return p.label.Text }

// FocusGained implements fyne.Focusable.
func (p *Pane) FocusGained() {
	p.focusable.FocusGained()
	reveal(p)
}

// TypedKey implements fyne.Focusable.
func (p *Pane) TypedKey(event *fyne.KeyEvent) {
	if p.done(event, moves(event) || event.Name == fyne.KeySpace) {
		return
	}
	switch page := p.scroll.Size().Height - lineHeight(); event.Name {
	case fyne.KeyDown:
		p.scrollBy(lineHeight())
	case fyne.KeyUp:
		p.scrollBy(-lineHeight())
	case fyne.KeyPageDown, fyne.KeySpace:
		p.scrollBy(page)
	case fyne.KeyPageUp:
		p.scrollBy(-page)
	case fyne.KeyHome:
		p.scroll.ScrollToTop()
	case fyne.KeyEnd:
		p.scroll.ScrollToBottom()
	case fyne.KeyReturn, fyne.KeyEnter:
		if p.OnSubmitted != nil {
			p.OnSubmitted()
		}
	}
}

func (p *Pane) scrollBy(height float32) {
	last := max(p.scroll.Content.MinSize().Height-p.scroll.Size().Height, 0)
	p.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(p.scroll.Offset.Y+height, last))))
}

// Tapped implements fyne.Tappable.
func (p *Pane) Tapped(*fyne.PointEvent) { focus(p) }

// Cursor implements desktop.Cursorable.
func (p *Pane) Cursor() desktop.Cursor { return desktop.DefaultCursor }

func (p *Pane) paintBorder() {
	th, variant := p.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	name := theme.ColorNameInputBorder
	if p.focused {
		name = theme.ColorNamePrimary
	}
	p.border.FillColor = th.Color(theme.ColorNameInputBackground, variant)
	p.border.StrokeColor = th.Color(name, variant)
	p.border.StrokeWidth = th.Size(theme.SizeNameInputBorder)
	p.border.CornerRadius = th.Size(theme.SizeNameInputRadius)
}

// CreateRenderer implements fyne.Widget.
func (p *Pane) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return widget.NewSimpleRenderer(container.NewStack(p.border, p.scroll))
}
