package presenter

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"amarre/profile"
)

// Filter is which ports the list shows.
type Filter int

// The filters.
const (
	All   Filter = iota
	ToFix        // refused, of another port, or without a token
	Tests        // the test environment
)

// list is the list of saved profiles.
type list struct {
	all  []profile.Profile // as last read
	read bool              // it was read at least once
	err  error             // from the last reading

	query   string
	filter  Filter
	texts   []string        // the search texts of all; nil until they are made
	rows    []int           // the indexes in all of what the list shows
	marked  map[string]bool // by ID
	opens   bool            // open the first row once the search texts are made
	reloads int             // the number of readings begun
	after   []func()        // wait for the last of them
}

// Ports returns every saved profile, in the order of the list. Callers do not change it.
func (p *Presenter) Ports() []profile.Profile { return p.list.all }

// Rows returns the number of rows.
func (p *Presenter) Rows() int { return len(p.list.rows) }

// At returns the profile of a row.
func (p *Presenter) At(row int) profile.Profile { return p.list.all[p.list.rows[row]] }

// RowOf returns the row of a profile, or -1.
func (p *Presenter) RowOf(id string) int {
	return slices.IndexFunc(p.list.rows, func(i int) bool { return p.list.all[i].ID == id })
}

// OpenID returns the ID of the open profile, or "".
func (p *Presenter) OpenID() string {
	if p.cred != nil && (p.page == Reading || p.page == Editing) {
		return p.cred.Profile.ID
	}
	return ""
}

// NeedsFixing reports whether the token of a profile is known not to work.
func NeedsFixing(p profile.Profile) bool {
	return p.Missing || p.Check == profile.Refused || p.Check == profile.OtherPort
}

// Counts returns how many ports there are, how many are to be fixed, and how many are of the
// test environment.
func (p *Presenter) Counts() (all, toFix, tests int) {
	for _, each := range p.list.all {
		if NeedsFixing(each) {
			toFix++
		}
		if each.Environment == profile.Test {
			tests++
		}
	}
	return len(p.list.all), toFix, tests
}

// Listed reports whether the list was read, and the error of the last reading.
func (p *Presenter) Listed() (bool, error) { return p.list.read, p.list.err }

// Query returns what is searched.
func (p *Presenter) Query() string { return p.list.query }

// Filter returns the filter.
func (p *Presenter) Filter() Filter { return p.list.filter }

// SetQuery searches.
func (p *Presenter) SetQuery(text string) {
	defer p.action()()
	if text == p.list.query {
		return
	}
	p.Active()
	p.list.query, p.list.opens = text, false
	p.filterRows()
	if p.list.texts == nil && text != "" {
		p.prepareSearch(p.list.reloads)
	}
	p.update(ListPart)
}

// OpenFirst opens the first row, once what is searched is found.
func (p *Presenter) OpenFirst() {
	defer p.action()()
	p.list.opens = p.list.query != "" && p.list.texts == nil
	if !p.list.opens && p.Rows() > 0 {
		p.Open(p.At(0))
	}
}

// SetFilter shows the ports of a filter.
func (p *Presenter) SetFilter(f Filter) {
	defer p.action()()
	p.list.filter = f
	p.filterRows()
	p.update(ListPart)
}

// filterRows makes the rows: those of the filter that match the search, and none until the
// search texts are made.
func (p *Presenter) filterRows() {
	l := &p.list
	l.rows = l.rows[:0]
	query := profile.NewQuery(l.query)
	for i, each := range l.all {
		switch {
		case l.filter == ToFix && !NeedsFixing(each), l.filter == Tests && each.Environment != profile.Test:
		case l.texts == nil && l.query == "", l.texts != nil && query.Matches(l.texts[i]):
			l.rows = append(l.rows, i)
		}
	}
}

// Found is where a search found its words in a text, in runes.
type Found struct{ From, To int }

// FoundIn returns where the first word of the search that is in a text is, accents and case
// aside.
func (p *Presenter) FoundIn(text string) (found Found, ok bool) {
	if p.list.query == "" {
		return Found{}, false
	}
	var folded []rune
	var from []int // the rune of text that each folded rune comes from
	for i, r := range []rune(text) {
		for _, f := range profile.Fold(string(r)) {
			folded, from = append(folded, f), append(from, i)
		}
	}
	for word := range strings.FieldsSeq(profile.Fold(p.list.query)) {
		at := indexRunes(folded, []rune(word))
		if at >= 0 {
			return Found{from[at], from[at+len([]rune(word))-1] + 1}, true
		}
	}
	return Found{}, false
}

