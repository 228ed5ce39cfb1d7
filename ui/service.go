package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"amarre/authclient"
	"amarre/internal/policy"
	"amarre/internal/service"
	"amarre/ui/kit"
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
	fixed := w.deps.Clients.AllowedServices()
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

// client returns a client for the service at an address. It reads no file.
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
func (w *Window) clientError(err error) string {
	switch {
	case errors.Is(err, service.ErrNotDemo):
		return w.t.T("error.service_not_demo")
	case errors.Is(err, policy.ErrNotAllowed):
		return w.t.T("error.service_not_allowed", "Services", strings.Join(w.deps.Clients.AllowedServices(), ", "))
	}
	return w.t.Address(err)
}

// diagnoseWidth is the width of a wide dialog, in device-independent pixels. A line of the
// connection test wraps at most once.
const diagnoseWidth = 640

// diagnose tests the connection to the service in the form, and shows each finding in a
// dialog. It sends no secret, so that the report has none.
func (w *Window) diagnose() {
	if w.blocked() {
		return
	}
	address := w.form.text().service
	client, err := w.client(w.form.service.Text)
	if err != nil {
		w.failService(w.clientError(err))
		return
	}
	report := []string{w.t.T("diagnose.title", "URL", address, "Version", w.deps.Version, "Time", w.deps.Now().Format(time.DateTime))}
	text := func(last string) string { return strings.Join(append(slices.Clone(report), last), "\n\n") }
	d := &taskDialog{w: w}
	d.open(kit.Question{
		Title: w.t.T("diagnose.heading"), Text: text(w.t.T("diagnose.running")), Width: diagnoseWidth,
		Answers: []kit.Answer{
			{Text: w.t.T("diagnose.copy"), Stay: true, Do: func() { w.deps.Board.SetContent(strings.Join(report, "\n") + "\n") }},
			{Text: w.t.T("ask.close")},
		},
	})
	d.start(noProgress, w.t.T("diagnose.running"), func(ctx context.Context) func() {
		err := client.Diagnose(ctx, func(f authclient.Finding) {
			w.deps.Do(func() {
				report = append(report, w.t.Finding(f))
				d.setText(text(w.t.T("diagnose.running")))
			})
		})
		return func() {
			var authority *authclient.CAError
			if errors.As(err, &authority) { // before the first finding
				report = append(report, w.t.Authority(authority))
			}
			d.setText(text(w.t.T("diagnose.nothing_secret")))
		}
	})
}
