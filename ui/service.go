package ui

import (
	"errors"
	"strings"

	"amarre/authclient"
	"amarre/internal/policy"
	"amarre/internal/service"
)

// checkAllowed returns an error if the policy or the demo forbids the service at an
// address. It accepts a text that is no address.
func (w *Window) checkAllowed(text string) error {
	address, err := authclient.ParseAddress(text)
	if err != nil {
		return nil
	}
	return w.deps.Clients.Allowed(address)
}

// services returns the addresses that the form suggests.
func (w *Window) services() []string {
	saved := make([]string, len(w.all))
	for i, p := range w.all {
		saved[i] = p.Service
	}
	return w.deps.Clients.Suggest(saved)
}

// defaultService returns the address for an empty form.
func (w *Window) defaultService() string {
	fixed := w.deps.Clients.Fixed()
	for _, text := range []string{w.deps.Service, w.settings.Service} {
		_, err := authclient.ParseAddress(text) // the user can correct an invalid address, unless it is fixed
		if text != "" && w.checkAllowed(text) == nil && (err == nil || len(fixed) == 0) {
			return text
		}
	}
	if len(fixed) > 0 {
		return fixed[0]
	}
	return ""
}

// nextService returns the address for the next credential: that of the form, if it is
// valid and allowed.
func (w *Window) nextService() string {
	text := w.form.text().service
	if _, err := authclient.ParseAddress(text); err != nil || w.checkAllowed(text) != nil {
		return w.defaultService()
	}
	return text
}

// client returns a client for the service at an address.
func (w *Window) client(text string) (*authclient.Client, error) {
	address, err := authclient.ParseAddress(text)
	if err != nil {
		return nil, err
	}
	return w.deps.Clients.Client(address)
}

// failService shows an error at the service of the form, and gives it the focus.
func (w *Window) failService(message string) {
	w.form.serviceField.Fail(message)
	w.win.Canvas().Focus(w.form.service)
}

// clientError returns the sentence for an error of client or checkAllowed.
func (w *Window) clientError(address string, err error) string {
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
