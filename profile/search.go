package profile

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes text comparable for people: lower case, without accents.
func Fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// SearchText returns the folded text in which a search looks for a profile:
// name, port code, ERP ID, host and environment, the last as the user reads it.
func (p Profile) SearchText(environment string) string {
	return Fold(strings.Join([]string{p.Name, p.PortCode, strconv.FormatInt(p.ERPID, 10), p.Host(), environment}, " "))
}

// Matches reports whether a text of SearchText holds every word of a query, in
// any order, accents and case ignored. An empty query matches.
func Matches(searchText, query string) bool {
	for word := range strings.FieldsSeq(Fold(query)) {
		if !strings.Contains(searchText, word) {
			return false
		}
	}
	return true
}
