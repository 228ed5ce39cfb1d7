package handover

import (
	"crypto/subtle"
	"encoding/json"
	"strings"

	"amarre/authclient"
)

// Match is how what an ERP holds compares with a token.
type Match string

const (
	Identical  Match = "identical"
	Bearer     Match = "bearer"     // the token, with Bearer in front (service.md, section 2)
	Surrounded Match = "surrounded" // the token, with quotes, spaces or a line break around
	Truncated  Match = "truncated"  // a part of the token
	Nothing    Match = "nothing"    // there is no value to compare
	Different  Match = "different"
)

// minPart is the least length of a part of a token: shorter ones are in anything.
const minPart = 8

// Compare says how what an ERP's configuration holds compares with a token.
// configuration is a value, or the text of a .env, INI, JSON or other file of
// names and values. missing is how many characters a truncated one lacks. The
// time that comparing takes does not depend on where texts differ.
func Compare(configuration, token authclient.Secret) (match Match, missing int) {
	best := Nothing
	for _, held := range values(configuration.Reveal()) {
		match, lacks := compareValue(held, token.Reveal())
		if rank[match] > rank[best] {
			best, missing = match, lacks
		}
	}
	return best, missing
}

// rank says which of several values in a file is meant: the one most like the
// token.
var rank = map[Match]int{Nothing: 0, Different: 1, Truncated: 2, Surrounded: 3, Bearer: 4, Identical: 5}

func compareValue(held, token string) (Match, int) {
	trimmed := unquote(held)
	scheme, rest, spaced := strings.Cut(trimmed, " ")
	switch {
	case trimmed == "" || token == "":
		return Nothing, 0
	case equal(held, token):
		return Identical, 0
	case spaced && strings.EqualFold(strings.TrimSuffix(scheme, ":"), "bearer") && equal(unquote(rest), token):
		return Bearer, 0
	case equal(trimmed, token):
		return Surrounded, 0
	case len(trimmed) >= minPart && len(trimmed) < len(token) && contains(token, trimmed):
		return Truncated, len(token) - len(trimmed)
	default:
		return Different, 0
	}
}

// unquote takes away what may stand around a value.
func unquote(value string) string {
	for {
		bare := strings.Trim(authclient.TrimPasted(value), "\"'`“”«»‘’,;")
		if bare == value {
			return bare
		}
		value = bare
	}
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// contains is strings.Contains in a time that depends on the lengths alone.
func contains(whole, part string) bool {
	found := 0
	for i := 0; i+len(part) <= len(whole); i++ {
		found |= subtle.ConstantTimeCompare([]byte(whole[i:i+len(part)]), []byte(part))
	}
	return found == 1
}

// values returns what may be a token in a configuration: the value itself or,
// where there are names, the value of each name. Quotes that belong to the form of
// the file are not part of a value.
func values(configuration string) []string {
	var document any
	if json.Unmarshal([]byte(configuration), &document) == nil {
		switch document.(type) {
		case map[string]any, []any:
			return strs(document, nil)
		}
	}
	var found []string
	for line := range strings.Lines(configuration) {
		if value, ok := named(strings.TrimSpace(line)); ok {
			found = append(found, value)
		}
	}
	if len(found) == 0 {
		return []string{configuration}
	}
	return found
}

// strs appends the strings of a JSON document.
func strs(document any, found []string) []string {
	switch d := document.(type) {
	case string:
		return append(found, d)
	case []any:
		for _, each := range d {
			found = strs(each, found)
		}
	case map[string]any:
		for _, each := range d {
			found = strs(each, found)
		}
	}
	return found
}

// named returns the value of a line name=value or name: value, without the quotes
// that the form of such files allows.
func named(line string) (string, bool) {
	for _, sign := range []string{"=", ":"} {
		name, value, ok := strings.Cut(line, sign)
		if !ok || !isName(strings.TrimSpace(name)) {
			continue
		}
		value = strings.TrimSpace(value)
		if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		return value, true
	}
	return "", false
}

// isName reports whether a text may be the name of a value: a token is longer, or
// has no letter.
func isName(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 || len(text) > 60 {
		return false
	}
	for _, r := range text {
		if !(r == '_' || r == '-' || r == '.' || r == ' ' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7f) {
			return false
		}
	}
	return true
}
