package authclient

import (
	"crypto/x509"
	"net/http"
	"net/url"

	"github.com/mattn/go-ieproxy"
)

// PublicRoot is publicRoot.
var PublicRoot = publicRoot

// Echoes reports whether a text repeats a secret that was sent.
func Echoes(sent Secret, text string) bool { return call{sent: sent}.echoes(text) }

// JudgeLogin returns what judgeLogin makes of an answer.
func JudgeLogin(status int, body []byte) (Secret, Outcome) {
	token, fail := judgeLogin(Secret{}, status, body)
	if fail != nil {
		return token, fail.Outcome
	}
	return token, OutcomeToken
}

// SystemProxy returns what systemProxy finds for a GET of target.
func SystemProxy(target string) (string, ProxySource, error) {
	req, err := http.NewRequest(http.MethodGet, target, nil)
	if err != nil {
		return "", "", err
	}
	return text(systemProxy(req))
}

// SettingsProxy returns what settingsProxy finds.
func SettingsProxy(target *url.URL, conf ieproxy.ProxyConf) (string, ProxySource, error) {
	return text(settingsProxy(target, conf))
}

func text(proxy proxyChoice, err error) (string, ProxySource, error) {
	if proxy.url == nil {
		return "", proxy.from, err
	}
	return proxy.url.String(), proxy.from, err
}

// SetReadCAFile replaces what reads the file of an authority.
func (c *Client) SetReadCAFile(read func(path string) ([]*x509.Certificate, error)) {
	c.readCAFile = read
}

// OfferedSchemes returns the schemes in a field Proxy-Authenticate.
func OfferedSchemes(value string) []string {
	var schemes []string
	for _, offer := range offersOf(http.Header{"Proxy-Authenticate": {value}}) {
		schemes = append(schemes, offer.scheme)
	}
	return schemes
}

// ChooseAuth answers a field Proxy-Authenticate twice, with credentials.
func ChooseAuth(value string) {
	offers := offersOf(http.Header{"Proxy-Authenticate": {value}})
	auth, _ := chooseAuth(offers, &url.URL{User: url.UserPassword("ana", "password")}, "logapass.example:443")
	if auth == nil {
		return
	}
	defer auth.end()
	for range 2 {
		_, _ = auth.answer(challengeFor(auth.scheme(), offers))
	}
}

// SignsIn reports whether the system has credentials of the signed-in user.
func SignsIn() bool { return signedIn != nil }
