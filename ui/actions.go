package ui

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/internal/report"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/ui/kit"
)

// login gets a token for the credential in the form.
func (w *Window) login() {
	if w.blocked() {
		return
	}
	w.form.submitted = true
	w.form.clearErrors()
	asked, cred, first := w.form.validate()
	if first != nil {
		w.result.dismiss() // the message is about the former inputs
		w.win.Canvas().Focus(first)
		return
	}
	if c := w.current; c != nil && !c.profile.SameCredential(asked) && w.result.unsaved() {
		w.unlessUnsaved(func() { w.current = nil; w.result.present(); w.login() })
		return
	}
	if w.pace.asks(asked, cred) {
		w.ask(w.t.T("refused.title"), w.t.N("refused.text", w.pace.refusals),
			kit.Answer{Text: w.t.T("refused.send"), Do: func() { w.loginAgain(asked, cred) }}, kit.Answer{Text: w.t.T("form.cancel")})
		return
	}
	w.loginAgain(asked, cred)
}

// loginAgain sends a credential, and asks before a saved token might be revoked.
func (w *Window) loginAgain(asked profile.Profile, cred authclient.Credentials) {
	existing := w.saved(asked)
	if existing == nil || existing.Missing || w.open != nil && w.open.ID == existing.ID && w.current == nil {
		w.send(asked, cred) // no known token could be revoked
		return
	}
	// A login may revoke the earlier token (docs/service.md, section 3).
	answers := []kit.Answer{
		{Text: w.t.T("again.ask"), Do: func() { w.send(asked, cred) }},
		{Text: w.t.T("form.cancel")},
	}
	if w.open == nil || w.open.ID != existing.ID || w.current == nil {
		answers = append(answers, kit.Answer{Text: w.t.T("again.open"), Do: func() { w.load(*existing) }})
	}
	w.ask(w.t.T("again.title"), w.t.T("again.text", "Name", existing.Name), answers...)
}

// send sends the credential and shows the outcome.
func (w *Window) send(asked profile.Profile, cred authclient.Credentials) {
	client, err := w.client(asked.Service)
	if err != nil {
		w.form.serviceField.Fail(w.clientError(err))
		return
	}
	w.result.dismiss()
	w.conceal()
	sent, wait := w.form.text(), w.pace.wait(asked.Host(), w.deps.Now())
	w.start(w.form.running, w.t.T("form.running", "Host", asked.Host()), func(ctx context.Context) func() {
		w.deps.Sleep(ctx, wait)
		token, err := client.Login(ctx, cred)
		return func() {
			w.pace.called(asked.Host(), w.deps.Now())
			w.pace.answered(asked, cred, authclient.OutcomeOf(err) == authclient.OutcomeRefused)
			w.loggedIn(client, asked, cred, token, err)
			if err == nil {
				w.form.savedText = sent
				w.result.refreshSave()
			}
		}
	})
}

// loggedIn shows the token or the error of a login.
func (w *Window) loggedIn(client *authclient.Client, asked profile.Profile, cred authclient.Credentials, token authclient.Secret, err error) {
	var authority *authclient.CAError
	if errors.As(err, &authority) {
		w.form.serviceField.Fail(w.t.Authority(authority))
		return
	}
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
		c.profile = *existing
		c.profile.Environment = asked.Environment
	} else {
		c.profile.ERP = w.erpOf(asked)
	}
	inputs := w.result.inputs()
	sameAsShown := w.current != nil && w.current.profile.SameCredential(asked)
	w.current = c
	w.open = existing
	w.list.selectOpen()
	w.result.present()
	if sameAsShown { // the user may be typing
		w.result.restore(inputs)
	}
	if w.deps.Demo == nil && w.settings.Service != asked.Service {
		w.changeSettings(func(s *settings.Settings) { s.Service = asked.Service })
	}
	w.win.Canvas().Focus(w.result.copy)
	w.menu.refresh()
	if existing != nil {
		w.compare(c, nil)
		return
	}
	w.nameFromAccount(client, c)
}

