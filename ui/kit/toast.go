package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Message is a short message that is shown over the page.
type Message struct {
	Icon, Text, Detail string
	Action             string         // what the user can do about it; empty for nothing
	Do                 func()         // called after the message is gone
	Keep               time.Duration  // how long it is shown; 0 stands for until the next one
	Fraction           func() float32 // of the time that is left, from 0 to 1; nil draws no line
}

// Toasts shows one message at most in a layer over the content of the window. Only the
// goroutine of the window may use it.
type Toasts struct {
	Keys Keys // of the action; may be nil

	layer *toastLayer
	after func(time.Duration, func()) (stop func())
	stop  func() // of the message that is shown; nil for none
	left  float32
	foot  float32
	shown *toast // nil for none
}

// Sizes of a message, in device-independent pixels.
const (
	toastHeight = 44 // of one line
	toastBottom = 20 // below it
	toastMargin = 16 // least distance to the edges of the page
	toastGap    = 8
)

// NewToasts returns toasts without a message. after runs a function on the goroutine of the window after
// a time, unless stop is called before.
func NewToasts(after func(time.Duration, func()) (stop func())) *Toasts {
	t := &Toasts{after: after}
	t.layer = &toastLayer{toasts: t}
	t.layer.ExtendBaseWidget(t.layer)
	return t
}

// Layer returns the layer, which is to be as large as the window. It takes the clicks on the
// message alone.
func (t *Toasts) Layer() fyne.CanvasObject { return t.layer }

// SetLeft says where the page begins, in the middle of which the message is shown.
func (t *Toasts) SetLeft(left float32) {
	if t.left != left {
		t.left = left
		t.layer.Refresh()
	}
}

// SetFoot says how high the foot of the page is, above which the message is shown.
func (t *Toasts) SetFoot(foot float32) {
	if t.foot != foot {
		t.foot = foot
		t.layer.Refresh()
	}
}

// Show shows a message in place of the one that is shown.
func (t *Toasts) Show(m Message) {
	t.Dismiss()
	shown := newToast(t, m)
	t.shown = shown
	if m.Keep > 0 {
		t.stop = t.after(m.Keep, func() {
			if t.shown == shown {
				t.Dismiss()
			}
		})
	}
	t.layer.Refresh()
}

// Shown returns the message that is shown, if there is one.
func (t *Toasts) Shown() (m Message, ok bool) {
	if t.shown == nil {
		return Message{}, false
	}
	return t.shown.message, true
}

// Update draws the line for the time that is left.
func (t *Toasts) Update() {
	if t.shown != nil {
		t.shown.placeLine()
	}
}

// SetText changes the text of the message that is shown.
func (t *Toasts) SetText(text string) {
	if t.shown != nil && t.shown.message.Text != text {
		t.shown.message.Text = text
		t.shown.text.SetText(text)
		t.shown.row.Refresh()
		t.layer.Refresh()
	}
}

// SetDetail changes the detail of the message that is shown.
func (t *Toasts) SetDetail(detail string) {
	if t.shown != nil && t.shown.message.Detail != detail {
		t.shown.message.Detail = detail
		t.shown.detail.SetText(detail)
		t.shown.row.Refresh()
		t.layer.Refresh()
	}
}

// Dismiss removes the message. If its action had the focus, nothing has it then.
func (t *Toasts) Dismiss() {
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
	if t.shown == nil {
		return
	}
	if action := t.shown.action; action != nil && action.focused {
		if c := fyne.CurrentApp().Driver().CanvasForObject(action); c != nil {
			c.Unfocus()
		}
	}
	t.shown = nil
	t.layer.Refresh()
}

// act does what the message that is shown offers.
func (t *Toasts) act() {
	if t.shown == nil {
		return
	}
	do := t.shown.message.Do
	t.Dismiss()
	if do != nil {
		do()
	}
}

// Action returns the action of the message that is shown, or nil.
func (t *Toasts) Action() fyne.Focusable {
	if t.shown == nil || t.shown.action == nil {
		return nil
	}
	return t.shown.action
}

// toastLayer is where the message is shown.
type toastLayer struct {
	widget.BaseWidget
	toasts *Toasts
}

