package ui

import (
	"errors"
	"strings"

	"amarre/authclient"
	"amarre/internal/policy"
	"amarre/internal/service"
)

// allows returns why a service may not be called. Of an address that is none it says
// nothing.
func (w *Window) allows(text string) error {
	address, err := authclient.ParseAddress(text)
	if err != nil {
		return nil
	}
	return w.deps.Clients.Allowed(address)
}

// services returns the addresses to suggest.
func (w *Window) services() []string {
	saved := make([]string, len(w.all))
	for i, p := range w.all {
		saved[i] = p.Service
	}
	return w.deps.Clients.Suggest(saved)
}

// firstService returns the address that a new form begins with.
func (w *Window) firstService() string {
	fixed := w.deps.Clients.Fixed()
	for _, text := range []string{w.deps.Service, w.settings.Service} {
		_, err := authclient.ParseAddress(text) // an address with a mistake can be corrected, unless it is fixed
		if text != "" && w.allows(text) == nil && (err == nil || len(fixed) == 0) {
			return text
		}
	}
	if len(fixed) > 0 {
		return fixed[0]
	}
	return ""
}

// nextService returns the address for the next credential: the form's if it may be
// called.
func (w *Window) nextService() string {
	text := w.form.text().service
	if _, err := authclient.ParseAddress(text); err != nil || w.allows(text) != nil {
		return w.firstService()
	}
	return text
}

// client makes a client of the service at an address.
func (w *Window) client(text string) (*authclient.Client, error) {
	address, err := authclient.ParseAddress(text)
	if err != nil {
		return nil, err
	}
	return w.deps.Clients.Client(address)
}

// clientSentence says why there is no client.
func (w *Window) clientSentence(address string, err error) string {
	switch {
	case errors.Is(err, service.ErrNotDemo):
		return w.t.T("error.service_not_demo")
	case errors.Is(err, policy.ErrNotAllowed):
		return w.t.T("error.service_not_allowed", "Services", strings.Join(w.deps.Clients.Fixed(), ", "))
	case errors.Is(err, authclient.ErrCAFile):
		return w.t.T("error.ca", "File", w.settings.Authorities[address])
	}
	return w.t.Address(err)
}
