package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// LabelledField is a label, an input below it, and a message below that: a hint, a warning or
// an error. An empty message takes no space.
type LabelledField struct {
	widget.BaseWidget
	label   *Text
	input   fyne.CanvasObject
	top     *fyne.Container // the line of the label
	middle  *fyne.Container // the line of the input
	message *messageLine
	body    *fyne.Container
	mark    func(failed bool) // shows at the input whether there is an error; may be nil
	failed  bool
}

// NewLabelledField returns a field. An entry or an area gets its frame here.
func NewLabelledField(label string, input fyne.CanvasObject) *LabelledField {
	f := &LabelledField{input: input, label: NewElided(label, SmallBold, Ink), message: newMessageLine(Caption, 14)}
	switch bare := input.(type) {
	case *Area:
		input = Framed(bare, 0)
	case Input:
		input = Framed(bare, fieldHeight)
	}
	if marked, ok := input.(interface{ SetFailed(bool) }); ok {
		f.mark = marked.SetFailed
	}
	f.top, f.middle = Row(8, Grow(f.label)), Row(8, Grow(input))
	f.body = Column(5, f.top, f.middle, f.message)
	f.ExtendBaseWidget(f)
	return f
}

// Aside puts an object at the right end of the label's line, where it makes the line no
// higher. It returns the field.
func (f *LabelledField) Aside(o fyne.CanvasObject) *LabelledField {
	f.top.Add(container.New(lowLayout{f.label.Role.Line}, o))
	return f
}

// Beside puts an object at the right of the input. It returns the field.
func (f *LabelledField) Beside(o fyne.CanvasObject) *LabelledField {
	f.middle.Add(o)
	return f
}

// Apart takes the message out of the field, for a place where it has more room, and returns
// it. The caller lays it out again after each change of it.
func (f *LabelledField) Apart() fyne.CanvasObject {
	f.body.Remove(f.message)
	return f.message
}

// SetLabel changes the label.
func (f *LabelledField) SetLabel(label string) { f.label.SetText(label) }

// Label returns the label.
func (f *LabelledField) Label() string { return f.label.Text }

// Input returns the input if it can have the focus, else nil.
func (f *LabelledField) Input() fyne.Focusable {
	input, _ := f.input.(fyne.Focusable)
	return input
}

// Fail shows an error.
func (f *LabelledField) Fail(message string) { f.set(message, "circle-alert", Danger) }

// Hint shows a hint, unless an error is shown.
func (f *LabelledField) Hint(message string) {
	if !f.failed {
		f.set(message, "", Ink3)
	}
}

// Warn shows a warning, unless an error is shown.
func (f *LabelledField) Warn(message string) {
	if !f.failed {
		f.set(message, "triangle-alert", Warn)
	}
}

// Clear removes the message.
func (f *LabelledField) Clear() { f.set("", "", Ink3) }

// Failed reports whether an error is shown.
func (f *LabelledField) Failed() bool { return f.failed }

// Message returns the message.
func (f *LabelledField) Message() string { return f.message.text.Text }

func (f *LabelledField) set(message, icon string, color Color) {
	failed := color == Danger
	if f.mark != nil && f.failed != failed {
		f.mark(failed)
	}
	f.failed = failed
	if f.message.set(message, icon, color) {
		Relayout(f.body)
		canvas.Refresh(f)
	}
}

// CreateRenderer implements fyne.Widget.
func (f *LabelledField) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(f.body)
}

// messageLine is a text that wraps, after an icon. It is hidden while the text is empty.
type messageLine struct {
	widget.BaseWidget
	icon *Icon
	text *Prose
	line *fyne.Container
	lead *fyne.Container // the icon
}

func newMessageLine(role Role, icon float32) *messageLine {
	m := &messageLine{icon: NewIcon("", Ink3, icon), text: NewProse("", role, Ink3)}
	m.lead = Fixed(icon, role.Line, Center(m.icon))
	m.line = TopRow(5, m.lead, Grow(m.text))
	m.ExtendBaseWidget(m)
	m.Hide()
	return m
}

// set shows a text. icon may be empty. It reports whether something changed.
func (m *messageLine) set(text, icon string, color Color) bool {
	if m.text.Text == text && m.text.Color == color && m.icon.Name() == icon {
		return false
	}
	m.text.Color, m.text.Text = color, text
	m.text.Refresh()
	m.icon.Set(icon, color)
	SetVisible(m.lead, icon != "")
	Relayout(m.line)
	SetVisible(m, text != "")
	return true
}

// CreateRenderer implements fyne.Widget.
func (m *messageLine) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(m.line) }

// lowLayout is for an object that may stand out above and below its line.
type lowLayout struct{ height float32 }

func (l lowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width, l.height)
}

func (l lowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	height := objects[0].MinSize().Height
	objects[0].Move(fyne.NewPos(0, whole((size.Height-height)/2)))
	objects[0].Resize(fyne.NewSize(size.Width, height))
}
