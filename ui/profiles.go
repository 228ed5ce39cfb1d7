package ui

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"amarre/profile"
	"amarre/ui/kit"
)

// profiles is the panel for the list of saved profiles, with a search and marks.
type profiles struct {
	w *Window

	searchBox *kit.Entry
	list      *kit.List
	empty     *kit.Paragraph
	add       *kit.Button
	marking   *fyne.Container // the actions on the marked profiles
	count     *widget.Label   // of the marked profiles

	texts  []string        // the search texts of w.all; nil until they are made
	rows   []int           // the indexes in w.all of the profiles that match the search
	marked map[string]bool // by ID
}

func newProfiles(w *Window) *profiles {
	p := &profiles{w: w, marked: map[string]bool{}}
	p.searchBox = named(w, "list.search", kit.NewEntry(searchKeys{w.keys, p}))
	p.searchBox.SetPlaceHolder(w.t.T("list.search"))
	p.searchBox.ActionItem = widget.NewIcon(theme.SearchIcon())
	p.searchBox.OnChanged = func(string) { p.filter(); p.list.MoveTo(0); p.selectOpen() }
	p.searchBox.OnSubmitted = func(string) {
		if len(p.rows) > 0 {
			p.list.MoveTo(0)
			p.openRow(0)
		}
	}
	p.list = named(w, "list.rows", kit.NewList(w.keys, func() int { return len(p.rows) },
		func() fyne.CanvasObject { return newRow(p) },
		func(row int, object fyne.CanvasObject) { object.(*profileRow).show(row, p.at(row)) }))
	p.list.OnOpen = p.openRow
	p.list.OnToggle = func(row int) { p.mark(!p.marked[p.at(row).ID], row, row) }
	p.list.OnMarkRange = func(first, last int) {
		p.mark(false, 0, len(p.rows)-1)
		p.mark(true, first, last)
	}
	p.list.OnMarkAll = func() { p.markAll(true) }
	p.list.OnDelete = func(row int) { w.deleteProfiles(p.selection(p.at(row))) }
	p.list.OnMenu = func(row int, at fyne.Position) { w.showListMenu(p.at(row), at) }
	p.list.OnTyped = func(r rune) {
		w.win.Canvas().Focus(p.searchBox)
		p.searchBox.TypedRune(r)
	}
	p.empty = named(w, "list.empty", kit.NewParagraph(""))
	p.empty.Alignment = fyne.TextAlignCenter
	p.empty.Importance = widget.LowImportance
	p.add = w.button("list.new", w.t.T("list.new"), theme.ContentAddIcon(), w.newProfile)
	p.count = named(w, "list.count", widget.NewLabel(""))
	p.count.Truncation = fyne.TextTruncateEllipsis
	export := w.button("list.export", w.t.T("list.export"), theme.UploadIcon(), func() { w.exportProfiles(p.allMarked()) })
	remove := w.button("list.delete", w.t.T("list.delete"), theme.DeleteIcon(), func() { w.deleteProfiles(p.allMarked()) })
	unmark := w.button("list.unmark", "", theme.CancelIcon(), func() { p.markAll(false) })
	p.marking = container.NewVBox(
		container.NewBorder(nil, nil, nil, unmark, p.count),
		container.NewGridWithColumns(2, export, remove),
	)
	p.marking.Hide()
	p.refreshEmpty()
	return p
}

func (p *profiles) content() fyne.CanvasObject {
	search := container.NewPadded(p.searchBox)
	below := container.NewPadded(container.NewVBox(p.marking, p.add))
	middle := container.NewStack(p.list, container.NewVBox(p.empty))
	// container.NewBorder would put the centre first in the order of the Tab key.
	return container.New(layout.NewBorderLayout(search, below, nil, nil), search, middle, below)
}

// at returns the profile of a row.
func (p *profiles) at(row int) profile.Profile { return p.w.all[p.rows[row]] }

// rowOf returns the row of a profile, or -1.
func (p *profiles) rowOf(id string) int {
	return slices.IndexFunc(p.rows, func(i int) bool { return p.w.all[i].ID == id })
}

// show replaces the list of profiles. texts are their search texts. The highlighted profile
// stays highlighted if it is still listed, else the row does.
func (p *profiles) show(all []profile.Profile, texts []string) {
	row, highlighted := p.list.Row(), p.highlighted()
	p.w.all, p.texts = all, texts
	p.filter()
	p.list.MoveTo(row)
	if highlighted != nil {
		p.moveTo(highlighted.ID)
	}
	p.selectOpen()
	maps.DeleteFunc(p.marked, func(id string, _ bool) bool { return p.w.indexOf(id) < 0 })
	p.refreshMarks()
}

