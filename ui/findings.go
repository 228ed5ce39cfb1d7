package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"amarre/ui/kit"
)

// findings shows sentences that say how the steps of a test ended, one below the other in a
// card. It is hidden while there is none.
type findings struct {
	lines *fyne.Container
	card  *fyne.Container
}

func newFindings() *findings {
	f := &findings{lines: kit.Column(0)}
	f.card = kit.InCard(kit.Card, kit.Line, 10, kit.Pad(6, 14, 6, 14, f.lines))
	f.card.Hide()
	return f
}

// add shows a sentence.
func (f *findings) add(sentence string) {
	icon, color, text := finding(sentence)
	if len(f.lines.Objects) > 0 {
		f.lines.Add(kit.Pad(0, 0, 0, 26, kit.HLine()))
	}
	f.lines.Add(kit.Pad(6, 0, 6, 0, kit.TopRow(10, kit.NewIcon(icon, color, 16), kit.Grow(kit.NewProse(text, kit.Small, kit.Ink)))))
	f.card.Show()
}

// clear removes all sentences.
func (f *findings) clear() {
	f.lines.Objects = nil
	f.card.Hide()
}

// finding returns the icon for a sentence, and what to show beside it. In a terminal the first
// letter of the sentence is a mark, which the fonts of the window lack.
func finding(sentence string) (icon string, color kit.Color, text string) {
	if text, ok := strings.CutPrefix(sentence, "✓ "); ok {
		return "circle-check", kit.OK, text
	}
	if text, ok := strings.CutPrefix(sentence, "✗ "); ok {
		return "circle-x", kit.Danger, text
	}
	return "info", kit.Ink3, sentence
}
