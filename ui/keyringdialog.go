package ui

import (
	"strings"

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
	d := &taskDialog{w: w}
	d.open(kit.Question{
		Title: w.t.T("keyring.title"), Text: text, Width: wideDialog,
		Answers: []kit.Answer{
			{Text: w.t.T("ask.close")},
			{Text: w.t.T("keyring.test"), Stay: true, Do: func() { w.testKeyring(d) }},
		},
		Closed: w.p.RebuildIfNeeded,
	})
}

// testKeyring writes, reads and deletes an item of the keyring, and shows each step in a
// dialog.
func (w *Window) testKeyring(d *taskDialog) {
	if d.running {
		return
	}
	var lines []string
	say := func(line string) {
		lines = append(lines, line)
		d.setText(strings.Join(lines, "\n"))
	}
	d.running = true
	d.setText(w.t.T("keyring.testing"))
	w.p.TestKeyring(say, func(works bool) {
		d.running = false
		if works {
			say(w.t.T("keyring.works"))
		} else {
			say(w.t.T("keyring.fails"))
		}
	})
}
