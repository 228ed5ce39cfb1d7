package ui

import (
	"cmp"
	"slices"
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
	// revealFor is how long a secret is shown (docs/security.md, line 21).
	revealFor = 30 * time.Second
	// mask replaces every hidden token, whatever its length.
	mask = "••••••••••••••••••"
)

// credential is the token of a profile.
type credential struct {
	profile profile.Profile // its ID is empty until it is saved
	secrets profile.Secrets
	changed bool            // the token comes from a login and is not saved
	copied  bool            // the token was copied, so that it need not be saved
	verdict profile.Verdict // of the last check in this window, "" for none

	// stored is the token of the saved profile that this token would replace, and
	// comparison says which of the two works. See [Window.compare].
	stored     authclient.Secret
	comparison string
}

// result is the panel for the last message and the current token. Each of them is hidden
// if there is none.
type result struct {
	w *Window

	message     *kit.Paragraph
	messageIcon *widget.Icon
	messageBox  *fyne.Container
	actions     [2]*kit.Button // the buttons below message

	heading     *widget.Label
	headingIcon *widget.Icon
	token       *widget.Label
	show        *kit.Button
	copy        *kit.Button
	copyAs      *kit.Button
	check       *kit.Button
	verdict     *kit.Paragraph // the check just made
	lastCheck   *widget.Label  // the last saved check, while verdict is hidden
	previous    *kit.Button
	mismatch    *kit.Paragraph // the form has another credential than the token
	profile     *kit.Entry     // the name of the profile
	erp         *kit.SelectEntry
	note        *kit.Entry
	keep        *kit.Check // whether to save the password
	save        *kit.Button
	tokenBox    *fyne.Container

	revealed bool    // the token is shown
	stopShow stopper // stops the timer that masks the token
	named    bool    // the user changed the name, the ERP or the note
	filling  bool    // the program changes them
	body     *fyne.Container
}

func newResult(w *Window) *result {
	r := &result{w: w}
	r.message = named(w, "result.message", kit.NewParagraph(""))
	r.messageIcon = widget.NewIcon(theme.WarningIcon())
	for i, name := range []string{"result.first", "result.second"} {
		r.actions[i] = w.button(name, "", nil, nil)
		r.actions[i].Hide()
	}
	r.messageBox = r.box(container.NewBorder(nil, nil, alignTop(theme.InnerPadding(), r.messageIcon), nil,
		container.NewVBox(r.message, container.NewHBox(r.actions[0], r.actions[1]))))
	r.messageBox.Hide()

	r.heading = named(w, "result.heading", widget.NewLabelWithStyle("", fyne.TextAlignLeading, fyne.TextStyle{Bold: true}))
	r.heading.Truncation = fyne.TextTruncateEllipsis
	r.headingIcon = widget.NewIcon(nil)
	r.token = named(w, "result.token", widget.NewLabel(mask))
	r.token.Wrapping = fyne.TextWrapWord
	r.show = w.button("result.show", w.t.T("result.show"), theme.VisibilityIcon(), w.toggleToken)
	r.copy = w.button("result.copy", w.t.T("result.copy"), theme.ContentCopyIcon(), w.copyToken)
	r.copyAs = w.button("result.copy_as", "", theme.MenuDropDownIcon(), w.showCopyAs)
	r.check = w.button("result.check", w.t.T("result.check"), theme.ViewRefreshIcon(), w.check)
	r.verdict = named(w, "result.verdict", kit.NewParagraph(""))
	r.verdict.Hide()
	r.mismatch = named(w, "result.other", kit.NewParagraph(""))
	r.mismatch.Importance = widget.WarningImportance
	r.mismatch.Hide()
	r.lastCheck = named(w, "result.last", widget.NewLabel(""))
	r.lastCheck.SizeName = theme.SizeNameCaptionText
	r.lastCheck.Importance = widget.LowImportance
	r.previous = w.button("result.previous", w.t.T("result.previous"), theme.HistoryIcon(), w.previousToken)
	r.profile = named(w, "result.name", kit.NewEntry(w.keys))
	r.erp = named(w, "result.erp", kit.NewSelectEntry(w.keys))
	r.note = named(w, "result.note", kit.NewEntry(w.keys))
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
	r.keep = named(w, "result.keep_password", kit.NewCheck(keep, w.keys, func(bool) { r.refreshSave() }))
	r.save = w.button("result.save", w.t.T("result.save"), theme.DocumentSaveIcon(), w.save)
	r.tokenBox = r.box(container.NewVBox(
		container.NewBorder(nil, nil, r.headingIcon, nil, r.heading),
		container.NewBorder(nil, nil, nil, alignTop(0, container.NewHBox(r.show, r.copy, r.copyAs, r.check)), r.token),
		r.verdict,
		r.mismatch,
		container.NewBorder(nil, nil, nil, r.previous, r.lastCheck),
		container.New(layout.NewFormLayout(),
			widget.NewLabel(w.t.T("result.name")), r.profile,
			widget.NewLabel(w.t.T("result.erp")), r.erp,
			widget.NewLabel(w.t.T("result.note")), r.note,
		),
		container.NewBorder(nil, nil, nil, r.save, r.keep),
	))
	r.tokenBox.Hide()
	r.body = container.NewVBox(r.messageBox, r.tokenBox)
	return r
}

