package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// manyReview is the second step: every row of the list has its verdict, and what is the same
// for all is typed.
type manyReview struct {
	w                 *Window
	ready, toFix, out *kit.Badge
	back, columns     *kit.Push
	table             *manyTable
	service           *kit.SelectEntry
	erpID             *kit.Entry
	password          *kit.SecretEntry
	serviceField      *kit.LabelledField
	erpField          *kit.LabelledField
	passwordField     *kit.LabelledField
	submit, cancel    *kit.Push
	remark            *kit.Prose
	badges            *fyne.Container
	body              fyne.CanvasObject
	filling           bool
}

func newManyReview(w *Window) *manyReview {
	t := w.t
	r := &manyReview{w: w, ready: kit.NewTag("", kit.OK, kit.OKSoft), toFix: kit.NewTag("", kit.Danger, kit.DangerSoft), out: kit.NewTag("", kit.Ink2, kit.Hover), remark: kit.NewProse("", kit.Small, kit.Ink3)}
	r.back = kit.NewPush(t.T("many.correct"), "pencil", kit.Quiet, w.keys, w.p.BackToList).Small()
	r.columns = kit.NewPush(t.T("many.columns"), "sliders-horizontal", kit.Quiet, w.keys, w.chooseColumns).Small()
	r.table = newManyTable(w, func() int { return len(w.p.Many().Rows) }, r.cells)
	r.table.list.OnOpen = w.correctRow
	r.table.list.OnDelete = func(i int) { w.p.LeaveRowOut(i, !w.p.Many().Rows[i].LeftOut) }
	r.table.list.OnMenu = w.showManyMenu
	r.service, r.erpID = kit.NewSelectEntry(w.keys), kit.NewEntry(w.keys)
	r.password = w.secretEntry(kit.NewSecretEntry(w.keys), func(why string) { r.passwordField.Fail(why) })
	r.service.SetPlaceHolder("https://")
	r.erpID.SetPlaceHolder(t.T("form.erp_hint"))
	r.password.SetPlaceHolder(t.T("form.password_hint"))
	for field, entry := range map[presenter.Field]*kit.Entry{presenter.Service: &r.service.Entry, presenter.ERPID: r.erpID} {
		entry.OnChanged = func(text string) {
			if !r.filling {
				w.p.TypeIdentity(field, text)
			}
		}
		entry.OnSubmitted = func(string) { w.p.ObtainMany() }
	}
	r.password.OnChanged = func(string) {
		if !r.filling {
			w.p.TypeManyPassword(r.password.Secret())
		}
	}
	r.password.OnSubmitted = func(string) { w.p.ObtainMany() }
	r.serviceField = kit.NewLabelledField(t.T("form.service"), r.service)
	r.erpField = kit.NewLabelledField(t.T("form.erp_id"), r.erpID)
	r.passwordField = kit.NewLabelledField(t.T("many.password"), r.password)
	r.submit = kit.NewPush("", "key-round", kit.Primary, w.keys, w.p.ObtainMany)
	r.cancel = kit.NewPush(t.T("form.cancel"), "", kit.Second, w.keys, w.p.CloseMany)
	r.badges = kit.Row(8, r.ready, r.toFix, r.out, kit.Spring(), r.columns, kit.Pad(0, -8, 0, 0, r.back))
	r.body = kit.Column(14, r.badges, r.table.card, r.serviceField, kit.TopRow(12, kit.Fixed(120, 0, r.erpField), kit.Grow(r.passwordField)))
	return r
}

func (r *manyReview) content() fyne.CanvasObject { return r.body }

func (r *manyReview) foot() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.submit, r.cancel, kit.Grow(r.remark)}
}

// primary is what the user has to do next: correct a row, or type what is missing.
func (r *manyReview) primary() fyne.Focusable {
	_, toFix, _ := r.w.p.ManyCounts()
	switch now := r.w.p.Many(); {
	case toFix > 0:
		return r.table.list
	case now.Identity.ERPID == "":
		return r.erpID
	case now.Identity.Password.IsZero():
		return r.password
	}
	return r.submit
}

// cells returns what a row of the list shows.
func (r *manyReview) cells(i int) manyCells {
	rows := r.w.p.Many().Rows
	if i >= len(rows) {
		return manyCells{}
	}
	row := rows[i]
	c := manyCells{icon: "check", color: kit.Ink3, code: row.PortCode, name: row.Name, text: r.w.t.Row(row)}
	switch {
	case presenter.ManyNeedsFixing(row):
		c.icon, c.color, c.loud = "circle-alert", kit.Danger, true
	case row.Verdict == bulk.AlreadySaved && !row.Again, row.Verdict == bulk.LeftOut:
		c.icon = "info"
	case row.Verdict != bulk.Ready && row.Verdict != bulk.AlreadySaved:
		c.icon = "minus"
	}
	return c
}

