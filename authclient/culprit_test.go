package authclient_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"amarre/authclient"
)

// listen serves each connection of a loopback port with serve, and closes it then. It returns
// host:port.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer conn.Close()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() { _ = listener.Close(); running.Wait() })
	return listener.Addr().String()
}

// silent reads until the client closes.
func silent(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// hangUp resets a connection on which something came.
func hangUp(conn net.Conn) {
	_, _ = conn.Read(make([]byte, 1))
	_ = conn.(*net.TCPConn).SetLinger(0)
}

// says reads a request and answers it.
func says(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			_, _ = io.WriteString(conn, answer)
		}
	}
}

// socks answers the greeting and, if the client goes on, its request.
func socks(method byte, then ...byte) func(net.Conn) {
	return func(conn net.Conn) {
		b := make([]byte, 512)
		_, _ = conn.Read(b)
		_, _ = conn.Write([]byte{5, method})
		for _, b2 := range then {
			if n, _ := conn.Read(b); n == 0 {
				return
			}
			if b[0] == 1 { // user name and password
				_, _ = conn.Write([]byte{1, b2})
			} else {
				_, _ = conn.Write([]byte{5, b2, 0, 1, 0, 0, 0, 0, 0, 0})
			}
		}
		silent(conn)
	}
}

// wantError checks outcome and reason, and that no secret is in the text.
func wantError(t *testing.T, err error, outcome authclient.Outcome, reason authclient.Reason) *authclient.Error {
	t.Helper()
	var e *authclient.Error
	if !errors.As(err, &e) || e.Outcome != outcome || e.Reason != reason {
		t.Fatalf("the error is %v, want %s, %s", describe(err), outcome, reason)
	}
	for _, secret := range []string{testPassword, testToken, "proxy-canary"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the text of the error has a secret: %v", err)
		}
	}
	return e
}

func describe(err error) string {
	var e *authclient.Error
	if errors.As(err, &e) {
		return fmt.Sprintf("%v (reason %q, step %q)", err, e.Reason, e.Step)
	}
	return fmt.Sprint(err)
}

// failingSteps returns the steps of a connection test, the failed one with an exclamation
// mark.
func failingSteps(t *testing.T, client *authclient.Client) string {
	t.Helper()
	var steps []string
	_ = client.Diagnose(t.Context(), func(f authclient.Finding) {
		step := string(f.Step)
		if f.Err != nil {
			step += "!"
		}
		steps = append(steps, step)
	})
	return strings.Join(steps, " ")
}

