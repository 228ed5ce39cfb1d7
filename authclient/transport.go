package authclient

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"syscall"
)

// This file makes the transport of a call, and classifies the errors of calls that got
// no answer.

// errNotAgain means that net/http asked for a second connection, to send a request again
// that the server refused on the first.
var errNotAgain = errors.New("the server ended the connection; a request is sent only once")

// transport returns the transport of one request, which trusts roots, and the function that
// closes its connection, to be called at the end. A bare transport keeps no cookies and does
// not follow redirects: neither password nor token may reach a second server.
//
// It opens one connection, which takes one request. Otherwise net/http would send
// a request over HTTP/2 again and again, on new connections, if the server answers it
// with REFUSED_STREAM or GOAWAY.
func (c *Client) transport(roots *x509.CertPool) (t *http.Transport, end func()) {
	var only onlyConn
	return &http.Transport{
		Proxy: func(req *http.Request) (*url.URL, error) {
			chosen, err := c.proxy(req)
			return chosen.url, err
		},
		OnProxyConnectResponse: proxyAnswer,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return only.dial(func() (net.Conn, error) { return c.dial(ctx, network, address) })
		},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    c.opts.ConnectTimeout,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: maxHeader,
		// A connection takes one request alone. Also, over HTTP/2 a cancelled call would
		// only end its stream and leave the connection open.
		DisableKeepAlives: true,
	}, only.close
}

// onlyConn is the one connection of a call. net/http dials on a goroutine of its own, which
// may outlive the call, and forgets a connection on which GOAWAY comes before the request.
type onlyConn struct {
	mu      sync.Mutex
	dialled bool
	ended   bool
	conn    net.Conn
}

// dial makes the connection. The error is errNotAgain for a second one.
func (o *onlyConn) dial(dial func() (net.Conn, error)) (net.Conn, error) {
	o.mu.Lock()
	again := o.dialled
	o.dialled = true
	o.mu.Unlock()
	if again {
		return nil, errNotAgain
	}
	conn, err := dial()
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	o.conn = conn
	return conn, nil
}

// close closes the connection, also one that is still being made.
func (o *onlyConn) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
	if o.conn != nil {
		_ = o.conn.Close()
	}
}

// dial opens a connection.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	return (&net.Dialer{Timeout: c.opts.ConnectTimeout}).DialContext(ctx, network, address)
}

// proxyError is a proxy's refusal to open a tunnel.
type proxyError struct{ status int }

func (e *proxyError) Error() string { return fmt.Sprintf("the proxy answered %d", e.status) }

// proxyAnswer keeps the status of a proxy's answer to CONNECT, of which net/http
// returns only the text.
func proxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return &proxyError{resp.StatusCode}
	}
	return nil
}

// transportError returns the Error for an error of net/http. caller is the caller's
// context, without the client's own deadline; answered says whether a first byte
// of an answer came.
func transportError(c call, err error, caller context.Context, answered bool) *Error {
	e := &Error{op: string(c.op), err: err}
	if c.echoes(err.Error()) {
		e.err = errEcho // net/http cites what is not HTTP
	}
	var (
		proxyErr *proxyError
		address  *proxyAddressError
		opErr    *net.OpError
		netErr   net.Error
	)
	switch {
	case errors.Is(caller.Err(), context.Canceled):
		e.Outcome, e.err = OutcomeCancelled, context.Canceled
	case errors.As(err, &proxyErr):
		e.Outcome, e.HTTPStatus = OutcomeProxy, proxyErr.status
	case errors.As(err, &address):
		e.Outcome, e.ProxyFrom = OutcomeProxy, address.from
	case errors.Is(err, errNotAgain):
		e.Outcome = OutcomeUnreachable // also through a proxy
	case errors.As(err, &opErr) && opErr.Op == "proxyconnect":
		e.Outcome = OutcomeProxy
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &netErr) && netErr.Timeout():
		e.Outcome = OutcomeTimeout
	case classifyTLS(c, err, e):
		e.Outcome = OutcomeTLS
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		e.Outcome = OutcomeUnreachable // closed before or within the answer
	case answered:
		e.Outcome = OutcomeNotTheService // not HTTP, or a body that contradicts the header
	default:
		e.Outcome = OutcomeUnreachable
	}
	return e
}

// classifyTLS reports whether err is an error of TLS, and sets e.TLS and e.Issuer.
func classifyTLS(c call, err error, e *Error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		alert        tls.AlertError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
		opErr        *net.OpError
	)
	if errors.As(err, &verification) && len(verification.UnverifiedCertificates) > 0 {
		e.Issuer = c.shown(issuerName(verification.UnverifiedCertificates[0]))
	}
	switch {
	case errors.As(err, &hostname):
		e.TLS = TLSWrongHost
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		e.TLS = TLSExpired
	case errors.As(err, &verification):
		e.TLS = TLSUntrusted
		if leaf := verification.UnverifiedCertificates[0]; bytes.Equal(leaf.RawIssuer, leaf.RawSubject) {
			e.TLS = TLSSelfSigned
		}
	case errors.As(err, &record), errors.As(err, &alert), errors.Is(err, http.ErrSchemeMismatch),
		errors.As(err, &opErr) && (opErr.Op == "remote error" || opErr.Op == "local error"):
		e.TLS = TLSProtocol
	default:
		return false
	}
	return true
}

// issuerName returns the name of a certificate's issuer.
func issuerName(cert *x509.Certificate) string {
	issuer := cert.Issuer
	switch {
	case issuer.CommonName != "":
		return issuer.CommonName
	case len(issuer.Organization) > 0:
		return issuer.Organization[0]
	default:
		return issuer.String()
	}
}
