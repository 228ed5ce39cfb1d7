package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/profile"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// portRow is a row of the list: port code, name, why a search found it, favourite, TEST, and
// what the service last said of the token. A state has a shape of its own, not only a colour.
type portRow struct {
	kit.RowBase
	w     *Window
	shown rowState

	mark            *kit.Checkmark
	code, name, why *kit.Text
	star            *kit.Icon
	test            fyne.CanvasObject
	state           *kit.Icon
	line            *fyne.Container
}

// rowState is everything that a row draws.
type rowState struct {
	profile       profile.Profile
	open          bool
	marking       bool // any port is marked
	marked        bool
	query, reason string
}

func newPortRow(w *Window, list *kit.List) *portRow {
	r := &portRow{w: w,
		mark: kit.NewCheckmark(), code: kit.NewElided("", kit.Code, kit.Ink2), name: kit.NewElided("", kit.Body, kit.Ink), why: kit.NewElided("", kit.Caption, kit.Ink3),
		star: kit.NewFilledIcon("star", kit.Star, kit.StarFill, 12), test: kit.NewTag(w.t.T("list.test"), kit.Test, kit.TestSoft),
		state: kit.NewIcon("", kit.Ink3, 16)}
	r.line = container.New(rowLayout{r}, r.mark, r.code, r.name, r.test, r.why, r.star, r.state)
	r.Extend(r, list, 8, 9, r.line)
	return r
}

// Widths in a row, in device-independent pixels.
const (
	rowGap    = 8
	rowCode   = 34
	leastName = 110 // what a long name keeps beside the reason
	leastWhy  = 60  // what a long reason must have
)

// rowLayout puts the parts of a row where they belong. The reason gets what the name leaves, and
// is left out where that is too little. It ends at the same place in all rows, also in those
// without a star.
type rowLayout struct{ r *portRow }

func (rowLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, kit.Body.Line) }

func (l rowLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	r := l.r
	place := func(o fyne.CanvasObject, x, width float32) {
		height := o.MinSize().Height
		o.Resize(fyne.NewSize(width, height))
		o.Move(fyne.NewPos(x, float32(int((size.Height-height)/2))))
	}
	left, right := float32(0), size.Width+rowGap
	before := func(o fyne.CanvasObject) { // the others that are already placed
		if o.Visible() {
			width := o.MinSize().Width
			right -= width + rowGap
			place(o, right, width)
		}
	}
	if r.mark.Visible() {
		place(r.mark, left, r.mark.MinSize().Width)
		left += r.mark.MinSize().Width + rowGap
	}
	place(r.code, left, rowCode)
	left += rowCode + rowGap
	before(r.state)

	why := float32(0)
	if r.why.Text != "" {
		why = l.room(right - left)
	}
	kit.SetVisible(r.why, why > 0)
	if why > 0 && !r.star.Visible() {
		right -= r.star.MinSize().Width + rowGap
	}
	before(r.star)
	if why > 0 {
		right -= why + rowGap
		place(r.why, right, why)
	}
	before(r.test)
	place(r.name, left, max(0, right-rowGap-left))
}

// room returns the width of the reason, or 0 if there is too little, where the name, the reason,
// the star and the tag share a width.
func (l rowLayout) room(width float32) float32 {
	r := l.r
	width -= r.star.MinSize().Width + rowGap
	if r.test.Visible() {
		width -= r.test.MinSize().Width + rowGap
	}
	width -= min(leastName, r.name.Role.Width(r.name.Text)) + 2*rowGap
	long := r.why.Role.Width(r.why.Text) + 1
	if width < min(long, leastWhy) {
		return 0
	}
	return min(long, width)
}

// show shows a profile in a row.
func (r *portRow) show(row int) {
	p := r.w.p
	each := p.At(row)
	next := rowState{each, p.Marked(each.ID) || p.Marks() == 0 && each.ID == p.OpenID(), p.Marks() > 0, p.Marked(each.ID), p.Query(), ""}
	if next.query != "" {
		next.reason = p.WhyFound(each)
	}
	r.Update(row, next.open)
	if next == r.shown {
		return
	}
	r.shown = next
	r.code.Color, r.name.Color, r.name.Role = kit.Ink2, kit.Ink, kit.Body
	if next.open {
		r.code.Color, r.name.Color, r.name.Role = kit.SoftInk, kit.SoftInk, kit.BodyMedium
	}
	if presenter.NeedsFixing(each) {
		r.code.Color = kit.Danger
	}
	mark(p, r.code, each.PortCode)
	mark(p, r.name, each.Name)
	mark(p, r.why, next.reason)
	kit.SetVisible(r.mark, next.marking)
	r.mark.Set(next.marked)
	kit.SetVisible(r.star, each.Favourite)
	kit.SetVisible(r.test, each.Environment == profile.Test)
	icon, color := listIcon(each)
	if r.state.Set(icon, color); icon == "circle-x" { // louder than the others
		r.state.SetFilled("disc-x", kit.OnFill, kit.DangerFill)
	}
	kit.Relayout(r.line)
}

// mark shows a text, and marks what the search found in it.
func mark(p *presenter.Presenter, line *kit.Text, text string) {
	line.Text = text
	found, _ := p.FoundIn(text)
	line.Mark(found.From, found.To)
	line.Refresh()
}

// listIcon returns the mark of a port in the list: a quiet tick, a dash, or a loud cross.
func listIcon(each profile.Profile) (icon string, color kit.Color) {
	switch {
	case each.Missing:
		return "triangle-alert", kit.Warn
	case each.Check == profile.Refused:
		return "circle-x", kit.Danger
	case each.Check == profile.OtherPort:
		return "triangle-alert", kit.Warn
	case each.Check == profile.Accepted:
		return "check", kit.Ink3
	}
	return "minus", kit.Border
}

// stateIcon returns the mark of a verdict on a page.
func stateIcon(verdict profile.Verdict) (icon string, color kit.Color) {
	switch verdict {
	case profile.Accepted:
		return "circle-check", kit.OK
	case profile.Refused:
		return "circle-x", kit.Danger
	case profile.OtherPort:
		return "triangle-alert", kit.Warn
	}
	return "circle-dashed", kit.Ink2
}
