package presenter

import (
	"context"
	"errors"
	"slices"
	"time"

	"amarre/authclient"
	"amarre/internal/handover"
	"amarre/internal/keyring"
	"amarre/internal/report"
	"amarre/internal/settings"
	"amarre/profile"
)

// State is what is known of the open credential.
type State int

// The states.
const (
	Opening    State = iota // its secrets are being read
	Saved                   // its secrets are those of the keyring
	Obtained                // its token is new and not saved
	Differs                 // Obtained, and the saved token is another: see Credential.Stored
	Missing                 // the keyring has no token for it
	Unreadable              // the keyring did not give its secrets: see Credential.Why
	Forgotten               // its secrets were discarded after some time without activity
)

// Credential is what is open: facts and secrets of one port. It is replaced whole; what has
// been returned does not change.
type Credential struct {
	Profile profile.Profile // its ID is empty until it is saved
	Secrets profile.Secrets
	State   State
	Copied  bool            // the token was copied, so that it need not be saved
	Verdict profile.Verdict // of the token, if it is not saved; "" for none
	Why     string          // the sentence for Missing and Unreadable
	err     error           // of Why

	// For Differs: the saved token, and what the service says of both; "" if that is unknown.
	Stored                    authclient.Secret
	StoredVerdict, NewVerdict profile.Verdict

	opening int // which opening it belongs to
}

// Unsaved reports whether the token is not saved.
func (c *Credential) Unsaved() bool { return c.State == Obtained || c.State == Differs }

// HasToken reports whether the token is in memory.
func (c *Credential) HasToken() bool { return !c.Secrets.Token.IsZero() }

// Works returns what the service last said of the token; "" if that is unknown.
func (c *Credential) Works() profile.Verdict {
	if c.Unsaved() {
		return c.Verdict
	}
	return c.Profile.Check
}

// Credential returns what is open, or nil.
func (p *Presenter) Credential() *Credential { return p.cred }

// open opens a credential in place of another.
func (p *Presenter) open(c Credential) {
	p.openings++
	c.opening = p.openings
	p.cred = &c
	p.Conceal()
	p.update(PagePart | MarksPart)
}

// set replaces the open credential by a later version of it.
func (p *Presenter) set(change func(*Credential)) {
	next := *p.cred
	change(&next)
	p.cred = &next
	p.update(PagePart | MarksPart)
}

// isOpen reports whether the open credential is a version of c.
func (p *Presenter) isOpen(c *Credential) bool { return p.cred != nil && p.cred.opening == c.opening }

// leave closes the open credential and discards its secrets and those of the form.
func (p *Presenter) leave() {
	p.passNotice()
	p.stopNaming.replace(nil)
	p.cred = nil
	p.form.Password = authclient.Secret{}
	p.dismiss()
	p.Conceal()
	p.update(PagePart | MarksPart | FormPart)
}

// Open opens a saved profile.
func (p *Presenter) Open(of profile.Profile) {
	defer p.action()()
	if p.Blocked() {
		return
	}
	if c := p.cred; c != nil && sameProfile(c.Profile, of) && c.State == Saved && p.under() != Editing {
		clear(p.list.marked)
		p.show(Reading)
		p.update(MarksPart)
		return
	}
	p.unlessUnsaved(func() { p.load(of, nil) })
}

// Home closes what is open, and shows the overview.
func (p *Presenter) Home() {
	defer p.action()()
	if p.Blocked() {
		return
	}
	p.unlessUnsaved(func() {
		p.leave()
		p.form = p.newForm()
		p.update(FormPart)
		p.show(Overview)
		p.focusOn(ToList, 0)
	})
}

// load opens a profile and reads its secrets, and calls then after success. then may be nil.
func (p *Presenter) load(of profile.Profile, then func()) {
	p.leave()
	clear(p.list.marked)
	p.open(Credential{Profile: of, State: Opening})
	p.show(Reading)
	p.read(of, ToPrimary, then)
}

