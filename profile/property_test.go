package profile_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"pgregory.net/rapid"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// anyProfile draws a profile that may be kept.
func anyProfile(t *rapid.T) profile.Profile {
	text := func(label string) string {
		return authclient.PlainText(rapid.String().Draw(t, label))
	}
	code := rapid.StringOfN(rapid.RuneFrom([]rune("ABCabc019é'\"\\:/@日-")), 3, 3, -1).Draw(t, "code")
	return profile.Profile{
		Name: text("name"), ERP: text("erp"), Note: text("note"),
		Service:     rapid.SampledFrom([]string{"https://logapass.example/ws", "https://logapass.example/ws?test", "https://autre.example"}).Draw(t, "service"),
		Environment: rapid.SampledFrom([]profile.Environment{profile.Production, profile.Test}).Draw(t, "environment"),
		PortCode:    code,
		ERPID:       rapid.Int64Range(1, 1<<63-1).Draw(t, "id"),
		Favourite:   rapid.Bool().Draw(t, "favourite"),
		Saved:       time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "saved"), 0).UTC(),
		TokenSet:    time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "token set"), 0).UTC(),
	}
}

func TestIndexRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []profile.Profile
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			p := anyProfile(t)
			p.ID = profile.NewID(p)
			if !slices.ContainsFunc(want, func(each profile.Profile) bool { return each.ID == p.ID }) {
				want = append(want, p)
			}
		}
		content, err := profile.EncodeIndex(want)
		if err != nil || !json.Valid(content) {
			t.Fatalf("encode: %v\n%s", err, content)
		}
		if got, err := profile.ParseIndex(content); err != nil || !slices.Equal(got, want) {
			t.Fatalf("parse: %v\n%+v\n%+v", err, got, want)
		}
	})
}

// TestAccountNames: safe on every system, of any profile, and never the same one
// (docs/keyring.md).
func TestAccountNames(t *testing.T) {
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		p := anyProfile(t)
		p.PortCode = rapid.String().Draw(t, "any code")
		id := profile.NewID(p)
		if !profile.SafeID(id) || len(id) > 30 || strings.ToLower(id) != id {
			t.Fatalf("the name is %q", id)
		}
		if seen[id] {
			t.Fatalf("%q was made twice", id)
		}
		seen[id] = true
	})
}

func TestItemRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyProfile(t)
		p.ID = profile.NewID(p)
		secret := rapid.StringMatching(`[!-~]{0,40}`)
		s := profile.Secrets{
			Token:    authclient.NewSecret("T" + secret.Draw(t, "token")),
			Password: authclient.NewSecret(rapid.String().Draw(t, "password")),
			Previous: authclient.NewSecret(secret.Draw(t, "previous")),
		}
		p.HasPassword, p.HasPrevious = !s.Password.IsZero(), !s.Previous.IsZero()
		text, err := profile.Encode(p, s)
		if keyring.ClassOf(err) == keyring.ClassTooBig || keyring.ClassOf(err) == profile.ClassSecretInText {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		got, secrets, err := profile.Decode(text)
		if err != nil || got != p || !secrets.Token.Equal(s.Token) || !secrets.Password.Equal(s.Password) || !secrets.Previous.Equal(s.Previous) {
			t.Fatalf("decode: %v\n%+v\n%+v", err, got, p)
		}
	})
}

// faults are what may go wrong in a call. "" is nothing.
var faults = map[string]profiletest.Faults{
	"":            {},
	"locked":      {Set: dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}, Delete: dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}},
	"all locked":  {Set: errLocked, Get: errLocked, Delete: errLocked, List: errLocked},
	"silent":      {Silent: true},
	"died before": {Set: errNoReply, Delete: errNoReply},
	"died after":  {LateError: errNoReply},
	"unreadable":  {Get: errNoReply},
	"panic":       {Panic: true},
	"too big":     {Limit: 10},
}

var (
	errLocked  = dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
	errNoReply = dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}
)

