package authclient

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// Step is one step of [Client.Diagnose].
type Step string

const (
	StepProxy   Step = "proxy"   // which proxy is used
	StepDNS     Step = "dns"     // the addresses of the host, or of the proxy
	StepTCP     Step = "tcp"     // a connection to one of them
	StepTLS     Step = "tls"     // the server's certificate
	StepHTTP    Step = "http"    // any answer
	StepService Step = "service" // whether the answer is the service's
)

// Finding is the result of one step. Its texts come from the network and are safe
// to show. A field that does not apply to the step is zero.
type Finding struct {
	Step Step
	Took time.Duration
	Err  *Error // nil if the step succeeded; a step that failed is the last

	Proxy      string // StepProxy: its host and port; "" if there is none
	ProxyFrom  ProxySource
	Host       string // StepDNS: the name that was looked up
	Addresses  []string
	Remote     string        // StepTCP: the address that answered
	TLSVersion string        // StepTLS: "TLS 1.3"
	Subject    string        // of the certificate
	Issuer     string        // of the certificate
	PublicRoot bool          // browsers trust its authority; false: one that was added to this computer
	NotAfter   time.Time     // end of the certificate's validity
	HTTPStatus int           // StepHTTP
	Server     string        // the header Server
	FirstByte  time.Duration // from the request to the first byte of the answer; 0 if it was not taken
}

// diagnose is the call of Diagnose, which sends no secret.
var diagnose = call{op: "diagnose"}

// Diagnose tests the connection to the service and calls report after each step.
// It sends no credentials: the last steps ask /account without a token, which the
// service refuses.
//
// Diagnose returns nil if the service answered, or the error of the step that
// failed. It makes no step if the authorities cannot be read: a [*CAError].
func (c *Client) Diagnose(ctx context.Context, report func(Finding)) error {
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	roots, err := c.roots(ctx, caller, diagnose)
	if err != nil {
		return err
	}
	d := &diagnosis{client: c, caller: caller, roots: roots, report: report}
	for _, step := range []func(context.Context) *Error{d.proxy, d.dns, d.tcp, d.answer} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// diagnosis is one run of Diagnose.
type diagnosis struct {
	client *Client
	caller context.Context
	roots  *x509.CertPool
	report func(Finding)

	proxyURL *url.URL
	host     string // to connect to: the service's or the proxy's
	port     string
}

// finish reports a step and returns its error.
func (d *diagnosis) finish(f Finding, began time.Time, err error) *Error {
	f.Took = time.Since(began)
	if err != nil {
		if !errors.As(err, &f.Err) {
			f.Err = transportError(diagnose, err, d.caller, false)
		}
		if f.Step == StepDNS && f.Err.Outcome != OutcomeCancelled && f.Err.Outcome != OutcomeTimeout {
			f.Err.Outcome = OutcomeUnreachable
		}
		if d.proxyURL != nil && f.Err.Outcome == OutcomeUnreachable && (f.Step == StepDNS || f.Step == StepTCP) {
			f.Err.Outcome = OutcomeProxy // the proxy cannot be reached
		}
	}
	d.report(f)
	return f.Err
}

func (d *diagnosis) proxy(ctx context.Context) *Error {
	began := time.Now()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.client.address.AccountURL(), nil)
	if err != nil {
		return d.finish(Finding{Step: StepProxy}, began, err)
	}
	d.host, d.port = req.URL.Hostname(), portOf(req.URL)
	f := Finding{Step: StepProxy}
	chosen, err := d.client.proxy(req)
	if d.proxyURL = chosen.url; d.proxyURL != nil {
		f.ProxyFrom = chosen.from
		d.host, d.port = d.proxyURL.Hostname(), portOf(d.proxyURL)
		f.Proxy = cleanText(net.JoinHostPort(d.host, d.port)) // without its credentials
	}
	return d.finish(f, began, err)
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	case strings.HasPrefix(u.Scheme, "socks5"):
		return "1080"
	default:
		return "80"
	}
}

func (d *diagnosis) dns(ctx context.Context) *Error {
	began := time.Now()
	f := Finding{Step: StepDNS, Host: cleanText(d.host)}
	if _, err := netip.ParseAddr(d.host); err == nil {
		f.Addresses = []string{d.host}
		return d.finish(f, began, nil)
	}
	ctx, cancel := context.WithTimeout(ctx, d.client.opts.ConnectTimeout)
	defer cancel()
	var err error
	f.Addresses, err = net.DefaultResolver.LookupHost(ctx, d.host)
	return d.finish(f, began, err)
}

