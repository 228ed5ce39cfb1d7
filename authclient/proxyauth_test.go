package authclient_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	utf16codec "unicode/utf16"

	"github.com/icholy/digest"

	"amarre/authclient"
)

// officeProxy is a proxy that asks for credentials, on loopback connections.
type officeProxy struct {
	offers   []string                                // fields Proxy-Authenticate of its question
	answer   func(credentials string) (field string) // "" accepts, else the field of the next question
	closes   bool                                    // the connection after each question
	unsaid   bool                                    // and does not say so
	body     string                                  // of each question
	protocol string                                  // of its answers; "" is HTTP/1.1

	mu    sync.Mutex
	got   []string // fields Proxy-Authorization, "-" where there was none
	conns int
}

func (p *officeProxy) serve(conn net.Conn) {
	p.mu.Lock()
	p.conns++
	p.mu.Unlock()
	reader := bufio.NewReader(conn)
	for {
		req, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		credentials := req.Header.Get("Proxy-Authorization")
		p.mu.Lock()
		p.got = append(p.got, credentials)
		p.mu.Unlock()
		offers := p.offers
		if credentials != "" {
			field := p.answer(credentials)
			if field == "" {
				up, err := net.Dial("tcp", req.Host)
				if err != nil {
					return
				}
				_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
				go func() { _, _ = io.Copy(up, reader); up.Close() }()
				_, _ = io.Copy(conn, up)
				return
			}
			offers = []string{field}
		}
		protocol := p.protocol
		if protocol == "" {
			protocol = "HTTP/1.1"
		}
		head := protocol + " 407 Proxy Authentication Required\r\n"
		for _, offer := range offers {
			head += "Proxy-Authenticate: " + offer + "\r\n"
		}
		if p.closes && !p.unsaid {
			head += "Connection: close\r\n"
		} else if protocol == "HTTP/1.0" {
			head += "Proxy-Connection: keep-alive\r\n"
		}
		_, _ = fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(p.body), p.body)
		if p.closes {
			return
		}
	}
}

// ntlmChallenge is a CHALLENGE message (MS-NLMP, section 2.2.1.2) with Unicode, NTLM, target
// information and extended session security.
func ntlmChallenge() string {
	message := make([]byte, 56)
	copy(message, "NTLMSSP\x00")
	binary.LittleEndian.PutUint32(message[8:], 2)
	binary.LittleEndian.PutUint32(message[20:], 0x00880201|0x00000004)
	copy(message[24:], "12345678")
	info := []byte{2, 0, 4, 0, 'P', 0, 'O', 0, 0, 0, 0, 0} // MsvAvNbDomainName, MsvAvEOL
	binary.LittleEndian.PutUint32(message[16:], 56)
	for i, value := range []uint16{uint16(len(info)), uint16(len(info))} {
		binary.LittleEndian.PutUint16(message[40+2*i:], value)
	}
	binary.LittleEndian.PutUint32(message[44:], 56)
	return base64.StdEncoding.EncodeToString(append(message, info...))
}

// ntlm answers the messages of a scheme that carries NTLM, and accepts ana of the domain PORT.
func ntlm(scheme string) func(string) string {
	return func(credentials string) string {
		message, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(credentials, scheme+" "))
		if err != nil || !bytes.HasPrefix(message, []byte("NTLMSSP\x00")) {
			return scheme
		}
		switch binary.LittleEndian.Uint32(message[8:]) {
		case 1:
			return scheme + " " + ntlmChallenge()
		case 3:
			if field(message, 28) == "PORT" && field(message, 36) == "ana" {
				return ""
			}
		}
		return scheme
	}
}

// field returns a text of an AUTHENTICATE message.
func field(message []byte, at int) string {
	length, offset := int(binary.LittleEndian.Uint16(message[at:])), int(binary.LittleEndian.Uint32(message[at+4:]))
	var units []uint16
	for i := 0; i < length; i += 2 {
		units = append(units, binary.LittleEndian.Uint16(message[offset+i:]))
	}
	return string(utf16codec.Decode(units))
}