// TestNothingIsLostOrOrphaned does random things with a keyring that misbehaves
// at random, in two programs. What was acknowledged is there; what is in the
// keyring is listed.
func TestNothingIsLostOrOrphaned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "amarre-property-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		ring := &profiletest.Ring{}
		var stores []*profile.Store
		for range 2 {
			store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
			defer store.Close()
			stores = append(stores, store)
		}
		ctx := context.Background()
		type fact struct {
			name, token string
			unsure      bool // the last call on it has an unknown outcome
		}
		acknowledged := map[string]fact{} // by ID
		var removed []profile.Deletion
		serial := 0
		ids := func() []string {
			var ids []string
			for id := range acknowledged {
				ids = append(ids, id)
			}
			slices.Sort(ids)
			return ids
		}
		one := func(t *rapid.T) string {
			if len(acknowledged) == 0 {
				t.Skip("nothing is saved")
			}
			return rapid.SampledFrom(ids()).Draw(t, "which")
		}
		store := func(t *rapid.T) *profile.Store { return rapid.SampledFrom(stores).Draw(t, "program") }
		fault := func(t *rapid.T) {
			names := make([]string, 0, len(faults))
			for name := range faults {
				names = append(names, name)
			}
			slices.Sort(names)
			if rapid.Bool().Draw(t, "faulty") {
				ring.Change(faults[rapid.SampledFrom(names).Draw(t, "fault")])
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"save": func(t *rapid.T) {
				serial++
				p := sete
				p.ERPID, p.Name = int64(serial), fmt.Sprint("Port ", serial)
				token := fmt.Sprint("TOKEN-", serial)
				s := store(t)
				fault(t)
				saved, err := s.Save(ctx, p, profile.Secrets{Token: authclient.NewSecret(token)})
				if err == nil && !saved.Session {
					acknowledged[saved.ID] = fact{name: p.Name, token: token}
				}
			},
			"edit": func(t *rapid.T) {
				serial++
				id, s := one(t), store(t)
				name, token := fmt.Sprint("Port ", serial), fmt.Sprint("TOKEN-", serial)
				fault(t)
				_, err := s.Edit(ctx, id, func(p *profile.Profile, secrets *profile.Secrets) error {
					p.Name = name
					secrets.Renew(authclient.NewSecret(token), false, time.Now())
					return nil
				})
				switch {
				case err == nil:
					acknowledged[id] = fact{name: name, token: token}
				case keyring.ClassOf(err) == keyring.ClassUnknown:
					f := acknowledged[id]
					f.unsure = true
					acknowledged[id] = f
				}
			},
			"delete": func(t *rapid.T) {
				id, s := one(t), store(t)
				fault(t)
				r, err := s.Delete(ctx, id)
				switch {
				case err == nil:
					removed = append(removed, r)
					delete(acknowledged, id)
				case keyring.ClassOf(err) == keyring.ClassUnknown:
					delete(acknowledged, id) // it may be gone
				}
			},
			"restore": func(t *rapid.T) {
				if len(removed) == 0 {
					t.Skip("nothing was deleted")
				}
				r := removed[len(removed)-1]
				s := store(t)
				fault(t)
				if _, err := s.Restore(ctx, r); err == nil || keyring.ClassOf(err) == keyring.ClassUnknown {
					removed = removed[:len(removed)-1]
				}
			},
			"favourite": func(t *rapid.T) {
				id := one(t)
				if err := store(t).SetFavourite(ctx, []string{id}, rapid.Bool().Draw(t, "on")); err != nil {
					t.Fatal(err)
				}
			},
			"lose the index": func(t *rapid.T) {
				if rapid.IntRange(0, 9).Draw(t, "rarely") > 0 {
					t.Skip("not now")
				}
				content := rapid.SampledFrom([]string{"", "{", `{"version":9}`}).Draw(t, "content")
				if err := os.WriteFile(filepath.Join(dir, "profiles.json"), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				s := store(t)
				fault(t)
				_, _ = s.Rebuild(ctx)
				ring.Change(profiletest.Faults{})
				if _, err := s.Rebuild(ctx); err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				ring.Change(profiletest.Faults{})
				list, err := stores[0].List()
				if err != nil && (profile.IsBroken(err) || !profile.NeedsRebuild(err)) {
					t.Fatal(err)
				}
				listed := map[string]profile.Profile{}
				for _, p := range list {
					listed[p.ID] = p
				}
				for id := range ring.Items() {
					if _, ok := listed[id]; !ok {
						t.Fatalf("%s is in the keyring and not listed", id)
					}
				}
				for id, f := range acknowledged {
					p, ok := listed[id]
					if !ok {
						t.Fatalf("%s was acknowledged and is not listed", id)
					}
					secrets, err := stores[1].Load(ctx, p)
					if err != nil {
						t.Fatalf("%s was acknowledged and cannot be opened: %v", id, err)
					}
					if !f.unsure && (p.Name != f.name || secrets.Token.Reveal() != f.token) {
						t.Fatalf("%s is %q with another token or name than %q", id, p.Name, f.name)
					}
				}
			},
		})
	})
}

