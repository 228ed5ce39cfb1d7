package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Answer is a button of a dialog.
type Answer struct {
	Text string
	Do   func() // called after the dialog is closed; may be nil unless Stay
	Stay bool   // the dialog stays open
}

// Question describes a dialog.
type Question struct {
	Title, Text string  // each may be ""
	Width       float32 // in device-independent pixels; 0 means defaultWidth
	// Top is the distance from the top of the window, in device-independent pixels; 0 stands
	// for the middle.
	Top float32
	// Content returns the content below the text, and the part of it that has the focus
	// at first, or nil. Its widgets must offer their keys to keys. It may be nil.
	Content func(keys Keys) (content fyne.CanvasObject, focus fyne.Focusable)
	Keys    Keys     // is told of the keys that go down and up; may be nil
	Answers []Answer // the last one is the default, and drawn first; the others follow
	// Foot returns the buttons of the answers in another order. It may be nil.
	Foot func(buttons []*Push) fyne.CanvasObject
	// Cross is the tooltip of a button that closes the dialog, in its corner; "" for none.
	Cross   string
	Closed  func() // called when the dialog is closed, before the answer's Do
	Escaped func() // called after Closed if no answer was given; may be nil
}

// Dialog is an open dialog. No other part of the window can be used until it is closed.
type Dialog struct {
	// Buttons are the answers in the order of Question.Answers.
	Buttons []*Push

	closed  func()
	escaped func()
	canvas  fyne.Canvas
	layer   *dialogLayer
	input   fyne.Focusable // the focused part of the content, or nil
	before  fyne.Focusable // had the focus before the dialog
	title   string
	text    *Prose
	problem *messageLine
	failed  *LabelledField // has an error of FailAt; nil for none
}

// dialogKeys are the keys of the widgets of a dialog.
type dialogKeys struct {
	heldKeys
	dialog *Dialog
}

// TypedKey implements Keys.
func (k dialogKeys) TypedKey(key fyne.KeyName) bool {
	if key == fyne.KeyEscape {
		k.dialog.Escape()
	}
	return key == fyne.KeyEscape
}

// TypedShortcut implements ShortcutKeys.
func (k dialogKeys) TypedShortcut(shortcut fyne.Shortcut) bool {
	outer, ok := k.outer.(ShortcutKeys)
	return ok && outer.TypedShortcut(shortcut)
}

// ReadClipboard implements ClipboardKeys.
func (k dialogKeys) ReadClipboard(take func(text string)) bool {
	outer, ok := k.outer.(ClipboardKeys)
	return ok && outer.ReadClipboard(take)
}

// PasteTooLong implements ClipboardKeys.
func (k dialogKeys) PasteTooLong() {
	if outer, ok := k.outer.(ClipboardKeys); ok {
		outer.PasteTooLong()
	}
}

// Sizes of a dialog, in device-independent pixels.
const (
	defaultWidth = 480
	dialogMargin = 16 // least distance to the edge of the window
	dialogSide   = 24 // between the edge and the content
	dialogEnd    = 20 // the same, at the top and at the bottom
	dialogTop    = 8  // the part at the top where nothing scrolls
)

// Ask opens a modal dialog. The focus is on the input, if there is one, else on the
// default answer. Escape closes the dialog without an answer. When it is closed the focus
// returns to the widget that had it.
func Ask(canvas fyne.Canvas, q Question) *Dialog {
	d := &Dialog{closed: q.Closed, escaped: q.Escaped, canvas: canvas, before: canvas.Focused(), title: q.Title,
		text: NewProse("", Body, Ink2), problem: newMessageLine(Small, 16)}
	keys := dialogKeys{heldKeys{q.Keys}, d}
	flow := NewFlow(8)
	for i, answer := range q.Answers {
		kind := Second
		if i == len(q.Answers)-1 {
			kind = Primary
		}
		d.Buttons = append(d.Buttons, NewPush(answer.Text, "", kind, keys, func() {
			if answer.Stay {
				answer.Do()
			} else {
				d.close(answer.Do)
			}
		}))
	}
	if n := len(d.Buttons); n > 0 {
		flow.content.Add(d.Buttons[n-1])
		for _, button := range d.Buttons[:n-1] {
			flow.content.Add(button)
		}
	}
	buttons := fyne.CanvasObject(flow)
	if q.Foot != nil {
		buttons = q.Foot(d.Buttons)
	}
	d.text.ShowText(q.Text)
	title := fyne.CanvasObject(NewProse(q.Title, Head, Ink))
	SetVisible(title, q.Title != "")
	if q.Cross != "" {
		title = TopRow(8, Grow(title), Pad(-3, -8, -3, 0, NewPush("", "x", Quiet, keys, d.Escape).Small().WithTip(q.Cross)))
	}
	lines := Column(12, Column(6, title, d.text))
	if q.Title == "" && q.Text == "" {
		lines = Column(12)
	}
	if q.Content != nil {
		content, input := q.Content(keys)
		lines.Add(content)
		d.input = input
	}
	lines.Add(d.problem)
	if q.Width == 0 {
		q.Width = defaultWidth
	}
	d.layer = newDialogLayer(q.Width, q.Top, lines, buttons, len(d.Buttons) > 0)
	canvas.Overlays().Add(d.layer)
	d.layer.Refresh()
	if d.input != nil {
		canvas.Focus(d.input)
	} else if d.defaultButton() != nil {
		canvas.Focus(d.defaultButton())
	}
	return d
}

