package ui

import (
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

// form asks for a service and a credential. Its checks are local; what the
// service says is never shown at a field.
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

	submitted bool     // errors are shown while the user types
	savedText formText // what the form held when nothing was unsaved
}

// formText is what the form holds, but the password: a password that was typed
// to get a token is not an unsaved edit.
type formText struct {
	service, portCode, erpID string
	environment              int
}

var environments = []profile.Environment{profile.Production, profile.Test}

func newForm(w *Window) *form {
	f := &form{w: w}
	changed := func(string) { f.changed() }

	f.service = kit.NewSelectEntry(w.keys)
	f.service.SetPlaceHolder("https://")
	f.portCode = kit.NewEntry(w.keys)
	f.erpID = kit.NewEntry(w.keys)
	f.password = kit.NewSecretEntry(w.keys)
	f.password.CapsLock = f.capsLock
	f.password.OnReveal = w.passwordRevealed
	f.environment = kit.NewChoice(w.keys, func(int) { f.changed() }, w.t.T("environment.production"), w.t.T("environment.test"))
	f.environment.OnSubmitted = w.login
	for _, entry := range []*widget.Entry{&f.service.Entry.Entry, &f.portCode.Entry, &f.erpID.Entry, &f.password.Entry} {
		entry.OnChanged = changed
		entry.OnSubmitted = func(string) { w.login() }
	}

	f.serviceField = kit.NewField(w.t.T("form.service"), f.service)
	f.environmentField = kit.NewField(w.t.T("form.environment"), f.environment)
	f.portField = kit.NewField(w.t.T("form.port_code"), kit.AtLeast(90, 0, f.portCode))
	f.erpField = kit.NewField(w.t.T("form.erp_id"), kit.AtLeast(120, 0, f.erpID))
	f.passwordField = kit.NewField(w.t.T("form.password"), f.password)

	f.submit = kit.NewButton(w.t.T("form.submit"), nil, w.keys, w.login)
	f.submit.Importance = widget.HighImportance
	f.cancel = kit.NewButton(w.t.T("form.cancel"), nil, w.keys, w.cancel)
	f.cancel.Hide()
	f.progress = widget.NewLabel("")
	f.progress.Truncation = fyne.TextTruncateEllipsis

	if len(w.deps.Clients.Fixed()) == 1 {
		f.service.Disable() // there is nothing to choose
	}
	w.name("form.service", f.service)
	w.name("form.environment", f.environment)
	w.name("form.port_code", f.portCode)
	w.name("form.erp_id", f.erpID)
	w.name("form.password", f.password)
	w.name("form.submit", f.submit)
	w.name("form.cancel", f.cancel)
	w.name("form.progress", f.progress)
	return f
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

// begin empties the form for a new credential at a service.
func (f *form) begin(service string) {
	f.fill(formText{service: service}, authclient.Secret{})
}

// fill shows a credential that is not unsaved.
func (f *form) fill(text formText, password authclient.Secret) {
	f.submitted = false
	f.set(text, password)
	f.markSaved(f.text())
	f.clearErrors()
}

// set shows a credential.
func (f *form) set(text formText, password authclient.Secret) {
	f.service.SetText(text.service)
	f.environment.Select(text.environment)
	f.portCode.SetText(text.portCode)
	f.erpID.SetText(text.erpID)
	f.password.SetSecret(password)
}

// markSaved says that text, which the form holds or held, is not unsaved.
func (f *form) markSaved(text formText) { f.savedText = text }

// unsaved reports whether the form holds something else than when it began.
func (f *form) unsaved() bool { return f.text() != f.savedText }

// text returns what the form holds, in the form in which it is kept where it is
// valid.
func (f *form) text() formText {
	text := formText{
		service:     authclient.TrimPasted(f.service.Text),
		portCode:    authclient.TrimPasted(f.portCode.Text),
		erpID:       authclient.TrimPasted(f.erpID.Text),
		environment: f.environment.Selected(),
	}
	if address, err := authclient.ParseAddress(text.service); err == nil {
		text.service = address.String()
	}
	if id, err := authclient.ParseERPID(text.erpID); err == nil {
		text.erpID = strconv.FormatInt(id, 10)
	}
	return text
}

// textOf returns what the form holds for a profile.
func textOf(p profile.Profile) formText {
	text := formText{service: p.Service, portCode: p.PortCode, erpID: strconv.FormatInt(p.ERPID, 10)}
	if p.Environment == profile.Test {
		text.environment = 1
	}
	return text
}

func (f *form) fillDemo(demo *Demo) {
	f.begin(f.w.deps.Clients.Demo)
	f.portCode.SetText(demo.PortCode)
	f.erpID.SetText(strconv.FormatInt(demo.ERPID, 10))
	f.password.SetSecret(authclient.NewSecret(demo.Password))
	f.markSaved(f.text())
	f.w.win.Canvas().Focus(f.submit)
}

// suggest actions the addresses of the saved profiles.
func (f *form) suggest(services []string) { f.service.SetOptions(services) }

// changed checks again what the user corrects, once they have submitted.
func (f *form) changed() {
	if f.submitted {
		f.clearErrors()
		f.validate()
	} else {
		f.passwordField.Clear()
		f.showTarget()
	}
	f.warnSpaces()
	f.w.result.formChanged()
}

func (f *form) clearErrors() {
	for _, field := range []*kit.Field{f.serviceField, f.portField, f.erpField, f.passwordField} {
		field.Clear()
	}
	f.showTarget()
}

// warnSpaces says that a password has a space at an end, which is rarely meant
// and may be right.
func (f *form) warnSpaces() {
	if text := f.password.Text; text != "" && authclient.TrimPasted(text) != text {
		f.passwordField.Warn(f.w.t.T("form.password_spaces"))
	}
}

func (f *form) capsLock(on bool) {
	if on {
		f.passwordField.Warn(f.w.t.T("form.caps_lock"))
	}
}

// showTarget shows where the credentials will be sent, nothing while that is no
// address.
func (f *form) showTarget() {
	address, err := authclient.ParseAddress(f.service.Text)
	if err != nil {
		f.serviceField.Hint("")
		return
	}
	f.serviceField.Hint(f.w.t.T("form.target", "URL", address.LoginURL()))
}

// validate shows what is wrong at each field and returns the credential if
// nothing is. The first field in error is returned otherwise.
func (f *form) validate() (address authclient.Address, cred authclient.Credentials, first fyne.Focusable) {
	wrong := func(field *kit.Field, entry fyne.Focusable, why string) {
		field.Fail(why)
		if first == nil {
			first = entry
		}
	}
	address, err := authclient.ParseAddress(f.service.Text)
	if err != nil {
		wrong(f.serviceField, f.service, f.w.t.Address(err))
	} else if err := f.w.allows(address.String()); err != nil {
		wrong(f.serviceField, f.service, f.w.clientSentence(address.String(), err))
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
	return address, cred, first
}

// focusFirstEmpty puts the cursor into the first field that is empty, else onto
// the button.
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

// running shows that a login is under way; "" that none is.
func (f *form) running(text string) {
	f.progress.SetText(text)
	canvas := f.w.win.Canvas()
	if text != "" {
		f.cancel.Show()
		if canvas.Focused() == f.submit {
			canvas.Focus(f.cancel) // a disabled button would lose the keys
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

// formState is what a form holds when the window is built again.
type formState struct {
	text, savedText formText
	password        authclient.Secret
}

func (f *form) state() formState { return formState{f.text(), f.savedText, f.password.Secret()} }

func (f *form) restore(s formState) {
	f.set(s.text, s.password)
	f.savedText = s.savedText
	f.suggest(f.w.services())
	f.showTarget()
}
