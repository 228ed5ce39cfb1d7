package ui

import (
	"cmp"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/profile"
	"amarre/ui/kit"
)

const (
	oneSecond = time.Second
	// revealFor is how long a token is shown (security.md 21).
	revealFor = 30 * time.Second
	// mask stands for every token, whatever its length.
	mask = "••••••••••••••••••"
)

// credential is a token and whose it is.
type credential struct {
	profile profile.Profile // its ID is empty until it is saved
	secrets profile.Secrets
	changed bool            // obtained by a login and not saved since
	copied  bool            // and handed over
	verdict profile.Verdict // of the service, in this window; "" for none

	// A token for a saved profile that has another one is compared with it:
	// stored is the one that the profile had then, and comparison says which of the
	// two still works.
	stored     authclient.Secret
	comparison string
}

// action is a button below a message.
type action struct {
	label string
	do    func()
}

// result shows the last trouble, if there is one, and below it the token, if
// there is one.
type result struct {
	w *Window

	message     *kit.Paragraph
	messageIcon *widget.Icon
	messageBox  *fyne.Container
	actions     [2]*kit.Button // what to do about it

	heading  *widget.Label
	sign     *widget.Icon // what the heading is
	token    *widget.Label
	show     *kit.Button
	copy     *kit.Button
	copyAs   *kit.Button
	check    *kit.Button
	verdict  *kit.Paragraph
	last     *widget.Label  // the last check, while there is no newer verdict
	previous *kit.Button    // the token before this one
	mismatch *kit.Paragraph // the form is about another credential
	profile  *kit.Entry     // the profile's name
	erp      *kit.SelectEntry
	note     *kit.Entry
	keep     *kit.Check
	save     *kit.Button
	tokenBox *fyne.Container

	shown   bool   // the token is revealed
	stop    func() // the end of that
	named   bool   // the user typed the name
	filling bool   // the program fills in the name
	body    *fyne.Container
}

