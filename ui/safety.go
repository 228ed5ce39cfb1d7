package ui

import (
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

// safety lets the user choose how long a copy lasts and, where the system can do
// it, whether the window is hidden from captures while a secret is shown.
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
			delay = kit.NewEntry(keys)
			delay.SetText(strconv.Itoa(int(w.clearAfter().Seconds())))
			delay.OnSubmitted = func(string) { submit() }
			w.name("ask.input", delay)
			lines := container.NewVBox(container.New(layout.NewFormLayout(),
				widget.NewLabel(w.t.T("safety.delay", "Least", least, "Most", most)), delay))
			if w.deps.HideFromCaptures != nil {
				hide = kit.NewCheck(w.t.T("safety.hide"), keys, nil)
				hide.SetChecked(!w.settings.ShowInCaptures)
				hide.OnSubmitted = submit
				why := kit.NewParagraph(w.t.T("safety.hide_why"))
				w.name("ask.hide", hide)
				lines.Add(hide)
				lines.Add(why)
			}
			if fixed := w.t.Fixed(w.deps.Clients.Policy); fixed != "" {
				label := kit.NewParagraph(fixed)
				w.name("ask.fixed", label)
				lines.Add(widget.NewSeparator())
				lines.Add(label)
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
				w.settings.ClearSeconds = seconds
				if hide != nil {
					w.settings.ShowInCaptures = !hide.Checked
				}
				w.deps.SaveSettings(w.settings)
				w.dialog.Escape()
			}},
		},
	})
}

// clearAfter returns the delay until a copy is cleared.
func (w *Window) clearAfter() time.Duration {
	return w.deps.Clients.Policy.ClearAfter(w.settings.ClearAfter())
}

// passwordRevealed follows the password in the form: it is shown for as long as a
// token is.
func (w *Window) passwordRevealed(shown bool) {
	w.stopShowing()
	w.stopShowing = func() {}
	if shown {
		w.active()
		w.stopShowing = w.deps.After(revealFor, w.conceal)
	}
	w.hideFromCaptures()
}

// hideFromCaptures hides the window from captures while a secret is shown, where
// the system can and the user has not said otherwise.
func (w *Window) hideFromCaptures() {
	if w.deps.HideFromCaptures == nil {
		return
	}
	hide := !w.settings.ShowInCaptures && (w.result.revealed() || w.form.password.Revealed())
	if hide != w.hidden {
		w.hidden = hide
		w.deps.HideFromCaptures(hide)
	}
}
