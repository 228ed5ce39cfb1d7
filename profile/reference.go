package profile

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"amarre/authclient"
)

// Reference names a profile on a command line: PORT/ERP@host.
func (p Profile) Reference() string {
	return p.PortCode + "/" + strconv.FormatInt(p.ERPID, 10) + "@" + p.Host()
}

// Find is Find of a Finder that is needed once.
func Find(profiles []Profile, text string) []Profile { return NewFinder(profiles).Find(text) }

// Finder finds profiles by what a user writes for them.
type Finder struct {
	profiles    []Profile
	byID        map[string]int
	byName      map[string][]int // by folded name
	byReference map[string][]int // by referenceKey
}

// NewFinder returns a Finder of profiles, which must not change afterwards.
func NewFinder(profiles []Profile) *Finder {
	f := &Finder{profiles, make(map[string]int, len(profiles)), make(map[string][]int, len(profiles)), make(map[string][]int, len(profiles))}
	hosts := hostNames{}
	for i, p := range profiles {
		f.byID[p.ID] = i
		if name := Fold(p.Name); name != "" {
			f.byName[name] = append(f.byName[name], i)
		}
		reference := referenceKey(p.PortCode, p.ERPID, hosts.of(p))
		f.byReference[reference] = append(f.byReference[reference], i)
	}
	return f
}

// Find returns the profiles that text may mean, in their order: the one whose ID it is,
// else all whose name it is, compared as by [Fold], and all whose PORT/ERP@host it is,
// without case. More than one is for the caller to refuse: none is preferred, so that a
// name that was saved or imported later cannot put another port's token in the place of
// the one that was meant.
//
// IDs alone are never ambiguous: a profile that has the ID of another one as its name is
// not found by that name.
func (f *Finder) Find(text string) []Profile {
	text = authclient.TrimPasted(text)
	if i, ok := f.byID[text]; ok {
		return []Profile{f.profiles[i]}
	}
	found := slices.Clone(f.byName[Fold(authclient.PlainText(text))])
	if code, id, host, ok := splitReference(text); ok {
		found = append(found, f.byReference[referenceKey(code, id, host)]...)
	}
	slices.Sort(found)
	var profiles []Profile
	for _, i := range slices.Compact(found) {
		profiles = append(profiles, f.profiles[i])
	}
	return profiles
}

// Means reports whether text means the profile of this ID and no other.
func (f *Finder) Means(text, id string) bool {
	found := f.Find(text)
	return len(found) == 1 && found[0].ID == id
}

// referenceKey returns the same text for references that are equal without case, as by
// strings.EqualFold.
func referenceKey(code string, id int64, host string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, code+"/"+strconv.FormatInt(id, 10)+"@"+host)
}

// splitReference reads PORT/ERP@host. A port code may hold any sign, also / and @, and is
// in NFC.
func splitReference(text string) (code string, id int64, host string, ok bool) {
	runes := []rune(norm.NFC.String(text))
	if len(runes) <= authclient.PortCodeLength {
		return "", 0, "", false
	}
	code, rest := string(runes[:authclient.PortCodeLength]), string(runes[authclient.PortCodeLength:])
	rest, slash := strings.CutPrefix(rest, "/")
	digits, host, at := strings.Cut(rest, "@")
	id, err := authclient.ParseERPID(digits)
	if _, codeErr := authclient.ParsePortCode(code); !slash || !at || err != nil || codeErr != nil || host == "" {
		return "", 0, "", false
	}
	return code, id, host, true
}
