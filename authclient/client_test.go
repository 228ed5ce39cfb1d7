package authclient_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"amarre/authclient"
	"amarre/authclient/authtest"
)

func startService(t *testing.T, quirks authtest.Quirks) *authtest.Server {
	t.Helper()
	server, err := authtest.Start(authtest.DemoAccounts(), quirks)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

func newClient(t *testing.T, address string, opts authclient.Options) *authclient.Client {
	t.Helper()
	parsed, err := authclient.ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	return authclient.New(parsed, opts)
}

// TestLoginAgainstStandIn gets a token, then asks which port it belongs to,
// with each quirk of docs/service.md section 3.
func TestLoginAgainstStandIn(t *testing.T) {
	for name, quirks := range map[string]authtest.Quirks{
		"documented": {},
		"code":       {CodeNotStatus: true},
		"empty":      {CodeNotStatus: true, EmptyStatus: true},
		"string":     {StatusAsString: true, MessageLineBreak: true},
		"bom":        {BOM: true, DataArray: true},
		"latin1":     {Latin1: true},
	} {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, startService(t, quirks).URL, authclient.Options{})
			for _, port := range authtest.DemoAccounts() {
				cred := testCredentials
				cred.PortCode = port.PortCode
				token, err := client.Login(t.Context(), cred)
				if err != nil || len(token.Reveal()) != 38 {
					t.Fatalf("login for %s: a token of %d characters, %v", port.PortCode, len(token.Reveal()), err)
				}
				account, err := client.Account(t.Context(), token)
				if want := (authclient.Account{PortCode: port.PortCode, PortName: port.PortName}); err != nil || account != want {
					t.Fatalf("account is %+v, %v; want %+v", account, err, want)
				}
			}
			wrong := testCredentials
			wrong.Password = authclient.NewSecret("wrong")
			if _, err := client.Login(t.Context(), wrong); authclient.OutcomeOf(err) != authclient.OutcomeRefused {
				t.Errorf("a wrong password gives %v, want a refusal", err)
			}
			if _, err := client.Account(t.Context(), authclient.NewSecret("not-a-token")); authclient.OutcomeOf(err) != authclient.OutcomeRefused {
				t.Errorf("a wrong token gives %v, want a refusal", err)
			}
		})
	}
}

// TestRequestsAreAsSpecified looks at the bytes of both calls (docs/service.md,
// sections 1 and 2; docs/security.md, 6 and 9).
func TestRequestsAreAsSpecified(t *testing.T) {
	type request struct {
		method, uri, body string
		head              http.Header
	}
	var got []request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, request{r.Method, r.RequestURI, string(body), r.Header})
		http.SetCookie(w, &http.Cookie{Name: "AWP", Value: "1"})
		_, _ = io.WriteString(w, `{"status":200,"msg":"","data":{"token":"T","portCode":"MTP","portName":""}}`)
	}))
	defer server.Close()
	client := newClient(t, server.URL+"/wsv_LogapassClientV2/wsv_Logapass?test", authclient.Options{})
	if _, err := client.Login(t.Context(), testCredentials); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Account(t.Context(), authclient.NewSecret(testToken)); err != nil {
		t.Fatal(err)
	}
	login, account := got[0], got[1]
	if login.method != "POST" || login.uri != "/wsv_LogapassClientV2/wsv_Logapass/Auth/Login?test" {
		t.Errorf("login is %s %s", login.method, login.uri)
	}
	if want := `{"codePort":"MTP","idERP":15,"password":"FourniParDataComSys"}`; login.body != want {
		t.Errorf("login sends %s, want %s", login.body, want)
	}
	if got := login.head.Get("Content-Type"); got != "application/json" {
		t.Errorf("login's Content-Type is %q", got)
	}
	if login.head.Get("Authorization") != "" || login.head.Get("Cookie") != "" {
		t.Error("login sends Authorization or a cookie")
	}
	if account.method != "GET" || account.uri != "/wsv_LogapassClientV2/wsv_Logapass/account?test" || account.body != "" {
		t.Errorf("account is %s %s with %d bytes", account.method, account.uri, len(account.body))
	}
	if got := account.head.Get("Authorization"); got != testToken {
		t.Error("account's Authorization is not the raw token")
	}
	if account.head.Get("Cookie") != "" {
		t.Error("account sends the cookie that login got")
	}
}