// erpOf returns the name of the ERP in another profile with the same service and ERP ID,
// or "".
func (w *Window) erpOf(asked profile.Profile) string {
	for _, p := range w.all {
		if p.ERPID == asked.ERPID && p.Service == asked.Service && p.ERP != "" {
			return p.ERP
		}
	}
	return ""
}

// nameFromAccount gets the name of the port in the background and suggests it as the name
// of the profile. An error is not shown, because the user did not ask for the name.
func (w *Window) nameFromAccount(client *authclient.Client, c *credential) {
	ctx, cancel := context.WithCancel(context.Background()) // the client has a timeout
	w.stopNaming.replace(cancel)
	token := c.secrets.Token
	w.deps.Run(func() func() {
		account, err := client.Account(ctx, token)
		return func() {
			cancel()
			if err != nil || w.current != c || !c.secrets.Token.Equal(token) || c.profile.ID != "" ||
				account.PortName == "" || !strings.EqualFold(account.PortCode, c.profile.PortCode) {
				return
			}
			c.profile.Name = account.PortName
			if !w.result.named {
				w.result.setName(account.PortName)
			}
			w.result.refreshHeading()
		}
	})
}

// check asks the service whether the token works.
func (w *Window) check() {
	c := w.current
	if w.blocked() || c == nil {
		return
	}
	client, err := w.client(c.profile.Service)
	if err != nil {
		w.result.showVerdict(w.clientError(err), widget.DangerImportance)
		return
	}
	w.result.showVerdict("", widget.MediumImportance)
	if !c.changed { // the message on an unsaved token asks for a decision
		w.result.dismiss()
	}
	token, host := c.secrets.Token, c.profile.Host()
	wait := w.pace.wait(host, w.deps.Now())
	w.start(w.status.running, w.t.T("check.running", "Host", host), func(ctx context.Context) func() {
		w.deps.Sleep(ctx, wait)
		account, err := client.Account(ctx, token)
		return func() {
			w.pace.called(host, w.deps.Now())
			if w.current == c && c.secrets.Token.Equal(token) { // else the answer is about another token
				w.checked(c, account, err)
			}
		}
	})
}

// checked shows the outcome of a check.
func (w *Window) checked(c *credential, account authclient.Account, err error) {
	var authority *authclient.CAError
	if errors.As(err, &authority) {
		w.result.showVerdict(w.t.Authority(authority), widget.DangerImportance)
		return
	}
	w.note(report.Check, err)
	at := w.deps.Now().Format("15:04")
	if verdict := profile.VerdictOf(c.profile, account, err); verdict != "" {
		c.verdict = verdict
		w.saveVerdict(c, verdict)
		w.result.refreshHeading()
	}
	switch authclient.OutcomeOf(err) {
	case authclient.OutcomeToken:
		key, importance := "check.accepted", widget.SuccessImportance
		if !strings.EqualFold(account.PortCode, c.profile.PortCode) {
			key, importance = "check.other_port", widget.WarningImportance
		}
		w.result.showVerdict(w.t.T(key, "Port", w.t.Port(account), "Time", at), importance)
	case authclient.OutcomeRefused:
		w.result.showVerdict(w.t.T("check.refused", "Time", at), widget.DangerImportance)
	case authclient.OutcomeCancelled:
		w.result.showVerdict(w.t.T("check.cancelled"), widget.MediumImportance)
	default:
		w.result.unverified(w.t.Check(err))
	}
}

// saveVerdict saves the verdict on the token of a saved profile in the list.
func (w *Window) saveVerdict(c *credential, verdict profile.Verdict) {
	if c.changed || c.profile.ID == "" {
		return
	}
	checked, now := c.profile, w.deps.Now()
	w.deps.Run(func() func() {
		_ = w.deps.Store.SetChecked(context.Background(), checked, verdict, now) // only a hint; has a timeout
		return func() { w.reload(nil) }
	})
}

