package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
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
	Answers []Answer // from left to right; the last one is the default
	Closed  func()   // called when the dialog is closed, before the answer's Do
}

// Dialog is an open dialog. Only the goroutine of the window may use it.
type Dialog struct {
	// Buttons are the answers in the order of Question.Answers.
	Buttons []*Button

	closed  func()
	width   float32
	body    *Paragraph
	problem *Paragraph
	popUp   *widget.PopUp
	input   fyne.Focusable // the focused part of the content, or nil
	before  fyne.Focusable // had the focus before the dialog
	canvas  fyne.Canvas
}

// dialogKeys are the keys of the widgets of a dialog.
type dialogKeys struct {
	dialog *Dialog
	outer  Keys
}

func (k dialogKeys) KeyDown(key fyne.KeyName) {
	if k.outer != nil {
		k.outer.KeyDown(key)
	}
}

func (k dialogKeys) KeyUp(key fyne.KeyName) {
	if k.outer != nil {
		k.outer.KeyUp(key)
	}
}

func (k dialogKeys) TypedKey(key fyne.KeyName) bool {
	if key == fyne.KeyEscape {
		k.dialog.Escape()
	}
	return key == fyne.KeyEscape
}

// defaultWidth is the width of a dialog, in device-independent pixels.
const defaultWidth = 420

// Ask opens a modal dialog. The focus is on the input, if there is one, else on the
// default answer. Escape closes the dialog without an answer. When it is closed the focus
// returns to the widget that had it.
func Ask(canvas fyne.Canvas, q Question) *Dialog {
	d := &Dialog{closed: q.Closed, canvas: canvas, before: canvas.Focused(), body: NewParagraph(""), problem: NewParagraph("")}
	heading := NewParagraph(q.Title)
	heading.TextStyle.Bold = true
	d.body.ShowText(q.Text)
	d.problem.Importance = widget.DangerImportance
	d.problem.Hide()
	keys := dialogKeys{d, q.Keys}
	buttons := container.NewHBox(layout.NewSpacer())
	for _, answer := range q.Answers {
		button := NewButton(answer.Text, nil, keys, func() {
			if answer.Stay {
				answer.Do()
			} else {
				d.close(answer.Do)
			}
		})
		d.Buttons = append(d.Buttons, button)
		buttons.Add(button)
	}
	d.defaultButton().Importance = widget.HighImportance
	lines := container.NewVBox(heading, d.body)
	if q.Input != nil {
		q.Input.Keys = keys
		q.Input.OnSubmitted = func(string) { d.Default() }
		lines.Add(q.Input)
		d.input = q.Input
	}
	if q.Content != nil {
		content, input := q.Content(keys)
		lines.Add(content)
		d.input = input
	}
	lines.Add(d.problem)
	lines.Add(buttons)
	if q.Width == 0 {
		q.Width = defaultWidth
	}
	d.width = min(q.Width, canvas.Size().Width-40)
	d.popUp = widget.NewModalPopUp(AtLeast(d.width, 0, container.NewPadded(lines)), canvas)
	d.popUp.Show()
	d.update()
	if d.input == nil {
		canvas.Focus(d.defaultButton())
	}
	return d
}

// Body returns the label of the text.
func (d *Dialog) Body() *Paragraph { return d.body }

// SetText changes the text and gives the focus to the input.
func (d *Dialog) SetText(text string) {
	d.body.ShowText(text)
	d.update()
}

// Fail shows an error below the content and gives the focus to the input. An empty text
// removes the error.
func (d *Dialog) Fail(text string) {
	d.problem.ShowText(text)
	d.update()
}

// ProblemLabel returns the label of the error.
func (d *Dialog) ProblemLabel() *Paragraph { return d.problem }

// Problem returns the last error.
func (d *Dialog) Problem() string { return d.problem.Text }

// update makes the dialog as high as its content, and gives the focus to the input.
func (d *Dialog) update() {
	d.popUp.Resize(fyne.NewSize(d.width, 0)) // a label knows its height when it has a width
	d.popUp.Resize(d.popUp.MinSize())
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
	d.popUp.Hide()
	if d.before != nil {
		d.canvas.Focus(d.before)
	}
	d.closed()
	if then != nil {
		then()
	}
}
