package presenter

import (
	"context"
	"errors"
	"strings"

	"amarre/authclient"
	"amarre/internal/report"
	"amarre/internal/settings"
	"amarre/profile"
)

// Submit does what Enter does in the form: it gets a token, or saves the changes.
func (p *Presenter) Submit() {
	if p.page == Editing && p.form.Mode == EditPort {
		p.Save()
		return
	}
	p.Login()
}

// Login gets a token for the credential in the form.
func (p *Presenter) Login() {
	defer p.action()()
	if p.Blocked() || p.page != Editing || p.form.Mode == EditPort {
		return
	}
	p.form.submitted = true
	asked, cred, first := p.validate()
	if first >= 0 {
		p.dismiss() // the message is about the former inputs
		p.focusOn(ToField, first)
		return
	}
	if p.refusals.asks(asked, cred) {
		p.ask(Question{Title: p.t.T("refused.title"), Text: p.t.N("refused.text", p.refusals.count), Answers: []Answer{
			{Text: p.t.T("refused.send"), Do: func() { p.loginAgain(asked, cred) }}, {Text: p.t.T("form.cancel")},
		}})
		return
	}
	p.loginAgain(asked, cred)
}

// loginAgain sends a credential, and asks before a saved token that works might be revoked
// (docs/service.md, section 3).
func (p *Presenter) loginAgain(asked profile.Profile, cred authclient.Credentials) {
	existing, ok := p.saved(asked)
	if !ok || NeedsFixing(existing) {
		p.send(asked, cred) // no known token could be revoked
		return
	}
	answers := []Answer{{Text: p.t.T("again.ask"), Do: func() { p.send(asked, cred) }}, {Text: p.t.T("form.cancel")}}
	if p.form.Mode == NewPort {
		answers = append(answers, Answer{Text: p.t.T("again.open"), Do: func() { p.load(existing, nil) }})
	}
	p.ask(Question{Title: p.t.T("again.title"), Text: p.t.T("again.text", "Name", existing.Name), Answers: answers})
}

// send sends the credential and shows the outcome.
func (p *Presenter) send(asked profile.Profile, cred authclient.Credentials) {
	client, err := p.Client(asked.Service)
	if err != nil {
		p.failService(p.ClientError(err))
		return
	}
	p.dismiss()
	p.Conceal()
	sent, wait := p.form.text(), p.calls.Next(asked.Host(), p.deps.Now())
	p.Run(p.t.T("form.running", "Host", asked.Host()), TaskOptions{Form: true}, func(ctx context.Context) func() {
		p.deps.Sleep(ctx, wait)
		token, err := client.Login(ctx, cred)
		return func() {
			switch authclient.OutcomeOf(err) { // any other outcome says nothing of the credentials
			case authclient.OutcomeRefused:
				p.refusals.answered(asked, cred, true)
			case authclient.OutcomeToken:
				p.refusals.answered(asked, cred, false)
			}
			if err == nil {
				p.form.was = sent
			}
			p.loggedIn(client, asked, cred, token, err)
		}
	})
}

// loggedIn shows the token or the error of a login.
func (p *Presenter) loggedIn(client *authclient.Client, asked profile.Profile, cred authclient.Credentials, token authclient.Secret, err error) {
	var authority *authclient.CAError
	if errors.As(err, &authority) {
		p.failService(p.t.Authority(authority))
		return
	}
	p.Note(report.Login, err)
	switch authclient.OutcomeOf(err) {
	case authclient.OutcomeToken:
	case authclient.OutcomeRefused:
		title, text := p.t.Refusal()
		if asked.PortCode != strings.ToUpper(asked.PortCode) {
			text += " " + p.t.T("login.case", "Code", asked.PortCode)
		}
		p.say(Message{Look: Refusal, Title: title, Text: text})
		return
	case authclient.OutcomeCancelled:
		p.inform(p.t.Login(err))
		return
	default:
		p.unverified(p.t.T("login.unverified"), p.t.Login(err))
		return
	}
	c := Credential{Profile: asked, Secrets: profile.Secrets{Token: token, Password: cred.Password}, State: Obtained}
	existing, isSaved := p.saved(asked)
	if isSaved {
		c.Profile = existing
		p.formOfExisting(existing)
	} else if p.form.Texts[ERP] == "" {
		p.form.Texts[ERP] = p.erpOf(asked)
	}
	p.form.was = p.form.text()
	p.update(FormPart)
	p.open(c)
	p.show(Reading)
	if p.deps.Demo == nil && p.settings.Service != asked.Service {
		p.ChangeSettings(func(s *settings.Settings) { s.Service = asked.Service })
	}
	p.focusOn(ToPrimary, 0)
	if isSaved {
		p.compare(p.cred, nil, nil)
		return
	}
	p.nameFromAccount(client, p.cred)
}

// RenewFor opens a saved profile and asks for another token for it.
func (p *Presenter) RenewFor(of profile.Profile) {
	defer p.action()()
	if !p.Blocked() {
		p.unlessUnsaved(func() { p.load(of, p.Renew) })
	}
}

// UseToken takes a token for the open port that somebody else has got, and compares it with
// the saved one, as after a login.
func (p *Presenter) UseToken(token authclient.Secret) {
	defer p.action()()
	c := p.cred
	if p.Blocked() || c == nil || c.Profile.ID == "" || c.Unsaved() || token.IsZero() {
		return
	}
	p.dismiss()
	p.form = p.formOf(Renew, c.Profile, authclient.Secret{})
	p.open(Credential{Profile: c.Profile, Secrets: profile.Secrets{Token: token}, State: Obtained})
	p.show(Reading)
	p.compare(p.cred, nil, nil)
}

