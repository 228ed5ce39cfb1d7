package ui

import (
	"slices"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/authclient"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// letters is a dialog that shows the token of the open port four letters at a time, in large
// letters with a word for each, to be read aloud.
type letters struct {
	w      *Window
	groups [][]rune
	at     int
	token  authclient.Secret

	where *kit.Text
	strip *fyne.Container
	cells *fyne.Container
	mover *kit.Mover
	low   bool // there is no room for all groups at once
}

// lowest is the least height of a window that has room for all groups at once.
const lowest = 420

// spell opens the dialog.
func (w tokens) spell() {
	w.p.WithToken(func(c *presenter.Credential) {
		l := &letters{w: w.Window, token: c.Secrets.Token, where: kit.NewText("", kit.Small, kit.Ink2), strip: container.NewStack(), cells: container.NewStack()}
		for group := range slices.Chunk([]rune(l.token.Reveal()), 4) {
			l.groups = append(l.groups, group)
		}
		w.show(kit.Question{
			Title: w.t.T("letters.title", "Name", shorten(w.p.OpenName())), Width: 600, Cross: w.t.T("ask.close"),
			Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
				lines := container.New(lettersLayout{kit.Column(8).Layout, l}, l.where, l.strip, l.cells)
				l.mover = kit.NewMover(keys, l.move, kit.Pad(6, 8, 8, 8, lines))
				return l.mover, l.mover
			},
			Answers: []kit.Answer{
				{Text: w.t.T("letters.back"), Stay: true, Do: func() { l.move(-1) }},
				{Text: w.t.T("letters.next"), Stay: true, Do: func() { l.move(1) }},
			},
			Foot: func(buttons []*kit.Push) fyne.CanvasObject {
				hint := kit.NewElided(w.t.T("letters.keys"), kit.Caption, kit.Ink3)
				hint.Align = fyne.TextAlignCenter
				return kit.Row(8, buttons[0], kit.Grow(hint), buttons[1])
			},
			Closed: func() {
				l.groups, l.token = nil, authclient.Secret{}
				l.strip.Objects, l.cells.Objects = nil, nil
				w.p.SecretRevealed(false)
			},
		})
		w.hideDialog = w.dialog.Escape
		w.p.SecretRevealed(true)
		l.draw()
	})
}

// move goes to another group.
func (l *letters) move(by int) {
	l.at = max(0, min(l.at+by, len(l.groups)-1))
	l.w.p.SecretRevealed(true) // the time begins again
	l.draw()
}

// lettersLayout draws the letters anew when there is room for larger ones, or no longer.
type lettersLayout struct {
	column fyne.Layout
	l      *letters
}

func (c lettersLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.column.Layout(objects, size)
}

func (c lettersLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if low := c.l.w.win.Canvas().Size().Height < lowest; low != c.l.low {
		c.l.low = low
		c.l.drawLetters()
	}
	return c.column.MinSize(objects)
}

func (l *letters) draw() {
	l.drawLetters()
	for i, possible := range []bool{l.at > 0, l.at < len(l.groups)-1} {
		button := l.w.dialog.Buttons[i]
		if kit.SetEnabled(button, possible); !possible && l.w.win.Canvas().Focused() == button {
			l.w.win.Canvas().Focus(l.mover) // a disabled button receives no keys
		}
	}
	l.w.dialog.Resize()
}

// drawLetters draws the group that is read and, where there is room, all of them.
func (l *letters) drawLetters() {
	t := l.w.t
	if len(l.groups) == 0 { // the dialog is closed
		return
	}
	l.where.SetText(t.T("letters.group", "Group", l.at+1, "Groups", len(l.groups)))
	var lines []fyne.CanvasObject
	for first := 0; first < len(l.groups); first += 5 {
		var line []fyne.CanvasObject
		for i := first; i < min(first+5, len(l.groups)); i++ {
			ink, back := kit.Ink, kit.None
			switch {
			case i < l.at:
				ink = kit.Ink3
			case i == l.at:
				ink, back = kit.SoftInk, kit.Soft
			}
			line = append(line, kit.Fixed(0, 28, container.NewStack(kit.NewBox(back, kit.None, 6), kit.Pad(0, 7, 0, 7, kit.Center(kit.NewText(string(l.groups[i]), kit.Token(15), ink))))))
		}
		lines = append(lines, kit.Center(kit.Row(2, line...)))
	}
	l.strip.Objects = []fyne.CanvasObject{kit.Column(2, lines...)}
	kit.SetVisible(l.strip, !l.low)
	size, width := float32(72), float32(120)
	if l.low {
		size, width = 40, 104
	}
	var cells []fyne.CanvasObject
	for _, r := range l.groups[l.at] {
		ink, kind := kit.Ink, t.T("letters.letter")
		switch {
		case unicode.IsDigit(r):
			ink, kind = kit.Accent, t.T("letters.digit")
		case unicode.IsLower(r):
			kind = t.T("letters.small")
		case !unicode.IsLetter(r):
			kind = t.T("letters.sign")
		}
		letter := kit.NewText(string(r), kit.Token(size), ink)
		word := kit.NewText(t.Spell(r), kit.Sub, kit.Ink)
		note := kit.NewText(kind, kit.Caption, kit.Ink3)
		for _, line := range []*kit.Text{letter, word, note} {
			line.Align = fyne.TextAlignCenter
		}
		cells = append(cells, kit.Fixed(width, 0, kit.InCard(kit.Card, kit.Line, 12, kit.Pad(6, 4, 10, 4, kit.Column(0, letter, word, note)))))
	}
	l.cells.Objects = []fyne.CanvasObject{kit.Center(kit.Row(10, cells...))}
}