// filterAgain applies a search that was typed before the search texts were made.
func (p *profiles) filterAgain() {
	if p.searchBox.Text != "" {
		p.filter()
		p.selectOpen()
	}
}

// filter shows the profiles that match the search: none until the search texts are made.
func (p *profiles) filter() {
	p.rows = p.rows[:0]
	query := profile.NewQuery(p.searchBox.Text)
	for i := range p.w.all {
		if p.texts == nil && p.searchBox.Text == "" || p.texts != nil && query.Matches(p.texts[i]) {
			p.rows = append(p.rows, i)
		}
	}
	p.list.UnselectAll()
	p.list.Refresh()
	p.refreshEmpty()
}

// refreshEmpty shows why the list is empty.
func (p *profiles) refreshEmpty() {
	text := ""
	switch {
	case len(p.w.all) == 0:
		text = p.w.t.T("list.none")
	case len(p.rows) == 0:
		text = p.w.t.T("list.no_match")
	}
	p.empty.ShowText(text)
}

// selectOpen highlights and selects the row of the open profile.
func (p *profiles) selectOpen() {
	if p.w.open != nil {
		if row := p.rowOf(p.w.open.ID); row >= 0 {
			p.list.MoveTo(row)
			p.list.Select(row)
			return
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
	p.selectOpen() // the other profile is not open yet
}

// restore copies the search and the marks of the list in another language.
func (p *profiles) restore(old *profiles) {
	p.marked = old.marked
	p.show(p.w.all, profile.SearchTexts(p.w.all, p.w.t.Environment))
	p.searchBox.SetText(old.searchBox.Text)
}

// moveTo highlights a profile, if it is listed.
func (p *profiles) moveTo(id string) {
	if row := p.rowOf(id); row >= 0 {
		p.list.MoveTo(row)
	}
}

// searchKeys are the keys of the search entry: Down goes to the list.
type searchKeys struct {
	*keys
	p *profiles
}

func (k searchKeys) TypedKey(key fyne.KeyName) bool {
	if key == fyne.KeyDown {
		k.w.win.Canvas().Focus(k.p.list)
		return true
	}
	return k.keys.TypedKey(key)
}

// remove removes a profile from the list on the screen.
func (p *profiles) remove(deleted deletion) {
	gone := map[string]bool{}
	for _, d := range deleted {
		gone[d.Profile.ID] = true
	}
	var left []profile.Profile
	var texts []string
	for i, each := range p.w.all {
		if !gone[each.ID] {
			left = append(left, each)
			if p.texts != nil {
				texts = append(texts, p.texts[i])
			}
		}
	}
	p.show(left, texts)
}

// highlighted returns a copy of the highlighted profile, or nil.
func (p *profiles) highlighted() *profile.Profile {
	if row := p.list.Row(); row < len(p.rows) {
		return new(p.at(row))
	}
	return nil
}

// mark marks the rows from first to last, or removes their marks.
func (p *profiles) mark(on bool, first, last int) {
	for row := first; row <= last; row++ {
		if on {
			p.marked[p.at(row).ID] = true
		} else {
			delete(p.marked, p.at(row).ID)
		}
	}
	p.refreshMarks()
	p.w.menu.refresh()
}

// markAll marks every listed profile, or removes all marks.
func (p *profiles) markAll(on bool) {
	clear(p.marked)
	p.mark(on, 0, len(p.rows)-1)
}

func (p *profiles) refreshMarks() {
	p.count.SetText(p.w.t.N("list.marked", len(p.marked)))
	kit.SetVisible(p.marking, len(p.marked) > 0)
	p.list.Refresh()
}

// allMarked returns the marked profiles, in the order of the list.
func (p *profiles) allMarked() []profile.Profile {
	return slices.DeleteFunc(slices.Clone(p.w.all), func(each profile.Profile) bool { return !p.marked[each.ID] })
}

// selection returns the profiles for an action on one of them: all marked profiles if it
// is marked, else only itself.
func (p *profiles) selection(one profile.Profile) []profile.Profile {
	if p.marked[one.ID] {
		return p.allMarked()
	}
	return []profile.Profile{one}
}
