package authclient

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// Step is one step of [Client.Diagnose].
type Step string

const (
	StepProxy   Step = "proxy"   // which proxy is used
	StepDNS     Step = "dns"     // the addresses of the host, or of the proxy
	StepTCP     Step = "tcp"     // a connection to one of them
	StepTunnel  Step = "tunnel"  // the proxy's connection to the service; only with a proxy
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
	Scheme     string        // StepTunnel: the scheme of authentication that the proxy accepted, or ""
	SmallHello bool          // StepTLS: only a small ClientHello, without X25519MLKEM768, got an answer
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

// Diagnose tests the connection to the service and calls report after each step, as a login
// and a check do with [Options.Report]. It sends no credentials: the last steps ask /account
// without a token, which the service refuses.
//
// Diagnose returns nil if the service answered, or the error of the step that
// failed. It makes no step if the authorities cannot be read: a [*CAError].
func (c *Client) Diagnose(ctx context.Context, report func(Finding)) error {
	a, err := c.exchange(ctx, diagnose, http.MethodGet, c.address.AccountURL(), nil, report)
	var e *Error
	switch {
	case err == nil:
		if _, verdict := judgeAccount(Secret{}, a.status, a.body); verdict != nil && verdict.Outcome != OutcomeRefused { // only the service refuses like this
			e, verdict.Step, verdict.RetryAfter = verdict, StepService, a.wait
		}
	case !errors.As(err, &e):
		return err
	case e.Step != StepService: // reported already
		return e
	}
	report(Finding{Step: StepService, Err: e})
	if e == nil {
		return nil
	}
	return e
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
