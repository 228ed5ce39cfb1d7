package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"amarre/profile"
	"amarre/ui/kit"
)

// profiles is the list of saved profiles with its search.
type profiles struct {
	w *Window

	searchBox *kit.Entry
	list      *kit.List
	empty     *widget.Label
	add       *kit.Button

	texts     []string // of w.all, to search in
	rows      []int    // the rows that match: indexes into w.all
	selecting bool     // the program selects a row
}

func newProfiles(w *Window) *profiles {
	p := &profiles{w: w}
	p.searchBox = kit.NewEntry(p.searchKeys)
	p.searchBox.SetPlaceHolder(w.t.T("list.search"))
	p.searchBox.ActionItem = widget.NewIcon(theme.SearchIcon())
	p.searchBox.OnChanged = func(string) { p.filter() }
	p.searchBox.OnSubmitted = func(string) {
		if len(p.rows) > 0 {
			p.list.MoveTo(0)
			p.list.Select(0)
		}
	}
	p.list = kit.NewList(w.keys, func() int { return len(p.rows) },
		func() fyne.CanvasObject { return newRow(w) },
		func(row int, object fyne.CanvasObject) { object.(*profileRow).show(w.all[p.rows[row]]) })
	p.list.OnSelected = p.selected
	p.list.OnDelete = func(row int) { w.deleteProfile(w.all[p.rows[row]]) }
	p.list.OnTyped = func(r rune) {
		w.win.Canvas().Focus(p.searchBox)
		p.searchBox.TypedRune(r)
	}
	p.empty = widget.NewLabel("")
	p.empty.Wrapping = fyne.TextWrapWord
	p.empty.Alignment = fyne.TextAlignCenter
	p.empty.Importance = widget.LowImportance
	p.add = kit.NewButton(w.t.T("list.new"), theme.ContentAddIcon(), w.keys, w.newProfile)
	w.name("list.search", p.searchBox)
	w.name("list.rows", p.list)
	w.name("list.empty", p.empty)
	w.name("list.new", p.add)
	p.refreshEmpty()
	return p
}

func (p *profiles) content() fyne.CanvasObject {
	search, add := container.NewPadded(p.searchBox), container.NewPadded(p.add)
	middle := container.NewStack(p.list, container.NewVBox(p.empty))
	// Not NewBorder: it puts the centre first in the order of the Tab key.
	return container.New(layout.NewBorderLayout(search, add, nil, nil), search, middle, add)
}

// refresh shows w.all, which has changed. texts are its searchTexts.
func (p *profiles) refresh(texts []string) {
	p.texts = texts
	p.filter()
}

// searchTexts returns what a search looks at in each profile. It takes too long
// for the window's goroutine where there are thousands.
func searchTexts(all []profile.Profile, environmentName func(profile.Environment) string) []string {
	texts := make([]string, len(all))
	for i, p := range all {
		texts[i] = p.SearchText(environmentName(p.Environment))
	}
	return texts
}

// filter shows the profiles that match the search.
func (p *profiles) filter() {
	p.rows = p.rows[:0]
	query := p.searchBox.Text
	for i, text := range p.texts {
		if profile.Matches(text, query) {
			p.rows = append(p.rows, i)
		}
	}
	p.list.UnselectAll()
	p.list.Refresh()
	p.list.MoveTo(0) // the highlight would stay on a row that is gone
	p.selectOpen()
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

// selectOpen marks the profile that the form shows.
func (p *profiles) selectOpen() {
	p.selecting = true
	defer func() { p.selecting = false }()
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

func (p *profiles) selected(row int) {
	if p.selecting || row >= len(p.rows) {
		return
	}
	chosen := p.w.all[p.rows[row]]
	if p.w.open != nil && p.w.open.ID == chosen.ID {
		return
	}
	p.w.openProfile(chosen)
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

func (p *profiles) state() string { return p.query() }
func (p *profiles) restore(query string) {
	p.refresh(searchTexts(p.w.all, p.w.environmentName))
	p.search(query)
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
		p.refresh(slices.Delete(slices.Clone(p.texts), at, at+1))
	}
}

// highlighted returns the profile at which the keyboard is, nil if there is none.
func (p *profiles) highlighted() *profile.Profile {
	if row := p.list.Row(); row < len(p.rows) {
		each := p.w.all[p.rows[row]] // not a place in the list, which changes
		return &each
	}
	return nil
}

// environmentName returns the name of an environment.
func (w *Window) environmentName(e profile.Environment) string {
	if e == profile.Test {
		return w.t.T("environment.test")
	}
	return w.t.T("environment.production")
}

// profileRow is one profile in the list: its name, and below it what tells it apart.
type profileRow struct {
	widget.BaseWidget
	w      *Window
	name   *widget.Label
	detail *widget.Label
	badge  *widget.Label
}

func newRow(w *Window) *profileRow {
	r := &profileRow{w: w, name: widget.NewLabel(""), detail: widget.NewLabel(""), badge: widget.NewLabel(w.t.T("list.test"))}
	r.name.Truncation = fyne.TextTruncateEllipsis
	r.detail.Truncation = fyne.TextTruncateEllipsis
	r.detail.SizeName = theme.SizeNameCaptionText
	r.badge.SizeName = theme.SizeNameCaptionText
	r.badge.Importance = widget.WarningImportance
	r.badge.TextStyle.Bold = true
	r.ExtendBaseWidget(r)
	return r
}

func (r *profileRow) show(p profile.Profile) {
	r.name.SetText(p.Name)
	key := "list.detail"
	if p.Session && r.w.deps.Demo == nil {
		key = "list.detail_session"
	}
	r.detail.SetText(r.w.t.T(key, "Code", p.PortCode, "ERP", strconv.FormatInt(p.ERPID, 10), "Host", p.Host()))
	if p.Environment == profile.Test {
		r.badge.Show()
	} else {
		r.badge.Hide()
	}
}

// CreateRenderer implements fyne.Widget.
func (r *profileRow) CreateRenderer() fyne.WidgetRenderer {
	names := container.New(closeRows{}, r.name, r.detail)
	return widget.NewSimpleRenderer(container.NewBorder(nil, nil, nil, container.NewCenter(r.badge), names))
}

// closeRows puts two lines close together: a label has a padding of its own.
type closeRows struct{}

func (closeRows) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		height := o.MinSize().Height
		o.Resize(fyne.NewSize(size.Width, height))
		o.Move(fyne.NewPos(0, y))
		y += height - theme.InnerPadding()*1.25
	}
}

func (closeRows) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(0, theme.InnerPadding()*1.25)
	for _, o := range objects {
		least := o.MinSize()
		size = fyne.NewSize(max(size.Width, least.Width), size.Height+least.Height-theme.InnerPadding()*1.25)
	}
	return size
}
