package ui

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"amarre/bulk"
	"amarre/profile"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// manyRun is the last step: a run, and how it ended.
type manyRun struct {
	w             *Window
	now, left     *kit.Text
	meter         *kit.Meter
	progress      *fyne.Container
	filter        *kit.Segments
	order         *kit.Select
	choices       *fyne.Container
	table         *manyTable
	polite        *kit.Prose
	pause, stop   *kit.Push
	done          *kit.Push
	more, retry   *kit.Push
	copy, save    *kit.Push
	body          fyne.CanvasObject
	lines         []int // the indexes of the lines that are shown, in their order
	shownFor      *manyRunState
	onlyAttention bool
	followed      int // the line that was scrolled to last
}

// manyRunState is what the choice and the order of lines depend on.
type manyRunState struct {
	step  presenter.Step
	order int
	only  bool
}

func newManyRun(w *Window) *manyRun {
	t := w.t
	r := &manyRun{w: w, now: kit.NewElided("", kit.Sub, kit.Ink), left: kit.NewText("", kit.Small, kit.Ink2), meter: kit.NewMeter(kit.Fill), polite: kit.NewProse("", kit.Small, kit.Ink3)}
	r.progress = kit.Column(8, kit.Row(8, kit.Grow(r.now), r.left), r.meter)
	r.filter = kit.NewSegments(w.keys, func(i int) { r.onlyAttention = i == 1; r.update() }, t.T("filter.all"), t.T("filter.to_fix"))
	r.order = kit.NewSelect(w.keys, func(int) {
		if r.body != nil { // by the user
			r.update()
		}
	}, t.T("many.order_state"), t.T("many.order_code"), t.T("many.order_name"))
	r.order.SetQuiet()
	r.order.Select(0)
	r.choices = kit.Pad(0, 0, 0, 0, kit.NewFlow(12, kit.Fixed(230, 0, r.filter), kit.Fixed(210, 30, r.order)))
	r.table = newManyTable(w, func() int { return len(r.lines) }, r.cells)
	r.table.list.OnOpen = r.open
	r.pause = kit.NewPush(t.T("many.pause"), "pause", kit.Second, w.keys, w.p.PauseRun)
	r.stop = kit.NewPush(t.T("many.stop"), "", kit.Second, w.keys, w.p.StopRun)
	r.done = kit.NewPush(t.T("many.done"), "", kit.Primary, w.keys, w.p.CloseMany)
	r.more = kit.NewPush("", "", kit.Primary, w.keys, w.p.ContinueRun)
	r.retry = kit.NewPush("", "refresh-cw", kit.Second, w.keys, w.p.RetryRun)
	r.copy = kit.NewPush(t.T("many.copy_report"), "copy", kit.Quiet, w.keys, w.copyReport).Small().WithTip(t.T("many.copy_report"))
	r.save = kit.NewPush(t.T("many.save_report"), "download", kit.Quiet, w.keys, w.saveReport).Small().WithTip(t.T("many.save_report"))
	r.body = kit.Column(14, r.progress, r.choices, r.table.card, r.polite)
	return r
}

func (r *manyRun) content() fyne.CanvasObject { return r.body }

func (r *manyRun) foot() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.pause, r.stop, r.more, r.done, r.retry, kit.Spring(), r.copy, kit.Pad(0, -8, 0, 0, r.save)}
}

func (r *manyRun) primary() fyne.Focusable {
	if r.w.p.Many().Step == presenter.Working {
		return r.pause
	}
	return r.table.list
}

// arrange chooses the lines and their order. While the run runs they stay in the order of the
// calls.
func (r *manyRun) arrange(now *presenter.Many) {
	state := manyRunState{now.Step, r.order.Selected(), r.onlyAttention}
	r.lines = r.lines[:0]
	for i, line := range now.Lines {
		if now.Step == presenter.Working || !r.onlyAttention || !line.State.IsWell() {
			r.lines = append(r.lines, i)
		}
	}
	if now.Step == presenter.Worked {
		states := bulk.States()
		slices.SortStableFunc(r.lines, func(i, j int) int {
			a, b := now.Lines[i], now.Lines[j]
			switch state.order {
			case 1:
				return cmp.Compare(profile.Fold(a.Profile.PortCode), profile.Fold(b.Profile.PortCode))
			case 2:
				return cmp.Compare(profile.Fold(a.Profile.Name), profile.Fold(b.Profile.Name))
			}
			return slices.Index(states, a.State) - slices.Index(states, b.State)
		})
	}
	if r.shownFor == nil || *r.shownFor != state {
		r.shownFor = &state
		r.table.list.MoveTo(0)
	}
}

