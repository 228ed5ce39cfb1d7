package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/internal/message"
	"amarre/profile"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// showDecision shows the two tokens of a decision.
func (r *readingPage) showDecision(c *presenter.Credential) {
	t := r.w.t
	kit.SetVisible(r.both, c.State == presenter.Differs)
	kit.SetVisible(r.note, c.State == presenter.Differs)
	if c.State != presenter.Differs {
		r.fresh.token.Mask(masked)
		r.saved.token.Mask(masked)
		return
	}
	size := r.w.frame.tokenSize() - 6
	shown := r.w.p.Revealed()
	r.fresh.show(t, t.T("differs.new"), c.NewVerdict, size, c.Secrets.Token.Reveal(), shown)
	r.saved.show(t, t.T("differs.saved"), c.StoredVerdict, max(size-4, 13), c.Stored.Reveal(), shown)
	r.note.SetText(t.T("differs.previous"))
}

// choiceCard is one of two tokens to choose from.
type choiceCard struct {
	card        *fyne.Container
	back        *kit.Box
	icon        *kit.Icon
	title, note *kit.Text
	token       *kit.TokenView
}

func newChoiceCard() *choiceCard {
	c := &choiceCard{back: kit.NewBox(kit.Page, kit.Line, 12), icon: kit.NewIcon("", kit.Ink2, 16), title: kit.NewText("", kit.Sub, kit.Ink),
		note: kit.NewElided("", kit.Small, kit.Ink2), token: kit.NewTokenView(18)}
	c.card = container.NewStack(c.back, kit.Pad(12, 16, 14, 18, kit.Column(8, kit.Row(8, c.icon, c.title, kit.Grow(c.note)), c.token)))
	return c
}

// show shows a token. An empty verdict says that it could not be checked.
func (c *choiceCard) show(t *message.Texts, title string, verdict profile.Verdict, size float32, token string, shown bool) {
	c.back.Fill, c.back.Edge = kit.Page, kit.Line
	icon, color := stateIcon(verdict)
	letters, digits := kit.Ink3, kit.Ink3
	note := t.Verdict(verdict)
	switch verdict {
	case profile.Accepted:
		c.back.Fill, c.back.Edge, letters, digits = kit.OKSoft, kit.OKLine, kit.Ink, kit.Accent
	case profile.Refused:
		color = kit.Ink2 // the band says it loudly
	case "":
		note = t.T("verdict.unknown")
	}
	c.back.Refresh()
	c.icon.Set(icon, color)
	c.title.SetText(title)
	c.note.SetText("· " + note)
	c.token.SetSize(size)
	c.token.SetInk(letters, digits)
	if shown {
		c.token.Reveal(token)
	} else {
		c.token.Mask(masked)
	}
}
