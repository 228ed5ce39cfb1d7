package handover

import (
	"encoding/json"
	"strings"

	"amarre/authclient"
)

// Match is the result of [Compare].
type Match string

const (
	Identical  Match = "identical"
	Bearer     Match = "bearer"     // "Bearer" before the token (docs/service.md, section 2)
	Surrounded Match = "surrounded" // quotes, spaces or a line break around the token
	Truncated  Match = "truncated"  // a part of the token
	Nothing    Match = "nothing"    // no value to compare
	Different  Match = "different"
)

// minPart is the least length of a truncated token; a shorter text may be in it by
// chance.
const minPart = 8

// Compare compares an ERP's configuration with a token. The configuration is a
// value, or the text of a .env, INI, JSON or similar file, of which Compare takes
// the value that is most like the token. missing is the number of characters that
// a truncated token lacks.
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

// rank orders matches by how much a value is like the token.
var rank = map[Match]int{Nothing: 0, Different: 1, Truncated: 2, Surrounded: 3, Bearer: 4, Identical: 5}

func compareValue(held, token string) (Match, int) {
	trimmed := unquote(held)
	scheme, rest, spaced := strings.Cut(trimmed, " ")
	switch {
	case trimmed == "" || token == "":
		return Nothing, 0
	case held == token:
		return Identical, 0
	case spaced && strings.EqualFold(strings.TrimSuffix(scheme, ":"), "bearer") && unquote(rest) == token:
		return Bearer, 0
	case trimmed == token:
		return Surrounded, 0
	case len(trimmed) >= minPart && len(trimmed) < len(token) && strings.Contains(token, trimmed):
		return Truncated, len(token) - len(trimmed)
	default:
		return Different, 0
	}
}

// unquote removes quotes, separators and white space around a value.
func unquote(value string) string {
	for {
		bare := strings.Trim(authclient.TrimPasted(value), "\"'`“”«»‘’,;")
		if bare == value {
			return bare
		}
		value = bare
	}
}

// values returns the values in a configuration that has names, without the quotes
// of its format, else the whole text.
func values(configuration string) []string {
	var document any
	if json.Unmarshal([]byte(configuration), &document) == nil {
		switch document.(type) {
		case map[string]any, []any:
			return jsonStrings(document, nil)
		}
	}
	var found []string
	for line := range strings.Lines(configuration) {
		if value, ok := assignedValue(strings.TrimSpace(line)); ok {
			found = append(found, value)
		}
	}
	if len(found) == 0 {
		return []string{configuration}
	}
	return found
}

// jsonStrings appends all strings of a JSON document to found.
func jsonStrings(document any, found []string) []string {
	switch d := document.(type) {
	case string:
		return append(found, d)
	case []any:
		for _, each := range d {
			found = jsonStrings(each, found)
		}
	case map[string]any:
		for _, each := range d {
			found = jsonStrings(each, found)
		}
	}
	return found
}

// assignedValue returns the value of a line name=value or name: value, without the quotes
// around it.
func assignedValue(line string) (string, bool) {
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

// isName reports whether text can be the name of a value.
func isName(text string) bool {
	return strings.TrimSpace(text) != "" && len(text) <= 60 && !strings.ContainsFunc(text, func(r rune) bool {
		return r <= 0x7f && r != '_' && r != '-' && r != '.' && r != ' ' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}
