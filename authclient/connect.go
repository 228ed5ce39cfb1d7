package authclient

import (
	"cmp"
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
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// This file opens the connection of a call: through the proxy if there is one, with TLS.
// Nothing of the call itself is sent before it is open, so that a step may be tried again.

// opening opens the connection of one call, and reports each step as it ends.
type opening struct {
	client *Client
	this   call
	caller context.Context // without the client's own deadline
	roots  *x509.CertPool
	report func(Finding)
	target *url.URL

	proxy   proxyChoice
	proxyAt string // host and port of the proxy, safe to show; "" without one

	quiet    bool // the steps of this connection were reported before
	demanded bool // the service asked for a certificate of the client
}

// finish reports a step that ended, with the error or without.
func (o *opening) finish(f Finding, began time.Time, e *Error) *Error {
	if f.Took == 0 {
		f.Took = time.Since(began)
	}
	if f.Err = e; e != nil {
		e.Step = f.Step
		if o.proxyAt != "" {
			e.ProxyHost, e.ProxyFrom = o.proxyAt, o.proxy.from
		}
	}
	if !o.quiet || e != nil {
		o.report(f)
	}
	return e
}

// fail returns the error of a step. A cancellation by the caller comes before any outcome.
func (o *opening) fail(outcome Outcome, reason Reason, err error) *Error {
	if errors.Is(o.caller.Err(), context.Canceled) {
		return &Error{Outcome: OutcomeCancelled, op: string(o.this.op), err: context.Canceled}
	}
	return &Error{Outcome: outcome, Reason: reason, op: string(o.this.op), err: err}
}

// open returns a connection to the service on which the request can be written. protocols
// are those of HTTP that are offered over TLS.
func (o *opening) open(ctx context.Context, protocols ...string) (net.Conn, *Error) {
	if e := o.chooseProxy(ctx); e != nil {
		return nil, e
	}
	raw, e := o.reach(ctx)
	if e != nil || o.target.Scheme != "https" {
		return raw, e
	}
	// Some devices on networks drop a ClientHello that does not fit in one segment, which the
	// key exchange X25519MLKEM768 makes so large. Nothing of the call was sent by then, so
	// the login may try the smaller one by itself, after a third of the time without a byte.
	key := o.target.Host + " " + o.proxyAt
	if _, small := smallHellos.Load(key); small {
		conn, e, _ := o.secure(ctx, raw, true, protocols)
		return conn, e
	}
	conn, e, dropped := o.secure(ctx, raw, false, protocols)
	if !dropped {
		return conn, e
	}
	if raw, e = o.again(func() (net.Conn, *Error) { return o.reach(ctx) }); e != nil {
		return nil, e
	}
	if conn, e, _ = o.secure(ctx, raw, true, protocols); e == nil {
		smallHellos.Store(key, true)
	}
	return conn, e
}

// again calls f, whose steps were reported before.
func (o *opening) again(f func() (net.Conn, *Error)) (net.Conn, *Error) {
	defer func(quiet bool) { o.quiet = quiet }(o.quiet)
	o.quiet = true
	return f()
}

// smallHellos are the servers, with the proxy, that answered nothing but a small ClientHello
// since the program started.
var smallHellos sync.Map

// whileSilent returns a context that ends after a third of the time that ctx has left if
// nothing was received by then.
func whileSilent(ctx context.Context, conn *countedConn) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	limited, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(time.Until(deadline)/3, func() {
		if conn.received.Load() == 0 {
			cancel(context.DeadlineExceeded)
		}
	})
	return limited, func() { timer.Stop(); cancel(nil) }
}

