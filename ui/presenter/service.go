package presenter

import (
	"errors"
	"strings"

	"amarre/authclient"
	"amarre/internal/policy"
	"amarre/internal/service"
)

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
