package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Choice is a row of radio buttons and one stop of the Tab key: arrow keys and Space
// move the selection, Enter calls OnSubmitted. In a [widget.RadioGroup] each button is a
// stop, and arrow keys do nothing.
type Choice struct {
	widget.BaseWidget
	Keys        Keys
	OnChanged   func(index int)
	OnSubmitted func()

	options  []*option
	selected int
	focused  bool
	hovered  int // -1 for none
}

// option is what one option of a choice draws.
type option struct {
	back *canvas.Circle // behind the icon, shows focus and hover
	icon *canvas.Image
	text *canvas.Text
}

// NewChoice returns a choice whose first option is selected.
func NewChoice(keys Keys, changed func(index int), options ...string) *Choice {
	c := &Choice{Keys: keys, OnChanged: changed, hovered: -1}
	for _, text := range options {
		c.options = append(c.options, &option{canvas.NewCircle(nil), canvas.NewImageFromResource(nil), canvas.NewText(text, nil)})
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

// FocusGained implements fyne.Focusable.
func (c *Choice) FocusGained() { c.focused = true; c.Refresh() }

// FocusLost implements fyne.Focusable.
func (c *Choice) FocusLost() { c.focused = false; c.Refresh() }

// TypedRune implements fyne.Focusable.
func (c *Choice) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (c *Choice) TypedKey(event *fyne.KeyEvent) {
	switch {
	case c.Keys.handle(event):
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
		if x -= o.width(); x < 0 {
			return i
		}
	}
	return -1
}

// width returns the width of an option with the space after it.
func (o *option) width() float32 {
	return theme.IconInlineSize() + 2*theme.InnerPadding() +
		fyne.MeasureText(o.text.Text, theme.TextSize(), fyne.TextStyle{}).Width
}

// Refresh implements fyne.CanvasObject.
func (c *Choice) Refresh() {
	c.paint()
	c.BaseWidget.Refresh()
}

// paint sets the icons, colours and text sizes of the options.
func (c *Choice) paint() {
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
	row := container.New(choiceLayout{c})
	for _, o := range c.options {
		row.Objects = append(row.Objects, o.back, o.icon, o.text)
	}
	c.paint()
	return widget.NewSimpleRenderer(row)
}

// choiceLayout puts the options side by side. They are as high as an entry.
type choiceLayout struct{ *Choice }

func (l choiceLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	icon, pad := theme.IconInlineSize(), theme.InnerPadding()
	x := float32(0)
	for _, o := range l.options {
		o.back.Resize(fyne.NewSquareSize(icon + pad))
		o.back.Move(fyne.NewPos(x-pad/2, (size.Height-icon-pad)/2))
		o.icon.Resize(fyne.NewSquareSize(icon))
		o.icon.Move(fyne.NewPos(x, (size.Height-icon)/2))
		height := o.text.MinSize().Height
		o.text.Resize(fyne.NewSize(o.width()-icon, height))
		o.text.Move(fyne.NewPos(x+icon+pad/2, (size.Height-height)/2))
		x += o.width()
	}
}

func (l choiceLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(0, lineHeight()+2*theme.InnerPadding())
	for _, o := range l.options {
		size.Width += o.width()
	}
	return size
}
