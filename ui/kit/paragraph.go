package kit

import (
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is a label that wraps its text between words, but not at a no-break space,
// which French has before « : » and inside quotation marks. A [widget.Label] wraps there
// too (findSpaceIndex in widget/richtext.go of Fyne 2.8.1).
type Paragraph struct {
	widget.Label
	width float32 // of the lines; 0 before the first layout
}

// NewParagraph returns a paragraph.
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

// ShowText sets the text, and hides the paragraph if the text is empty.
func (p *Paragraph) ShowText(text string) {
	p.SetText(text)
	SetVisible(p, text != "")
}

// Refresh implements fyne.CanvasObject.
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

// breakLines adds line breaks to Text, for the label to draw. The returned function
// restores Text.
func (p *Paragraph) breakLines() (restore func()) {
	text := p.Text
	if p.width > 0 && strings.ContainsRune(text, noBreak) {
		name := p.SizeName
		if name == "" {
			name = theme.SizeNameText
		}
		size, room := p.Theme().Size(name), p.width-2*p.Theme().Size(theme.SizeNameInnerPadding)
		p.Text = wrap(text, func(line string) bool { return fyne.MeasureText(line, size, p.TextStyle).Width <= room })
	}
	return func() { p.Text = text }
}

const noBreak = '\u00a0'

// wrap replaces spaces of a text by line breaks, so that each line fits. A word that is
// longer than a line is cut, but not beside a no-break space.
func wrap(text string, fits func(line string) bool) string {
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

// cut returns the number of bytes at the start of a word that fit on a line, or the
// length of the word if it cannot be cut.
func cut(word string, fits func(line string) bool) int {
	runes := []rune(word)
	at := sort.Search(len(runes), func(n int) bool { return !fits(string(runes[:n+1])) })
	beside := func(at int) bool { return runes[at-1] == noBreak || runes[at] == noBreak }
	for at > 1 && at < len(runes) && beside(at) {
		at--
	}
	if at == 0 || at < len(runes) && beside(at) {
		at = len(runes)
	}
	return len(string(runes[:at]))
}
