package presenter

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"amarre/authclient"
	"amarre/internal/policy"
	"amarre/internal/service"
	"amarre/profile"
)

// Mode is what the form is for.
type Mode int

// The modes.
const (
	NewPort Mode = iota
	EditPort
	Renew // another token for a saved port, whose credential is fixed
)

// Field is an input of the form.
type Field int

// The fields, in the order of the Tab key.
const (
	Service Field = iota
	PortCode
	ERPID
	Password
	Name
	ERP
	Note
)

// Form is the inputs of the form, as the user sees them.
type Form struct {
	Mode        Mode
	Profile     profile.Profile // of EditPort and Renew
	Texts       [Note + 1]string
	Password    authclient.Secret
	Environment profile.Environment
	Keep        bool // whether to save the password
	Details     bool // environment, ERP and note are shown
	Named       bool // the user has changed the name

	Problems map[Field]Problem
	Target   string // where the credential will be sent to, if the address is valid

	submitted bool // problems are updated while the user types
	was       formText
	sent      formText // when it was last saved
	wasKept   bool
}

// Problem is a message below a field.
type Problem struct {
	Error bool // else a warning
	Text  string
}

// formText is the inputs except the password. A password that was only typed is not an
// unsaved change.
type formText struct {
	texts       [Note + 1]string
	environment profile.Environment
}

// Form returns the form. Callers do not change its map.
func (p *Presenter) Form() Form { return p.form }

// newForm returns an empty form for a new port.
func (p *Presenter) newForm() Form {
	f := Form{Environment: profile.Production, Problems: map[Field]Problem{}}
	f.Texts[Service] = p.defaultService()
	f.was = f.text()
	p.target(&f)
	return f
}

// formOf returns a form with the texts of a saved profile.
func (p *Presenter) formOf(mode Mode, of profile.Profile, password authclient.Secret) Form {
	f := Form{Mode: mode, Profile: of, Environment: of.Environment, Problems: map[Field]Problem{}, Details: true,
		Texts:    [Note + 1]string{Service: of.Service, PortCode: of.PortCode, ERPID: strconv.FormatInt(of.ERPID, 10), Name: of.Name, ERP: of.ERP, Note: of.Note},
		Password: password, Keep: p.keepsPassword(of)}
	f.was, f.wasKept = f.text(), f.Keep
	p.target(&f)
	return f
}

// text returns the inputs. Those that are valid are in their canonical form.
func (f *Form) text() formText {
	text := formText{environment: f.Environment}
	for field, typed := range f.Texts {
		switch Field(field) {
		case Service, PortCode, ERPID:
			text.texts[field] = authclient.TrimPasted(typed)
		default:
			text.texts[field] = oneLine(typed)
		}
	}
	if address, err := authclient.ParseAddress(text.texts[Service]); err == nil {
		text.texts[Service] = address.String()
	}
	if id, err := authclient.ParseERPID(text.texts[ERPID]); err == nil {
		text.texts[ERPID] = strconv.FormatInt(id, 10)
	}
	return text
}

// edited reports whether the form has changes that would be lost.
func (f *Form) edited() bool {
	switch f.Mode {
	case EditPort:
		return f.text() != f.was || f.Keep != f.wasKept || f.Keep && !f.Password.IsZero()
	case Renew:
		return false // a password alone
	}
	return f.text() != f.was
}

// keepsPassword reports whether a profile has a password that the policy allows.
func (p *Presenter) keepsPassword(of profile.Profile) bool {
	return of.HasPassword && !p.deps.Clients.Policy.NoPasswords
}

// CanKeepPassword reports whether the policy allows to save passwords.
func (p *Presenter) CanKeepPassword() bool { return !p.deps.Clients.Policy.NoPasswords }

// Fixed reports whether the user cannot change a field of the form.
func (p *Presenter) Fixed(field Field) bool {
	switch field {
	case Service:
		return p.form.Mode != NewPort || len(p.deps.Clients.AllowedServices()) == 1
	case PortCode, ERPID:
		return p.form.Mode != NewPort
	}
	return false
}

