package ui

import (
	"context"
	"errors"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/internal/report"
	"amarre/profile"
)

// save saves the token as a profile, or the changes of a saved profile.
func (w *Window) save() { w.saveThen(nil) }

// saveThen is save, and calls then after success. then may be nil.
func (w *Window) saveThen(then func()) {
	c := w.current
	if w.blocked() || c == nil || !(c.changed || w.result.edited() || w.environmentEdited()) {
		return
	}
	if c.changed && c.profile.ID != "" {
		w.askToReplace(c, then)
		return
	}
	w.store(c, false, then)
}

// errStoredChanged means that another program replaced the stored token after it was
// compared.
var errStoredChanged = errors.New("the stored token is no longer the one that was compared")

// fields returns a function that sets the inputs of the window in a profile and its
// secrets. For a saved token it only sets what the user changed.
func (w *Window) fields(c *credential) func(*profile.Profile, *profile.Secrets) {
	name, erp, note := w.result.name(), oneLine(w.result.erp.Text), oneLine(w.result.note.Text)
	environment, password, typed := c.profile.Environment, c.secrets.Password, w.newPassword(c)
	if w.formIsCurrent() {
		environment = w.form.selectedEnvironment()
	}
	keep, toggled := w.result.keep.Checked, w.result.keep.Checked != c.profile.HasPassword || c.changed
	if !typed.IsZero() {
		password = typed
	}
	was, all := c.profile, c.changed
	return func(p *profile.Profile, s *profile.Secrets) {
		setChanged(&p.Name, was.Name, name, all)
		setChanged(&p.ERP, was.ERP, erp, all)
		setChanged(&p.Note, was.Note, note, all)
		setChanged(&p.Environment, was.Environment, environment, all)
		switch {
		case keep && (toggled || !typed.IsZero() || s.Password.IsZero()):
			s.Password = password
		case !keep && toggled: // else another window may have kept one meanwhile
			s.Password = authclient.Secret{}
		}
	}
}

// newPassword returns the password in the form if it is of c and another one than c has;
// else the zero Secret.
func (w *Window) newPassword(c *credential) authclient.Secret {
	typed := w.form.password.Secret()
	if !w.formIsCurrent() || typed.Equal(c.secrets.Password) {
		return authclient.Secret{}
	}
	return typed
}

// setChanged sets a field if its value has changed, or always.
func setChanged[T comparable](field *T, was, value T, always bool) {
	if always || value != was {
		*field = value
	}
}

// store saves c and shows the outcome. If keepPrevious is set, the replaced token is kept as
// the previous token. then is called after success and may be nil.
func (w *Window) store(c *credential, keepPrevious bool, then func()) {
	fields, now := w.fields(c), w.deps.Now()
	was := *c // c may change while the operation runs
	w.change(w.t.T("save.running"), func(ctx context.Context) func() {
		var saved profile.Profile
		var secrets profile.Secrets
		var err error
		if was.profile.ID != "" {
			saved, err = w.deps.Store.Edit(ctx, was.profile.ID, func(p *profile.Profile, s *profile.Secrets) error {
				if was.changed && !s.Token.Equal(was.stored) && !s.Token.Equal(was.secrets.Token) {
					return errStoredChanged
				}
				fields(p, s)
				if was.changed {
					s.Renew(was.secrets.Token, keepPrevious, now)
				}
				secrets = *s
				return nil
			})
		}
		if was.profile.ID == "" || keyring.ClassOf(err) == profile.ClassNotFound || profile.IsGone(err) {
			create := create(was.secrets, fields, &secrets)
			saved, err = w.deps.Store.Put(ctx, was.profile, create)
			if keyring.ClassOf(err) == keyring.ClassUnavailable && was.profile.ID == "" {
				saved, err = w.putInSession(ctx, was.profile, create)
			}
		}
		return func() { w.showSaved(c, saved, secrets, err, then) }
	})
}

// create returns a function that fills a new profile, or one whose keyring item is missing,
// with given secrets. That function also sets *secrets to the secrets to save.
func create(given profile.Secrets, fields func(*profile.Profile, *profile.Secrets), secrets *profile.Secrets) profile.EditFunc {
	return func(p *profile.Profile, s *profile.Secrets) error {
		if !s.Token.IsZero() { // another program has saved a token
			return &keyring.Error{Class: profile.ClassDuplicate, Op: "save the profile"}
		}
		*s = profile.Secrets{Token: given.Token, Previous: given.Previous, Replaced: given.Replaced}
		fields(p, s)
		*secrets = *s
		return nil
	}
}

