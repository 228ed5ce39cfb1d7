package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"amarre/authclient"
	"amarre/internal/keyring"
)

// MaxItem is the most bytes that one item may have. Windows allows 2,560; the
// limit is the same on every system, so that a profile can move (docs/keyring.md).
const MaxItem = 2400

const itemVersion = 1

// item is the whole profile with its secrets, as exports have it, and as keyring items
// had it before itemTextVersion 2.
type item struct {
	Version  int       `json:"version"`
	Profile  Profile   `json:"profile"`
	Token    string    `json:"token"`
	Password string    `json:"password,omitempty"`
	Previous string    `json:"previous,omitempty"`
	Replaced time.Time `json:"replaced,omitzero"`
}

// Encode returns the text of a profile with its secrets in a backup: see package backup.
// The text is a secret. The error is keyring.ClassTooBig, ClassInvalid or
// ClassSecretInText.
func Encode(p Profile, s Secrets) (string, error) {
	if err := check(p, s); err != nil {
		return "", err
	}
	p.Missing, p.Place = false, ""
	text, err := json.Marshal(item{itemVersion, p, s.Token.Reveal(), s.Password.Reveal(), s.Previous.Reveal(), s.Replaced})
	if err != nil {
		return "", wrap("encode the profile", err)
	}
	if len(text) > MaxItem {
		return "", newError(keyring.ClassTooBig, "encode the profile", fmt.Errorf("%d bytes of %d", len(text), MaxItem))
	}
	return string(text), nil
}

// Decode reads what Encode wrote. The error is ClassForeign or ClassNewer; its text holds
// nothing of the item.
func Decode(text string) (Profile, Secrets, error) {
	p, s, err := DecodeEdited(text)
	if err != nil && keyring.ClassOf(err) != ClassNewer {
		err = newError(ClassForeign, "read the item", nil)
	}
	return p, s, err
}

// DecodeEdited is Decode for a text that a person may have edited: the error of a
// profile that Encode would not write has the class that Encode gives it.
func DecodeEdited(text string) (Profile, Secrets, error) {
	foreign := newError(ClassForeign, "read the item", nil)
	var version struct {
		Version int `json:"version"`
	}
	var it item
	if len(text) > MaxItem || json.Unmarshal([]byte(text), &version) != nil {
		return Profile{}, Secrets{}, foreign
	}
	if version.Version > itemVersion {
		return Profile{}, Secrets{}, newError(ClassNewer, "read the item", nil)
	}
	if version.Version != itemVersion || json.Unmarshal([]byte(text), &it) != nil {
		return Profile{}, Secrets{}, foreign
	}
	s := Secrets{authclient.NewSecret(it.Token), authclient.NewSecret(it.Password), authclient.NewSecret(it.Previous), it.Replaced}
	it.Profile.HasPassword, it.Profile.HasPrevious = !s.Password.IsZero(), !s.Previous.IsZero()
	it.Profile = it.Profile.dated()
	it.Profile.Missing, it.Profile.Place = false, ""
	if err := check(it.Profile, s); err != nil {
		return Profile{}, Secrets{}, err
	}
	return it.Profile, s, nil
}

// minSecret is the least length of a secret that is looked for in the texts: a password
// of one letter is in every name.
const minSecret = 6

// check returns why a profile cannot be written: ClassInvalid or ClassSecretInText.
func check(p Profile, s Secrets) error {
	for _, token := range []authclient.Secret{s.Token, s.Previous} {
		if !fitsHTTPHeader(token.Reveal()) {
			return newError(ClassInvalid, "check the profile", errors.New("a token that does not fit into a header"))
		}
	}
	if s.Token.IsZero() || !utf8.ValidString(s.Password.Reveal()) || !p.valid() {
		return newError(ClassInvalid, "check the profile", nil)
	}
	for _, secret := range []authclient.Secret{s.Token, s.Password, s.Previous} {
		if text := secret.Reveal(); len(text) >= minSecret {
			for _, shown := range []string{p.Name, p.ERP, p.Note} {
				if strings.Contains(shown, text) {
					return newError(ClassSecretInText, "check the profile", nil)
				}
			}
		}
	}
	return nil
}

// fitsHTTPHeader reports whether a token is printable ASCII without spaces
// (docs/service.md, section 3).
func fitsHTTPHeader(token string) bool {
	return !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}
