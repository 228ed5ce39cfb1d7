package profile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestForeignItemsAreNotUsed: what another program, or another version, has put
// in the place of an item.
func TestForeignItemsAreNotUsed(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(own, other string) string // the new text of the item
		want  keyring.Class
		gone  bool // deleting takes it
	}{
		"another program's":    {func(string, string) string { return `{"password":"x"}` }, profile.ClassForeign, true},
		"not an item":          {func(string, string) string { return "not an item" }, profile.ClassForeign, true},
		"another profile's":    {func(_, other string) string { return other }, profile.ClassForeign, true},
		"under another ID":     {func(own, _ string) string { return strings.Replace(own, "\nid: set", "\nid: xet", 1) }, profile.ClassForeign, true},
		"for another service":  {func(own, _ string) string { return strings.Replace(own, "logapass.example", "elsewhere.example", 1) }, profile.ClassForeign, true},
		"with another address": {func(own, _ string) string { return strings.Replace(own, "https://", "http://", 1) }, profile.ClassForeign, true},
		"with a disguise":      {func(own, _ string) string { return strings.Replace(own, "Port de", "Port\u202e de", 1) }, profile.ClassForeign, true},
		"too long":             {func(own, _ string) string { return own + "x: " + strings.Repeat("y", profile.MaxItem) }, profile.ClassForeign, true},
		"of a newer version":   {func(own, _ string) string { return strings.Replace(own, "amarre: 2", "amarre: 3", 1) }, profile.ClassNewer, false},
	} {
		t.Run(name, func(t *testing.T) {
			store, ring, _ := newStore(t)
			saved := mustSave(t, store, sete)
			p := sete
			p.PortCode = "MTP"
			other := mustSave(t, store, p)
			spoilt := c.spoil(ring.Items()[saved.ID], ring.Items()[other.ID])
			if spoilt == ring.Items()[saved.ID] {
				t.Fatal("nothing was spoilt")
			}
			ring.Put(saved.ID, spoilt)
			if got, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != c.want || !got.Token.IsZero() {
				t.Errorf("load: %v, or a token; want %v", err, c.want)
			}
			if _, err := store.Edit(t.Context(), saved.ID, func(*profile.Profile, *profile.Secrets) error { return nil }); keyring.ClassOf(err) != c.want {
				t.Errorf("edit: %v, want %v", err, c.want)
			}
			_, err := store.Delete(t.Context(), saved.ID)
			if _, left := ring.Items()[saved.ID]; left == c.gone || (err == nil) != c.gone {
				t.Errorf("delete: %v, the item is left: %v", err, left)
			}
		})
	}
}

