package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Choice is a row of radio buttons and one stop of the Tab key: arrow keys and Space
// move the selection, Enter calls OnSubmitted. In a [widget.RadioGroup] each button is a
// stop, and arrow keys do nothing.
type Choice struct {
	focusable
	keyed
	OnChanged   func(index int)
	OnSubmitted func()

	options  []*option
	selected int
	hovered  int // -1 for none
}

// option is one option of a choice.
type option struct {
	back *canvas.Circle // behind the icon, shows focus and hover
	icon *canvas.Image
	text *canvas.Text
	body *fyne.Container
}

func newOption(text string) *option {
	o := &option{back: canvas.NewCircle(nil), icon: canvas.NewImageFromResource(nil), text: canvas.NewText(text, nil)}
	o.icon.SetMinSize(fyne.NewSquareSize(theme.IconInlineSize()))
	pad := theme.InnerPadding()
	back := container.New(layout.NewCustomPaddedLayout(-pad/2, -pad/2, -pad/2, -pad/2), o.back) // larger than the icon
	row := container.New(layout.NewCustomPaddedHBoxLayout(pad/2), container.NewCenter(container.NewStack(back, o.icon)), container.NewCenter(o.text))
	o.body = container.New(layout.NewCustomPaddedLayout(0, 0, 0, pad*1.5), row)
	return o
}

// NewChoice returns a choice whose first option is selected.
func NewChoice(keys Keys, changed func(index int), options ...string) *Choice {
	c := &Choice{keyed: keyed{Keys: keys}, OnChanged: changed, hovered: -1}
	c.paint = c.paintOptions
	for _, text := range options {
		c.options = append(c.options, newOption(text))
	}
	c.ExtendBaseWidget(c)
	return c
}

// Selected returns the index of the selected option.
func (c *Choice) Selected() int { return c.selected }

// Select selects an option and calls OnChanged, unless the option is already selected
// or does not exist.
func (c *Choice) Select(index int) {
	if index < 0 || index >= len(c.options) || index == c.selected {
		return
	}
	c.selected = index
	c.Refresh()
	if c.OnChanged != nil {
		c.OnChanged(index)
	}
}

// TypedKey implements fyne.Focusable.
func (c *Choice) TypedKey(event *fyne.KeyEvent) {
	switch {
	case c.done(event, moves(event)):
	case event.Name == fyne.KeyLeft || event.Name == fyne.KeyUp:
		c.Select(c.selected - 1)
	case event.Name == fyne.KeyRight || event.Name == fyne.KeyDown:
		c.Select(c.selected + 1)
	case event.Name == fyne.KeySpace:
		c.Select((c.selected + 1) % len(c.options))
	case isEnter(event) && c.OnSubmitted != nil:
		c.OnSubmitted()
	}
}

// Tapped implements fyne.Tappable.
func (c *Choice) Tapped(event *fyne.PointEvent) {
	focus(c)
	c.Select(c.at(event.Position.X))
}

// MouseIn implements desktop.Hoverable.
func (c *Choice) MouseIn(event *desktop.MouseEvent) { c.MouseMoved(event) }

// MouseMoved implements desktop.Hoverable.
func (c *Choice) MouseMoved(event *desktop.MouseEvent) {
	if at := c.at(event.Position.X); at != c.hovered {
		c.hovered = at
		c.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (c *Choice) MouseOut() { c.hovered = -1; c.Refresh() }

// at returns the index of the option at a horizontal position, or -1.
func (c *Choice) at(x float32) int {
	for i, o := range c.options {
		if x -= o.body.MinSize().Width; x < 0 {
			return i
		}
	}
	return -1
}

func (c *Choice) paintOptions() {
	th, variant := c.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	for i, o := range c.options {
		resource, name := theme.RadioButtonIcon(), theme.ColorNameForeground
		if i == c.selected {
			resource, name = theme.RadioButtonCheckedIcon(), theme.ColorNamePrimary
		}
		o.icon.Resource = theme.NewColoredResource(resource, name)
		o.text.Color = th.Color(theme.ColorNameForeground, variant)
		o.text.TextSize = th.Size(theme.SizeNameText)
		switch {
		case c.focused && i == c.selected:
			o.back.FillColor = th.Color(theme.ColorNameFocus, variant)
		case i == c.hovered:
			o.back.FillColor = th.Color(theme.ColorNameHover, variant)
		default:
			o.back.FillColor = nil
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	row := container.New(layout.NewCustomPaddedHBoxLayout(0))
	for _, o := range c.options {
		row.Objects = append(row.Objects, o.body)
	}
	c.paint()
	return widget.NewSimpleRenderer(AtLeast(0, lineHeight()+2*theme.InnerPadding(), row)) // as high as an entry
}