// read reads the secrets of the open profile, which is then as given, moves the focus, and
// calls then after success. then may be nil. Page, form and marks stay.
func (p *Presenter) read(of profile.Profile, focus Target, then func()) {
	p.readAs(TaskOptions{}, of, focus, then)
}

// reread is read for what another program has changed: the user did not ask for it, and the
// focus stays. then is called after success.
func (p *Presenter) reread(of profile.Profile, then func()) {
	p.readAs(TaskOptions{Background: true}, of, Nowhere, then)
}

func (p *Presenter) readAs(o TaskOptions, of profile.Profile, focus Target, then func()) {
	c := p.cred
	p.Run(p.t.T("open.running", "Name", shorten(of.Name)), o, func(ctx context.Context) func() {
		secrets, err := p.deps.Store.Load(ctx, of)
		return func() {
			if p.isOpen(c) {
				p.loaded(of, secrets, err)
				if focus != Nowhere {
					p.focusOn(focus, 0)
				}
				if err == nil && then != nil {
					p.whenFree(func() {
						if p.isOpen(c) && p.cred.HasToken() {
							then()
						}
					})
				}
			}
		}
	})
}

// loaded shows the secrets of a profile, or why there are none. It drops no token: that of
// the open credential may be the only copy.
func (p *Presenter) loaded(of profile.Profile, secrets profile.Secrets, err error) {
	p.Note(report.Open, err)
	gone, had := profile.IsGone(err), p.cred.HasToken()
	if !secrets.Token.Equal(p.cred.Secrets.Token) {
		p.Conceal()
	}
	switch {
	case keyring.ClassOf(err) == profile.ClassBareToken: // a token that is not saved
		p.set(func(c *Credential) {
			c.Profile, c.Secrets, c.State, c.Copied, c.Verdict = of, secrets, Obtained, false, ""
		})
		p.form = p.unsavedForm(of, authclient.Secret{})
		p.turn(Reading)
		p.update(FormPart)
		p.inform(p.t.T("open.bare_token", "Name", shorten(of.Name)))
	case gone && had:
		p.keepAsUnsaved(of)
		p.inform(p.t.T("login.was_missing", "Name", shorten(of.Name)))
	case gone:
		p.set(func(c *Credential) { c.Profile, c.State, c.Why, c.err = of, Missing, p.t.Store(err), err })
	case err != nil && had:
		p.informChanged(of)
		p.recheckKeyring(err)
	case err != nil:
		p.set(func(c *Credential) { c.Profile, c.State, c.Why, c.err = of, Unreadable, p.t.Store(err), err })
		p.recheckKeyring(err)
	default:
		p.set(func(c *Credential) {
			c.Profile, c.Secrets, c.State, c.Copied, c.Why, c.err = of, secrets, Saved, true, "", nil
		})
		p.refillForm()
		p.lookAtTwin()
	}
	if !of.Session && p.deps.Demo == nil && (err == nil || gone) {
		p.setKeyringState(keyring.Ready)
	}
	if (err == nil || gone) && gone != of.Missing {
		p.Reload(nil)
	}
}

// Reopen reads the secrets of the open profile again: after they were forgotten, could not be
// read, or another program has changed them.
func (p *Presenter) Reopen() {
	defer p.action()()
	c := p.cred
	if p.Blocked() || c == nil || c.Profile.ID == "" || c.Unsaved() {
		return
	}
	p.read(p.latest(c.Profile), ToPrimary, nil)
}

// credentialShown reports whether the page is about the open credential: an action on it would
// else be about a port that nobody sees.
func (p *Presenter) credentialShown() bool {
	return p.cred != nil && (p.page == Reading || p.page == Editing) && len(p.list.marked) == 0
}

// withToken calls do when the token is in memory; one that was forgotten is read first.
func (p *Presenter) withToken(do func()) {
	switch c := p.cred; {
	case !p.credentialShown() || p.asking() || p.closed:
	case c.HasToken():
		do()
	case c.State == Forgotten && p.task == nil:
		p.read(p.latest(c.Profile), Nowhere, do)
	}
}

// revealFor is how long a secret is shown (docs/security.md, line 21).
const revealFor = 30 * time.Second

