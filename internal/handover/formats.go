// Package handover is about the last metre: a token in the form that an ERP's
// configuration wants ([Render]), and what an ERP's configuration holds compared
// with what it should ([Compare]).
//
// A text made by Render holds the token, never the password. It is a secret, but
// for [Curl], which reads the token when it is run.
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

// Format is a form in which a token can be handed over.
type Format string

const (
	Token    Format = "token"    // the token alone
	Header   Format = "header"   // the line of the HTTP header
	Env      Format = "env"      // the lines of a .env file, LOGAPASS_…
	JSON     Format = "json"     // an object
	INI      Format = "ini"      // a section
	WLangage Format = "wlangage" // declarations for WinDev
	Curl     Format = "curl"     // a command that checks a token, which it reads from its input
)

// Formats lists the formats, the plainest first.
func Formats() []Format { return []Format{Token, Header, Env, JSON, INI, WLangage, Curl} }

// IsSecret reports whether a text of this format holds the token.
func (f Format) IsSecret() bool { return f != Curl }

// ErrCannotHold: the format has no way to hold one of the values as it is.
var ErrCannotHold = errors.New("the format cannot hold a value")

// The names of the values in Env, JSON and INI.
const (
	envURL, envPort, envERP, envToken = "LOGAPASS_URL", "LOGAPASS_CODE_PORT", "LOGAPASS_ID_ERP", "LOGAPASS_TOKEN"
	iniSection                        = "Logapass"
	iniURL, iniPort, iniERP, iniToken = "URL", "CodePort", "IdERP", "Token"
)

// Render returns a profile's token in a format, with a line break at the end of
// each line where the format has lines. The error is ErrCannotHold: a value is
// refused rather than changed.
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
	return "", ErrCannotHold
}

// lines writes one line for each name and value.
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

// envValue quotes a value for a .env file: single quotes are literal to a shell
// and to the libraries that read such files. What they do with a single quote or
// a backslash inside differs.
func envValue(value string) (string, error) {
	if strings.ContainsAny(value, "'\\\n\r") {
		return "", ErrCannotHold
	}
	return "'" + value + "'", nil
}

// iniValue returns a value for an INI file, without quotes: Windows takes them
// away, others keep them, and ; or # begin a comment for some readers even inside
// of them.
func iniValue(value string) (string, error) {
	if strings.ContainsAny(value, "\"'`\\;#\n\r") || strings.TrimSpace(value) != value {
		return "", ErrCannotHold
	}
	return value, nil
}

// wlangageValue quotes a string of WLangage: a double quote is doubled, and [%
// would begin code.
func wlangageValue(value string) (string, error) {
	if strings.Contains(value, "[%") || strings.ContainsAny(value, "\n\r") {
		return "", ErrCannotHold
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
		return "", ErrCannotHold
	}
	return b.String(), nil
}

// renderCurl makes a command that is the same to sh, PowerShell and cmd.exe: it
// reads the line of Header from its input.
func renderCurl(p profile.Profile) (string, error) {
	address, err := authclient.ParseAddress(p.Service)
	if err != nil {
		return "", ErrCannotHold
	}
	url := address.AccountURL()
	if strings.ContainsAny(url, "\"$`\\%!\n\r ") {
		return "", ErrCannotHold
	}
	return `curl --header @- "` + url + `"`, nil
}