// Type takes what the user typed into a field.
func (p *Presenter) Type(field Field, text string) {
	defer p.action()()
	if p.form.Texts[field] == text || p.Fixed(field) {
		return
	}
	p.form.Texts[field] = text
	if field == Name {
		p.form.Named = true
	}
	p.formChanged()
}

// TypePassword takes the password that the user typed.
func (p *Presenter) TypePassword(password authclient.Secret) {
	defer p.action()()
	if !p.form.Password.Equal(password) {
		p.form.Password = password
		p.formChanged()
	}
}

// SetEnvironment takes the environment that the user chose.
func (p *Presenter) SetEnvironment(e profile.Environment) {
	defer p.action()()
	p.form.Environment = e
	p.formChanged()
}

// SetKeep takes whether to save the password.
func (p *Presenter) SetKeep(keep bool) {
	defer p.action()()
	p.form.Keep = keep && p.CanKeepPassword()
	p.formChanged()
}

// ShowDetails shows or hides environment, ERP and note.
func (p *Presenter) ShowDetails(shown bool) {
	defer p.action()()
	p.form.Details = shown
	p.update(PagePart)
}

// WarnAt shows a warning at a field, unless it has an error.
func (p *Presenter) WarnAt(field Field, text string) {
	defer p.action()()
	if !p.form.Problems[field].Error {
		p.form.Problems[field] = Problem{Text: text}
		p.update(ProblemsPart)
	}
}

// formChanged updates the messages after a change of an input. Errors are only updated once
// the form was submitted.
func (p *Presenter) formChanged() {
	f := &p.form
	password := f.Problems[Password]
	if f.submitted {
		p.validateAgain()
	} else {
		clear(f.Problems)
		if password.Error {
			delete(f.Problems, Password)
		}
	}
	if text := f.Password.Reveal(); text != "" && authclient.TrimPasted(text) != text {
		p.WarnAt(Password, p.t.T("form.password_spaces"))
	}
	p.warnOfCase()
	p.target(f)
	p.update(ProblemsPart)
}

// warnOfCase points at a saved port whose code differs from the typed one by its case alone:
// whether the service tells them apart is not known (docs/service.md).
func (p *Presenter) warnOfCase() {
	f := &p.form
	text := f.text().texts
	if f.Mode != NewPort || text[PortCode] == "" {
		return
	}
	i := slices.IndexFunc(p.list.all, func(each profile.Profile) bool {
		return each.PortCode != text[PortCode] && strings.EqualFold(each.PortCode, text[PortCode]) && strings.EqualFold(each.Service, text[Service])
	})
	if i >= 0 {
		p.WarnAt(PortCode, p.t.T("form.other_case", "Code", p.list.all[i].PortCode, "Name", shorten(p.list.all[i].Name)))
	}
}

// target notes the URL that the credential will be sent to.
func (p *Presenter) target(f *Form) {
	f.Target = ""
	if address, err := authclient.ParseAddress(f.Texts[Service]); err == nil {
		f.Target = p.t.T("form.target", "URL", address.LoginURL())
	}
}

// validateAgain updates the errors, if the form was submitted.
func (p *Presenter) validateAgain() {
	if p.form.submitted {
		p.validate()
	}
	p.target(&p.form)
}

// validate returns the profile and the credential of the form. It notes an error at each
// invalid field, and returns the first of them; -1 for none.
func (p *Presenter) validate() (of profile.Profile, cred authclient.Credentials, first Field) {
	f := &p.form
	clear(f.Problems)
	first = -1
	wrong := func(field Field, why string) {
		f.Problems[field] = Problem{Error: true, Text: why}
		if first < 0 {
			first = field
		}
	}
	address, err := authclient.ParseAddress(f.Texts[Service])
	if err != nil {
		wrong(Service, p.t.Address(err))
	} else if err := p.checkAllowed(address.String()); err != nil {
		wrong(Service, p.ClientError(err))
	}
	if cred.PortCode, err = authclient.ParsePortCode(f.Texts[PortCode]); err != nil {
		wrong(PortCode, p.t.T("error.port_code"))
	}
	if cred.ERPID, err = authclient.ParseERPID(f.Texts[ERPID]); err != nil {
		wrong(ERPID, p.t.T("error.erp_id"))
	}
	if cred.Password = f.Password; cred.Password.IsZero() && f.Mode != EditPort {
		wrong(Password, p.t.T("error.password"))
	}
	p.update(ProblemsPart)
	return profile.Profile{Service: address.String(), Environment: f.Environment, PortCode: cred.PortCode, ERPID: cred.ERPID}, cred, first
}

