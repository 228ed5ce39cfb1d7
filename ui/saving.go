package ui

import (
	"context"
	"errors"

	"amarre/profile"
	"amarre/ui/kit"
)

// save keeps the token as a profile.
func (w *Window) save() { w.saveThen(nil) }

// saveThen saves and, once that is done, calls then.
func (w *Window) saveThen(then func()) {
	c := w.current
	if w.blocked() || c == nil || !(c.changed || w.result.edited() || w.environmentEdited()) {
		return
	}
	p, secrets := w.toSave()
	if c.changed && p.ID != "" {
		w.compareThenSave(c, p, secrets, then)
		return
	}
	w.store(c, p, secrets, then)
}

// toSave returns the profile as the window shows it.
func (w *Window) toSave() (profile.Profile, profile.Secrets) {
	c := w.current
	p := c.profile
	p.Name = w.result.name()
	same := w.formIsCurrent()
	if same {
		p.Environment = environments[w.form.environment.Chosen()]
	}
	secrets := profile.Secrets{Token: c.secrets.Token}
	if w.result.keep.Checked {
		secrets.Password = c.secrets.Password
		if typed := w.form.password.Secret(); secrets.Password.IsZero() && same {
			secrets.Password = typed
		}
	}
	return p, secrets
}

// compareThenSave saves over a saved profile: a token that an ERP may be using
// is never replaced without a question.
func (w *Window) compareThenSave(c *credential, p profile.Profile, secrets profile.Secrets, then func()) {
	w.start(w.status.running, w.t.T("save.comparing"), func(ctx context.Context) func() {
		stored, err := w.deps.Store.Load(ctx, p.ID)
		return func() {
			switch {
			case err == nil && stored.Token.Equal(secrets.Token), errors.Is(err, profile.ErrNotFound):
				w.store(c, p, secrets, then)
			case err != nil:
				w.result.trouble(w.t.T("save.failed", "Why", w.t.Store(err)))
			default:
				w.ask(w.t.T("replace.title", "Name", p.Name), w.t.T("replace.text"),
					kit.Answer{Text: w.t.T("replace.replace"), Do: func() { w.store(c, p, secrets, then) }},
					kit.Answer{Text: w.t.T("replace.keep")})
			}
		}
	})
}

// store saves and shows how that ended.
func (w *Window) store(c *credential, p profile.Profile, secrets profile.Secrets, then func()) {
	w.start(w.status.running, w.t.T("save.running"), func(ctx context.Context) func() {
		saved, err := w.deps.Store.Save(ctx, p, secrets)
		return func() {
			if err != nil && saved.ID != "" && c.profile.ID == "" {
				c.profile.ID = saved.ID // listed, outcome unknown: saving again is the same profile
			}
			if err != nil {
				w.result.trouble(w.t.T("save.failed", "Why", w.t.Store(err)))
				w.reload(nil)
				return
			}
			w.result.dismiss()
			if w.current == c {
				*c = credential{profile: saved, secrets: secrets, copied: c.copied}
				w.open = &saved
				w.form.settle(textOf(saved))
				w.result.present()
			}
			key := "save.done"
			if saved.Session && w.deps.Demo == nil {
				key = "save.done_session"
				w.keyringIs(profile.Absent)
			} else {
				w.keyringIs(profile.Ready)
			}
			w.status.say(w.t.T(key, "Name", shorten(saved.Name)), "", nil)
			w.menu.refresh()
			w.reload(then)
		}
	})
}

// openProfile shows a saved profile.
func (w *Window) openProfile(p profile.Profile) {
	if w.blocked() {
		return
	}
	w.unlessUnsaved(func() { w.load(p) })
}

