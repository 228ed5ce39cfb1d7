package ui

import (
	"context"
	"strings"

	"amarre/internal/keyring"
	"amarre/internal/report"
	"amarre/profile"
	"amarre/ui/kit"
)

// lookAtKeyring finds out what state the keyring is in, without asking the user.
func (w *Window) lookAtKeyring() {
	w.deps.Run(func() func() {
		state := w.deps.Store.State(context.Background()) // has a limit of its own
		return func() {
			if !w.closed {
				w.setKeyringState(state)
			}
		}
	})
}

// onForeground is called when the user comes back to the window: they may have
// unlocked or started the keyring meanwhile, or an import may wait.
func (w *Window) onForeground() {
	if w.keyring != keyring.Ready && w.keyring != "" && w.call == nil && !w.closed {
		w.lookAtKeyring()
	}
}

// setKeyringState shows what is known of the keyring, and goes on with what waited for
// it.
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

// erasePasswords takes the passwords out of the keyring that the policy forbids and
// that were kept before it did.
func (w *Window) erasePasswords() {
	if !w.deps.Clients.Policy.NoPasswords {
		return
	}
	w.deps.Run(func() func() {
		erased, _ := w.deps.Store.ErasePasswords(context.Background()) // has limits of its own; what is left is tried at the next start
		return func() {
			if erased > 0 && !w.closed {
				w.result.inform(w.t.N("policy.erased", erased))
				w.reload(nil)
			}
		}
	})
}

// recheckKeyring looks at the keyring again after an error of it, so that what the
// window says of it is so.
func (w *Window) recheckKeyring(err error) {
	if err != nil && w.deps.Demo == nil {
		w.lookAtKeyring()
	}
}

// inSession returns how many profiles are kept for this session only.
func (w *Window) inSession() int {
	n := 0
	for _, p := range w.all {
		if p.Session {
			n++
		}
	}
	return n
}

// saveSession puts the profiles of this session into the keyring, which has come.
func (w *Window) saveSession() {
	if w.blocked() {
		return
	}
	w.start(w.status.running, w.t.T("save.running"), func(ctx context.Context) func() {
		saved, err := w.deps.Store.SaveSession(ctx)
		return func() {
			if err != nil {
				w.result.trouble(w.t.T("save.failed", "Why", w.t.Store(err)))
				w.recheckKeyring(err)
			}
			if saved > 0 || err == nil {
				w.status.say(w.t.N("session.saved", saved), "", nil)
			}
			w.open = nil // its facts have changed
			w.reload(func() { w.reopen() })
		}
	})
}

// reopen finds the shown profile in the list again, after the store gave it other
// facts.
func (w *Window) reopen() {
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

// rebuildIfNeeded makes the list agree with the keyring where the file cannot be
// trusted. A keyring that would ask the user is asked only if nothing can be done
// otherwise, and after an offer.
func (w *Window) rebuildIfNeeded() {
	switch {
	case w.keyring == "" || w.blocked() || !profile.NeedsRebuild(w.listErr):
	case w.keyring == keyring.Ready:
		w.rebuildList(false)
	case profile.IsBroken(w.listErr):
		w.result.trouble(w.t.T("rebuild.locked", "Advice", w.t.Keyring(w.keyring)), action{w.t.T("rebuild.try"), w.rebuildOnRequest})
	}
}

// rebuildOnRequest makes the list agree with the keyring, and says what it did.
func (w *Window) rebuildOnRequest() { w.rebuildList(true) }

// rebuildList is rebuildOnRequest; asked is whether the user asked for it and wants to know
// that there was nothing to do.
func (w *Window) rebuildList(asked bool) {
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
			} else if asked {
				w.status.say(w.t.T("rebuild.nothing"), "", nil)
			}
			w.listErr = nil
			w.reload(nil)
		}
	})
}

// aboutKeyring says what state the keyring is in and what to do, and tries it.
func (w *Window) aboutKeyring() {
	if w.blocked() || w.deps.Demo != nil {
		return
	}
	running := false
	text := func() string {
		if w.keyring == "" { // not known yet
			return w.t.T("keyring.looking")
		}
		return w.t.Keyring(w.keyring)
	}
	var dialog *kit.Dialog
	var lines []string
	w.show(kit.Question{
		Title: w.t.T("keyring.title"),
		Text:  text(),
		Width: diagnoseWidth,
		Answers: []kit.Answer{
			{Text: w.t.T("keyring.test"), Stay: true, Do: func() {
				if running {
					return
				}
				running, lines = true, nil
				w.start(func(running string) {
					if w.dialog == dialog && running != "" {
						dialog.SetText(strings.Join(append(lines[:len(lines):len(lines)], running), "\n\n"))
					}
				}, w.t.T("keyring.testing"), func(ctx context.Context) func() {
					err := w.deps.Store.SelfTest(ctx, func(step keyring.SelfTestStep) {
						w.deps.Do(func() {
							lines = append(lines, w.t.SelfTest(step))
							if step.Name == keyring.StepState {
								w.setKeyringState(step.State)
							}
						})
					})
					return func() {
						running = false
						if err == nil {
							lines = append(lines, w.t.T("keyring.works"))
							w.setKeyringState(keyring.Ready)
						} else {
							lines = append(lines, w.t.T("keyring.fails"))
						}
						if w.dialog == dialog {
							dialog.SetText(strings.Join(lines, "\n\n"))
						}
					}
				})
			}},
			{Text: w.t.T("ask.close")},
		},
		Closed: func() {
			if running {
				w.cancel()
			}
			w.rebuildIfNeeded()
		},
	})
	dialog = w.dialog
	w.name("ask.text", dialog.Body())
}