// cells returns what a line shows.
func (r *manyRun) cells(i int) manyCells {
	lines := r.w.p.Many().Lines
	if i >= len(r.lines) || r.lines[i] >= len(lines) {
		return manyCells{}
	}
	line := lines[r.lines[i]]
	c := manyCells{code: line.Profile.PortCode, name: line.Profile.Name, text: r.w.t.Line(line)}
	switch state := line.State; {
	case state.IsWell():
		c.icon, c.color = "circle-check", kit.OK
	case state == bulk.Running:
		c.icon, c.color = "loader-circle", kit.Accent
	case state == bulk.Waiting:
		c.icon, c.color = "clock", kit.Ink3
	case state == bulk.OtherPort || state == bulk.Differs || state == bulk.NotVerified:
		c.icon, c.color, c.loud = "triangle-alert", kit.Warn, true
	default:
		c.icon, c.color, c.loud = "circle-x", kit.Danger, true
	}
	return c
}

// open opens the saved port of a line.
func (r *manyRun) open(i int) {
	line := r.w.p.Many().Lines[r.lines[i]]
	for _, each := range r.w.p.Ports() {
		if each.ID == line.Profile.ID {
			r.w.p.Open(each)
			return
		}
	}
}

func (r *manyRun) update() {
	p, t, now := r.w.p, r.w.t, r.w.p.Many()
	running, all := now.Step == presenter.Working, len(now.Lines)
	r.arrange(now)
	current, attention := "", 0
	for i, line := range now.Lines {
		if line.State == bulk.Running && current == "" {
			r.follow(i)
			current = cmp.Or(line.Profile.Name, line.Profile.PortCode)
		}
		if !line.State.IsWell() {
			attention++
		}
	}
	text := t.T("many.progress", "Done", all-now.Left, "All", all)
	if current != "" {
		text = t.T("many.progress_at", "Done", min(all-now.Left+1, all), "All", all, "Name", shorten(current))
	}
	r.now.SetText(text)
	about := ""
	if seconds := int(now.About.Round(time.Second).Seconds()); seconds > 0 {
		about = t.N("many.about", seconds)
		if seconds >= 120 {
			about = t.N("many.about_minutes", (seconds+30)/60)
		}
	}
	r.left.SetText(about)
	r.meter.SetFraction(float32(all-now.Left) / float32(max(all, 1)))
	kit.SetVisible(r.progress, running)
	kit.SetVisible(r.choices, !running && all > 5)
	r.filter.SetCount(0, strconv.Itoa(all), kit.None)
	r.filter.SetCount(1, strconv.Itoa(attention), kit.None)
	polite := ""
	switch {
	case running && now.Logins:
		polite = t.T("many.polite")
	case running:
		polite = t.T("many.polite_check")
	case now.Logins && countOf(now, bulk.Refused) > 0:
		polite = t.T("many.refused_hint")
	case attention > 0:
		polite = t.T("many.open_hint")
	}
	r.polite.ShowText(polite)
	kit.SetVisible(r.pause, running)
	kit.SetVisible(r.stop, running)
	kit.SetVisible(r.done, !running)
	kit.SetVisible(r.more, !running && now.Left > 0)
	r.more.SetText(t.N("many.continue", now.Left))
	r.done.SetKind(kit.Primary)
	if now.Left > 0 {
		r.done.SetKind(kit.Second)
	}
	retry := p.RetryCount()
	kit.SetVisible(r.retry, !running && retry > 0 && now.Left == 0)
	r.retry.SetText(t.N("many.retry", retry))
	kit.SetVisible(r.copy, !running)
	kit.SetVisible(r.save, !running)
	copyText, saveText := t.T("many.copy_report"), t.T("many.save_report")
	if r.w.frame.size.Width < 900 || now.Left > 0 {
		copyText, saveText = "", ""
	}
	r.copy.SetText(copyText)
	r.save.SetText(saveText)
	r.table.list.Refresh()
}

// follow shows the line that runs, unless the user looks through the table.
func (r *manyRun) follow(line int) {
	if r.followed != line && r.w.win.Canvas().Focused() != r.table.list {
		r.followed = line
		r.table.list.ScrollTo(line)
	}
}

func countOf(now *presenter.Many, state bulk.State) (n int) {
	for _, line := range now.Lines {
		if line.State == state {
			n++
		}
	}
	return n
}
