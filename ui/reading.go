package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"amarre/profile"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// readingPage is a port to read: its name and token, what is to be decided about it, and its
// details.
type readingPage struct {
	w *Window

	name          *kit.Text
	star          *kit.Push
	edit, more    *kit.Push
	code          *kit.Badge
	facts         *kit.Text
	test          fyne.CanvasObject
	message, band *kit.Band
	bandActions   map[string]*kit.Push // by their text; kept so that they keep the focus
	first         *kit.Push            // the first action of the band, or nil

	card         *fyne.Container
	label        *kit.Text
	spell, show  *kit.Push
	token        *kit.TokenView
	stateIcon    *kit.Icon
	state, when  *kit.Text
	checked      *fyne.Container // both
	check        *kit.Push
	foot         fyne.CanvasObject
	both         *fyne.Container // the two cards of a decision
	fresh, saved *choiceCard
	copy         *kit.Split
	reopen       *kit.Push
	compare      *kit.Push
	anyway       *kit.Push
	copyRow      fyne.CanvasObject
	quietRow     fyne.CanvasObject
	inputs       fyne.CanvasObject // of a token that is not saved
	nameInput    *kit.Entry
	keep         *kit.Tick
	details      *fyne.Container
	rows         [6]*detailRow
	note         *kit.Prose
	sheet        fyne.CanvasObject
	filling      bool
}

func newReadingPage(w *Window) *readingPage {
	t := w.t
	r := &readingPage{w: w, bandActions: map[string]*kit.Push{}}
	r.name = kit.NewElided("", kit.Title, kit.Ink)
	r.star = kit.NewPush("", "star", kit.Quiet, w.keys, w.p.ToggleFavourite).Small().WithTip(t.T("tip.favourite"))
	r.edit = kit.NewPush(t.T("reading.edit"), "pencil", kit.Quiet, w.keys, w.p.Edit).Small().WithTip(t.T("tip.edit"))
	r.more = kit.NewPush("", "ellipsis", kit.Quiet, w.keys, w.menus.showPageMenu).Small().WithTip(t.T("tip.more"))
	r.code, r.facts = kit.NewCodeBadge(""), kit.NewElided("", kit.Small, kit.Ink2)
	r.test = kit.NewTag(t.T("list.test"), kit.Test, kit.TestSoft)
	r.message, r.band = kit.NewBand(), kit.NewBand()

	r.label = kit.NewText("", kit.CaptionMedium, kit.Ink3)
	r.spell = kit.NewPush(t.T("reading.spell"), "a-large-small", kit.Quiet, w.keys, w.tokens.spell).Small().WithTip(t.T("tip.spell"))
	r.show = kit.NewPush("", "eye", kit.Quiet, w.keys, w.p.ToggleToken).Small().WithTip(t.T("tip.show"))
	r.token = kit.NewTokenView(28)
	r.stateIcon, r.state, r.when = kit.NewIcon("", kit.Ink2, 16), kit.NewText("", kit.SmallMedium, kit.Ink2), kit.NewElided("", kit.Small, kit.Ink2)
	r.check = kit.NewPush(t.T("result.check"), "refresh-cw", kit.Quiet, w.keys, w.p.Check).Small().WithTip(t.T("tip.check"))
	head := kit.Row(0, r.label, kit.Spring(), r.spell, r.show)
	r.checked = kit.Row(6, r.state, kit.Grow(r.when))
	r.foot = kit.Column(0, kit.Pad(0, 1, 0, 1, kit.HLine()), kit.Fixed(0, 40, kit.Pad(0, 10, 0, 20, kit.Row(6, r.stateIcon, kit.Grow(r.checked), r.check))))
	r.card = kit.InCard(kit.Card, kit.Line, 12, kit.Column(0, kit.Pad(8, 10, 14, 20, kit.Column(6, kit.Fixed(0, 30, head), r.token)), r.foot))
	r.fresh, r.saved = newChoiceCard(), newChoiceCard()
	r.both = kit.Column(8, r.fresh.card, r.saved.card)

	r.copy = kit.NewSplit(t.T("reading.copy"), "copy", w.keys, w.p.Copy, w.menus.showCopyMenu)
	r.copy.More.WithTip(t.T("tip.copy_as"))
	r.reopen = kit.NewPush("", "key-round", kit.Primary, w.keys, w.p.Reopen)
	r.compare = kit.NewPush(t.T("reading.compare"), "arrow-left-right", kit.Second, w.keys, w.tokens.compareWithERP)
	r.copyRow = kit.NewFlow(8, r.copy, r.reopen, r.compare)
	r.anyway = kit.NewPush(t.T("reading.copy_anyway"), "copy", kit.Quiet, w.keys, w.p.Copy).Small()
	quietCompare := kit.NewPush(t.T("reading.compare"), "arrow-left-right", kit.Quiet, w.keys, w.tokens.compareWithERP).Small()
	r.quietRow = kit.Pad(0, 0, 0, -8, kit.NewFlow(2, r.anyway, quietCompare))

	r.nameInput = kit.NewEntry(w.keys)
	r.nameInput.OnChanged = func(text string) {
		if !r.filling {
			w.p.Type(presenter.Name, text)
		}
	}
	r.nameInput.OnSubmitted = func(string) { w.p.Save() }
	r.keep = kit.NewTick(w.keepText(), w.keys, func(on bool) {
		if !r.filling {
			w.p.SetKeep(on)
		}
	})
	r.inputs = kit.Column(14, kit.NewLabelledField(t.T("reading.name"), r.nameInput), r.keep)

	r.details = kit.Column(0, kit.NewText(t.T("reading.details"), kit.SmallBold, kit.Ink), kit.Space(0, 4), kit.HLine())
	for i := range r.rows {
		r.rows[i] = newDetailRow()
		r.details.Add(r.rows[i].line)
	}
	r.note = kit.NewProse("", kit.Small, kit.Ink3)
	title := kit.Pad(0, -8, 0, 0, kit.Row(2, kit.Grow(r.name), r.star, r.edit, r.more))
	header := kit.Column(4, title, kit.Row(6, r.code, kit.Space(2, 0), r.test, kit.Grow(r.facts)))
	f := w.frame
	r.sheet = f.sheet(f.blocks(
		block{header, gap{}, gap{20, 12}}, block{r.message, gap{}, blockGap}, block{r.band, gap{}, blockGap}, block{r.both, gap{}, blockGap}, block{r.card, gap{}, blockGap},
		block{object: r.copyRow}, block{object: r.quietRow}, block{object: r.inputs}, block{object: r.note}, block{r.details, gap{24, 16}, gap{}}))
	return r
}