func (r *manyReview) update() {
	p, t, now := r.w.p, r.w.t, r.w.p.Many()
	r.filling = true
	if r.service.Text != now.Identity.Service {
		r.service.SetText(now.Identity.Service)
	}
	if r.erpID.Text != now.Identity.ERPID {
		r.erpID.SetText(now.Identity.ERPID)
	}
	if !r.password.Secret().Equal(now.Identity.Password) {
		r.password.SetSecret(now.Identity.Password)
	}
	r.filling = false
	r.service.SetOptions(p.Services())
	kit.SetEnabled(r.service, !p.Fixed(presenter.Service))
	for field, shown := range map[presenter.Field]*kit.LabelledField{presenter.Service: r.serviceField, presenter.ERPID: r.erpField, presenter.Password: r.passwordField} {
		if problem := now.Problems[field]; problem != "" {
			shown.Fail(problem)
		} else {
			shown.Clear()
		}
	}
	ready, toFix, out := p.ManyCounts()
	for badge, n := range map[*kit.Badge]struct {
		key   string
		count int
	}{r.ready: {"many.ready", ready}, r.toFix: {"many.to_fix", toFix}, r.out: {"many.left_out", out}} {
		badge.SetText(strings.ToUpper(t.N(n.key, n.count)))
		kit.SetVisible(badge, n.count > 0)
	}
	columns, back := t.T("many.columns"), t.T("many.correct")
	if r.w.frame.size.Width < 900 {
		columns, back = "", ""
	}
	r.columns.SetText(columns)
	r.columns.WithTip(t.T("many.columns"))
	r.back.SetText(back)
	r.back.WithTip(t.T("many.correct"))
	kit.Relayout(r.badges)
	r.submit.SetText(t.N("many.obtain", ready))
	kit.SetEnabled(r.submit, ready > 0)
	remark := ""
	if toFix > 0 && !r.w.frame.narrow() { // the badge says it too
		remark = t.N("many.remark", toFix)
	}
	r.remark.ShowText(remark)
	r.table.list.Refresh()
}

// correctRow opens the dialog that corrects a row of the list.
func (w *Window) correctRow(i int) {
	rows := w.p.Many().Rows
	if w.p.Blocked() || i >= len(rows) {
		return
	}
	row := rows[i]
	var code, id *kit.Entry
	var codeField *kit.LabelledField
	w.show(kit.Question{
		Title: w.t.T("many.row_title", "Row", row.Line), Text: w.t.Row(row), Width: 420,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			code, id = kit.NewEntry(keys), kit.NewEntry(keys)
			code.SetText(row.PortCode)
			id.SetText(row.ERPID)
			id.SetPlaceHolder(w.p.Many().Identity.ERPID)
			submit := func(string) { w.dialog.Default() }
			code.OnSubmitted, id.OnSubmitted = submit, submit
			codeField = kit.NewLabelledField(w.t.T("form.port_code"), code)
			return kit.TopRow(12, kit.Fixed(150, 0, codeField), kit.Grow(kit.NewLabelledField(w.t.T("form.erp_id"), id))), code
		},
		Answers: []kit.Answer{
			{Text: w.t.T("form.cancel")},
			{Text: w.t.T("many.leave_out"), Do: func() { w.p.LeaveRowOut(i, true) }},
			{Text: w.t.T("many.row_save"), Stay: true, Do: func() {
				if _, err := authclient.ParsePortCode(code.Text); err != nil {
					codeField.Fail(w.t.T("error.port_code"))
					w.win.Canvas().Focus(code)
					return
				}
				portCode, erpID := authclient.TrimPasted(code.Text), authclient.TrimPasted(id.Text)
				w.dialog.Escape()
				w.p.CorrectRow(i, portCode, erpID)
			}},
		},
	})
}

// showManyMenu opens the menu of a row of the list.
func (w *Window) showManyMenu(i int, at fyne.Position) {
	row := w.p.Many().Rows[i]
	out := "many.leave_out"
	if row.LeftOut {
		out = "many.take_back"
	}
	items := []kit.MenuItem{
		{Icon: "pencil", Text: w.t.T("many.correct_row"), Do: func() { w.correctRow(i) }},
		{Icon: "x", Text: w.t.T(out), Do: func() { w.p.LeaveRowOut(i, !row.LeftOut) }},
	}
	if row.Verdict == bulk.AlreadySaved {
		again := "many.again"
		if row.Again {
			again = "many.not_again"
		}
		items = append(items, kit.MenuItem{Icon: "refresh-cw", Text: w.t.T(again), Do: func() { w.p.AskAgain(i, !row.Again) }})
	}
	w.menus.showMenu(items, at, 300)
}

// chooseColumns opens the dialog that says what the columns of the list hold.
func (w *Window) chooseColumns() {
	now := w.p.Many()
	if w.p.Blocked() || now.Step != presenter.Reviewing {
		return
	}
	all := bulk.Columns()
	names := make([]string, len(all))
	for i, column := range all {
		names[i] = w.t.Column(column)
	}
	chosen := append([]bulk.Column(nil), now.Columns...)
	w.show(kit.Question{
		Title: w.t.T("many.columns_title"), Text: w.t.T("many.columns_text"), Width: wideDialog,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			rows, first := kit.Column(8), fyne.Focusable(nil)
			for i, column := range chosen {
				heading, cell := w.p.Sample(i)
				if heading == "" {
					heading = w.t.T("many.column", "Number", strconv.Itoa(i+1))
				}
				one := kit.NewSelect(keys, func(choice int) { chosen[i] = all[choice] }, names...)
				one.Select(index(all, column))
				rows.Add(kit.Row(12, kit.Grow(kit.Column(0, kit.NewElided(heading, kit.BodyMedium, kit.Ink), kit.NewElided(cell, kit.Caption, kit.Ink3))), kit.Fixed(250, 34, one)))
				if first == nil {
					first = one
				}
			}
			height := min(rows.MinSize().Height+2, max(120, w.frame.size.Height-260))
			return kit.Fixed(0, height, container.NewVScroll(rows)), first
		},
		Answers: []kit.Answer{{Text: w.t.T("form.cancel")}, {Text: w.t.T("many.columns_take"), Do: func() { w.p.SetColumns(chosen) }}},
	})
}
