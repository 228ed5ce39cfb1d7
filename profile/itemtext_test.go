package profile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// itemOf returns an item as it has been since version 2, and its profile.
func itemOf(t *testing.T) (keyring.Item, profile.Profile, profile.Secrets) {
	t.Helper()
	date := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	p := profile.Profile{ID: "set-15-k3f9q2", Name: "Port de Sète {USERNAME}", Service: "https://logapass.example/ws?test", Environment: profile.Test,
		PortCode: "SET", ERPID: 15, ERP: "Alizée", Note: `C:\ponton`, HasPassword: true, HasPrevious: true, Saved: date, TokenSet: date.AddDate(0, 0, -2), Favourite: true,
		Check: profile.Accepted, Checked: date.Add(time.Hour), Accepted: date.Add(time.Hour)}
	s := profile.Secrets{Token: authclient.NewSecret("EXAMPLE-TOKEN-OF-SETE"), Password: authclient.NewSecret(" p{w}\\\n: x "), Previous: authclient.NewSecret("BEFORE"), Replaced: date.AddDate(0, 0, -2)}
	item, err := profile.EncodeItem(p, s)
	if err != nil {
		t.Fatal(err)
	}
	return item, p, s
}

// TestItemText: the text as it stays readable, and what people see of the item.
func TestItemText(t *testing.T) {
	item, p, s := itemOf(t)
	want, err := os.ReadFile("testdata/items/version2-sete.txt")
	if err != nil || item.Text != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Errorf("the text is\n%s\nwant\n%s%v", item.Text, want, err)
	}
	if item.Name != p.ID || item.Label != "Amarre: Port de Sète (USERNAME) (SET, ERP 15)" || item.Attributes["host"] != "logapass.example" || item.Attributes["port"] != "SET" {
		t.Errorf("people see %q, %v", item.Label, item.Attributes)
	}
	for _, text := range []string{item.Text, strings.ReplaceAll(item.Text, "\n", "\r\n"), item.Text + "\n"} {
		got, secrets, err := profile.DecodeItem(text)
		if err != nil || got != p || !sameSecrets(secrets, s) {
			t.Errorf("decoded as %+v, %v; want %+v, or other secrets", got, err, p)
		}
	}
}

func sameSecrets(a, b profile.Secrets) bool {
	return a.Token.Equal(b.Token) && a.Password.Equal(b.Password) && a.Previous.Equal(b.Previous) && a.Replaced.Equal(b.Replaced)
}

// TestItemsOfVersion1 are read, and are of version 2 after the next save.
func TestItemsOfVersion1(t *testing.T) {
	files, err := filepath.Glob("testdata/items/version1-*.json")
	if err != nil || len(files) != 2 {
		t.Fatalf("%d files, %v; want 2", len(files), err)
	}
	store, ring, _ := newStore(t)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, s, err := profile.DecodeItem(string(text))
		if err != nil || !strings.HasPrefix(s.Token.Reveal(), "EXAMPLE-TOKEN-OF-") || !p.TokenSet.Equal(p.Saved) || p.Saved.IsZero() {
			t.Errorf("%s: %+v, %v", file, p, err)
		}
		ring.Put(p.ID, string(text))
	}
	if done, err := store.Rebuild(t.Context()); done.Found != 2 || err != nil {
		t.Fatalf("rebuild: %+v, %v", done, err)
	}
	for _, p := range mustList(t, store) {
		if _, err := store.Edit(t.Context(), p.ID, func(p *profile.Profile, _ *profile.Secrets) error { p.Note = "saved again"; return nil }); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
	for name, text := range ring.Items() {
		if !strings.HasPrefix(text, "EXAMPLE-TOKEN-OF-") || !strings.Contains(text, "\namarre: 2\n") || strings.ContainsAny(text, "{}") {
			t.Errorf("%s is of version 1, or has a brace", name)
		}
	}
}

func TestItemTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyProfile(t)
		p.ID = profile.NewID(p)
		token := rapid.StringOfN(rapid.RuneFrom([]rune("abcXYZ019!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")), 1, 60, -1)
		s := profile.Secrets{Token: authclient.NewSecret(token.Draw(t, "token")), Previous: authclient.NewSecret(token.Draw(t, "previous")),
			Password: authclient.NewSecret(rapid.String().Draw(t, "password"))}
		item, err := profile.EncodeItem(p, s)
		if err != nil { // a secret in a text, or too big
			return
		}
		if strings.ContainsAny(item.Text, "{}\r") || strings.ContainsAny(item.Label, "{}") {
			t.Errorf("the item has a brace: %q", item.Label)
		}
		got, secrets, err := profile.DecodeItem(item.Text)
		p.HasPassword, p.HasPrevious = !s.Password.IsZero(), true
		if err != nil || got != p || !sameSecrets(secrets, s) {
			t.Errorf("decoded as %+v, %v; want %+v, or other secrets", got, err, p)
		}
	})
}

func TestForeignItemTexts(t *testing.T) {
	item, _, _ := itemOf(t)
	for name, c := range map[string]struct {
		text string
		want keyring.Class
	}{
		"a bare token":        {"A-NEW-TOKEN\n", profile.ClassBareToken},
		"a sentence":          {"not a token", profile.ClassForeign},
		"nothing":             {"\n", profile.ClassForeign},
		"of pass":             {"secret\nuser: me\n", profile.ClassForeign},
		"a later version":     {strings.Replace(item.Text, "amarre: 2", "amarre: 3", 1), profile.ClassNewer},
		"an earlier version":  {strings.Replace(item.Text, "amarre: 2", "amarre: 1", 1), profile.ClassForeign},
		"a line twice":        {item.Text + "port: SET\n", profile.ClassForeign},
		"a line without name": {item.Text + "port\n", profile.ClassForeign},
		"a line without text": {item.Text + "x\n", profile.ClassForeign},
		"an empty line":       {strings.Replace(item.Text, "\nport", "\n\nport", 1), profile.ClassForeign},
		"a number too great":  {strings.Replace(item.Text, "erp-id: 15", "erp-id: 99999999999999999999", 1), profile.ClassForeign},
		"another second line": {strings.Replace(item.Text, "amarre: 2", "2", 1), profile.ClassForeign},
		"no version":          {strings.Replace(item.Text, "amarre: 2", "amarre: x", 1), profile.ClassForeign},
		"a version too great": {strings.Replace(item.Text, "amarre: 2", "amarre: 99999999999999999999", 1), profile.ClassForeign},
		"a wrong number":      {strings.Replace(item.Text, "erp-id: 15", "erp-id: x", 1), profile.ClassForeign},
		"a wrong date":        {strings.Replace(item.Text, "saved: 2026", "saved: x", 1), profile.ClassForeign},
		"no address":          {strings.Replace(item.Text, "service: https", "service: ftp", 1), profile.ClassForeign},
		"too long":            {item.Text + "x: " + strings.Repeat("y", profile.MaxItem), profile.ClassForeign},
		"an unknown line":     {item.Text + "x: y\n", ""},
	} {
		_, s, err := profile.DecodeItem(c.text)
		if keyring.ClassOf(err) != c.want || (err != nil) != (c.want != "") {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if c.want == profile.ClassBareToken && s.Token.Reveal() != "A-NEW-TOKEN" {
			t.Errorf("%s: the token is not given out", name)
		}
	}
}

// FuzzItemText checks that what is decoded can be written again and is the same then.
func FuzzItemText(f *testing.F) {
	f.Add("TOKEN\namarre: 2\nport: SET\nerp-id: 15\nservice: https://a.example\nenvironment: test\nid: a\n")
	f.Add("{")
	f.Add(`T\(\)\\` + "\namarre: 2\r\nname: \\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, s, err := profile.DecodeItem(text)
		if err != nil {
			return
		}
		item, err := profile.EncodeItem(p, s)
		if err != nil {
			if class := keyring.ClassOf(err); class != keyring.ClassTooBig {
				t.Errorf("what was decoded cannot be written: %v", err)
			}
			return
		}
		again, secrets, err := profile.DecodeItem(item.Text)
		if err != nil || again != p || !sameSecrets(secrets, s) {
			t.Errorf("written and decoded again: %+v, %v; want %+v", again, err, p)
		}
	})
}

