package authclient

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// The errors of [ParseAddress].
var (
	ErrAddressEmpty     = errors.New("the address is empty")
	ErrAddressSyntax    = errors.New("the address is not a web address")
	ErrAddressHost      = errors.New("the address has no valid host name")
	ErrAddressScheme    = errors.New("the address does not begin with https://")
	ErrAddressPlainHTTP = errors.New("plain http:// is for an address of this computer only")
	ErrAddressUserInfo  = errors.New("the address holds a user name or a password")
	ErrAddressFragment  = errors.New("the address has a part after #")
)

// loginPath and accountPath are appended to the path of the address. Their
// spelling is the service's own (docs/service.md, sections 1 and 2).
const (
	loginPath   = "/Auth/Login"
	accountPath = "/account"
)

// Address is the address of a customer's service. DataComSys gives each customer
// one for production and one for tests. It may have a path and a query, and it is
// part of a credential's identity (docs/service.md, section 3).
//
// The zero Address is not valid; use [ParseAddress].
type Address struct {
	base  string // scheme://host[:port]/path, without a slash at its end
	host  string // host[:port]
	query string // "?…", or ""
}

// ParseAddress parses an address that a user typed or pasted. It trims white
// space, adds https:// if there is no scheme, converts an international host name
// to punycode and removes the login path from the end. A path and a query are kept.
//
// The error is one of the ErrAddress… values.
func ParseAddress(text string) (Address, error) {
	text = TrimPasted(text)
	switch {
	case text == "":
		return Address{}, ErrAddressEmpty
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == '\\' }):
		return Address{}, ErrAddressSyntax
	case !strings.Contains(text, "://"):
		text = "https://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return Address{}, ErrAddressSyntax
	case u.Scheme != "https" && u.Scheme != "http":
		return Address{}, ErrAddressScheme
	case u.User != nil:
		return Address{}, ErrAddressUserInfo
	case u.Fragment != "" || strings.Contains(text, "#"):
		return Address{}, ErrAddressFragment
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return Address{}, err
	}
	if u.Scheme == "http" && !isLoopback(host) {
		return Address{}, ErrAddressPlainHTTP
	}
	port := u.Port()
	if number, err := strconv.Atoi(port); port != "" && (err != nil || number < 1 || number > 65535) {
		return Address{}, ErrAddressSyntax
	}
	if (u.Scheme == "https" && port == "443") || (u.Scheme == "http" && port == "80") {
		port = ""
	}
	switch {
	case port != "":
		host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	path = strings.TrimRight(strings.TrimSuffix(path, loginPath), "/")
	query := ""
	if u.RawQuery != "" || u.ForceQuery {
		query = "?" + u.RawQuery
	}
	return Address{base: u.Scheme + "://" + host + path, host: host, query: query}, nil
}

// asciiHost converts a host name to lower case and to punycode.
func asciiHost(host string) (string, error) {
	host = strings.TrimSuffix(host, ".")
	if host == "" {
		return "", ErrAddressHost
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Zone() != "" { // of one network card; no certificate has such a name
			return "", ErrAddressHost
		}
		return ip.String(), nil
	}
	ascii, err := hostNames.ToASCII(host)
	if err != nil || ascii == "" || len(ascii) > 253 || strings.Trim(ascii, "abcdefghijklmnopqrstuvwxyz0123456789-._") != "" {
		return "", ErrAddressHost
	}
	return ascii, nil
}

// hostNames is [idna.Lookup] with underscores, which the names of some servers have.
var hostNames = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(false))

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// String returns the whole address, to store or to show.
func (a Address) String() string { return a.base + a.query }

// Host returns the host, with the port unless it is the default one.
func (a Address) Host() string { return a.host }

// LoginURL returns the URL to which [Client.Login] sends the credentials.
func (a Address) LoginURL() string { return a.base + loginPath + a.query }

// AccountURL returns the URL at which [Client.Account] checks a token.
func (a Address) AccountURL() string { return a.base + accountPath + a.query }