// Revealed reports whether the token is shown.
func (p *Presenter) Revealed() bool { return p.revealed }

// ToggleToken shows or hides the token.
func (p *Presenter) ToggleToken() {
	defer p.action()()
	if p.revealed {
		p.Active()
		p.Conceal()
		return
	}
	p.withToken(func() {
		p.Active()
		p.revealed = true
		p.startReveal()
		p.update(PagePart)
	})
}

// SecretRevealed notes that the view shows a secret of its own, or no longer.
func (p *Presenter) SecretRevealed(shown bool) {
	defer p.action()()
	p.viewSecrets = shown
	if shown {
		p.Active()
		p.startReveal()
	} else {
		p.hideFromCaptures()
	}
}

func (p *Presenter) startReveal() {
	p.stopReveal.replace(p.deps.After(revealFor, p.Conceal))
	p.hideFromCaptures()
}

// Conceal masks the token and the secrets of the view.
func (p *Presenter) Conceal() {
	defer p.action()()
	p.stopReveal.replace(nil)
	p.view.Conceal()
	p.viewSecrets = false
	if p.revealed {
		p.revealed = false
		p.update(PagePart)
	}
	p.hideFromCaptures()
}

// hideFromCaptures hides the window from screen captures while a secret is shown, unless the
// system cannot or the settings say otherwise.
func (p *Presenter) hideFromCaptures() {
	if p.deps.HideFromCaptures == nil {
		return
	}
	hide := (p.revealed || p.viewSecrets) && !p.settings.ShowInCaptures
	if hide != p.hidden {
		p.hidden = hide
		p.deps.HideFromCaptures(hide)
	}
}

// Copy copies the token. The clipboard is cleared after the delay in the settings.
func (p *Presenter) Copy() {
	defer p.action()()
	p.withToken(func() { p.copySecret(p.cred.Secrets.Token) })
}

// CopyAs copies the token in a format. If the text has the token, the clipboard is cleared
// after the delay in the settings.
func (p *Presenter) CopyAs(format handover.Format) {
	defer p.action()()
	p.withToken(func() {
		p.Active()
		text, err := handover.Render(format, p.cred.Profile, p.cred.Secrets.Token)
		switch {
		case err != nil:
			p.Trouble(p.t.T("format.cannot_hold", "Format", p.t.T("format."+string(format))))
		case format.IsSecret():
			p.copySecret(text)
		default:
			p.deps.Board.SetContent(text.Reveal())
			p.Say("check", p.t.T("format.curl_copied"), "", nil)
		}
	})
}

// copySecret copies the token of the open credential, or a text with it.
func (p *Presenter) copySecret(text authclient.Secret) {
	p.Active()
	p.copyWarnings = nil
	if !p.guard.Copy(text, p.ClearAfter()) {
		p.copyFailed()
		return
	}
	p.Note(report.Copy, nil)
	p.set(func(c *Credential) { c.Copied = true })
	p.passNotice()
	p.update(NoticePart)
	if p.deps.Remote && !p.settings.SharingWarningShown { // the other computer may have the copy too
		p.ChangeSettings(func(s *settings.Settings) { s.SharingWarningShown = true })
		p.warnOfCopy("clipboard.shared")
	}
}

// copyFailed shows that nothing was copied.
func (p *Presenter) copyFailed() {
	p.Note(report.Copy, errors.New("the clipboard did not take it"))
	p.say(Message{Look: Warning, Text: p.t.T("clipboard.failed"), ofCopy: true})
}

// idleAfter is how long the window may be unused before it discards secrets.
const idleAfter = 5 * time.Minute

// Active restarts the idle timer. It is called when the user does something.
func (p *Presenter) Active() { p.stopIdle.replace(p.deps.After(idleAfter, p.idle)) }