// box returns content with padding on a background.
func (r *result) box(content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(r.w.tinted(theme.InputRadiusSize()*2), container.NewPadded(content))
}

// alignTop returns an object at the top of a taller row, below some space.
func alignTop(space float32, object fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedVBoxLayout(0),
		container.New(layout.NewCustomPaddedLayout(space, 0, 0, 0), object), layout.NewSpacer())
}

// present shows the current token, masked, with the inputs of its profile. It hides the
// panel if there is no token.
func (r *result) present() {
	c := r.w.current
	r.conceal()
	r.showVerdict("", widget.MediumImportance)
	r.named = false
	kit.SetVisible(r.tokenBox, c != nil)
	emphasize(r.w.form.submit, c == nil)
	if c == nil {
		r.fill(profile.Profile{})
		r.body.Refresh()
		return
	}
	r.fill(c.profile)
	r.refresh()
	r.refreshKeep()
	r.refreshMismatch()
	r.body.Refresh()
	r.w.scroll.ScrollToBottom()
}

// refresh updates the panel after a change of the profile.
func (r *result) refresh() {
	r.refreshHeading()
	r.refreshLastCheck()
	r.refreshSave()
}

// refreshHeading shows the port of the token, whether it is saved, and whether it works.
func (r *result) refreshHeading() {
	c := r.w.current
	key, saved := "result.stored", c.profile.Check
	switch {
	case c.changed:
		key, saved = "result.obtained", ""
	case c.profile.Session && r.w.deps.Demo == nil:
		key = "result.session"
	}
	switch cmp.Or(c.verdict, saved) {
	case profile.Refused, profile.OtherPort:
		r.headingIcon.SetResource(theme.NewWarningThemedResource(theme.WarningIcon()))
	default:
		r.headingIcon.SetResource(theme.NewSuccessThemedResource(theme.ConfirmIcon()))
	}
	whose := c.profile.PortCode
	if c.profile.Name != "" && c.profile.Name != whose {
		whose = r.w.t.T("result.port", "Name", shorten(c.profile.Name), "Code", c.profile.PortCode)
	}
	r.heading.SetText(r.w.t.T(key, "Port", whose))
}

// shorten shortens a name for use in a sentence.
func shorten(name string) string {
	const most = 40
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}

// refreshMismatch shows whether the form has another credential than the token.
func (r *result) refreshMismatch() {
	text := ""
	if c := r.w.current; c != nil && !r.w.formIsCurrent() {
		text = r.w.t.T("result.other", "Code", c.profile.PortCode, "Host", c.profile.Host())
	}
	if text != r.mismatch.Text { // a refresh decodes every icon, which is slow at each key
		r.mismatch.ShowText(text)
		r.body.Refresh()
	}
}

// setName changes the name as the program, not as the user.
func (r *result) setName(name string) {
	r.filling = true
	r.profile.SetText(name)
	r.filling = false
}

// fill shows the inputs of a profile.
func (r *result) fill(p profile.Profile) {
	r.filling = true
	r.profile.SetText(p.Name)
	r.erp.SetText(p.ERP)
	r.note.SetText(p.Note)
	r.keep.SetChecked(r.keepsPassword(p))
	r.filling = false
}