// TestPlaceThatIsNotOpen: an item that was last in a database that is closed is neither
// missing nor deleted, and the error names the database.
func TestPlaceThatIsNotOpen(t *testing.T) {
	store, ring, _ := newStoreInMemory(t)
	ring.Change(profiletest.Faults{Place: "Marina"})
	saved := mustSave(t, store, sete)
	if saved.Place != "Marina" || mustList(t, store)[0].Place != "Marina" {
		t.Errorf("the place is %q, in the list %q", saved.Place, mustList(t, store)[0].Place)
	}
	other := sete
	other.PortCode = "MTP"
	ring.Change(profiletest.Faults{Place: "Other"})
	mustSave(t, store, other)
	ring.Change(profiletest.Faults{Closed: []string{"Marina"}})
	stale := saved
	stale.Place = "Other" // as it was listed before the item was moved
	_, loadErr := store.Load(t.Context(), stale)
	_, editErr := store.Edit(t.Context(), saved.ID, renew("ANOTHER"))
	_, putErr := store.Put(t.Context(), sete, renew("ANOTHER"))
	_, deleteErr := store.Delete(t.Context(), saved.ID)
	deleted, allErr := store.DeleteAll(t.Context())
	for what, err := range map[string]error{"load": loadErr, "edit": editErr, "put": putErr, "delete": deleteErr, "delete all": allErr} {
		var e *keyring.Error
		if keyring.ClassOf(err) != profile.ClassClosed || profile.IsGone(err) || !errors.As(err, &e) || e.Place != "Marina" {
			t.Errorf("%s: %v, want ClassClosed and the place", what, err)
		}
	}
	if list := mustList(t, store); deleted != 0 || len(list) != 2 || list[0].Missing || len(ring.Items()) != 2 {
		t.Errorf("%d deleted; the list is %+v, the keyring has %d items; want both", deleted, list, len(ring.Items()))
	}
	ring.Change(profiletest.Faults{})
	if _, err := store.Load(t.Context(), saved); err != nil {
		t.Errorf("opened again: %v", err)
	}
	if deleted, err := store.DeleteAll(t.Context()); deleted != 2 || err != nil {
		t.Errorf("delete all: %d, %v", deleted, err)
	}
}

// TestAlteredItemIsUndone: a keyring that gives back something else keeps nothing new.
func TestAlteredItemIsUndone(t *testing.T) {
	store, ring, _ := newStore(t)
	alter := profiletest.Faults{Alter: func(text string) string { return strings.Replace(text, "NEW", "ALTERED", 1) }}
	ring.Change(alter)
	fresh := profile.Secrets{Token: authclient.NewSecret("A-NEW-TOKEN")}
	if _, err := store.Save(t.Context(), sete, fresh); keyring.ClassOf(err) != keyring.ClassAltered || len(ring.Items()) != 0 || len(mustList(t, store)) != 0 {
		t.Errorf("a new profile: %v; %d items, %d profiles; want ClassAltered and none", err, len(ring.Items()), len(mustList(t, store)))
	}
	ring.Change(profiletest.Faults{})
	saved := mustSave(t, store, sete)
	before := ring.Items()[saved.ID]
	ring.Change(alter)
	if _, err := store.Edit(t.Context(), saved.ID, renew("A-NEW-TOKEN")); keyring.ClassOf(err) != keyring.ClassAltered {
		t.Errorf("another token: %v, want ClassAltered", err)
	}
	ring.Change(profiletest.Faults{})
	if ring.Items()[saved.ID] != before || mustList(t, store)[0] != saved {
		t.Error("the profile is not as it was before")
	}
}

// TestBareToken: a person who has replaced the item's text by a token can go on with it.
func TestBareToken(t *testing.T) {
	store, ring, _ := newStore(t)
	saved := mustSave(t, store, sete)
	ring.Put(saved.ID, "TOKEN-BY-HAND")
	s, err := store.Load(t.Context(), saved)
	if keyring.ClassOf(err) != profile.ClassBareToken || s.Token.Reveal() != "TOKEN-BY-HAND" || !profile.IsGone(err) {
		t.Errorf("load: %v, or another token", err)
	}
	taken, err := store.Put(t.Context(), saved, func(_ *profile.Profile, kept *profile.Secrets) error {
		if !kept.Token.IsZero() {
			t.Error("the edit gets secrets that are not Amarre's")
		}
		kept.Token = s.Token
		return nil
	})
	if err != nil || taken.ID != saved.ID {
		t.Fatalf("take over: %+v, %v", taken, err)
	}
	if s, err := store.Load(t.Context(), taken); err != nil || s.Token.Reveal() != "TOKEN-BY-HAND" {
		t.Errorf("taken over: %v", err)
	}
}

