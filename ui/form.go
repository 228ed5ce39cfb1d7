package ui

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/profile"
	"amarre/ui/kit"
)

// form is the panel for a service and a credential. Only the local checks of an input are
// shown below its field, never an answer of the service.
type form struct {
	w *Window

	service     *kit.SelectEntry
	environment *kit.Choice
	portCode    *kit.Entry
	erpID       *kit.Entry
	password    *kit.SecretEntry
	submit      *kit.Button
	cancel      *kit.Button
	progress    *widget.Label

	serviceField, environmentField, portField, erpField, passwordField *kit.Field

	submitted bool     // errors are updated while the user types
	savedText formText // the inputs that are not unsaved changes
}

// formText holds the inputs except the password. A password that was only typed is not an
// unsaved change.
type formText struct {
	service, portCode, erpID string
	environment              profile.Environment
}

var environments = []profile.Environment{profile.Production, profile.Test}

func (f *form) selectedEnvironment() profile.Environment {
	return environments[f.environment.Selected()]
}

func newForm(w *Window) *form {
	f := &form{w: w}
	f.service = named(w, "form.service", kit.NewSelectEntry(w.keys))
	f.service.SetPlaceHolder("https://")
	f.portCode = named(w, "form.port_code", kit.NewEntry(w.keys))
	f.erpID = named(w, "form.erp_id", kit.NewEntry(w.keys))
	f.password = named(w, "form.password", kit.NewSecretEntry(w.keys))
	f.password.CapsLock = func(on bool) {
		if on {
			f.passwordField.Warn(w.t.T("form.caps_lock"))
		}
	}
	f.password.OnReveal = w.secretRevealed
	f.password.PasteRefused = func(why error) { f.passwordField.Fail(w.pasteRefused(why)) }
	f.environment = named(w, "form.environment",
		kit.NewChoice(w.keys, func(int) { f.changed() }, w.t.T("environment.production"), w.t.T("environment.test")))
	f.environment.OnSubmitted = w.login
	for _, entry := range []*widget.Entry{&f.service.Entry.Entry, &f.portCode.Entry, &f.erpID.Entry, &f.password.Entry.Entry} {
		entry.OnChanged = func(string) { f.changed() }
		entry.OnSubmitted = func(string) { w.login() }
	}

	f.serviceField = kit.NewField(w.t.T("form.service"), f.service)
	f.environmentField = kit.NewField(w.t.T("form.environment"), f.environment)
	f.portField = kit.NewField(w.t.T("form.port_code"), kit.AtLeast(90, 0, f.portCode))
	f.erpField = kit.NewField(w.t.T("form.erp_id"), kit.AtLeast(120, 0, f.erpID))
	f.passwordField = kit.NewField(w.t.T("form.password"), f.password)

	f.submit = w.button("form.submit", w.t.T("form.submit"), nil, w.login)
	f.submit.Importance = widget.HighImportance
	f.cancel = w.button("form.cancel", w.t.T("form.cancel"), nil, w.cancel)
	f.cancel.Hide()
	f.progress = named(w, "form.progress", widget.NewLabel(""))
	f.progress.Truncation = fyne.TextTruncateEllipsis
	if len(w.deps.Clients.AllowedServices()) == 1 {
		f.service.Disable()
	}
	return f
}

// pasteRefused says why nothing was pasted into the entry of a secret.
func (w *Window) pasteRefused(why error) string {
	if errors.Is(why, kit.ErrLines) {
		return w.t.T("form.paste_lines")
	}
	return w.t.T("form.paste_unseen")
}

func (f *form) content() fyne.CanvasObject {
	codes := container.New(layout.NewGridLayoutWithColumns(2),
		f.portField.Body(),
		container.NewBorder(nil, nil, f.erpField.Label, nil, f.erpField.Body()),
	)
	buttons := container.NewBorder(nil, nil, container.NewHBox(f.submit, f.cancel), nil, f.progress)
	return container.New(layout.NewFormLayout(),
		f.serviceField.Label, f.serviceField.Body(),
		f.environmentField.Label, f.environmentField.Body(),
		f.portField.Label, codes,
		f.passwordField.Label, f.passwordField.Body(),
		layout.NewSpacer(), buttons,
	)
}

// begin sets the service and empties the other inputs.
func (f *form) begin(service string) {
	f.fill(formText{service: service}, authclient.Secret{})
}

// fill shows a credential without unsaved changes.
func (f *form) fill(text formText, password authclient.Secret) {
	f.submitted = false
	f.set(text, password)
	f.savedText = f.text()
	f.clearErrors()
}

// set shows a credential.
func (f *form) set(text formText, password authclient.Secret) {
	f.service.SetText(text.service)
	f.environment.Select(max(0, slices.Index(environments, text.environment)))
	f.portCode.SetText(text.portCode)
	f.erpID.SetText(text.erpID)
	f.password.SetSecret(password)
}

