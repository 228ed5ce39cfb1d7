package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"amarre/assets"
	"amarre/profile"
	"amarre/ui/kit"
)

// profiles is the list of saved profiles with its search and its marks.
type profiles struct {
	w *Window

	searchBox *kit.Entry
	list      *kit.List
	empty     *kit.Paragraph
	add       *kit.Button
	marking   *fyne.Container // what can be done with the marked profiles
	count     *widget.Label

	texts  []string        // of w.all, to search in
	rows   []int           // the rows that match: indexes into w.all
	marked map[string]bool // by ID
}

func newProfiles(w *Window) *profiles {
	p := &profiles{w: w, marked: map[string]bool{}}
	p.searchBox = kit.NewEntry(p.searchKeys)
	p.searchBox.SetPlaceHolder(w.t.T("list.search"))
	p.searchBox.ActionItem = widget.NewIcon(theme.SearchIcon())
	p.searchBox.OnChanged = func(string) { p.filter(); p.list.MoveTo(0); p.selectOpen() }
	p.searchBox.OnSubmitted = func(string) {
		if len(p.rows) > 0 {
			p.list.MoveTo(0)
			p.openRow(0)
		}
	}
	p.list = kit.NewList(w.keys, func() int { return len(p.rows) },
		func() fyne.CanvasObject { return newRow(p) },
		func(row int, object fyne.CanvasObject) { object.(*profileRow).show(row, w.all[p.rows[row]]) })
	p.list.OnOpen = p.openRow
	p.list.OnMark = p.mark
	p.list.OnMarkAll = func() { p.markAll(true) }
	p.list.IsMarked = func(row int) bool { return p.marked[p.at(row).ID] }
	p.list.OnDelete = func(row int) { w.deleteProfiles(p.selection(p.at(row))) }
	p.list.OnMenu = func(row int, at fyne.Position) { w.showListMenu(p.at(row), at) }
	p.list.OnTyped = func(r rune) {
		w.win.Canvas().Focus(p.searchBox)
		p.searchBox.TypedRune(r)
	}
	p.empty = kit.NewParagraph("")
	p.empty.Alignment = fyne.TextAlignCenter
	p.empty.Importance = widget.LowImportance
	p.add = kit.NewButton(w.t.T("list.new"), theme.ContentAddIcon(), w.keys, w.newProfile)
	p.count = widget.NewLabel("")
	p.count.Truncation = fyne.TextTruncateEllipsis
	export := kit.NewButton("", theme.UploadIcon(), w.keys, func() { w.exportProfiles(p.allMarked()) })
	remove := kit.NewButton("", theme.DeleteIcon(), w.keys, func() { w.deleteProfiles(p.allMarked()) })
	none := kit.NewButton("", theme.CancelIcon(), w.keys, func() { p.markAll(false) })
	export.SetText(w.t.T("list.export"))
	remove.SetText(w.t.T("list.delete"))
	p.marking = container.NewVBox(
		container.NewBorder(nil, nil, nil, none, p.count),
		container.NewGridWithColumns(2, export, remove),
	)
	p.marking.Hide()
	w.name("list.search", p.searchBox)
	w.name("list.rows", p.list)
	w.name("list.empty", p.empty)
	w.name("list.new", p.add)
	w.name("list.count", p.count)
	w.name("list.export", export)
	w.name("list.delete", remove)
	w.name("list.unmark", none)
	p.refreshEmpty()
	return p
}

func (p *profiles) content() fyne.CanvasObject {
	search := container.NewPadded(p.searchBox)
	below := container.NewPadded(container.NewVBox(p.marking, p.add))
	middle := container.NewStack(p.list, container.NewVBox(p.empty))
	// Not NewBorder: it puts the centre first in the order of the Tab key.
	return container.New(layout.NewBorderLayout(search, below, nil, nil), search, middle, below)
}

// at returns the profile of a row.
func (p *profiles) at(row int) profile.Profile { return p.w.all[p.rows[row]] }

