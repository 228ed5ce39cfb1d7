package presenter

import (
	"context"
	"errors"

	"amarre/authclient"
	"amarre/internal/report"
	"amarre/profile"
)

// An ERP may still use the stored token of a profile. It is therefore only replaced when the
// user has decided so (docs/service.md, sections 3 and 4).

// compare compares a new token of a saved profile with the stored one, and asks the service
// for both. Then c is Saved if they are the same, Differs if not, and stays Obtained if there
// is no stored token. same is called in the first case, none in the last; both may be nil.
func (p *Presenter) compare(c *Credential, same, none func()) {
	client, clientErr := p.Client(c.Profile.Service)
	p.Run(p.t.T("compare.running"), TaskOptions{}, func(ctx context.Context) func() {
		stored, err := p.deps.Store.Load(ctx, c.Profile)
		differs := err == nil && !stored.Token.Equal(c.Secrets.Token)
		var before, now profile.Verdict
		if differs && clientErr == nil {
			p.follow(c.Profile.Host())
			p.follow(c.Profile.Host())
			before, now = verdictOf(ctx, client, c.Profile, stored.Token), verdictOf(ctx, client, c.Profile, c.Secrets.Token)
			if before != "" {
				_ = p.deps.Store.SetChecked(ctx, c.Profile, before, p.deps.Now()) // only a hint
			}
		}
		return func() {
			if before != "" {
				p.Reload(nil)
			}
			if !p.isOpen(c) || !p.cred.Unsaved() {
				return
			}
			switch {
			case err == nil && !differs:
				p.sameToken(stored, same)
			case isLost(err):
				p.set(func(c *Credential) { c.State, c.Stored = Obtained, authclient.Secret{} })
				p.inform(p.t.T("login.was_missing", "Name", shorten(c.Profile.Name)))
				if none != nil {
					none()
				}
			case err != nil:
				p.inform(p.t.T("login.already_saved", "Name", shorten(c.Profile.Name)))
				p.recheckKeyring(err)
			default:
				p.set(func(c *Credential) {
					c.State, c.Stored, c.StoredVerdict, c.NewVerdict, c.Verdict = Differs, stored.Token, before, now, now
				})
				p.dismiss()
			}
			p.focusOn(ToPrimary, 0)
		}
	})
}

// verdictOf asks the service for a token of a profile; "" if it gave no verdict.
func verdictOf(ctx context.Context, client *authclient.Client, of profile.Profile, token authclient.Secret) profile.Verdict {
	account, err := client.Account(ctx, token)
	return profile.VerdictOf(of, account, err)
}

// sameToken notes that the new token is the stored one, and calls then, which may be nil, once
// nothing is left to save. What the user has changed in the form can still be saved. A password
// to keep is saved, and one to keep no longer is erased.
func (p *Presenter) sameToken(stored profile.Secrets, then func()) {
	now, ok := p.saved(p.cred.Profile)
	if !ok {
		return
	}
	typed := p.form
	p.set(func(c *Credential) {
		c.Profile, c.Secrets, c.State, c.Copied = now, stored, Saved, true
	})
	p.form = p.newForm()
	p.update(FormPart | ProblemsPart)
	p.inform(p.t.T("compare.same", "Name", shorten(now.Name)))
	proved := typed.Password
	if !typed.Keep || proved.Equal(stored.Password) {
		proved = authclient.Secret{}
	}
	of := p.formOf(EditPort, now, proved)
	of.Keep = typed.Keep && p.CanKeepPassword()
	edited := of.edited() // the password, which has just been proved; the stored one may be out of date
	of.Environment = typed.Environment
	for _, field := range []Field{Name, ERP, Note} {
		of.Texts[field] = typed.Texts[field]
	}
	switch {
	case of.text() != of.was:
		p.editOn(of, proved)
		return
	case edited && (!of.Keep || !proved.IsZero()):
		p.form = of
		p.saveEdit(then)
		return
	}
	p.resume(p.cred, then)
}

// SaveNew saves the new token in place of the stored one, which is kept as the previous one,
// and copies it: the ERP needs it.
func (p *Presenter) SaveNew() {
	defer p.action()()
	if c := p.cred; p.Blocked() || c == nil || c.State != Differs {
		return
	}
	p.Copy()
	p.store(nil)
}

// KeepStored discards the new token once the stored one was read, which can be undone.
func (p *Presenter) KeepStored() {
	defer p.action()()
	c := p.cred
	if p.Blocked() || c == nil || c.State != Differs {
		return
	}
	of := p.latest(c.Profile)
	p.dismiss()
	p.Run(p.t.T("open.running", "Name", shorten(of.Name)), TaskOptions{}, func(ctx context.Context) func() {
		stored, err := p.deps.Store.Load(ctx, of)
		return func() {
			if p.isOpen(c) && p.cred.State == Differs {
				p.keepStored(of, stored, err)
			}
		}
	})
}

