package profile

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes text comparable for people: lower case, without accents.
func Fold(text string) string {
	ascii := true
	for i := 0; i < len(text) && ascii; i++ {
		ascii = text[i] < 0x80
	}
	if ascii {
		return strings.ToLower(text)
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// SearchText returns the folded text in which a search looks for a profile: name,
// ERP, port code, ERP ID, host, environment as the user reads it, and note.
func (p Profile) SearchText(environment string) string {
	return Fold(strings.Join([]string{p.Name, p.ERP, p.PortCode, strconv.FormatInt(p.ERPID, 10), p.Host(), environment, p.Note}, "\n"))
}

// Query is what a search looks for.
type Query struct{ words []string }

// NewQuery makes a query of words in any order, accents and case ignored.
func NewQuery(text string) Query { return Query{strings.Fields(Fold(text))} }

// Matches reports whether a text of SearchText holds every word. An empty query
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

// Sort sorts profiles as people do, without case and accents, the favourites
// first.
func (o Order) Sort(profiles []Profile) {
	type key struct {
		favourite bool
		check     string
		port      string
		name      string
		id        string
	}
	type entry struct {
		key     key
		profile Profile
	}
	entries := make([]entry, len(profiles))
	for i, p := range profiles { // folding is slow
		k := key{favourite: p.Favourite, name: Fold(p.Name), id: p.ID}
		switch o {
		case ByPort:
			k.port = Fold(p.PortCode)
		case ByCheck:
			k.check = checkKey(p)
		}
		entries[i] = entry{k, p}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.key.favourite != b.key.favourite {
			if a.key.favourite {
				return -1
			}
			return 1
		}
		for _, pair := range [][2]string{{a.key.check, b.key.check}, {a.key.port, b.key.port}, {a.key.name, b.key.name}} {
			if c := strings.Compare(pair[0], pair[1]); c != 0 {
				return c
			}
		}
		return strings.Compare(a.key.id, b.key.id)
	})
	for i, e := range entries {
		profiles[i] = e.profile
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
