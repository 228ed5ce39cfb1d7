package kit

import (
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is a label of several lines. They are broken between words, but never at a
// no-break space, which French has before « : » and inside its quotation marks: a
// [widget.Label] breaks there too (fyne 2.8.1, findSpaceIndex in widget/richtext.go).
type Paragraph struct {
	widget.Label
	width float32 // for which it is broken; 0 before it is laid out
}

// NewParagraph makes a paragraph.
func NewParagraph(text string) *Paragraph {
	p := &Paragraph{}
	p.Text, p.Wrapping = text, fyne.TextWrapWord
	p.ExtendBaseWidget(p)
	return p
}

// SetText changes the text.
func (p *Paragraph) SetText(text string) {
	p.Text = text
	p.Refresh()
}

// Refresh implements fyne.Widget.
func (p *Paragraph) Refresh() {
	defer p.breakLines()()
	p.Label.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	defer p.breakLines()()
	return p.Label.CreateRenderer()
}

// Resize implements fyne.CanvasObject.
func (p *Paragraph) Resize(size fyne.Size) {
	if size.Width != p.width {
		p.width = size.Width
		p.Refresh()
	}
	p.Label.Resize(size)
}

// breakLines puts line breaks into the text, for the label to draw, until the function
// that it returns is called.
func (p *Paragraph) breakLines() (restore func()) {
	text := p.Text
	if p.width > 0 && strings.ContainsRune(text, noBreak) {
		name := p.SizeName
		if name == "" {
			name = theme.SizeNameText
		}
		size, room := p.Theme().Size(name), p.width-2*p.Theme().Size(theme.SizeNameInnerPadding)
		p.Text = broken(text, func(line string) bool { return fyne.MeasureText(line, size, p.TextStyle).Width <= room })
	}
	return func() { p.Text = text }
}

const noBreak = '\u00a0'

// broken returns a text with line breaks, in the place of spaces, so that each line
// fits. A word that is too long for a line is cut, but beside no no-break space.
func broken(text string, fits func(line string) bool) string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for i, word := range strings.Split(paragraph, " ") {
			switch longer := line + " " + word; {
			case i == 0:
				line = word
			case fits(longer):
				line = longer
				continue
			default:
				lines = append(lines, line)
				line = word
			}
			for !fits(line) {
				at := cut(line, fits)
				if at == len(line) {
					break
				}
				lines = append(lines, line[:at])
				line = line[at:]
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// cut returns how many bytes of a word that is too long for a line are put on it.
func cut(word string, fits func(line string) bool) int {
	runes := []rune(word)
	at := sort.Search(len(runes), func(n int) bool { return !fits(string(runes[:n+1])) })
	beside := func(at int) bool { return runes[at-1] == noBreak || runes[at] == noBreak }
	for at > 1 && at < len(runes) && beside(at) {
		at--
	}
	if at == 0 || at < len(runes) && beside(at) { // there is no room for less
		at = len(runes)
	}
	return len(string(runes[:at]))
}
