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
}

// Asking is an open question.
type Asking struct {
	// Buttons are the answers from left to right: the default is the last.
	Buttons []*Button

	popUp  *widget.PopUp
	before fyne.Focusable
	canvas fyne.Canvas
	closed func()
	escape func()
}

// askWidth is the width of a question, in device-independent pixels.
const askWidth = 420

// Ask asks a question over the window. The last answer is the default: it has
// the focus, and Enter gives it. Escape closes the dialog and gives none; escape
// is called then, if it is not nil. The focus returns to where it was. closed is
// called first, whatever the answer.
func Ask(canvas fyne.Canvas, title, text string, closed, escape func(), answers ...Answer) *Asking {
	a := &Asking{canvas: canvas, before: canvas.Focused(), closed: closed, escape: escape}
	heading := widget.NewLabelWithStyle(title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	heading.Wrapping = fyne.TextWrapWord
	body := widget.NewLabel(text)
	body.Wrapping = fyne.TextWrapWord
	row := container.NewHBox(layout.NewSpacer())
	keys := func(key fyne.KeyName) bool {
		if key == fyne.KeyEscape {
			a.Escape()
			return true
		}
		return false
	}
	for i, answer := range answers {
		button := NewButton(answer.Text, nil, keys, func() { a.close(answer.Do) })
		if i == len(answers)-1 {
			button.Importance = widget.HighImportance
		}
		a.Buttons = append(a.Buttons, button)
		row.Add(button)
	}
	width := min(askWidth, canvas.Size().Width-40)
	a.popUp = widget.NewModalPopUp(AtLeast(width, 0, container.NewPadded(container.NewVBox(heading, body, row))), canvas)
	a.popUp.Resize(fyne.NewSize(width, 0)) // labels know their height once they have a width
	a.popUp.Show()
	a.popUp.Resize(a.popUp.MinSize())
	canvas.Focus(a.Buttons[len(a.Buttons)-1])
	return a
}

// Default gives the default answer.
func (a *Asking) Default() { a.Buttons[len(a.Buttons)-1].Tapped(nil) }

// Escape closes the dialog without an answer.
func (a *Asking) Escape() { a.close(a.escape) }

func (a *Asking) close(then func()) {
	a.popUp.Hide()
	if a.before != nil {
		a.canvas.Focus(a.before)
	}
	a.closed()
	if then != nil {
		then()
	}
}
