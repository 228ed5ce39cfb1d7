package ui

import (
	"fyne.io/fyne/v2"

	"amarre/ui/kit"
)

// aboutKeyring opens a dialog that explains the state of the keyring and can test it.
func (w *Window) aboutKeyring() {
	if w.p.Blocked() || w.deps.Demo != nil {
		return
	}
	text := w.t.T("keyring.looking")
	if state := w.p.Keyring(); state != "" {
		text = w.t.Keyring(state, w.deps.Store.Product())
	}
	d, found := &taskDialog{w: w}, newFindings()
	d.open(kit.Question{
		Title: w.t.T("keyring.title"), Text: text, Width: wideDialog,
		Content: func(kit.Keys) (fyne.CanvasObject, fyne.Focusable) { return found.card, nil },
		Answers: []kit.Answer{
			{Text: w.t.T("ask.close")},
			{Text: w.t.T("keyring.test"), Stay: true, Do: func() { w.testKeyring(d, found) }},
		},
		Closed: w.p.RebuildIfNeeded,
	})
}

// testKeyring writes, reads and deletes an item of the keyring, and shows in a dialog each step
// and what they mean.
func (w *Window) testKeyring(d *taskDialog, found *findings) {
	if d.running {
		return
	}
	d.running = true
	found.clear()
	d.setText(w.t.T("keyring.testing"))
	step := func(line string) {
		found.add(line)
		d.setText(w.t.T("keyring.testing")) // the dialog grows
	}
	w.p.TestKeyring(step, func(works bool) {
		d.running = false
		_, _, verdict := finding(w.t.T("keyring.fails"))
		if works {
			_, _, verdict = finding(w.t.T("keyring.works"))
		}
		d.setText(verdict)
	})
}
