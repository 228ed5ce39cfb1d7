package presenter

import (
	"strconv"

	"amarre/authclient"
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
