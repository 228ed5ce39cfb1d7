package presenter

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

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
	by := p.deps.Clients.Connection(address)
	by.Report = func(f authclient.Finding) { p.lastCall.add(address.String(), f, p.deps.Now()) }
	return p.deps.Clients.ClientWith(address, by)
}

// LastCall is the last request to a service, step by step, but for those of a run. It has no
// secret.
type LastCall struct {
	Service string // "" before the first one
	Began   time.Time
	Steps   []authclient.Finding
}

// LastCall returns the last request.
func (p *Presenter) LastCall() LastCall {
	p.lastCall.mu.Lock()
	defer p.lastCall.mu.Unlock()
	last := p.lastCall.LastCall
	last.Steps = slices.Clone(last.Steps)
	return last
}

// callRecord records the last request. Steps come on the goroutines of calls.
type callRecord struct {
	mu sync.Mutex
	LastCall
}

// add records a step. The first one of a call is StepProxy.
func (r *callRecord) add(service string, f authclient.Finding, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f.Step == authclient.StepProxy {
		r.LastCall = LastCall{Service: service, Began: now}
	}
	r.Steps = append(r.Steps, f)
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