func (r *readingPage) content() fyne.CanvasObject { return r.sheet }

func (r *readingPage) primary() fyne.Focusable {
	switch {
	case r.first != nil:
		return r.first
	case r.reopen.Visible():
		return r.reopen
	case r.copy.Visible() && r.copyRow.Visible() && !r.copy.Disabled():
		return r.copy.Main
	}
	return r.w.side.list
}

// update draws the open credential.
func (r *readingPage) update() {
	w, t := r.w, r.w.t
	c := w.p.Credential()
	if c == nil {
		return
	}
	of := c.Profile
	r.name.SetText(w.p.OpenName())
	r.code.SetText(of.PortCode)
	facts := []string{t.T("reading.erp", "ID", strconv.FormatInt(of.ERPID, 10))}
	if of.ERP != "" {
		facts = append(facts, of.ERP)
	}
	isTest := of.Environment == profile.Test
	if !isTest {
		facts = append(facts, t.Environment(of.Environment))
	}
	r.facts.SetText(strings.Join(facts, " · "))
	kit.SetVisible(r.test, isTest)
	saved := of.ID != "" && !c.Unsaved()
	kit.SetVisible(r.star, saved)
	kit.SetVisible(r.edit, saved)
	kit.SetVisible(r.more, saved)
	r.edit.SetText(words(t.T("reading.edit"), w.frame.narrow()))
	star := kit.None
	line := kit.Ink3
	if of.Favourite {
		line, star = kit.Star, kit.StarFill
	}
	r.star.Tint(line, star)
	w.showMessage(r.message)
	r.showBand(c)
	r.showToken(c)
	r.showDecision(c)
	r.showInputs(c)
	r.showDetails(c)
	kit.Relayout(r.sheet)
}

// action returns a button of the band, the same each time.
func (r *readingPage) action(text, icon string, kind kit.Kind, do func()) *kit.Push {
	button := r.bandActions[text]
	if button == nil {
		button = kit.NewPush(text, icon, kind, r.w.keys, nil)
		r.bandActions[text] = button
	}
	button.OnTapped = do
	button.SetKind(kind)
	return button
}

