package ui

import (
	"context"

	"amarre/authclient"
	"amarre/ui/kit"
)

// ask opens a dialog with a text. The last answer is the default.
func (w *Window) ask(title, text string, answers ...kit.Answer) {
	w.show(kit.Question{Title: title, Text: text, Answers: answers})
}

// show opens a dialog and masks the secrets that are shown. Callers check blocked, or
// that no dialog is open, first.
func (w *Window) show(q kit.Question) {
	w.conceal()
	w.active()
	closed := q.Closed
	q.Closed = func() {
		w.dialog = nil
		for _, entry := range w.dialogSecrets {
			entry.SetSecret(authclient.Secret{})
		}
		w.dialogSecrets = nil
		if w.win.Canvas().Focused() == nil { // the dialog was opened from a menu, which had the focus
			w.win.Canvas().Focus(w.list.list)
		}
		if closed != nil {
			closed()
		}
	}
	q.Keys = w.keys
	w.dialog = kit.Ask(w.win.Canvas(), q)
	w.name("ask.text", w.dialog.Body())
	w.name("ask.problem", w.dialog.ProblemLabel())
	if q.Input != nil {
		w.name("ask.input", q.Input)
	}
	names := []string{"ask.0", "ask.1", "ask.2", "ask.3"}
	for i, button := range w.dialog.Buttons {
		w.name(names[i], button)
	}
}

// dialogSecret makes an entry for a secret in the dialog that is being opened. What it
// holds is masked as the password in the form is, and discarded with the dialog.
func (w *Window) dialogSecret(name string, keys kit.Keys) *kit.SecretEntry {
	entry := named(w, name, kit.NewSecretEntry(keys))
	entry.OnReveal = w.secretRevealed
	entry.PasteRefused = func(why error) { w.dialog.Fail(w.pasteRefused(why)) }
	w.dialogSecrets = append(w.dialogSecrets, entry)
	return entry
}

// taskDialog is a dialog that runs one operation at a time and shows its progress.
// Closing it cancels the operation.
type taskDialog struct {
	w       *Window
	dialog  *kit.Dialog
	running bool
}

func (d *taskDialog) open(q kit.Question) {
	closed := q.Closed
	q.Closed = func() {
		if d.running {
			d.w.cancel()
		}
		if closed != nil {
			closed()
		}
	}
	d.w.show(q)
	d.dialog = d.w.dialog
}

// setText changes the text, unless the dialog is closed.
func (d *taskDialog) setText(text string) {
	if d.w.dialog == d.dialog {
		d.dialog.SetText(text)
	}
}

// start is [Window.start] for an operation of the dialog. It does nothing while one runs.
func (d *taskDialog) start(show func(running string), text string, work func(ctx context.Context) (then func())) {
	if d.running {
		return
	}
	d.running = true
	d.w.start(show, text, func(ctx context.Context) func() {
		then := work(ctx)
		return func() {
			d.running = false
			then()
		}
	})
}

// noProgress is for an operation whose dialog already says that it is running.
func noProgress(string) {}
