package profile_test

import (
	"fmt"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestImportOfTheSameToken: whatever else differs is taken if it was saved later.
func TestImportOfTheSameToken(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change             func(*profile.Profile, *profile.Secrets)
		newer, kept, older profile.Action // by when the file's was saved
		password           string         // after the newer
	}{
		"nothing":      {func(*profile.Profile, *profile.Secrets) {}, profile.Same, profile.Same, profile.Same, canaryPassword},
		"name":         {func(p *profile.Profile, _ *profile.Secrets) { p.Name = "x" }, profile.Replace, profile.Older, profile.Older, canaryPassword},
		"ERP":          {func(p *profile.Profile, _ *profile.Secrets) { p.ERP = "x" }, profile.Replace, profile.Older, profile.Older, canaryPassword},
		"note":         {func(p *profile.Profile, _ *profile.Secrets) { p.Note = "x" }, profile.Replace, profile.Older, profile.Older, canaryPassword},
		"environment":  {func(p *profile.Profile, _ *profile.Secrets) { p.Environment = profile.Production }, profile.Replace, profile.Older, profile.Older, canaryPassword},
		"password":     {func(_ *profile.Profile, s *profile.Secrets) { s.Password = authclient.NewSecret("ANOTHER") }, profile.Replace, profile.Older, profile.Older, "ANOTHER"},
		"no password":  {func(_ *profile.Profile, s *profile.Secrets) { s.Password = authclient.Secret{} }, profile.Same, profile.Same, profile.Same, canaryPassword},
		"other, none":  {func(p *profile.Profile, s *profile.Secrets) { p.Name, s.Password = "x", authclient.Secret{} }, profile.Replace, profile.Older, profile.Older, canaryPassword},
		"a favourite":  {func(p *profile.Profile, _ *profile.Secrets) { p.Favourite = true }, profile.Same, profile.Same, profile.Same, canaryPassword},
		"its old date": {func(p *profile.Profile, _ *profile.Secrets) { p.TokenSet = time.Time{} }, profile.Same, profile.Same, profile.Same, canaryPassword},
	} {
		for _, age := range []int{1, 0, -1} {
			store := profile.Open(profile.Options{Dir: t.TempDir(), Keyring: &profiletest.Ring{}, Now: func() time.Time { return now }})
			saved := profiletest.Save(t, store, sete, secrets)
			e := profile.Entry{Profile: saved, Secrets: secrets}
			e.Profile.Saved = now.Add(-time.Duration(age) * time.Hour)
			c.change(&e.Profile, &e.Secrets)
			want := map[int]profile.Action{1: c.older, 0: c.kept, -1: c.newer}[age]
			steps, err := store.PlanImport(t.Context(), []profile.Entry{e})
			if err != nil || steps[0].Action != want {
				t.Errorf("%s, %d h old: %+v, %v; want %s", name, age, steps, err, want)
				continue
			}
			if done, err := store.Import(t.Context(), steps[0]); done != want || err != nil {
				t.Errorf("%s, %d h old: the import is %s, %v", name, age, done, err)
			}
			p := mustList(t, store)[0]
			s, err := store.Load(t.Context(), p)
			if want == profile.Replace && (p.Name != e.Profile.Name || p.ERP != e.Profile.ERP || p.Note != e.Profile.Note || p.Environment != e.Profile.Environment || !p.Saved.Equal(e.Profile.Saved) || s.Password.Reveal() != c.password) ||
				want != profile.Replace && (p != saved || !s.Password.Equal(secrets.Password)) || err != nil || !s.Token.Equal(secrets.Token) {
				t.Errorf("%s, %d h old: %+v, %v, or other secrets", name, age, p, err)
			}
		}
	}
}

