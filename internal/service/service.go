// Package service creates every client of the web service. It applies what holds for all
// of them: the administrator's policy, extra certificate authorities, the
// stand-in of a demonstration, and the user agent. It reads no file: the clients do, when a
// call begins.
//
//	clients := &service.Clients{Policy: fixed, UserAgent: "Amarre/1.2"}
//	client, err := clients.Client(address)
package service

import (
	"errors"
	"slices"
	"time"

	"amarre/authclient"
	"amarre/internal/policy"
)

// ErrNotDemo says that an address is not that of the demonstration's stand-in.
var ErrNotDemo = errors.New("not the stand-in of the demonstration")

// Clients makes clients. Its fields may be changed between calls; it is not safe for
// use by several goroutines while they are.
type Clients struct {
	UserAgent   string
	Timeout     time.Duration // of a call; 0 means authclient.DefaultTimeout
	Policy      policy.Policy
	Authorities map[string]string // file of an extra authority, by the service's address
	Proxies     map[string]string // address of the proxy, by the service's address: see authclient.Options
	Demo        string            // address of the stand-in; "" outside a demonstration
}

// AllowedServices returns the addresses of the only services that may be called; nil means any.
// A demonstration calls its stand-in alone, whatever the policy.
func (c *Clients) AllowedServices() []string {
	if c.Demo != "" {
		return []string{c.Demo}
	}
	return c.Policy.Services
}

// Allowed returns nil if the service at an address may be called, else ErrNotDemo or
// policy.ErrNotAllowed.
func (c *Clients) Allowed(address authclient.Address) error {
	if c.Demo == "" {
		return c.Policy.Allows(address)
	}
	if address.String() != c.Demo {
		return ErrNotDemo
	}
	return nil
}

// Suggest returns the addresses to offer to the user: the fixed ones, else those of
// saved profiles, sorted and each once.
func (c *Clients) Suggest(saved []string) []string {
	if fixed := c.AllowedServices(); len(fixed) > 0 {
		return fixed
	}
	saved = slices.Clone(saved)
	slices.Sort(saved)
	return slices.Compact(saved)
}

// Connection is how a service is called, besides what holds for all.
type Connection struct {
	CAFile string                   // file of an extra authority, or ""
	Proxy  string                   // as authclient.Options.ProxyAddress
	Report func(authclient.Finding) // of each step of a call, on its goroutine; nil for nobody
}

// Connection returns how the service at an address is called.
func (c *Clients) Connection(address authclient.Address) Connection {
	return Connection{CAFile: c.Authorities[address.String()], Proxy: c.Proxies[address.String()]}
}

// Client makes a client of the service at an address. The error is that of Allowed.
func (c *Clients) Client(address authclient.Address) (*authclient.Client, error) {
	return c.ClientWith(address, c.Connection(address))
}

// ClientWith is [Clients.Client] with a connection in place of that of the address.
func (c *Clients) ClientWith(address authclient.Address, by Connection) (*authclient.Client, error) {
	if err := c.Allowed(address); err != nil {
		return nil, err
	}
	opts := authclient.Options{Timeout: c.Timeout, UserAgent: c.UserAgent, CAFile: by.CAFile, ProxyAddress: by.Proxy, Report: by.Report}
	if c.Demo == "" {
		opts.Authorities = c.Policy.Authorities
	}
	return authclient.New(address, opts), nil
}
