package profile

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold makes text comparable for search and sorting: lower case, without accents.
func Fold(text string) string {
	text = strings.ToLower(text)
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return text // most texts are ASCII
	}
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf && unicode.Is(unicode.Mn, r) {
			return -1 // an accent
		}
		return r
	}, norm.NFD.String(text))
}

// SearchTexts returns for each profile the folded text in which a search looks for it:
// name, ERP, port code, ERP ID, host, environment as the user reads it, and note.
func SearchTexts(profiles []Profile, environmentName func(Environment) string) []string {
	names := map[Environment]string{Production: Fold(environmentName(Production)), Test: Fold(environmentName(Test))}
	hosts := map[string]string{} // by service: parsing each address would take longer than all the rest
	texts := make([]string, len(profiles))
	for i, p := range profiles {
		host, ok := hosts[p.Service]
		if !ok {
			host = Fold(p.Host())
			hosts[p.Service] = host
		}
		texts[i] = strings.Join([]string{Fold(p.Name), Fold(p.ERP), Fold(p.PortCode), strconv.FormatInt(p.ERPID, 10), host, names[p.Environment], Fold(p.Note)}, "\n")
	}
	return texts
}

// Query is what a search looks for.
type Query struct{ words []string }

// NewQuery makes a query of words in any order, accents and case ignored.
func NewQuery(text string) Query { return Query{strings.Fields(Fold(text))} }

// Matches reports whether a text of SearchTexts holds every word. An empty query
// matches.
func (q Query) Matches(searchText string) bool {
	for _, word := range q.words {
		if !strings.Contains(searchText, word) {
			return false
		}
	}
	return true
}

// Order is how a list is sorted.
type Order string

const (
	ByName  Order = ""
	ByPort  Order = "port"
	ByCheck Order = "check" // refused first, then never checked, then the oldest check
)

// Sort sorts profiles without case and accents, the favourites first.
func (o Order) Sort(profiles []Profile) {
	type entry struct {
		profile *Profile
		key     []string
	}
	entries := make([]entry, len(profiles))
	for i, p := range profiles { // folding in each comparison would be slow
		rank := "1"
		if p.Favourite {
			rank = "0"
		}
		key := []string{rank, "", Fold(p.Name), p.ID}
		switch o {
		case ByPort:
			key[1] = Fold(p.PortCode)
		case ByCheck:
			key[1] = checkKey(p)
		}
		entries[i] = entry{&p, key}
	}
	slices.SortFunc(entries, func(a, b entry) int { return slices.Compare(a.key, b.key) })
	for i, e := range entries {
		profiles[i] = *e.profile
	}
}

// checkKey orders profiles by what needs attention.
func checkKey(p Profile) string {
	switch {
	case p.Checked.IsZero():
		return "1"
	case p.Check == Accepted:
		return "2" + p.Checked.UTC().Format("20060102150405")
	default:
		return "0" + p.Checked.UTC().Format("20060102150405")
	}
}
