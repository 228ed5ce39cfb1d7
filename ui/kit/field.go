package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Field is a labelled entry with a line below it for a hint or an error. The
// line takes no room while it is empty.
type Field struct {
	Label *widget.Label
	Input fyne.CanvasObject

	body  *fyne.Container
	line  *Paragraph
	error bool
}

// NewField makes a field. input is what the user fills in.
func NewField(label string, input fyne.CanvasObject) *Field {
	f := &Field{Label: widget.NewLabel(label), Input: input, line: NewParagraph("")}
	f.line.SizeName = theme.SizeNameCaptionText
	f.line.Hide()
	f.body = container.New(stacked{}, input, f.line)
	return f
}

// Body returns the input with its line, to be laid out beside the label.
func (f *Field) Body() fyne.CanvasObject { return f.body }

// Fail says what is wrong with the input.
func (f *Field) Fail(message string) { f.say(message, widget.DangerImportance, true) }

// Hint says something helpful; it does not replace an error.
func (f *Field) Hint(message string) {
	if !f.error {
		f.say(message, widget.LowImportance, false)
	}
}

// Warn says something that may be wrong and stops nobody; it does not replace
// an error.
func (f *Field) Warn(message string) {
	if !f.error {
		f.say(message, widget.WarningImportance, false)
	}
}

// Clear empties the line.
func (f *Field) Clear() { f.say("", widget.MediumImportance, false) }

// Failed reports whether the line is an error.
func (f *Field) Failed() bool { return f.error }

// Message returns what the line says.
func (f *Field) Message() string { return f.line.Text }

func (f *Field) say(message string, importance widget.Importance, isError bool) {
	f.error = isError
	if f.line.Text == message && f.line.Importance == importance {
		return
	}
	f.line.Importance = importance
	f.line.SetText(message)
	if message == "" {
		f.line.Hide()
	} else {
		f.line.Show()
	}
	f.body.Refresh()
}

// stacked puts a line close below an input: a label has a padding of its own.
type stacked struct{}

func (stacked) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	input, line := objects[0], objects[1]
	height := input.MinSize().Height
	input.Resize(fyne.NewSize(size.Width, height))
	input.Move(fyne.NewPos(0, 0))
	line.Resize(fyne.NewSize(size.Width, max(0, size.Height-height+theme.InnerPadding()/2)))
	line.Move(fyne.NewPos(-theme.InnerPadding()/2, height-theme.InnerPadding()/2))
}

func (stacked) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := objects[0].MinSize()
	if line := objects[1]; line.Visible() {
		size.Height += line.MinSize().Height - theme.InnerPadding()
	}
	return size
}