// TestPlanOfOneCredentialSeveralTimes: only the newest entry counts, also against what is
// saved, and a credential of another service is another one.
func TestPlanOfOneCredentialSeveralTimes(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	entry := func(token, service string, hour int) profile.Entry {
		p := sete
		p.ID, p.Service, p.Saved = "x", service, now.Add(time.Duration(hour)*time.Hour)
		return profile.Entry{Profile: p, Secrets: profile.Secrets{Token: authclient.NewSecret(token)}}
	}
	const a, b = "https://a.example", "https://b.example"
	for name, c := range map[string]struct {
		saved   []profile.Entry
		entries []profile.Entry
		want    []profile.Action
	}{
		"newer and newer":         {nil, []profile.Entry{entry("1", a, 1), entry("2", a, 2), entry("3", a, 3)}, []profile.Action{profile.Older, profile.Older, profile.Add}},
		"older and older":         {nil, []profile.Entry{entry("3", a, 3), entry("2", a, 2), entry("1", a, 1)}, []profile.Action{profile.Add, profile.Older, profile.Older}},
		"the newest in between":   {nil, []profile.Entry{entry("2", a, 2), entry("3", a, 3), entry("1", a, 1)}, []profile.Action{profile.Older, profile.Add, profile.Older}},
		"two services":            {nil, []profile.Entry{entry("1", a, 1), entry("2", b, 2), entry("3", a, 3)}, []profile.Action{profile.Older, profile.Add, profile.Add}},
		"newer than what is kept": {[]profile.Entry{entry("1", a, 1)}, []profile.Entry{entry("3", a, 3), entry("2", a, 2)}, []profile.Action{profile.Replace, profile.Older}},
		"kept for another one":    {[]profile.Entry{entry("3", a, 3)}, []profile.Entry{entry("1", b, 1)}, []profile.Action{profile.Add}},
		"kept for both":           {[]profile.Entry{entry("1", a, 1), entry("3", b, 3)}, []profile.Entry{entry("2", a, 2), entry("2", b, 2)}, []profile.Action{profile.Replace, profile.Older}},
	} {
		store := profile.Open(profile.Options{Dir: t.TempDir(), Keyring: &profiletest.Ring{}, Now: func() time.Time { return now }})
		for _, e := range c.saved {
			if done, err := store.Import(t.Context(), profile.ImportStep{Entry: e, Action: profile.Add}); done != profile.Add || err != nil {
				t.Fatalf("%s: %s, %v", name, done, err)
			}
		}
		steps, err := store.PlanImport(t.Context(), c.entries)
		var got []profile.Action
		for _, step := range steps {
			got = append(got, step.Action)
		}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
}

// TestPlanOfABrokenList: nothing can be said before it is rebuilt; a list that is not there
// yet is an empty one.
func TestPlanOfABrokenList(t *testing.T) {
	dir, ring := t.TempDir(), &profiletest.Ring{}
	store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	e := profile.Entry{Profile: sete, Secrets: secrets}
	if steps, err := store.PlanImport(t.Context(), []profile.Entry{e}); err != nil || len(steps) != 1 || steps[0].Action != profile.Add {
		t.Errorf("without a list: %+v, %v", steps, err)
	}
	profiletest.WriteIndex(t, dir, []byte("not a list"))
	if _, err := store.PlanImport(t.Context(), []profile.Entry{e}); !profile.IsBroken(err) {
		t.Errorf("with a broken list: %v", err)
	}
}

// TestImportOfWhatIsGone: where the keyring has lost the item, the file's is taken whole,
// however old it is.
func TestImportOfWhatIsGone(t *testing.T) {
	store, ring, _ := newStore(t)
	saved := mustSave(t, store, sete)
	if err := ring.Delete(saved.ID); err != nil {
		t.Fatal(err)
	}
	e := profile.Entry{Profile: saved, Secrets: profile.Secrets{Token: authclient.NewSecret("OLD"), Previous: authclient.NewSecret("OLDER"), Password: secrets.Password}}
	e.Profile.Name, e.Profile.Saved, e.Profile.TokenSet = "old", saved.Saved.Add(-time.Hour), saved.Saved.Add(-time.Hour)
	steps, err := store.PlanImport(t.Context(), []profile.Entry{e})
	if err != nil || steps[0].Action != profile.Replace {
		t.Fatalf("%+v, %v; want replace", steps, err)
	}
	if done, err := store.Import(t.Context(), steps[0]); done != profile.Replace || err != nil {
		t.Errorf("%s, %v", done, err)
	}
	p := mustList(t, store)[0]
	if s, err := store.Load(t.Context(), p); err != nil || p.Name != "old" || !sameSecrets(s, e.Secrets) {
		t.Errorf("%+v, %v, or other secrets", p, err)
	}
}

// TestImportThatFails returns the error, and changes nothing.
func TestImportThatFails(t *testing.T) {
	store, ring, _ := newStore(t)
	ring.Change(profiletest.Faults{Set: errLocked})
	if _, err := store.Import(t.Context(), profile.ImportStep{Entry: profile.Entry{Profile: sete, Secrets: secrets}, Action: profile.Add}); keyring.ClassOf(err) != keyring.ClassLocked {
		t.Errorf("%v, want ClassLocked", err)
	}
	if len(mustList(t, store)) != 0 || len(ring.Items()) != 0 {
		t.Error("something is kept")
	}
}

// TestImportOfAnEarlierFile: an entry without the date of its token has that of its saving.
func TestImportOfAnEarlierFile(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	store := profile.Open(profile.Options{Dir: t.TempDir(), Keyring: &profiletest.Ring{}, Now: func() time.Time { return now }})
	profiletest.Save(t, store, sete, secrets)
	e := profile.Entry{Profile: sete, Secrets: profile.Secrets{Token: authclient.NewSecret("NEWER")}}
	e.Profile.Saved = now.Add(time.Hour)
	if done, err := store.Import(t.Context(), profile.ImportStep{Entry: e, Action: profile.Replace}); done != profile.Replace || err != nil || !mustList(t, store)[0].TokenSet.Equal(e.Profile.Saved) {
		t.Errorf("%s, %v; the list is %+v", done, err, mustList(t, store))
	}
}
