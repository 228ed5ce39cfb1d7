package presenter

import (
	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
)

// latest returns a saved profile as it was last listed.
func (p *Presenter) latest(of profile.Profile) profile.Profile {
	if i := p.indexOf(of.ID); i >= 0 {
		return p.list.all[i]
	}
	return of
}

// whenFree calls do once no task runs and nothing is asked.
func (p *Presenter) whenFree(do func()) {
	if p.Blocked() {
		p.waiting = append(p.waiting, do)
		return
	}
	do()
}

// catchUp does what had to wait until no task runs and nothing is asked.
func (p *Presenter) catchUp() {
	for len(p.waiting) > 0 && !p.Blocked() {
		next := p.waiting[0]
		p.waiting = p.waiting[1:]
		next()
	}
	if p.behind && !p.Blocked() {
		p.behind = false
		p.syncOpen()
	}
	if p.rebuildDue && !p.Blocked() {
		p.rebuildDue = false
		p.rebuildIfNeeded()
	}
}

// turn changes the page; if Preferences or Troubleshooting is shown, the one under it.
func (p *Presenter) turn(page Page) {
	if p.over() {
		p.back = page
		p.update(PagePart)
		return
	}
	p.show(page)
}

// syncOpen updates the open profile after the list was read, because another program may have
// changed it. It discards no unsaved change and no token.
func (p *Presenter) syncOpen() {
	c := p.cred
	if c == nil || c.Profile.ID == "" || c.Unsaved() {
		return
	}
	if p.Blocked() {
		p.behind = true
		return
	}
	at := p.indexOf(c.Profile.ID)
	if at < 0 {
		if p.list.err == nil {
			p.openWasDeleted(c)
		}
		return
	}
	now := p.list.all[at]
	switch gone := now.Missing && !c.Profile.Missing && c.HasToken(); {
	case now.SameRevision(c.Profile) && !gone: // only a favourite or a check may have changed
		if now != c.Profile {
			p.set(func(c *Credential) { c.Profile = now })
		}
	case c.Profile.Session && !now.Session && now.TokenSet.Equal(c.Profile.TokenSet): // SaveSession has moved it
		p.set(func(c *Credential) { c.Profile = now })
		p.refillForm()
	case c.State == Forgotten && !p.formEdited(): // its secrets are read when they are needed
		p.set(func(c *Credential) { c.Profile = now })
		p.refillForm()
	case p.formEdited() || p.keyring != keyring.Ready:
		p.informChanged(now)
	default: // the token may have changed too
		p.reread(now, func() {
			p.Say("refresh-cw", p.t.T("elsewhere.reloaded", "Name", shorten(now.Name)), "", nil)
		})
	}
}

// formEdited reports whether the form is open and has changes that would be lost.
func (p *Presenter) formEdited() bool { return p.under() == Editing && p.form.edited() }

// informChanged says that the open profile was changed by another program, and offers to read
// it again.
func (p *Presenter) informChanged(now profile.Profile) {
	c := p.cred
	p.inform(p.t.T("elsewhere.changed", "Name", shorten(now.Name)), Action{p.t.T("elsewhere.reload"), func() {
		p.unlessUnsaved(func() {
			if p.isOpen(c) {
				p.load(p.latest(p.cred.Profile), nil)
			}
		})
	}})
}

// refillForm fills the form again after the open profile has changed. What was typed stays.
func (p *Presenter) refillForm() {
	if p.under() != Editing || p.cred == nil {
		return
	}
	switch f := p.form; {
	case f.Mode == EditPort && !f.edited():
		p.form = p.formOf(EditPort, p.cred.Profile, authclient.Secret{})
	case f.Mode == Renew:
		p.form = p.formOf(Renew, p.cred.Profile, f.Password)
		p.form.Keep = f.Keep
	default:
		return
	}
	p.update(FormPart | ProblemsPart)
}

// openWasDeleted keeps the token of a profile that another program deleted, as a token that is
// not saved. Without a token there is nothing to keep.
func (p *Presenter) openWasDeleted(c *Credential) {
	name := shorten(c.Profile.Name)
	if !c.HasToken() {
		p.leave()
		p.turn(Overview)
		return
	}
	of := c.Profile
	of.ID = ""
	p.keepAsUnsaved(of)
	p.inform(p.t.T("elsewhere.deleted", "Name", name))
}

// keepAsUnsaved makes the token of the open profile one that is not saved, because the keyring
// no longer has it. What was typed about the profile stays.
func (p *Presenter) keepAsUnsaved(of profile.Profile) {
	p.form = p.unsavedForm(of, p.cred.Secrets.Password)
	p.set(func(c *Credential) {
		c.Profile, c.State, c.Copied, c.Verdict = of, Obtained, false, c.Profile.Check
	})
	p.update(FormPart)
	p.turn(Reading)
}

// unsavedForm returns the form for a token of a profile that is not saved. What was typed about
// the profile stays.
func (p *Presenter) unsavedForm(of profile.Profile, password authclient.Secret) Form {
	f, typed := p.formOf(NewPort, of, password), p.form
	if p.under() == Editing && typed.Mode == EditPort {
		f.Environment, f.Keep = typed.Environment, typed.Keep
		for _, field := range []Field{Name, ERP, Note} {
			f.Texts[field] = typed.Texts[field]
		}
	}
	return f
}

// compareWithListed compares the token of c, which another program has saved a token for, with
// that one. Without it the token could never be saved.
func (p *Presenter) compareWithListed(c *Credential) {
	if !p.isOpen(c) || !p.cred.Unsaved() {
		return
	}
	if existing, ok := p.saved(p.cred.Profile); ok {
		p.set(func(c *Credential) { c.Profile, c.State, c.Stored = existing, Obtained, authclient.Secret{} })
		p.compare(p.cred, nil, nil)
	}
}
