package presenter

import (
	"context"
	"errors"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/internal/report"
	"amarre/profile"
)

// Save saves a token that is not saved, or the changes in the form. Of two tokens it saves
// none: which to keep is only decided by [Presenter.SaveNew] and [Presenter.KeepStored].
func (p *Presenter) Save() {
	defer p.action()()
	p.saveThen(nil)
}

// SaveAndCopy copies the token, and saves it.
func (p *Presenter) SaveAndCopy() {
	defer p.action()()
	if c := p.cred; p.Blocked() || c == nil || c.State != Obtained {
		return
	}
	p.Copy()
	p.saveThen(nil)
}

// saveThen is Save, and calls then once everything is saved. then may be nil.
func (p *Presenter) saveThen(then func()) {
	c := p.cred
	switch {
	case p.Blocked() || c == nil:
	case p.under() == Editing && p.form.Mode == EditPort:
		p.saveEdit(then)
	case c.State == Obtained && c.Profile.ID != "" && c.Stored.IsZero():
		p.compare(c, then, func() { p.store(then) })
	case c.State == Obtained:
		p.store(then)
	}
}

// resume calls then, which may be nil, after c was saved: once it may begin, unless something
// else was opened meanwhile. It asks about what was typed since.
func (p *Presenter) resume(c *Credential, then func()) {
	if then == nil {
		return
	}
	p.whenFree(func() {
		if p.isOpen(c) {
			p.unlessUnsaved(then)
		}
	})
}

// saving is Change for what is in the form now.
func (p *Presenter) saving(work func(ctx context.Context) (then func())) {
	p.form.sent = p.form.text()
	p.Change(p.t.T("save.running"), work)
}

// fields returns a function that sets the inputs of the form in a profile and its secrets.
// Unless all is set, it only sets what the user has changed.
func (p *Presenter) fields(was profile.Profile, all bool) func(*profile.Profile, *profile.Secrets) {
	f := p.form
	text := f.text()
	name := text.texts[Name]
	if name == "" {
		name = was.PortCode
	}
	password, keep := f.Password, f.Keep
	toggled := keep != f.wasKept || all
	return func(to *profile.Profile, s *profile.Secrets) {
		setChanged(&to.Name, was.Name, name, all)
		setChanged(&to.ERP, was.ERP, text.texts[ERP], all)
		setChanged(&to.Note, was.Note, text.texts[Note], all)
		setChanged(&to.Environment, was.Environment, f.Environment, all)
		switch {
		case keep && !password.IsZero():
			s.Password = password
		case !keep && toggled: // else another window may have kept one meanwhile
			s.Password = authclient.Secret{}
		}
	}
}

// setChanged sets a field if its value has changed, or always.
func setChanged[T comparable](field *T, was, value T, always bool) {
	if always || value != was {
		*field = value
	}
}

// saveEdit saves the changes of a saved profile.
func (p *Presenter) saveEdit(then func()) {
	c, of := p.cred, p.form.Profile
	if !p.form.edited() {
		p.show(Editing)
		p.CancelForm()
		p.resume(c, then)
		return
	}
	if p.form.text().texts[Name] == "" {
		p.form.Problems[Name] = Problem{Error: true, Text: p.t.T("rename.empty")}
		p.update(ProblemsPart)
		p.show(Editing)
		p.focusOn(ToField, Name)
		return
	}
	if p.form.Keep && !p.form.wasKept && p.form.Password.IsZero() {
		p.form.Problems[Password] = Problem{Error: true, Text: p.t.T("error.password")}
		p.update(ProblemsPart)
		p.show(Editing)
		p.focusOn(ToField, Password)
		return
	}
	fields := p.fields(of, false)
	p.saving(func(ctx context.Context) func() {
		var secrets profile.Secrets
		saved, err := p.deps.Store.Edit(ctx, of.ID, func(to *profile.Profile, s *profile.Secrets) error {
			fields(to, s)
			secrets = *s
			return nil
		})
		if isLost(err) && c.HasToken() { // the only copy
			saved, err = p.deps.Store.Put(ctx, of, create(c.Secrets, fields, &secrets))
		}
		return func() { p.stored(c, saved, secrets, err, then) }
	})
}

// errStoredChanged means that another program replaced the stored token after it was compared.
var errStoredChanged = errors.New("the stored token is no longer the one that was compared")

// store saves the token of the open credential. A token that it replaces is kept as the
// previous one.
func (p *Presenter) store(then func()) {
	c, fields, now := p.cred, p.fields(p.cred.Profile, true), p.deps.Now()
	p.saving(func(ctx context.Context) func() {
		var saved profile.Profile
		var secrets profile.Secrets
		var err error
		if c.Profile.ID != "" {
			saved, err = p.deps.Store.Edit(ctx, c.Profile.ID, func(to *profile.Profile, s *profile.Secrets) error {
				if !s.Token.Equal(c.Stored) && !s.Token.Equal(c.Secrets.Token) {
					return errStoredChanged
				}
				fields(to, s)
				s.Renew(c.Secrets.Token, true, now)
				secrets = *s
				return nil
			})
		}
		if c.Profile.ID == "" || isLost(err) {
			create := create(c.Secrets, fields, &secrets)
			saved, err = p.deps.Store.Put(ctx, c.Profile, create)
			if keyring.ClassOf(err) == keyring.ClassUnavailable && c.Profile.ID == "" {
				saved, err = p.putInSession(ctx, c.Profile, create)
			}
		}
		return func() { p.stored(c, saved, secrets, err, then) }
	})
}