// putInSession keeps a profile in memory until the window is closed.
func (w *Window) putInSession(ctx context.Context, p profile.Profile, create profile.EditFunc) (profile.Profile, error) {
	saved, err := w.deps.Store.Session().Put(ctx, p, create)
	saved.Session = true
	return saved, err
}

// showSaved shows the outcome of saving c.
func (w *Window) showSaved(c *credential, saved profile.Profile, secrets profile.Secrets, err error, then func()) {
	w.note(report.Save, err)
	switch {
	case errors.Is(err, errStoredChanged):
		w.compare(c, func() { w.askToReplace(c, then) })
		return
	case err != nil:
		if saved.ID != "" && c.profile.ID == "" {
			// The profile is in the list, but its item may not be saved. Saving again
			// must use the same profile.
			c.profile.ID = saved.ID
			c.stored = c.secrets.Token
		}
		why := w.t.T("save.failed", "Why", w.t.Store(err))
		if c.profile.ID == "" && !profile.IsInvalid(err) {
			w.result.trouble(why, action{w.t.T("save.again"), func() { w.saveThen(then) }}, action{w.t.T("save.session"), func() { w.keepForSession(c, then) }})
		} else {
			w.result.trouble(why)
		}
		w.recheckKeyring(err)
		w.reload(nil)
		return
	}
	w.result.dismiss()
	if w.current == c {
		*c = credential{profile: saved, secrets: secrets, copied: c.copied}
		w.open = &saved
		w.form.savedText = textOf(saved)
		w.result.present()
	}
	key := "save.done"
	switch {
	case w.deps.Demo != nil:
	case saved.Session:
		key = "save.done_session"
		w.readKeyringState()
	default:
		w.setKeyringState(keyring.Ready)
	}
	w.status.say(w.t.T(key, "Name", shorten(saved.Name)), "", nil)
	w.menu.refresh()
	w.reload(then)
}

// keepForSession keeps c in memory until the window is closed, after the keyring failed to
// save it.
func (w *Window) keepForSession(c *credential, then func()) {
	if w.blocked() || w.current != c {
		return
	}
	var secrets profile.Secrets
	credential, create := c.profile, create(c.secrets, w.fields(c), &secrets)
	w.change(w.t.T("save.running"), func(ctx context.Context) func() {
		saved, err := w.putInSession(ctx, credential, create)
		return func() { w.showSaved(c, saved, secrets, err, then) }
	})
}

// openProfile opens a saved profile.
func (w *Window) openProfile(p profile.Profile) {
	if w.blocked() {
		return
	}
	w.unlessUnsaved(func() { w.load(p) })
}

// load reads the secrets of a profile and shows them. If the keyring no longer has them, it
// fills in the form, so that the user can get a new token.
func (w *Window) load(p profile.Profile) {
	w.start(w.status.running, w.t.T("open.running", "Name", shorten(p.Name)), func(ctx context.Context) func() {
		secrets, err := w.deps.Store.Load(ctx, p)
		return func() {
			w.note(report.Open, err)
			gone := profile.IsGone(err)
			if err != nil && !gone {
				w.result.trouble(w.t.T("open.failed", "Name", shorten(p.Name), "Why", w.t.Store(err)),
					action{w.t.T("open.again"), func() { w.openProfile(p) }})
				w.recheckKeyring(err)
				return
			}
			w.open, w.current = &p, nil
			w.result.dismiss()
			bare := keyring.ClassOf(err) == profile.ClassBareToken
			switch {
			case !gone:
				w.current = &credential{profile: p, secrets: secrets, copied: true}
			case bare: // a token that is not saved
				w.current = &credential{profile: p, secrets: secrets, changed: true}
			}
			w.form.fill(textOf(p), secrets.Password)
			w.result.present()
			if bare {
				w.result.inform(w.t.T("open.bare_token", "Name", shorten(p.Name)))
			} else if gone {
				w.result.trouble(w.t.T("open.gone", "Name", shorten(p.Name), "Why", w.t.Store(err)),
					action{w.t.T("open.enter"), w.enterAgain}, action{w.t.T("open.remove"), func() { w.deleteProfiles([]profile.Profile{p}) }})
			}
			w.list.selectOpen()
			if !p.Session && w.deps.Demo == nil {
				w.setKeyringState(keyring.Ready)
			}
			w.menu.refresh()
			if gone != p.Missing {
				w.reload(nil)
			}
		}
	})
}

// enterAgain gives the focus to the form, to get a missing token again.
func (w *Window) enterAgain() {
	if w.dialog == nil {
		w.form.focusFirstEmpty()
	}
}
