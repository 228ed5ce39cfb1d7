package authclient_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"pgregory.net/rapid"

	"amarre/authclient"
)

// escapes are the ways in which a server may repeat what it was sent.
var escapes = map[string]func(string) string{
	"raw": func(s string) string { return s },
	"JSON": func(s string) string {
		quoted, _ := json.Marshal(s)
		return string(quoted[1 : len(quoted)-1])
	},
	"JSON, every character": func(s string) string { return each(s, func(r rune) string { return utf16Escape(r) }) },
	"URL":                   url.PathEscape,
	"URL, a form":           url.QueryEscape,
	"URL, every byte": func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, "%%%02x", s[i])
		}
		return b.String()
	},
	"URL, as JavaScript did": func(s string) string { return strings.ReplaceAll(each(s, utf16Escape), `\u`, "%u") },
	"HTML":                   html.EscapeString,
	"HTML, decimal":          func(s string) string { return each(s, func(r rune) string { return fmt.Sprintf("&#%d;", r) }) },
	"HTML, hexadecimal":      func(s string) string { return each(s, func(r rune) string { return fmt.Sprintf("&#x%X;", r) }) },
	"HTML, named": strings.NewReplacer(`"`, "&quot;", "<", "&lt;", ">", "&gt;", "&", "&amp;", "+", "&plus;", "%", "&percnt;",
		"é", "&eacute;", `\`, "&bsol;", "/", "&sol;", "'", "&apos;").Replace,
	"Base64":               func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"Base64 for URLs":      func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"Base64 of user:pass":  func(s string) string { return base64.StdEncoding.EncodeToString([]byte("15:" + s)) },
	"capital letters":      strings.ToUpper,
	"with zero-width ones": func(s string) string { return each(s, func(r rune) string { return string(r) + "\u200b" }) },
}

func each(s string, escape func(rune) string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(escape(r))
	}
	return b.String()
}

func utf16Escape(r rune) string {
	if r > 0xffff {
		r -= 0x10000
		return fmt.Sprintf(`\u%04X\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// canaries are passwords that a server may repeat; those of ASCII without spaces are
// tokens too.
var canaries = []string{"FourniParDataComSys", `a&"<é>%41+ 'b\n/c`, "&amp;+%2B-%u0041-\\u0041", `50%`, `fin\`, " deux  mots ", "clé🔑", "x", "A-TOKEN/with+symbols==%&<>\"'"}

// TestAnEchoIsNotShown: no text of a server reaches a person if it repeats the password or the
// token that was just sent, in any escape, at any place.
func TestAnEchoIsNotShown(t *testing.T) {
	var status int
	var header http.Header
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	defer server.Close()
	client := newClient(t, server.URL, authclient.Options{})
	envelope := func(stated int, msg string, data map[string]string) {
		encoded, err := json.Marshal(map[string]any{"status": stated, "msg": msg, "data": data})
		if err != nil {
			t.Fatal(err)
		}
		body = string(encoded)
	}
	for name, escape := range escapes {
		for _, canary := range canaries {
			cred := testCredentials
			cred.Password = authclient.NewSecret(canary)
			isToken := !strings.ContainsFunc(canary, func(r rune) bool { return r <= ' ' || r > '~' })
			for _, text := range []string{
				`Exception: {"codePort":"MTP","idERP":15,"password":"` + escape(canary) + `"}`,
				escape(canary),
				strings.Repeat("-", 195) + escape(canary), // the text is cut within it
			} {
				for _, status = range []int{400, 500} {
					envelope(status, text, nil)
					_, err := client.Login(t.Context(), cred)
					checkNoText(t, name+", login", text, err)
					if isToken {
						_, err = client.Account(t.Context(), authclient.NewSecret(canary))
						checkNoText(t, name+", account", text, err)
					}
				}
				if !isToken {
					continue
				}
				status = 200
				envelope(200, "ok", map[string]string{"portCode": "SET", "portName": text})
				account, err := client.Account(t.Context(), authclient.NewSecret(canary))
				if err != nil || account.PortName != "" || account.PortCode != "SET" {
					t.Errorf("%s: the name of the port is %q, %v", name, account.PortName, err)
				}
				envelope(200, "ok", map[string]string{"portCode": text, "portName": "Port"})
				if _, err := authclient.ParsePortCode(authclient.PlainText(text)); err == nil {
					continue // such a code is no echo
				}
				if account, err = client.Account(t.Context(), authclient.NewSecret(canary)); authclient.OutcomeOf(err) != authclient.OutcomeNotTheService {
					t.Errorf("%s: the code of the port is %q, %v", name, account.PortCode, err)
				}
			}
		}
	}
	// The host of a redirect.
	status = 302
	header = http.Header{"Location": {"https://" + strings.ToLower(testPassword) + ".portail.example/"}}
	_, err := client.Login(t.Context(), testCredentials)
	checkNoText(t, "redirect", "", err)
	header = http.Header{"Location": {"https://" + testToken + "/"}}
	_, err = client.Account(t.Context(), authclient.NewSecret(testToken))
	checkNoText(t, "redirect", "", err)
	// What is no echo is shown, and a code of three characters is none.
	header, status = nil, 500
	envelope(500, "Erreur interne", nil)
	var e *authclient.Error
	if _, err = client.Login(t.Context(), testCredentials); !errors.As(err, &e) || e.Message != "Erreur interne" {
		t.Errorf("without an echo: %v", err)
	}
	status = 200
	envelope(200, "ok", map[string]string{"portCode": "SET", "portName": "Port SET"})
	if account, err := client.Account(t.Context(), authclient.NewSecret("SET")); err != nil || account.PortCode != "SET" || account.PortName != "" {
		t.Errorf("a short token: %+v, %v", account, err)
	}
}

// checkNoText checks an error whose texts would repeat a secret.
func checkNoText(t *testing.T, name, text string, err error) {
	t.Helper()
	var e *authclient.Error
	if !errors.As(err, &e) || e.Message != "" || e.Target != "" || e.Issuer != "" {
		t.Errorf("%s: %q gives %+v", name, text, err)
	}
}

// TestEscapesInEscapes: an echo is seen in any text, through several escapes.
func TestEscapesInEscapes(t *testing.T) {
	var names []string
	for name := range escapes {
		if name != "capital letters" && name != "with zero-width ones" { // they leave no escape as it was
			names = append(names, name)
		}
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[ -~éû🔑]{1,40}`).Draw(t, "secret")
		text := rapid.String().Draw(t, "before") + secret + rapid.String().Draw(t, "after")
		based := false // Base64 in Base64 is not looked for
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 0, 3).Draw(t, "escapes") {
			if strings.HasPrefix(name, "Base64") {
				if based {
					continue
				}
				based = true
			}
			text = escapes[name](text)
		}
		if !authclient.Echoes(authclient.NewSecret(secret), text) {
			t.Errorf("%q is not seen in %q", secret, text)
		}
	})
	for _, text := range []string{"Erreur interne du service", "Exception: 15 MTP", "%41%zz \\u00 &#x; &eacute;", strings.Repeat("a", 8<<10)} {
		if authclient.Echoes(authclient.NewSecret(testPassword), text) {
			t.Errorf("%.60q is taken for an echo", text)
		}
	}
	if !authclient.Echoes(authclient.NewSecret(testPassword), strings.Repeat("a", 8<<10+1)) {
		t.Error("a text that is too long to compare is shown")
	}
	for _, nested := range []string{`\u005cu0025`, "%2525", "&amp;amp;", "QUJD"} { // what takes longest
		start := time.Now()
		authclient.Echoes(authclient.NewSecret(testPassword), strings.Repeat(nested, (8<<10)/len(nested)))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s… took %v", nested, took)
		}
	}
}

