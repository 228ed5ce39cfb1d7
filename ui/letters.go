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
	hint  *kit.Prose
}

// lowest is the least height of a window that has room for all groups at once.
const lowest = 420

// spell opens the dialog.
func (w tokens) spell() {
	w.p.WithToken(func(c *presenter.Credential) {
		l := &letters{w: w.Window, token: c.Secrets.Token, where: kit.NewText("", kit.Small, kit.Ink2), strip: container.NewStack(), cells: container.NewStack(),
			hint: kit.NewCentered(w.t.T("letters.keys"), kit.Caption, kit.Ink3)}
		for group := range slices.Chunk([]rune(l.token.Reveal()), 4) {
			l.groups = append(l.groups, group)
		}
		w.show(kit.Question{
			Title: w.t.T("letters.title", "Name", shorten(w.p.OpenName())), Width: 600,
			Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
				mover := kit.NewMover(keys, l.move, kit.Pad(6, 8, 8, 8, kit.Column(8, l.where, l.strip, l.cells, l.hint)))
				return mover, mover
			},
			Answers: []kit.Answer{
				{Text: w.t.T("ask.close")},
				{Text: w.t.T("letters.back"), Stay: true, Do: func() { l.move(-1) }},
				{Text: w.t.T("letters.next"), Stay: true, Do: func() { l.move(1) }},
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

func (l *letters) draw() {
	t := l.w.t
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
	room := l.w.frame.size.Height >= lowest
	kit.SetVisible(l.strip, room)
	kit.SetVisible(l.hint, room)
	size, width := float32(72), float32(120)
	if l.w.frame.low() {
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
	if l.w.dialog != nil {
		l.w.dialog.SetText("")
	}
}
