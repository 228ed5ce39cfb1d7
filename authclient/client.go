package authclient

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

const (
	// DefaultTimeout limits a whole call, until the last byte of the answer. No step has a
	// limit of its own.
	DefaultTimeout = 30 * time.Second

	maxBody   = 64 << 10 // after decompression; the documented answers have about 100 bytes
	maxHeader = 64 << 10
)

// Options configure a [Client]. The zero value is ready to use.
type Options struct {
	Timeout time.Duration  // 0 means DefaultTimeout
	RootCAs *x509.CertPool // nil means the system's trust store

	// Authorities are trusted besides RootCAs.
	Authorities []*x509.Certificate
	// CAFile names a file of authorities that are trusted besides those, in one of the forms
	// of [ParseAuthorities]; "" means none. Every call reads it first; [New] does not.
	CAFile string

	// ProxyAddress is the proxy, for any service but one of this computer: an address as
	// [CheckProxy] accepts it, or [NoProxy]. "" means the one in the environment
	// (HTTPS_PROXY or ALL_PROXY, NO_PROXY), else the system's. If an address cannot be
	// read, nothing is sent.
	ProxyAddress string
	// Proxy chooses the proxy of a request, in place of ProxyAddress; nil does not.
	Proxy     func(*http.Request) (*url.URL, error)
	UserAgent string // "" means "Amarre"

	// Report is called with each step of a login or a check as it ends, on the goroutine of
	// the call; nil means nobody. A finding has no secret.
	Report func(Finding)
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
	if opts.Timeout == 0 {
		opts.Timeout = DefaultTimeout
	}
	proxy := systemProxy
	if opts.ProxyAddress != "" {
		proxy = fixedProxy(opts.ProxyAddress)
	}
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
	c.reportVerdict(fail)
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
	c.reportVerdict(fail)
	if fail != nil {
		fail.RetryAfter = wait
		return Account{}, fail
	}
	return account, nil
}

// do sends one request, once, and reads the whole answer. A redirect is an error, because
// its target is only in the header. wait is what the answer asks to wait, or 0.
func (c *Client) do(ctx context.Context, this call, method, target string, body []byte) (status int, answer []byte, wait time.Duration, err error) {
	report := c.opts.Report
	if report == nil {
		report = func(Finding) {}
	}
	a, err := c.exchange(ctx, this, method, target, body, report)
	if err != nil {
		var e *Error
		if errors.As(err, &e) && e.Step == StepService {
			c.reportVerdict(e)
		}
		return 0, nil, 0, err
	}
	return a.status, a.body, a.wait, nil
}

// reportVerdict reports the last step of a call: whether the answer is the service's, as a
// refusal is.
func (c *Client) reportVerdict(e *Error) {
	if c.opts.Report == nil {
		return
	}
	f := Finding{Step: StepService}
	if e != nil && e.Outcome != OutcomeRefused {
		f.Err, e.Step, e.sent = e, StepService, true
	}
	c.opts.Report(f)
}

// reply is the whole answer to a request.
type reply struct {
	status int
	body   []byte        // nil if it is too long for an answer of the service, or was cut by a server that failed
	wait   time.Duration // what it asks to wait, or 0
}

// exchange sends one request, and reads the whole answer. It reports each step as it ends. A
// redirect is an error, and so is the page of a proxy.
func (c *Client) exchange(ctx context.Context, this call, method, target string, body []byte, report func(Finding)) (reply, error) {
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	roots, err := c.roots(ctx, caller, this)
	if err != nil {
		return reply{}, err
	}
	at, err := url.Parse(target)
	if err != nil {
		return reply{}, &Error{Outcome: OutcomeUnreachable, op: string(this.op), err: errors.New("no request can be made for this address")}
	}
	o := &opening{client: c, this: this, caller: caller, roots: roots, report: report, target: at}
	conn, e := o.open(ctx, "h2", "http/1.1")
	if e != nil {
		return reply{}, e
	}
	a, err := o.request(ctx, conn, method, body)
	if wantsHTTP1(err) {
		o.quiet = true
		if conn, e = o.open(ctx, "http/1.1"); e != nil {
			return reply{}, e
		}
		a, err = o.request(ctx, conn, method, body)
	}
	return a, err
}

// request sends the request on a connection, which it closes.
func (o *opening) request(ctx context.Context, conn net.Conn, method string, body []byte) (reply, error) {
	defer conn.Close()
	var first atomic.Int64 // when the first byte of an answer came, in nanoseconds
	began := time.Now()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotFirstResponseByte: func() { first.Store(int64(time.Since(began))) }})
	req, err := http.NewRequestWithContext(ctx, method, o.target.String(), nil)
	if err != nil {
		return reply{}, o.fail(OutcomeUnreachable, "", errors.New("no request can be made for this address"))
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", o.client.opts.UserAgent)
	if body != nil {
		// Without GetBody net/http cannot send the body a second time.
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		req.Header.Set("Content-Type", "application/json")
	}
	if o.this.op == opAccount {
		req.Header.Set("Authorization", o.this.sent.Reveal()) // the token itself, without "Bearer"
	}
	f := Finding{Step: StepHTTP}
	resp, err := transportOn(conn).RoundTrip(req)
	if err != nil {
		e := o.requestError(ctx, err, first.Load() > 0)
		if wantsHTTP1(err) {
			return reply{}, e // not the end of the step
		}
		if e.Outcome == OutcomeTLS {
			f.Step = StepTLS
		}
		return reply{}, o.finish(f, began, e)
	}
	defer resp.Body.Close()
	f.HTTPStatus, f.Server, f.FirstByte = resp.StatusCode, o.this.shown(resp.Header.Get("Server")), time.Duration(first.Load())
	a := reply{status: resp.StatusCode, wait: retryAfter(resp.Header)}
	redirected := resp.StatusCode/100 == 3
	if !redirected { // else the header is enough
		a.body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	}
	switch {
	case err != nil && o.caller.Err() == nil && resp.StatusCode >= 500:
		a.body = nil // the status is enough
	case err != nil:
		e := o.requestError(ctx, err, true)
		e.HTTPStatus, e.RetryAfter = resp.StatusCode, a.wait
		return reply{}, o.finish(f, began, e)
	case len(a.body) > maxBody:
		a.body = nil // too long for an answer of the service
	}
	o.finish(f, began, nil)
	e := &Error{HTTPStatus: resp.StatusCode, RetryAfter: a.wait, Step: StepService, ProxyHost: o.proxyAt, ProxyFrom: o.proxy.from, op: string(o.this.op), sent: !o.this.sent.IsZero()}
	if redirected {
		e.Outcome = OutcomeRedirected
		if location, err := resp.Location(); err == nil {
			e.Target = o.this.shown((&url.URL{Scheme: location.Scheme, Host: location.Host, Path: location.Path}).String())
		}
		return reply{}, e
	}
	by := o.this.shown(proxyOf(resp.Header))
	if by != "" && resp.StatusCode != http.StatusProxyAuthRequired && !isEnvelope(a.body) {
		e.Outcome, e.Reason, e.Answered = OutcomeProxy, ReasonProxyPage, by
		return reply{}, e
	}
	return a, nil
}
