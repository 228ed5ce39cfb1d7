package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// wideDialog is the width of a dialog with long lines, in device-independent pixels.
const wideDialog = 640

// showQuestion opens the question of the presenter, or closes the dialog of one that was
// answered.
func (w *Window) showQuestion() {
	q := w.p.Question()
	if w.asked != nil && w.asked != q {
		w.dialog.Close()
	}
	if q == nil || q == w.asked {
		return
	}
	w.tips.Dismiss()
	answers := make([]kit.Answer, len(q.Answers))
	for i, answer := range q.Answers {
		answers[i] = kit.Answer{Text: answer.Text, Do: func() { w.p.Answer(i) }}
	}
	w.asked = q
	w.dialog = kit.Ask(w.win.Canvas(), kit.Question{
		Title: q.Title, Text: q.Text, Answers: answers, Keys: w.keys,
		Escaped: func() { w.p.Answer(-1) },
		Closed: func() {
			w.dialog, w.asked = nil, nil
			w.focusPage()
		},
	})
}

// focusPage gives the focus to the page, if nothing has it that can be seen.
func (w *Window) focusPage() {
	if w.isFocusSeen() {
		return
	}
	if target := w.page().primary(); target != nil {
		w.win.Canvas().Focus(target)
	} else {
		w.win.Canvas().Unfocus()
	}
}

// isFocusSeen reports whether a visible widget has the focus.
func (w *Window) isFocusSeen() bool {
	focused := w.win.Canvas().Focused()
	return focused != nil && kit.Shown(focused)
}

// show opens a dialog of the window. Callers check that nothing is open or running.
func (w *Window) show(q kit.Question) {
	w.tips.Dismiss()
	handle := &openDialog{w}
	closed := q.Closed
	q.Closed = func() {
		w.dialog, w.dropped, w.hideDialog = nil, nil, nil
		w.clearSecrets()
		w.p.DialogClosed()
		if closed != nil {
			closed()
		}
		w.focusPage()
	}
	q.Keys = w.keys
	w.p.OpenDialog(handle)
	w.dialog = kit.Ask(w.win.Canvas(), q)
}

// openDialog is the dialog of the window as the presenter sees it.
type openDialog struct{ w *Window }

func (d *openDialog) Escape() {
	if d.w.dialog != nil {
		d.w.dialog.Escape()
	}
}

// dialogSecret makes an entry for a secret in the dialog that is being opened. What it holds is
// masked as the password in the form is, and discarded with the dialog.
func (w *Window) dialogSecret(keys kit.Keys) *kit.SecretEntry {
	entry := w.secretEntry(kit.NewSecretEntry(keys), func(why string) { w.dialog.Fail(why) })
	w.dialogSecrets = append(w.dialogSecrets, entry)
	return entry
}

// taskDialog is a dialog that runs one task at a time and shows its progress. Closing it
// cancels the task.
type taskDialog struct {
	w       *Window
	dialog  *kit.Dialog
	running bool
}

func (d *taskDialog) open(q kit.Question) {
	closed := q.Closed
	q.Closed = func() {
		if d.running {
			d.w.p.Cancel()
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

// start runs a task of the dialog. It does nothing while one runs.
func (d *taskDialog) start(show func(running string), text string, work func(ctx context.Context) (then func())) {
	if d.running || d.w.p.Task() != nil {
		return
	}
	d.running = true
	d.w.p.Run(text, presenter.TaskOptions{Dialog: true, Show: show}, func(ctx context.Context) func() {
		then := work(ctx)
		return func() {
			d.running = false
			then()
		}
	})
}

// browse returns a button that asks for a path with the system's dialog, and gives it to take.
func (w paths) browse(keys kit.Keys, ask func() askFor, take func(path string)) fyne.CanvasObject {
	return kit.NewPush(w.t.T("file.browse"), "folder-open", kit.Second, keys, func() { w.paths.askForPath(ask, take) }).Tall()
}
