package profile

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

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
	lower := norm.NFD.String(strings.ToLower(text))
	folded := make([]byte, 0, len(lower))
	for _, r := range lower {
		if r < utf8.RuneSelf || !unicode.Is(unicode.Mn, r) {
			folded = utf8.AppendRune(folded, r)
		}
	}
	return string(folded)
}

// SearchTexts returns for each profile the folded text in which a search looks for
// it: name, ERP, port code, ERP ID, host, environment as the user reads it, and
// note. It takes a few microseconds a profile.
func SearchTexts(profiles []Profile, environmentName func(Environment) string) []string {
	texts := make([]string, len(profiles))
	names := map[Environment]string{} // a catalogue is slow as well
	for _, each := range []Environment{Production, Test} {
		names[each] = environmentName(each)
	}
	inParallel(len(profiles), func(from, to int) {
		hosts := map[string]string{} // by service: parsing is slow
		for i := from; i < to; i++ {
			p := profiles[i]
			host, ok := hosts[p.Service]
			if !ok {
				host = p.Host()
				hosts[p.Service] = host
			}
			texts[i] = Fold(strings.Join([]string{p.Name, p.ERP, p.PortCode, strconv.FormatInt(p.ERPID, 10), host, names[p.Environment], p.Note}, "\n"))
		}
	})
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
	inParallel(len(profiles), func(from, to int) { // folding is slow
		for i := from; i < to; i++ {
			p := profiles[i]
			k := key{favourite: p.Favourite, name: Fold(p.Name), id: p.ID}
			switch o {
			case ByPort:
				k.port = Fold(p.PortCode)
			case ByCheck:
				k.check = checkKey(p)
			}
			entries[i] = entry{k, p}
		}
	})
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