func (d *diagnosis) tcp(ctx context.Context) *Error {
	began := time.Now()
	f := Finding{Step: StepTCP}
	conn, err := d.client.dial(ctx, "tcp", net.JoinHostPort(d.host, d.port))
	if err == nil {
		f.Remote = conn.RemoteAddr().String()
		_ = conn.Close()
	}
	return d.finish(f, began, err)
}

// answer does the last three steps in one request.
func (d *diagnosis) answer(ctx context.Context) *Error {
	began := time.Now()
	var trace trace
	ctx = httptrace.WithClientTrace(ctx, trace.hooks())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.client.address.AccountURL(), nil)
	if err != nil {
		return d.finish(Finding{Step: StepHTTP}, began, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", d.client.opts.UserAgent)
	transport, end := d.client.transport(d.roots)
	defer end()
	resp, err := transport.RoundTrip(req)
	times := trace.times()
	if err != nil {
		e := transportError(diagnose, err, d.caller, !times.first.IsZero())
		step := StepHTTP
		switch {
		case e.Outcome == OutcomeTLS:
			step = StepTLS
		case e.Outcome == OutcomeProxy:
			step = StepProxy
		}
		return d.finish(Finding{Step: step, Issuer: e.Issuer}, began, e)
	}
	defer resp.Body.Close()
	if resp.TLS != nil {
		f := Finding{Step: StepTLS, TLSVersion: tls.VersionName(resp.TLS.Version)}
		if leaf := resp.TLS.PeerCertificates[0]; leaf != nil {
			f.Subject, f.Issuer, f.NotAfter = cleanText(subjectName(leaf)), cleanText(issuerName(leaf)), leaf.NotAfter
		}
		f.PublicRoot = publicRoot(resp.TLS.VerifiedChains)
		f.Took = between(times.tlsBegan, times.tlsDone)
		d.report(f)
	}
	body, readErr := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	f := Finding{Step: StepHTTP, HTTPStatus: resp.StatusCode, Server: cleanText(resp.Header.Get("Server")), FirstByte: between(times.connected, times.first)}
	if !times.connected.IsZero() {
		began = times.connected
	}
	if readErr != nil {
		return d.finish(f, began, transportError(diagnose, readErr, d.caller, true))
	}
	if e := d.finish(f, began, nil); e != nil {
		return e
	}
	if len(body) > maxBody {
		body = nil
	}
	_, verdict := judgeAccount(Secret{}, resp.StatusCode, body)
	switch {
	case verdict == nil || verdict.Outcome == OutcomeRefused:
		return d.finish(Finding{Step: StepService}, time.Now(), nil) // only the service answers like this
	case verdict.Outcome == OutcomeRedirected:
		if location, err := resp.Location(); err == nil {
			verdict.Target = cleanText(location.Host)
		}
	}
	return d.finish(Finding{Step: StepService}, time.Now(), verdict)
}

// traceTimes are the times of one request. A time that was not taken is zero.
type traceTimes struct{ tlsBegan, tlsDone, connected, first time.Time }

// trace takes the times of one request. net/http calls its hooks on goroutines of its own,
// over HTTP/2 also after RoundTrip has returned, and may wait for them: its lock is
// never held during a call of net/http.
type trace struct {
	mu    sync.Mutex
	taken traceTimes
}

func (t *trace) hooks() *httptrace.ClientTrace {
	take := func(at *time.Time) {
		t.mu.Lock()
		defer t.mu.Unlock()
		*at = time.Now()
	}
	return &httptrace.ClientTrace{
		TLSHandshakeStart:    func() { take(&t.taken.tlsBegan) },
		TLSHandshakeDone:     func(tls.ConnectionState, error) { take(&t.taken.tlsDone) },
		GotConn:              func(httptrace.GotConnInfo) { take(&t.taken.connected) }, // the request is written next
		GotFirstResponseByte: func() { take(&t.taken.first) },
	}
}

// times returns the times that were taken until now.
func (t *trace) times() traceTimes {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.taken
}

// between returns the time from one moment to the next, or 0 if one was not taken.
func between(from, to time.Time) time.Duration {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return max(to.Sub(from), 0)
}

// subjectName returns the name of a certificate's owner.
func subjectName(cert *x509.Certificate) string {
	if len(cert.DNSNames) > 0 {
		return cert.DNSNames[0]
	}
	return cert.Subject.CommonName
}

// publicRoot reports whether a chain ends in a root certificate that browsers
// trust, according to Mozilla's list when the program was built.
func publicRoot(chains [][]*x509.Certificate) bool {
	for _, chain := range chains {
		for root := range bundle.Roots() {
			if bytes.Equal(root.Certificate, chain[len(chain)-1].Raw) {
				return true
			}
		}
	}
	return false
}
