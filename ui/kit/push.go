package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Kind is the look of a [Push].
type Kind int

// The kinds. A page has one primary button.
const (
	Primary Kind = iota
	Second
	Quiet
	Destructive
	InToast // in a message
	onSplit // on the fill of a Split
)

// looks has the colours of each kind.
var looks = map[Kind]struct{ back, edge, ink, veil Color }{
	Primary:     {Fill, None, OnFill, FillVeil},
	Second:      {Control, ControlLine, Ink, Veil},
	Quiet:       {None, None, Ink2, Veil},
	Destructive: {DangerFill, None, OnFill, FillVeil},
	InToast:     {None, None, ToastLink, ToastHover},
	onSplit:     {None, None, OnFill, FillVeil},
}

// Push is a button: a text, an icon, or both. Enter and Space act as a click does. A click does
// not give it the focus.
type Push struct {
	touch
	Text     string // changed by SetText
	OnTapped func() // may be nil

	icon, trail string
	kind        Kind
	on          bool
	small       bool
	height      float32
	left, right float32 // space beside the content; 0 for what belongs to the height
	line, fill  Color   // of the icon; None for those of the text
	tip         string
	split       *Split // that it is a part of; may be nil

	back, veil *Box
	picture    *Icon
	label      *Text
	tail       *Icon
	content    *fyne.Container
}

// NewPush returns a button 34 high. An empty text or icon is left out.
func NewPush(text, icon string, kind Kind, keys Keys, tapped func()) *Push {
	p := &Push{touch: newTouch(keys, 8), Text: text, OnTapped: tapped, icon: icon, kind: kind, height: 34}
	p.back, p.veil = NewBox(None, None, 8), NewBox(None, None, 8)
	p.picture, p.label, p.tail = NewIcon("", Ink, 16), NewText("", ButtonText, Ink), NewIcon("", Ink, 14)
	p.content = Row(6, p.picture, p.label, p.tail)
	p.touch.paint = p.paint
	p.ExtendBaseWidget(p)
	return p
}

// Small makes the button 30 high, and returns it.
func (p *Push) Small() *Push { return p.sized(30) }

// Tall makes the button one that stands beside a field: small letters, 34 high. It returns it.
func (p *Push) Tall() *Push { return p.sized(34) }

func (p *Push) sized(height float32) *Push {
	p.small, p.height = true, height
	p.Refresh()
	return p
}

// Trail adds an icon after the text, and returns the button.
func (p *Push) Trail(icon string) *Push {
	p.trail = icon
	p.Refresh()
	return p
}

// WithTip sets the tooltip, and returns the button. See [Tips].
func (p *Push) WithTip(text string) *Push {
	p.tip = text
	return p
}

// SetText changes the text.
func (p *Push) SetText(text string) {
	if p.Text != text {
		p.Text = text
		p.Refresh()
	}
}

// SetIcon changes the icon.
func (p *Push) SetIcon(icon string) {
	if p.icon != icon {
		p.icon = icon
		p.Refresh()
	}
}

// Tint gives the icon colours of its own for its lines and its inside. None stands for the
// colour of the text, and for no inside.
func (p *Push) Tint(line, fill Color) {
	if p.line != line || p.fill != fill {
		p.line, p.fill = line, fill
		p.Refresh()
	}
}

// Kind returns the kind.
func (p *Push) Kind() Kind { return p.kind }

// SetKind changes the kind.
func (p *Push) SetKind(kind Kind) {
	if p.kind != kind {
		p.kind = kind
		p.Refresh()
	}
}

// SetOn shows a button as one whose state or menu is on, or not.
func (p *Push) SetOn(on bool) {
	if p.on != on {
		p.on = on
		p.Refresh()
	}
}

// Icon returns the name of the icon.
func (p *Push) Icon() string { return p.icon }

// Tip returns the tooltip.
func (p *Push) Tip() string { return p.tip }

// Tapped implements fyne.Tappable.
func (p *Push) Tapped(*fyne.PointEvent) {
	TipsOf(p).Dismiss()
	if !p.disabled && p.OnTapped != nil {
		p.OnTapped()
	}
}

// TypedKey implements fyne.Focusable.
func (p *Push) TypedKey(event *fyne.KeyEvent) {
	switch {
	case p.done(event, moves(event)):
	case isEnter(event) || event.Name == fyne.KeySpace:
		p.Tapped(nil)
	}
}

// FocusGained implements fyne.Focusable.
func (p *Push) FocusGained() {
	TipsOf(p).Dismiss()
	p.touch.FocusGained()
}

// MouseIn implements desktop.Hoverable.
func (p *Push) MouseIn(event *desktop.MouseEvent) {
	p.touch.MouseIn(event)
	TipsOf(p).Enter(p, p.tip)
}

