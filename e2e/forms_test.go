//go:build e2e

package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"unicode/utf16"
)

// forms are the ways in which a text may stand in a file (docs/security.md 14).
func forms(text string) map[string][]byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	found := map[string][]byte{
		"plain": []byte(text),
		"JSON":  quoted[1 : len(quoted)-1],
		"URL":   []byte(url.QueryEscape(text)),
		"hex":   []byte(hex.EncodeToString([]byte(text))),
	}
	wide := make([]byte, 0, 2*len(text))
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	found["UTF-16"] = wide
	// Base64 of a longer text depends on where in it the secret stands: the
	// middle of each of the three is the same wherever it stands.
	for shift, name := range []string{"base64", "base64+1", "base64+2"} {
		padded := append(make([]byte, shift), text...)
		encoded := base64.RawStdEncoding.EncodeToString(padded)
		found[name] = []byte(encoded[4 : len(encoded)-3])
	}
	return found
}
