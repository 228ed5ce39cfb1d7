package authclient_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"amarre/authclient"
	"amarre/authclient/authtest"
)

// TestDiagnose checks which steps are reported and the result of the last one.
func TestDiagnose(t *testing.T) {
	cert, pool := certificate(t, func(*x509.Certificate) {})
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" || r.ContentLength > 0 {
			t.Error("the test sends something")
		}
		w.Header().Set("Server", "WEBDEV\u202e")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"status":401,"msg":"","data":null}`)
	}))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	secure.StartTLS()
	defer secure.Close()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer proxy.Close()
	proxyURL, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	closedProxy := &url.URL{Scheme: "http", Host: closedPort(t), User: url.UserPassword("ana", "canary")}

	for _, c := range []struct {
		name    string
		address string
		opts    authclient.Options
		steps   string
		outcome authclient.Outcome
	}{
		{"the service", startService(t, authtest.Quirks{}).URL, authclient.Options{}, "[proxy dns tcp http service]", authclient.OutcomeToken},
		{"the service over TLS", secure.URL, authclient.Options{RootCAs: pool}, "[proxy dns tcp tls http service]", authclient.OutcomeToken},
		{"unknown authority", secure.URL, authclient.Options{RootCAs: x509.NewCertPool()}, "[proxy dns tcp tls!]", authclient.OutcomeTLS},
		{"a web server", startService(t, authtest.Quirks{BasicAuth: true}).URL, authclient.Options{}, "[proxy dns tcp http service!]", authclient.OutcomeNotTheService},
		{"a captive portal", startService(t, authtest.Quirks{RedirectTo: "https://portail.example/"}).URL, authclient.Options{}, "[proxy dns tcp http service!]", authclient.OutcomeRedirected},
		{"an error", startService(t, authtest.Quirks{AccountDown: true}).URL, authclient.Options{}, "[proxy dns tcp http service!]", authclient.OutcomeServiceError},
		{"nobody", "http://" + closedPort(t), authclient.Options{}, "[proxy dns tcp!]", authclient.OutcomeUnreachable},
		{"another protocol", "http://" + serveOnce(t, []byte("SSH-2.0-OpenSSH\r\n"), "close"), authclient.Options{}, "[proxy dns tcp http!]", authclient.OutcomeNotTheService},
		{"an unknown name", "https://" + strings.Repeat("a", 64) + ".example" /* too long for any name server */, authclient.Options{}, "[proxy dns!]", authclient.OutcomeUnreachable},
		{"a proxy that wants a password", "https://logapass.example", authclient.Options{Proxy: http.ProxyURL(proxyURL)}, "[proxy dns tcp tunnel!]", authclient.OutcomeProxy},
		{"a proxy that is not there", "https://logapass.example", authclient.Options{Proxy: http.ProxyURL(closedProxy)}, "[proxy dns tcp!]", authclient.OutcomeProxy},
	} {
		t.Run(c.name, func(t *testing.T) {
			var steps []string
			var last authclient.Finding
			err := newClient(t, c.address, c.opts).Diagnose(t.Context(), func(f authclient.Finding) {
				step := string(f.Step)
				if f.Err != nil {
					step += "!"
				}
				steps = append(steps, step)
				if f.Step == authclient.StepTLS && f.Err == nil && (f.Issuer != "Capitainerie Root" || f.PublicRoot || f.TLSVersion != "TLS 1.3" || f.NotAfter.IsZero()) {
					t.Errorf("the certificate is reported as %+v", f)
				}
				if f.Step == authclient.StepProxy && f.Proxy != "" && f.Proxy != proxyURL.Host && f.Proxy != closedProxy.Host {
					t.Errorf("the proxy is reported as %q", f.Proxy)
				}
				if f.Step == authclient.StepHTTP && f.Server != "" && f.Server != "WEBDEV" {
					t.Errorf("the server is reported as %q", f.Server)
				}
				last = f
			})
			if got := fmt.Sprint(steps); got != c.steps || authclient.OutcomeOf(err) != c.outcome {
				t.Errorf("steps %s with outcome %s (%v), want %s with %s", got, authclient.OutcomeOf(err), err, c.steps, c.outcome)
			}
			if (last.Err != nil) != (err != nil) {
				t.Errorf("the last step has %v, the result %v", last.Err, err)
			}
			if c.outcome == authclient.OutcomeRedirected && last.Err.Target != "https://portail.example/" {
				t.Errorf("the target is %q", last.Err.Target)
			}
		})
	}
}

func TestDiagnoseIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	service := startService(t, authtest.Quirks{Delay: 1 << 40})
	err := newClient(t, service.URL, authclient.Options{}).Diagnose(ctx, func(f authclient.Finding) {
		if f.Step == authclient.StepTCP {
			cancel()
		}
	})
	if got := authclient.OutcomeOf(err); got != authclient.OutcomeCancelled {
		t.Errorf("outcome is %s (%v), want cancelled", got, err)
	}
}

// TestDiagnoseIsNotHeldByTheTrace: over HTTP/2 net/http may report on another goroutine that
// it wrote the request, after the answer. Diagnose must not make it wait, nor count
// from a time that was not taken yet.
func TestDiagnoseIsNotHeldByTheTrace(t *testing.T) {
	acknowledged := make(chan struct{}) // the server's settings: the client has nothing more to write
	server := ending{settled: acknowledged, end: func(c *serverConn) {
		c.answer(false, ":status", "401")
		c.check(c.WriteData(c.stream, true, []byte(`{"status":401,"msg":"","data":null}`)))
	}}.start(t)
	server.again = func() {} // the connection of the step tcp
	answered, wrote := make(chan struct{}), make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { <-acknowledged },
		WroteHeaders: func() { <-answered }, // before WroteRequest, on the same goroutine
		WroteRequest: func(httptrace.WroteRequestInfo) { close(wrote) },
	})
	err := newClient(t, server.url, authclient.Options{RootCAs: server.pool}).Diagnose(ctx, func(f authclient.Finding) {
		if f.Step == authclient.StepHTTP {
			close(answered)
			select {
			case <-wrote:
			case <-time.After(5 * time.Second):
				t.Error("the trace still waits, 5 s after the answer")
			}
		}
		if f.Step == authclient.StepHTTP && (f.FirstByte <= 0 || f.FirstByte > time.Minute || f.Took <= 0 || f.Took > time.Minute) {
			t.Errorf("the first byte came after %v, the answer after %v", f.FirstByte, f.Took)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

// TestPublicRoot checks that each root of the bundle is recognised at the end of a
// chain, and nothing else.
func TestPublicRoot(t *testing.T) {
	leaf := &x509.Certificate{Raw: []byte("a leaf")}
	count := 0
	for root := range bundle.Roots() {
		count++
		cert, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		if !authclient.PublicRoot([][]*x509.Certificate{{leaf, leaf}, {leaf, cert}}) {
			t.Errorf("%s is not known", cert.Subject)
		}
		if authclient.PublicRoot([][]*x509.Certificate{{cert, leaf}}) {
			t.Errorf("%s is known where it is not the root", cert.Subject)
		}
		changed := &x509.Certificate{Raw: append(slices.Clone(cert.Raw), 0)}
		if authclient.PublicRoot([][]*x509.Certificate{{leaf, changed}}) {
			t.Errorf("what is not %s is known", cert.Subject)
		}
	}
	if count < 100 {
		t.Errorf("the module knows %d roots", count)
	}
	if authclient.PublicRoot(nil) {
		t.Error("no chain has a root")
	}
}