// digestOf accepts ana with proxy-canary, and finds the nonce stale as often as told.
func digestOf(question string, stale int) func(string) string {
	var mu sync.Mutex
	return func(credentials string) string {
		got, err := digest.ParseCredentials(credentials)
		if err != nil {
			return question
		}
		challenge, err := digest.ParseChallenge(question)
		if err != nil {
			return question
		}
		want, err := digest.Digest(challenge, digest.Options{Method: "CONNECT", URI: got.URI, Username: "ana", Password: "proxy-canary", Count: got.Nc, Cnonce: got.Cnonce})
		if err != nil || want.Response != got.Response || !strings.HasPrefix(got.URI, "127.0.0.1:") {
			return question
		}
		mu.Lock()
		defer mu.Unlock()
		if stale--; stale >= 0 {
			return question + ", stale=true"
		}
		return ""
	}
}

const (
	basicQuestion  = `Basic realm="Capitainerie, quai 3"`
	digestQuestion = `Digest realm="squid", nonce="abc", qop="auth", algorithm=MD5`
)

// TestProxyAuthentication: the strongest scheme that the proxy offers is used, nothing is sent
// before it asks, and Basic only if nothing else can be.
func TestProxyAuthentication(t *testing.T) {
	cert, pool := certificate(t, func(*x509.Certificate) {})
	basic := func(credentials string) string {
		if credentials == "Basic "+base64.StdEncoding.EncodeToString([]byte("ana:proxy-canary")) {
			return ""
		}
		return basicQuestion
	}
	for name, c := range map[string]struct {
		proxy  *officeProxy
		user   string // the default is ana
		scheme string
		asked  int               // how many requests the proxy got
		reason authclient.Reason // "" is a tunnel
		offers []string          // Error.Schemes
	}{
		"Basic":                     {proxy: &officeProxy{offers: []string{basicQuestion}, answer: basic}, scheme: "Basic", asked: 2},
		"Basic, closed":             {proxy: &officeProxy{offers: []string{basicQuestion}, answer: basic, closes: true}, scheme: "Basic", asked: 2},
		"Basic, closed in silence":  {proxy: &officeProxy{offers: []string{basicQuestion}, answer: basic, closes: true, unsaid: true}, scheme: "Basic", asked: 2},
		"Basic, HTTP/1.0":           {proxy: &officeProxy{offers: []string{basicQuestion}, answer: basic, protocol: "HTTP/1.0"}, scheme: "Basic", asked: 2},
		"Basic, a page":             {proxy: &officeProxy{offers: []string{basicQuestion}, answer: basic, body: strings.Repeat("<p>", 9000)}, scheme: "Basic", asked: 2},
		"Basic, wrong":              {proxy: &officeProxy{offers: []string{basicQuestion}, answer: basic}, user: "eva", asked: 2, reason: authclient.ReasonProxyPasswordWrong, offers: []string{"Basic"}},
		"Digest":                    {proxy: &officeProxy{offers: []string{digestQuestion}, answer: digestOf(digestQuestion, 0)}, scheme: "Digest", asked: 2},
		"Digest before Basic":       {proxy: &officeProxy{offers: []string{basicQuestion, digestQuestion}, answer: digestOf(digestQuestion, 0)}, scheme: "Digest", asked: 2},
		"Digest, SHA-256":           {proxy: &officeProxy{offers: []string{strings.Replace(digestQuestion, "MD5", "SHA-256", 1)}, answer: digestOf(strings.Replace(digestQuestion, "MD5", "SHA-256", 1), 0)}, scheme: "Digest", asked: 2},
		"Digest, stale once":        {proxy: &officeProxy{offers: []string{digestQuestion}, answer: digestOf(digestQuestion, 1)}, scheme: "Digest", asked: 3},
		"Digest, always stale":      {proxy: &officeProxy{offers: []string{digestQuestion}, answer: digestOf(digestQuestion, 99)}, asked: 5, reason: authclient.ReasonProxyPasswordWrong, offers: []string{"Digest"}},
		"Digest, wrong":             {proxy: &officeProxy{offers: []string{digestQuestion}, answer: digestOf(digestQuestion, 0)}, user: "eva", asked: 2, reason: authclient.ReasonProxyPasswordWrong, offers: []string{"Digest"}},
		"Digest, unknown algorithm": {proxy: &officeProxy{offers: []string{`Digest realm="x", nonce="y", algorithm=MD6`}}, asked: 1, reason: authclient.ReasonProxySchemes, offers: []string{"Digest"}},
		"NTLM":                      {proxy: &officeProxy{offers: []string{"NTLM"}, answer: ntlm("NTLM")}, user: `PORT\ana`, scheme: "NTLM", asked: 3},
		"NTLM, closed":              {proxy: &officeProxy{offers: []string{"NTLM"}, answer: ntlm("NTLM"), closes: true}, user: `PORT\ana`, scheme: "NTLM", asked: 3},
		"NTLM, wrong":               {proxy: &officeProxy{offers: []string{"NTLM"}, answer: ntlm("NTLM")}, user: `PORT\eva`, asked: 3, reason: authclient.ReasonProxyPasswordWrong, offers: []string{"NTLM"}},
		"NTLM before Basic":         {proxy: &officeProxy{offers: []string{basicQuestion, "Negotiate", "NTLM"}, answer: ntlm("NTLM")}, user: `PORT\ana`, scheme: "NTLM", asked: 3},
		"NTLM, garbage":             {proxy: &officeProxy{offers: []string{"NTLM"}, answer: func(string) string { return "NTLM AAAA" }}, asked: 2, reason: authclient.ReasonProxyPasswordWrong, offers: []string{"NTLM"}},
		"Negotiate":                 {proxy: &officeProxy{offers: []string{"Negotiate"}, answer: ntlm("Negotiate")}, user: `PORT\ana`, scheme: "Negotiate", asked: 3},
		"several in one field":      {proxy: &officeProxy{offers: []string{"negotiate, ntlm," + basicQuestion + ", " + digestQuestion}, answer: ntlm("NTLM")}, user: `PORT\ana`, scheme: "NTLM", asked: 3},
		"another":                   {proxy: &officeProxy{offers: []string{"Bearer", "X<b>"}}, asked: 1, reason: authclient.ReasonProxySchemes, offers: []string{"Bearer"}},
		"none given":                {proxy: &officeProxy{offers: []string{basicQuestion, digestQuestion}}, user: "-", asked: 1, reason: authclient.ReasonProxyPasswordMissing, offers: []string{"Basic", "Digest"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := listen(t, secureService(&tls.Config{Certificates: []tls.Certificate{cert}}))
			user := c.user
			if user == "" {
				user = "ana"
			}
			at := &url.URL{Scheme: "http", Host: listen(t, c.proxy.serve), User: url.UserPassword(user, "proxy-canary")}
			if user == "-" {
				at.User = nil
			}
			scheme := ""
			client := newClient(t, "https://"+service, authclient.Options{RootCAs: pool, Proxy: http.ProxyURL(at), Report: func(f authclient.Finding) {
				if f.Step == authclient.StepTunnel {
					scheme = f.Scheme
				}
			}})
			_, err := client.Login(t.Context(), testCredentials)
			if c.reason == "" && err != nil {
				t.Fatal(describe(err))
			}
			if c.reason != "" {
				if e := wantError(t, err, authclient.OutcomeProxy, c.reason); !slices.Equal(e.Schemes, c.offers) || e.HTTPStatus != 407 {
					t.Errorf("status %d with the schemes %q, want %q", e.HTTPStatus, e.Schemes, c.offers)
				}
			}
			if scheme != c.scheme {
				t.Errorf("the tunnel was opened with %q, want %q", scheme, c.scheme)
			}
			c.proxy.mu.Lock()
			defer c.proxy.mu.Unlock()
			if c.proxy.got[0] != "" {
				t.Error("credentials were sent before the proxy asked")
			}
			if len(c.proxy.got) != c.asked {
				t.Errorf("the proxy got %d requests, want %d", len(c.proxy.got), c.asked)
			}
			for _, got := range c.proxy.got {
				if strings.HasPrefix(got, "Basic ") && c.scheme != "Basic" && !strings.HasPrefix(name, "Basic") {
					t.Error("the password was sent in clear")
				}
			}
		})
	}
}