// formOfExisting fills the form with what is saved of the port whose token was obtained. What
// the user has typed for a new port stays.
func (p *Presenter) formOfExisting(existing profile.Profile) {
	f, was := &p.form, p.form
	f.Texts[Name], f.Texts[ERP], f.Texts[Note], f.Environment = existing.Name, existing.ERP, existing.Note, existing.Environment
	if was.Mode != NewPort {
		return
	}
	f.Keep = f.Keep || p.keepsPassword(existing)
	if was.Named {
		f.Texts[Name] = was.Texts[Name]
	}
	for _, field := range []Field{ERP, Note} {
		if oneLine(was.Texts[field]) != "" {
			f.Texts[field] = was.Texts[field]
		}
	}
	if was.Environment != profile.Production { // else the user may not have chosen it
		f.Environment = was.Environment
	}
}

// erpOf returns the name of the ERP in another profile with the same service and ERP ID, or "".
func (p *Presenter) erpOf(asked profile.Profile) string {
	for _, each := range p.list.all {
		if each.ERPID == asked.ERPID && each.Service == asked.Service && each.ERP != "" {
			return each.ERP
		}
	}
	return ""
}

// nameFromAccount gets the name of the port in the background and suggests it as the name of
// the profile. An error is not shown, because the user did not ask for the name.
func (p *Presenter) nameFromAccount(client *authclient.Client, c *Credential) {
	ctx, cancel := context.WithCancel(context.Background()) // the client has a timeout
	p.stopNaming.replace(cancel)
	token := c.Secrets.Token
	p.follow(c.Profile.Host())
	p.inBackground(func() func() {
		account, err := client.Account(ctx, token)
		return func() {
			cancel()
			if err != nil || !p.isOpen(c) || p.cred.Profile.ID != "" || account.PortName == "" || !strings.EqualFold(account.PortCode, c.Profile.PortCode) {
				return
			}
			p.set(func(c *Credential) { c.Profile.Name, c.Verdict = account.PortName, profile.Accepted })
			if !p.form.Named && (p.task == nil || !p.task.keeps) { // what is being saved has its name
				p.form.Texts[Name] = account.PortName
				p.form.was = p.form.text()
				p.update(FormPart)
			}
		}
	})
}

// follow notes a call to a host that belongs to the action of the call before. It does not
// wait, but the next action does.
func (p *Presenter) follow(host string) { p.calls.Next(host, p.deps.Now()) }

// Check asks the service whether the token works.
func (p *Presenter) Check() {
	defer p.action()()
	if p.task == nil && p.page == Reading {
		p.withToken(p.check)
	}
}

func (p *Presenter) check() {
	c := p.cred
	client, err := p.Client(c.Profile.Service)
	if err != nil {
		p.Trouble(p.ClientError(err))
		return
	}
	if !c.Unsaved() { // else the message may offer to save it
		p.dismiss()
	}
	token, host := c.Secrets.Token, c.Profile.Host()
	wait := p.calls.Next(host, p.deps.Now())
	p.Run(p.t.T("check.running", "Host", host), TaskOptions{}, func(ctx context.Context) func() {
		p.deps.Sleep(ctx, wait)
		account, err := client.Account(ctx, token)
		return func() {
			if p.isOpen(c) && p.cred.Secrets.Token.Equal(token) { // else the answer is about another token
				p.checked(account, err)
			}
		}
	})
}

// checked shows the outcome of a check of the open credential.
func (p *Presenter) checked(account authclient.Account, err error) {
	c := p.cred
	var authority *authclient.CAError
	if errors.As(err, &authority) {
		p.Trouble(p.t.Authority(authority))
		return
	}
	p.Note(report.Check, err)
	now := p.deps.Now()
	if verdict := profile.VerdictOf(c.Profile, account, err); verdict != "" {
		p.set(func(c *Credential) {
			c.Verdict = verdict
			switch {
			case c.State == Differs:
				c.NewVerdict = verdict
			case c.State != Obtained:
				c.Profile.Check, c.Profile.Checked = verdict, now
			}
		})
		p.saveVerdict(verdict)
	}
	at := now.Format("15:04")
	switch authclient.OutcomeOf(err) {
	case authclient.OutcomeToken:
		if !strings.EqualFold(account.PortCode, c.Profile.PortCode) {
			p.Say("triangle-alert", p.t.T("check.other_port", "Code", account.PortCode, "Time", at), "", nil) // the page says what it means
			return
		}
		p.Say("circle-check", p.t.T("check.accepted", "Port", p.t.Port(account), "Time", at), "", nil)
	case authclient.OutcomeRefused: // the page says so
	case authclient.OutcomeCancelled:
		p.Say("info", p.t.T("check.cancelled"), "", nil)
	default:
		p.unverified(p.t.T("check.unverified"), p.t.Check(err))
	}
}

// saveVerdict saves the verdict on the token of a saved profile in the list.
func (p *Presenter) saveVerdict(verdict profile.Verdict) {
	c := p.cred
	if c.Unsaved() || c.Profile.ID == "" {
		return
	}
	checked, now := c.Profile, p.deps.Now()
	p.inBackground(func() func() {
		_ = p.deps.Store.SetChecked(context.Background(), checked, verdict, now) // only a hint; has a timeout
		return func() { p.Reload(nil) }
	})
}
