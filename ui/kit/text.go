package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Text is one line in a role and a colour of the palette. It does not wrap.
type Text struct {
	widget.BaseWidget
	Text  string
	Role  Role
	Color Color
	Align fyne.TextAlign

	elided bool   // cut with an ellipsis where it is too long
	found  [2]int // the runes of Text that a search found: from, to

	line      *canvas.Text
	mark      *canvas.Rectangle
	foundText *canvas.Text
}

// NewText returns a line as wide as its text.
func NewText(text string, role Role, color Color) *Text {
	t := &Text{Text: text, Role: role, Color: color, line: canvas.NewText("", nil)}
	t.ExtendBaseWidget(t)
	return t
}

// NewElided returns a line that is cut with an ellipsis where it is too long.
func NewElided(text string, role Role, color Color) *Text {
	t := NewText(text, role, color)
	t.elided = true
	return t
}

// SetText changes the text.
func (t *Text) SetText(text string) {
	if t.Text != text {
		t.Text, t.found = text, [2]int{}
		t.Refresh()
	}
}

// Set changes the text and its colour.
func (t *Text) Set(text string, color Color) {
	if t.Text != text || t.Color != color {
		t.Text, t.Color, t.found = text, color, [2]int{}
		t.Refresh()
	}
}

// Mark marks the runes from from to to, as found by a search. from = to marks nothing.
func (t *Text) Mark(from, to int) {
	if t.found != [2]int{from, to} {
		t.found = [2]int{from, to}
		t.Refresh()
	}
}

// MinSize implements fyne.CanvasObject.
func (t *Text) MinSize() fyne.Size {
	if t.elided {
		return fyne.NewSize(8, t.Role.Line)
	}
	return fyne.NewSize(t.Role.Width(t.Text), t.Role.Line)
}

// Resize implements fyne.CanvasObject.
func (t *Text) Resize(size fyne.Size) {
	if size != t.Size() {
		t.BaseWidget.Resize(size)
		t.paint()
	}
}

// Refresh implements fyne.CanvasObject.
func (t *Text) Refresh() {
	t.paint()
	t.BaseWidget.Refresh()
}

func (t *Text) paint() {
	size := t.Size()
	text := t.Text
	if t.elided {
		text = elide(text, func(s string) bool { return t.Role.Width(s) <= size.Width })
	}
	t.set(t.line, text, t.Color)
	t.line.Alignment = t.Align
	t.line.Resize(size)
	t.paintMark(text)
}

func (t *Text) set(line *canvas.Text, text string, color Color) {
	line.Text, line.Color, line.TextSize = text, paintOf(color), t.Role.Size
	line.FontSource, line.TextStyle = t.Role.source(text), t.Role.style()
}

// paintMark paints a box over the letters that were found, and these once more over it.
func (t *Text) paintMark(text string) {
	runes := []rune(text)
	from, to := min(t.found[0], len(runes)), min(t.found[1], len(runes))
	if t.mark == nil {
		if from == to {
			return
		}
		t.mark, t.foundText = canvas.NewRectangle(nil), canvas.NewText("", nil)
		t.mark.CornerRadius = 3
	}
	SetVisible(t.mark, from < to)
	SetVisible(t.foundText, from < to)
	left, letters := t.Role.Width(string(runes[:from])), string(runes[from:to])
	width := t.Role.Width(letters)
	t.mark.FillColor = paintOf(Found)
	t.mark.Move(fyne.NewPos(left-1, (t.Size().Height-t.Role.Line)/2))
	t.mark.Resize(fyne.NewSize(width+2, t.Role.Line))
	t.set(t.foundText, letters, FoundInk)
	t.foundText.Move(fyne.NewPos(left, 0))
	t.foundText.Resize(fyne.NewSize(width, t.Size().Height))
}

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	t.paint()
	return &textRenderer{t}
}

// textRenderer draws the mark only once there is one: a list has many texts.
type textRenderer struct{ t *Text }

func (r *textRenderer) Layout(fyne.Size)   {}
func (r *textRenderer) MinSize() fyne.Size { return r.t.MinSize() }
func (r *textRenderer) Destroy()           {}

func (r *textRenderer) Refresh() {
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *textRenderer) Objects() []fyne.CanvasObject {
	if r.t.mark == nil {
		return []fyne.CanvasObject{r.t.line}
	}
	return []fyne.CanvasObject{r.t.line, r.t.mark, r.t.foundText}
}

