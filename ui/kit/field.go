package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Field is a label, an input, and a message below the input: a hint, a warning or an
// error. An empty message takes no space.
type Field struct {
	Label *widget.Label

	body   *fyne.Container
	line   *Paragraph
	failed bool
}

// NewField returns a field.
func NewField(label string, input fyne.CanvasObject) *Field {
	f := &Field{Label: widget.NewLabel(label), line: NewParagraph("")}
	f.line.SizeName = theme.SizeNameCaptionText
	f.line.Hide()
	f.body = container.New(fieldLayout{}, input, f.line)
	return f
}

// Body returns the input with its message, without the label.
func (f *Field) Body() fyne.CanvasObject { return f.body }

// Fail shows an error.
func (f *Field) Fail(message string) { f.set(message, widget.DangerImportance) }

// Hint shows a hint, unless an error is shown.
func (f *Field) Hint(message string) { f.note(message, widget.LowImportance) }

// Warn shows a warning, unless an error is shown.
func (f *Field) Warn(message string) { f.note(message, widget.WarningImportance) }

func (f *Field) note(message string, importance widget.Importance) {
	if !f.failed {
		f.set(message, importance)
	}
}

// Clear removes the message.
func (f *Field) Clear() { f.set("", widget.MediumImportance) }

// Failed reports whether an error is shown.
func (f *Field) Failed() bool { return f.failed }

// Message returns the message.
func (f *Field) Message() string { return f.line.Text }

func (f *Field) set(message string, importance widget.Importance) {
	f.failed = importance == widget.DangerImportance
	if f.line.Text == message && f.line.Importance == importance {
		return
	}
	f.line.Importance = importance
	f.line.ShowText(message)
	f.body.Refresh()
}

// fieldLayout moves the message up by the padding that its label has.
type fieldLayout struct{}

func (fieldLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	input, line := objects[0], objects[1]
	height := input.MinSize().Height
	input.Resize(fyne.NewSize(size.Width, height))
	input.Move(fyne.NewPos(0, 0))
	line.Resize(fyne.NewSize(size.Width, max(0, size.Height-height+theme.InnerPadding()/2)))
	line.Move(fyne.NewPos(-theme.InnerPadding()/2, height-theme.InnerPadding()/2))
}

func (fieldLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := objects[0].MinSize()
	if line := objects[1]; line.Visible() {
		size.Height += line.MinSize().Height - theme.InnerPadding()
	}
	return size
}
