package profile

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"amarre/authclient"
)

// MaxItem is the most bytes that one item may have. Windows allows 2,560; the
// budget is the same on every system, so that a profile can move (keyring.md).
const MaxItem = 2400

const itemVersion = 1

// item is the text of a keyring item: the whole profile, so that the index can
// be made again from the keyring. It is the one place where secrets are encoded.
type item struct {
	Version  int     `json:"version"`
	Profile  Profile `json:"profile"`
	Token    string  `json:"token"`
	Password string  `json:"password,omitempty"`
}

// encodeItem returns the text of an item. The error is ErrTooBig, or that a text
// is not UTF-8.
func encodeItem(p Profile, s Secrets) (string, error) {
	for _, text := range []string{p.Name, p.Service, p.PortCode, s.Token.Reveal(), s.Password.Reveal()} {
		if !utf8.ValidString(text) {
			return "", &storeError{class: ErrTooBig, doing: "encode the profile", cause: fmt.Errorf("not UTF-8")}
		}
	}
	text, err := json.Marshal(item{itemVersion, p, s.Token.Reveal(), s.Password.Reveal()})
	if err != nil {
		return "", doing("encode the profile", err)
	}
	if len(text) > MaxItem {
		return "", &storeError{class: ErrTooBig, doing: "encode the profile", cause: fmt.Errorf("%d bytes of %d", len(text), MaxItem)}
	}
	return string(text), nil
}

// decodeItem reads the text of an item. An error means that this program did not
// write it; its text holds nothing of the item.
func decodeItem(text string) (Profile, Secrets, error) {
	var it item
	if err := json.Unmarshal([]byte(text), &it); err != nil || it.Version != itemVersion || it.Profile.ID == "" {
		return Profile{}, Secrets{}, &storeError{class: ErrNotFound, doing: "read the item", cause: fmt.Errorf("it is not Amarre's")}
	}
	return it.Profile, Secrets{authclient.NewSecret(it.Token), authclient.NewSecret(it.Password)}, nil
}
