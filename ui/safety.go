package ui

import (
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/internal/settings"
	"amarre/ui/kit"
)

// safety opens the security settings: the delay of the clipboard and, if the system can do
// it, whether the window is hidden from screen captures while a secret is shown.
func (w *Window) safety() {
	if w.blocked() {
		return
	}
	var delay *kit.Entry
	var hide *kit.Check
	least, most := int(settings.MinClear.Seconds()), int(w.deps.Clients.Policy.ClearAfter(settings.MaxClear).Seconds())
	w.show(kit.Question{
		Title: w.t.T("safety.title"), Width: diagnoseWidth,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			submit := func() { w.dialog.Default() }
			delay = named(w, "ask.input", kit.NewEntry(keys))
			delay.SetText(strconv.Itoa(int(w.clearAfter().Seconds())))
			delay.OnSubmitted = func(string) { submit() }
			lines := container.NewVBox(container.New(layout.NewFormLayout(),
				widget.NewLabel(w.t.T("safety.delay", "Least", least, "Most", most)), delay))
			if w.deps.HideFromCaptures != nil {
				hide = named(w, "ask.hide", kit.NewCheck(w.t.T("safety.hide"), keys, nil))
				hide.SetChecked(!w.settings.ShowInCaptures)
				hide.OnSubmitted = submit
				lines.Add(hide)
				lines.Add(kit.NewParagraph(w.t.T("safety.hide_why")))
			}
			if fixed := w.t.PolicySummary(w.deps.Clients.Policy); fixed != "" {
				lines.Add(widget.NewSeparator())
				lines.Add(named(w, "ask.fixed", kit.NewParagraph(fixed)))
			}
			return lines, delay
		},
		Answers: []kit.Answer{
			{Text: w.t.T("form.cancel")},
			{Text: w.t.T("safety.save"), Stay: true, Do: func() {
				seconds, err := strconv.Atoi(authclient.TrimPasted(delay.Text))
				if err != nil || seconds < least || seconds > most {
					w.dialog.Fail(w.t.T("safety.delay_wrong", "Least", least, "Most", most))
					return
				}
				showInCaptures := w.settings.ShowInCaptures
				if hide != nil {
					showInCaptures = !hide.Checked
				}
				w.changeSettings(func(s *settings.Settings) { s.ClearSeconds, s.ShowInCaptures = seconds, showInCaptures })
				w.dialog.Escape()
			}},
		},
	})
}

// clearAfter returns the delay after which the clipboard is cleared.
func (w *Window) clearAfter() time.Duration {
	return w.deps.Clients.Policy.ClearAfter(w.settings.ClearAfter())
}

// secretRevealed is called when a secret in the form or in a dialog is shown or hidden. It
// masks the secret once revealFor has passed.
func (w *Window) secretRevealed(shown bool) {
	w.stopShowing.replace(nil)
	if shown {
		w.active()
		w.stopShowing.replace(w.deps.After(revealFor, w.conceal))
	}
	w.hideFromCaptures()
}

// hideFromCaptures hides the window from screen captures while a secret is shown, unless
// the system cannot or the settings say otherwise.
func (w *Window) hideFromCaptures() {
	if w.deps.HideFromCaptures == nil {
		return
	}
	shown := w.result.revealed || w.form.password.Revealed() || slices.ContainsFunc(w.dialogSecrets, (*kit.SecretEntry).Revealed)
	hide := shown && !w.settings.ShowInCaptures
	if hide != w.hidden {
		w.hidden = hide
		w.deps.HideFromCaptures(hide)
	}
}

// idleAfter is how long the window may be unused before it discards secrets.
const idleAfter = 5 * time.Minute

// active restarts the idle timer. It is called when the user does something.
func (w *Window) active() { w.stopIdle.replace(w.deps.After(idleAfter, w.idle)) }

// idle discards the password in the form and the token of a saved profile. It only masks a
// token that is not saved, which would be lost.
func (w *Window) idle() {
	if w.call != nil {
		w.active()
		return
	}
	if w.dialog != nil {
		w.dialog.Escape() // it may have a passphrase
	}
	w.conceal()
	c := w.current
	loaded := c != nil && !c.changed && !w.result.edited() && !w.environmentEdited()
	if !loaded && w.form.password.Text == "" {
		return
	}
	w.form.password.SetSecret(authclient.Secret{})
	if loaded {
		w.leave()
	}
	w.status.say(w.t.T("idle.forgotten"), "", nil)
}
