package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"amarre/authclient"
)

// MaxItem is the most bytes that one item may have. Windows allows 2,560; the
// budget is the same on every system, so that a profile can move (keyring.md).
const MaxItem = 2400

const itemVersion = 1

// item is the text of a keyring item: the whole profile, so that the index can
// be made again from the keyring. With package backup it is where secrets are
// encoded.
type item struct {
	Version  int       `json:"version"`
	Profile  Profile   `json:"profile"`
	Token    string    `json:"token"`
	Password string    `json:"password,omitempty"`
	Previous string    `json:"previous,omitempty"`
	Replaced time.Time `json:"replaced,omitzero"`
}

// Encode returns the text of a profile with its secrets, which is itself a
// secret: that of a keyring item, and of a backup's entry. The error is ErrTooBig
// or ErrInvalid.
func Encode(p Profile, s Secrets) (string, error) {
	if err := check(p, s); err != nil {
		return "", err
	}
	p.Missing = false
	text, err := json.Marshal(item{itemVersion, p, s.Token.Reveal(), s.Password.Reveal(), s.Previous.Reveal(), s.Replaced})
	if err != nil {
		return "", doing("encode the profile", err)
	}
	if len(text) > MaxItem {
		return "", &storeError{class: ErrTooBig, doing: "encode the profile", cause: fmt.Errorf("%d bytes of %d", len(text), MaxItem)}
	}
	return string(text), nil
}

// Decode reads what Encode wrote. The error is ErrForeign or ErrNewer; its text
// holds nothing of the item.
func Decode(text string) (Profile, Secrets, error) {
	foreign := &storeError{class: ErrForeign, doing: "read the item"}
	var version struct {
		Version int `json:"version"`
	}
	var it item
	if len(text) > MaxItem || json.Unmarshal([]byte(text), &version) != nil {
		return Profile{}, Secrets{}, foreign
	}
	if version.Version > itemVersion {
		return Profile{}, Secrets{}, &storeError{class: ErrNewer, doing: "read the item"}
	}
	if version.Version != itemVersion || json.Unmarshal([]byte(text), &it) != nil {
		return Profile{}, Secrets{}, foreign
	}
	s := Secrets{authclient.NewSecret(it.Token), authclient.NewSecret(it.Password), authclient.NewSecret(it.Previous), it.Replaced}
	it.Profile.HasPassword, it.Profile.HasPrevious = !s.Password.IsZero(), !s.Previous.IsZero()
	it.Profile.Missing = false
	if check(it.Profile, s) != nil {
		return Profile{}, Secrets{}, foreign
	}
	return it.Profile, s, nil
}

// minSecret is how long a secret must be to be looked for in the texts: a
// password of one letter is in every name.
const minSecret = 6

// check returns what keeps a profile from being written: ErrInvalid or
// ErrSecretInText.
func check(p Profile, s Secrets) error {
	for _, token := range []authclient.Secret{s.Token, s.Previous} {
		if !header(token.Reveal()) {
			return &storeError{class: ErrInvalid, doing: "check the profile", cause: errors.New("a token that cannot travel in a header")}
		}
	}
	if s.Token.IsZero() || !utf8.ValidString(s.Password.Reveal()) || !p.valid() {
		return &storeError{class: ErrInvalid, doing: "check the profile"}
	}
	for _, secret := range []authclient.Secret{s.Token, s.Password, s.Previous} {
		if text := secret.Reveal(); len(text) >= minSecret {
			for _, shown := range []string{p.Name, p.ERP, p.Note} {
				if strings.Contains(shown, text) {
					return &storeError{class: ErrSecretInText, doing: "check the profile"}
				}
			}
		}
	}
	return nil
}

// header reports whether a token has only what a header can carry: printable
// ASCII without spaces (service.md, section 3).
func header(token string) bool {
	return !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}