// TestProxyWithoutCredentials: where the system has them, those of the signed-in user answer a
// proxy that offers NTLM, and nothing is sent in clear; elsewhere nothing is.
func TestProxyWithoutCredentials(t *testing.T) {
	proxy := &officeProxy{offers: []string{basicQuestion, "NTLM"}, answer: func(credentials string) string { return "NTLM" }}
	at := &url.URL{Scheme: "http", Host: listen(t, proxy.serve)}
	_, err := newClient(t, "https://logapass.example", authclient.Options{Proxy: http.ProxyURL(at)}).Login(t.Context(), testCredentials)
	if authclient.OutcomeOf(err) != authclient.OutcomeProxy {
		t.Errorf("login: %v", describe(err))
	}
	proxy.mu.Lock()
	defer proxy.mu.Unlock()
	const negotiate = "NTLM TlRMTVNTUAAB" // the beginning of a NEGOTIATE message
	switch got := proxy.got; {
	case !authclient.SignsIn():
		if e := wantError(t, err, authclient.OutcomeProxy, authclient.ReasonProxyPasswordMissing); len(got) != 1 || e.HTTPStatus != 407 {
			t.Errorf("status %d after %q", e.HTTPStatus, got)
		}
	case len(got) != 2 || got[0] != "" || !strings.HasPrefix(got[1], negotiate):
		t.Errorf("the proxy got %q, want nothing, then %s…", got, negotiate)
	}
}