// TestAnEchoIsNotInAnError: net/http cites what is not HTTP, and a certificate has names.
func TestAnEchoIsNotInAnError(t *testing.T) {
	credentials := func(s string) string { return "login " + s }
	for name, escape := range escapes {
		if name == "with zero-width ones" {
			continue // net/http cites them as escapes
		}
		for _, answer := range []string{credentials(escape(testPassword)), "HTTP/1.1 " + escape(testPassword), "HTTP/1.1 500 x\r\n" + escape(testPassword)} {
			client := newClient(t, "http://"+serveOnce(t, []byte(answer+"\r\n\r\n"), "close"), authclient.Options{})
			_, err := client.Login(t.Context(), testCredentials)
			checkNoEcho(t, name, escape(testPassword), err)
		}
	}
	server := ending{body: true, end: func(c *serverConn) {
		c.check(c.WriteGoAway(c.stream, http2.ErrCodeInternal, []byte("Exception: "+testPassword)))
		c.close()
	}}.start(t)
	_, err := newClient(t, server.url, authclient.Options{RootCAs: server.pool}).Login(t.Context(), testCredentials)
	checkNoEcho(t, "GOAWAY", testPassword, err)

	server = ending{named: testPassword}.start(t)
	_, err = newClient(t, server.url, authclient.Options{RootCAs: x509.NewCertPool()}).Login(t.Context(), testCredentials)
	if authclient.OutcomeOf(err) != authclient.OutcomeTLS {
		t.Errorf("the error is %v, want tls", err)
	}
	checkNoEcho(t, "certificate", testPassword, err)
}

// checkNoEcho checks that neither an error's texts nor its causes hold an echo.
func checkNoEcho(t *testing.T, name, echo string, err error) {
	t.Helper()
	var e *authclient.Error
	if !errors.As(err, &e) {
		t.Errorf("%s: the error is %v", name, err)
		return
	}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		for _, text := range []string{cause.Error(), fmt.Sprintf("%+v", cause), e.Issuer, e.Target, e.Message} {
			if strings.Contains(text, echo) || strings.Contains(text, testPassword) {
				t.Errorf("%s: %q holds the password", name, text)
			}
		}
	}
}