// refreshLastCheck shows the last check, and a button if there is a previous token.
func (r *result) refreshLastCheck() {
	c := r.w.current
	text := ""
	if c != nil && !c.changed && !c.profile.Checked.IsZero() && !r.verdict.Visible() {
		text = r.w.t.T("result.last", "Check", r.w.t.LastCheck(c.profile))
	}
	r.lastCheck.SetText(text)
	kit.SetVisible(r.lastCheck, text != "")
	kit.SetVisible(r.previous, c != nil && !c.changed && !c.secrets.Previous.IsZero())
	r.body.Refresh()
}

// name returns the name of the profile, which is the port code if the input is empty.
func (r *result) name() string {
	if name := oneLine(r.profile.Text); name != "" {
		return name
	}
	return r.w.current.profile.PortCode
}

// unsaved reports whether the token or a change of the inputs would be lost.
func (r *result) unsaved() bool {
	if c := r.w.current; c != nil && c.changed {
		return c.verdict != profile.Refused && (r.w.deps.Demo == nil || !c.copied || r.named)
	}
	return r.edited()
}

// edited reports whether the inputs differ from the profile.
func (r *result) edited() bool {
	c := r.w.current
	return c != nil && (r.name() != c.profile.Name || oneLine(r.erp.Text) != c.profile.ERP || oneLine(r.note.Text) != c.profile.Note ||
		r.keep.Checked != r.keepsPassword(c.profile) || r.keep.Checked && !r.w.newPassword(c).IsZero())
}

// keepsPassword reports whether a profile has a password that the policy allows.
func (r *result) keepsPassword(p profile.Profile) bool {
	return p.HasPassword && !r.w.deps.Clients.Policy.NoPasswords
}

// oneLine returns a text in the form in which it is saved.
func oneLine(text string) string { return authclient.PlainText(text) }

// formChanged updates what depends on the inputs of the form.
func (r *result) formChanged() {
	r.refreshMismatch()
	r.refreshKeep()
	r.refreshSave()
}

// refreshSave enables Save if there is something to save.
func (r *result) refreshSave() {
	c := r.w.current
	if c != nil && (c.changed || r.edited() || r.w.environmentEdited()) {
		r.save.Enable()
	} else {
		if canvas := r.w.win.Canvas(); canvas.Focused() == r.save {
			canvas.Focus(r.copy) // a disabled button receives no keys
		}
		r.save.Disable()
	}
	copyFirst := c != nil && !c.copied
	emphasize(r.copy, copyFirst)
	emphasize(r.save, !copyFirst)
}

// refreshKeep enables the choice to save the password if there is one.
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

// emphasize changes whether a button is shown as the next step.
func emphasize(button *kit.Button, on bool) {
	importance := widget.MediumImportance
	if on {
		importance = widget.HighImportance
	}
	if button.Importance != importance {
		button.Importance = importance
		button.Refresh()
	}
}

// showVerdict shows the outcome of a check of the token; "" removes it.
func (r *result) showVerdict(text string, importance widget.Importance) {
	r.verdict.Importance = importance
	r.verdict.ShowText(text)
	r.refreshLastCheck()
	r.w.scroll.ScrollToBottom()
}

// reveal shows the token until revealFor has passed.
func (r *result) reveal() {
	r.revealed = true
	r.token.SetText(grouped(r.w.current.secrets.Token.Reveal()))
	r.show.SetText(r.w.t.T("result.hide"))
	r.show.SetIcon(theme.VisibilityOffIcon())
	r.stopShow.replace(r.w.deps.After(revealFor, r.w.conceal))
	r.body.Refresh()
}

// grouped adds a space after every fourth character, which helps to read a token aloud.
// The label cannot be selected, so that the spaces are never copied.
func grouped(token string) string {
	var groups []string
	for group := range slices.Chunk([]rune(token), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, " ")
}

// conceal masks the token.
func (r *result) conceal() {
	r.stopShow.replace(nil)
	if !r.revealed {
		return
	}
	r.revealed = false
	r.token.SetText(mask)
	r.show.SetText(r.w.t.T("result.show"))
	r.show.SetIcon(theme.VisibilityIcon())
	r.body.Refresh()
}

// resultInputs are the inputs of the panel.
type resultInputs struct {
	profile profile.Profile // with the inputs only
	named   bool
}

func (r *result) inputs() resultInputs {
	return resultInputs{profile.Profile{Name: r.profile.Text, ERP: r.erp.Text, Note: r.note.Text, HasPassword: r.keep.Checked}, r.named}
}

// restore puts inputs back.
func (r *result) restore(inputs resultInputs) {
	r.fill(inputs.profile)
	r.named = inputs.named
	r.refreshSave()
}
