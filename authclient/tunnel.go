package authclient

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/proxy"
)

// This file has a proxy open a tunnel to the service: by CONNECT (RFC 9110, section 9.3.6) or
// SOCKS 5 (RFC 1928). net/http would do, but it knows Basic authentication alone, sends the
// password before the proxy asks, and returns only a text of the proxy's answer.

// tunnel opens a tunnel through a proxy.
type tunnel struct {
	*opening
	conn    net.Conn // to the proxy; another one if the proxy closes it to ask for credentials
	limited *io.LimitedReader
	reader  *bufio.Reader // of what limited lets through
	service string        // its host and port
}

// open opens the tunnel, and returns the scheme of the authentication that the proxy
// accepted, "" if it asked for none.
func (t *tunnel) open(ctx context.Context) (scheme string, e *Error) {
	if strings.HasPrefix(t.proxy.url.Scheme, "socks5") {
		return "", t.socks(ctx)
	}
	resp, e := t.connect(ctx, "")
	if e != nil || resp.StatusCode != http.StatusProxyAuthRequired {
		return "", t.verdict(resp, e, nil)
	}
	offers := offersOf(resp.Header)
	auth, reason := chooseAuth(offers, t.proxy.url, t.service)
	if auth == nil {
		return "", t.refusal(reason, resp, offers)
	}
	defer auth.end()
	for round := range maxRounds {
		value, err := auth.answer(challengeFor(auth.scheme(), offers))
		if err != nil {
			reason := ReasonProxyPasswordWrong
			if errors.Is(err, errNoSignIn) {
				reason = ReasonProxyPasswordMissing
			}
			return "", t.refusal(reason, resp, offers)
		}
		if resp.Close {
			if e := t.reconnect(ctx); e != nil {
				return "", e
			}
		}
		resp, e = t.connect(ctx, value)
		if round == 0 && e != nil && errors.Is(e, errProxyClosed) { // it closed the connection after its question, and did not say so
			if e = t.reconnect(ctx); e == nil {
				resp, e = t.connect(ctx, value)
			}
		}
		if e != nil {
			return "", e
		}
		if resp.StatusCode != http.StatusProxyAuthRequired {
			return auth.scheme(), t.verdict(resp, nil, offers)
		}
		offers = offersOf(resp.Header)
	}
	return "", t.refusal(ReasonProxyPasswordWrong, resp, offers)
}

// errProxyClosed says that the proxy closed the connection in place of an answer.
var errProxyClosed = errors.New("the proxy closed the connection")

// maxRounds is how often a proxy may ask: NTLM needs two answers, and a nonce of Digest may
// be stale once.
const maxRounds = 4

// reconnect makes another connection to the proxy.
func (t *tunnel) reconnect(ctx context.Context) *Error {
	_ = t.conn.Close()
	conn, e := t.again(func() (net.Conn, *Error) { return t.dialProxy(ctx) })
	if e == nil {
		t.conn, t.reader = conn, nil
	}
	return e
}

// connect sends one CONNECT and returns the answer, whose body was read. resp.Close says that
// the connection cannot be used again.
func (t *tunnel) connect(ctx context.Context, credentials string) (resp *http.Response, e *Error) {
	if t.reader == nil {
		t.limited = &io.LimitedReader{R: t.conn}
		t.reader = bufio.NewReader(t.limited)
	}
	t.limited.N = maxHeader + maxBody
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: t.service}, Host: t.service, Header: http.Header{}}
	req.Header.Set("User-Agent", t.client.opts.UserAgent)
	req.Header.Set("Proxy-Connection", "Keep-Alive") // for proxies that speak HTTP/1.0
	if credentials != "" {
		req.Header.Set("Proxy-Authorization", credentials)
	}
	var readErr error
	err := untilDone(ctx, t.conn, func() error {
		if err := req.Write(t.conn); err != nil {
			return err
		}
		if resp, readErr = http.ReadResponse(t.reader, req); readErr != nil {
			return readErr
		}
		if resp.StatusCode/100 == 2 {
			return nil
		}
		// HTTP/1.0 keeps a connection if it says so, in a header of its own.
		kept := strings.EqualFold(resp.Header.Get("Proxy-Connection"), "keep-alive")
		resp.Close = resp.Close && !kept || strings.EqualFold(resp.Header.Get("Proxy-Connection"), "close")
		if resp.ContentLength < 0 && len(resp.TransferEncoding) == 0 {
			resp.Close = true // the end of the body is that of the connection
			return nil
		}
		if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody)); err != nil {
			resp.Close = true
		}
		return nil
	})
	switch {
	case err == nil:
		return resp, nil
	case ctx.Err() == nil && t.limited.N > 0 && isClosed(err):
		return nil, t.fail(OutcomeProxy, ReasonProxySilent, errProxyClosed)
	case ctx.Err() != nil, isSilence(err) && t.limited.N > 0:
		return nil, t.fail(OutcomeProxy, ReasonProxySilent, errors.New("the proxy did not answer"))
	default: // the text of err may cite what the proxy sent
		return nil, t.fail(OutcomeProxy, ReasonProxyOther, errors.New("the answer is not one of an HTTP proxy"))
	}
}

