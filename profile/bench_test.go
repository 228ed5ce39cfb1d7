package profile_test

import (
	"fmt"
	"testing"
	"time"

	"amarre/profile"
	"amarre/profile/profiletest"
)

// many returns profiles as a support desk has them.
func many(n int) []profile.Profile {
	profiles := make([]profile.Profile, n)
	for i := range profiles {
		p := profile.Profile{
			Name: fmt.Sprintf("Port de Saint-Élie %05d", i), Service: fmt.Sprintf("https://logapass-%d.example/wsv_LogapassClientV2/wsv_Logapass?test", i%7),
			Environment: profile.Production, PortCode: fmt.Sprintf("P%02d", i%100), ERPID: int64(1 + i/100), ERP: "Alizée", Note: "Capitainerie, bureau du port",
			Saved: time.Unix(1.7e9, 0).UTC(), Check: profile.Accepted, Checked: time.Unix(int64(1.7e9+i), 0).UTC(),
		}
		p.ID = profile.NewID(p)
		profiles[i] = p
	}
	return profiles
}

// BenchmarkList is what stands between the first frame and the list: reading,
// sorting and folding for the search.
func BenchmarkList(b *testing.B) {
	for _, n := range []int{1, 1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := b.TempDir()
			content, err := profile.EncodeIndex(many(n))
			if err != nil {
				b.Fatal(err)
			}
			profiletest.WriteIndex(b, dir, content)
			for b.Loop() {
				store := profile.Open(profile.Options{Dir: dir, Keyring: &profiletest.Ring{}}) // which knows nothing yet
				list, err := store.List()
				if err != nil || len(list) != n {
					b.Fatal(len(list), err)
				}
				profile.ByName.Sort(list)
				profile.SearchTexts(list, func(e profile.Environment) string { return string(e) })
			}
		})
	}
}

// BenchmarkSearch is one keystroke.
func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		texts := profile.SearchTexts(many(n), func(e profile.Environment) string { return string(e) })
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				query := profile.NewQuery("élie 99 capitainerie")
				for _, text := range texts {
					query.Matches(text)
				}
			}
		})
	}
}

// BenchmarkFold is the folding of the four texts of 10,000 profiles.
func BenchmarkFold(b *testing.B) {
	for name, texts := range map[string][]string{
		"ASCII":  {"Port de Montpellier 00042", "Port Logic", "MTP", "Capitainerie, bureau du port"},
		"French": {"Port de Saint-Élie 00042", "Alizée", "É02", "Capitainerie, bureau à l’œuvre"},
		"Greek":  {"Λιμένας Πειραιώς 00042", "Αθηνά", "ΠΕΙ", "Γραφείο του λιμεναρχείου"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for range 10000 {
					for _, text := range texts {
						profile.Fold(text)
					}
				}
			}
		})
	}
}
