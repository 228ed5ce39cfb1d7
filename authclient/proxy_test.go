package authclient_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/mattn/go-ieproxy"

	"amarre/authclient"
)

// nowhere is the address of a service that no name server is asked for: its name is too long.
var nowhere = "https://" + strings.Repeat("a", 64) + ".example"

// proxyVariables are the names of the variables that name a proxy.
var proxyVariables = []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"}

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
	"ftp://proxy.example", "socks4://proxy.example", "socks://proxy.example", "://", "http://", "http:///", "//proxy.example:80", "http:proxy.example:80", ":3128", "%", "#", "http://[::1",
}

// TestBadProxyAddressIsNotPassedBy: with an address that cannot be read, nothing is sent: not to the
// service either.
func TestBadProxyAddressIsNotPassedBy(t *testing.T) {
	for _, variable := range []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		for _, address := range badProxies {
			t.Run(variable+"="+address, func(t *testing.T) {
				for _, name := range proxyVariables {
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

// TestProxyOfEnvironment: which variable gives the proxy, and what it is then.
func TestProxyOfEnvironment(t *testing.T) {
	for _, c := range []struct {
		env         map[string]string
		proxy, from string
	}{
		{nil, "", ""},
		{map[string]string{"HTTPS_PROXY": "proxy.example:3128"}, "http://proxy.example:3128", "HTTPS_PROXY"},
		{map[string]string{"https_proxy": "proxy.example"}, "http://proxy.example", "https_proxy"},
		{map[string]string{"https_proxy": "a.example", "HTTPS_PROXY": "b.example"}, "http://a.example", "https_proxy"},
		{map[string]string{"HTTPS_PROXY": "ana:canary@proxy.example:3128"}, "http://ana:canary@proxy.example:3128", "HTTPS_PROXY"},
		{map[string]string{"HTTPS_PROXY": "http://PORT%5Cana:%25%23%20%2F@proxy.example:3128/"}, "http://PORT%5Cana:%25%23%20%2F@proxy.example:3128/", "HTTPS_PROXY"},
		{map[string]string{"HTTPS_PROXY": "http://ana:c@nary@proxy.example:3128"}, "http://ana:c%40nary@proxy.example:3128", "HTTPS_PROXY"},
		{map[string]string{"HTTPS_PROXY": " https://proxy.example \r\n"}, "https://proxy.example", "HTTPS_PROXY"},
		{map[string]string{"HTTPS_PROXY": "SOCKS5://proxy.example"}, "socks5://proxy.example", "HTTPS_PROXY"},
		{map[string]string{"HTTPS_PROXY": "http://[2001:db8::1]:3128"}, "http://[2001:db8::1]:3128", "HTTPS_PROXY"},
		{map[string]string{"HTTPS_PROXY": "proxy.example", "NO_PROXY": "other.example"}, "http://proxy.example", "HTTPS_PROXY"},
		{map[string]string{"HTTPS_PROXY": "proxy.example", "NO_PROXY": "*"}, "", ""},
		{map[string]string{"HTTPS_PROXY": "proxy.example", "no_proxy": ".service.example"}, "", ""},
		{map[string]string{"HTTPS_PROXY": "proxy.example", "NO_PROXY": "logapass.service.example:443"}, "", ""},
		{map[string]string{"HTTP_PROXY": "proxy.example"}, "", ""},
		{map[string]string{"HTTP_PROXY": "a.example", "ALL_PROXY": "proxy.example"}, "http://proxy.example", "ALL_PROXY"},
		{map[string]string{"ALL_PROXY": "socks5h://proxy.example:9050"}, "socks5h://proxy.example:9050", "ALL_PROXY"},
		{map[string]string{"all_proxy": "proxy.example"}, "http://proxy.example", "all_proxy"},
		{map[string]string{"HTTPS_PROXY": "a.example", "ALL_PROXY": "b.example"}, "http://a.example", "HTTPS_PROXY"},
		{map[string]string{"ALL_PROXY": "proxy.example", "NO_PROXY": "service.example"}, "", ""},
	} {
		t.Run(fmt.Sprint(c.env), func(t *testing.T) {
			if runtime.GOOS == "windows" { // names of variables have no case
				if c.from = strings.ToUpper(c.from); len(c.env) == 2 && c.env["https_proxy"] != "" {
					t.Skip("one variable with two names")
				}
			}
			for _, name := range proxyVariables {
				t.Setenv(name, "")
			}
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			proxy, from, err := authclient.SystemProxy("https://logapass.service.example/account")
			if err != nil || proxy != c.proxy || string(from) != c.from {
				t.Errorf("the proxy is %q from %q, %v; want %q from %q", proxy, from, err, c.proxy, c.from)
			}
			if proxy, _, err := authclient.SystemProxy("http://127.0.0.1:1/account"); err != nil || proxy != "" {
				t.Errorf("to this computer: %q, %v", proxy, err)
			}
		})
	}
}

// TestProxyOfSettings: the settings of Windows and macOS, whose bad address is not passed by
// either.
func TestProxyOfSettings(t *testing.T) {
	target := &url.URL{Scheme: "https", Host: "logapass.example"}
	static := func(noProxy string, protocols map[string]string) ieproxy.ProxyConf {
		return ieproxy.ProxyConf{Static: ieproxy.StaticProxyConf{Active: true, Protocols: protocols, NoProxy: noProxy}}
	}
	for _, c := range []struct {
		conf  ieproxy.ProxyConf
		proxy string
		bad   bool
	}{
		{conf: ieproxy.ProxyConf{}},
		{conf: ieproxy.ProxyConf{Static: ieproxy.StaticProxyConf{Protocols: map[string]string{"": "off.example"}}}},
		{conf: static("", map[string]string{"": "proxy.example:8080"}), proxy: "http://proxy.example:8080"},
		{conf: static("", map[string]string{"": "all.example", "https": "tls.example:8080"}), proxy: "http://tls.example:8080"},
		{conf: static("", map[string]string{"http": "plain.example"})},
		{conf: static("", map[string]string{"": "all.example", "https": ""})},
		{conf: static("*.example", map[string]string{"": "proxy.test"})},
		{conf: static("", map[string]string{"": "ana:ca#nary@proxy.example"}), bad: true},
		{conf: static("logapass.example", map[string]string{"": "ana:ca#nary@proxy.example"})},
	} {
		proxy, from, err := authclient.SettingsProxy(target, c.conf)
		wrong := proxy != c.proxy || (err != nil) != c.bad || (from == authclient.ProxyFromSystem) != (proxy != "")
		if wrong || err != nil && strings.Contains(err.Error(), "nary") {
			t.Errorf("%+v: the proxy is %q from %q, %v; want %q", c.conf, proxy, from, err, c.proxy)
		}
	}
}

// TestDefaultPortOfAProxy: the report names the port that net/http dials.
func TestDefaultPortOfAProxy(t *testing.T) {
	host := strings.TrimPrefix(nowhere, "https://")
	for scheme, port := range map[string]string{"": "80", "http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"} {
		proxy := &url.URL{Scheme: scheme, Host: host}
		client := newClient(t, "https://logapass.example", authclient.Options{Proxy: http.ProxyURL(proxy)})
		_ = client.Diagnose(t.Context(), func(f authclient.Finding) {
			if f.Step == authclient.StepProxy && f.Proxy != host+":"+port {
				t.Errorf("%s: the proxy is %q", scheme, f.Proxy)
			}
		})
	}
}

// TestProxyOfOption: a proxy that the user has chosen, or none, in place of the system's.
func TestProxyOfOption(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://environment.example")
	for address, want := range map[string]string{
		"":                              "environment.example:80 HTTPS_PROXY",
		"proxy.example:3128":            "proxy.example:3128 option",
		"socks5://ana@proxy.example":    "proxy.example:1080 option",
		authclient.NoProxy:              " ",
		"ftp://proxy.example":           "! ",
		"http://ana:ca#nary@proxy.test": "! ",
	} {
		var got string
		client := newClient(t, nowhere, authclient.Options{ProxyAddress: address})
		_ = client.Diagnose(t.Context(), func(f authclient.Finding) {
			if f.Step != authclient.StepProxy {
				return
			}
			got = fmt.Sprintf("%s %s", f.Proxy, f.ProxyFrom)
			if f.Err != nil {
				got = "!" + got
			}
		})
		if got != want {
			t.Errorf("%q: the proxy is %q, want %q", address, got, want)
		}
	}
	for address, want := range map[string]error{
		"proxy.example:3128": nil, " none ": nil, "socks5h://proxy.example": nil, "http://PORT%5Cana@proxy.example": nil,
		"": authclient.ErrProxyAddress, "ftp://proxy.example": authclient.ErrProxyAddress, "proxy.example:0": authclient.ErrProxyAddress,
		"http://ana:canary@proxy.example": authclient.ErrProxyPassword, "ana:@proxy.example": authclient.ErrProxyPassword, "http://ana:ca#nary@proxy.example": authclient.ErrProxyPassword,
	} {
		if err := authclient.CheckProxy(address); err != want {
			t.Errorf("%q: %v, want %v", address, err, want)
		}
	}
}