// TestLoginChecksBeforeSending: what is locally wrong never reaches a server.
func TestLoginChecksBeforeSending(t *testing.T) {
	service := startService(t, authtest.Quirks{})
	client := newClient(t, service.URL, authclient.Options{})
	cred := authclient.Credentials{PortCode: "MTPX", ERPID: 0}
	_, err := client.Login(t.Context(), cred)
	for _, want := range []error{authclient.ErrPortCode, authclient.ErrERPID, authclient.ErrPassword} {
		if !errors.Is(err, want) {
			t.Errorf("the error is %v, want also %v", err, want)
		}
	}
	if service.Logins() != 0 {
		t.Error("invalid credentials were sent")
	}
}

// TestRedirectsLeakNothing: docs/security.md 4, also to the same host and another port.
func TestRedirectsLeakNothing(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		reached := false
		second := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
		first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, second.URL+"/Auth/Login", status)
		}))
		client := newClient(t, first.URL, authclient.Options{})
		_, loginErr := client.Login(t.Context(), testCredentials)
		_, accountErr := client.Account(t.Context(), authclient.NewSecret(testToken))
		for _, err := range []error{loginErr, accountErr} {
			var e *authclient.Error
			if !errors.As(err, &e) || e.Outcome != authclient.OutcomeRedirected || e.Target != second.URL+"/Auth/Login" {
				t.Errorf("%d: the error is %v, want a redirect to %s", status, err, second.URL)
			}
		}
		if reached {
			t.Errorf("%d: the second server was reached", status)
		}
		first.Close()
		second.Close()
	}
}

// certificate makes a certificate for 127.0.0.1 and the authority that signed it.
func certificate(t *testing.T, change func(*x509.Certificate)) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Capitainerie Root"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "service"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	change(leaf)
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, &leafKey.PublicKey, caKey)
	if err != nil {
		t.Fatal(err)
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(caDER)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: leafKey}, pool
}

// selfSigned makes a certificate for 127.0.0.1 that signs itself.
func selfSigned(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	self := &x509.Certificate{
		SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, self, self, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// TestTLS: docs/security.md 2. Nothing but a trusted, valid certificate for this
// host over TLS 1.2 or newer gets the password.
func TestTLS(t *testing.T) {
	for name, c := range map[string]struct {
		change     func(*x509.Certificate)
		untrusted  bool
		selfSigned bool
		maxVersion uint16
		plain      bool
		want       authclient.Outcome
		reason     authclient.Reason
		issuer     string
	}{
		"valid":       {want: authclient.OutcomeToken},
		"TLS 1.2":     {maxVersion: tls.VersionTLS12, want: authclient.OutcomeToken},
		"expired":     {change: func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }, want: authclient.OutcomeTLS, reason: authclient.ReasonExpired, issuer: "Capitainerie Root"},
		"wrong host":  {change: func(c *x509.Certificate) { c.IPAddresses = nil; c.DNSNames = []string{"other.example"} }, want: authclient.OutcomeTLS, reason: authclient.ReasonWrongHost, issuer: "Capitainerie Root"},
		"untrusted":   {untrusted: true, want: authclient.OutcomeTLS, reason: authclient.ReasonUntrusted, issuer: "Capitainerie Root"},
		"self-signed": {selfSigned: true, want: authclient.OutcomeTLS, reason: authclient.ReasonSelfSigned, issuer: "service"},
		"TLS 1.0":     {maxVersion: tls.VersionTLS10, want: authclient.OutcomeTLS, reason: authclient.ReasonOutdated},
		"TLS 1.1":     {maxVersion: tls.VersionTLS11, want: authclient.OutcomeTLS, reason: authclient.ReasonOutdated},
		"no TLS":      {plain: true, want: authclient.OutcomeTLS, reason: authclient.ReasonProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			change := c.change
			if change == nil {
				change = func(*x509.Certificate) {}
			}
			cert, pool := certificate(t, change)
			if c.selfSigned {
				cert = selfSigned(t, "service")
			}
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, `{"status":200,"msg":"","data":{"token":"T"}}`)
			}))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: c.maxVersion}
			if c.plain {
				server.Start()
			} else {
				server.StartTLS()
			}
			defer server.Close()
			opts := authclient.Options{RootCAs: pool}
			if c.untrusted {
				opts.RootCAs = x509.NewCertPool()
			}
			client := newClient(t, "https://"+server.Listener.Addr().String(), opts)
			_, err := client.Login(t.Context(), testCredentials)
			if got := authclient.OutcomeOf(err); got != c.want {
				t.Fatalf("outcome is %s (%v), want %s", got, err, c.want)
			}
			var e *authclient.Error
			if errors.As(err, &e) && (e.Reason != c.reason || e.Issuer != c.issuer) {
				t.Errorf("reason is %q by %q, want %q by %q", e.Reason, e.Issuer, c.reason, c.issuer)
			}
		})
	}
}

