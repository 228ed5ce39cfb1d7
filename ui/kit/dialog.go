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
	Title, Text string
	Width       float32 // in device-independent pixels; 0 means defaultWidth
	// Input is an entry below the text, or nil. It has the focus, and Enter in it gives
	// the default answer.
	Input *Entry
	// Content returns the content below the text, and the part of it that has the focus
	// at first, or nil. Its widgets must offer their keys to keys. It may be nil.
	Content func(keys Keys) (content fyne.CanvasObject, focus fyne.Focusable)
	Keys    Keys     // is told of the keys that go down and up; may be nil
	Answers []Answer // the last one is the default, and drawn first; the others follow
	Closed  func()   // called when the dialog is closed, before the answer's Do
}

// Dialog is an open dialog. Only the goroutine of the window may use it.
type Dialog struct {
	// Buttons are the answers in the order of Question.Answers.
	Buttons []*Button

	closed func()
	canvas fyne.Canvas
	layer  *dialogLayer
	input  fyne.Focusable // the focused part of the content, or nil
	before fyne.Focusable // had the focus before the dialog
	body   *Paragraph     // has the text, which prose draws
	prose  *Prose
	// problem has the error, which message draws.
	problem *Paragraph
	message *messageLine
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
	d := &Dialog{closed: q.Closed, canvas: canvas, before: canvas.Focused(), body: NewParagraph(""), problem: NewParagraph(""),
		prose: NewProse("", Body, Ink2), message: newMessageLine(Small, 16)}
	keys := dialogKeys{heldKeys{q.Keys}, d}
	for i, answer := range q.Answers {
		d.Buttons = append(d.Buttons, dialogButton(answer, i == len(q.Answers)-1, keys, func() {
			if answer.Stay {
				answer.Do()
			} else {
				d.close(answer.Do)
			}
		}))
	}
	d.showText(q.Text)
	lines := Column(12, Column(6, NewProse(q.Title, Head, Ink), d.prose))
	if q.Input != nil {
		q.Input.Keys = keys
		q.Input.OnSubmitted = func(string) { d.Default() }
		lines.Add(Framed(q.Input, fieldHeight))
		d.input = q.Input
	}
	if q.Content != nil {
		content, input := q.Content(keys)
		lines.Add(content)
		d.input = input
	}
	lines.Add(d.message)
	buttons := NewFlow(8, d.defaultButton())
	for _, button := range d.Buttons[:len(d.Buttons)-1] {
		buttons.content.Add(button)
	}
	if q.Width == 0 {
		q.Width = defaultWidth
	}
	d.layer = newDialogLayer(q.Width, lines, buttons)
	canvas.Overlays().Add(d.layer)
	d.update()
	if d.input == nil {
		canvas.Focus(d.defaultButton())
	}
	return d
}

// dialogButton returns the button of an answer. Enter gives the primary one.
func dialogButton(answer Answer, primary bool, keys Keys, tapped func()) *Button {
	button := NewButton(answer.Text, nil, keys, tapped)
	if primary {
		button.Importance = widget.HighImportance
	}
	return button
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
}

func newDialogLayer(width float32, lines, buttons fyne.CanvasObject) *dialogLayer {
	l := &dialogLayer{width: width, scrim: NewBox(Scrim, None, 0), box: NewRaised(14), edge: HLine()}
	l.lines = Pad(dialogEnd-dialogTop, dialogSide, 4, dialogSide, lines) // 4: the halo of a field is not cut
	l.buttons = Pad(14, dialogSide, dialogEnd, dialogSide, buttons)
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

// Body returns the label of the text.
func (d *Dialog) Body() *Paragraph { return d.body }

// SetText changes the text and gives the focus to the input.
func (d *Dialog) SetText(text string) {
	d.showText(text)
	d.update()
}

func (d *Dialog) showText(text string) {
	d.body.ShowText(text)
	d.prose.ShowText(text)
}

// Fail shows an error below the content and gives the focus to the input. An empty text
// removes the error.
func (d *Dialog) Fail(text string) {
	d.problem.ShowText(text)
	d.message.set(text, "circle-alert", Danger)
	d.update()
}

// ProblemLabel returns the label of the error.
func (d *Dialog) ProblemLabel() *Paragraph { return d.problem }

// Problem returns the last error.
func (d *Dialog) Problem() string { return d.problem.Text }

// update makes the dialog as high as its content, and gives the focus to the input.
func (d *Dialog) update() {
	d.layer.Refresh()
	if d.input != nil {
		d.canvas.Focus(d.input)
	}
}

func (d *Dialog) defaultButton() *Button { return d.Buttons[len(d.Buttons)-1] }

// Default gives the default answer.
func (d *Dialog) Default() { d.defaultButton().Tapped(nil) }

// Escape closes the dialog without an answer.
func (d *Dialog) Escape() { d.close(nil) }

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