// refresh shows w.all, which has changed. texts are its profile.SearchTexts. The
// highlight stays on its profile, or where it was.
func (p *profiles) refresh(texts []string, highlighted string) {
	p.texts = texts
	row := p.list.Row()
	p.filter()
	p.list.MoveTo(row)
	p.moveTo(highlighted)
	p.selectOpen()
	for id := range p.marked {
		if !slices.ContainsFunc(p.w.all, func(each profile.Profile) bool { return each.ID == id }) {
			delete(p.marked, id)
		}
	}
	p.refreshMarks()
}

// filter shows the profiles that match the search.
func (p *profiles) filter() {
	p.rows = p.rows[:0]
	query := profile.NewQuery(p.searchBox.Text)
	for i, text := range p.texts {
		if query.Matches(text) {
			p.rows = append(p.rows, i)
		}
	}
	p.list.UnselectAll()
	p.list.Refresh()
	p.refreshEmpty()
}

// refreshEmpty says why there is nothing to see.
func (p *profiles) refreshEmpty() {
	switch {
	case len(p.w.all) == 0:
		p.empty.SetText(p.w.t.T("list.none"))
	case len(p.rows) == 0:
		p.empty.SetText(p.w.t.T("list.no_match"))
	default:
		p.empty.Hide()
		return
	}
	p.empty.Show()
}

// selectOpen shows which row is the profile that the form shows.
func (p *profiles) selectOpen() {
	if p.w.open != nil {
		for row, i := range p.rows {
			if p.w.all[i].ID == p.w.open.ID {
				p.list.MoveTo(row)
				p.list.Select(row)
				return
			}
		}
	}
	p.list.UnselectAll()
}

// openRow opens the profile of a row.
func (p *profiles) openRow(row int) {
	selected := p.at(row)
	p.markAll(false)
	if p.w.open != nil && p.w.open.ID == selected.ID {
		return
	}
	p.w.openProfile(selected)
	p.selectOpen() // what is open now, until the other one is
}

func (p *profiles) searchKeys(key fyne.KeyName) bool {
	if key == fyne.KeyDown {
		p.w.win.Canvas().Focus(p.list)
		return true
	}
	return p.w.keys(key)
}

// query returns the search; search sets it.
func (p *profiles) query() string       { return p.searchBox.Text }
func (p *profiles) search(query string) { p.searchBox.SetText(query) }

// listState is what the list holds when the window is built again.
type listState struct {
	query  string
	marked map[string]bool
}

func (p *profiles) state() listState { return listState{p.query(), p.marked} }
func (p *profiles) restore(s listState) {
	p.marked = s.marked
	p.refresh(profile.SearchTexts(p.w.all, p.w.t.Environment), "")
	p.search(s.query)
}

// moveTo highlights a profile, if it is listed.
func (p *profiles) moveTo(id string) {
	for row, i := range p.rows {
		if p.w.all[i].ID == id {
			p.list.MoveTo(row)
		}
	}
}

// remove takes a profile out of the list before it is read again.
func (p *profiles) remove(id string) {
	at := slices.IndexFunc(p.w.all, func(each profile.Profile) bool { return each.ID == id })
	if at >= 0 {
		p.w.all = slices.Delete(slices.Clone(p.w.all), at, at+1)
		p.refresh(slices.Delete(slices.Clone(p.texts), at, at+1), "")
	}
}

// highlighted returns the profile at which the keyboard is, nil if there is none.
func (p *profiles) highlighted() *profile.Profile {
	if row := p.list.Row(); row < len(p.rows) {
		each := p.at(row) // not a place in the list, which changes
		return &each
	}
	return nil
}

// highlightedID returns the ID of highlighted, "" if there is none.
func (p *profiles) highlightedID() string {
	if each := p.highlighted(); each != nil {
		return each.ID
	}
	return ""
}