// unsaved reports whether the form has unsaved changes.
func (f *form) unsaved() bool { return f.text() != f.savedText }

// text returns the inputs. Those that are valid are in their canonical form.
func (f *form) text() formText {
	text := formText{
		service:     authclient.TrimPasted(f.service.Text),
		portCode:    authclient.TrimPasted(f.portCode.Text),
		erpID:       authclient.TrimPasted(f.erpID.Text),
		environment: f.selectedEnvironment(),
	}
	if address, err := authclient.ParseAddress(text.service); err == nil {
		text.service = address.String()
	}
	if id, err := authclient.ParseERPID(text.erpID); err == nil {
		text.erpID = strconv.FormatInt(id, 10)
	}
	return text
}

// textOf returns the inputs for a profile.
func textOf(p profile.Profile) formText {
	return formText{service: p.Service, portCode: p.PortCode, erpID: strconv.FormatInt(p.ERPID, 10), environment: p.Environment}
}

// changed updates the messages after a change of an input. Errors are only updated once
// the form has been submitted.
func (f *form) changed() {
	if f.submitted {
		f.clearErrors()
		f.validate()
	} else {
		f.passwordField.Clear()
		f.showTarget()
	}
	if text := f.password.Text; text != "" && authclient.TrimPasted(text) != text {
		f.passwordField.Warn(f.w.t.T("form.password_spaces"))
	}
	f.w.result.formChanged()
}

func (f *form) clearErrors() {
	for _, field := range []*kit.Field{f.serviceField, f.portField, f.erpField, f.passwordField} {
		field.Clear()
	}
	f.showTarget()
}

// showTarget shows the URL that the credential will be sent to, if the address is valid.
func (f *form) showTarget() {
	hint := ""
	if address, err := authclient.ParseAddress(f.service.Text); err == nil {
		hint = f.w.t.T("form.target", "URL", address.LoginURL())
	}
	f.serviceField.Hint(hint)
}

// validate returns the profile and the credential in the form. It shows an error at each
// invalid field and returns the first of their inputs, or nil.
func (f *form) validate() (p profile.Profile, cred authclient.Credentials, first fyne.Focusable) {
	wrong := func(field *kit.Field, entry fyne.Focusable, why string) {
		field.Fail(why)
		if first == nil {
			first = entry
		}
	}
	address, err := authclient.ParseAddress(f.service.Text)
	if err != nil {
		wrong(f.serviceField, f.service, f.w.t.Address(err))
	} else if err := f.w.checkAllowed(address.String()); err != nil {
		wrong(f.serviceField, f.service, f.w.clientError(err))
	}
	if cred.PortCode, err = authclient.ParsePortCode(f.portCode.Text); err != nil {
		wrong(f.portField, f.portCode, f.w.t.T("error.port_code"))
	}
	if cred.ERPID, err = authclient.ParseERPID(f.erpID.Text); err != nil {
		wrong(f.erpField, f.erpID, f.w.t.T("error.erp_id"))
	}
	if cred.Password = f.password.Secret(); cred.Password.IsZero() {
		wrong(f.passwordField, f.password, f.w.t.T("error.password"))
	}
	p = profile.Profile{Service: address.String(), Environment: f.selectedEnvironment(), PortCode: cred.PortCode, ERPID: cred.ERPID}
	return p, cred, first
}

// focusFirstEmpty gives the focus to the first empty input, else to the button.
func (f *form) focusFirstEmpty() {
	canvas := f.w.win.Canvas()
	for _, field := range []struct {
		text  string
		entry fyne.Focusable
	}{{f.service.Text, f.service}, {f.portCode.Text, f.portCode}, {f.erpID.Text, f.erpID}, {f.password.Text, f.password}} {
		if strings.TrimSpace(field.text) == "" {
			canvas.Focus(field.entry)
			return
		}
	}
	canvas.Focus(f.submit)
}

// running shows the progress of a login; "" ends it.
func (f *form) running(text string) {
	f.progress.SetText(text)
	canvas := f.w.win.Canvas()
	if text != "" {
		f.cancel.Show()
		if canvas.Focused() == f.submit {
			canvas.Focus(f.cancel) // a disabled button receives no keys
		}
		f.submit.Disable()
		return
	}
	f.submit.Enable()
	if canvas.Focused() == f.cancel {
		canvas.Focus(f.submit)
	}
	f.cancel.Hide()
}

// restore copies the inputs of the form of another language.
func (f *form) restore(old *form) {
	f.set(old.text(), old.password.Secret())
	f.savedText = old.savedText
	f.service.SetOptions(f.w.services())
	f.showTarget()
}
