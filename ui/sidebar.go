package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// sidebar is the panel of the list: menu, search, new port; the filter; the rows; and below
// them their number and the check of all.
type sidebar struct {
	w       *Window
	menu    *kit.Push
	search  *kit.Entry
	clear   *kit.Push
	hint    *kit.Badge
	add     *kit.Push
	filter  *kit.Segments
	list    *kit.List
	empty   *fyne.Container // why there are no rows
	why     *kit.Prose
	reset   *kit.Push
	count   *kit.Text
	check   *kit.Push
	foot    fyne.CanvasObject
	body    fyne.CanvasObject
	filling bool // the program changes the search
}

func newSidebar(w *Window) *sidebar {
	s := &sidebar{w: w}
	s.menu = kit.NewPush("", "menu", kit.Quiet, w.keys, w.menus.showAppMenu).Tall().WithTip(w.t.T("tip.menu"))
	s.clear = kit.NewPush("", "x", kit.Quiet, w.keys, func() { w.p.SetQuery(""); w.focusSearch() }).Small().WithTip(w.t.T("list.clear"))
	s.hint = kit.NewKeyCap(w.keyText(w.commands[cmdSearch]))
	s.search = kit.NewEntry(searchKeys{w.keys, s})
	s.search.ActionItem = container.New(searchLayout{}, s.hint, s.clear) // before the first refresh, or it is never drawn
	s.search.SetPlaceHolder(w.t.T("list.search"))
	s.search.ShowIcon("search")
	s.search.OnChanged = func(text string) {
		if !s.filling {
			w.p.SetQuery(text)
			s.list.MoveTo(0)
		}
	}
	s.search.OnSubmitted = func(string) {
		s.list.MoveTo(0)
		w.p.OpenFirst()
	}
	s.add = kit.NewPush("", "plus", kit.Second, w.keys, w.p.New).Tall().WithTip(w.t.T("tip.new"))
	s.filter = kit.NewSegments(w.keys, func(i int) { w.p.SetFilter(presenter.Filter(i)) }, w.t.T("filter.all"), w.t.T("filter.to_fix"), w.t.T("filter.test"))
	s.list = kit.NewList(w.keys, w.p.Rows, func() fyne.CanvasObject { return newPortRow(w, s.list) },
		func(row int, object fyne.CanvasObject) { object.(*portRow).show(row) })
	s.list.OnOpen = func(row int) { w.p.Open(w.p.At(row)) }
	s.list.OnToggle = func(row int) { w.p.Mark(!w.p.Marked(w.p.At(row).ID), row, row) }
	s.list.OnMarkRange = w.p.MarkOnly
	s.list.OnMarkAll = func() { w.p.MarkAll(true) }
	s.list.OnDelete = func(row int) { w.p.Delete(w.p.SelectionWith(w.p.At(row))) }
	s.list.OnMenu = w.menus.showRowMenu
	s.list.OnTyped = func(r rune) {
		w.win.Canvas().Focus(s.search)
		s.search.TypedRune(r)
	}
	s.why = kit.NewCentered("", kit.Small, kit.Ink3)
	s.reset = kit.NewPush("", "", kit.Second, w.keys, func() { w.p.SetQuery(""); w.p.SetFilter(presenter.All) }).Small()
	s.empty = kit.Pad(36, 24, 0, 24, kit.Column(10, s.why, kit.Row(0, kit.Spring(), s.reset, kit.Spring())))
	s.count = kit.NewElided("", kit.Caption, kit.Ink3)
	s.check = kit.NewPush("", "refresh-cw", kit.Quiet, w.keys, s.checkOrShow).Small().WithTip(w.t.T("tip.check_all"))

	framed := kit.Framed(s.search, 34)
	framed.SetEdge(kit.ControlLine)
	top := kit.Pad(12, 12, 8, 12, kit.Row(4, s.menu, kit.Grow(framed), s.add))
	filter := kit.Pad(0, 12, 8, 12, s.filter)
	rows := container.NewStack(kit.Pad(3, 0, 0, 0, s.list.Dense()), s.empty)
	s.foot = kit.Column(0, kit.HLine(), kit.Pad(6, 8, 6, 16, kit.Row(8, kit.Grow(s.count), s.check)))
	s.body = container.NewStack(kit.NewBox(kit.Side, kit.None, 0), kit.Column(0, top, filter, kit.Grow(rows), s.foot))
	return s
}

func (s *sidebar) content() fyne.CanvasObject { return s.body }

// searchLayout puts what is at the right end of the search into its frame, one of it at a time.
type searchLayout struct{}

// searchEnd is the space between that and the frame.
const searchEnd = 5