// MouseOut implements desktop.Hoverable.
func (p *Push) MouseOut() {
	p.touch.MouseOut()
	TipsOf(p).Leave(p)
}

// AccessibilityLabel implements fyne.Accessible.
func (p *Push) AccessibilityLabel() string {
	if p.Text == "" {
		return p.tip
	}
	return p.Text
}

// AccessibilityRole implements fyne.Accessible.
func (p *Push) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (p *Push) paint() {
	look := looks[p.kind]
	if p.on {
		look.back, look.edge, look.ink = Soft, None, SoftInk
	}
	if p.disabled {
		look.ink = Ink3
		if p.kind != onSplit {
			look.back, look.edge = Hover, None
		}
	}
	if look.edge != None {
		p.back.Shade = Slight
	} else {
		p.back.Shade = Flat
	}
	p.back.Fill, p.back.Edge = look.back, look.edge
	p.veil.Fill = look.veil
	chosen := p.split != nil && p == p.split.More && p.ring.Visible() // the ring goes round both parts
	SetVisible(p.veil, (p.hovered || chosen) && !p.disabled)

	p.label.Role = ButtonText
	if p.small {
		p.label.Role = SmallMedium
	}
	p.label.Set(p.Text, look.ink)
	line := look.ink
	if p.line != None && !p.disabled {
		line = p.line
	}
	p.picture.SetFilled(p.icon, line, p.fill)
	p.tail.Set(p.trail, look.ink)
	SetVisible(p.label, p.Text != "")
	SetVisible(p.picture, p.icon != "")
	SetVisible(p.tail, p.trail != "")
}

// margins returns the space at the left and at the right of the content.
func (p *Push) margins() (left, right float32) {
	switch {
	case p.left > 0:
		return p.left, p.right
	case p.Text == "" && p.trail == "":
		return (p.height - 16) / 2, (p.height - 16) / 2
	}
	space := float32(14)
	if p.small {
		space = 10
	}
	if p.icon != "" {
		space -= 2
	}
	return space, space
}

func (p *Push) least() fyne.Size {
	left, right := p.margins()
	return fyne.NewSize(up(p.content.MinSize().Width)+left+right, p.height)
}

func (p *Push) place(size fyne.Size) {
	if p.split == nil {
		p.ringAround(fyne.Position{}, size)
	} else {
		whole, left := p.split.Size(), float32(0)
		if p == p.split.More {
			left = size.Width - whole.Width
		}
		p.ringAround(fyne.NewPos(left, (size.Height-whole.Height)/2), whole)
	}
	p.back.Resize(size)
	p.veil.Resize(size)
	least := p.content.MinSize()
	left, right := p.margins()
	put(p.content, whole(left+(size.Width-left-right-up(least.Width))/2), whole((size.Height-least.Height)/2), least.Width, least.Height)
}

// CreateRenderer implements fyne.Widget.
func (p *Push) CreateRenderer() fyne.WidgetRenderer {
	return p.renderer(p.least, p.place, p.back, p.veil, p.content)
}

// Split is a primary button and a second one beside it, which opens a menu. Each is one stop
// of the Tab key, and has the ring around both. They have one fill: OpenGL would show a seam
// between two.
type Split struct {
	widget.BaseWidget
	Main, More *Push
	back       *Box
	divider    *Box
	body       *fyne.Container
}

// NewSplit returns a button that calls tapped and has a menu, which menu opens.
func NewSplit(text, icon string, keys Keys, tapped, menu func()) *Split {
	s := &Split{Main: NewPush(text, icon, onSplit, keys, tapped), More: NewPush("", "chevron-down", onSplit, keys, menu)}
	s.Main.left, s.Main.right = 12, 13
	s.Main.content.Layout = rowLayout{gap: 8}
	s.More.left, s.More.right = 8, 8
	s.Main.split, s.More.split = s, s
	s.back, s.divider = NewBox(Fill, None, 8), NewBox(Divider, None, 0)
	s.body = container.NewStack(s.back, Row(0, Grow(s.Main), Fixed(1, 16, s.divider), s.More))
	s.ExtendBaseWidget(s)
	return s
}

// Enable implements fyne.Disableable.
func (s *Split) Enable() { s.setDisabled(false) }

// Disable implements fyne.Disableable.
func (s *Split) Disable() { s.setDisabled(true) }

// Disabled implements fyne.Disableable.
func (s *Split) Disabled() bool { return s.Main.Disabled() }

func (s *Split) setDisabled(disabled bool) {
	s.Main.setDisabled(disabled)
	s.More.setDisabled(disabled)
	if disabled {
		s.back.SetFill(Hover)
		s.divider.SetFill(ControlLine)
	} else {
		s.back.SetFill(Fill)
		s.divider.SetFill(Divider)
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Split) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.body) }
