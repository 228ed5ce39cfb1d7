package authclient

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/Azure/go-ntlmssp"
	"github.com/icholy/digest"
)

// This file answers the challenges of proxies that ask for credentials (RFC 9110, section
// 11.7). Nothing is sent that the proxy has not asked for.

// The schemes of authentication that can be answered.
const (
	schemeNegotiate = "Negotiate"
	schemeNTLM      = "NTLM"
	schemeDigest    = "Digest"
	schemeBasic     = "Basic"
)

// offer is one challenge of a proxy.
type offer struct {
	scheme     string // as above, or that of the proxy in its own case
	parameters string // what follows the scheme
}

// maxOffers limits what is kept of a proxy's answer.
const maxOffers = 8

// offersOf returns the challenges in the header of a proxy's answer, each in a field of its
// own or several in one, separated by commas.
func offersOf(header http.Header) []offer {
	var offers []offer
	for _, value := range header.Values("Proxy-Authenticate") {
		begin := len(offers)
		for _, part := range splitUnquoted(value) {
			word, rest, _ := strings.Cut(part, " ")
			rest = strings.TrimSpace(rest)
			switch {
			case isScheme(word) && !strings.HasPrefix(rest, "="):
				offers = append(offers, offer{knownScheme(word), rest})
			case len(offers) > begin: // a further parameter
				last := &offers[len(offers)-1]
				last.parameters += ", " + part
			}
		}
	}
	return offers[:min(len(offers), maxOffers)]
}

// splitUnquoted returns the parts of a list, which commas separate that are not in quotes.
func splitUnquoted(list string) []string {
	var parts []string
	quoted, escaped, begin := false, false, 0
	for i, r := range list {
		switch {
		case escaped:
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case r == ',' && !quoted:
			parts = append(parts, strings.TrimSpace(list[begin:i]))
			begin = i + 1
		}
	}
	return append(parts, strings.TrimSpace(list[begin:]))
}

// isScheme reports whether a word may be the name of a scheme: one to 20 letters, digits and
// hyphens, so that it can be shown.
func isScheme(word string) bool {
	return word != "" && len(word) <= 20 && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

func knownScheme(word string) string {
	for _, known := range []string{schemeNegotiate, schemeNTLM, schemeDigest, schemeBasic} {
		if strings.EqualFold(word, known) {
			return known
		}
	}
	return word
}

// challengeFor returns the parameters of a scheme's challenge.
func challengeFor(scheme string, offers []offer) string {
	for _, offer := range offers {
		if offer.scheme == scheme {
			return offer.parameters
		}
	}
	return ""
}

// proxyAuth answers the challenges of one scheme on one connection.
type proxyAuth interface {
	scheme() string
	// answer returns the value of Proxy-Authorization for a challenge. The error says that
	// the proxy does not accept what was sent, or is errNoSignIn.
	answer(challenge string) (string, error)
	end()
}

var (
	errRejected = errors.New("the proxy does not accept the credentials")
	// errNoSignIn means that the system has no credentials of the signed-in user.
	errNoSignIn = errors.New("there is no signed-in user")
)

// chooseAuth returns what answers a proxy, in the strongest of the schemes that it offers,
// or why nothing can. Credentials in the proxy's address come first; without them Windows
// has those of the signed-in user.
func chooseAuth(offers []offer, at *url.URL, service string) (proxyAuth, Reason) {
	offered := func(scheme string) bool {
		for _, offer := range offers {
			if offer.scheme == scheme && (scheme != schemeDigest || canDigest(offer)) {
				return true
			}
		}
		return false
	}
	if at.User == nil {
		for _, scheme := range []string{schemeNegotiate, schemeNTLM} {
			if offered(scheme) && signedIn != nil {
				return signedIn(scheme, at.Hostname()), ""
			}
		}
	} else {
		password, _ := at.User.Password()
		user := at.User.Username()
		switch {
		case offered(schemeNTLM):
			return &ntlmAuth{schemeNTLM, user, password, 0}, ""
		case offered(schemeDigest):
			return &digestAuth{service, user, password, 0}, ""
		case offered(schemeBasic):
			return &basicAuth{user, password, false}, ""
		case offered(schemeNegotiate): // which carries NTLM too
			return &ntlmAuth{schemeNegotiate, user, password, 0}, ""
		}
	}
	for _, scheme := range []string{schemeNTLM, schemeDigest, schemeBasic, schemeNegotiate} {
		if offered(scheme) {
			return nil, ReasonProxyPasswordMissing
		}
	}
	return nil, ReasonProxySchemes
}

// signedIn returns what answers with the credentials of the signed-in user; nil where the
// system has no such thing.
var signedIn func(scheme, proxyHost string) proxyAuth

// basicAuth is RFC 7617.
type basicAuth struct {
	user, password string
	sent           bool
}

func (a *basicAuth) scheme() string { return schemeBasic }
func (a *basicAuth) end()           {}
func (a *basicAuth) answer(string) (string, error) {
	if a.sent {
		return "", errRejected
	}
	a.sent = true
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(a.user+":"+a.password)), nil
}

// digestAuth is RFC 7616.
type digestAuth struct {
	uri            string // host and port of the service
	user, password string
	sent           int
}

func canDigest(o offer) bool {
	challenge, err := digest.ParseChallenge(digest.Prefix + o.parameters)
	return err == nil && digest.CanDigest(challenge)
}

func (a *digestAuth) scheme() string { return schemeDigest }
func (a *digestAuth) end()           {}
func (a *digestAuth) answer(parameters string) (string, error) {
	challenge, err := digest.ParseChallenge(digest.Prefix + parameters)
	if err != nil || a.sent > 0 && !challenge.Stale {
		return "", errRejected
	}
	a.sent++
	credentials, err := digest.Digest(challenge, digest.Options{
		Method: http.MethodConnect, URI: a.uri, Username: a.user, Password: a.password, Count: 1, // each nonce is used once
	})
	if err != nil {
		return "", errRejected
	}
	return credentials.String(), nil
}

// ntlmAuth is NTLM (MS-NLMP) with a user name of the form DOMAIN\user or user@domain, alone
// or as a token of Negotiate (MS-N2HT).
type ntlmAuth struct {
	name           string
	user, password string
	sent           int
}

func (a *ntlmAuth) scheme() string { return a.name }
func (a *ntlmAuth) end()           {}
func (a *ntlmAuth) answer(parameters string) (string, error) {
	a.sent++
	var message []byte
	var err error
	switch a.sent {
	case 1:
		message, err = ntlmssp.NewNegotiateMessage("", "")
	case 2:
		var challenge []byte
		if challenge, err = base64.StdEncoding.DecodeString(parameters); err == nil {
			message, err = ntlmssp.NewAuthenticateMessage(challenge, a.user, a.password, nil)
		}
	default:
		err = errRejected
	}
	if err != nil {
		return "", errRejected
	}
	return a.name + " " + base64.StdEncoding.EncodeToString(message), nil
}
