package service_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"amarre/authclient"
	"amarre/authclient/authtest"
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

// TestAuthorities: each extra authority must be readable; a demonstration has none of
// the policy's.
func TestAuthorities(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.pem")
	for name, c := range map[string]service.Clients{
		"of the service": {Authorities: map[string]string{"https://a.example": missing}},
		"of the policy":  {Policy: policy.Policy{CAFile: missing}},
	} {
		if _, err := c.Client(address(t, "https://a.example")); !errors.Is(err, authclient.ErrCAFile) {
			t.Errorf("%s: %v, want ErrCAFile", name, err)
		}
	}
	other := service.Clients{Authorities: map[string]string{"https://a.example": missing}}
	if _, err := other.Client(address(t, "https://b.example")); err != nil {
		t.Errorf("another service: %v", err)
	}
	server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	demo := service.Clients{Demo: server.URL, Policy: policy.Policy{CAFile: missing}}
	client, err := demo.Client(address(t, server.URL))
	if err != nil {
		t.Fatal(err)
	}
	credentials := authclient.Credentials{PortCode: "SET", ERPID: authtest.DemoERPID, Password: authclient.NewSecret(authtest.DemoPassword)}
	if _, err := client.Login(t.Context(), credentials); err != nil {
		t.Errorf("the stand-in: %v", err)
	}
}