func newResult(w *Window) *result {
	r := &result{w: w, stop: func() {}}
	r.message = kit.NewParagraph("")
	r.messageIcon = widget.NewIcon(theme.WarningIcon())
	for i := range r.actions {
		r.actions[i] = kit.NewButton("", nil, w.keys, nil)
		r.actions[i].Hide()
	}
	r.messageBox = r.box(container.NewBorder(nil, nil, top(theme.InnerPadding(), r.messageIcon), nil,
		container.NewVBox(r.message, container.NewHBox(r.actions[0], r.actions[1]))))
	r.messageBox.Hide()

	r.heading = widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	r.sign = widget.NewIcon(nil)
	r.heading.Truncation = fyne.TextTruncateEllipsis
	r.token = widget.NewLabel(mask)
	r.token.Wrapping = fyne.TextWrapWord // between groups
	r.show = kit.NewButton(w.t.T("result.show"), theme.VisibilityIcon(), w.keys, w.toggleToken)
	r.copy = kit.NewButton(w.t.T("result.copy"), theme.ContentCopyIcon(), w.keys, w.copyToken)
	r.copyAs = kit.NewButton("", theme.MenuDropDownIcon(), w.keys, w.showCopyAs)
	r.check = kit.NewButton(w.t.T("result.check"), theme.ViewRefreshIcon(), w.keys, w.check)
	r.verdict = kit.NewParagraph("")
	r.verdict.Hide()
	r.mismatch = kit.NewParagraph("")
	r.mismatch.Importance = widget.WarningImportance
	r.mismatch.Hide()
	r.last = widget.NewLabel("")
	r.last.SizeName = theme.SizeNameCaptionText
	r.last.Importance = widget.LowImportance
	r.previous = kit.NewButton(w.t.T("result.previous"), theme.HistoryIcon(), w.keys, w.previousToken)
	r.profile = kit.NewEntry(w.keys)
	r.erp = kit.NewSelectEntry(w.keys)
	r.note = kit.NewEntry(w.keys)
	r.note.SetPlaceHolder(w.t.T("result.note_hint"))
	for _, entry := range []*widget.Entry{&r.profile.Entry, &r.erp.Entry.Entry, &r.note.Entry} {
		entry.OnChanged = func(string) {
			r.named = r.named || !r.filling
			r.refreshSave()
		}
		entry.OnSubmitted = func(string) { w.save() }
	}
	keep := w.t.T("result.keep_password")
	if w.deps.Clients.Policy.NoPasswords {
		keep = w.t.T("result.keep_forbidden")
	}
	r.keep = kit.NewCheck(keep, w.keys, func(bool) { r.refreshSave() })
	r.save = kit.NewButton(w.t.T("result.save"), theme.DocumentSaveIcon(), w.keys, w.save)
	r.tokenBox = r.box(container.NewVBox(
		container.NewBorder(nil, nil, r.sign, nil, r.heading),
		container.NewBorder(nil, nil, nil, top(0, container.NewHBox(r.show, r.copy, r.copyAs, r.check)), r.token),
		r.verdict,
		r.mismatch,
		container.NewBorder(nil, nil, nil, r.previous, r.last),
		container.New(layout.NewFormLayout(),
			widget.NewLabel(w.t.T("result.name")), r.profile,
			widget.NewLabel(w.t.T("result.erp")), r.erp,
			widget.NewLabel(w.t.T("result.note")), r.note,
		),
		container.NewBorder(nil, nil, nil, r.save, r.keep),
	))
	r.tokenBox.Hide()
	r.body = container.NewVBox(r.messageBox, r.tokenBox)

	w.name("result.message", r.message)
	w.name("result.first", r.actions[0])
	w.name("result.second", r.actions[1])
	w.name("result.last", r.last)
	w.name("result.previous", r.previous)
	w.name("result.erp", r.erp)
	w.name("result.note", r.note)
	w.name("result.heading", r.heading)
	w.name("result.token", r.token)
	w.name("result.show", r.show)
	w.name("result.copy", r.copy)
	w.name("result.copy_as", r.copyAs)
	w.name("result.check", r.check)
	w.name("result.verdict", r.verdict)
	w.name("result.other", r.mismatch)
	w.name("result.name", r.profile)
	w.name("result.keep_password", r.keep)
	w.name("result.save", r.save)
	return r
}

func (r *result) content() fyne.CanvasObject { return r.body }

// box puts content on a quiet background.
func (r *result) box(content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(r.w.tinted(theme.InputRadiusSize()*2), container.NewPadded(content))
}

// top keeps an object at the top of a taller row, below a space.
func top(space float32, object fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedVBoxLayout(0),
		container.New(layout.NewCustomPaddedLayout(space, 0, 0, 0), object), layout.NewSpacer())
}

// trouble says what went wrong, and actions what to do. It stays until the next
// operation or Escape.
func (r *result) trouble(text string, actions ...action) {
	r.tell(text, theme.NewWarningThemedResource(theme.WarningIcon()), actions...)
}

// unverified says why there is neither a token nor a refusal, and actions to find
// out who answered.
func (r *result) unverified(text string) {
	r.trouble(text, action{r.w.t.T("result.test"), r.w.diagnose})
}

// refused says that Log@pass refused: always the same text in the same place.
func (r *result) refused(text string) {
	r.tell(text, theme.NewErrorThemedResource(theme.CancelIcon()))
}

// inform says something that went as asked.
func (r *result) inform(text string, actions ...action) {
	r.tell(text, theme.NewPrimaryThemedResource(theme.InfoIcon()), actions...)
}

func (r *result) tell(text string, icon fyne.Resource, actions ...action) {
	for i, button := range r.actions {
		visible(button, i < len(actions))
		if i < len(actions) {
			button.SetText(actions[i].label)
			button.OnTapped = actions[i].do
		}
	}
	r.messageIcon.SetResource(icon)
	r.message.SetText(text)
	r.messageBox.Show()
	r.body.Refresh()
	r.w.scroll.ScrollToBottom() // in a low window the form hides the result
}

// dismiss takes the message away.
func (r *result) dismiss() {
	r.message.SetText("")
	r.messageBox.Hide()
	r.body.Refresh()
}