// mark marks rows, or takes their marks away.
func (p *profiles) mark(rows []int, marked func(row int) bool) {
	for _, row := range rows {
		if marked(row) {
			p.marked[p.at(row).ID] = true
		} else {
			delete(p.marked, p.at(row).ID)
		}
	}
	p.refreshMarks()
	p.w.menu.refresh()
}

// markAll marks every profile that the search shows, or none at all.
func (p *profiles) markAll(on bool) {
	clear(p.marked)
	if on {
		for row := range p.rows {
			p.marked[p.at(row).ID] = true
		}
	}
	p.refreshMarks()
	p.w.menu.refresh()
}

func (p *profiles) refreshMarks() {
	if len(p.marked) == 0 {
		p.marking.Hide()
	} else {
		p.count.SetText(p.w.t.N("list.marked", len(p.marked)))
		p.marking.Show()
	}
	p.list.Refresh()
}

// allMarked returns the marked profiles, in the order of the list.
func (p *profiles) allMarked() []profile.Profile {
	var all []profile.Profile
	for _, each := range p.w.all {
		if p.marked[each.ID] {
			all = append(all, each)
		}
	}
	return all
}

// selected returns what an action on a profile is about: all the marked ones if it
// is one of them.
func (p *profiles) selection(one profile.Profile) []profile.Profile {
	if p.marked[one.ID] {
		return p.allMarked()
	}
	return []profile.Profile{one}
}

// profileRow is one profile in the list: its name, and below it what tells it
// apart; at the right its environment if it is a test, and its last check.
type profileRow struct {
	widget.BaseWidget
	list     *profiles
	row      int
	modifier fyne.KeyModifier
	shown    profile.Profile // what the row shows
	marked   bool
	body     *fyne.Container

	mark    *widget.Icon
	star    *widget.Icon
	name    *widget.Label
	detail  *widget.Label
	badge   *widget.Label
	verdict *widget.Icon
	date    *widget.Label
}

// starIcon marks a favourite.
var starIcon = fyne.NewStaticResource("star.svg", assets.Star)

func newRow(p *profiles) *profileRow {
	r := &profileRow{
		list: p, name: widget.NewLabel(""), detail: widget.NewLabel(""), badge: widget.NewLabel(p.w.t.T("list.test")), date: widget.NewLabel(""),
		mark: widget.NewIcon(theme.NewPrimaryThemedResource(theme.CheckButtonCheckedIcon())),
		star: widget.NewIcon(theme.NewColoredResource(starIcon, theme.ColorNameWarning)), verdict: widget.NewIcon(nil),
	}
	r.name.Truncation = fyne.TextTruncateEllipsis
	r.detail.Truncation = fyne.TextTruncateEllipsis
	for _, small := range []*widget.Label{r.detail, r.badge, r.date} {
		small.SizeName = theme.SizeNameCaptionText
	}
	r.badge.Importance = widget.WarningImportance
	r.badge.TextStyle.Bold = true
	r.body = container.New(rowLayout{r}, r.mark, r.star, r.name, r.detail, r.badge, r.verdict, r.date)
	r.ExtendBaseWidget(r)
	return r
}

// show shows a profile. A text that is cut to its width takes a while to lay out,
// so that only what differs is set.
func (r *profileRow) show(row int, p profile.Profile) {
	t, marked := r.list.w.t, r.list.marked[p.ID]
	r.row = row
	if p == r.shown && marked == r.marked {
		return
	}
	r.shown, r.marked = p, marked
	key := "list.detail"
	if p.Session && r.list.w.deps.Demo == nil {
		key = "list.detail_session"
	}
	detail := t.T(key, "Code", p.PortCode, "ERP", strconv.FormatInt(p.ERPID, 10), "Host", p.Host())
	if p.ERP != "" {
		detail = t.T("list.detail_erp", "Detail", detail, "ERP", p.ERP)
	}
	visible(r.badge, p.Environment == profile.Test)
	visible(r.mark, marked)
	visible(r.star, p.Favourite)
	icon, date := lastCheck(p)
	visible(r.verdict, icon != nil)
	visible(r.date, date)
	if icon != nil {
		r.verdict.SetResource(icon)
	}
	if date {
		setText(r.date, p.Checked.Local().Format(t.T("date.day")))
	}
	r.body.Layout.Layout(r.body.Objects, r.body.Size())
	setText(r.name, p.Name)
	setText(r.detail, detail)
}