// TestMissingIndexIsRebuilt is made again, also after something was saved meanwhile.
func TestMissingIndexIsRebuilt(t *testing.T) {
	store, ring, dir := newStore(t)
	first := mustSave(t, store, sete)
	if err := os.Remove(filepath.Join(dir, "profiles.json")); err != nil {
		t.Fatal(err)
	}
	again := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	p := sete
	p.PortCode = "MTP"
	mustSave(t, again, p)
	for _, s := range []*profile.Store{again, profile.Open(profile.Options{Dir: dir, Keyring: ring})} {
		if list, err := s.List(); len(list) != 2 || err != nil {
			t.Errorf("after a save %d are listed, %v; want both", len(list), err)
		}
	}
	// Gone while a program runs that began without one; nothing is saved twice.
	for _, s := range []*profile.Store{store, again} {
		if err := os.Remove(filepath.Join(dir, "profiles.json")); err != nil {
			t.Fatal(err)
		}
		if _, err := s.List(); !profile.NeedsRebuild(err) {
			t.Errorf("a list that is gone: %v, want the need to rebuild", err)
		}
		if _, err := s.Save(t.Context(), sete, secrets); keyring.ClassOf(err) != profile.ClassDuplicate {
			t.Errorf("the same credential again: %v, want ClassDuplicate", err)
		}
		if list, err := s.List(); len(list) != 2 || err != nil {
			t.Errorf("%d are listed, %v", len(list), err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "profiles.json")); err != nil {
		t.Fatal(err)
	}
	done, err := again.Rebuild(t.Context())
	if err != nil || done.Found != 2 || done.Aside != "" {
		t.Fatalf("rebuild: %+v, %v", done, err)
	}
	// An item that is gone is marked, and no longer once it is back.
	text := ring.Items()[first.ID]
	if err := ring.Delete(first.ID); err != nil {
		t.Fatal(err)
	}
	missing := func() int {
		n := 0
		for _, p := range mustList(t, again) {
			if p.Missing {
				n++
			}
		}
		return n
	}
	if done, err := again.Rebuild(t.Context()); err != nil || done.Missing != 1 || missing() != 1 {
		t.Errorf("rebuild: %+v, %v; %d are marked", done, err, missing())
	}
	ring.Put(first.ID, text)
	ring.Put("selftest-abcdefghij", "left by a self-test that was killed")
	if done, err := again.Rebuild(t.Context()); err != nil || done.Missing != 0 || missing() != 0 || done.Foreign != 0 || len(ring.Items()) != 2 {
		t.Errorf("rebuild: %+v, %v; %d are marked, %d items", done, err, missing(), len(ring.Items()))
	}
}

// TestFirstStartWritesNoFile on the disk.
func TestFirstStartWritesNoFile(t *testing.T) {
	dir := t.TempDir()
	store := profile.Open(profile.Options{Dir: dir, Keyring: &profiletest.Ring{}})
	if _, err := store.List(); !profile.NeedsRebuild(err) {
		t.Errorf("list: %v", err)
	}
	if done, err := store.Rebuild(t.Context()); err != nil || done != (profile.Rebuilt{}) {
		t.Errorf("rebuild: %+v, %v", done, err)
	}
	if _, err := store.List(); err != nil {
		t.Errorf("list: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "profiles.json")); !os.IsNotExist(err) {
		t.Errorf("there is a list: %v", err)
	}
	mustSave(t, store, sete)
	if _, err := store.List(); err != nil {
		t.Errorf("list after the first save: %v", err)
	}
}

// partialRing gives a part of its list at first, as a keyring does that dies.
type partialRing struct {
	*profiletest.Ring
	lists int
}

func (r *partialRing) List() ([]string, error) {
	names, err := r.Ring.List()
	r.lists++
	if r.lists == 1 {
		names = names[:1]
	}
	return names, err
}

func TestPartialListIsReadAgain(t *testing.T) {
	store, ring, dir := newStore(t)
	for i := range 3 {
		p := sete
		p.ERPID = int64(i + 1)
		mustSave(t, store, p)
	}
	if err := os.WriteFile(filepath.Join(dir, "profiles.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	again := profile.Open(profile.Options{Dir: dir, Keyring: &partialRing{Ring: ring}})
	if done, err := again.Rebuild(t.Context()); err != nil || done.Found != 3 {
		t.Errorf("rebuild: %+v, %v; want 3 found", done, err)
	}
}

// TestTextsHoldNoSecret: names and notes are in clear on the disk.
func TestTextsHoldNoSecret(t *testing.T) {
	store, ring, _ := newStore(t)
	for what, p := range map[string]profile.Profile{
		"name": {Name: "x " + canaryToken}, "ERP": {ERP: canaryPassword}, "note": {Note: "mot de passe\u00a0: " + canaryPassword + "."},
	} {
		p.Service, p.PortCode, p.ERPID, p.Environment = sete.Service, sete.PortCode, sete.ERPID, sete.Environment
		if _, err := store.Save(t.Context(), p, secrets); keyring.ClassOf(err) != profile.ClassSecretInText {
			t.Errorf("%s: %v, want ClassSecretInText", what, err)
		}
	}
	if len(ring.Items()) != 0 || len(mustList(t, store)) != 0 {
		t.Error("something was written")
	}
	// A secret of a few letters is in every name.
	short := profile.Secrets{Token: authclient.NewSecret(canaryToken), Password: authclient.NewSecret("Port")}
	if _, err := store.Save(t.Context(), sete, short); err != nil {
		t.Errorf("a short password: %v", err)
	}
}

// TestCheckBelongsToItsToken: another token was never checked.
func TestCheckBelongsToItsToken(t *testing.T) {
	store, _, _ := newStore(t)
	saved := mustSave(t, store, sete)
	at := time.Date(2026, 11, 23, 14, 2, 0, 0, time.UTC)
	if err := store.SetChecked(t.Context(), saved, profile.Accepted, at); err != nil {
		t.Fatal(err)
	}
	older := saved
	older.Saved = saved.Saved.Add(-time.Hour)
	if err := store.SetChecked(t.Context(), older, profile.Refused, at); err != nil || mustList(t, store)[0].Check != profile.Accepted {
		t.Errorf("a verdict on what was saved before: %+v, %v", mustList(t, store)[0], err)
	}
	rename := func(token string) profile.Profile {
		t.Helper()
		p, err := store.Edit(t.Context(), saved.ID, func(p *profile.Profile, s *profile.Secrets) error {
			p.Name += "x"
			s.Renew(authclient.NewSecret(token), true, at)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := rename(canaryToken); p.Check != profile.Accepted || !p.Checked.Equal(at) || p.HasPrevious {
		t.Errorf("a rename gives %+v", p)
	}
	if p := rename("ANOTHER"); p.Check != "" || !p.Checked.IsZero() || !p.HasPrevious {
		t.Errorf("another token gives %+v", p)
	}
}

func TestSelfTest(t *testing.T) {
	for name, c := range map[string]struct {
		faults profiletest.Faults
		want   keyring.Class
		steps  int
	}{
		"works":      {steps: 4},
		"absent":     {profiletest.Faults{Is: keyring.NoBus}, keyring.ClassUnavailable, 1},
		"locked":     {profiletest.Faults{Set: errLocked}, keyring.ClassLocked, 2},
		"silent":     {profiletest.Faults{Silent: true}, keyring.ClassNotKept, 3},
		"unreadable": {profiletest.Faults{Get: errNoReply}, keyring.ClassFailed, 4},
	} {
		store, ring, _ := newStore(t)
		ring.Change(c.faults)
		var trials []keyring.SelfTestStep
		err := store.SelfTest(t.Context(), func(trial keyring.SelfTestStep) { trials = append(trials, trial) })
		if keyring.ClassOf(err) != c.want || c.want == "" && err != nil || len(trials) != c.steps {
			t.Errorf("%s: %v after %+v, want %v after %d steps", name, err, trials, c.want, c.steps)
		}
		if len(ring.Items()) != 0 {
			t.Errorf("%s: it left %v", name, ring.Items())
		}
	}
}

// TestSessionProfiles: without a keyring a profile can be kept in memory, and is listed,
// loaded, edited, deleted and restored as any other.
func TestSessionProfiles(t *testing.T) {
	store, ring, dir := newStore(t)
	saved := profiletest.Save(t, store.Session(), sete, secrets)
	if list := mustList(t, store); len(list) != 1 || !list[0].Session || list[0].ID != saved.ID {
		t.Fatalf("the list is %+v", list)
	}
	if got, err := store.Load(t.Context(), mustList(t, store)[0]); err != nil || !got.Token.Equal(secrets.Token) {
		t.Errorf("load: %v", err)
	}
	renamed := profiletest.Save(t, store, profile.Profile{Name: "Autre", Service: sete.Service, PortCode: sete.PortCode, ERPID: sete.ERPID}, secrets)
	if renamed.ID != saved.ID || !renamed.Session || renamed.Name != "Autre" {
		t.Errorf("the credential is saved as %+v", renamed)
	}
	if err := store.SetFavourite(t.Context(), []string{saved.ID}, true); err != nil || !mustList(t, store)[0].Favourite {
		t.Errorf("favourite: %v", err)
	}
	deleted, err := store.Delete(t.Context(), saved.ID)
	if err != nil || len(mustList(t, store)) != 0 {
		t.Fatalf("delete: %v", err)
	}
	if back, err := store.Restore(t.Context(), deleted); err != nil || !back.Session || len(mustList(t, store)) != 1 {
		t.Errorf("restore: %+v, %v", back, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "profiles.json")); !os.IsNotExist(err) || len(ring.Items()) != 0 {
		t.Error("something was written")
	}
}

// TestSaveSession: a profile that the keyring has meanwhile stops no other.
func TestSaveSession(t *testing.T) {
	store, ring, dir := newStore(t)
	for _, code := range []string{"ONE", "TWO", "SIX"} {
		p := sete
		p.PortCode = code
		profiletest.Save(t, store.Session(), p, secrets)
	}
	p := sete
	p.PortCode = "ONE"
	mustSave(t, profile.Open(profile.Options{Dir: dir, Keyring: ring}), p)
	if saved, err := store.SaveSession(t.Context()); saved != 2 || keyring.ClassOf(err) != profile.ClassDuplicate {
		t.Errorf("%d saved, %v; want 2 and ClassDuplicate", saved, err)
	}
	session := 0
	for _, p := range mustList(t, store) {
		if p.Session {
			session++
		}
	}
	if len(ring.Items()) != 3 || session != 1 {
		t.Errorf("%d items, %d for the session; want 3 and 1", len(ring.Items()), session)
	}
}

// TestDeleteAll: nothing is left behind (docs/security.md 17), and what cannot be deleted
// is still listed.
func TestDeleteAll(t *testing.T) {
	store, ring, dir := newStore(t)
	first := mustSave(t, store, sete)
	second := sete
	second.PortCode = "MTP"
	mustSave(t, store, second)
	ring.Put("foreign", "not a profile")
	if err := os.WriteFile(filepath.Join(dir, "profiles.json.bad-1"), []byte("Port de Sète"), 0o600); err != nil {
		t.Fatal(err)
	}
	ring.Change(profiletest.Faults{Delete: errors.New("Secret.Error.IsLocked")})
	if _, err := store.DeleteAll(t.Context()); err == nil || len(mustList(t, store)) != 2 {
		t.Errorf("with a keyring that refuses: %v, and the list has %d profiles, want 2", err, len(mustList(t, store)))
	}
	ring.Change(profiletest.Faults{})
	deleted, err := store.DeleteAll(t.Context())
	if err != nil || deleted != 3 || len(ring.Items()) != 0 {
		t.Errorf("%d items are deleted, %d left: %v; want 3 and none", deleted, len(ring.Items()), err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
	if _, err := store.Load(t.Context(), first); keyring.ClassOf(err) != keyring.ClassMissing {
		t.Errorf("a deleted profile is loaded: %v", err)
	}
}