// TestProxyThatFails: whatever a proxy does, it is the proxy, with what is wrong.
func TestProxyThatFails(t *testing.T) {
	t.Parallel()
	status := func(line string, fields ...string) func(net.Conn) {
		return says("HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n" + strings.Join(append(fields, ""), "\r\n") + "\r\n")
	}
	for name, c := range map[string]struct {
		scheme string
		user   *url.Userinfo
		serve  func(net.Conn)
		reason authclient.Reason
		status int
	}{
		"silent":                       {serve: silent, reason: authclient.ReasonProxySilent},
		"closes":                       {serve: says(""), reason: authclient.ReasonProxySilent},
		"resets":                       {serve: hangUp, reason: authclient.ReasonProxySilent},
		"another protocol":             {serve: says("SSH-2.0-OpenSSH_9.2\r\n"), reason: authclient.ReasonProxyOther},
		"a web page":                   {serve: says("<html>router</html>"), reason: authclient.ReasonProxyOther},
		"more than its answer":         {serve: says("HTTP/1.1 200 OK\r\n\r\n220 mail ready\r\n"), reason: authclient.ReasonProxyOther},
		"an endless header":            {serve: says("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20)), reason: authclient.ReasonProxyOther},
		"TLS to a plain proxy":         {scheme: "https", serve: says("HTTP/1.1 400 Bad Request\r\n\r\n"), reason: authclient.ReasonProxyTLS},
		"500":                          {serve: status("500 Internal"), reason: authclient.ReasonProxyGateway, status: 500},
		"502":                          {serve: status("502 Bad Gateway"), reason: authclient.ReasonProxyGateway, status: 502},
		"503":                          {serve: status("503 Service Unavailable", "X-Squid-Error: ERR_DNS_FAIL 0"), reason: authclient.ReasonProxyGateway, status: 503},
		"504":                          {serve: status("504 Gateway Timeout"), reason: authclient.ReasonProxyGateway, status: 504},
		"403":                          {serve: status("403 Forbidden"), reason: authclient.ReasonProxyForbidden, status: 403},
		"451":                          {serve: status("451 Unavailable"), reason: authclient.ReasonProxyForbidden, status: 451},
		"405":                          {serve: status("405 Method Not Allowed"), reason: authclient.ReasonProxyRefused, status: 405},
		"401":                          {serve: status("401 Unauthorized"), reason: authclient.ReasonProxyRefused, status: 401},
		"302":                          {serve: status("302 Found", "Location: https://portal.example/"), reason: authclient.ReasonPortal, status: 302},
		"511":                          {serve: status("511 Network Authentication Required"), reason: authclient.ReasonPortal, status: 511},
		"407 without a scheme":         {serve: status("407 P"), reason: authclient.ReasonProxySchemes, status: 407},
		"407 without credentials":      {serve: status("407 P", `Proxy-Authenticate: Basic realm="x"`), reason: authclient.ReasonProxyPasswordMissing, status: 407},
		"407 with an unknown scheme":   {user: url.UserPassword("ana", "proxy-canary"), serve: status("407 P", `Proxy-Authenticate: Bearer realm="x"`), reason: authclient.ReasonProxySchemes, status: 407},
		"407 with wrong credentials":   {user: url.UserPassword("ana", "proxy-canary"), serve: status("407 P", `Proxy-Authenticate: Basic realm="x"`), reason: authclient.ReasonProxyPasswordWrong, status: 407},
		"SOCKS, silent":                {scheme: "socks5", serve: silent, reason: authclient.ReasonProxySilent},
		"SOCKS, closes":                {scheme: "socks5", serve: func(c net.Conn) { _, _ = c.Read(make([]byte, 9)) }, reason: authclient.ReasonProxySilent},
		"SOCKS, an HTTP proxy":         {scheme: "socks5", serve: func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n"); silent(c) }, reason: authclient.ReasonProxyOther},
		"SOCKS, version 4":             {scheme: "socks5", serve: func(c net.Conn) { _, _ = c.Write([]byte{0, 91}); silent(c) }, reason: authclient.ReasonProxyOther},
		"SOCKS, no method":             {scheme: "socks5", serve: socks(0xff), reason: authclient.ReasonProxyPasswordMissing},
		"SOCKS, no method with a user": {scheme: "socks5", user: url.UserPassword("ana", "proxy-canary"), serve: socks(0xff), reason: authclient.ReasonProxySchemes},
		"SOCKS, wrong password":        {scheme: "socks5h", user: url.UserPassword("ana", "proxy-canary"), serve: socks(2, 1), reason: authclient.ReasonProxyPasswordWrong},
		"SOCKS, failure":               {scheme: "socks5", serve: socks(0, 1), reason: authclient.ReasonProxyGateway},
		"SOCKS, forbidden":             {scheme: "socks5", serve: socks(0, 2), reason: authclient.ReasonProxyForbidden},
		"SOCKS, no network":            {scheme: "socks5", serve: socks(0, 3), reason: authclient.ReasonProxyGateway},
		"SOCKS, no host":               {scheme: "socks5", serve: socks(0, 4), reason: authclient.ReasonProxyGateway},
		"SOCKS, refused":               {scheme: "socks5", serve: socks(0, 5), reason: authclient.ReasonProxyGateway},
		"SOCKS, too far":               {scheme: "socks5", serve: socks(0, 6), reason: authclient.ReasonProxyGateway},
		"SOCKS, no such command":       {scheme: "socks5", serve: socks(0, 7), reason: authclient.ReasonProxyRefused},
		"SOCKS, no such address":       {scheme: "socks5", serve: socks(0, 8), reason: authclient.ReasonProxyRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := &url.URL{Scheme: c.scheme, User: c.user, Host: listen(t, c.serve)}
			if at.Scheme == "" {
				at.Scheme = "http"
			}
			limit := 20 * time.Second
			if strings.HasSuffix(name, "silent") {
				limit = 200 * time.Millisecond
			}
			client := newClient(t, "https://logapass.example", authclient.Options{Timeout: limit, Proxy: http.ProxyURL(at)})
			_, err := client.Login(t.Context(), testCredentials)
			e := wantError(t, err, authclient.OutcomeProxy, c.reason)
			if e.HTTPStatus != c.status || e.ProxyHost != at.Host {
				t.Errorf("status %d of the proxy %q, want %d of %q", e.HTTPStatus, e.ProxyHost, c.status, at.Host)
			}
			if got := failingSteps(t, client); got != "proxy dns tcp tunnel!" {
				t.Errorf("the steps of the test are %q", got)
			}
		})
	}
}

// TestCancelWhileTheProxyIsSilent: a cancellation ends the wait for a proxy.
func TestCancelWhileTheProxyIsSilent(t *testing.T) {
	for _, scheme := range []string{"http", "socks5", "https"} {
		ctx, cancel := context.WithCancel(t.Context())
		at := &url.URL{Scheme: scheme, Host: listen(t, func(conn net.Conn) { cancel(); silent(conn) })}
		client := newClient(t, "https://logapass.example", authclient.Options{Proxy: http.ProxyURL(at)})
		if _, err := client.Login(ctx, testCredentials); authclient.OutcomeOf(err) != authclient.OutcomeCancelled {
			t.Errorf("%s: %v, want cancelled", scheme, err)
		}
	}
}

// TestNameThatIsNotKnown: the step is the name's, of the service or of the proxy, and the name
// is repeated.
func TestNameThatIsNotKnown(t *testing.T) {
	host := strings.TrimPrefix(nowhere, "https://")
	_, err := newClient(t, nowhere, authclient.Options{}).Login(t.Context(), testCredentials)
	if e := wantError(t, err, authclient.OutcomeUnreachable, authclient.ReasonNameUnknown); e.Host != host || e.Step != authclient.StepDNS {
		t.Errorf("the name is %q at the step %s", e.Host, e.Step)
	}
	at := &url.URL{Scheme: "http", Host: host}
	_, err = newClient(t, "https://logapass.example", authclient.Options{Proxy: http.ProxyURL(at)}).Login(t.Context(), testCredentials)
	if e := wantError(t, err, authclient.OutcomeProxy, authclient.ReasonNameUnknown); e.Host != host || e.Step != authclient.StepDNS {
		t.Errorf("the name is %q at the step %s", e.Host, e.Step)
	}
}

// secureService returns what serves the stand-in's answer over TLS on a connection.
func secureService(config *tls.Config) func(net.Conn) {
	return func(conn net.Conn) {
		secure := tls.Server(conn, config)
		req, err := http.ReadRequest(bufio.NewReader(secure))
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		const body = `{"status":200,"msg":"","data":{"token":"T","portCode":"MTP"}}`
		_, _ = fmt.Fprintf(secure, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		_ = secure.CloseWrite()
	}
}

// TestLargeClientHelloThatIsDropped: a device on the network that drops, closes or resets on a
// ClientHello that does not fit in one segment is got past, and the password is sent once.
func TestLargeClientHelloThatIsDropped(t *testing.T) {
	cert, pool := certificate(t, func(*x509.Certificate) {})
	for name, drop := range map[string]func(net.Conn){"silent": silent, "close": func(net.Conn) {}, "reset": func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var large, small atomic.Int32
			address := listen(t, func(conn net.Conn) {
				head := make([]byte, 5)
				if _, err := io.ReadFull(conn, head); err != nil {
					return
				}
				hello := make([]byte, binary.BigEndian.Uint16(head[3:]))
				if _, err := io.ReadFull(conn, hello); err != nil {
					return
				}
				if len(hello) > 1400 {
					large.Add(1)
					drop(conn)
					return
				}
				small.Add(1)
				secureService(&tls.Config{Certificates: []tls.Certificate{cert}})(&replayed{Conn: conn, first: append(head, hello...)})
			})
			client := newClient(t, "https://"+address, authclient.Options{RootCAs: pool, Timeout: 3 * time.Second})
			told := false
			if err := client.Diagnose(t.Context(), func(f authclient.Finding) {
				if f.Step == authclient.StepTLS {
					told = f.SmallHello
				}
			}); authclient.OutcomeOf(err) != authclient.OutcomeToken {
				t.Errorf("the connection test: %v", describe(err))
			}
			if !told || large.Load() != 1 || small.Load() != 1 {
				t.Errorf("told: %t, after %d large and %d small", told, large.Load(), small.Load())
			}
			for range 2 { // it is remembered
				if _, err := client.Login(t.Context(), testCredentials); err != nil {
					t.Errorf("login: %v", describe(err))
				}
			}
			if large.Load() != 1 || small.Load() != 3 {
				t.Errorf("afterwards %d large and %d small", large.Load(), small.Load())
			}
		})
	}
}

// TestSlowHandshakeHasTheWholeTime: a server that has begun to answer is not given up after the
// share of the first try.
func TestSlowHandshakeHasTheWholeTime(t *testing.T) {
	cert, pool := certificate(t, func(*x509.Certificate) {})
	var tries atomic.Int32
	address := listen(t, func(conn net.Conn) {
		tries.Add(1)
		secureService(&tls.Config{Certificates: []tls.Certificate{cert}})(&slow{Conn: conn})
	})
	client := newClient(t, "https://"+address, authclient.Options{RootCAs: pool, Timeout: 3 * time.Second})
	if _, err := client.Login(t.Context(), testCredentials); err != nil || tries.Load() != 1 {
		t.Errorf("%v after %d tries", describe(err), tries.Load())
	}
}

// slow is a connection that writes the first byte at once, and what follows 1.5 s later.
type slow struct {
	net.Conn
	wrote bool
}

func (s *slow) Write(b []byte) (int, error) {
	if s.wrote {
		return s.Conn.Write(b)
	}
	s.wrote = true
	if _, err := s.Conn.Write(b[:1]); err != nil {
		return 0, err
	}
	time.Sleep(1500 * time.Millisecond) // a link is slow
	n, err := s.Conn.Write(b[1:])
	return n + 1, err
}

// replayed is a connection whose first bytes were read before.
type replayed struct {
	net.Conn
	first []byte
}

func (r *replayed) Read(b []byte) (int, error) {
	if len(r.first) > 0 {
		n := copy(b, r.first)
		r.first = r.first[n:]
		return n, nil
	}
	return r.Conn.Read(b)
}

// TestStepOfTheFailure: what happens in the handshake is the encryption's, after it the
// answer's.
func TestStepOfTheFailure(t *testing.T) {
	cert, pool := certificate(t, func(*x509.Certificate) {})
	after := func(then func(net.Conn)) func(net.Conn) {
		return func(conn net.Conn) {
			secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}})
			if _, err := http.ReadRequest(bufio.NewReader(secure)); err == nil {
				then(conn)
			}
		}
	}
	for name, c := range map[string]struct {
		serve   func(net.Conn)
		outcome authclient.Outcome
		reason  authclient.Reason
		steps   string
	}{
		"closed in the handshake": {func(conn net.Conn) { _, _ = conn.Read(make([]byte, 4096)) }, authclient.OutcomeUnreachable, authclient.ReasonHandshakeClosed, "proxy dns tcp tls!"},
		"reset in the handshake":  {hangUp, authclient.OutcomeUnreachable, authclient.ReasonHandshakeClosed, "proxy dns tcp tls!"},
		"silent in the handshake": {silent, authclient.OutcomeTimeout, authclient.ReasonNoHandshake, "proxy dns tcp tls!"},
		"closed after it":         {after(func(net.Conn) {}), authclient.OutcomeUnreachable, authclient.ReasonClosed, "proxy dns tcp tls http!"},
		"reset after it":          {after(func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }), authclient.OutcomeUnreachable, authclient.ReasonClosed, "proxy dns tcp tls http!"},
		"silent after it":         {after(silent), authclient.OutcomeTimeout, authclient.ReasonNoAnswer, "proxy dns tcp tls http!"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limit := 20 * time.Second
			if strings.HasPrefix(name, "silent") {
				limit = 300 * time.Millisecond
			}
			client := newClient(t, "https://"+listen(t, c.serve), authclient.Options{RootCAs: pool, Timeout: limit})
			_, err := client.Login(t.Context(), testCredentials)
			wantError(t, err, c.outcome, c.reason)
			if got := failingSteps(t, client); got != c.steps {
				t.Errorf("the steps of the test are %q, want %q", got, c.steps)
			}
		})
	}
}