func (o *opening) chooseProxy(ctx context.Context) *Error {
	began := time.Now()
	f := Finding{Step: StepProxy}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, o.target.String(), nil)
	if err == nil {
		o.proxy, err = o.client.proxy(req)
	}
	var address *proxyAddressError
	switch {
	case errors.As(err, &address):
		e := o.fail(OutcomeProxy, ReasonProxyAddress, err)
		e.ProxyFrom = address.from
		return o.finish(f, began, e)
	case err != nil && ctx.Err() != nil: // a proxy script that does not end
		return o.finish(f, began, o.fail(OutcomeTimeout, "", ctx.Err()))
	case err != nil:
		return o.finish(f, began, o.fail(OutcomeProxy, ReasonProxyAddress, errors.New("the proxy cannot be chosen")))
	}
	if at := o.proxy.url; at != nil {
		o.proxyAt = cleanText(net.JoinHostPort(at.Hostname(), portOf(at))) // without its credentials
		f.Proxy, f.ProxyFrom = o.proxyAt, o.proxy.from
	}
	return o.finish(f, began, nil)
}

// portOf returns the port of a URL, or that of its scheme.
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

// reach returns a connection to the service without TLS, through the proxy's tunnel if there
// is one.
func (o *opening) reach(ctx context.Context) (net.Conn, *Error) {
	if o.proxy.url == nil {
		return o.dial(ctx, o.target)
	}
	conn, e := o.dialProxy(ctx)
	if e != nil {
		return nil, e
	}
	began := time.Now()
	t := &tunnel{opening: o, conn: conn, service: net.JoinHostPort(o.target.Hostname(), portOf(o.target))}
	scheme, e := t.open(ctx)
	if e != nil {
		_ = t.conn.Close()
		if e.Step != "" { // that of another connection to the proxy, which was reported
			return nil, e
		}
	}
	return t.conn, o.finish(Finding{Step: StepTunnel, Scheme: scheme}, began, e)
}

// dialProxy connects to the proxy, with TLS if its address asks for that.
func (o *opening) dialProxy(ctx context.Context) (net.Conn, *Error) {
	conn, e := o.dial(ctx, o.proxy.url)
	if e != nil || o.proxy.url.Scheme != "https" {
		return conn, e
	}
	secure := tls.Client(conn, &tls.Config{MinVersion: tls.VersionTLS12, ServerName: o.proxy.url.Hostname(), RootCAs: o.roots})
	began := time.Now()
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		e := o.fail(OutcomeProxy, ReasonProxyTLS, err)
		if ctx.Err() != nil {
			e = o.fail(OutcomeProxy, ReasonProxySilent, err)
		}
		return nil, o.finish(Finding{Step: StepTunnel}, began, e)
	}
	return secure, nil
}

// dial connects to the host of a URL: the service's or the proxy's.
func (o *opening) dial(ctx context.Context, to *url.URL) (net.Conn, *Error) {
	began := time.Now()
	host, port := to.Hostname(), portOf(to)
	names := Finding{Step: StepDNS, Host: cleanText(host)}
	connected := began
	looked := func(addresses []string) {
		names.Addresses, names.Took = addresses, time.Since(began)
		connected = time.Now()
		o.finish(names, began, nil)
	}
	if _, err := netip.ParseAddr(host); err == nil {
		looked([]string{host})
	} else {
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{DNSDone: func(info httptrace.DNSDoneInfo) {
			if info.Err == nil {
				var addresses []string
				for _, address := range info.Addrs {
					addresses = append(addresses, address.String())
				}
				looked(addresses)
			}
		}})
	}
	// The deadline is the call's alone. Of several addresses each has its share of it.
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err == nil {
		o.finish(Finding{Step: StepTCP, Remote: conn.RemoteAddr().String()}, connected, nil)
		return conn, nil
	}
	outcome, reason, step := OutcomeUnreachable, Reason(""), StepTCP
	var unknown *net.DNSError
	var netErr net.Error
	switch {
	case errors.As(err, &unknown):
		step, reason = StepDNS, ReasonNameFailed
		switch {
		case unknown.IsNotFound:
			reason = ReasonNameUnknown
		case unknown.IsTimeout || ctx.Err() != nil:
			reason = ReasonNameSilent
		}
	case errors.As(err, &netErr) && netErr.Timeout(), ctx.Err() != nil:
		outcome, reason = OutcomeTimeout, ReasonNoConnection
	case isOneOf(err, refused):
		reason = ReasonRefused
	}
	if o.proxyAt != "" {
		outcome = OutcomeProxy
		if step == StepTCP {
			reason = ReasonProxyUnreachable
		}
	}
	e := o.fail(outcome, reason, err)
	e.Host = names.Host
	if step == StepDNS {
		return nil, o.finish(names, began, e)
	}
	return nil, o.finish(Finding{Step: StepTCP}, connected, e)
}

