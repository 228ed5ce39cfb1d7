//go:build e2e

package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
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

// searchFor fails if a file below a folder holds one of the texts, in any of the
// forms that programs write texts in.
func (r *rig) searchFor(root string, texts ...string) (files int) {
	r.t.Helper()
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // sockets and what others delete meanwhile
		}
		file, err := os.Open(path)
		if err != nil {
			return nil
		}
		defer file.Close()
		content, err := io.ReadAll(file)
		if err != nil {
			return err
		}
		files++
		for _, text := range texts {
			for form, bytesOf := range forms(text) {
				if bytes.Contains(content, bytesOf) {
					r.t.Errorf("%s holds a secret (%s)", path, form)
				}
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return files
}