// showBand says what is to be decided about the token, or what to do about it.
func (r *readingPage) showBand(c *presenter.Credential) {
	t, p, name := r.w.t, r.w.p, shorten(r.w.p.OpenName())
	show := func(look kit.BandLook, icon, title, text string, first *kit.Push, others ...*kit.Push) {
		r.first = first
		actions := []fyne.CanvasObject{first}
		for _, other := range others {
			actions = append(actions, other)
		}
		r.band.Set(look, icon, title, text, actions...)
	}
	r.first = nil
	switch {
	case c.State == presenter.Differs:
		text := t.Both(c.StoredVerdict, c.NewVerdict)
		take := r.action(t.T("differs.take"), "copy-check", kit.Primary, p.SaveNew)
		keep := r.action(t.T("differs.keep"), "", kit.Second, p.KeepStored)
		if !c.NewIsBetter() {
			take.SetKind(kit.Second)
			keep.SetKind(kit.Primary)
			show(kit.Warning, "triangle-alert", t.T("differs.title"), text, keep, take)
			return
		}
		show(kit.Warning, "triangle-alert", t.T("differs.title"), text, take, keep)
	case c.State == presenter.Obtained && c.Works() == profile.Refused:
		show(kit.Refusal, "circle-x", t.T("refused.token_title"), t.T("refused.token_new"), r.action(t.T("check.again"), "refresh-cw", kit.Second, p.Check))
	case c.State == presenter.Obtained:
		text := t.T("obtained.text")
		if c.Works() == profile.Accepted && name != c.Profile.PortCode {
			text = t.T("obtained.known", "Name", name)
		}
		if r.w.noKeyring() {
			text += " " + t.T("obtained.no_keyring")
		}
		save := r.action(t.T("obtained.save"), "copy-check", kit.Primary, p.SaveAndCopy)
		show(kit.Success, "circle-check", t.T("obtained.title"), text, save, r.action(t.T("obtained.copy"), "", kit.Second, p.Copy))
	case c.State == presenter.Missing:
		show(kit.Warning, "triangle-alert", t.T("missing.title"), c.Why,
			r.action(t.T("refused.renew"), "key-round", kit.Primary, p.Renew), r.action(t.T("menu.use_token"), "clipboard-paste", kit.Second, r.w.tokens.useToken))
	case c.State == presenter.Unreadable:
		show(kit.Warning, "lock", t.T("unreadable.title"), c.Why, r.action(t.T("open.again"), "lock-open", kit.Primary, p.Reopen),
			r.action(t.T("status.advice"), "", kit.Second, r.w.aboutKeyring))
	case c.State == presenter.Saved && c.Works() == profile.Refused:
		show(kit.Refusal, "circle-x", t.T("refused.token_title"), t.T("refused.token_text"),
			r.action(t.T("refused.renew"), "key-round", kit.Primary, p.Renew), r.action(t.T("menu.use_token"), "clipboard-paste", kit.Second, r.w.tokens.useToken))
	case c.State == presenter.Saved && c.Works() == profile.OtherPort:
		show(kit.Warning, "triangle-alert", t.T("other_port.title"), t.T("other_port.text"),
			r.action(t.T("refused.renew"), "key-round", kit.Primary, p.Renew), r.action(t.T("menu.use_token"), "clipboard-paste", kit.Second, r.w.tokens.useToken))
	default:
		r.band.Hide()
	}
}

// showToken shows the card of the token.
func (r *readingPage) showToken(c *presenter.Credential) {
	t, p := r.w.t, r.w.p
	has := c.HasToken() || c.State == presenter.Forgotten || c.State == presenter.Opening
	kit.SetVisible(r.card, has && c.State != presenter.Differs)
	refused := c.Works() == profile.Refused
	r.label.Set(t.T("reading.token"), kit.Ink3)
	r.token.SetInk(kit.Ink, kit.Accent)
	if refused {
		r.label.Set(t.T("refused.token"), kit.Danger)
		r.token.SetInk(kit.Ink3, kit.Ink3)
	}
	r.token.SetSize(r.w.frame.tokenSize())
	if p.Revealed() {
		r.token.Reveal(c.Secrets.Token.Reveal())
		r.show.SetText(t.T("result.hide"))
		r.show.SetIcon("eye-off")
	} else {
		r.token.Mask(masked)
		r.show.SetText(t.T("result.show"))
		r.show.SetIcon("eye")
	}
	icon, color := stateIcon(c.Works())
	r.stateIcon.Set(icon, color)
	r.state.Set(t.Verdict(c.Works()), color)
	when, dot := "", "· "
	r.checked.Layout = kit.Row(6).Layout
	if r.w.frame.narrow() {
		dot, r.checked.Layout = "", kit.Column(0).Layout
	}
	switch now := r.w.deps.Now(); {
	case c.Unsaved():
	case !c.Profile.Checked.IsZero() && c.Works() != "":
		when = dot + t.When(c.Profile.Checked, now)
	case !c.Profile.TokenSet.IsZero():
		when = dot + t.T("reading.obtained", "When", t.When(c.Profile.TokenSet, now))
	}
	r.when.SetText(when)
	kit.SetVisible(r.checked.Objects[1], when != "")
	kit.SetVisible(r.spell, c.HasToken() || c.State == presenter.Forgotten)
	kit.SetVisible(r.show, c.HasToken() || c.State == presenter.Forgotten)
	r.check.SetText(words(r.w.t.T("result.check"), r.w.frame.narrow()))
	kit.SetVisible(r.check, (c.HasToken() || c.State == presenter.Forgotten) && p.Task() == nil)
	// A band that has the primary button leaves the others quiet.
	decided := r.first != nil
	kit.SetVisible(r.copyRow, !decided && has)
	soon := c.State == presenter.Opening // the page keeps its height
	kit.SetVisible(r.copy, c.HasToken() || soon)
	kit.SetVisible(r.compare, c.HasToken() || soon)
	kit.SetEnabled(r.copy, !soon)
	kit.SetEnabled(r.compare, !soon)
	kit.SetVisible(r.reopen, c.State == presenter.Forgotten)
	r.reopen.SetText(t.T("forgotten.reopen"))
	kit.SetVisible(r.quietRow, decided && c.State == presenter.Saved)
}