// TestHTTP2AndIPv6: a login works over HTTP/2 and IPv6.
func TestHTTP2AndIPv6(t *testing.T) {
	cert, pool := certificate(t, func(c *x509.Certificate) { c.IPAddresses = append(c.IPAddresses, net.IPv6loopback) })
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Logf("no IPv6 here, over IPv4 instead: %v", err)
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	proto := ""
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proto = r.Proto
		_, _ = io.WriteString(w, `{"status":200,"msg":"","data":{"token":"T"}}`)
	}))
	server.Listener = listener
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.StartTLS()
	defer server.Close()
	token, err := newClient(t, "https://"+listener.Addr().String(), authclient.Options{RootCAs: pool}).Login(t.Context(), testCredentials)
	if err != nil || token.Reveal() != "T" || proto != "HTTP/2.0" {
		t.Errorf("over %q: %v", proto, err)
	}
}

// TestSilentHandshake: a server that accepts and never speaks TLS costs no more
// than the connection's deadline (docs/security.md 8).
func TestSilentHandshake(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // connects, by the backlog alone
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client := newClient(t, "https://"+listener.Addr().String(), authclient.Options{Timeout: 100 * time.Millisecond})
	_, err = client.Login(t.Context(), testCredentials)
	if got := authclient.OutcomeOf(err); got != authclient.OutcomeTimeout {
		t.Errorf("outcome is %s (%v), want timeout", got, err)
	}
}

// TestCancelClosesAnHTTP2Connection: cancelling a call closes the connection, not only its
// stream.
func TestCancelClosesAnHTTP2Connection(t *testing.T) {
	cert, pool := certificate(t, func(*x509.Certificate) {})
	ctx, cancel := context.WithCancel(t.Context())
	closed := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("the call is over %s", r.Proto)
		}
		cancel()
		<-r.Context().Done()
	}))
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			close(closed)
		}
	}
	server.StartTLS()
	defer server.Close()
	_, err := newClient(t, server.URL, authclient.Options{RootCAs: pool}).Login(ctx, testCredentials)
	if got := authclient.OutcomeOf(err); got != authclient.OutcomeCancelled {
		t.Errorf("outcome is %s (%v), want cancelled", got, err)
	}
	select {
	case <-closed:
	case <-time.After(5 * time.Second):
		t.Error("the connection is still open 5 s after the cancellation")
	}
}

// TestVerificationCannotBeTurnedOff: docs/security.md 3. No source of the program, not
// even of a test, names the switch.
func TestVerificationCannotBeTurnedOff(t *testing.T) {
	off := regexp.MustCompile("Insecure" + "SkipVerify|VerifyPeer" + "Certificate|Verify" + "Connection")
	files := 0
	err := filepath.WalkDir("..", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		if found := off.Find(content); found != nil {
			t.Errorf("%s has %s", path, found)
		}
		return err
	})
	if err != nil || files < 50 {
		t.Errorf("%d files were read, %v", files, err)
	}
}

// TestProxy: a proxy's own words are never the service's (docs/security.md 7).
func TestProxy(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			t.Errorf("the proxy was asked to %s", r.Method)
		}
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer proxy.Close()
	proxyURL, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := newClient(t, "https://logapass.example", authclient.Options{Proxy: http.ProxyURL(proxyURL)})
	_, err = client.Login(t.Context(), testCredentials)
	var e *authclient.Error
	if !errors.As(err, &e) || e.Outcome != authclient.OutcomeProxy || e.HTTPStatus != 407 {
		t.Errorf("the error is %v, want proxy with status 407", err)
	}

	proxyURL.Host = closedPort(t)
	_, err = client.Login(t.Context(), testCredentials)
	if got := authclient.OutcomeOf(err); got != authclient.OutcomeProxy {
		t.Errorf("a proxy that is not there gives %s (%v), want proxy", got, err)
	}
}