// present shows the window's current token, masked, with the name and the
// choice of its profile; nothing if there is none.
func (r *result) present() {
	c := r.w.current
	r.conceal()
	r.showVerdict("", widget.MediumImportance)
	r.named = false
	if c == nil {
		r.fill(profile.Profile{})
		r.tokenBox.Hide()
		r.body.Refresh()
		emphasize(r.w.form.submit, true)
		return
	}
	r.fill(c.profile)
	r.refreshHeading()
	r.refreshLast()
	r.refreshSave()
	r.refreshKeep()
	r.refreshMismatch()
	r.tokenBox.Show()
	r.body.Refresh()
	r.w.scroll.ScrollToBottom()
	emphasize(r.w.form.submit, false)
}

// refreshHeading says whose token it is.
func (r *result) refreshHeading() {
	c := r.w.current
	key := "result.obtained"
	switch {
	case c.changed:
	case c.profile.Session && r.w.deps.Demo == nil:
		key = "result.session"
	default:
		key = "result.stored"
	}
	switch cmp.Or(c.verdict, c.lastVerdict()) {
	case profile.Refused, profile.OtherPort:
		r.sign.SetResource(theme.NewWarningThemedResource(theme.WarningIcon()))
	default:
		r.sign.SetResource(theme.NewSuccessThemedResource(theme.ConfirmIcon()))
	}
	whose := c.profile.PortCode
	if c.profile.Name != "" && c.profile.Name != whose {
		whose = r.w.t.T("result.port", "Name", shorten(c.profile.Name), "Code", c.profile.PortCode)
	}
	r.heading.SetText(r.w.t.T(key, "Port", whose))
}

// lastVerdict returns what the service said of a saved token when it was checked
// last.
func (c *credential) lastVerdict() profile.Verdict {
	if c.changed {
		return ""
	}
	return c.profile.Check
}

// shorten makes a name fit into a sentence.
func shorten(name string) string {
	const most = 40
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}

// refreshMismatch says so when the form is no longer about the token's credential.
func (r *result) refreshMismatch() {
	text := ""
	if c := r.w.current; c != nil && !r.w.formIsCurrent() {
		text = r.w.t.T("result.other", "Code", c.profile.PortCode, "Host", c.profile.Host())
	}
	if text == r.mismatch.Text { // a refresh at each key would decode every icon again
		return
	}
	r.mismatch.SetText(text)
	visible(r.mismatch, text != "")
	r.body.Refresh()
}

// suggestName actions a name unless the user typed one.
func (r *result) suggestName(name string) {
	if !r.named && name != "" {
		r.setName(name)
	}
}

func (r *result) setName(name string) {
	r.filling = true
	r.profile.SetText(name)
	r.filling = false
}

// fill shows what a profile says.
func (r *result) fill(p profile.Profile) {
	r.filling = true
	r.profile.SetText(p.Name)
	r.erp.SetText(p.ERP)
	r.note.SetText(p.Note)
	r.keep.SetChecked(r.keeps(p))
	r.filling = false
}

// refreshLast shows the last check, and whether there is a previous token.
func (r *result) refreshLast() {
	c := r.w.current
	text := ""
	if c != nil && !c.changed && !c.profile.Checked.IsZero() && !r.verdict.Visible() {
		text = r.w.t.T("result.last", "Check", r.w.t.LastCheck(c.profile))
	}
	r.last.SetText(text)
	visible(r.previous, c != nil && !c.changed && !c.secrets.Previous.IsZero())
	visible(r.last, text != "")
	r.body.Refresh()
}

// name returns the profile's name, made of the port code if the field is empty.
func (r *result) name() string {
	if name := oneLine(r.profile.Text); name != "" {
		return name
	}
	return r.w.current.profile.PortCode
}

// unsaved reports whether the token, the name or the choice would be lost.
func (r *result) unsaved() bool {
	c := r.w.current
	if c == nil {
		return false
	}
	if c.changed {
		return !c.copied || r.named
	}
	return r.edited()
}

