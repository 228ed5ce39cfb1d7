package profile_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

func TestPlanImport(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	ring := &profiletest.Ring{}
	store := profile.Open(profile.Options{Dir: t.TempDir(), Keyring: ring, Now: func() time.Time { return now }})
	entry := func(code, name, token string, age time.Duration) profile.Entry {
		p := sete
		p.ID, p.PortCode, p.Name, p.Saved = "x", code, name, now.Add(-age)
		return profile.Entry{Profile: p, Secrets: profile.Secrets{Token: authclient.NewSecret(token)}}
	}
	for _, e := range []profile.Entry{entry("SAM", "Same", "SAME", 0), entry("KEP", "Kept", "KEPT", 0), entry("OLD", "Old", "OLD", 0), entry("NEW", "New", "NEW", 0), entry("MIS", "Missing", "MISSING", 0)} {
		p := e.Profile
		p.ID = ""
		saved, err := store.Save(t.Context(), p, e.Secrets)
		if err != nil {
			t.Fatal(err)
		}
		if p.PortCode == "MIS" {
			if err := ring.Delete(saved.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	steps, err := store.PlanImport(t.Context(), []profile.Entry{
		entry("ADD", "Added", "ADDED", 0),
		entry("SAM", "Same", "SAME", time.Hour), // and once more, below
		entry("KEP", "Kept", "KEPT", time.Hour),
		entry("OLD", "Old", "OTHER-TOKEN", time.Hour),
		entry("NEW", "New", "OTHER-TOKEN", -time.Hour),
		entry("MIS", "Missing", "MISSING", time.Hour),
		entry("TWO", "Twice, older", "TOKEN-1", time.Hour),
		entry("TWO", "Twice", "TOKEN-2", 0),
		entry("two", "Twice, oldest", "TOKEN-3", 2*time.Hour),
		entry("SAM", "Same, renewed", "RENEWED", -time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []profile.Action{profile.Add, profile.Older, profile.Same, profile.Older, profile.Replace, profile.Replace, profile.Older, profile.Add, profile.Older, profile.Replace}
	for i, step := range steps {
		if step.Action != want[i] {
			t.Errorf("%s (%s): %s, want %s", step.Entry.Profile.PortCode, step.Entry.Profile.Name, step.Action, want[i])
		}
		if done, err := store.Import(t.Context(), step); done != step.Action || err != nil {
			t.Errorf("import %s: %s, %v", step.Entry.Profile.Name, done, err)
		}
	}
	for _, p := range mustList(t, store) {
		s, err := store.Load(t.Context(), p)
		token := map[string]string{"ADD": "ADDED", "SAM": "RENEWED", "KEP": "KEPT", "OLD": "OLD", "NEW": "OTHER-TOKEN", "MIS": "MISSING", "TWO": "TOKEN-2"}[p.PortCode]
		if err != nil || s.Token.Reveal() != token || p.PortCode == "NEW" && s.Previous.Reveal() != "NEW" {
			t.Errorf("%s has another token, or %v", p.PortCode, err)
		}
	}
	if n := len(ring.Items()); n != 7 {
		t.Errorf("%d items, want 7", n)
	}
	ring.Change(profiletest.Faults{Get: errLocked})
	if _, err := store.PlanImport(t.Context(), []profile.Entry{entry("SAM", "Same", "SAME", 0)}); keyring.ClassOf(err) != keyring.ClassLocked {
		t.Errorf("with a locked keyring: %v, want ClassLocked", err)
	}
}

// TestImportTakesTheNewerToken: what counts is when the token was set, and what the service
// said of it; neither a new name nor an earlier import makes a token newer.
func TestImportTakesTheNewerToken(t *testing.T) {
	monday := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return monday.AddDate(0, 0, n) }
	type side struct {
		token, previous               string
		set, saved, accepted, refused int // days after Monday; 0 for none
	}
	for _, c := range []struct {
		name       string
		kept, file side
		want       profile.Action
		token      string // afterwards
	}{
		{"the file's is newer", side{token: "A", set: 1, saved: 1}, side{token: "B", set: 2, saved: 2}, profile.Replace, "B"},
		{"the file's is older", side{token: "B", set: 2, saved: 2}, side{token: "A", set: 1, saved: 1}, profile.Older, "B"},
		{"renamed here after the file's token was set", side{token: "A", set: 1, saved: 5}, side{token: "B", set: 2, saved: 2}, profile.Replace, "B"},
		{"renamed there after our token was set", side{token: "B", set: 2, saved: 2}, side{token: "A", set: 1, saved: 5}, profile.Replace, "B"},
		{"the file's follows ours, by a clock that is behind", side{token: "A", set: 3, saved: 3}, side{token: "B", previous: "A", set: 2, saved: 2}, profile.Replace, "B"},
		{"ours follows the file's, by a clock that is behind", side{token: "B", previous: "A", set: 2, saved: 2}, side{token: "A", set: 3, saved: 2}, profile.Older, "B"},
		{"both follow the same one", side{token: "B", previous: "A", set: 2, saved: 2}, side{token: "C", previous: "A", set: 3, saved: 2}, profile.Conflict, "B"},
		{"each was the other's", side{token: "A", previous: "B", set: 3, saved: 3}, side{token: "B", previous: "A", set: 2, saved: 2}, profile.Older, "A"},
		{"set at the same time", side{token: "A", set: 2, saved: 2}, side{token: "B", set: 2, saved: 2}, profile.Conflict, "A"},
		{"the older one was accepted after the newer was set", side{token: "A", set: 1, saved: 1, accepted: 4}, side{token: "B", set: 3, saved: 3}, profile.Conflict, "A"},
		{"the older one of the file was accepted after ours was set", side{token: "B", set: 3, saved: 3}, side{token: "A", set: 1, saved: 1, accepted: 4}, profile.Conflict, "B"},
		{"the newer one was accepted later", side{token: "A", set: 1, saved: 1, accepted: 2}, side{token: "B", set: 3, saved: 3, accepted: 4}, profile.Replace, "B"},
		{"the newer one of the file is refused", side{token: "A", set: 1, saved: 1}, side{token: "B", set: 2, saved: 2, refused: 3}, profile.Conflict, "A"},
		{"ours is newer and refused", side{token: "B", set: 2, saved: 2, refused: 3}, side{token: "A", set: 1, saved: 1}, profile.Conflict, "B"},
		{"the older one was accepted when the newer was set", side{token: "A", set: 1, saved: 1, accepted: 3}, side{token: "B", set: 3, saved: 3}, profile.Replace, "B"},
		{"the older one of the file was accepted when ours was set", side{token: "B", set: 3, saved: 3}, side{token: "A", set: 1, saved: 1, accepted: 3}, profile.Older, "B"},
		{"the older one was accepted before the newer was set", side{token: "A", set: 1, saved: 1, accepted: 2}, side{token: "B", set: 3, saved: 3}, profile.Replace, "B"},
		{"the older one is refused", side{token: "A", set: 1, saved: 1, refused: 2}, side{token: "B", set: 3, saved: 3}, profile.Replace, "B"},
		{"the older one of the file is refused", side{token: "B", set: 3, saved: 3}, side{token: "A", set: 1, saved: 1, refused: 2}, profile.Older, "B"},
		{"the same token, renamed there", side{token: "A", set: 1, saved: 1}, side{token: "A", set: 1, saved: 2}, profile.Replace, "A"},
		{"the same token, renamed here", side{token: "A", set: 1, saved: 2}, side{token: "A", set: 1, saved: 1}, profile.Older, "A"},
	} {
		ring := &profiletest.Ring{}
		store := profile.Open(profile.Options{Dir: t.TempDir(), Keyring: ring, Now: func() time.Time { return day(9) }})
		entry := func(s side) profile.Entry {
			p := sete
			p.ID, p.Name = "set-15-aaaaaa", fmt.Sprintf("saved on day %d", s.saved)
			p.Saved, p.TokenSet = day(s.saved), day(s.set)
			if s.accepted > 0 {
				p.Check, p.Checked, p.Accepted = profile.Accepted, day(s.accepted), day(s.accepted)
			} else if s.refused > 0 {
				p.Check, p.Checked = profile.Refused, day(s.refused)
			}
			return profile.Entry{Profile: p, Secrets: profile.Secrets{Token: authclient.NewSecret(s.token), Previous: authclient.NewSecret(s.previous)}}
		}
		kept, file := entry(c.kept), entry(c.file)
		if _, err := store.Import(t.Context(), profile.ImportStep{Action: profile.Add, Entry: kept}); err != nil {
			t.Fatal(err)
		}
		if p := mustList(t, store)[0]; !p.Saved.Equal(kept.Profile.Saved) || !p.TokenSet.Equal(kept.Profile.TokenSet) || !p.Accepted.Equal(kept.Profile.Accepted) {
			t.Errorf("%s: an import does not keep the dates: %+v", c.name, p)
		}
		steps, err := store.PlanImport(t.Context(), []profile.Entry{file})
		if err != nil || steps[0].Action != c.want {
			t.Errorf("%s: %+v, %v; want %s", c.name, steps, err, c.want)
			continue
		}
		if c.want != profile.Replace { // and nothing is written
			ring.Change(profiletest.Faults{Set: errLocked})
			if done, err := store.Import(t.Context(), steps[0].Decide(authclient.NewSecret("ANOTHER"))); done != c.want || err != nil {
				t.Errorf("%s: a step that was to replace is %s, %v", c.name, done, err)
			}
		}
		if done, err := store.Import(t.Context(), steps[0]); done != c.want || err != nil {
			t.Errorf("%s: the import is %s, %v", c.name, done, err)
		}
		ring.Change(profiletest.Faults{})
		after := mustList(t, store)[0]
		known := kept.Profile
		if c.token != c.kept.token {
			known = file.Profile
		}
		if !after.TokenSet.Equal(known.TokenSet) || !after.Accepted.Equal(known.Accepted) || after.Check != known.Check || !after.Checked.Equal(known.Checked) {
			t.Errorf("%s: what is known of the token is not of this one: %+v", c.name, after)
		}
		if c.want == profile.Older {
			if done, err := store.Import(t.Context(), steps[0].Decide(kept.Secrets.Token)); done != profile.Older || err != nil {
				t.Errorf("%s: decided though there is no conflict: %s, %v", c.name, done, err)
			}
		}
		if s, err := store.Load(t.Context(), after); err != nil || s.Token.Reveal() != c.token {
			t.Errorf("%s: the wrong token is kept, %v", c.name, err)
		}
		if wantName := fmt.Sprintf("saved on day %d", max(c.kept.saved, c.file.saved)); c.want == profile.Replace && after.Name != wantName {
			t.Errorf("%s: the name is %q, want %q", c.name, after.Name, wantName)
		}
		if c.want != profile.Conflict {
			continue
		}
		if done, err := store.Import(t.Context(), steps[0].Decide(authclient.NewSecret("ANOTHER"))); done != profile.Conflict || err != nil {
			t.Errorf("%s: decided over another token: %s, %v", c.name, done, err)
		}
		if done, err := store.Import(t.Context(), steps[0].Decide(kept.Secrets.Token)); done != profile.Replace || err != nil {
			t.Errorf("%s: decided: %s, %v", c.name, done, err)
		}
		if s, err := store.Load(t.Context(), mustList(t, store)[0]); err != nil || !s.Token.Equal(file.Secrets.Token) || !s.Previous.Equal(kept.Secrets.Token) {
			t.Errorf("%s: decided for the file, and its token is not kept, or not the other as the previous one: %v", c.name, err)
		}
	}
}

// TestImportIsJudgedAgain: what another program has saved since the plan was made is not
// replaced by what is older.
func TestImportIsJudgedAgain(t *testing.T) {
	store, ring, dir := newStore(t)
	old := profile.Entry{Profile: sete, Secrets: profile.Secrets{Token: authclient.NewSecret("FROM-THE-FILE")}}
	old.Profile.ID, old.Profile.Saved = "set-15-aaaaaa", time.Now().Add(-24*time.Hour)
	steps, err := store.PlanImport(t.Context(), []profile.Entry{old})
	if err != nil || steps[0].Action != profile.Add {
		t.Fatalf("%+v, %v", steps, err)
	}
	saved := mustSave(t, profile.Open(profile.Options{Dir: dir, Keyring: ring}), sete)
	if done, err := store.Import(t.Context(), steps[0]); done != profile.Older || err != nil {
		t.Errorf("the import is %s, %v; want older", done, err)
	}
	if s, err := store.Load(t.Context(), saved); err != nil || !s.Token.Equal(secrets.Token) || len(mustList(t, store)) != 1 {
		t.Errorf("the saved token is replaced, %v", err)
	}
}

// TestTokenDate: only a new token has a new date, and only a verdict about it is kept.
func TestTokenDate(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	store := profile.Open(profile.Options{Dir: t.TempDir(), Keyring: &profiletest.Ring{}, Now: func() time.Time { return now }})
	p := profiletest.Save(t, store, sete, secrets)
	first := now
	edit := func(change profile.EditFunc) profile.Profile {
		t.Helper()
		now = now.Add(time.Hour)
		p, err := store.Edit(t.Context(), p.ID, change)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p = edit(func(p *profile.Profile, _ *profile.Secrets) error { p.Name = "Renamed"; return nil }); !p.TokenSet.Equal(first) || !p.Saved.Equal(now) {
		t.Errorf("renamed: %+v", p)
	}
	if err := errors.Join(store.SetChecked(t.Context(), p, profile.Accepted, now), store.SetChecked(t.Context(), p, profile.Refused, now.Add(time.Minute))); err != nil {
		t.Fatal(err)
	}
	if p = mustList(t, store)[0]; !p.Accepted.Equal(now) || p.Check != profile.Refused {
		t.Errorf("accepted, then refused: %+v", p)
	}
	if p = edit(renew("ANOTHER")); !p.TokenSet.Equal(now) || !p.Accepted.IsZero() || p.Check != "" {
		t.Errorf("another token: %+v", p)
	}
}

// TestManyEntriesArePlannedQuickly: the plan of a whole file of the greatest size.
func TestManyEntriesArePlannedQuickly(t *testing.T) {
	store, _, _ := newStore(t)
	entries := make([]profile.Entry, 10_000)
	for i := range entries {
		p := sete
		p.ID, p.PortCode, p.Service = fmt.Sprintf("x-%d", i), fmt.Sprintf("%03X", i%4096), fmt.Sprintf("https://logapass.example/ws%d", i/4096)
		entries[i] = profile.Entry{Profile: p, Secrets: secrets}
	}
	begin := time.Now()
	steps, err := store.PlanImport(t.Context(), entries)
	if took := time.Since(begin); err != nil || len(steps) != len(entries) || took > 2*time.Second {
		t.Errorf("%d steps after %v, %v", len(steps), took, err)
	}
}