// TestProxyCredentialsStayWithTheProxy: docs/security.md 7. The tunnel is real.
func TestProxyCredentialsStayWithTheProxy(t *testing.T) {
	cert, pool := certificate(t, func(*x509.Certificate) {})
	var origin http.Header
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin = r.Header
		_, _ = io.WriteString(w, `{"status":200,"msg":"","data":{"token":"T"}}`)
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.StartTLS()
	defer server.Close()
	proxyURL, toProxy := startTunnel(t)
	proxyURL.User = url.UserPassword("ana", "proxy-canary")
	client := newClient(t, "https://"+server.Listener.Addr().String(), authclient.Options{RootCAs: pool, Proxy: http.ProxyURL(proxyURL)})
	if _, err := client.Login(t.Context(), testCredentials); err != nil {
		t.Fatal(err)
	}
	if (*toProxy).Get("Proxy-Authorization") == "" {
		t.Error("the proxy was not given its credentials")
	}
	if len(origin) == 0 || origin.Get("Proxy-Authorization") != "" || origin.Get("Authorization") != "" {
		t.Errorf("the origin was sent %v", origin)
	}
	if (*toProxy).Get("Authorization") != "" {
		t.Error("the proxy was sent the service's header")
	}
}

// startTunnel starts a proxy, and returns its address and the header of its last request. It
// asks for credentials if the test gives the address a user.
func startTunnel(t *testing.T) (*url.URL, *http.Header) {
	t.Helper()
	header := new(http.Header)
	proxyURL := &url.URL{} // with the user that the test sets
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*header = r.Header
		if proxyURL.User != nil && r.Header.Get("Proxy-Authorization") == "" {
			w.Header().Set("Proxy-Authenticate", `Basic realm="office"`)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		up, err := net.Dial("tcp", r.Host)
		if err != nil {
			t.Error(err)
			return
		}
		down, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(down, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(up, down); up.Close() }()
		_, _ = io.Copy(down, up)
		down.Close()
	}))
	t.Cleanup(proxy.Close)
	proxyURL.Scheme, proxyURL.Host = "http", proxy.Listener.Addr().String()
	return proxyURL, header
}

func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestUnreachable(t *testing.T) {
	client := newClient(t, "http://"+closedPort(t), authclient.Options{})
	_, err := client.Login(t.Context(), testCredentials)
	if got := authclient.OutcomeOf(err); got != authclient.OutcomeUnreachable {
		t.Errorf("outcome is %s (%v), want unreachable", got, err)
	}
}

// TestCallersDeadline: a deadline of the caller is a time-out, not a cancellation.
func TestCallersDeadline(t *testing.T) {
	service := startService(t, authtest.Quirks{Delay: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := newClient(t, service.URL, authclient.Options{}).Login(ctx, testCredentials)
	if got := authclient.OutcomeOf(err); got != authclient.OutcomeTimeout {
		t.Errorf("outcome is %s (%v), want timeout", got, err)
	}
}

// TestAccountRejectsInvalidToken: a token that cannot travel in a header is
// not accepted, and nothing is sent.
func TestAccountRejectsInvalidToken(t *testing.T) {
	client := newClient(t, "http://"+closedPort(t), authclient.Options{})
	for _, token := range []string{"", "a b", "a\r\nX: 1", "é"} {
		if _, err := client.Account(t.Context(), authclient.NewSecret(token)); authclient.OutcomeOf(err) != authclient.OutcomeRefused {
			t.Errorf("token %q: %v, want not accepted", token, err)
		}
	}
}

// FuzzAnswer: for any body and status there is one outcome, and a token only
// where one could travel in a header.
func FuzzAnswer(f *testing.F) {
	f.Add(200, []byte(`{"status":200,"msg":"","data":{"token":"T"}}`))
	f.Add(401, []byte(`{"status":401,"msg":"","data":null}`))
	f.Add(200, []byte("\xef\xbb\xbf{\"code\":\"\",\"data\":[],\"msg\":\"\xe9\"}"))
	files, err := filepath.Glob("testdata/answers/*.http")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files { // the bodies of the answer files
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		_, answer, _ := bytes.Cut(content, []byte("\n\n"))
		resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(answer)), nil)
		if err != nil {
			continue // not HTTP
		}
		if body, err := io.ReadAll(resp.Body); err == nil && len(body) < 4096 {
			f.Add(resp.StatusCode, body)
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		token, outcome := authclient.JudgeLogin(status, body)
		if (outcome == authclient.OutcomeToken) == token.IsZero() {
			t.Errorf("outcome %s with a token of %d characters", outcome, len(token.Reveal()))
		}
		if outcome == authclient.OutcomeToken && (status != 200 || strings.ContainsFunc(token.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' })) {
			t.Errorf("status %d gives the token %q", status, token.Reveal())
		}
		if outcome == authclient.OutcomeRefused && (status != 401 && status != 200 || !json.Valid(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))) && utf8.Valid(body)) {
			t.Errorf("status %d with %q is a refusal", status, body)
		}
	})
}