// edited reports whether the name or the choice differ from what is saved.
func (r *result) edited() bool {
	c := r.w.current
	return c != nil && (r.name() != c.profile.Name || oneLine(r.erp.Text) != c.profile.ERP || oneLine(r.note.Text) != c.profile.Note ||
		r.keep.Checked != r.keeps(c.profile))
}

// keeps reports whether a profile has a password, and may.
func (r *result) keeps(p profile.Profile) bool {
	return p.HasPassword && !r.w.deps.Clients.Policy.NoPasswords
}

// oneLine is a text as it is kept.
func oneLine(text string) string { return authclient.PlainText(text) }

// formChanged follows the form: its environment belongs to the profile, and only
// a password that is there can be kept.
func (r *result) formChanged() {
	r.refreshMismatch()
	r.refreshKeep()
	r.refreshSave()
}

// refreshSave enables Save where there is something to save.
func (r *result) refreshSave() {
	c := r.w.current
	if c != nil && (c.changed || r.edited() || r.w.environmentEdited()) {
		r.save.Enable()
	} else {
		if canvas := r.w.win.Canvas(); canvas.Focused() == r.save {
			canvas.Focus(r.copy) // a disabled button would lose the keys
		}
		r.save.Disable()
	}
	r.emphasizeCopy(c != nil && !c.copied)
}

// refreshKeep enables the choice where there is a password to keep.
func (r *result) refreshKeep() {
	c := r.w.current
	if c == nil {
		return
	}
	if r.w.deps.Clients.Policy.NoPasswords || c.secrets.Password.IsZero() && r.w.form.password.Secret().IsZero() {
		r.keep.Disable()
	} else {
		r.keep.Enable()
	}
}

// emphasizeCopy makes copying, or saving, the next step.
func (r *result) emphasizeCopy(next bool) {
	emphasize(r.copy, next)
	emphasize(r.save, !next)
}

// emphasize makes a button the next step, or not.
func emphasize(button *kit.Button, next bool) {
	importance := widget.MediumImportance
	if next {
		importance = widget.HighImportance
	}
	if button.Importance != importance {
		button.Importance = importance
		button.Refresh()
	}
}

// showVerdict shows what the service says of the token; "" for nothing.
func (r *result) showVerdict(text string, importance widget.Importance) {
	r.verdict.Importance = importance
	r.verdict.SetText(text)
	if text == "" {
		r.verdict.Hide()
	} else {
		r.verdict.Show()
	}
	r.refreshLast()
	r.w.scroll.ScrollToBottom()
}

func (r *result) revealed() bool { return r.shown }

// reveal shows the token for revealFor.
func (r *result) reveal() {
	r.shown = true
	r.token.SetText(grouped(r.w.current.secrets.Token.Reveal()))
	r.show.SetText(r.w.t.T("result.hide"))
	r.show.SetIcon(theme.VisibilityOffIcon())
	r.stop()
	r.stop = r.w.deps.After(revealFor, r.w.conceal)
	r.body.Refresh()
}

// grouped puts a space after every fourth character, to be read over the phone.
// What is shown cannot be selected: the spaces are not copied.
func grouped(token string) string {
	var b strings.Builder
	for i, r := range []rune(token) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// conceal masks the token.
func (r *result) conceal() {
	r.stop()
	r.stop = func() {}
	if !r.shown {
		return
	}
	r.shown = false
	r.token.SetText(mask)
	r.show.SetText(r.w.t.T("result.show"))
	r.show.SetIcon(theme.VisibilityIcon())
	r.body.Refresh()
}

// resultState is what the panel holds when the window is built again. Messages
// are in the old language and are left out.
type resultState struct {
	name, erp, note string
	named           bool
	keep            bool
}

func (r *result) state() resultState {
	return resultState{r.profile.Text, r.erp.Text, r.note.Text, r.named, r.keep.Checked}
}

func (r *result) restore(s resultState) {
	r.present()
	r.fill(profile.Profile{Name: s.name, ERP: s.erp, Note: s.note, HasPassword: s.keep})
	r.named = s.named
	r.refreshSave()
}
