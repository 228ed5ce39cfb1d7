package authclient_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"amarre/authclient"
)

// nowhere is the address of a service that no name server is asked for: its name is too long.
var nowhere = "https://" + strings.Repeat("a", 64) + ".example"

// badProxies are addresses of proxies that cannot be read.
var badProxies = []string{
	"http://ana:ca%nary@proxy.example:3128",
	"http://ana:ca%zznary@proxy.example:3128",
	"http://ana:ca#nary@proxy.example:3128",
	"http://ana:12#nary@proxy.example:3128",
	`http://ana:ca\nary@proxy.example:3128`,
	`http://PORT\ana:canary@proxy.example:3128`,
	"http://ana:ca nary@proxy.example:3128",
	"http://ana:ca/nary@proxy.example:3128",
	"http://ana:12/nary@proxy.example:3128",
	"http://ana:12?nary@proxy.example:3128",
	"http://ana:cànary@proxy.example:3128",
	"http://ana:ca[nary@proxy.example:3128",
	"ana:ca#nary@proxy.example:3128",
	"ana:12#nary@proxy.example:3128",
	"http://proxy.example:nary",
	"http://proxy.example:99999",
	"http://proxy.example:0",
	"http://proxy.example:3128/nary",
	"http://proxy.example:3128/?nary",
	"http://pro xy.example",
	"http=proxy.example:80;https=proxy.example:80",
	"ftp://proxy.example", "://", "http://", "http:///", "//proxy.example:80", "http:proxy.example:80", ":3128", "%", "#", "http://[::1",
}

// TestBadProxyAddressIsNotPassedBy: with an address that cannot be read, nothing is sent: not to the
// service either.
func TestBadProxyAddressIsNotPassedBy(t *testing.T) {
	for _, variable := range []string{"HTTPS_PROXY", "https_proxy"} {
		for _, address := range badProxies {
			t.Run(variable+"="+address, func(t *testing.T) {
				for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"} {
					t.Setenv(name, "")
				}
				t.Setenv(variable, address)
				client := newClient(t, nowhere, authclient.Options{})
				_, loginErr := client.Login(t.Context(), testCredentials)
				_, accountErr := client.Account(t.Context(), authclient.NewSecret(testToken))
				steps := ""
				diagnoseErr := client.Diagnose(t.Context(), func(f authclient.Finding) { steps += fmt.Sprintf("%s %v %s;", f.Step, f.Err != nil, f.Proxy) })
				if steps != "proxy true ;" {
					t.Errorf("the steps of the test are %q", steps)
				}
				for _, err := range []error{loginErr, accountErr, diagnoseErr} {
					if got := authclient.OutcomeOf(err); got != authclient.OutcomeProxy {
						t.Errorf("outcome is %s (%v), want proxy", got, err)
					}
					for cause := err; cause != nil; cause = errors.Unwrap(cause) {
						if strings.Contains(cause.Error(), "nary") {
							t.Errorf("%q holds the proxy's password", cause)
						}
					}
				}
				// A service that NO_PROXY excludes needs no proxy.
				t.Setenv("NO_PROXY", strings.Repeat("a", 64)+".example")
				if _, err := client.Login(t.Context(), testCredentials); authclient.OutcomeOf(err) != authclient.OutcomeUnreachable {
					t.Errorf("past the proxy: %v, want unreachable", err)
				}
			})
		}
	}
}