// secure makes the handshake of TLS on a connection, and reports whether the network may have
// dropped the ClientHello: nothing at all came back. A connection without a handshake is closed.
func (o *opening) secure(ctx context.Context, raw net.Conn, small bool, protocols []string) (conn net.Conn, e *Error, dropped bool) {
	began := time.Now()
	counted := &countedConn{Conn: raw}
	config := &tls.Config{
		MinVersion: tls.VersionTLS12,
		ServerName: o.target.Hostname(),
		RootCAs:    o.roots,
		NextProtos: protocols,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			o.demanded = true
			return new(tls.Certificate), nil
		},
	}
	if small {
		config.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521}
	}
	secure := tls.Client(counted, config)
	limit, cancel := ctx, func() {}
	if !small {
		limit, cancel = whileSilent(ctx, counted)
	}
	err := secure.HandshakeContext(limit)
	if err != nil && limit.Err() != nil {
		err = context.Cause(limit)
	}
	cancel()
	f := Finding{Step: StepTLS, SmallHello: small}
	if err == nil {
		state := secure.ConnectionState()
		f.TLSVersion, f.PublicRoot = tls.VersionName(state.Version), publicRoot(state.VerifiedChains)
		leaf := state.PeerCertificates[0]
		f.Subject, f.Issuer, f.NotAfter = o.this.shown(subjectName(leaf)), o.this.shown(issuerName(leaf)), leaf.NotAfter
		err = checkKeys(state.VerifiedChains)
	}
	if err == nil {
		o.finish(f, began, nil)
		return secure, nil, false
	}
	_ = raw.Close()
	if !small && counted.received.Load() == 0 && o.caller.Err() == nil && ctx.Err() == nil && isSilence(err) {
		return nil, nil, true
	}
	e = o.handshakeError(ctx, err)
	f.Subject, f.Issuer = cmp.Or(f.Subject, e.Subject), cmp.Or(f.Issuer, e.Issuer)
	return nil, o.finish(f, began, e), false
}

// handshakeError returns the error of a handshake.
func (o *opening) handshakeError(ctx context.Context, err error) *Error {
	e := o.fail(OutcomeTLS, "", err)
	switch {
	case e.Outcome == OutcomeCancelled:
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded):
		e.Outcome, e.Reason = OutcomeTimeout, ReasonNoHandshake
	case isSilence(err):
		e.Outcome, e.Reason = OutcomeUnreachable, ReasonHandshakeClosed
	default:
		classifyTLS(o.this, err, o.demanded, e)
	}
	return e
}

// countedConn counts what is received.
type countedConn struct {
	net.Conn
	received atomic.Int64
}

func (c *countedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.received.Add(int64(n))
	return n, err
}

// isSilence reports whether err is that of a connection that was closed or reset, or on which
// nothing came in time.
func isSilence(err error) bool {
	return isClosed(err) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded)
}

// isClosed reports whether err is that of a connection that was closed or reset.
func isClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || isOneOf(err, reset)
}

// isOneOf reports whether err is one of the system's errors.
func isOneOf(err error, numbers []syscall.Errno) bool {
	var number syscall.Errno
	return errors.As(err, &number) && slices.Contains(numbers, number)
}
