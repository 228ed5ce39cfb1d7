package ui

import (
	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// manyPage is the page for many ports: a list is pasted (manylist.go), its rows are reviewed
// (manyreview.go), and a run gets or checks tokens (manyrun.go).
type manyPage struct {
	w      *Window
	title  *kit.Prose
	text   *kit.Prose
	hide   *kit.Push // leaves the page while a run runs
	steps  *manySteps
	band   *kit.Band
	shown  manyBand
	list   *manyList
	review *manyReview
	run    *manyRun
	body   *fyne.Container
	foot   *fyne.Container
	sheet  fyne.CanvasObject
	step   presenter.Step // that the page was made for
	drawn  bool
}

// manyPart is what the page shows at a step.
type manyPart interface {
	content() fyne.CanvasObject
	foot() []fyne.CanvasObject
	update()
	primary() fyne.Focusable
}

func newManyPage(w *Window) *manyPage {
	m := &manyPage{w: w, title: kit.NewProse("", kit.Title, kit.Ink), text: kit.NewProse("", kit.Body, kit.Ink2), band: kit.NewBand()}
	m.hide = kit.NewPush(w.t.T("page.back"), "x", kit.Quiet, w.keys, w.p.Home).Small()
	m.steps = newManySteps(w.t.T("many.step_list"), w.t.T("many.step_review"), w.t.T("many.step_tokens"))
	m.list, m.review, m.run = newManyList(w), newManyReview(w), newManyRun(w)
	m.body, m.foot = kit.Column(0), kit.Row(8)
	head := kit.TopRow(8, kit.Grow(kit.Column(4, m.title, m.text)), kit.Pad(0, -8, 0, 0, m.hide))
	m.sheet = w.frame.sheet(kit.Column(14, head, m.steps.row, m.band, m.body), kit.Grow(m.foot))
	return m
}

func (m *manyPage) content() fyne.CanvasObject { return m.sheet }

// part returns what is shown at the step.
func (m *manyPage) part() manyPart {
	switch m.w.p.Many().Step {
	case presenter.Reviewing:
		return m.review
	case presenter.Working, presenter.Worked:
		return m.run
	}
	return m.list
}

func (m *manyPage) primary() fyne.Focusable { return m.part().primary() }

// input returns the entry of a field of the identity.
func (m *manyPage) input(field presenter.Field) fyne.Focusable {
	switch field {
	case presenter.Service:
		return m.review.service
	case presenter.ERPID:
		return m.review.erpID
	}
	return m.review.password
}

func (m *manyPage) update() {
	now, part := m.w.p.Many(), m.part()
	if !m.drawn || m.step != now.Step {
		m.drawn, m.step = true, now.Step
		m.body.Objects = []fyne.CanvasObject{part.content()}
		m.foot.Objects = part.foot()
	}
	m.title.SetText(m.heading(now))
	m.text.ShowText(m.w.manyText(now))
	running := now.Step >= presenter.Working
	kit.SetVisible(m.hide, now.Step == presenter.Working)
	kit.SetVisible(m.steps.row, !running || now.Logins)
	m.steps.show(min(int(now.Step)-int(presenter.Listing), 2), now.Step == presenter.Worked && now.Left == 0)
	m.showBand()
	part.update()
	kit.Relayout(m.foot)
	kit.Relayout(m.sheet)
}

// forget discards from the entries the secrets that the presenter has discarded.
func (m *manyPage) forget() {
	now := m.w.p.Many()
	if now.Text.IsZero() && m.list.area.Text != "" {
		m.list.filling = true
		m.list.area.SetText("")
		m.list.filling = false
	}
	if now.Identity.Password.IsZero() && !m.review.password.Secret().IsZero() {
		m.review.filling = true
		m.review.password.SetSecret(authclient.Secret{})
		m.review.filling = false
	}
}

// heading returns the title of the page.
func (m *manyPage) heading(now *presenter.Many) string {
	t := m.w.t
	switch {
	case now.Step < presenter.Working || now.Logins && now.Step == presenter.Working:
		return t.T("many.title")
	case now.Step == presenter.Working:
		return t.N("many.checking", len(now.Lines))
	}
	report := m.w.p.Report()
	report.Changes = nil // the text below says them
	parts := report.Summary(t)
	return t.Summary(parts[:min(len(parts), 3)])
}

// manyText returns the text below the title, or "".
func (w *Window) manyText(now *presenter.Many) string {
	t := w.t
	if now.Step != presenter.Worked {
		return ""
	}
	key := "many.ended"
	if now.Stop.Reason != bulk.Done {
		key = "many.halted"
	}
	text := t.T(key, "Time", now.Ended.Local().Format("15:04"), "Seconds", max(1, int(now.Ended.Sub(now.Began).Seconds())))
	changes := w.p.Report().Changes
	for _, change := range []bulk.Change{bulk.Broken, bulk.Repaired} {
		if n := changes[change]; n > 0 {
			text += " " + t.N("many.since."+string(change), n)
		}
	}
	return text
}

// manyBand is what the band shows: its buttons are only made anew for another.
type manyBand struct {
	look        kit.BandLook
	title, text string
	actions     []manyAction
}

type manyAction struct {
	text string
	do   func()
}

// showBand shows what the user has to know or to decide: one thing at a time.
func (m *manyPage) showBand() {
	b, ok := m.bandNow()
	if !ok {
		m.shown = manyBand{}
		m.w.showMessage(m.band)
		return
	}
	if m.band.Visible() && m.shown.title == b.title && m.shown.text == b.text && len(m.shown.actions) == len(b.actions) {
		return
	}
	m.shown = b
	var actions []fyne.CanvasObject
	for i, action := range b.actions {
		kind := kit.Second
		if i == 0 && b.look == kit.Warning && len(b.actions) > 1 {
			kind = kit.Primary
		}
		actions = append(actions, kit.NewPush(action.text, "", kind, m.w.keys, action.do).Small())
	}
	icon := map[kit.BandLook]string{kit.Refusal: "circle-x", kit.Warning: "triangle-alert", kit.Notice: "info", kit.Success: "circle-check"}[b.look]
	m.band.Set(b.look, icon, b.title, b.text, actions...)
}

// bandNow returns what the band has to say.
func (m *manyPage) bandNow() (b manyBand, ok bool) {
	w, p, t, now := m.w, m.w.p, m.w.t, m.w.p.Many()
	count := func(state bulk.State) (n int) {
		for _, line := range now.Lines {
			if line.State == state {
				n++
			}
		}
		return n
	}
	switch {
	case now.Problem != "":
		b = manyBand{look: kit.Warning, title: t.T("many.not_read"), text: now.Problem}
		if now.Step == presenter.Reviewing {
			b.title, b.actions = t.T("many.no_codes"), []manyAction{{t.T("many.columns"), w.chooseColumns}}
		}
		return b, true
	case now.Step == presenter.Reviewing && len(p.OtherServices()) > 0:
		other := p.OtherServices()[0]
		return manyBand{kit.Warning, t.T("many.other_title"), t.T("many.other_text", "Service", other),
			[]manyAction{{t.T("many.other_allow"), func() { p.AllowService(other) }}}}, true
	case now.Step == presenter.Worked && count(bulk.Differs) > 0:
		n := count(bulk.Differs)
		return manyBand{kit.Warning, t.N("many.differ_title", n), t.T("many.differ_text"),
			[]manyAction{{t.T("many.keep"), func() { p.DecideMany(false) }}, {t.T("many.replace"), func() { p.DecideMany(true) }}}}, true
	case now.Step == presenter.Worked && p.Message().Text != "":
		return b, false
	case now.Step == presenter.Worked && now.Stop.Reason != bulk.Done && now.Stop.Reason != bulk.Cancelled:
		return manyBand{look: kit.Warning, title: t.T("many.stopped"), text: t.Stop(now.Stop, now.Logins)}, true
	}
	return b, false
}
