package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"amarre/assets"
	"amarre/profile"
	"amarre/ui/kit"
)

// profileRow is a row of the list. Its first line has the name, its second one the port
// code, the ERP and the host. The right side has the test environment and the last check.
type profileRow struct {
	widget.BaseWidget
	list     *profiles
	row      int
	modifier fyne.KeyModifier
	shown    profile.Profile
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

// starIcon is the icon of a favourite.
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

// show shows a profile. It only changes what differs, because the layout of a truncated
// text is slow.
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
	kit.SetVisible(r.badge, p.Environment == profile.Test)
	kit.SetVisible(r.mark, marked)
	kit.SetVisible(r.star, p.Favourite)
	icon, date := lastCheck(p)
	kit.SetVisible(r.verdict, icon != nil)
	kit.SetVisible(r.date, date)
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

// setText sets the text of a label if it differs.
func setText(label *widget.Label, text string) {
	if label.Text != text {
		label.SetText(text)
	}
}

// lastCheck returns the icon for the last check of a profile, or nil, and whether the date
// of the check is shown.
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

// MouseDown implements desktop.Mouseable. Its event has the modifier keys, which that of
// Tapped lacks.
func (r *profileRow) MouseDown(event *desktop.MouseEvent) { r.modifier = event.Modifier }

func (r *profileRow) MouseUp(*desktop.MouseEvent) {}

func (r *profileRow) Tapped(*fyne.PointEvent) { r.list.list.Tap(r.row, r.modifier) }

func (r *profileRow) TappedSecondary(event *fyne.PointEvent) {
	r.list.list.Menu(r.row, event.AbsolutePosition)
}

func (r *profileRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(r.body)
}

// rowLayout puts the parts of a row in two lines, closer together than the padding of their
// labels.
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