// untilDone calls f, which reads from and writes to a connection, and makes it end when ctx
// does.
func untilDone(ctx context.Context, conn net.Conn, f func() error) error {
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	err := f()
	if !stop() && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// verdict returns the error of an answer to CONNECT, nil for a tunnel.
func (t *tunnel) verdict(resp *http.Response, e *Error, offers []offer) *Error {
	if e != nil {
		return e
	}
	switch status := resp.StatusCode; {
	case status/100 == 2 && t.reader.Buffered() > 0: // the service speaks second
		return t.fail(OutcomeProxy, ReasonProxyOther, errors.New("the proxy sent more than its answer"))
	case status/100 == 2:
		return nil
	case status == http.StatusForbidden, status == http.StatusUnavailableForLegalReasons:
		return t.refusal(ReasonProxyForbidden, resp, offers)
	case status == http.StatusInternalServerError, status == http.StatusBadGateway,
		status == http.StatusServiceUnavailable, status == http.StatusGatewayTimeout:
		return t.refusal(ReasonProxyGateway, resp, offers)
	case status == http.StatusNetworkAuthenticationRequired, status/100 == 3:
		return t.refusal(ReasonPortal, resp, offers)
	default:
		return t.refusal(ReasonProxyRefused, resp, offers)
	}
}

// refusal returns the error of a proxy's answer.
func (t *tunnel) refusal(reason Reason, resp *http.Response, offers []offer) *Error {
	e := t.fail(OutcomeProxy, reason, fmt.Errorf("the proxy answered %d", resp.StatusCode))
	e.HTTPStatus, e.RetryAfter = resp.StatusCode, retryAfter(resp.Header)
	for _, offer := range offers {
		e.Schemes = append(e.Schemes, offer.scheme)
	}
	return e
}

// socksReasons are the ends of the texts of package proxy, which has no values for its
// errors.
var socksReasons = []struct {
	text   string
	reason Reason
}{
	{"general SOCKS server failure", ReasonProxyGateway},
	{"network unreachable", ReasonProxyGateway},
	{"host unreachable", ReasonProxyGateway},
	{"connection refused", ReasonProxyGateway},
	{"TTL expired", ReasonProxyGateway},
	{"connection not allowed by ruleset", ReasonProxyForbidden},
	{"command not supported", ReasonProxyRefused},
	{"address type not supported", ReasonProxyRefused},
	{"no acceptable authentication methods", ReasonProxyPasswordMissing},
	{"username/password authentication failed", ReasonProxyPasswordWrong},
	{"invalid username/password", ReasonProxyPasswordWrong},
}

// socks opens the tunnel by SOCKS 5. The proxy looks the name of the service up.
func (t *tunnel) socks(ctx context.Context) *Error {
	var auth *proxy.Auth
	if user := t.proxy.url.User; user != nil {
		password, _ := user.Password()
		auth = &proxy.Auth{User: user.Username(), Password: password}
	}
	dialer, err := proxy.SOCKS5("tcp", t.proxyAt, auth, opened{t.conn})
	if err == nil {
		_, err = dialer.(proxy.ContextDialer).DialContext(ctx, "tcp", t.service)
	}
	if err == nil {
		return nil
	}
	if ctx.Err() != nil || isSilence(err) {
		return t.fail(OutcomeProxy, ReasonProxySilent, errors.New("the proxy did not answer"))
	}
	for _, known := range socksReasons {
		if strings.HasSuffix(err.Error(), known.text) {
			if known.reason == ReasonProxyPasswordMissing && auth != nil {
				known.reason = ReasonProxySchemes
			}
			return t.fail(OutcomeProxy, known.reason, errors.New(known.text))
		}
	}
	return t.fail(OutcomeProxy, ReasonProxyOther, errors.New("the answer is not one of a SOCKS 5 proxy"))
}

// opened is a dialer for a connection that is open.
type opened struct{ conn net.Conn }

func (o opened) Dial(string, string) (net.Conn, error) { return o.conn, nil }
func (o opened) DialContext(context.Context, string, string) (net.Conn, error) {
	return o.conn, nil
}
