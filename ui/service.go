package ui

import (
	"errors"
	"slices"
	"strings"

	"amarre/authclient"
	"amarre/internal/policy"
)

// errNotDemo: a demonstration calls its stand-in alone, whatever is typed or imported.
var errNotDemo = errors.New("not the stand-in of the demonstration")

// fixedServices returns the only services that may be asked; none means any.
func (w *Window) fixedServices() []string {
	if w.deps.Demo != nil {
		return []string{w.deps.Demo.Service}
	}
	return w.deps.Policy.Services
}

// allows returns why a service may not be asked. An address that is none is for
// others to judge.
func (w *Window) allows(service string) error {
	if w.deps.Demo == nil {
		return w.deps.Policy.Allows(service)
	}
	if address, err := authclient.ParseAddress(service); err == nil && address.String() != w.deps.Demo.Service {
		return errNotDemo
	}
	return nil
}

// services returns the addresses to suggest: the only ones that may be asked, else
// those of the saved profiles, each once.
func (w *Window) services() []string {
	if fixed := w.fixedServices(); len(fixed) > 0 {
		return fixed
	}
	var services []string
	for _, p := range w.all {
		if !slices.Contains(services, p.Service) {
			services = append(services, p.Service)
		}
	}
	slices.Sort(services)
	return services
}

// firstService returns the address that a new form begins with.
func (w *Window) firstService() string {
	fixed := w.fixedServices()
	for _, service := range []string{w.deps.Service, w.settings.Service} {
		_, err := authclient.ParseAddress(service) // what is none can be corrected, unless the choice is fixed
		if service != "" && w.allows(service) == nil && (err == nil || len(fixed) == 0) {
			return service
		}
	}
	if len(fixed) > 0 {
		return fixed[0]
	}
	return ""
}

// nextService returns the address that a form goes on with: its own, if that may be
// asked.
func (w *Window) nextService() string {
	service := w.form.text().service
	if _, err := authclient.ParseAddress(service); err != nil || w.allows(service) != nil {
		return w.firstService()
	}
	return service
}

// client makes a client of the service at an address, with the extra authority
// that the user gave for it.
func (w *Window) client(address string) (Client, error) {
	if parsed, err := authclient.ParseAddress(address); err == nil {
		address = parsed.String()
	}
	if err := w.allows(address); err != nil {
		return nil, err
	}
	return w.deps.NewClient(address, w.settings.Authorities[address])
}

// clientSentence says why there is no client.
func (w *Window) clientSentence(address string, err error) string {
	switch {
	case errors.Is(err, errNotDemo):
		return w.t.T("error.service_not_demo")
	case errors.Is(err, policy.ErrNotAllowed):
		return w.t.T("error.service_not_allowed", "Services", strings.Join(w.deps.Policy.Services, ", "))
	case errors.Is(err, authclient.ErrCAFile):
		return w.t.T("error.ca", "File", w.settings.Authorities[address])
	}
	return w.t.Address(err)
}
