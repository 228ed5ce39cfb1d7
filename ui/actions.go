package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/internal/report"
	"amarre/profile"
	"amarre/ui/kit"
)

// login asks for a token with what the form holds.
func (w *Window) login() {
	if w.blocked() {
		return
	}
	w.form.submitted = true
	w.form.clearErrors()
	address, cred, first := w.form.validate()
	if first != nil {
		w.result.dismiss() // it was about what the form held before
		w.win.Canvas().Focus(first)
		return
	}
	asked := profile.Profile{
		Service:     address.String(),
		Environment: environments[w.form.environment.Selected()],
		PortCode:    cred.PortCode,
		ERPID:       cred.ERPID,
	}
	if c := w.current; c != nil && !c.profile.Same(asked) && w.result.unsaved() {
		w.unlessUnsaved(func() { w.current = nil; w.result.present(); w.login() })
		return
	}
	existing := w.saved(asked)
	if existing == nil || existing.Missing || w.open != nil && w.open.ID == existing.ID && w.current == nil {
		w.send(asked, cred) // there is no token that it could end
		return
	}
	// Nobody knows whether a login ends an earlier token (service.md, section 3).
	answers := []kit.Answer{
		{Text: w.t.T("again.ask"), Do: func() { w.send(asked, cred) }},
		{Text: w.t.T("form.cancel")},
	}
	if w.open == nil || w.open.ID != existing.ID || w.current == nil {
		answers = append(answers, kit.Answer{Text: w.t.T("again.open"), Do: func() { w.load(*existing) }})
	}
	w.ask(w.t.T("again.title"), w.t.T("again.text", "Name", existing.Name), answers...)
}

// send sends the credential and shows how that ended.
func (w *Window) send(asked profile.Profile, cred authclient.Credentials) {
	client, err := w.client(asked.Service)
	if err != nil {
		w.form.serviceField.Fail(w.clientSentence(asked.Service, err))
		return
	}
	w.result.dismiss()
	w.result.conceal()
	w.form.password.Conceal()
	sent := w.form.text()
	w.start(w.form.running, w.t.T("form.running", "Host", asked.Host()), func(ctx context.Context) func() {
		token, err := client.Login(ctx, cred)
		return func() {
			w.loggedIn(client, asked, cred, token, err)
			if err == nil {
				w.form.markSaved(sent)
				w.result.refreshSave()
			}
		}
	})
}

// loggedIn shows the token or the failure.
func (w *Window) loggedIn(client *authclient.Client, asked profile.Profile, cred authclient.Credentials, token authclient.Secret, err error) {
	w.note(report.Login, err)
	switch authclient.OutcomeOf(err) {
	case authclient.OutcomeToken:
	case authclient.OutcomeRefused:
		w.result.refused(w.t.Login(err))
		return
	case authclient.OutcomeCancelled:
		w.result.inform(w.t.Login(err))
		return
	default:
		w.result.unverified(w.t.Login(err))
		return
	}
	c := &credential{profile: asked, secrets: profile.Secrets{Token: token, Password: cred.Password}, changed: true}
	existing := w.saved(asked)
	if existing != nil {
		environment := c.profile.Environment
		c.profile = *existing
		c.profile.Environment = environment
	} else {
		c.profile.ERP = w.erpOf(asked)
	}
	kept := w.result.state()
	sameAsShown := w.current != nil && w.current.profile.Same(asked)
	w.current = c
	w.open = existing
	w.list.selectOpen()
	w.result.present()
	if sameAsShown { // with the name that the user may be typing
		w.result.restore(kept)
	}
	if w.deps.Demo == nil && w.settings.Service != asked.Service {
		w.settings.Service = asked.Service
		w.deps.SaveSettings(w.settings)
	}
	w.win.Canvas().Focus(w.result.copy)
	w.menu.refresh()
	if existing != nil {
		w.compare(c, nil)
		return
	}
	w.nameFromAccount(client, c)
}

// erpOf returns the name of the ERP that other profiles of the same service and
// ERP ID have.
func (w *Window) erpOf(asked profile.Profile) string {
	for _, p := range w.all {
		if p.ERPID == asked.ERPID && p.Service == asked.Service && p.ERP != "" {
			return p.ERP
		}
	}
	return ""
}

// nameFromAccount asks for the port's name, without the user's asking: a failure
// is nobody's concern.
func (w *Window) nameFromAccount(client *authclient.Client, c *credential) {
	ctx, cancel := context.WithCancel(context.Background()) // the client has its deadline
	w.stopNaming()
	w.stopNaming = cancel
	w.deps.Run(func() func() {
		account, err := client.Account(ctx, c.secrets.Token)
		return func() {
			cancel()
			if err != nil || w.current != c || c.profile.ID != "" {
				return
			}
			if account.PortName == "" || !strings.EqualFold(account.PortCode, c.profile.PortCode) {
				return
			}
			c.profile.Name = account.PortName
			w.result.suggestName(account.PortName)
			w.result.refreshHeading()
		}
	})
}

// check asks the service whether it accepts the token.
func (w *Window) check() {
	c := w.current
	if w.blocked() || c == nil {
		return
	}
	client, err := w.client(c.profile.Service)
	if err != nil {
		w.result.showVerdict(w.clientSentence(c.profile.Service, err), widget.DangerImportance)
		return
	}
	w.result.showVerdict("", widget.MediumImportance)
	if !c.changed { // what was said of an unsaved token waits for a decision
		w.result.dismiss()
	}
	w.start(w.status.running, w.t.T("check.running", "Host", c.profile.Host()), func(ctx context.Context) func() {
		account, err := client.Account(ctx, c.secrets.Token)
		return func() {
			if w.current == c {
				w.checked(c, account, err)
			}
		}
	})
}