// toggleToken shows or hides the token.
func (w *Window) toggleToken() {
	if w.dialog != nil || w.current == nil {
		return
	}
	w.active()
	if w.result.revealed {
		w.result.conceal()
	} else {
		w.result.reveal()
	}
	w.hideFromCaptures()
	w.menu.refresh()
}

// togglePassword shows or hides the password in the form.
func (w *Window) togglePassword() {
	switch {
	case w.dialog != nil:
	case w.form.password.Revealed():
		w.form.password.Conceal()
	case w.form.password.Text != "":
		w.form.password.Reveal()
	}
	w.menu.refresh()
}

// copyToken copies the token. The clipboard is cleared after the delay in the settings.
func (w *Window) copyToken() {
	if c := w.current; w.dialog == nil && c != nil {
		w.copySecret(c, c.secrets.Token)
	}
}

// clearClipboard clears the copied token from the clipboard.
func (w *Window) clearClipboard() {
	if w.guard.Clear() {
		w.status.say(w.t.T("clipboard.cleared"), "", nil)
	}
	w.status.refreshClipboard()
}

// newProfile empties the form.
func (w *Window) newProfile() {
	if w.blocked() {
		return
	}
	w.unlessUnsaved(func() {
		w.clear()
		w.form.focusFirstEmpty()
	})
}

// fillDemo fills in the credential of the demo.
func (w *Window) fillDemo() {
	if w.blocked() {
		return
	}
	w.unlessUnsaved(func() {
		w.leave()
		demo := w.deps.Demo
		w.form.fill(formText{service: w.deps.Clients.Demo, portCode: demo.PortCode, erpID: strconv.FormatInt(demo.ERPID, 10)},
			authclient.NewSecret(demo.Password))
		w.win.Canvas().Focus(w.form.submit)
	})
}

// clear closes the open profile and empties the form. It keeps the service if it is allowed.
func (w *Window) clear() {
	service := w.nextService()
	w.leave()
	w.form.begin(service)
}

// leave closes the open profile and discards its secrets.
func (w *Window) leave() {
	w.status.dismiss()
	w.stopNaming.replace(nil)
	w.open, w.current = nil, nil
	w.result.dismiss()
	w.result.present()
	w.list.selectOpen()
	w.menu.refresh()
}

// duplicate starts a profile for another port. It keeps every input of the form except the
// port code.
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

// focusSearch gives the focus to the search.
func (w *Window) focusSearch() {
	if w.dialog == nil {
		w.win.Canvas().Focus(w.list.searchBox)
	}
}

// environmentEdited reports whether the form has another environment than the open profile.
func (w *Window) environmentEdited() bool {
	return w.current != nil && !w.current.changed && w.formIsCurrent() &&
		w.form.selectedEnvironment() != w.current.profile.Environment
}

// formIsCurrent reports whether the form has the credential of the token.
func (w *Window) formIsCurrent() bool {
	text := w.form.text()
	code, codeErr := authclient.ParsePortCode(text.portCode)
	id, idErr := authclient.ParseERPID(text.erpID)
	return w.current != nil && codeErr == nil && idErr == nil &&
		w.current.profile.SameCredential(profile.Profile{Service: text.service, PortCode: code, ERPID: id})
}

// unlessUnsaved calls then. If there are unsaved changes, it asks first whether to discard
// or save them.
func (w *Window) unlessUnsaved(then func()) {
	lost := w.t.T("unsaved.edits")
	answers := []kit.Answer{{Text: w.t.T("unsaved.discard"), Do: then}, {Text: w.t.T("unsaved.stay")}}
	switch {
	case w.result.unsaved() || w.environmentEdited():
		if w.current.changed {
			lost = w.t.T("unsaved.token")
		}
		answers = append(answers, kit.Answer{Text: w.t.T("unsaved.save"), Do: func() { w.saveThen(then) }})
	case !w.form.unsaved():
		then()
		return
	}
	w.ask(w.t.T("unsaved.title"), lost, answers...)
}
