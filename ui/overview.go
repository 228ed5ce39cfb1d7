package ui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/profile"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// overviewPage is the page while no port is open: how many tokens work, and what is to be
// fixed.
type overviewPage struct {
	w               *Window
	title           *kit.Text
	text            *kit.Prose
	check           *kit.Push
	add             *kit.Push
	message         *kit.Band
	stats           *fyne.Container
	good, bad, none *stat
	heading         *kit.Text
	cards           *fyne.Container
	carded          []cardState // what the cards show
	more            *kit.Prose
	sheet           fyne.CanvasObject
}

// mostCards is how many ports to be fixed have a card; the filter of the list has them all.
const mostCards = 8

func newOverviewPage(w *Window) *overviewPage {
	t := w.t
	o := &overviewPage{w: w, title: kit.NewElided("", kit.Title, kit.Ink), text: kit.NewProse("", kit.Body, kit.Ink2), message: kit.NewBand()}
	o.check = kit.NewPush(t.T("list.check_all"), "refresh-cw", kit.Second, w.keys, w.p.CheckListed)
	o.add = kit.NewPush(t.T("list.new"), "plus", kit.Primary, w.keys, w.p.New)
	o.good, o.bad, o.none = newStat(kit.OK), newStat(kit.Danger), newStat(kit.Ink2)
	o.stats = kit.Equal(8, o.good.card, o.bad.card, o.none.card)
	o.heading = kit.NewText(t.T("filter.to_fix"), kit.SmallBold, kit.Ink)
	o.cards = kit.Column(12)
	o.more = kit.NewProse("", kit.Small, kit.Ink3)
	f := w.frame
	head := kit.Row(8, kit.Grow(kit.Column(4, o.title, o.text)), o.check, o.add)
	o.sheet = f.sheet(f.blocks(block{head, gap{}, gap{24, 14}}, block{o.message, gap{}, blockGap}, block{o.stats, gap{}, blockGap},
		block{object: kit.Column(12, o.heading, o.cards, o.more)}))
	return o
}

func (o *overviewPage) content() fyne.CanvasObject { return o.sheet }

func (o *overviewPage) primary() fyne.Focusable { return o.w.side.list }

// stat is a number and what it counts.
type stat struct {
	card          fyne.CanvasObject
	number, label *kit.Text
	color         kit.Color
}

func newStat(color kit.Color) *stat {
	s := &stat{number: kit.NewText("", kit.Title, color), label: kit.NewElided("", kit.Small, kit.Ink2), color: color}
	s.card = kit.InCard(kit.Card, kit.Line, 10, kit.Pad(10, 8, 10, 12, kit.Column(0, s.number, s.label)))
	return s
}

func (s *stat) show(n int, label string) {
	color := s.color
	if n == 0 {
		color = kit.Ink3
	}
	s.number.Set(strconv.Itoa(n), color)
	s.label.SetText(label)
}

func (o *overviewPage) update() {
	w, t, p := o.w, o.w.t, o.w.p
	ports := p.Ports()
	all, toFix, _ := p.Counts()
	var accepted, never int
	for _, each := range ports {
		switch {
		case presenter.NeedsFixing(each):
		case each.Check == profile.Accepted:
			accepted++
		default:
			never++
		}
	}
	o.title.SetText(t.N("overview.title", all))
	switch {
	case all == 0:
		o.text.SetText(t.T("overview.empty"))
	case toFix == 0 && never == 0:
		o.text.SetText(t.T("overview.all_good"))
	case toFix > 0:
		o.text.SetText(t.N("overview.some_bad", toFix))
	default:
		o.text.SetText(t.N("overview.some_never", never))
	}
	kit.SetVisible(o.check, all > 0 && p.Task() == nil)
	kit.SetVisible(o.add, all == 0)
	kit.SetVisible(o.stats, all > 0)
	o.good.show(accepted, t.N("overview.accepted", accepted))
	o.bad.show(toFix, t.T("overview.to_fix"))
	o.none.show(never, t.N("overview.never", never))
	w.showMessage(o.message)
	kit.SetVisible(o.heading, toFix > 0)
	o.showCards(ports)
	more := ""
	if toFix > mostCards {
		more = t.N("overview.more", toFix-mostCards)
	}
	o.more.ShowText(more)
	kit.Relayout(o.sheet)
}

// cardState is everything that a card shows.
type cardState struct {
	profile    profile.Profile
	head, text string
}

// showCards shows a card for each of the first ports that are to be fixed. While these are the
// same the cards stay, and a button keeps the focus.
func (o *overviewPage) showCards(ports []profile.Profile) {
	var next []cardState
	for _, each := range ports {
		if presenter.NeedsFixing(each) && len(next) < mostCards {
			next = append(next, o.stateOf(each))
		}
	}
	if slices.Equal(next, o.carded) {
		return
	}
	o.carded, o.cards.Objects = next, nil
	for _, each := range next {
		o.cards.Add(o.card(each))
	}
}

// stateOf returns what the card of a port that is to be fixed shows.
func (o *overviewPage) stateOf(each profile.Profile) cardState {
	t, now := o.w.t, o.w.deps.Now()
	c := cardState{each, t.T("refused.token"), t.T("overview.refused", "When", t.When(each.Checked, now))}
	switch {
	case each.Missing:
		c.head, c.text = t.T("checked.missing"), t.T("overview.missing")
	case each.Check == profile.OtherPort:
		c.head, c.text = t.Verdict(profile.OtherPort), t.T("other_port.text")
	case !each.Accepted.IsZero():
		c.text += " " + t.T("overview.last_accepted", "When", t.When(each.Accepted, now))
	}
	return c
}