// FuzzOffers: no header of a proxy makes the client fail, and what is shown of it are names.
func FuzzOffers(f *testing.F) {
	for _, seed := range []string{basicQuestion, digestQuestion, "Negotiate, NTLM", `Basic realm="a\", b", NTLM`, "NTLM TlRMTVNTUAAC", ",,=", `Digest qop = "auth"`, "\"", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		schemes := authclient.OfferedSchemes(value)
		if len(schemes) > 8 {
			t.Errorf("%d schemes", len(schemes))
		}
		for _, scheme := range schemes {
			if scheme == "" || len(scheme) > 20 || strings.ContainsFunc(scheme, func(r rune) bool { return r != '-' && (r < '0' || r > 'z') }) {
				t.Errorf("the scheme %q", scheme)
			}
		}
		authclient.ChooseAuth(value)
	})
}

// TestOffers: challenges in one field, with commas and quotes in their parameters.
func TestOffers(t *testing.T) {
	for value, want := range map[string]string{
		"":                               "[]",
		"NTLM":                           "[NTLM]",
		"ntlm,NEGOTIATE":                 "[NTLM Negotiate]",
		basicQuestion:                    "[Basic]",
		digestQuestion + ", Basic":       "[Digest Basic]",
		`Basic realm="a \", NTLM", NTLM`: "[Basic NTLM]",
		`Digest realm = "x", Basic`:      "[Digest Basic]",
		`realm="x"`:                      "[]",
		"NTLM TlRMTVNTUAACAAAA==":        "[NTLM]",
		"X<script>":                      "[]",
	} {
		if got := fmt.Sprint(authclient.OfferedSchemes(value)); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}