// MinSize implements fyne.CanvasObject.
func (l *toastLayer) MinSize() fyne.Size { return fyne.Size{} }

// CreateRenderer implements fyne.Widget.
func (l *toastLayer) CreateRenderer() fyne.WidgetRenderer { return &toastRenderer{l} }

type toastRenderer struct{ layer *toastLayer }

func (r *toastRenderer) Layout(size fyne.Size) {
	shown, left, foot := r.layer.toasts.shown, r.layer.toasts.left, r.layer.toasts.foot
	if shown == nil {
		return
	}
	width := whole(min(shown.natural(), size.Width-left-2*toastMargin))
	height := shown.plan(width).height
	shown.Move(fyne.NewPos(whole(left+(size.Width-left-width)/2), whole(size.Height-foot-toastBottom-height)))
	shown.Resize(fyne.NewSize(width, height))
}

func (r *toastRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (r *toastRenderer) Destroy()           {}

func (r *toastRenderer) Refresh() {
	r.Layout(r.layer.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
	canvas.Refresh(r.layer)
}

func (r *toastRenderer) Objects() []fyne.CanvasObject {
	if shown := r.layer.toasts.shown; shown != nil {
		return []fyne.CanvasObject{shown}
	}
	return nil
}

// toast is a message that is shown.
type toast struct {
	widget.BaseWidget
	message Message
	icon    *Icon
	text    *Prose
	detail  *Prose
	action  *toastAction // nil for none
	line    *Box
	row     *fyne.Container
	body    *fyne.Container
}

func newToast(layer *Toasts, m Message) *toast {
	t := &toast{message: m, icon: NewIcon(m.Icon, ToastLink, 16), text: NewProse(m.Text, SmallBold, OnToast),
		detail: NewProse(m.Detail, Small, OnToast), line: NewBox(ToastLink, None, 1)}
	t.row = container.New(toastLayout{t}, t.icon, t.text, t.detail)
	if m.Action != "" {
		t.action = newToastAction(m.Action, layer.Keys, layer.act)
		t.row.Add(t.action)
	}
	back := NewBox(Toast, None, 10)
	back.Shade = Floating
	t.body = container.NewStack(back, t.row, container.NewWithoutLayout(t.line))
	t.ExtendBaseWidget(t)
	return t
}

// placeLine makes the line as long as the time that is left.
func (t *toast) placeLine() {
	fraction := float32(0)
	if t.message.Fraction != nil {
		fraction = max(0, min(1, t.message.Fraction()))
	}
	t.line.Move(fyne.NewPos(10, t.Size().Height-2))
	t.line.Resize(fyne.NewSize(whole((t.Size().Width-20)*fraction), 2))
	SetVisible(t.line, fraction > 0)
}

// Resize implements fyne.CanvasObject.
func (t *toast) Resize(size fyne.Size) {
	t.BaseWidget.Resize(size)
	t.placeLine()
}

// texts returns the texts that are not empty.
func (t *toast) texts() []*Prose {
	if t.detail.Text == "" {
		return []*Prose{t.text}
	}
	return []*Prose{t.text, t.detail}
}

// lead returns the width of what is before the text.
func (t *toast) lead() float32 {
	if t.icon.Name() == "" {
		return 16
	}
	return 16 + 16 + toastGap
}

// tail returns the width of what is after the text if the action is beside it.
func (t *toast) tail() float32 {
	if t.action == nil {
		return 16
	}
	return toastGap + up(t.action.MinSize().Width) + 6
}

// natural returns the width of a message of one line.
func (t *toast) natural() float32 {
	width := t.lead() + t.tail() - toastGap
	for _, each := range t.texts() {
		width += up(each.Role.Width(each.Text)+1) + toastGap
	}
	return width
}

// toastPlan says where the parts of a message are in some width.
type toastPlan struct {
	oneLine bool    // the detail is beside the text
	below   bool    // the action has a line of its own
	room    float32 // for the texts, if they are one below the other
	words   float32 // the height of the texts
	height  float32
}

// plan puts a message that is too long for one line on more, and its action below them where it
// would leave the text a narrow column.
func (t *toast) plan(width float32) toastPlan {
	if t.natural() <= width {
		return toastPlan{oneLine: true, words: t.text.Role.Line, height: toastHeight}
	}
	p := toastPlan{room: width - t.lead() - t.tail()}
	p.words = t.stack(p.room)
	if t.action != nil && p.words > 2*t.text.Role.Line {
		p.below, p.room = true, width-t.lead()-16
		p.words = t.stack(p.room)
	}
	p.height = p.words + toastHeight - t.text.Role.Line
	if p.below {
		p.height += t.action.MinSize().Height - 2
	}
	return p
}

// stack makes the texts as wide as there is room, and returns their height.
func (t *toast) stack(room float32) (height float32) {
	for _, o := range t.texts() {
		o.Resize(fyne.NewSize(max(0, room), o.Size().Height))
		height += o.MinSize().Height
	}
	return height
}

// Tapped implements fyne.Tappable, so that a click does not go through the message.
func (t *toast) Tapped(*fyne.PointEvent) {}

// TappedSecondary implements fyne.SecondaryTappable.
func (t *toast) TappedSecondary(*fyne.PointEvent) {}

// MouseIn implements desktop.Hoverable.
func (t *toast) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable.
func (t *toast) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *toast) MouseOut() {}

// CreateRenderer implements fyne.Widget.
func (t *toast) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.body) }

