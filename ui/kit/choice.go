package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Choice is a row of radio buttons that is one stop of the Tab key: arrows and
// Space move the choice, Enter calls OnSubmitted. Fyne's RadioGroup stops at
// each button and has no arrows.
type Choice struct {
	widget.BaseWidget
	Keys        Keys
	OnChanged   func(index int)
	OnSubmitted func()

	options  []string
	selected int
	focused  bool
	hovered  int // -1: none
}

// NewChoice makes a choice, the first option selected.
func NewChoice(keys Keys, changed func(index int), options ...string) *Choice {
	c := &Choice{Keys: keys, OnChanged: changed, options: options, hovered: -1}
	c.ExtendBaseWidget(c)
	return c
}

// Selected returns the index of the selected option.
func (c *Choice) Selected() int { return c.selected }

// Select selects an option. OnChanged is called if it was another.
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
	if c.Keys.take(event) {
		return
	}
	switch event.Name {
	case fyne.KeyLeft, fyne.KeyUp:
		c.Select(c.selected - 1)
	case fyne.KeyRight, fyne.KeyDown:
		c.Select(c.selected + 1)
	case fyne.KeySpace:
		c.Select((c.selected + 1) % len(c.options))
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.OnSubmitted != nil {
			c.OnSubmitted()
		}
	}
}

// Tapped implements fyne.Tappable.
func (c *Choice) Tapped(event *fyne.PointEvent) {
	if cv := fyne.CurrentApp().Driver().CanvasForObject(c); cv != nil {
		cv.Focus(c)
	}
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

// at returns the option at a horizontal position.
func (c *Choice) at(x float32) int {
	for i := range c.options {
		if x -= c.width(i); x < 0 {
			return i
		}
	}
	return -1
}

// width returns the width of an option: icon, text and the space after it.
func (c *Choice) width(i int) float32 {
	return theme.IconInlineSize() + 2*theme.InnerPadding() +
		fyne.MeasureText(c.options[i], theme.TextSize(), fyne.TextStyle{}).Width
}

// MinSize implements fyne.CanvasObject: as high as an entry.
func (c *Choice) MinSize() fyne.Size {
	var width float32
	for i := range c.options {
		width += c.width(i)
	}
	return fyne.NewSize(width, lineHeight()+2*theme.InnerPadding())
}

// CreateRenderer implements fyne.Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	r := &choiceRenderer{choice: c}
	for _, option := range c.options {
		back := canvas.NewCircle(nil)
		icon := canvas.NewImageFromResource(theme.RadioButtonIcon())
		text := canvas.NewText(option, nil)
		r.backs, r.icons, r.texts = append(r.backs, back), append(r.icons, icon), append(r.texts, text)
		r.objects = append(r.objects, back, icon, text)
	}
	r.Refresh()
	return r
}

type choiceRenderer struct {
	choice  *Choice
	backs   []*canvas.Circle // behind the icon: focus and hover
	icons   []*canvas.Image
	texts   []*canvas.Text
	objects []fyne.CanvasObject
}

func (r *choiceRenderer) Layout(size fyne.Size) {
	icon, pad := theme.IconInlineSize(), theme.InnerPadding()
	x := float32(0)
	for i := range r.texts {
		r.backs[i].Resize(fyne.NewSquareSize(icon + pad))
		r.backs[i].Move(fyne.NewPos(x-pad/2, (size.Height-icon-pad)/2))
		r.icons[i].Resize(fyne.NewSquareSize(icon))
		r.icons[i].Move(fyne.NewPos(x, (size.Height-icon)/2))
		height := r.texts[i].MinSize().Height
		r.texts[i].Resize(fyne.NewSize(r.choice.width(i)-icon, height))
		r.texts[i].Move(fyne.NewPos(x+icon+pad/2, (size.Height-height)/2))
		x += r.choice.width(i)
	}
}

func (r *choiceRenderer) MinSize() fyne.Size { return r.choice.MinSize() }

func (r *choiceRenderer) Refresh() {
	c := r.choice
	th, variant := c.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	for i := range r.texts {
		resource, name := theme.RadioButtonIcon(), theme.ColorNameForeground
		if i == c.selected {
			resource, name = theme.RadioButtonCheckedIcon(), theme.ColorNamePrimary
		}
		r.icons[i].Resource = theme.NewColoredResource(resource, name)
		r.texts[i].Color = th.Color(theme.ColorNameForeground, variant)
		r.texts[i].TextSize = th.Size(theme.SizeNameText)
		switch {
		case c.focused && i == c.selected:
			r.backs[i].FillColor = th.Color(theme.ColorNameFocus, variant)
		case i == c.hovered:
			r.backs[i].FillColor = th.Color(theme.ColorNameHover, variant)
		default:
			r.backs[i].FillColor = nil
		}
		r.backs[i].Refresh()
		r.icons[i].Refresh()
		r.texts[i].Refresh()
	}
}

func (r *choiceRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *choiceRenderer) Destroy()                     {}
