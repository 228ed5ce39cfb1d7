package ui

import (
	"cmp"

	"fyne.io/fyne/v2"

	"amarre/profile"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// previousToken opens a dialog that can check, restore or delete the previous token.
func (w tokens) previousToken() {
	c := w.p.Credential()
	if w.p.Blocked() || c == nil || c.State != presenter.Saved || c.Secrets.Previous.IsZero() {
		return
	}
	text := w.t.T("previous.text", "Date", w.t.Moment(c.Secrets.Replaced))
	d := &taskDialog{w: w.Window}
	d.open(kit.Question{
		Title: w.t.T("previous.title", "Name", shorten(c.Profile.Name)), Text: text, Width: wideDialog,
		Answers: []kit.Answer{
			{Text: w.t.T("previous.forget"), Do: w.p.ForgetPrevious},
			{Text: w.t.T("previous.return"), Do: w.p.ReturnToPrevious},
			{Text: w.t.T("ask.close")},
			{Text: w.t.T("result.check"), Stay: true, Do: func() {
				w.p.CheckPrevious(func(verdict profile.Verdict) {
					d.setText(text + "\n" + w.t.T("previous."+string(cmp.Or(verdict, "unknown"))))
				})
			}},
		},
	})
}

// useToken asks for a token that somebody else has got for the open port.
func (w tokens) useToken() {
	c := w.p.Credential()
	if w.p.Blocked() || c == nil || c.Profile.ID == "" || c.Unsaved() {
		return
	}
	var entry *kit.SecretEntry
	var field *kit.LabelledField
	w.show(kit.Question{
		Title: w.t.T("use_token.title", "Name", shorten(c.Profile.Name)), Text: w.t.T("use_token.text"), Width: 520,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			entry = w.dialogSecret(keys)
			entry.OnSubmitted = func(string) { w.dialog.Default() }
			field = kit.NewLabelledField(w.t.T("reading.token"), entry)
			return field, entry
		},
		Answers: []kit.Answer{
			{Text: w.t.T("form.cancel")},
			{Text: w.t.T("use_token.do"), Stay: true, Do: func() {
				token := entry.Secret()
				if token.IsZero() {
					field.Fail(w.t.T("use_token.empty"))
					w.win.Canvas().Focus(entry)
					return
				}
				w.dialog.Escape()
				w.p.UseToken(token)
			}},
		},
	})
}
