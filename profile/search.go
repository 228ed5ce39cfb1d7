package profile

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// SearchTexts returns for each profile the folded text in which a search looks for it:
// name, ERP, port code, ERP ID, host, environment as the user reads it, and note.
func SearchTexts(profiles []Profile, environmentName func(Environment) string) []string {
	names := map[Environment]string{Production: Fold(environmentName(Production)), Test: Fold(environmentName(Test))}
	hosts := hostNames{}
	texts := make([]string, len(profiles))
	for i, p := range profiles {
		texts[i] = strings.Join([]string{Fold(p.Name), Fold(p.ERP), Fold(p.PortCode), strconv.FormatInt(p.ERPID, 10), Fold(hosts.of(p)), names[p.Environment], Fold(p.Note)}, "\n")
	}
	return texts
}

// hostNames has the host of each service. To parse the address of each profile would take
// longer than all the rest.
type hostNames map[string]string

func (h hostNames) of(p Profile) string {
	host, ok := h[p.Service]
	if !ok {
		host = p.Host()
		h[p.Service] = host
	}
	return host
}

// Query is what a search looks for.
type Query struct{ words []string }

// NewQuery makes a query of words in any order, compared as by [Fold].
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

// Sort sorts profiles as by [Fold], numbers by value, the favourites first.
func (o Order) Sort(profiles []Profile) {
	type entry struct {
		profile    Profile
		first, key string
	}
	entries := make([]entry, len(profiles))
	for i, p := range profiles { // folding in each comparison would be slow
		first := ""
		switch o {
		case ByPort:
			first = sortKey(p.PortCode)
		case ByCheck:
			first = checkKey(p)
		}
		entries[i] = entry{p, first, sortKey(p.Name)}
	}
	order := make([]*entry, len(entries)) // an entry is large to move
	for i := range entries {
		order[i] = &entries[i]
	}
	slices.SortFunc(order, func(a, b *entry) int {
		if a.profile.Favourite != b.profile.Favourite {
			if a.profile.Favourite {
				return -1
			}
			return 1
		}
		return cmp.Or(strings.Compare(a.first, b.first), strings.Compare(a.key, b.key), strings.Compare(a.profile.ID, b.profile.ID))
	})
	for i, e := range order {
		profiles[i] = e.profile
	}
}

// sortKey returns what sorts like the folded text, but with "2" before "10": each number
// is a zero, how many digits it has, and these without leading zeros. Package collate
// sorts numbers too, for 1.3 MB more of program.
func sortKey(text string) string {
	text = Fold(text)
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	if !strings.ContainsFunc(text, digit) {
		return text
	}
	key := make([]byte, 0, len(text)+8)
	for text != "" {
		rest := strings.TrimLeftFunc(text, digit)
		if number := text[:len(text)-len(rest)]; number != "" {
			number = strings.TrimLeft(number, "0")
			key = append(key, '0', byte(min(len(number), 255)))
			key = append(key, number...)
		}
		end := strings.IndexFunc(rest, digit)
		if end < 0 {
			end = len(rest)
		}
		key, text = append(key, rest[:end]...), rest[end:]
	}
	return string(key)
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
