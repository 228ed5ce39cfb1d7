package authclient

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-ieproxy"
	"golang.org/x/net/http/httpproxy"
)

// ProxySource says where the address of a proxy was found: the name of a variable of the
// environment, or one of the constants.
type ProxySource string

const (
	ProxyFromSystem ProxySource = "system" // the settings of Windows or macOS
	ProxyFromScript ProxySource = "script" // a script (PAC) that they name
	ProxyFromOption ProxySource = "option" // [Options.ProxyAddress]
)

// NoProxy is the value of [Options.ProxyAddress] for a service that is called without a proxy.
const NoProxy = "none"

// The errors of [CheckProxy].
var (
	ErrProxyAddress = errors.New("the address of the proxy cannot be read")
	// ErrProxyPassword means that the address holds a password, which would be kept or shown
	// in clear. It belongs into the environment.
	ErrProxyPassword = errors.New("the address of the proxy holds a password")
)

// CheckProxy returns why an address cannot be [Options.ProxyAddress]: nil, ErrProxyAddress or
// ErrProxyPassword.
func CheckProxy(address string) error {
	if strings.TrimSpace(address) == NoProxy {
		return nil
	}
	u := parseProxy(address)
	if u == nil {
		if strings.Contains(address, "@") { // perhaps a password with special characters
			return ErrProxyPassword
		}
		return ErrProxyAddress
	}
	if _, ok := u.User.Password(); ok {
		return ErrProxyPassword
	}
	return nil
}

// fixedProxy returns the proxy of every request but to a loopback address: that of an
// Options.ProxyAddress.
func fixedProxy(address string) func(*http.Request) (proxyChoice, error) {
	return func(req *http.Request) (proxyChoice, error) {
		if strings.TrimSpace(address) == NoProxy || isLoopback(req.URL.Hostname()) {
			return proxyChoice{}, nil
		}
		proxy := parseProxy(address)
		if proxy == nil {
			return proxyChoice{}, &proxyAddressError{ProxyFromOption}
		}
		return proxyChoice{proxy, ProxyFromOption}, nil
	}
}

// ProxyForm is an example of an address of a proxy. Special characters of the user name and
// the password are percent-encoded.
const ProxyForm = "http://user:password@proxy.example:3128"

// ProxyFormPlain is ProxyForm without credentials, as [CheckProxy] accepts it.
const ProxyFormPlain = "http://proxy.example:3128"

// proxyChoice is the proxy of a request. The zero value is none.
type proxyChoice struct {
	url  *url.URL
	from ProxySource // "" if the caller of New chose
}

// proxyAddressError means that the address of a proxy cannot be read. It does not hold the
// address, which may have a password.
type proxyAddressError struct{ from ProxySource }

func (e *proxyAddressError) Error() string {
	return "the address of the proxy cannot be read: " + string(e.from)
}

// systemProxy returns the proxy of a request: that of HTTPS_PROXY or ALL_PROXY, and NO_PROXY,
// if they are set, else that of Windows or macOS, and none for a loopback address. A
// proxy script may need the network, so the search ends with the request.
//
// The error is a [*proxyAddressError] or that of the request's context. Packages ieproxy
// and httpproxy take an address that they cannot read for none.
func systemProxy(req *http.Request) (proxyChoice, error) {
	if isLoopback(req.URL.Hostname()) {
		return proxyChoice{}, nil
	}
	env := httpproxy.FromEnvironment()
	if env.HTTPSProxy != "" {
		from := ProxySource("https_proxy")                              // comes first
		if runtime.GOOS == "windows" || os.Getenv(string(from)) == "" { // Windows has one variable
			from = "HTTPS_PROXY"
		}
		return chooseProxy(req.URL, env.HTTPSProxy, env.NoProxy, from)
	}
	for _, name := range []string{"all_proxy", "ALL_PROXY"} { // as curl, and so git, reads it
		if address := os.Getenv(name); address != "" {
			if runtime.GOOS == "windows" {
				name = "ALL_PROXY"
			}
			return chooseProxy(req.URL, address, env.NoProxy, ProxySource(name))
		}
	}
	if env.HTTPProxy != "" { // the environment decides, and all but a loopback address is https
		return proxyChoice{}, nil
	}
	type result struct {
		proxy proxyChoice
		err   error
	}
	found := make(chan result, 1)
	go func() {
		proxy, err := settingsProxy(req.URL, ieproxy.GetConf())
		found <- result{proxy, err}
	}()
	select {
	case r := <-found:
		return r.proxy, r.err
	case <-req.Context().Done():
		return proxyChoice{}, req.Context().Err()
	}
}

// settingsProxy returns the proxy of a request in the settings of Windows or macOS, which
// package ieproxy reads; there are none elsewhere.
func settingsProxy(target *url.URL, conf ieproxy.ProxyConf) (proxyChoice, error) {
	if conf.Automatic.Active {
		if address := conf.Automatic.FindProxyForURL(target.String()); address != "" {
			return chooseProxy(target, address, "", ProxyFromScript)
		}
	}
	if !conf.Static.Active {
		return proxyChoice{}, nil
	}
	address, own := conf.Static.Protocols["https"]
	if !own {
		address = conf.Static.Protocols[""] // Windows: one for all protocols
	}
	if address == "" {
		return proxyChoice{}, nil
	}
	return chooseProxy(target, address, conf.Static.NoProxy, ProxyFromSystem)
}

// chooseProxy returns the proxy with an address, or none if noProxy excludes the target.
func chooseProxy(target *url.URL, address, noProxy string, from ProxySource) (proxyChoice, error) {
	readable := httpproxy.Config{HTTPSProxy: "http://proxy.invalid", NoProxy: noProxy}
	if applies, err := readable.ProxyFunc()(target); err != nil || applies == nil {
		return proxyChoice{}, err
	}
	proxy := parseProxy(address)
	if proxy == nil {
		return proxyChoice{}, &proxyAddressError{from}
	}
	return proxyChoice{proxy, from}, nil
}

// parseProxy parses [scheme://][user[:password]@]host[:port] and returns nil if the address
// is anything else. A path, a query or a fragment comes from a raw /, ? or # in the
// password.
func parseProxy(address string) *url.URL {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(address, "?#") || u.Path != "" && u.Path != "/" {
		return nil
	}
	if port, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && (err != nil || port == 0) {
		return nil
	}
	if !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) { // those of net/http
		return nil
	}
	return u
}
