package profile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"amarre/authclient"
	"amarre/profile"
)

// TestFindRefusesToChoose: what could mean several profiles finds them all, in the order of
// the list. An ID is never among that.
func TestFindRefusesToChoose(t *testing.T) {
	const ws, test = "https://logapass.example/ws", "https://logapass.example/test"
	list := []profile.Profile{
		{ID: "mtp-15-aaaaaa", Name: "Montpellier", Service: ws, PortCode: "MTP", ERPID: 15},
		{ID: "mtp-15-bbbbbb", Name: "Montpellier, essai", Service: test, PortCode: "MTP", ERPID: 15},
		{ID: "set-15-aaaaaa", Name: "Sète", Service: ws, PortCode: "SET", ERPID: 15},
		{ID: "set-15-bbbbbb", Name: "SETE", Service: test, PortCode: "SET", ERPID: 16},
		{ID: "agd-15-aaaaaa", Name: "set/15@logapass.example", Service: ws, PortCode: "AGD", ERPID: 15},
		{ID: "agd-15-bbbbbb", Name: "mtp-15-aaaaaa", Service: ws, PortCode: "AGD", ERPID: 16},
		{ID: "agd-15-cccccc", Name: "AGD/17@logapass.example", Service: ws, PortCode: "AGD", ERPID: 17},
		{ID: "elo-15-aaaaaa", Name: "Port de l’Œuvre – Nord", Service: ws, PortCode: "ÉLO", ERPID: 15},
		{ID: "elo-15-bbbbbb", Name: "\u3164", Service: ws, PortCode: "ELO", ERPID: 15},
	}
	for text, want := range map[string]string{
		"Montpellier":                   "mtp-15-aaaaaa",
		"MONTPELLIER":                   "mtp-15-aaaaaa",
		"Sète":                          "set-15-aaaaaa set-15-bbbbbb",
		"SETE":                          "set-15-aaaaaa set-15-bbbbbb",
		"MTP/15@logapass.example":       "mtp-15-aaaaaa mtp-15-bbbbbb",
		"SET/15@logapass.example":       "set-15-aaaaaa agd-15-aaaaaa",
		"set/15@LOGAPASS.EXAMPLE":       "set-15-aaaaaa agd-15-aaaaaa",
		"SET/016@logapass.example":      "set-15-bbbbbb",
		"AGD/17@logapass.example":       "agd-15-cccccc",
		"AGD/15@logapass.example":       "agd-15-aaaaaa",
		" mtp-15-aaaaaa\u200b\n":        "mtp-15-aaaaaa",
		"MTP-15-AAAAAA":                 "agd-15-bbbbbb",
		"port de l'oeuvre - nord":       "elo-15-aaaaaa",
		"e\u0301lo/15@logapass.example": "elo-15-aaaaaa",
		"elo/15@logapass.example":       "elo-15-bbbbbb",
		"":                              "", " ": "", "\u200b": "", "\u3164": "", "SET": "", "MTP/15@autre.example": "", "MTP/15@": "",
	} {
		if got := strings.Join(ids(profile.Find(list, text)), " "); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	for _, p := range list {
		if !profile.NewFinder(list).Means(p.ID, p.ID) {
			t.Errorf("%s is not found by its ID", p.ID)
		}
	}
	if f := profile.NewFinder(list); f.Means("Montpellier", list[1].ID) || f.Means("SETE", list[3].ID) || f.Means("Lattes", "") {
		t.Error("a text means a profile that it does not mean, or several")
	}
}

func ids(list []profile.Profile) (ids []string) {
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	return ids
}

// TestFindProperties compares with a search of the whole list, on profiles whose names are
// now and then the name, the reference or the ID of another one.
func TestFindProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []profile.Profile
		for i := range rapid.IntRange(1, 8).Draw(t, "n") {
			p := profile.Profile{
				ID: fmt.Sprintf("p-%d", i), Name: authclient.PlainText(anyText().Draw(t, "name")),
				Service:  rapid.SampledFrom([]string{"https://a.example/ws", "https://a.example/test", "https://B.example"}).Draw(t, "service"),
				PortCode: rapid.SampledFrom([]string{"SET", "set", "SÈT", "@/1", "ςßİ", "ΣẞI"}).Draw(t, "code"),
				ERPID:    rapid.Int64Range(1, 2).Draw(t, "ERP"),
			}
			if i > 0 {
				other := list[rapid.IntRange(0, i-1).Draw(t, "other")]
				p.Name = rapid.SampledFrom([]string{p.Name, other.Name, strings.ToUpper(other.Name), other.ID, other.Reference(), strings.ToLower(other.Reference())}).Draw(t, "shadow")
			}
			list = append(list, p)
		}
		finder := profile.NewFinder(list)
		for _, p := range list {
			if found := finder.Find(p.ID); !slices.Equal(found, []profile.Profile{p}) {
				t.Fatalf("the ID %s finds %v", p.ID, ids(found))
			}
			for _, text := range []string{p.Name, strings.ToUpper(p.Name), p.Reference(), strings.ToLower(p.Reference())} {
				var want []profile.Profile
				for _, each := range list {
					if each.ID == text {
						want = []profile.Profile{each}
						break
					}
					named := profile.Fold(text) != "" && profile.Fold(each.Name) == profile.Fold(text)
					if named || strings.EqualFold(each.Reference(), text) {
						want = append(want, each)
					}
				}
				if found := finder.Find(text); !slices.Equal(found, want) {
					t.Fatalf("%q finds %q, want %q", text, ids(found), ids(want))
				}
				if finder.Means(text, p.ID) != slices.Equal(want, []profile.Profile{p}) {
					t.Fatalf("%q means %s: %v", text, p.ID, finder.Means(text, p.ID))
				}
			}
			if found := finder.Find(p.Reference()); !slices.Contains(found, p) {
				t.Fatalf("%s finds %q", p.Reference(), ids(found))
			}
		}
	})
}

// TestReferencesIgnoreCase: of every letter, as strings.EqualFold does.
func TestReferencesIgnoreCase(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		code, err := authclient.ParsePortCode("A" + string(r) + "1")
		if err != nil || unicode.SimpleFold(r) == r {
			continue
		}
		p := profile.Profile{ID: "p-1", Service: "https://logapass.example", PortCode: code, ERPID: 15}
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			text := "a" + string(other) + "1/15@logapass.example"
			if found := profile.Find([]profile.Profile{p}, text); strings.EqualFold(text, p.Reference()) && len(found) != 1 {
				t.Errorf("%q does not find %q", text, p.Reference())
			}
		}
	}
}