// focusFirstEmpty gives the focus to the first empty field, else to the button.
func (p *Presenter) focusFirstEmpty() {
	f := &p.form
	for _, field := range []Field{Service, PortCode, ERPID, Password} {
		empty := strings.TrimSpace(f.Texts[field]) == ""
		if field == Password {
			empty = f.Password.IsZero()
		}
		if empty && !p.Fixed(field) {
			p.focusOn(ToField, field)
			return
		}
	}
	p.focusOn(ToSubmit, 0)
}

// edit shows a form.
func (p *Presenter) edit(f Form) {
	p.Conceal()
	p.form = f
	p.update(FormPart | ProblemsPart)
	p.show(Editing)
}

// New starts a new port. It keeps the service if it is allowed.
func (p *Presenter) New() {
	defer p.action()()
	if p.Blocked() {
		return
	}
	p.unlessUnsaved(func() {
		service := p.nextService()
		p.leave()
		f := p.newForm()
		f.Texts[Service] = service
		f.was = f.text()
		p.target(&f)
		p.edit(f)
		p.focusFirstEmpty()
	})
}

// Duplicate starts a port like the open one. It keeps every input but the port code, the name
// and the token.
func (p *Presenter) Duplicate() {
	defer p.action()()
	if p.Blocked() {
		return
	}
	switch c := p.cred; {
	case c != nil:
		p.duplicate(c.Profile, c.Secrets.Password)
	case p.under() == Editing:
		p.duplicate(profile.Profile{}, authclient.Secret{})
	}
}

// DuplicateOf starts a port like a saved one. It only keeps the password if that one is open.
func (p *Presenter) DuplicateOf(of profile.Profile) {
	defer p.action()()
	if p.Blocked() {
		return
	}
	if p.cred != nil && sameProfile(p.cred.Profile, of) {
		p.Duplicate()
		return
	}
	p.duplicate(of, authclient.Secret{})
}

// duplicate starts a port like another. The zero profile stands for the form.
func (p *Presenter) duplicate(like profile.Profile, password authclient.Secret) {
	p.unlessUnsaved(func() {
		f := p.form
		if like.Service != "" {
			f = p.formOf(NewPort, like, password)
		}
		p.leave()
		f.Mode, f.Profile, f.Named, f.submitted, f.Problems = NewPort, profile.Profile{}, false, false, map[Field]Problem{}
		f.Texts[PortCode], f.Texts[Name], f.Texts[Note] = "", "", ""
		if p.checkAllowed(f.Texts[Service]) != nil {
			f.Texts[Service] = p.defaultService()
		}
		f.was = f.text()
		p.target(&f)
		p.edit(f)
		p.focusOn(ToField, PortCode)
	})
}

// Edit changes the open port.
func (p *Presenter) Edit() {
	defer p.action()()
	c := p.cred
	if p.Blocked() || c == nil || c.State == Obtained || c.State == Differs || c.Profile.ID == "" {
		return
	}
	if p.under() == Editing && p.form.Mode == EditPort { // with what was typed
		p.show(Editing)
	} else {
		p.edit(p.formOf(EditPort, c.Profile, authclient.Secret{}))
	}
	p.focusOn(ToField, Name)
}

// Renew asks for another token for the open port.
func (p *Presenter) Renew() {
	defer p.action()()
	c := p.cred
	if p.Blocked() || c == nil || c.Profile.ID == "" {
		return
	}
	p.unlessUnsaved(func() {
		p.edit(p.formOf(Renew, c.Profile, c.Secrets.Password))
		p.focusFirstEmpty()
	})
}