// dialogLayer lies over the window: a dialog in its middle, and a scrim around it. What is
// too high for the window scrolls; the buttons do not.
type dialogLayer struct {
	widget.BaseWidget
	width   float32
	scrim   *Box
	box     *Box
	scroll  *container.Scroll
	edge    fyne.CanvasObject // between the lines and the buttons while the lines scroll
	lines   fyne.CanvasObject
	buttons fyne.CanvasObject
	top     float32 // 0 for the middle
}

func newDialogLayer(width, top float32, lines, buttons fyne.CanvasObject, answers bool) *dialogLayer {
	l := &dialogLayer{width: width, top: top, scrim: NewBox(Scrim, None, 0), box: NewRaised(14), edge: HLine()}
	l.lines = Pad(dialogEnd-dialogTop, dialogSide, 4, dialogSide, lines) // 4: the halo of a field is not cut
	l.buttons = Pad(14, dialogSide, dialogEnd, dialogSide, buttons)
	if !answers {
		l.buttons = Space(0, dialogTop)
	}
	l.scroll = container.NewVScroll(l.lines)
	l.ExtendBaseWidget(l)
	return l
}

// MinSize implements fyne.CanvasObject.
func (l *dialogLayer) MinSize() fyne.Size { return fyne.Size{} }

// CreateRenderer implements fyne.Widget.
func (l *dialogLayer) CreateRenderer() fyne.WidgetRenderer {
	return &dialogRenderer{l, []fyne.CanvasObject{l.scrim, l.box, l.scroll, l.edge, l.buttons}}
}

type dialogRenderer struct {
	l       *dialogLayer
	objects []fyne.CanvasObject
}

func (r *dialogRenderer) Layout(size fyne.Size) {
	l := r.l
	width := whole(min(max(l.width, l.lines.MinSize().Width, l.buttons.MinSize().Width), size.Width-2*dialogMargin))
	for _, o := range []fyne.CanvasObject{l.lines, l.buttons} { // a text knows its height when it has its width
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
	}
	low := l.buttons.MinSize().Height
	high := l.lines.MinSize().Height + dialogTop
	height := whole(min(high+low, size.Height-2*dialogMargin))
	at := fyne.NewPos(whole((size.Width-width)/2), whole((size.Height-height)/2))
	if l.top > 0 {
		at.Y = min(l.top, at.Y)
	}
	place := func(o fyne.CanvasObject, y, height float32) {
		o.Move(at.AddXY(0, y))
		o.Resize(fyne.NewSize(width, max(0, height)))
	}
	l.scrim.Resize(size)
	place(l.box, 0, height)
	place(l.scroll, dialogTop, height-low-dialogTop)
	place(l.edge, height-low, 1)
	SetVisible(l.edge, high+low > height+1)
	place(l.buttons, height-low, low)
}

func (r *dialogRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *dialogRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *dialogRenderer) Destroy()                     {}

func (r *dialogRenderer) Refresh() {
	r.Layout(r.l.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

// Title returns the title.
func (d *Dialog) Title() string { return d.title }

// Text returns the text.
func (d *Dialog) Text() string { return d.text.Text }

// SetText changes the text.
func (d *Dialog) SetText(text string) {
	d.text.ShowText(text)
	d.layer.lines.Refresh()
	d.layer.Refresh()
}

// Resize makes the dialog as high as its content is now.
func (d *Dialog) Resize() { d.layer.Refresh() }

// Fail shows an error below the content and gives the focus to the input. An empty text
// removes the error.
func (d *Dialog) Fail(text string) {
	if d.failed != nil {
		d.failed.Clear()
		d.failed = nil
	}
	d.problem.set(text, "circle-alert", Danger)
	d.layer.Refresh()
	if d.input != nil {
		d.canvas.Focus(d.input)
	}
}

// FailAt shows an error at a field of the content, in place of another error, and gives the focus
// to the field.
func (d *Dialog) FailAt(field *LabelledField, text string) {
	d.Fail("")
	d.failed = field
	field.Fail(text)
	d.layer.Refresh()
	d.canvas.Focus(field.Input())
}

// Problem returns the error that is shown, or "".
func (d *Dialog) Problem() string {
	if d.failed != nil {
		return d.failed.Message()
	}
	if !d.problem.Visible() {
		return ""
	}
	return d.problem.text.Text
}

// defaultButton returns the button of the default answer, or nil.
func (d *Dialog) defaultButton() *Push {
	if len(d.Buttons) == 0 {
		return nil
	}
	return d.Buttons[len(d.Buttons)-1]
}

// Default gives the default answer, if there is one.
func (d *Dialog) Default() {
	if button := d.defaultButton(); button != nil {
		button.Tapped(nil)
	}
}

// Escape closes the dialog without an answer, as the user does.
func (d *Dialog) Escape() { d.close(d.escaped) }

// Close closes the dialog as the program, which calls Closed alone.
func (d *Dialog) Close() { d.close(nil) }

func (d *Dialog) close(then func()) {
	d.canvas.Overlays().Remove(d.layer)
	if d.before != nil {
		d.canvas.Focus(d.before)
	}
	d.closed()
	if then != nil {
		then()
	}
}