// idle discards the password in the form and the secrets of a saved profile, and keeps what
// is not secret. It only masks a token that is not saved, which would be lost.
func (p *Presenter) idle() {
	defer p.action()()
	if p.task != nil {
		p.Active()
		return
	}
	if p.dialog != nil {
		p.dialog.Escape() // it may have a passphrase
	}
	if p.question != nil && p.question.Closed == nil {
		p.Answer(-1) // it may send a password
	}
	p.Conceal()
	said := false
	if !p.form.Password.IsZero() && (p.cred == nil || !p.cred.Unsaved()) {
		p.form.Password = authclient.Secret{}
		p.update(FormPart | ProblemsPart)
		said = true
	}
	if p.forgetMany() {
		said = true
	}
	if c := p.cred; c != nil && c.State == Saved {
		p.set(func(c *Credential) { c.Secrets, c.State = profile.Secrets{}, Forgotten })
		said = true
	}
	if said {
		p.Say("clock", p.t.T("idle.forgotten"), "", nil)
	}
}

// decides reports whether the page waits for a decision about a token.
func (p *Presenter) decides() bool { return p.page == Reading && p.cred != nil && p.cred.Unsaved() }

// unsavedToken reports whether a token would be lost.
func (p *Presenter) unsavedToken() bool {
	c := p.cred
	if c == nil || !c.Unsaved() || c.Verdict == profile.Refused {
		return false
	}
	return p.deps.Demo == nil || !c.Copied || p.form.Named
}

// unlessUnsaved calls then. If something would be lost, it asks first whether to discard or
// save it.
func (p *Presenter) unlessUnsaved(then func()) {
	lost := p.t.T("unsaved.edits")
	answers := []Answer{{Text: p.t.T("unsaved.discard"), Do: func() { p.discard(); then() }}, {Text: p.t.T("unsaved.stay")}}
	switch {
	case p.unsavedToken() && p.cred.State == Differs: // which token to keep is decided on the page
		lost = p.t.T("unsaved.token")
	case p.unsavedToken():
		lost = p.t.T("unsaved.token")
		answers = append(answers, Answer{Text: p.t.T("unsaved.save"), Do: func() { p.saveThen(then) }})
	case p.under() == Editing && p.form.Mode == EditPort && p.form.edited():
		answers = append(answers, Answer{Text: p.t.T("unsaved.save"), Do: func() { p.saveThen(then) }})
	case p.under() == Editing && p.form.edited():
	default:
		then()
		return
	}
	p.ask(Question{Title: p.t.T("unsaved.title"), Text: lost, Answers: answers})
}

// discard forgets what unlessUnsaved asked about.
func (p *Presenter) discard() {
	p.form.was, p.form.wasKept = p.form.text(), p.form.Keep
	if p.form.Mode == EditPort {
		p.form.Password = authclient.Secret{}
	}
	if c := p.cred; c != nil && c.Unsaved() {
		p.leave()
		p.turn(Overview)
	}
}

// groups adds a space after every fourth character, which helps to read a token aloud.
func groups(token string) []string {
	var all []string
	for group := range slices.Chunk([]rune(token), 4) {
		all = append(all, string(group))
	}
	return all
}

// Groups returns the token of the open credential in groups of four characters, while it is
// shown; else nil.
func (p *Presenter) Groups() []string {
	if !p.revealed || p.cred == nil {
		return nil
	}
	return groups(p.cred.Secrets.Token.Reveal())
}

// WithToken calls do with the open credential once its token is in memory, for a dialog about
// it. It does nothing if there is none or a task runs.
func (p *Presenter) WithToken(do func(c *Credential)) {
	defer p.action()()
	if p.task != nil {
		return
	}
	p.withToken(func() {
		p.Active()
		do(p.cred)
	})
}

// nameOf returns the name of the port of a credential, as the page shows it.
func (p *Presenter) nameOf(c *Credential) string {
	if c.Unsaved() && c.Profile.ID == "" {
		if name := oneLine(p.form.Texts[Name]); name != "" {
			return name
		}
	}
	if c.Profile.Name != "" {
		return c.Profile.Name
	}
	return c.Profile.PortCode
}

// OpenName returns the name of the open port, or "".
func (p *Presenter) OpenName() string {
	if p.cred == nil || p.page != Reading && p.page != Editing {
		return ""
	}
	return p.nameOf(p.cred)
}