// FuzzIndex: whatever the file, what is read is valid and can be written again.
func FuzzIndex(f *testing.F) {
	p := sete
	p.ID = profile.NewID(p)
	content, err := profile.EncodeIndex([]profile.Profile{p})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte(`{"version":1,"unsearched":true,"profiles":[]}`))
	f.Add([]byte(`{"version":2}`))
	f.Add([]byte("{\"version\": 1,\n\"profiles\": [\n{\"a\":[1,\n2]},\n{}\n]\n}\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		read, err := profile.ParseIndex(content)
		if err != nil {
			if read != nil {
				t.Errorf("%d profiles and %v", len(read), err)
			}
			return
		}
		again, err := profile.EncodeIndex(read)
		if err != nil {
			t.Fatal(err)
		}
		back, err := profile.ParseIndex(again)
		if err != nil || len(back) != len(read) {
			t.Fatalf("written again it is %d of %d, %v\n%s", len(back), len(read), err, again)
		}
		for i := range back {
			if !profile.SafeID(back[i].ID) || back[i].Name != read[i].Name {
				t.Errorf("%+v became %+v", read[i], back[i])
			}
		}
	})
}

// FuzzItem: whatever another program has put into the keyring.
func FuzzItem(f *testing.F) {
	p := sete
	p.ID = profile.NewID(p)
	text, err := profile.Encode(p, secrets)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(`{"version":2}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, s, err := profile.Decode(text)
		if err != nil {
			if keyring.ClassOf(err) != profile.ClassForeign && keyring.ClassOf(err) != profile.ClassNewer || !s.Token.IsZero() {
				t.Errorf("%v, or a token with it", err)
			}
			return
		}
		if _, err := profile.Encode(p, s); err != nil && keyring.ClassOf(err) != keyring.ClassTooBig {
			t.Errorf("what was read cannot be written: %v", err)
		}
	})
}

// FuzzReference: what a user writes for a profile never finds another one, and a
// profile's own reference finds it.
func FuzzReference(f *testing.F) {
	f.Add("SET/15@logapass.example", "SET")
	f.Add("///1@@", "//@")
	f.Add("port de sete", "É'\"")
	f.Fuzz(func(t *testing.T, reference, code string) {
		p := sete
		p.ID = "set-15-aaaaaa"
		if code, err := authclient.ParsePortCode(code); err == nil {
			p.PortCode = code
		}
		if found := profile.Find([]profile.Profile{p}, p.Reference()); len(found) != 1 {
			t.Errorf("%q finds %d profiles", p.Reference(), len(found))
		}
		for range profile.Find([]profile.Profile{p}, reference) {
			trimmed := authclient.TrimPasted(reference)
			if trimmed != p.ID && profile.Fold(authclient.PlainText(trimmed)) != profile.Fold(p.Name) && !strings.EqualFold(strings.NewReplacer(" ", "", "+", "").Replace(trimmed), p.Reference()) &&
				!strings.Contains(trimmed, "@") {
				t.Errorf("%q finds %q", reference, p.Reference())
			}
		}
	})
}