// checked shows what the service says of the token.
func (w *Window) checked(c *credential, account authclient.Account, err error) {
	w.note(report.Check, err)
	at := w.deps.Now().Format("15:04")
	if verdict := profile.VerdictOf(c.profile, account, err); verdict != "" {
		c.verdict = verdict
		w.remember(c, verdict)
		w.result.refreshHeading()
	}
	switch authclient.OutcomeOf(err) {
	case authclient.OutcomeToken:
		if !strings.EqualFold(account.PortCode, c.profile.PortCode) {
			w.result.showVerdict(w.t.T("check.other_port", "Port", w.t.Port(account), "Time", at), widget.WarningImportance)
			return
		}
		w.result.showVerdict(w.t.T("check.accepted", "Port", w.t.Port(account), "Time", at), widget.SuccessImportance)
	case authclient.OutcomeRefused:
		w.result.showVerdict(w.t.T("check.refused", "Time", at), widget.DangerImportance)
	case authclient.OutcomeCancelled:
		w.result.showVerdict(w.t.T("check.cancelled"), widget.MediumImportance)
	default:
		w.result.unverified(w.t.Check(err))
	}
}

// remember keeps a verdict on the token of a saved profile, for the list.
func (w *Window) remember(c *credential, verdict profile.Verdict) {
	if c.changed || c.profile.ID == "" {
		return
	}
	checked, now := c.profile, w.deps.Now()
	w.deps.Run(func() func() {
		_ = w.deps.Store.SetChecked(context.Background(), checked, verdict, now) // a hint for the list; it has a limit of its own
		return func() { w.reload(nil) }
	})
}

// toggleToken shows or hides the token.
func (w *Window) toggleToken() {
	if w.dialog != nil || w.current == nil {
		return
	}
	w.active()
	if w.result.revealed() {
		w.result.conceal()
	} else {
		w.result.reveal()
	}
	w.hideFromCaptures()
	w.menu.refresh()
}

// togglePassword shows or hides what is typed in the password field.
func (w *Window) togglePassword() {
	switch {
	case w.dialog != nil:
	case w.form.password.Revealed():
		w.form.password.Conceal()
	case w.form.password.Text != "":
		w.form.password.Reveal()
	}
	w.hideFromCaptures()
	w.menu.refresh()
}

// copyToken copies the token for as long as the settings say.
func (w *Window) copyToken() {
	c := w.current
	if w.dialog != nil || c == nil {
		return
	}
	w.copySecret(c, c.secrets.Token)
}

// clearClipboard clears the copied token now.
func (w *Window) clearClipboard() {
	if w.guard.Clear() {
		w.status.say(w.t.T("clipboard.cleared"), "", nil)
	}
	w.status.refreshClipboard()
}

// newProfile empties the form for another credential.
func (w *Window) newProfile() {
	if w.blocked() {
		return
	}
	w.unlessUnsaved(func() {
		w.clear()
		w.form.focusFirstEmpty()
	})
}

// clear forgets the credential and empties the form, but for the service.
func (w *Window) clear() {
	service := w.nextService()
	w.leave()
	w.form.begin(service)
}

// leave forgets the open profile and its secrets.
func (w *Window) leave() {
	w.status.fade()
	w.stopNaming()
	w.open, w.current = nil, nil
	w.result.dismiss()
	w.result.present()
	w.list.selectOpen()
	w.menu.refresh()
}

// duplicate begins another port of the same ERP: service, environment, ERP ID
// and the password stay in the form.
func (w *Window) duplicate() {
	if w.blocked() {
		return
	}
	w.unlessUnsaved(func() {
		text, password := w.form.text(), w.form.password.Secret()
		text.service, text.portCode = w.nextService(), ""
		w.leave()
		w.form.fill(text, password)
		w.win.Canvas().Focus(w.form.portCode)
	})
}

// focusSearch puts the cursor into the search.
func (w *Window) focusSearch() {
	if w.dialog == nil {
		w.win.Canvas().Focus(w.list.searchBox)
	}
}

// environmentEdited reports whether the form has another environment than the
// saved profile that it shows.
func (w *Window) environmentEdited() bool {
	return w.current != nil && !w.current.changed && w.formIsCurrent() &&
		environments[w.form.environment.Selected()] != w.current.profile.Environment
}

// formIsCurrent reports whether the form still holds the credential that the
// token belongs to.
func (w *Window) formIsCurrent() bool {
	address, err := authclient.ParseAddress(w.form.service.Text)
	if err != nil || w.current == nil {
		return false
	}
	code, codeErr := authclient.ParsePortCode(w.form.portCode.Text)
	id, idErr := authclient.ParseERPID(w.form.erpID.Text)
	return codeErr == nil && idErr == nil &&
		w.current.profile.Same(profile.Profile{Service: address.String(), PortCode: code, ERPID: id})
}

// unlessUnsaved calls then, after a question if something would be lost by it.
func (w *Window) unlessUnsaved(then func()) {
	lost := w.t.T("unsaved.edits")
	answers := []kit.Answer{{Text: w.t.T("unsaved.discard"), Do: then}, {Text: w.t.T("unsaved.stay")}}
	switch {
	case w.result.unsaved() || w.environmentEdited():
		if w.current.changed {
			lost = w.t.T("unsaved.token")
		}
		answers = append(answers[:1], answers[1], kit.Answer{Text: w.t.T("unsaved.save"), Do: func() { w.saveThen(then) }})
	case !w.form.unsaved():
		then()
		return
	}
	w.ask(w.t.T("unsaved.title"), lost, answers...)
}