func indexRunes(text, word []rune) int {
	for i := 0; i+len(word) <= len(text); i++ {
		if slices.Equal(text[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}

// WhyFound returns the text of a profile that a search found a word in, if neither its name
// nor its port code has that word; else "".
func (p *Presenter) WhyFound(each profile.Profile) string {
	shown := profile.Fold(each.Name) + "\n" + profile.Fold(each.PortCode)
	for word := range strings.FieldsSeq(profile.Fold(p.list.query)) {
		if strings.Contains(shown, word) {
			continue
		}
		for _, text := range []string{each.ERP, each.Note, strconv.FormatInt(each.ERPID, 10), each.Host(), p.t.Environment(each.Environment)} {
			if strings.Contains(profile.Fold(text), word) {
				return text
			}
		}
	}
	return ""
}

// Marks returns the number of marked ports.
func (p *Presenter) Marks() int { return len(p.list.marked) }

// Marked reports whether a profile is marked.
func (p *Presenter) Marked(id string) bool { return p.list.marked[id] }

// Mark marks the rows from first to last, or removes their marks.
func (p *Presenter) Mark(on bool, first, last int) {
	defer p.action()()
	for row := max(first, 0); row <= last && row < p.Rows(); row++ {
		if on {
			p.list.marked[p.At(row).ID] = true
		} else {
			delete(p.list.marked, p.At(row).ID)
		}
	}
	p.Conceal()
	p.update(MarksPart | PagePart)
}

// MarkOnly marks the rows from first to last and no others.
func (p *Presenter) MarkOnly(first, last int) {
	defer p.action()()
	clear(p.list.marked)
	p.Mark(true, first, last)
}

// MarkAll marks every listed port, or removes all marks.
func (p *Presenter) MarkAll(on bool) {
	defer p.action()()
	clear(p.list.marked)
	p.Mark(on, 0, p.Rows()-1)
}

// AllMarked returns the marked profiles, in the order of the list.
func (p *Presenter) AllMarked() []profile.Profile {
	return slices.DeleteFunc(slices.Clone(p.list.all), func(each profile.Profile) bool { return !p.list.marked[each.ID] })
}

// SelectionWith returns the profiles for an action on one of them: all marked profiles if it
// is marked, else only itself.
func (p *Presenter) SelectionWith(one profile.Profile) []profile.Profile {
	if p.list.marked[one.ID] {
		return p.AllMarked()
	}
	return []profile.Profile{one}
}

// Selection returns the profiles for an action that names none: the marked ones, else the open
// one.
func (p *Presenter) Selection() []profile.Profile {
	if marked := p.AllMarked(); len(marked) > 0 {
		return marked
	}
	if i := p.indexOf(p.OpenID()); i >= 0 {
		return []profile.Profile{p.list.all[i]}
	}
	return nil
}

// Reload reads the list of profiles, and calls then, which may be nil. If another reload
// begins before it ends, only the list of that one is taken, and then is called after it.
func (p *Presenter) Reload(then func()) {
	defer p.action()()
	l := &p.list
	if then != nil {
		l.after = append(l.after, then)
	}
	l.reloads++
	number, order, searching, environmentName := l.reloads, profile.Order(p.settings.Sort), l.query != "", p.t.Environment
	p.inBackground(func() func() {
		all, err := p.deps.Store.List()
		order.Sort(all)
		var texts []string
		if searching {
			texts = profile.SearchTexts(all, environmentName)
		}
		return func() {
			if number == l.reloads {
				p.listed(all, texts, err)
			}
		}
	})
}

// listed takes a list that was read.
func (p *Presenter) listed(all []profile.Profile, texts []string, err error) {
	l := &p.list
	first := !l.read
	if err != nil && !profile.NeedsRebuild(err) && l.read {
		all, texts = l.all, l.texts // what is known is not gone
	}
	l.all, l.texts, l.err, l.read = all, texts, err, true
	if texts == nil && l.query != "" {
		p.prepareSearch(l.reloads)
	}
	p.filterRows()
	maps.DeleteFunc(l.marked, func(id string, _ bool) bool { return p.indexOf(id) < 0 })
	p.update(ListPart | MarksPart | PagePart | ProblemsPart)
	if l.opens && l.texts != nil {
		p.OpenFirst()
	}
	switch {
	case p.page != Starting:
	case len(all) > 0:
		p.show(Overview)
		p.focusOn(ToList, 0)
	default:
		p.show(Editing)
		p.focusFirstEmpty()
	}
	p.syncOpen()
	if err != nil && !profile.NeedsRebuild(err) {
		p.Trouble(p.t.Store(err))
	}
	p.rebuildIfNeeded()
	p.checkDaily()
	waiting := l.after
	l.after = nil
	for _, then := range waiting {
		then()
	}
	if first {
		p.reportCrash()
	}
}

// prepareSearch makes the search texts of a list that is shown already: they take as long as
// reading the list does. number is that of the reload.
func (p *Presenter) prepareSearch(number int) {
	all, environmentName := p.list.all, p.t.Environment
	p.inBackground(func() func() {
		texts := profile.SearchTexts(all, environmentName)
		return func() {
			if number == p.list.reloads && len(texts) == len(p.list.all) {
				p.list.texts = texts
				p.filterRows()
				p.update(ListPart)
				if p.list.opens {
					p.OpenFirst()
				}
			}
		}
	})
}

// debounce is the delay between a change of the list on the disk and its reading.
const debounce = 100 * time.Millisecond

// listChanged schedules a reload after any program, even this one, has changed the list.
func (p *Presenter) listChanged() {
	if p.closed || p.reloadAfter {
		return
	}
	p.reloadAfter = true
	p.deps.After(debounce, func() {
		p.reloadAfter = false
		if !p.closed {
			p.Reload(nil)
		}
	})
}

// remove removes deleted profiles from the rows, before the list is read again.
func (p *Presenter) remove(deleted deletion) {
	l := &p.list
	gone := map[string]bool{}
	for _, d := range deleted {
		gone[d.Profile.ID] = true
	}
	var left []profile.Profile
	var texts []string
	for i, each := range l.all {
		if !gone[each.ID] {
			left = append(left, each)
			if l.texts != nil {
				texts = append(texts, l.texts[i])
			}
		}
	}
	l.all, l.texts = left, texts
	p.filterRows()
	maps.DeleteFunc(l.marked, func(id string, _ bool) bool { return gone[id] })
	p.update(ListPart | MarksPart | PagePart)
}

// indexOf returns the index of the profile with an ID, or -1.
func (p *Presenter) indexOf(id string) int {
	return slices.IndexFunc(p.list.all, func(each profile.Profile) bool { return each.ID == id })
}

// saved returns the saved profile with the same credential, if there is one.
func (p *Presenter) saved(credential profile.Profile) (profile.Profile, bool) {
	if i := slices.IndexFunc(p.list.all, credential.SameCredential); i >= 0 {
		return p.list.all[i], true
	}
	return profile.Profile{}, false
}

// SavedAs returns the saved profile with the same credential, if there is one.
func (p *Presenter) SavedAs(credential profile.Profile) (profile.Profile, bool) {
	return p.saved(credential)
}

// suggestedERPs are known ERPs of marinas (docs/service.md).
var suggestedERPs = []string{"Alizée", "Port Logic"}

// ERPs returns the names of ERPs to suggest: the known ones and those in the list.
func (p *Presenter) ERPs() []string {
	names := map[string]bool{}
	for _, name := range suggestedERPs {
		names[name] = true
	}
	for _, each := range p.list.all {
		if each.ERP != "" {
			names[each.ERP] = true
		}
	}
	return slices.SortedFunc(maps.Keys(names), func(a, b string) int {
		return cmp.Or(strings.Compare(profile.Fold(a), profile.Fold(b)), strings.Compare(a, b))
	})
}

// SetFavourite saves whether profiles are favourites, which come first in the list.
func (p *Presenter) SetFavourite(selected []profile.Profile, on bool) {
	defer p.action()()
	if p.asking() || p.closed || len(selected) == 0 {
		return
	}
	ids := make([]string, len(selected))
	for i, each := range selected {
		ids[i] = each.ID
	}
	p.inBackground(func() func() {
		err := p.deps.Store.SetFavourite(context.Background(), ids, on) // has a timeout
		return func() {
			if err != nil {
				p.Trouble(p.t.Store(err))
			}
			p.Reload(nil)
		}
	})
}

// ToggleFavourite makes the selected profiles favourites, or no longer.
func (p *Presenter) ToggleFavourite() {
	if selected := p.Selection(); len(selected) > 0 {
		p.SetFavourite(selected, !selected[0].Favourite)
	}
}
