package authclient

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

const (
	// DefaultConnectTimeout limits dialling, with name resolution, and the TLS
	// handshake, each.
	DefaultConnectTimeout = 10 * time.Second
	// DefaultTimeout limits a whole call, until the last byte of the answer.
	DefaultTimeout = 30 * time.Second

	maxBody   = 64 << 10 // after decompression; the documented answers have about 100 bytes
	maxHeader = 64 << 10
)

// Options configure a [Client]. The zero value is ready to use.
type Options struct {
	ConnectTimeout time.Duration  // 0 means DefaultConnectTimeout
	Timeout        time.Duration  // 0 means DefaultTimeout
	RootCAs        *x509.CertPool // nil means the system's trust store

	// Authorities are trusted besides RootCAs.
	Authorities []*x509.Certificate
	// CAFile names a file of authorities that are trusted besides those, in one of the forms
	// of [ParseAuthorities]; "" means none. Every call reads it first; [New] does not.
	CAFile string

	// Proxy chooses the proxy of a request. nil means the one in the environment
	// (HTTPS_PROXY, NO_PROXY), else the system's, and none for a loopback address. If
	// its address cannot be read, nothing is sent.
	Proxy     func(*http.Request) (*url.URL, error)
	UserAgent string // "" means "Amarre"
}

// Client calls the service at one address. It is safe for concurrent use.
type Client struct {
	address Address
	opts    Options // without zero values, but for authorities and Proxy
	proxy   func(*http.Request) (proxyChoice, error)

	readCAFile func(path string) ([]*x509.Certificate, error)
}

// New makes a client of the service at address. Nothing is sent.
func New(address Address, opts Options) *Client {
	if opts.ConnectTimeout == 0 {
		opts.ConnectTimeout = DefaultConnectTimeout
	}
	if opts.Timeout == 0 {
		opts.Timeout = DefaultTimeout
	}
	proxy := systemProxy
	if opts.Proxy != nil {
		proxy = func(req *http.Request) (proxyChoice, error) {
			chosen, err := opts.Proxy(req)
			return proxyChoice{url: chosen}, err
		}
	}
	if opts.UserAgent == "" {
		opts.UserAgent = "Amarre"
	}
	return &Client{address: address, opts: opts, proxy: proxy, readCAFile: readCAFile}
}

// Address returns the parsed address of the service.
func (c *Client) Address() Address { return c.address }

// Login asks for the token of one port and one ERP (docs/service.md, section 1). The
// token is permanent.
//
// The credentials are sent at most once, however the server ends the connection. The error
// is an [*Error]; or that of [Credentials.Validate] or a [*CAError], in which cases
// nothing was sent. Cancelling ctx closes the connection.
func (c *Client) Login(ctx context.Context, cred Credentials) (Secret, error) {
	if err := cred.Validate(); err != nil {
		return Secret{}, err
	}
	body, err := json.Marshal(struct {
		CodePort string `json:"codePort"`
		IDERP    int64  `json:"idERP"`
		Password string `json:"password"`
	}{cred.PortCode, cred.ERPID, cred.Password.Reveal()})
	if err != nil {
		return Secret{}, fmt.Errorf("login: %w", err)
	}
	status, answer, wait, err := c.do(ctx, call{opLogin, cred.Password}, http.MethodPost, c.address.LoginURL(), body)
	if err != nil {
		return Secret{}, err
	}
	token, fail := judgeLogin(cred.Password, status, answer)
	if fail != nil {
		fail.RetryAfter = wait
		return Secret{}, fail
	}
	return token, nil
}

// Account is what the service says about a token. Its texts come from the server
// and are safe to show as plain text.
type Account struct {
	PortCode string
	PortName string // may be empty; it is if it repeats the token
}

// Account asks which port a token belongs to (docs/service.md, section 2). It changes
// nothing at the service.
//
// The error is an [*Error] or a [*CAError]. OutcomeRefused means that the service does not
// accept the token; any other outcome means that it could not be checked.
func (c *Client) Account(ctx context.Context, token Secret) (Account, error) {
	if !validToken(token.Reveal()) {
		return Account{}, &Error{Outcome: OutcomeRefused, op: string(opAccount)} // it cannot be sent in a header
	}
	status, answer, wait, err := c.do(ctx, call{opAccount, token}, http.MethodGet, c.address.AccountURL(), nil)
	if err != nil {
		return Account{}, err
	}
	account, fail := judgeAccount(token, status, answer)
	if fail != nil {
		fail.RetryAfter = wait
		return Account{}, fail
	}
	return account, nil
}

// do sends one request, once, and reads the whole answer. A redirect is an error, because
// its target is only in the header. wait is what the answer asks to wait, or 0.
func (c *Client) do(ctx context.Context, this call, method, target string, body []byte) (status int, answer []byte, wait time.Duration, err error) {
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	roots, err := c.roots(ctx, caller, this)
	if err != nil {
		return 0, nil, 0, err
	}
	var answered atomic.Bool // a first byte of an answer came
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotFirstResponseByte: func() { answered.Store(true) }})

	req, err := http.NewRequestWithContext(ctx, method, target, nil)
	if err != nil {
		return 0, nil, 0, &Error{Outcome: OutcomeUnreachable, op: string(this.op), err: errors.New("no request can be made for this address")}
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.opts.UserAgent)
	if body != nil {
		// Without GetBody net/http cannot send the body a second time.
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		req.Header.Set("Content-Type", "application/json")
	}
	if this.op == opAccount {
		req.Header.Set("Authorization", this.sent.Reveal()) // the token itself, without "Bearer"
	}
	transport, end := c.transport(roots)
	defer end()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return 0, nil, 0, transportError(this, err, caller, answered.Load())
	}
	defer resp.Body.Close()

	wait = retryAfter(resp.Header)
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		e := &Error{Outcome: OutcomeRedirected, HTTPStatus: resp.StatusCode, RetryAfter: wait, op: string(this.op)}
		if location, err := resp.Location(); err == nil {
			e.Target = this.shown(location.Host)
		}
		return 0, nil, 0, e
	}
	answer, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil && caller.Err() == nil && resp.StatusCode >= 500:
		answer = nil // the status is enough
	case err != nil:
		e := transportError(this, err, caller, true)
		e.HTTPStatus, e.RetryAfter = resp.StatusCode, wait
		return 0, nil, 0, e
	case len(answer) > maxBody:
		answer = nil // too long for an answer of the service
	}
	return resp.StatusCode, answer, wait, nil
}
