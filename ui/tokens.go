package ui

import (
	"cmp"
	"context"
	"errors"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/ui/kit"
)

// An ERP may still use the stored token of a profile. It is therefore only replaced when the
// user has decided so (docs/service.md, sections 3 and 4).

// unknown is the verdict on a token that could not be checked.
const unknown profile.Verdict = "unknown"

// compare compares a new token of a saved profile with the stored one. If they differ, it
// checks which of the two work, keeps the outcome in c, and calls then, which may be nil.
func (w *Window) compare(c *credential, then func()) {
	client, clientErr := w.client(c.profile.Service)
	was := *c // c may change while the operation runs
	w.start(w.status.running, w.t.T("compare.running"), func(ctx context.Context) func() {
		stored, err := w.deps.Store.Load(ctx, was.profile)
		differs := err == nil && !stored.Token.Equal(was.secrets.Token)
		comparison := ""
		if differs {
			verdict := func(token authclient.Secret) profile.Verdict {
				if clientErr != nil {
					return "" // the comparison still says that the tokens differ
				}
				account, err := client.Account(ctx, token)
				return profile.VerdictOf(was.profile, account, err)
			}
			before, now := verdict(stored.Token), verdict(was.secrets.Token)
			if before != "" {
				_ = w.deps.Store.SetChecked(ctx, was.profile, before, w.deps.Now()) // only a hint
			}
			comparison = w.t.T("compare.both", "Old", w.t.T("compare.old."+string(cmp.Or(before, unknown))), "New", w.t.T("compare.new."+string(cmp.Or(now, unknown))))
		}
		return func() {
			if w.current != c || !c.changed {
				return
			}
			switch {
			case err == nil && !differs:
				w.sameToken(c, stored)
				return
			case profile.IsGone(err), keyring.ClassOf(err) == profile.ClassNotFound:
				c.stored, c.comparison = authclient.Secret{}, ""
				w.result.inform(w.t.T("login.was_missing", "Name", shorten(c.profile.Name)))
			case err != nil:
				w.result.inform(w.t.T("login.already_saved", "Name", shorten(c.profile.Name)))
				w.recheckKeyring(err)
				return
			default:
				c.stored, c.comparison = stored.Token, comparison
				w.result.inform(w.t.T("compare.differs", "Name", shorten(c.profile.Name), "Both", comparison))
			}
			if then != nil {
				then()
			}
		}
	})
}

// sameToken shows that the new token is the stored one.
func (w *Window) sameToken(c *credential, stored profile.Secrets) {
	inputs := w.result.inputs()
	existing := w.saved(c.profile)
	if existing == nil {
		return
	}
	typed := c.secrets.Password
	*c = credential{profile: *existing, secrets: stored, copied: true}
	if c.secrets.Password.IsZero() {
		c.secrets.Password = typed // so that it can be saved
	}
	w.open = existing
	w.result.present()
	w.result.restore(inputs)
	w.result.inform(w.t.T("compare.same", "Name", shorten(c.profile.Name)))
	w.menu.refresh()
}

// askToReplace saves c in place of the stored token. It asks first, and compares the two
// before, unless there is no stored token or it is the same.
func (w *Window) askToReplace(c *credential, then func()) {
	if c.comparison == "" && !c.stored.Equal(c.secrets.Token) {
		stored := c.stored
		w.compare(c, func() {
			if c.comparison == "" && stored.IsZero() && c.stored.IsZero() {
				w.store(c, false, then) // there is no stored token
				return
			}
			w.askToReplace(c, then)
		})
		return
	}
	if c.stored.Equal(c.secrets.Token) { // an earlier attempt to save it failed
		w.store(c, false, then)
		return
	}
	w.show(kit.Question{
		Title: w.t.T("replace.title", "Name", shorten(c.profile.Name)),
		Text:  w.t.T("replace.text", "Both", c.comparison),
		Width: diagnoseWidth,
		Answers: []kit.Answer{
			{Text: w.t.T("replace.forget"), Do: func() { w.store(c, false, then) }},
			{Text: w.t.T("replace.keep"), Do: func() { w.store(c, true, then) }},
			{Text: w.t.T("replace.leave")},
		},
	})
}

// previousToken opens a dialog that can check, restore or delete the previous token.
func (w *Window) previousToken() {
	c := w.current
	if w.blocked() || c == nil || c.changed || c.secrets.Previous.IsZero() {
		return
	}
	text := w.t.T("previous.text", "Date", c.secrets.Replaced.Local().Format(w.t.T("date.short")))
	d := &taskDialog{w: w}
	check := func() {
		client, err := w.client(c.profile.Service)
		if err != nil {
			return
		}
		was := *c
		d.start(noProgress, w.t.T("compare.running"), func(ctx context.Context) func() {
			account, err := client.Account(ctx, was.secrets.Previous)
			return func() {
				verdict := cmp.Or(profile.VerdictOf(was.profile, account, err), unknown)
				d.setText(text + "\n\n" + w.t.T("previous."+string(verdict)))
			}
		})
	}
	d.open(kit.Question{
		Title: w.t.T("previous.title", "Name", shorten(c.profile.Name)), Text: text, Width: diagnoseWidth,
		Answers: []kit.Answer{
			{Text: w.t.T("previous.forget"), Do: func() { w.forgetPrevious(c) }},
			{Text: w.t.T("previous.return"), Do: func() {
				now := w.deps.Now()
				w.changePrevious(c, func(s *profile.Secrets) { s.Renew(s.Previous, true, now) }, nil)
			}},
			{Text: w.t.T("result.check"), Stay: true, Do: check},
			{Text: w.t.T("ask.close")},
		},
	})
}

// forgetPrevious deletes the previous token without asking, because it can be undone.
func (w *Window) forgetPrevious(c *credential) {
	forgotten, replaced := c.secrets.Previous, c.secrets.Replaced
	w.changePrevious(c, func(s *profile.Secrets) { s.ForgetPrevious() }, func() {
		w.status.say(w.t.T("previous.forgotten"), w.t.T("undo.undo"), func() {
			if w.current == c && c.secrets.Previous.IsZero() {
				w.changePrevious(c, func(s *profile.Secrets) { s.Previous, s.Replaced = forgotten, replaced }, func() { w.status.say("", "", nil) })
			}
		})
	})
}

// changePrevious saves a change of the current or the previous token of c, and calls then
// after success. then may be nil.
func (w *Window) changePrevious(c *credential, change func(*profile.Secrets), then func()) {
	if w.blocked() || w.current != c {
		return
	}
	was := *c // c may change while the operation runs
	w.change(w.t.T("save.running"), func(ctx context.Context) func() {
		var secrets profile.Secrets
		saved, err := w.deps.Store.Edit(ctx, was.profile.ID, func(_ *profile.Profile, s *profile.Secrets) error {
			if !s.Previous.Equal(was.secrets.Previous) || !s.Token.Equal(was.secrets.Token) {
				return errStoredChanged
			}
			change(s)
			secrets = *s
			return nil
		})
		return func() {
			if errors.Is(err, errStoredChanged) {
				w.load(c.profile)
				return
			}
			w.showSaved(c, saved, secrets, err, then)
		}
	})
}