// load reads a profile's secrets and shows it. Where they cannot be read the
// form shows the rest, to ask for a token again.
func (w *Window) load(p profile.Profile) {
	w.start(w.status.running, w.t.T("open.running", "Name", p.Name), func(ctx context.Context) func() {
		secrets, err := w.deps.Store.Load(ctx, p.ID)
		return func() {
			if err != nil && !errors.Is(err, profile.ErrNotFound) {
				w.result.trouble(w.t.T("open.failed", "Name", p.Name, "Why", w.t.Store(err)))
				return
			}
			w.open, w.current = &p, nil
			w.result.dismiss()
			if err == nil {
				w.current = &credential{profile: p, secrets: secrets, copied: true}
			}
			w.form.fill(textOf(p), secrets.Password)
			w.result.present()
			if err != nil {
				w.result.trouble(w.t.T("open.missing", "Name", p.Name))
			}
			w.list.selectOpen()
			if !p.Session {
				w.keyringIs(profile.Ready)
			}
			w.menu.refresh()
		}
	})
}

// deleteOpen deletes the open profile, or the one highlighted in the list.
func (w *Window) deleteOpen() {
	p := w.open
	if p == nil && w.win.Canvas().Focused() == w.list.list {
		p = w.list.highlighted()
	}
	if p != nil {
		w.deleteProfile(*p)
	}
}

// deleteProfile deletes a profile at once: undo instead of a warning.
func (w *Window) deleteProfile(p profile.Profile) {
	if w.blocked() {
		return
	}
	w.start(w.status.running, w.t.T("delete.running", "Name", p.Name), func(ctx context.Context) func() {
		removed, err := w.deps.Store.Delete(ctx, p.ID)
		return func() {
			if err != nil {
				w.result.trouble(w.t.T("delete.failed", "Name", p.Name, "Why", w.t.Store(err)))
				w.reload(nil)
				return
			}
			w.removed = append(w.removed, removed)
			row := w.list.list.Row()
			if w.open != nil && w.open.ID == p.ID {
				w.leave()
				w.form.begin(p.Service)
				w.win.Canvas().Focus(w.list.list)
			}
			w.list.remove(p.ID)
			w.list.list.MoveTo(row) // the next one is where this one was
			w.sayDeleted(p.Name)
			w.reload(func() {
				w.list.list.MoveTo(row)
				w.menu.refresh()
			})
		}
	})
}

// sayDeleted says what was deleted, with a way back.
func (w *Window) sayDeleted(name string) {
	w.status.say(w.t.T("delete.done", "Name", shorten(name)), w.t.T("delete.undo"), w.undoDelete)
}

// undoDelete brings the last deleted profile back, then the one before it.
func (w *Window) undoDelete() {
	if w.blocked() || len(w.removed) == 0 {
		return
	}
	last := len(w.removed) - 1
	removed := w.removed[last]
	w.start(w.status.running, w.t.T("undo.running", "Name", removed.Profile.Name), func(ctx context.Context) func() {
		_, err := w.deps.Store.Restore(ctx, removed)
		return func() {
			if err != nil {
				w.result.trouble(w.t.T("undo.failed", "Name", removed.Profile.Name, "Why", w.t.Store(err)))
				w.reload(nil)
				return
			}
			w.removed = w.removed[:last]
			if last > 0 {
				w.sayDeleted(w.removed[last-1].Profile.Name)
			} else {
				w.status.say(w.t.T("undo.done", "Name", shorten(removed.Profile.Name)), "", nil)
			}
			w.reload(func() {
				w.list.moveTo(removed.Profile.ID)
				w.menu.refresh()
			})
		}
	})
}

// repair makes a list that cannot be read again from the keyring, and says so.
func (w *Window) repair() {
	w.start(w.status.running, w.t.T("repair.running"), func(ctx context.Context) func() {
		_, found, err := w.deps.Store.Repair(ctx)
		return func() {
			if err != nil {
				w.result.trouble(w.t.T("repair.failed", "Why", w.t.Store(err)))
			} else {
				w.result.note(w.t.N("repair.done", found))
			}
			w.reload(nil)
		}
	})
}