// setText sets the text of a label if it is another.
func setText(label *widget.Label, text string) {
	if label.Text != text {
		label.SetText(text)
	}
}

// lastCheck returns what stands for the last check of a profile: a shape and a
// colour, and whether there is a date.
func lastCheck(p profile.Profile) (icon fyne.Resource, date bool) {
	switch {
	case p.Missing:
		return theme.NewWarningThemedResource(theme.WarningIcon()), false
	case p.Checked.IsZero():
		return nil, false
	case p.Check == profile.Accepted:
		return theme.NewSuccessThemedResource(theme.ConfirmIcon()), true
	default:
		return theme.NewErrorThemedResource(theme.CancelIcon()), true
	}
}

// visible shows or hides an object.
func visible(object fyne.CanvasObject, show bool) {
	if show {
		object.Show()
	} else {
		object.Hide()
	}
}

// MouseDown implements desktop.Mouseable: it is told the keys that are held.
func (r *profileRow) MouseDown(event *desktop.MouseEvent) { r.modifier = event.Modifier }

// MouseUp implements desktop.Mouseable.
func (r *profileRow) MouseUp(*desktop.MouseEvent) {}

// Tapped implements fyne.Tappable.
func (r *profileRow) Tapped(*fyne.PointEvent) { r.list.list.Tap(r.row, r.modifier) }

// TappedSecondary implements fyne.SecondaryTappable.
func (r *profileRow) TappedSecondary(event *fyne.PointEvent) {
	r.list.list.Menu(r.row, event.AbsolutePosition)
}

// CreateRenderer implements fyne.Widget.
func (r *profileRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.body)
}

// rowLayout puts the parts of a row in two lines close together: a label has a
// padding of its own.
type rowLayout struct{ r *profileRow }

func (l rowLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	r, pad, icon := l.r, theme.InnerPadding(), theme.IconInlineSize()
	name, detail := r.name.MinSize().Height, r.detail.MinSize().Height
	second := name - pad*1.25
	left, right := float32(0), size.Width
	place := func(object fyne.CanvasObject, x, y, width, height float32) {
		object.Resize(fyne.NewSize(width, height))
		object.Move(fyne.NewPos(x, y))
	}
	if r.mark.Visible() {
		place(r.mark, pad/2, (size.Height-icon)/2, icon, icon)
		left = icon + pad/2
	}
	if r.badge.Visible() {
		width := r.badge.MinSize().Width
		place(r.badge, right-width, (name-detail)/2, width, detail)
		right -= width
	}
	nameLeft := left
	if r.star.Visible() {
		place(r.star, left+pad/2, (name-icon*0.9)/2, icon*0.9, icon*0.9)
		nameLeft += icon
	}
	place(r.name, nameLeft, 0, right-nameLeft, name)
	right = size.Width
	if r.date.Visible() {
		width := r.date.MinSize().Width - pad/2
		place(r.date, right-width-pad/2, second, width+pad/2, detail)
		right -= width
	}
	if r.verdict.Visible() {
		small := icon * 0.8
		if !r.date.Visible() {
			right -= pad
		}
		place(r.verdict, right-small, second+(detail-small)/2, small, small)
		right -= small
	}
	place(r.detail, left, second, right-left, detail)
}

func (l rowLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	r := l.r
	width := max(r.name.MinSize().Width, r.detail.MinSize().Width) + r.badge.MinSize().Width
	return fyne.NewSize(width, r.name.MinSize().Height+r.detail.MinSize().Height-theme.InnerPadding()*1.25)
}
