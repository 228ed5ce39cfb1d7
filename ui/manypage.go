package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

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

// manySteps shows how far the page is.
type manySteps struct {
	row   *fyne.Container
	marks []*kit.Icon
	boxes []*kit.Box
	nums  []*kit.Text
	words []*kit.Text
}

func newManySteps(words ...string) *manySteps {
	s := &manySteps{row: kit.Row(8)}
	for i, word := range words {
		if i > 0 {
			s.row.Add(kit.Fixed(24, 1, kit.NewBox(kit.Line, kit.None, 0)))
		}
		box, num, mark, text := kit.NewBox(kit.Hover, kit.None, 10), kit.NewText(strconv.Itoa(i+1), kit.CaptionMedium, kit.Ink3), kit.NewIcon("check", kit.OK, 12), kit.NewText(word, kit.Small, kit.Ink3)
		s.boxes, s.nums, s.marks, s.words = append(s.boxes, box), append(s.nums, num), append(s.marks, mark), append(s.words, text)
		s.row.Add(kit.Fixed(20, 20, container.NewStack(box, kit.Center(num), kit.Center(mark))))
		s.row.Add(text)
	}
	s.row.Add(kit.Spring())
	return s
}

// show marks the steps before the present one as done, and at the end all.
func (s *manySteps) show(step int, ended bool) {
	for i := range s.words {
		done, here := i < step || ended, i == step && !ended
		kit.SetVisible(s.marks[i], done)
		kit.SetVisible(s.nums[i], !done)
		switch {
		case done:
			s.boxes[i].SetFill(kit.OKSoft)
		case here:
			s.boxes[i].SetFill(kit.Fill)
		default:
			s.boxes[i].SetFill(kit.Hover)
		}
		num, ink, role := kit.Ink3, kit.Ink3, kit.Small
		if here {
			num, ink, role = kit.OnFill, kit.Ink, kit.SmallBold
		}
		s.nums[i].Color, s.words[i].Color, s.words[i].Role = num, ink, role
		s.nums[i].Refresh()
		s.words[i].Refresh()
	}
	kit.Relayout(s.row)
}

// manyTable is a table of ports in a card: an icon, the code, the name, and what is to be said.
type manyTable struct {
	w    *Window
	list *kit.List
	card fyne.CanvasObject
	row  func(i int) manyCells
}

// manyCells is what a row of a table shows.
type manyCells struct {
	icon       string
	color      kit.Color
	code, name string
	text       string
	loud       bool // the text has the colour of the icon
}

func newManyTable(w *Window, length func() int, row func(i int) manyCells) *manyTable {
	table := &manyTable{w: w, row: row}
	table.list = kit.NewList(w.keys, length, func() fyne.CanvasObject { return newManyRow(table) },
		func(i int, object fyne.CanvasObject) { object.(*manyRow).show(i) })
	high := container.New(tableLayout{table}, kit.Pad(4, 0, 4, 0, table.list.Dense()))
	table.card = container.NewStack(kit.NewBox(kit.Page, kit.Line, 10), high)
	return table
}

// tableLayout makes a table as high as its rows, within what the window has room for.
type tableLayout struct{ table *manyTable }

func (l tableLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	const pitch, around = 30, 10
	room := l.table.w.frame.size.Height - 400
	return fyne.NewSize(0, min(float32(max(l.table.list.Length(), 2))*pitch+around, max(room, 4*pitch+around)))
}

func (tableLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// manyRow is a row of a table.
type manyRow struct {
	kit.RowBase
	table            *manyTable
	shown            manyCells
	drawn            bool
	icon             *kit.Icon
	code, name, text *kit.Text
	line             *fyne.Container
}

func newManyRow(table *manyTable) *manyRow {
	r := &manyRow{table: table, icon: kit.NewIcon("", kit.Ink3, 16), code: kit.NewElided("", kit.Code, kit.Ink),
		name: kit.NewElided("", kit.Body, kit.Ink), text: kit.NewElided("", kit.Small, kit.Ink2)}
	r.line = kit.Row(10, r.icon, kit.Fixed(38, 0, r.code), kit.Grow(r.name), container.New(noteLayout{table.w}, r.text))
	r.Extend(r, table.list, 6, 6, r.line)
	return r
}

// noteLayout gives the text of a row its width.
type noteLayout struct{ w *Window }

func (l noteLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := objects[0].MinSize().Height
	if text := objects[0].(*kit.Text); l.w.frame.size.Width < 900 {
		return fyne.NewSize(min(text.Role.Width(text.Text)+2, 220), height)
	}
	return fyne.NewSize(290, height)
}

func (noteLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

func (r *manyRow) show(i int) {
	cells := r.table.row(i)
	r.Update(i, false)
	if r.drawn && cells == r.shown {
		return
	}
	r.drawn, r.shown = true, cells
	r.icon.Set(cells.icon, cells.color)
	color := kit.Ink2
	if cells.loud {
		color = cells.color
	}
	r.code.SetText(cells.code)
	r.name.SetText(cells.name)
	r.text.Set(cells.text, color)
	kit.Relayout(r.line)
}
