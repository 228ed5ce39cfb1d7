// Package handover renders a token in an ERP's configuration format and compares
// an ERP's configuration with a token.
//
// [Render] returns the text to paste into a configuration. It contains the token,
// except for [Curl], and never the password. [Configuration.Compare] says whether a configuration
// contains a token.
package handover

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"amarre/authclient"
	"amarre/profile"
)

// Format is a configuration format.
type Format string

const (
	Token    Format = "token"    // the token alone
	Header   Format = "header"   // the HTTP header
	Env      Format = "env"      // lines of a .env file, LOGAPASS_…
	JSON     Format = "json"     // an object
	INI      Format = "ini"      // a section
	WLangage Format = "wlangage" // declarations for WinDev
	Curl     Format = "curl"     // a command that checks the token whose Header it reads from its input
)

// Formats returns all formats, the simplest first.
func Formats() []Format { return []Format{Token, Header, Env, JSON, INI, WLangage, Curl} }

// IsSecret reports whether text in this format contains the token.
func (f Format) IsSecret() bool { return f != Curl }

// ErrUnsupportedValue means that a format cannot represent one of the values.
var ErrUnsupportedValue = errors.New("the format cannot hold a value")

// The names of the values in Env and INI.
const (
	envURL, envPort, envERP, envToken = "LOGAPASS_URL", "LOGAPASS_CODE_PORT", "LOGAPASS_ID_ERP", "LOGAPASS_TOKEN"
	iniSection                        = "Logapass"
	iniURL, iniPort, iniERP, iniToken = "URL", "CodePort", "IdERP", "Token"
)

// Render returns a profile's token in a format. It never changes a value: the error
// is ErrUnsupportedValue if the format cannot represent one exactly.
func Render(format Format, p profile.Profile, token authclient.Secret) (authclient.Secret, error) {
	text, err := render(format, p, token.Reveal())
	if err != nil {
		return authclient.Secret{}, err
	}
	return authclient.NewSecret(text), nil
}

func render(format Format, p profile.Profile, token string) (string, error) {
	erp := strconv.FormatInt(p.ERPID, 10)
	switch format {
	case Token:
		return token, nil
	case Header:
		return "Authorization: " + token, nil
	case Env:
		return lines(envValue, "=", [][2]string{{envURL, p.Service}, {envPort, p.PortCode}, {envERP, erp}, {envToken, token}})
	case JSON:
		return renderJSON(p, token)
	case INI:
		text, err := lines(iniValue, "=", [][2]string{{iniURL, p.Service}, {iniPort, p.PortCode}, {iniERP, erp}, {iniToken, token}})
		return "[" + iniSection + "]\n" + text, err
	case WLangage:
		text, err := lines(wlangageValue, " est une chaîne = ", [][2]string{{"sLogapassURL", p.Service}, {"sLogapassCodePort", p.PortCode}, {"sLogapassToken", token}})
		return text + "nLogapassIdERP est un entier sur 8 octets = " + erp + "\n", err
	case Curl:
		return renderCurl(p)
	}
	return "", ErrUnsupportedValue
}

// lines returns one line for each pair of a name and a value.
func lines(quote func(string) (string, error), between string, values [][2]string) (string, error) {
	var b strings.Builder
	for _, value := range values {
		quoted, err := quote(value[1])
		if err != nil {
			return "", err
		}
		b.WriteString(value[0] + between + quoted + "\n")
	}
	return b.String(), nil
}

// envValue quotes a value for a .env file. Shells and libraries take text within
// single quotes literally, but differ on a single quote or a backslash inside.
func envValue(value string) (string, error) {
	if strings.ContainsAny(value, "'\\\n\r") {
		return "", ErrUnsupportedValue
	}
	return "'" + value + "'", nil
}

// iniValue returns a value for an INI file, without quotes: Windows removes them,
// other readers keep them, and some start a comment at ; or # even within them.
func iniValue(value string) (string, error) {
	if strings.ContainsAny(value, "\"'`\\;#\n\r") || strings.TrimSpace(value) != value {
		return "", ErrUnsupportedValue
	}
	return value, nil
}

// wlangageValue quotes a WLangage string: a double quote is doubled, and [% would
// start an expression.
func wlangageValue(value string) (string, error) {
	if strings.Contains(value, "[%") || strings.ContainsAny(value, "\n\r") {
		return "", ErrUnsupportedValue
	}
	return `"` + strings.ReplaceAll(value, `"`, `""`) + `"`, nil
}

func renderJSON(p profile.Profile, token string) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(struct {
		URL      string `json:"url"`
		PortCode string `json:"codePort"`
		ERPID    int64  `json:"idERP"`
		Token    string `json:"token"`
	}{p.Service, p.PortCode, p.ERPID, token})
	if err != nil {
		return "", ErrUnsupportedValue
	}
	return b.String(), nil
}

// renderCurl returns a command that sh, PowerShell and cmd.exe all accept.
func renderCurl(p profile.Profile) (string, error) {
	address, err := authclient.ParseAddress(p.Service)
	if err != nil {
		return "", ErrUnsupportedValue
	}
	url := address.AccountURL()
	if strings.ContainsAny(url, "\"$`\\%!\n\r ") {
		return "", ErrUnsupportedValue
	}
	return `curl --header @- "` + url + `"`, nil
}
