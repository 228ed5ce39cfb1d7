package authclient

import (
	"context"
	"crypto/x509"
	"errors"
	"net/url"
	"slices"
	"time"
)

// This file finds which certificate authorities a call trusts.

// CheckAuthorities reads the file of [Options.CAFile], as every call does first. The error
// is a [*CAError], or an [*Error] if ctx was cancelled before.
func (c *Client) CheckAuthorities(ctx context.Context) error {
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	_, err := c.roots(ctx, caller, call{op: "authorities"})
	return err
}

// roots returns what a call trusts; nil is the system's trust store. caller is the caller's
// context, without the client's own deadline. The error is a *CAError, or an *Error if the
// caller cancelled. If ctx ends first, a goroutine is left behind that waits for the disk or
// the network.
func (c *Client) roots(ctx, caller context.Context, this call) (*x509.CertPool, error) {
	if c.opts.CAFile == "" && len(c.opts.Authorities) == 0 {
		return c.opts.RootCAs, nil
	}
	type result struct {
		pool *x509.CertPool
		err  error
	}
	done := make(chan result, 1)
	go func() {
		pool, err := c.loadRoots()
		done <- result{pool, err}
	}()
	select {
	case <-ctx.Done():
		if c.opts.CAFile != "" && !errors.Is(caller.Err(), context.Canceled) {
			return nil, &CAError{File: c.opts.CAFile, Err: context.DeadlineExceeded}
		}
		return nil, (&opening{this: this, caller: caller}).fail(OutcomeTimeout, "", ctx.Err())
	case loaded := <-done:
		return loaded.pool, loaded.err
	}
}

// loadRoots is roots for a client that has more than the system's trust store. The error
// is a *CAError.
func (c *Client) loadRoots() (*x509.CertPool, error) {
	added := slices.Clone(c.opts.Authorities)
	if c.opts.CAFile != "" {
		certs, err := c.readCAFile(c.opts.CAFile)
		if err == nil {
			err = checkAuthorities(certs, hostname(c.address), time.Now())
		}
		if err != nil {
			var e *CAError
			if !errors.As(err, &e) {
				e = &CAError{Err: err}
			}
			e.File = c.opts.CAFile
			return nil, e
		}
		added = append(added, certs...)
	}
	pool := x509.NewCertPool()
	if c.opts.RootCAs != nil {
		pool = c.opts.RootCAs.Clone()
	} else if system, err := x509.SystemCertPool(); err == nil { // else the added ones alone
		pool = system
	}
	for _, cert := range added {
		pool.AddCert(cert)
	}
	return pool, nil
}

// checkAuthorities returns why none of the certificates of a file can be of use for a host:
// a *CAError without its file. A certificate that is not of an authority holds for itself
// alone.
func checkAuthorities(certs []*x509.Certificate, host string, now time.Time) error {
	usable := slices.DeleteFunc(slices.Clone(certs), func(c *x509.Certificate) bool {
		isAuthority := c.Version < 3 || c.BasicConstraintsValid && c.IsCA // as crypto/x509 has it
		return !isAuthority && c.VerifyHostname(host) != nil
	})
	if len(usable) == 0 {
		return &CAError{Err: ErrCANotAuthority}
	}
	last := usable[0]
	for _, c := range usable {
		if !now.Before(c.NotBefore) && !now.After(c.NotAfter) {
			return nil
		}
		if c.NotAfter.After(last.NotAfter) {
			last = c
		}
	}
	return &CAError{From: last.NotBefore, Until: last.NotAfter, Err: ErrCAExpired}
}

// hostname returns the host of an address, without a port.
func hostname(address Address) string {
	parsed, err := url.Parse(address.AccountURL())
	if err != nil {
		return ""
	}
	return parsed.Hostname()
}
