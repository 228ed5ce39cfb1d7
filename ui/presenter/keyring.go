package presenter

import (
	"context"
	"os"
	"path/filepath"

	"amarre/internal/keyring"
	"amarre/internal/report"
	"amarre/internal/settings"
	"amarre/profile"
)

// Keyring returns the state of the keyring; "" until it is known.
func (p *Presenter) Keyring() keyring.State { return p.keyring }

// readKeyringState reads the state of the keyring, which never asks the user to unlock it.
func (p *Presenter) readKeyringState() {
	p.keyringAt++
	at := p.keyringAt
	p.inBackground(func() func() {
		state := p.deps.Store.State(context.Background()) // has a timeout
		return func() {
			if at == p.keyringAt { // else a later state is known, or will be
				p.setKeyringState(state)
			}
		}
	})
}

// OnForeground reads the state of the keyring again: the user may have unlocked or started the
// keyring in another window.
func (p *Presenter) OnForeground() {
	if p.keyring != keyring.Ready && p.keyring != "" && p.task == nil && !p.closed {
		p.readKeyringState()
	}
}

// setKeyringState takes the state of the keyring, and starts what was waiting for it.
func (p *Presenter) setKeyringState(state keyring.State) {
	defer p.action()()
	before := p.keyring
	p.keyring = state
	p.keyringAt++
	p.update(NoticePart)
	if state == before {
		return
	}
	p.update(PagePart)
	p.rebuildIfNeeded()
	if state != keyring.Ready {
		return
	}
	p.erasePasswords()
	p.checkDaily()
	if n := p.inSession(); n > 0 && p.deps.Demo == nil {
		p.Say("lock-open", p.t.N("session.waiting", n), p.t.T("session.save"), p.SaveSession)
	}
	if c := p.cred; c != nil && c.State == Unreadable && before != "" {
		p.whenFree(func() {
			if p.isOpen(c) && p.cred.State == Unreadable {
				p.reread(p.latest(c.Profile), nil)
			}
		})
	}
}

// erasePasswords removes saved passwords from the keyring if the policy forbids them.
func (p *Presenter) erasePasswords() {
	if !p.deps.Clients.Policy.NoPasswords {
		return
	}
	p.inBackground(func() func() {
		erased, _ := p.deps.Store.ErasePasswords(context.Background()) // has timeouts; the next start tries the rest
		return func() {
			if erased > 0 {
				p.inform(p.t.N("policy.erased", erased))
				p.Reload(nil)
			}
		}
	})
}

// recheckKeyring reads the state of the keyring again after an error of the store. A nil err
// does nothing.
func (p *Presenter) recheckKeyring(err error) {
	if err != nil && p.deps.Demo == nil {
		p.readKeyringState()
	}
}

// RecheckKeyring is for the dialogs of the view: it reads the state again after an error.
func (p *Presenter) RecheckKeyring(err error) { p.recheckKeyring(err) }

// inSession returns the number of profiles that are only kept until the window is closed.
func (p *Presenter) inSession() int {
	session := p.deps.Store.Session()
	if session == nil {
		return 0
	}
	all, _ := session.List() // in memory; the list may not be read again yet
	return len(all)
}

// SaveSession saves the profiles of the session in the keyring.
func (p *Presenter) SaveSession() {
	defer p.action()()
	if p.Blocked() {
		return
	}
	p.Change(p.t.T("save.running"), func(ctx context.Context) func() {
		saved, err := p.deps.Store.SaveSession(ctx)
		return func() {
			if err != nil {
				p.Trouble(p.t.T("save.failed", "Why", p.t.Store(err)))
				p.recheckKeyring(err)
			}
			if saved > 0 || err == nil {
				p.Say("check", p.t.N("session.saved", saved), "", nil)
			}
			p.Reload(nil)
		}
	})
}

// rebuildIfNeeded rebuilds the list from the keyring if its file is missing or broken. If the
// keyring is not ready and the file is broken, it offers to do so.
func (p *Presenter) rebuildIfNeeded() {
	switch {
	case p.Blocked():
		p.rebuildDue = true
	case p.keyring == "" || !p.list.read || !profile.NeedsRebuild(p.list.err):
	case p.keyring == keyring.Ready:
		p.rebuild(false)
	case profile.IsBroken(p.list.err):
		p.Trouble(p.t.T("rebuild.locked", "Advice", p.t.Keyring(p.keyring, p.deps.Store.Product())), Action{p.t.T("rebuild.try"), p.Rebuild})
	}
}

// RebuildIfNeeded rebuilds the list if that waited for a dialog to be closed.
func (p *Presenter) RebuildIfNeeded() {
	defer p.action()()
	p.rebuildIfNeeded()
}

// Rebuild rebuilds the list from the keyring, and shows the outcome.
func (p *Presenter) Rebuild() {
	defer p.action()()
	p.rebuild(true)
}

// rebuild rebuilds the list from the keyring. If there was nothing to do, it only says so if
// the user requested it.
func (p *Presenter) rebuild(requested bool) {
	if p.Blocked() {
		return
	}
	p.Run(p.t.T("rebuild.running"), TaskOptions{}, func(ctx context.Context) func() {
		done, err := p.deps.Store.Rebuild(ctx)
		return func() {
			p.Note(report.Rebuild, err)
			if err != nil {
				p.Trouble(p.t.T("rebuild.failed", "Why", p.t.Store(err)), Action{p.t.T("rebuild.try"), p.Rebuild})
				return
			}
			if text := p.t.Rebuilt(done); text != "" {
				p.inform(text)
			} else if requested {
				p.Say("check", p.t.T("rebuild.nothing"), "", nil)
			}
			p.list.err = nil
			p.Reload(nil)
		}
	})
}

// TestKeyring writes, reads and deletes an item of the keyring, and calls show with each step
// and at the end with the outcome. It runs as a task of a dialog.
func (p *Presenter) TestKeyring(show func(text string), done func(works bool)) {
	defer p.action()()
	if p.task != nil {
		return
	}
	p.Run(p.t.T("keyring.testing"), TaskOptions{Dialog: true}, func(ctx context.Context) func() {
		err := p.deps.Store.SelfTest(ctx, func(step keyring.SelfTestStep) {
			p.deps.Do(func() {
				show(p.t.SelfTest(step, p.deps.Store.Product()))
				if step.Name == keyring.StepState {
					p.setKeyringState(step.State)
				}
			})
		})
		return func() {
			if err == nil {
				p.setKeyringState(keyring.Ready)
			}
			done(err == nil)
		}
	})
}

// reportCrash shows once that the program crashed, and offers the report.
func (p *Presenter) reportCrash() {
	path := p.deps.CrashReport
	if path == "" || filepath.Base(path) == p.settings.LastCrashShown {
		return
	}
	p.ChangeSettings(func(s *settings.Settings) { s.LastCrashShown = filepath.Base(path) })
	p.Trouble(p.t.T("crash.told", "File", path), Action{p.t.T("crash.show"), func() { p.readCrash(path) }})
}

func (p *Presenter) readCrash(path string) {
	p.inBackground(func() func() {
		content, err := os.ReadFile(path)
		return func() {
			switch {
			case err != nil:
				p.Trouble(p.t.T("erp.unreadable"))
			case p.ShowCrash != nil && !p.Blocked():
				p.ShowCrash(string(content))
			}
		}
	})
}