func (searchLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	for _, o := range objects {
		if o.Visible() {
			return fyne.NewSize(o.MinSize().Width+searchEnd, 0)
		}
	}
	return fyne.Size{}
}

func (searchLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		least := o.MinSize()
		o.Resize(least)
		o.Move(fyne.NewPos(size.Width-least.Width-searchEnd, float32(int((size.Height-least.Height)/2))))
	}
}

// showRows shows the list as it is now.
func (s *sidebar) showRows() {
	p, t := s.w.p, s.w.t
	if s.search.Text != p.Query() {
		s.filling = true
		s.search.SetText(p.Query())
		s.filling = false
	}
	s.resized()
	all, toFix, tests := p.Counts()
	s.filter.SetCount(0, strconv.Itoa(all), kit.None)
	color := kit.None
	if toFix > 0 {
		color = kit.Danger
	}
	s.filter.SetCount(1, strconv.Itoa(toFix), color)
	s.filter.SetCount(2, strconv.Itoa(tests), kit.None)
	if s.filter.Selected() != int(p.Filter()) {
		s.filter.Select(int(p.Filter()))
	}
	why, reset := "", ""
	switch read, _ := p.Listed(); {
	case !read || p.Rows() > 0:
	case all == 0:
		why = t.T("list.none")
	case p.Query() != "":
		why, reset = t.T("list.no_match", "Query", p.Query()), t.T("list.clear")
	case p.Filter() == presenter.Tests:
		why, reset = t.T("list.no_tests"), t.T("list.show_all")
	default:
		why, reset = t.T("list.none_such"), t.T("list.show_all")
	}
	s.why.SetText(why)
	s.reset.SetText(reset)
	kit.SetVisible(s.reset, reset != "")
	kit.SetVisible(s.empty, why != "")
	s.showFoot()
	s.showMarks()
}

// showFoot shows the number of ports, or how far the run over many is.
func (s *sidebar) showFoot() {
	p, t, many := s.w.p, s.w.t, s.w.p.Many()
	filtered := p.Query() != "" || p.Filter() != presenter.All
	all := len(p.Ports())
	unfinished := many.Step == presenter.Working || many.Step == presenter.Worked && many.Left > 0
	switch {
	case unfinished:
		s.count.SetText(t.T("many.progress", "Done", len(many.Lines)-many.Left, "All", len(many.Lines)))
	case filtered:
		s.count.SetText(t.T("list.count_of", "Count", p.Rows(), "All", all))
	default:
		s.count.SetText(t.N("list.count", all))
	}
	switch {
	case unfinished:
		s.check.SetText(t.T("check.all_show"))
	case filtered:
		s.check.SetText(t.N("list.check_some", p.Rows()))
	default:
		s.check.SetText(t.T("list.check_all"))
	}
	icon := "refresh-cw"
	if unfinished {
		icon = "list-checks"
	}
	s.check.SetIcon(icon)
	kit.SetVisible(s.check, p.Rows() > 0 || unfinished)
	kit.Relayout(s.foot)
}

// checkOrShow checks what is listed, or shows the run that is not done.
func (s *sidebar) checkOrShow() {
	if many := s.w.p.Many(); many.Step == presenter.Working || many.Step == presenter.Worked && many.Left > 0 {
		s.w.p.ShowRun()
		return
	}
	s.w.p.CheckListed()
}

// showMarks shows which rows are open and marked.
func (s *sidebar) showMarks() {
	kit.SetVisible(s.foot, s.w.p.Marks() == 0)
	s.list.Refresh()
	if row := s.w.p.RowOf(s.w.p.OpenID()); row >= 0 && s.list.Row() != row && s.list.HighlightedRow() < 0 {
		s.list.MoveTo(row)
	}
	kit.Relayout(s.body)
}

// resized adapts to the width of the list.
func (s *sidebar) resized() {
	typed := s.w.p.Query() != ""
	hint := !typed && s.w.frame.sideWidth() >= 260
	if s.clear.Visible() == typed && s.hint.Visible() == hint {
		return
	}
	kit.SetVisible(s.clear, typed)
	kit.SetVisible(s.hint, hint)
	s.search.Refresh() // its text has another width
}

// searchKeys are the keys of the search: Down goes to the list.
type searchKeys struct {
	*keys
	s *sidebar
}

func (k searchKeys) TypedKey(key fyne.KeyName) bool {
	if key == fyne.KeyDown {
		k.w.win.Canvas().Focus(k.s.list)
		return true
	}
	return k.keys.TypedKey(key)
}

// focusSearch gives the focus to the search.
func (w *Window) focusSearch() {
	if w.dialog == nil && !w.p.Welcoming() {
		w.win.Canvas().Focus(w.side.search)
	}
}