// keepStored shows what KeepStored has read. After an error the new token stays.
func (p *Presenter) keepStored(of profile.Profile, stored profile.Secrets, err error) {
	switch {
	case isLost(err):
		p.set(func(c *Credential) { c.State, c.Stored = Obtained, authclient.Secret{} })
		p.inform(p.t.T("login.was_missing", "Name", shorten(of.Name)))
		return
	case err != nil:
		p.Note(report.Open, err)
		p.Trouble(p.t.Store(err))
		p.recheckKeyring(err)
		return
	}
	discarded, form := *p.cred, p.form
	p.leave()
	clear(p.list.marked)
	p.open(Credential{Profile: of, State: Opening})
	p.show(Reading)
	p.loaded(of, stored, nil)
	p.focusOn(ToPrimary, 0)
	p.Say("undo-2", p.t.T("compare.kept"), p.t.T("undo.undo"), func() {
		p.unlessUnsaved(func() { p.undoKeep(discarded, form) })
	})
}

// undoKeep opens a token that KeepStored discarded, whatever is open now. It is compared again
// unless the stored token is known to be the same as then.
func (p *Presenter) undoKeep(discarded Credential, form Form) {
	same := p.cred != nil && sameProfile(p.cred.Profile, discarded.Profile) && p.cred.State == Saved && p.cred.Secrets.Token.Equal(discarded.Stored)
	p.leave()
	p.form = form
	p.update(FormPart)
	if !same {
		discarded.State, discarded.Stored = Obtained, authclient.Secret{}
	}
	p.open(discarded)
	p.show(Reading)
	if !same {
		p.compare(p.cred, nil, nil)
	}
}

// NewIsBetter reports whether the new token of a credential that Differs is the one to keep:
// unless the stored one is known to work.
func (c *Credential) NewIsBetter() bool { return c.StoredVerdict != profile.Accepted }

// CheckPrevious asks the service for the previous token of the open profile, and calls show
// with its verdict; "" if it gave none. It runs as a task of a dialog.
func (p *Presenter) CheckPrevious(show func(profile.Verdict)) {
	defer p.action()()
	c := p.cred
	if c == nil || p.task != nil || c.Secrets.Previous.IsZero() {
		return
	}
	client, err := p.Client(c.Profile.Service)
	if err != nil {
		show("")
		return
	}
	wait := p.calls.Next(c.Profile.Host(), p.deps.Now())
	p.Run(p.t.T("compare.running"), TaskOptions{Dialog: true}, func(ctx context.Context) func() {
		p.deps.Sleep(ctx, wait)
		verdict := verdictOf(ctx, client, c.Profile, c.Secrets.Previous)
		return func() { show(verdict) }
	})
}

// ReturnToPrevious makes the previous token of the open profile the token.
func (p *Presenter) ReturnToPrevious() {
	defer p.action()()
	now := p.deps.Now()
	p.changePrevious(func(s *profile.Secrets) { s.Renew(s.Previous, true, now) }, nil)
}

// ForgetPrevious deletes the previous token of the open profile without asking, because it can
// be undone.
func (p *Presenter) ForgetPrevious() {
	defer p.action()()
	c := p.cred
	if c == nil {
		return
	}
	p.changePrevious(func(s *profile.Secrets) { s.ForgetPrevious() }, func() {
		p.Say("trash-2", p.t.T("previous.forgotten"), p.t.T("undo.undo"), func() { p.undoForget(c) })
	})
}

// undoForget restores the previous token that c had, whatever is open now.
func (p *Presenter) undoForget(c *Credential) {
	p.editPrevious(c, func(s *profile.Secrets) error {
		if !s.Previous.IsZero() {
			return errStoredChanged
		}
		s.Previous, s.Replaced = c.Secrets.Previous, c.Secrets.Replaced
		return nil
	}, p.dismissNotice)
}

// changePrevious saves a change of the token or the previous token of the open profile, and
// calls then after success. then may be nil.
func (p *Presenter) changePrevious(change func(*profile.Secrets), then func()) {
	c := p.cred
	if p.Blocked() || c == nil || c.State != Saved {
		return
	}
	p.dismiss()
	p.editPrevious(c, func(s *profile.Secrets) error {
		if !s.Previous.Equal(c.Secrets.Previous) || !s.Token.Equal(c.Secrets.Token) {
			return errStoredChanged
		}
		change(s)
		return nil
	}, then)
}

// editPrevious saves a change of the secrets of c, which need not be open, and calls then after
// success. After errStoredChanged it shows what is stored.
func (p *Presenter) editPrevious(c *Credential, edit func(*profile.Secrets) error, then func()) {
	p.saving(func(ctx context.Context) func() {
		var secrets profile.Secrets
		saved, err := p.deps.Store.Edit(ctx, c.Profile.ID, func(_ *profile.Profile, s *profile.Secrets) error {
			if err := edit(s); err != nil {
				return err
			}
			secrets = *s
			return nil
		})
		return func() {
			isOpen := p.cred != nil && sameProfile(p.cred.Profile, c.Profile) && p.cred.State == Saved
			switch {
			case errors.Is(err, errStoredChanged):
				if isOpen {
					p.read(p.latest(c.Profile), ToPrimary, nil)
				}
				return
			case err != nil:
				p.stored(c, saved, secrets, err, nil)
				return
			case isOpen:
				p.Conceal()
				p.set(func(c *Credential) { c.Profile, c.Secrets = saved, secrets })
				p.refillForm()
			}
			p.sayStored(saved)
			p.Reload(nil)
			if then != nil {
				then()
			}
		}
	})
}