// toastLayout puts the parts of a message where its plan says.
type toastLayout struct{ t *toast }

func (toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, toastHeight) }

func (l toastLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	t := l.t
	p := t.plan(size.Width)
	margin := (toastHeight - t.text.Role.Line) / 2
	middle := whole(margin + p.words/2)
	x := t.lead()
	put(t.icon, 16, middle-8, 16, 16)
	SetVisible(t.detail, t.detail.Text != "")
	y := whole(margin)
	for _, each := range t.texts() {
		if p.oneLine {
			width := up(each.Role.Width(each.Text) + 1)
			put(each, x, y, width, each.MinSize().Height)
			x += width + toastGap
			continue
		}
		put(each, x, y, p.room, each.MinSize().Height)
		y += each.MinSize().Height
	}
	if t.action != nil {
		least := t.action.MinSize()
		width := up(least.Width)
		y := middle - least.Height/2
		if p.below {
			y = size.Height - 6 - least.Height
		}
		put(t.action, size.Width-6-width, whole(y), width, least.Height)
	}
}

// toastAction is the button of a message.
type toastAction struct {
	focusable
	keyed
	text    *Text
	veil    *Box
	ring    *Box
	hovered bool
	tapped  func()
}

func newToastAction(text string, keys Keys, tapped func()) *toastAction {
	a := &toastAction{keyed: keyed{Keys: keys}, text: NewText(text, SmallBold, ToastLink), veil: NewBox(None, None, 7), ring: NewBox(None, None, 10), tapped: tapped}
	a.ring.EdgeWidth = 2
	a.focusable.paint = a.paintState
	a.ExtendBaseWidget(a)
	return a
}

func (a *toastAction) paintState() {
	veil, ring := None, None
	if a.hovered {
		veil = ToastHover
	}
	if a.focused {
		ring = ToastLink
	}
	a.veil.SetFill(veil)
	a.ring.SetEdge(ring)
}

// TypedKey implements fyne.Focusable.
func (a *toastAction) TypedKey(event *fyne.KeyEvent) {
	switch {
	case a.done(event, false):
	case event.Name == fyne.KeySpace:
		fyne.Do(a.tapped) // the letter of the key is sent after it; see Menu.TypedKey
	case isEnter(event):
		a.tapped()
	}
}

// Tapped implements fyne.Tappable.
func (a *toastAction) Tapped(*fyne.PointEvent) { a.tapped() }

// MouseIn implements desktop.Hoverable.
func (a *toastAction) MouseIn(*desktop.MouseEvent) { a.hovered = true; a.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (a *toastAction) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (a *toastAction) MouseOut() { a.hovered = false; a.Refresh() }

// CreateRenderer implements fyne.Widget.
func (a *toastAction) CreateRenderer() fyne.WidgetRenderer {
	a.paintState()
	return widget.NewSimpleRenderer(Fixed(0, 32, container.NewStack(Pad(-3, -3, -3, -3, a.ring), a.veil, Pad(0, 10, 0, 10, Center(a.text)))))
}