// CancelForm leaves the form, for the page of the open port or the overview. A task of the
// form is cancelled first.
func (p *Presenter) CancelForm() {
	defer p.action()()
	if p.task != nil {
		p.Cancel()
		return
	}
	if p.Blocked() || p.page != Editing {
		return
	}
	p.unlessUnsaved(func() {
		p.form = p.newForm()
		p.update(FormPart | ProblemsPart)
		p.dismiss()
		if p.cred != nil {
			p.show(Reading)
			p.focusOn(ToPrimary, 0)
			p.syncOpen() // another program may have changed it meanwhile
			return
		}
		p.show(Overview)
		p.focusOn(ToList, 0)
	})
}

// FillDemo fills in the credential of the demo.
func (p *Presenter) FillDemo() {
	defer p.action()()
	demo := p.deps.Demo
	if p.Blocked() || demo == nil {
		return
	}
	p.unlessUnsaved(func() {
		p.leave()
		f := p.newForm()
		f.Texts[Service], f.Texts[PortCode], f.Texts[ERPID] = p.deps.Clients.Demo, demo.PortCode, strconv.FormatInt(demo.ERPID, 10)
		f.Password = authclient.NewSecret(demo.Password)
		f.was = f.text()
		p.target(&f)
		p.edit(f)
		p.focusOn(ToSubmit, 0)
	})
}

// checkAllowed returns an error if the policy or the demo forbids the service at an address.
// It accepts a text that is no address.
func (p *Presenter) checkAllowed(text string) error {
	address, err := authclient.ParseAddress(text)
	if err != nil {
		return nil
	}
	return p.deps.Clients.Allowed(address)
}

// Services returns the addresses that the form suggests.
func (p *Presenter) Services() []string {
	saved := make([]string, len(p.list.all))
	for i, each := range p.list.all {
		saved[i] = each.Service
	}
	return p.deps.Clients.Suggest(saved)
}

// defaultService returns the address for an empty form.
func (p *Presenter) defaultService() string {
	fixed := p.deps.Clients.AllowedServices()
	for _, text := range []string{p.deps.Service, p.settings.Service} {
		_, err := authclient.ParseAddress(text) // the user can correct an invalid address, unless it is fixed
		if text != "" && p.checkAllowed(text) == nil && (err == nil || len(fixed) == 0) {
			return text
		}
	}
	if len(fixed) > 0 {
		return fixed[0]
	}
	return ""
}

// nextService returns the address for the next new port: that of the form or of the open port,
// if it is valid and allowed.
func (p *Presenter) nextService() string {
	text := p.form.text().texts[Service]
	if p.under() != Editing && p.cred != nil {
		text = p.cred.Profile.Service
	}
	if _, err := authclient.ParseAddress(text); err != nil || p.checkAllowed(text) != nil {
		return p.defaultService()
	}
	return text
}

// Address returns the address that the connection test and the certificate are about: that of
// the form, else of the open port, else the one for a new port.
func (p *Presenter) Address() string {
	switch {
	case p.under() == Editing:
		return p.form.text().texts[Service]
	case p.cred != nil:
		return p.cred.Profile.Service
	}
	return p.defaultService()
}

// Client returns a client of the service at an address. It reads no file.
func (p *Presenter) Client(text string) (*authclient.Client, error) {
	address, err := authclient.ParseAddress(text)
	if err != nil {
		return nil, err
	}
	return p.deps.Clients.Client(address)
}

// ClientError returns the sentence for an error of Client.
func (p *Presenter) ClientError(err error) string {
	switch {
	case errors.Is(err, service.ErrNotDemo):
		return p.t.T("error.service_not_demo")
	case errors.Is(err, policy.ErrNotAllowed):
		return p.t.T("error.service_not_allowed", "Services", strings.Join(p.deps.Clients.AllowedServices(), ", "))
	}
	return p.t.Address(err)
}

// failService shows an error at the service of the form, and gives it the focus.
func (p *Presenter) failService(message string) {
	p.form.Problems[Service] = Problem{Error: true, Text: message}
	p.update(ProblemsPart)
	p.focusOn(ToField, Service)
}
