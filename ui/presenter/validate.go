package presenter

import (
	"slices"
	"strings"

	"amarre/authclient"
	"amarre/profile"
)

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