// card returns a card.
func (o *overviewPage) card(c cardState) fyne.CanvasObject {
	w, t, each, head, text := o.w, o.w.t, c.profile, c.head, c.text
	icon, color := listIcon(each)
	fix := kit.NewPush(t.T("refused.renew"), "", kit.Second, w.keys, func() { w.p.RenewFor(each) }).Small()
	open := kit.NewPush(t.T("menu.open"), "", kit.Quiet, w.keys, func() { w.p.Open(each) }).Small()
	name := kit.Row(6, kit.NewText(shorten(each.Name), kit.Sub, kit.Ink), kit.Grow(kit.NewElided("· "+strings.ToLower(head[:1])+head[1:], kit.SmallMedium, color)))
	return kit.InCard(kit.Page, kit.Line, 12, kit.Pad(12, 14, 12, 14, kit.TopRow(12, kit.Pad(1, 0, 0, 0, kit.NewIcon(icon, color, 18)),
		kit.Grow(kit.Column(2, name, kit.NewProse(text, kit.Small, kit.Ink2), kit.Pad(8, 0, 0, 0, kit.NewFlow(8, fix, open)))))))
}

// markedPage is the page while ports are marked: what they are, and what can be done to all
// of them.
type markedPage struct {
	w              *Window
	title          *kit.Text
	text           *kit.Prose
	unmark, check  *kit.Push
	export, delete *kit.Push
	star           *kit.Push
	message        *kit.Band
	table          *fyne.Container
	sheet          fyne.CanvasObject
}

// mostRows is how many marked ports the page lists.
const mostRows = 50

func newMarkedPage(w *Window) *markedPage {
	t := w.t
	m := &markedPage{w: w, title: kit.NewElided("", kit.Title, kit.Ink), text: kit.NewProse("", kit.Body, kit.Ink2), message: kit.NewBand(), table: kit.Column(0)}
	m.unmark = kit.NewPush(t.T("marked.none"), "x", kit.Quiet, w.keys, func() { w.p.MarkAll(false) }).Small()
	m.check = kit.NewPush("", "refresh-cw", kit.Primary, w.keys, w.p.CheckListed)
	m.export = kit.NewPush(t.T("menu.export"), "download", kit.Second, w.keys, func() { w.exports.exportProfiles(w.p.AllMarked()) })
	m.star = kit.NewPush("", "star", kit.Quiet, w.keys, w.p.ToggleFavourite).Small().WithTip(t.T("tip.favourite"))
	m.delete = kit.NewPush("", "trash-2", kit.Quiet, w.keys, func() { w.p.Delete(w.p.AllMarked()) }).Small().WithTip(t.T("menu.delete"))
	head := kit.Row(8, kit.Grow(kit.Column(4, m.title, m.text)), kit.Pad(0, -8, 0, 0, m.unmark))
	card := container.NewStack(kit.NewBox(kit.Page, kit.Line, 10), kit.Pad(1, 0, 1, 0, m.table))
	m.sheet = w.frame.sheet(w.frame.blocks(block{head, gap{}, gap{14, 10}}, block{m.message, gap{}, blockGap}, block{object: card}), m.check, m.export, kit.Spring(), m.star, m.delete)
	return m
}

func (m *markedPage) content() fyne.CanvasObject { return m.sheet }

func (m *markedPage) primary() fyne.Focusable { return m.w.side.list }

func (m *markedPage) update() {
	t, p := m.w.t, m.w.p
	marked := p.AllMarked()
	counts := map[profile.Verdict]int{}
	m.table.Objects = nil
	for i, each := range marked {
		verdict := each.Check
		if verdict == profile.OtherPort || each.Missing {
			verdict = profile.Refused
		}
		counts[verdict]++
		if i < mostRows {
			if i > 0 {
				m.table.Add(kit.Pad(0, 1, 0, 1, kit.HLine()))
			}
			m.table.Add(m.row(each))
		}
	}
	var parts []string
	for _, each := range []struct {
		verdict profile.Verdict
		key     string
	}{{profile.Accepted, "marked.accepted"}, {profile.Refused, "marked.to_fix"}, {"", "marked.never"}} {
		if n := counts[each.verdict]; n > 0 {
			parts = append(parts, t.N(each.key, n))
		}
	}
	m.title.SetText(t.N("marked.title", len(marked)))
	m.text.SetText(strings.Join(parts, t.T("list.separator")))
	m.check.SetText(t.N("list.check_some", len(marked)))
	kit.SetEnabled(m.check, p.Task() == nil)
	m.w.showMessage(m.message)
	kit.Relayout(m.sheet)
}

func (m *markedPage) row(each profile.Profile) fyne.CanvasObject {
	t := m.w.t
	icon, color := stateIcon(each.Check)
	if each.Missing {
		icon, color = "triangle-alert", kit.Warn
	}
	last := kit.Fixed(196, 0, kit.NewElided(t.LastCheck(each), kit.Small, kit.Ink2))
	kit.SetVisible(last, !m.w.frame.narrow()) // the icon says it too
	return kit.Fixed(0, 30, kit.Pad(0, 12, 0, 12, kit.Row(10, kit.NewIcon(icon, color, 16), kit.Fixed(38, 0, kit.NewElided(each.PortCode, kit.Code, kit.Ink)),
		kit.Grow(kit.NewElided(each.Name, kit.Body, kit.Ink)), last)))
}