// masked is the number of discs that stand for a token, whatever its length.
const masked = 38

// showInputs shows what is asked about a token that is not saved.
func (r *readingPage) showInputs(c *presenter.Credential) {
	form := r.w.p.Form()
	kit.SetVisible(r.inputs, c.State == presenter.Obtained)
	r.filling = true
	if r.nameInput.Text != form.Texts[presenter.Name] {
		r.nameInput.SetText(form.Texts[presenter.Name])
	}
	r.nameInput.SetPlaceHolder(c.Profile.PortCode)
	r.keep.SetChecked(form.Keep)
	r.filling = false
	kit.SetEnabled(r.keep, r.w.p.CanKeepPassword() && !form.Password.IsZero())
	kit.SetVisible(r.keep, !r.w.noKeyring())
}

// noKeyring reports whether nothing can be kept longer than the window is open.
func (w *Window) noKeyring() bool { return w.deps.Demo == nil && w.p.Keyring().Absent() }

// keepText returns the words beside the choice to keep the password.
func (w *Window) keepText() string {
	if !w.p.CanKeepPassword() {
		return w.t.T("result.keep_forbidden")
	}
	return w.t.T("result.keep_password")
}

// detailRow is a line of the details.
type detailRow struct {
	line         *fyne.Container
	label, value *kit.Text
}

func newDetailRow() *detailRow {
	d := &detailRow{label: kit.NewElided("", kit.Small, kit.Ink3), value: kit.NewElided("", kit.Small, kit.Ink)}
	d.line = kit.Column(0, kit.Fixed(0, 33, kit.Row(8, kit.Fixed(132, 0, d.label), kit.Grow(d.value))), kit.HLine())
	return d
}

// showDetails shows the facts of a saved port.
func (r *readingPage) showDetails(c *presenter.Credential) {
	t, of := r.w.t, c.Profile
	kit.SetVisible(r.details, !c.Unsaved())
	erp := strconv.FormatInt(of.ERPID, 10)
	if of.ERP != "" {
		erp += " – " + of.ERP
	}
	password := t.T("details.password_none")
	if of.HasPassword {
		password = t.T("details.password_kept")
	}
	set := ""
	if !of.TokenSet.IsZero() {
		set = t.Moment(of.TokenSet)
	}
	kept := t.T("details.keyring")
	if r.w.deps.Demo != nil {
		kept = ""
	} else if of.Session {
		kept = t.T("details.session")
	} else if of.Place != "" {
		kept = t.T("details.place", "Place", of.Place)
	}
	for i, each := range [...]struct{ label, value string }{
		{t.T("form.service"), of.Service}, {t.T("form.erp_id"), erp}, {t.T("form.password"), password},
		{t.T("details.obtained"), set}, {t.T("details.kept"), kept}, {t.T("result.note"), of.Note},
	} {
		r.rows[i].label.SetText(each.label)
		r.rows[i].value.SetText(each.value)
		kit.SetVisible(r.rows[i].line, each.value != "")
	}
}

// words returns the words of a button that has an icon too: none in a narrow window.
func words(text string, narrow bool) string {
	if narrow {
		return ""
	}
	return text
}

// shorten shortens a name for use in a sentence.
func shorten(name string) string { return presenter.Shorten(name) }
