package profile_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"amarre/profile"
)

func TestFoldIsWhatAFrenchKeyboardTypes(t *testing.T) {
	for text, want := range map[string]string{
		"Port de Sète": "port de sete",
		"Œuvre, œil, Ægir, Lætitia, oﬃce ﬁn":              "oeuvre, oeil, aegir, laetitia, office fin",
		"l’Île l‘Île lʼÎle l＇Île l´Île l`Île":             "l'ile l'ile l'ile l'ile l'ile l'ile",
		"a‐b a‑b a–b a—b a−b a－b a⁃b":                     "a-b a-b a-b a-b a-b a-b a-b",
		"« Port\u202fNord\u00a0»\u2009:\u3000 “x”\t\n":    "\" port nord \" : \"x\"",
		"Straße STRASSE GROẞ":                             "strasse strasse gross",
		"Ｐｏｒｔ ＳＥＴ １５":                                     "port set 15",
		"İstanbul ISTANBUL ıstanbul":                      "istanbul istanbul istanbul",
		"Ὀδυσσεύς ΟΔΥΣΣΕΎΣ":                               "οδυσσευσ οδυσσευσ",
		"ОДЕССА Одесса":                                   "одесса одесса",
		"ԱՐԵՎ ԱՐԵՒ արեւ արև":                              "արեվ արեւ արեւ արեւ",
		"Ꭰꭰ":                                              "ᎠᎠ",
		"Łódź, København, Đà":                             "lodz, kobenhavn, da",
		"Saint\u00adNazaire\u200b \ufeff\u2060Port\u200d": "saintnazaire port",
		"Se\u0300te S\u0301\u0327":                        "sete s",
		"3ᵉ bassin nº ① ½":                                "3e bassin no 1 1/2",
		"1\ufe0f\u20e3":                                   "1",
		"\ubd80\uc0b0":                                    "\u1107\u116e\u1109\u1161\u11ab",
		"\u3164":                                          "",
		" \u0301":                                         "",
		"":                                                "",
		"\xffa":                                           "\ufffda",
	} {
		if got := profile.Fold(text); got != want {
			t.Errorf("%q folds to %q, want %q", text, got, want)
		}
	}
}

// TestFoldOfEveryCharacter: its cases are equal, folding again changes nothing, and no
// character that is folded is one of those that are made equal.
func TestFoldOfEveryCharacter(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		text := "a" + string(r) + "b"
		folded := profile.Fold(text)
		if again := profile.Fold(folded); again != folded {
			t.Errorf("%U: %q folds to %q, and that to %q", r, text, folded, again)
		}
		if r == '\u0345' {
			continue // a mark whose capital is a letter, U+0399
		}
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			if other == '\u0345' {
				continue
			}
			if got := profile.Fold("a" + string(other) + "b"); got != folded {
				t.Errorf("%U folds to %q, and its other case %U to %q", r, folded, other, got)
			}
		}
		if upper := profile.Fold(strings.ToUpper(text)); upper != folded {
			t.Errorf("%U folds to %q, and its capital to %q", r, folded, upper)
		}
		if strings.ContainsFunc(folded, func(r rune) bool {
			return r != ' ' && unicode.IsSpace(r) || r != '-' && unicode.Is(unicode.Pd, r) || unicode.In(r, unicode.Mn, unicode.Cf, unicode.Cc)
		}) {
			t.Errorf("%U folds to %q", r, folded)
		}
	}
}

// anyText draws text with the characters that folding changes more often than others.
func anyText() *rapid.Generator[string] {
	often := rapid.RuneFrom([]rune("aAeéÉœßİıςΣ '’-– \u00a0\u202f\t\u00ad\u200b\u0301\u0327\u0345\u302e\U0001d165\u034fẞﬁ０9´`가각"))
	return rapid.StringOf(rapid.OneOf(often, rapid.Rune()))
}

func TestFoldingAgainChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		folded := profile.Fold(text)
		if again := profile.Fold(folded); again != folded {
			t.Fatalf("%q folds to %q, and that to %q", text, folded, again)
		}
		if strings.TrimSpace(folded) != folded || strings.Contains(folded, "  ") {
			t.Fatalf("%q folds to %q", text, folded)
		}
	})
}

func TestListIsSortedForPeople(t *testing.T) {
	want := []string{
		"agde", "Épernay", "été", "l'Île 1", "L’Île 2",
		"Port", "Port 0", "Port 1", "PORT 1 quai 2", "Port 1 quai 10", "Port 002", "Port\u00a03", "port 9b", "Pôrt 10", "Port 10 a",
		"Port ２０", "Port 100", "Port 99999999999999999999998", "Port 99999999999999999999999", "Port 100000000000000000000000",
		"Port a", "Portiragnes", "Sète", "Zurich",
	}
	var list []profile.Profile
	for i, name := range want {
		list = append(list, profile.Profile{ID: fmt.Sprint(i), Name: name})
	}
	for range 20 {
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		profile.ByName.Sort(list)
		if got := names(list); !slices.Equal(got, want) {
			t.Fatalf("the order is\n%q, want\n%q", got, want)
		}
	}
}

func TestFavouritesComeFirst(t *testing.T) {
	list := []profile.Profile{
		{ID: "1", Name: "Agde", PortCode: "P1B"}, {ID: "2", Name: "Port 10", PortCode: "AAA", Favourite: true},
		{ID: "3", Name: "Port 2", PortCode: "P9A", Favourite: true}, {ID: "5", Name: "Sète", PortCode: "AGD"}, {ID: "4", Name: "sete", PortCode: "AGD"},
	}
	for order, want := range map[profile.Order][]string{
		profile.ByName: {"Port 2", "Port 10", "Agde", "sete", "Sète"},
		profile.ByPort: {"Port 10", "Port 2", "sete", "Sète", "Agde"},
	} {
		order.Sort(list)
		if got := names(list); !slices.Equal(got, want) {
			t.Errorf("%q: the order is %q, want %q", order, got, want)
		}
	}
}

func names(list []profile.Profile) (names []string) {
	for _, p := range list {
		names = append(names, p.Name)
	}
	return names
}

func TestSearch(t *testing.T) {
	p := sete
	p.Note = "Quai de l’Œuvre – 2\u202fe étage"
	text := profile.SearchTexts([]profile.Profile{p}, func(profile.Environment) string { return "Essai" })[0]
	for query, want := range map[string]bool{
		"": true, "sete": true, "SÈTE port": true, "15 set": true, "logapass": true, "essai": true,
		"l'oeuvre": true, "œuvre": true, "- 2 e": true, "ｓｅｔｅ": true, "sè\u00adte": true,
		"montpellier": false, "sete montpellier": false, "  ": true, "\u00a0": true, "oevre": false,
	} {
		if profile.NewQuery(query).Matches(text) != want {
			t.Errorf("the query %q matches: %v, want %v", query, !want, want)
		}
	}
}
