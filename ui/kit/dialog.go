package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Answer is one button of a question.
type Answer struct {
	Text string
	Do   func() // called after the dialog is closed; may be nil
	Stay bool   // the dialog stays open
}

// Question is what a dialog asks.
type Question struct {
	Title, Text string
	Width       float32 // in device-independent pixels; 0 means askWidth
	Input       *Entry  // below the text; it has the focus, and Enter in it gives the default; nil for none
	// Content makes what is below the text, and what of it has the focus at first;
	// nil for none. Its widgets offer their keys to keys.
	Content func(keys Keys) (content fyne.CanvasObject, focus fyne.Focusable)
	Answers []Answer // from left to right; the last one is the default
	Closed  func()   // called first, whatever the answer
	Escaped func()   // called after Escape; may be nil
}

// Dialog is an open question.
type Dialog struct {
	// Buttons are the answers from left to right: the default is the last.
	Buttons []*Button

	question Question
	width    float32
	body     *Paragraph
	popUp    *widget.PopUp
	focus    fyne.Focusable // what the user is to fill in, or nil
	problem  *Paragraph
	before   fyne.Focusable
	canvas   fyne.Canvas
}

// askWidth is the width of a question, in device-independent pixels.
const askWidth = 420

// Ask asks a question over the window. The default answer has the focus, and
// Enter gives it. Escape closes the dialog and gives none. The focus returns to
// where it was.
func Ask(canvas fyne.Canvas, q Question) *Dialog {
	a := &Dialog{question: q, canvas: canvas, before: canvas.Focused(), body: NewParagraph(q.Text)}
	heading := NewParagraph(q.Title)
	heading.TextStyle.Bold = true
	if q.Text == "" {
		a.body.Hide()
	}
	row := container.NewHBox(layout.NewSpacer())
	keys := func(key fyne.KeyName) bool {
		if key == fyne.KeyEscape {
			a.Escape()
			return true
		}
		return false
	}
	for i, answer := range q.Answers {
		button := NewButton(answer.Text, nil, keys, func() {
			if answer.Stay {
				answer.Do()
			} else {
				a.close(answer.Do)
			}
		})
		if i == len(q.Answers)-1 {
			button.Importance = widget.HighImportance
		}
		a.Buttons = append(a.Buttons, button)
		row.Add(button)
	}
	if q.Width == 0 {
		q.Width = askWidth
	}
	a.width = min(q.Width, canvas.Size().Width-40)
	lines := container.NewVBox(heading, a.body)
	if q.Input != nil {
		q.Input.Keys = keys
		q.Input.OnSubmitted = func(string) { a.Default() }
		lines.Add(q.Input)
		a.focus = q.Input
	}
	if q.Content != nil {
		content, focus := q.Content(keys)
		lines.Add(content)
		a.focus = focus
	}
	a.problem = NewParagraph("")
	a.problem.Importance = widget.DangerImportance
	a.problem.Hide()
	lines.Add(a.problem)
	lines.Add(row)
	a.popUp = widget.NewModalPopUp(AtLeast(a.width, 0, container.NewPadded(lines)), canvas)
	a.popUp.Show()
	a.fit()
	if a.focus == nil {
		canvas.Focus(a.Buttons[len(a.Buttons)-1])
	} else {
		canvas.Focus(a.focus)
	}
	return a
}

// Body is the text of the question, for tests.
func (a *Dialog) Body() *Paragraph { return a.body }

// SetText changes the text of an open question.
func (a *Dialog) SetText(text string) {
	a.body.SetText(text)
	a.body.Show()
	a.fit()
	if a.focus != nil { // which the user is to correct
		a.canvas.Focus(a.focus)
	}
}

// Fail says what is wrong with what the user filled in, below it; "" for nothing.
func (a *Dialog) Fail(text string) {
	a.problem.SetText(text)
	if text == "" {
		a.problem.Hide()
	} else {
		a.problem.Show()
	}
	a.fit()
	if a.focus != nil {
		a.canvas.Focus(a.focus)
	}
}

// ProblemLabel is where Fail says it, for tests.
func (a *Dialog) ProblemLabel() *Paragraph { return a.problem }

// Problem returns what Fail said last.
func (a *Dialog) Problem() string { return a.problem.Text }

// fit makes the dialog as high as its text: labels know their height once they
// have a width.
func (a *Dialog) fit() {
	a.popUp.Resize(fyne.NewSize(a.width, 0))
	a.popUp.Resize(a.popUp.MinSize())
}

// Default gives the default answer.
func (a *Dialog) Default() { a.Buttons[len(a.Buttons)-1].Tapped(nil) }

// Escape closes the dialog without an answer.
func (a *Dialog) Escape() { a.close(a.question.Escaped) }

func (a *Dialog) close(then func()) {
	a.popUp.Hide()
	if a.before != nil {
		a.canvas.Focus(a.before)
	}
	a.question.Closed()
	if then != nil {
		then()
	}
}
