package ui

import (
	"context"
	"slices"
	"strings"

	"amarre/internal/keyring"
	"amarre/internal/report"
	"amarre/profile"
	"amarre/ui/kit"
)

// readKeyringState reads the state of the keyring, which never asks the user to unlock it.
func (w *Window) readKeyringState() {
	w.deps.Run(func() func() {
		state := w.deps.Store.State(context.Background()) // has a timeout
		return func() {
			if !w.closed {
				w.setKeyringState(state)
			}
		}
	})
}

// onForeground reads the state of the keyring again. The user may have unlocked or started
// the keyring in another window.
func (w *Window) onForeground() {
	if w.keyring != keyring.Ready && w.keyring != "" && w.call == nil && !w.closed {
		w.readKeyringState()
	}
}

// setKeyringState shows the state of the keyring, and starts what was waiting for it.
func (w *Window) setKeyringState(state keyring.State) {
	before := w.keyring
	w.keyring = state
	w.status.refreshKeyring()
	if state == before {
		return
	}
	w.rebuildIfNeeded()
	if state != keyring.Ready {
		return
	}
	w.erasePasswords()
	if n := w.inSession(); n > 0 && w.deps.Demo == nil {
		w.status.say(w.t.N("session.waiting", n), w.t.T("session.save"), w.saveSession)
	}
}

// erasePasswords removes saved passwords from the keyring if the policy forbids them.
func (w *Window) erasePasswords() {
	if !w.deps.Clients.Policy.NoPasswords {
		return
	}
	w.deps.Run(func() func() {
		erased, _ := w.deps.Store.ErasePasswords(context.Background()) // has timeouts; the next start tries the rest
		return func() {
			if erased > 0 && !w.closed {
				w.result.inform(w.t.N("policy.erased", erased))
				w.reload(nil)
			}
		}
	})
}

// recheckKeyring reads the state of the keyring again after an error of the store. A nil
// err does nothing.
func (w *Window) recheckKeyring(err error) {
	if err != nil && w.deps.Demo == nil {
		w.readKeyringState()
	}
}

// inSession returns the number of profiles that are only kept until the window is closed.
func (w *Window) inSession() int {
	n := 0
	for _, p := range w.all {
		if p.Session {
			n++
		}
	}
	return n
}

// saveSession saves the profiles of the session in the keyring.
func (w *Window) saveSession() {
	if w.blocked() {
		return
	}
	w.change(w.t.T("save.running"), func(ctx context.Context) func() {
		saved, err := w.deps.Store.SaveSession(ctx)
		return func() {
			if err != nil {
				w.result.trouble(w.t.T("save.failed", "Why", w.t.Store(err)))
				w.recheckKeyring(err)
			}
			if saved > 0 || err == nil {
				w.status.say(w.t.N("session.saved", saved), "", nil)
			}
			w.open = nil
			w.reload(w.refreshOpen)
		}
	})
}

// refreshOpen sets the open profile to the one in the list, after the store changed it.
func (w *Window) refreshOpen() {
	c := w.current
	if c == nil || c.changed {
		return
	}
	if saved := w.saved(c.profile); saved != nil {
		c.profile, w.open = *saved, saved
		w.list.selectOpen()
		w.result.refreshSave()
		w.menu.refresh()
	}
}

// rebuildIfNeeded rebuilds the list from the keyring if its file is missing or broken. If
// the keyring is not ready and the file is broken, it offers to do so.
func (w *Window) rebuildIfNeeded() {
	switch {
	case w.keyring == "" || w.blocked() || !profile.NeedsRebuild(w.listErr):
	case w.keyring == keyring.Ready:
		w.rebuildList(false)
	case profile.IsBroken(w.listErr):
		w.result.trouble(w.t.T("rebuild.locked", "Advice", w.t.Keyring(w.keyring, w.deps.Store.Product())), action{w.t.T("rebuild.try"), w.rebuildOnRequest})
	}
}

// rebuildOnRequest rebuilds the list from the keyring, and shows the outcome.
func (w *Window) rebuildOnRequest() { w.rebuildList(true) }

// rebuildList rebuilds the list from the keyring. If there was nothing to do, it only says
// so if the user requested it.
func (w *Window) rebuildList(requested bool) {
	if w.blocked() {
		return
	}
	w.start(w.status.running, w.t.T("rebuild.running"), func(ctx context.Context) func() {
		done, err := w.deps.Store.Rebuild(ctx)
		return func() {
			w.note(report.Rebuild, err)
			if err != nil {
				w.result.trouble(w.t.T("rebuild.failed", "Why", w.t.Store(err)), action{w.t.T("rebuild.try"), w.rebuildOnRequest})
				return
			}
			if text := w.t.Rebuilt(done); text != "" {
				w.result.inform(text)
			} else if requested {
				w.status.say(w.t.T("rebuild.nothing"), "", nil)
			}
			w.listErr = nil
			w.reload(nil)
		}
	})
}

// aboutKeyring opens a dialog that explains the state of the keyring and can test it.
func (w *Window) aboutKeyring() {
	if w.blocked() || w.deps.Demo != nil {
		return
	}
	text := w.t.T("keyring.looking")
	if w.keyring != "" {
		text = w.t.Keyring(w.keyring, w.deps.Store.Product())
	}
	d := &taskDialog{w: w}
	d.open(kit.Question{
		Title: w.t.T("keyring.title"), Text: text, Width: diagnoseWidth,
		Answers: []kit.Answer{
			{Text: w.t.T("keyring.test"), Stay: true, Do: func() { w.testKeyring(d) }},
			{Text: w.t.T("ask.close")},
		},
		Closed: w.rebuildIfNeeded,
	})
}

// testKeyring writes, reads and deletes an item of the keyring, and shows each step in a
// dialog.
func (w *Window) testKeyring(d *taskDialog) {
	var lines []string
	show := func(running string) {
		if running != "" {
			d.setText(strings.Join(append(slices.Clone(lines), running), "\n\n"))
		}
	}
	d.start(show, w.t.T("keyring.testing"), func(ctx context.Context) func() {
		err := w.deps.Store.SelfTest(ctx, func(step keyring.SelfTestStep) {
			w.deps.Do(func() {
				lines = append(lines, w.t.SelfTest(step, w.deps.Store.Product()))
				if step.Name == keyring.StepState {
					w.setKeyringState(step.State)
				}
			})
		})
		return func() {
			if err == nil {
				lines = append(lines, w.t.T("keyring.works"))
				w.setKeyringState(keyring.Ready)
			} else {
				lines = append(lines, w.t.T("keyring.fails"))
			}
			d.setText(strings.Join(lines, "\n\n"))
		}
	})
}
