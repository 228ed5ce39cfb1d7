package service_test

import (
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"amarre/authclient"
	"amarre/internal/policy"
	"amarre/internal/service"
)

func address(t *testing.T, text string) authclient.Address {
	t.Helper()
	address, err := authclient.ParseAddress(text)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// TestAllowed: the policy names the services that may be called; a demonstration calls
// its stand-in alone.
func TestAllowed(t *testing.T) {
	fixed := policy.Policy{Services: []string{"https://logapass.example/ws"}}
	for _, c := range []struct {
		clients service.Clients
		address string
		want    error
	}{
		{service.Clients{}, "https://any.example", nil},
		{service.Clients{Policy: fixed}, "logapass.example/ws/", nil},
		{service.Clients{Policy: fixed}, "https://any.example", policy.ErrNotAllowed},
		{service.Clients{Demo: "http://127.0.0.1:4000"}, "http://127.0.0.1:4000", nil},
		{service.Clients{Demo: "http://127.0.0.1:4000", Policy: fixed}, "http://127.0.0.1:4000", nil},
		{service.Clients{Demo: "http://127.0.0.1:4000", Policy: fixed}, "https://logapass.example/ws", service.ErrNotDemo},
	} {
		if err := c.clients.Allowed(address(t, c.address)); err != c.want {
			t.Errorf("%s under %+v: %v, want %v", c.address, c.clients, err, c.want)
		}
		if client, err := c.clients.Client(address(t, c.address)); err != c.want || (client == nil) != (c.want != nil) {
			t.Errorf("a client of %s under %+v: %v, %v", c.address, c.clients, client, err)
		}
	}
}

// TestSuggest: what is fixed is offered, else what is saved.
func TestSuggest(t *testing.T) {
	saved := []string{"https://b.example", "https://a.example", "https://b.example"}
	if got := (&service.Clients{}).Suggest(saved); !slices.Equal(got, []string{"https://a.example", "https://b.example"}) {
		t.Errorf("the suggestions are %q", got)
	}
	if got := (&service.Clients{Demo: "http://127.0.0.1:4000"}).Suggest(saved); !slices.Equal(got, []string{"http://127.0.0.1:4000"}) {
		t.Errorf("the suggestions of a demonstration are %q", got)
	}
	if saved[0] != "https://b.example" {
		t.Error("the caller's list was sorted")
	}
}

// TestAuthorities: a service is trusted by the authority of its file and by that of the
// policy, each for what it is. A file is only read by a call.
func TestAuthorities(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	dir := t.TempDir()
	file, missing := filepath.Join(dir, "ca.cer"), filepath.Join(dir, "missing.cer")
	if err := os.WriteFile(file, server.Certificate().Raw, 0o600); err != nil {
		t.Fatal(err)
	}
	var caErr *authclient.CAError
	for name, c := range map[string]struct {
		clients service.Clients
		want    authclient.Outcome
	}{
		"none":                  {service.Clients{}, authclient.OutcomeTLS},
		"of the service":        {service.Clients{Authorities: map[string]string{server.URL: file}}, authclient.OutcomeNotTheService},
		"of another service":    {service.Clients{Authorities: map[string]string{"https://a.example": file}}, authclient.OutcomeTLS},
		"of the policy":         {service.Clients{Policy: policy.Policy{CAFile: missing, Authorities: []*x509.Certificate{server.Certificate()}}}, authclient.OutcomeNotTheService},
		"of the policy, a name": {service.Clients{Policy: policy.Policy{CAFile: file}}, authclient.OutcomeTLS},
		"of a demonstration": {service.Clients{Demo: server.URL, Policy: policy.Policy{CAFile: file, Authorities: []*x509.Certificate{server.Certificate()}}},
			authclient.OutcomeTLS},
		"missing": {service.Clients{Authorities: map[string]string{server.URL: missing}}, authclient.OutcomeUnreachable},
	} {
		client, err := c.clients.Client(address(t, server.URL))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_, err = client.Account(t.Context(), authclient.NewSecret("T"))
		if got := authclient.OutcomeOf(err); got != c.want || errors.As(err, &caErr) != (name == "missing") {
			t.Errorf("%s: %s (%v), want %s", name, got, err, c.want)
		}
	}
}