// TestSecretsThatMayHaveBeenSent: only an error of a request that carried one says so.
func TestSecretsThatMayHaveBeenSent(t *testing.T) {
	cert, pool := certificate(t, func(*x509.Certificate) {})
	closes := func(conn net.Conn) {
		secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}})
		_, _ = http.ReadRequest(bufio.NewReader(secure))
	}
	client := newClient(t, "https://"+listen(t, closes), authclient.Options{RootCAs: pool})
	_, login := client.Login(t.Context(), testCredentials)
	diagnose := client.Diagnose(t.Context(), func(authclient.Finding) {})
	_, early := newClient(t, "https://"+closedPort(t), authclient.Options{}).Login(t.Context(), testCredentials)
	for name, c := range map[string]struct {
		err  error
		want bool
	}{"login": {login, true}, "connection test": {diagnose, false}, "no connection": {early, false}} {
		var e *authclient.Error
		if !errors.As(c.err, &e) || e.MayHaveSent() != c.want {
			t.Errorf("%s: %v, want %t", name, describe(c.err), c.want)
		}
	}
}

// TestRedirectIsNotWaitedFor: the target of a redirect is in its header; a body that does not
// come is not waited for.
func TestRedirectIsNotWaitedFor(t *testing.T) {
	address := listen(t, func(conn net.Conn) {
		says("HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\nContent-Length: 9\r\n\r\n")(conn)
		silent(conn)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := newClient(t, "http://"+address, authclient.Options{}).Login(ctx, testCredentials)
	wantError(t, err, authclient.OutcomeRedirected, "")
	if ctx.Err() != nil {
		t.Error("the body was waited for")
	}
}

// TestNothingListens: a port that is closed is not a host that does not answer.
func TestNothingListens(t *testing.T) {
	_, err := newClient(t, "https://"+closedPort(t), authclient.Options{}).Login(t.Context(), testCredentials)
	wantError(t, err, authclient.OutcomeUnreachable, authclient.ReasonRefused)
}

// TestServerThatWantsHTTP1: a server that refuses a request over HTTP/2 because of that gets it
// over HTTP/1.1, and processes it once (RFC 9113, section 8.7).
func TestServerThatWantsHTTP1(t *testing.T) {
	cert, pool := certificate(t, func(*x509.Certificate) {})
	var refused, processed atomic.Int32
	refuse := ending{body: true, end: func(c *serverConn) { refused.Add(1); c.check(c.WriteRSTStream(c.stream, 0xd)) }}
	address := listen(t, func(conn net.Conn) {
		secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2", "http/1.1"}})
		if secure.Handshake() != nil {
			return
		}
		if secure.ConnectionState().NegotiatedProtocol == "h2" {
			refuse.serve(&countingServer{t: t, again: func() {}}, &serverConn{t: t, conn: secure})
			_, _ = io.Copy(io.Discard, secure)
			return
		}
		if req, err := http.ReadRequest(bufio.NewReader(secure)); err == nil {
			_, _ = io.Copy(io.Discard, req.Body)
			processed.Add(1)
			_, _ = io.WriteString(secure, "HTTP/1.1 200 OK\r\nContent-Length: 45\r\n\r\n"+`{"status":200,"msg":"","data":{"token":"T1"}}`)
		}
	})
	token, err := newClient(t, "https://"+address, authclient.Options{RootCAs: pool}).Login(t.Context(), testCredentials)
	if err != nil || token.Reveal() != "T1" || refused.Load() != 1 || processed.Load() != 1 {
		t.Errorf("%v; %d refused, %d processed", describe(err), refused.Load(), processed.Load())
	}
}