// TestItemTextHasNoEmptyLines: what is not known is left out, and known again by that.
func TestItemTextHasNoEmptyLines(t *testing.T) {
	p := sete
	p.ID, p.Saved = "set-15-k3f9q2", time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	item, err := profile.EncodeItem(p, profile.Secrets{Token: authclient.NewSecret("TOKEN")})
	const want = "TOKEN\namarre: 2\nname: Port de Sète\nport: SET\nerp-id: 15\nenvironment: test\nservice: https://logapass.example/ws?test\nsaved: 2026-11-23T10:00:00Z\nid: set-15-k3f9q2\n"
	if err != nil || item.Text != want {
		t.Errorf("%v\n%s\nwant\n%s", err, item.Text, want)
	}
	got, _, err := profile.DecodeItem(item.Text)
	p.TokenSet = p.Saved // as an earlier version meant it
	if err != nil || got != p {
		t.Errorf("decoded as %+v, %v; want %+v", got, err, p)
	}
}

// TestItemTextEscapes: a value has no brace and no line break, and comes back.
func TestItemTextEscapes(t *testing.T) {
	for password, want := range map[string]string{
		`\`: `\\`, "{": `\(`, "}": `\)`, "\n": `\n`, "\r": `\r`, `\n`: `\\n`, `\(`: `\\(`, `\{`: `\\\(`, "\\\n": `\\\n`,
	} {
		p := sete
		p.ID = "set-15-k3f9q2"
		item, err := profile.EncodeItem(p, profile.Secrets{Token: authclient.NewSecret("TOKEN"), Password: authclient.NewSecret(password)})
		if err != nil || !strings.Contains(item.Text, "\npassword: "+want+"\n") {
			t.Errorf("%q: %v, or not %q in\n%s", password, err, want, item.Text)
		}
		if _, s, err := profile.DecodeItem(item.Text); err != nil || s.Password.Reveal() != password {
			t.Errorf("%q does not come back: %v", password, err)
		}
	}
}

// TestItemOfTheGreatestSize: an item of MaxItem bytes is kept and read, and none of more,
// also where a brace takes two bytes in one form and one in the other.
func TestItemOfTheGreatestSize(t *testing.T) {
	encoders := map[string]func(profile.Profile, profile.Secrets) (string, error){
		"backup": profile.Encode,
		"item": func(p profile.Profile, s profile.Secrets) (string, error) {
			item, err := profile.EncodeItem(p, s)
			return item.Text, err
		},
	}
	for _, c := range []struct{ encoder, filling string }{{"backup", "x"}, {"item", "{"}} {
		greatest := 0
		for _, name := range []string{"A", "AB"} {
			for n := 1000; ; n++ {
				p := sete
				p.ID, p.Name, p.Note = "set-15-k3f9q2", name, strings.Repeat(c.filling, n)
				text, err := encoders[c.encoder](p, profile.Secrets{Token: authclient.NewSecret("TOKEN")})
				if err != nil {
					if keyring.ClassOf(err) != keyring.ClassTooBig {
						t.Errorf("%s: %v, want ClassTooBig", c.encoder, err)
					}
					break
				}
				greatest = max(greatest, len(text))
				if len(text) < profile.MaxItem-2 {
					continue
				}
				if got, _, err := profile.DecodeItem(text); err != nil || got.Note != p.Note {
					t.Errorf("%s of %d bytes: %v", c.encoder, len(text), err)
				}
			}
		}
		if greatest != profile.MaxItem {
			t.Errorf("%s: the greatest has %d bytes, want %d", c.encoder, greatest, profile.MaxItem)
		}
	}
}