// isLost reports whether an error says that a profile or its item is no longer there.
func isLost(err error) bool {
	return keyring.ClassOf(err) == profile.ClassNotFound || profile.IsGone(err)
}

// create returns a function that fills a new profile, or one whose keyring item is missing,
// with given secrets. That function also sets *secrets to the secrets to save.
func create(given profile.Secrets, fields func(*profile.Profile, *profile.Secrets), secrets *profile.Secrets) profile.EditFunc {
	return func(to *profile.Profile, s *profile.Secrets) error {
		if !s.Token.IsZero() { // another program has saved a token
			return &keyring.Error{Class: profile.ClassDuplicate, Op: "save the profile"}
		}
		*s = given
		fields(to, s)
		*secrets = *s
		return nil
	}
}

// putInSession keeps a profile in memory until the window is closed.
func (p *Presenter) putInSession(ctx context.Context, of profile.Profile, create profile.EditFunc) (profile.Profile, error) {
	saved, err := p.deps.Store.Session().Put(ctx, of, create)
	saved.Session = true
	return saved, err
}

// stored shows the outcome of saving c, and calls then after success.
func (p *Presenter) stored(c *Credential, saved profile.Profile, secrets profile.Secrets, err error, then func()) {
	if err != nil {
		p.Note(report.Save, err)
	}
	switch {
	case errors.Is(err, errStoredChanged):
		p.compare(c, nil, nil) // and the user decides again
		return
	case err != nil:
		if saved.ID != "" && c.Profile.ID == "" && p.isOpen(c) {
			// The profile is in the list, but its item may not be saved. Saving again
			// must use the same profile.
			p.set(func(c *Credential) { c.Profile.ID, c.Stored = saved.ID, c.Secrets.Token })
		}
		why := p.t.T("save.failed", "Why", p.t.Store(err))
		if p.isOpen(c) && p.cred.State == Obtained && p.cred.Profile.ID == "" && !profile.IsInvalid(err) {
			p.Trouble(why, Action{p.t.T("save.again"), func() { p.saveThen(then) }}, Action{p.t.T("save.session"), func() { p.keepForSession(then) }})
		} else {
			p.Trouble(why)
		}
		p.recheckKeyring(err)
		p.Reload(func() {
			if keyring.ClassOf(err) == profile.ClassDuplicate {
				p.whenFree(func() { p.compareWithListed(c) })
			}
		})
		return
	}
	if !p.message.ofCopy {
		p.dismiss()
	}
	if p.isOpen(c) {
		verdict, now := p.cred.Verdict, p.deps.Now()
		typed, late := p.form, (p.decides() || p.under() == Editing) && p.form.text() != p.form.sent
		p.set(func(c *Credential) {
			c.Profile, c.Secrets, c.State, c.Stored, c.Verdict = saved, secrets, Saved, authclient.Secret{}, ""
			if verdict != "" { // the service was asked for the token before it was saved
				c.Profile.Check, c.Profile.Checked = verdict, now
			}
		})
		if verdict != "" {
			p.saveVerdict(verdict)
		}
		p.form = p.newForm()
		p.show(Reading)
		p.focusOn(ToPrimary, 0)
		if late { // something was typed meanwhile
			p.editOn(typed, authclient.Secret{})
		}
		p.update(FormPart | ProblemsPart)
	}
	p.sayStored(saved)
	p.Reload(func() { p.resume(c, then) })
}

// sayStored says that a profile was saved, and notes what that shows of the keyring.
func (p *Presenter) sayStored(saved profile.Profile) {
	p.Note(report.Save, nil)
	key := "save.done"
	switch {
	case p.deps.Demo != nil:
	case saved.Session:
		key = "save.done_session"
		p.readKeyringState()
	default:
		p.setKeyringState(keyring.Ready)
	}
	if key == "save.done" && p.cred != nil && p.cred.Copied && p.guard.Held() {
		key = "save.done_copied"
	}
	p.Say("check", p.t.T(key, "Name", shorten(saved.Name)), "", nil)
}

// editOn opens the form of the open port, with the name, the ERP, the note and the environment
// that were typed in another.
func (p *Presenter) editOn(typed Form, password authclient.Secret) {
	p.form = p.formOf(EditPort, p.cred.Profile, password)
	p.form.Environment, p.form.Keep = typed.Environment, typed.Keep && p.CanKeepPassword()
	for _, field := range []Field{Name, ERP, Note} {
		p.form.Texts[field] = typed.Texts[field]
	}
	p.show(Editing)
	p.focusOn(ToField, Name)
	p.update(FormPart | ProblemsPart)
}

// keepForSession keeps the token in memory until the window is closed, after the keyring
// failed to save it.
func (p *Presenter) keepForSession(then func()) {
	c := p.cred
	if p.Blocked() || c == nil || c.State != Obtained {
		return
	}
	var secrets profile.Secrets
	create := create(c.Secrets, p.fields(c.Profile, true), &secrets)
	p.saving(func(ctx context.Context) func() {
		saved, err := p.putInSession(ctx, c.Profile, create)
		return func() { p.stored(c, saved, secrets, err, then) }
	})
}