// elide cuts a text with an ellipsis, so that it fits.
func elide(text string, fits func(string) bool) string {
	if fits(text) {
		return text
	}
	runes := []rune(text)
	least, most := 0, len(runes) // most does not fit
	for least+1 < most {
		if n := (least + most) / 2; fits(strings.TrimRight(string(runes[:n]), " ") + "…") {
			least = n
		} else {
			most = n
		}
	}
	return strings.TrimRight(string(runes[:least]), " ") + "…"
}

// Prose is a text that wraps between words, in as few lines as fit, all about as long. Its
// height follows its width. It breaks at a space and nowhere else: French has no-break spaces
// before « : » and inside quotation marks.
type Prose struct {
	widget.BaseWidget
	Text  string
	Role  Role
	Color Color
	Align fyne.TextAlign

	width  float32
	lines  *fyne.Container
	broken brokenFor // what lines were made for
}

// brokenFor is what the lines of a text depend on.
type brokenFor struct {
	text  string
	role  Role
	width float32
}

// NewProse returns a text that wraps.
func NewProse(text string, role Role, color Color) *Prose {
	p := &Prose{Text: text, Role: role, Color: color, width: 400, lines: container.NewWithoutLayout()}
	p.ExtendBaseWidget(p)
	return p
}

// NewCentered returns a text that wraps, in the middle.
func NewCentered(text string, role Role, color Color) *Prose {
	p := NewProse(text, role, color)
	p.Align = fyne.TextAlignCenter
	return p
}

// SetText changes the text.
func (p *Prose) SetText(text string) {
	if p.Text != text {
		p.Text = text
		p.Refresh()
	}
}

// ShowText sets the text, and hides the prose if the text is empty.
func (p *Prose) ShowText(text string) {
	p.SetText(text)
	SetVisible(p, text != "")
}

// MinSize implements fyne.CanvasObject.
func (p *Prose) MinSize() fyne.Size {
	p.breakLines()
	return fyne.NewSize(20, float32(len(p.lines.Objects))*p.Role.Line)
}

// Resize implements fyne.CanvasObject.
func (p *Prose) Resize(size fyne.Size) {
	if size.Width != p.width && size.Width > 0 {
		p.width = size.Width
		p.breakLines()
	}
	p.BaseWidget.Resize(size)
}

// Refresh implements fyne.CanvasObject.
func (p *Prose) Refresh() {
	p.paint()
	p.BaseWidget.Refresh()
}

func (p *Prose) paint() {
	p.breakLines()
	for _, line := range p.lines.Objects {
		line := line.(*canvas.Text)
		line.Color, line.Alignment = paintOf(p.Color), p.Align
	}
}

// breakLines makes the lines, unless they are there.
func (p *Prose) breakLines() {
	next := brokenFor{p.Text, p.Role, p.width}
	if p.broken == next {
		return
	}
	p.broken = next
	lines := balanced(p.Text, p.width, p.Role)
	for len(p.lines.Objects) < len(lines) {
		p.lines.Objects = append(p.lines.Objects, canvas.NewText("", paintOf(p.Color)))
	}
	p.lines.Objects = p.lines.Objects[:len(lines)]
	for i, text := range lines {
		line := p.lines.Objects[i].(*canvas.Text)
		line.Text, line.TextSize = text, p.Role.Size
		line.FontSource, line.TextStyle = p.Role.source(text), p.Role.style()
		line.Move(fyne.NewPos(0, float32(i)*p.Role.Line))
		line.Resize(fyne.NewSize(p.width, p.Role.Line))
	}
}

// CreateRenderer implements fyne.Widget.
func (p *Prose) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return widget.NewSimpleRenderer(p.lines)
}

// balanced breaks each paragraph of a text into as few lines as fit. Up to four lines are made
// about as long as each other, so that no word stands alone.
func balanced(text string, width float32, role Role) []string {
	within := func(width float32) func(string) bool {
		return func(line string) bool { return role.Width(line) <= width }
	}
	var all []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines := strings.Split(wrap(paragraph, within(width)), "\n")
		for narrow := width - 8; len(lines) > 1 && len(lines) <= 4 && narrow > width/2; narrow -= 8 {
			narrower := strings.Split(wrap(paragraph, within(narrow)), "\n")
			if len(narrower) > len(lines) {
				break
			}
			lines = narrower
		}
		all = append(all, lines...)
	}
	return all
}
