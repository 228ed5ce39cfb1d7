package profile_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

const (
	canaryToken    = "CANARY-TOKEN-51c2"
	canaryPassword = "CANARY-PASSWORD-9d0e"
)

var (
	sete    = profile.Profile{Name: "Port de Sète", Service: "https://logapass.example/ws?test", Environment: profile.Test, PortCode: "SET", ERPID: 15}
	secrets = profile.Secrets{Token: authclient.NewSecret(canaryToken), Password: authclient.NewSecret(canaryPassword)}
)

func newStore(t *testing.T) (*profile.Store, *profiletest.Ring, string) {
	t.Helper()
	return newStoreOn(t, &profiletest.Ring{Behind: behind(t)})
}

// newStoreInMemory is newStore for a test that a real keyring cannot serve: it needs other
// places, many items or no other one.
func newStoreInMemory(t *testing.T) (*profile.Store, *profiletest.Ring, string) {
	t.Helper()
	return newStoreOn(t, &profiletest.Ring{})
}

func newStoreOn(t *testing.T, ring *profiletest.Ring) (*profile.Store, *profiletest.Ring, string) {
	t.Helper()
	dir := t.TempDir()
	store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	if _, err := store.Rebuild(t.Context()); err != nil { // a first start
		t.Fatal(err)
	}
	return store, ring, dir
}

func mustSave(t *testing.T, s *profile.Store, p profile.Profile) profile.Profile {
	t.Helper()
	saved, err := s.Save(t.Context(), p, secrets)
	if err != nil {
		t.Fatalf("save %s: %v", p.Name, err)
	}
	return saved
}

func mustList(t *testing.T, s *profile.Store) []profile.Profile {
	t.Helper()
	list, err := s.List()
	if err != nil && (!profile.NeedsRebuild(err) || profile.IsBroken(err)) {
		t.Fatalf("list: %v", err)
	}
	return list
}

func TestSaveReopenLoadDelete(t *testing.T) {
	store, ring, dir := newStore(t)
	saved := mustSave(t, store, sete)
	if !saved.HasPassword || saved.Session || saved.Saved.IsZero() {
		t.Errorf("saved is %+v", saved)
	}
	again := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	list := mustList(t, again)
	if len(list) != 1 || list[0] != saved {
		t.Fatalf("after a restart the list is %+v, want %+v", list, saved)
	}
	calls := ring.Calls()
	got, err := again.Load(t.Context(), saved)
	if err != nil || got.Token.Reveal() != canaryToken || got.Password.Reveal() != canaryPassword {
		t.Errorf("load: %v, or other secrets", err)
	}
	if n := ring.Calls() - calls; n != 1 {
		t.Errorf("opening a profile costs %d keyring calls, want 1", n)
	}
	removed, err := again.Delete(t.Context(), saved.ID)
	if err != nil || len(mustList(t, again)) != 0 || len(ring.Items()) != 0 {
		t.Fatalf("delete: %v; the list has %d, the keyring %d", err, len(mustList(t, again)), len(ring.Items()))
	}
	back, err := again.Restore(t.Context(), removed)
	if err != nil || back.ID != saved.ID {
		t.Fatalf("restore: %+v, %v", back, err)
	}
	if got, err := again.Load(t.Context(), saved); err != nil || got.Token.Reveal() != canaryToken {
		t.Errorf("load after restore: %v", err)
	}
}

// TestNoSecretOnDisk: docs/security.md 14 and 16.
func TestNoSecretOnDisk(t *testing.T) {
	store, _, dir := newStore(t)
	mustSave(t, store, sete)
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), "CANARY") {
			t.Errorf("%s holds a secret", path)
		}
		if info, _ := entry.Info(); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNamesAreSafe(t *testing.T) {
	store, ring, _ := newStore(t)
	safe := regexp.MustCompile(`^[a-z0-9._-]{1,64}$`)
	for i, code := range []string{"MTP", "É'\"", "日本語", "A:\\", "../"} {
		p := sete
		p.PortCode, p.ERPID = code, 9223372036854775807-int64(i)
		mustSave(t, store, p)
	}
	for name := range ring.Items() {
		if !safe.MatchString(name) {
			t.Errorf("the item's name %q is not safe on every system", name)
		}
	}
}

func TestCredentialsAreUnique(t *testing.T) {
	store, ring, _ := newStore(t)
	mustSave(t, store, sete)
	same := sete
	same.Name, same.PortCode, same.Service = "Other", "set", strings.ToUpper(sete.Service)
	if _, err := store.Save(t.Context(), same, secrets); keyring.ClassOf(err) != profile.ClassDuplicate {
		t.Errorf("a second profile of the same credential: %v, want ClassDuplicate", err)
	}
	other := sete
	other.Service = "https://logapass.example/ws"
	mustSave(t, store, other)
	if len(ring.Items()) != 2 || len(mustList(t, store)) != 2 {
		t.Errorf("%d items, %d listed, want 2", len(ring.Items()), len(mustList(t, store)))
	}
}

func TestTooBig(t *testing.T) {
	store, ring, _ := newStore(t)
	big := profile.Secrets{Token: authclient.NewSecret(strings.Repeat("x", profile.MaxItem))}
	if _, err := store.Save(t.Context(), sete, big); keyring.ClassOf(err) != keyring.ClassTooBig {
		t.Errorf("save: %v, want ClassTooBig", err)
	}
	ring.Change(profiletest.Faults{Limit: 10})
	if _, err := store.Save(t.Context(), sete, secrets); keyring.ClassOf(err) != keyring.ClassTooBig {
		t.Errorf("save into a small keyring: %v, want ClassTooBig", err)
	}
	if len(mustList(t, store)) != 0 || len(ring.Items()) != 0 {
		t.Error("something was written")
	}
}

func TestMemoryStore(t *testing.T) {
	store := profile.OpenMemory()
	if state := store.State(t.Context()); state != keyring.None {
		t.Errorf("state is %s", state)
	}
	saved := mustSave(t, store, sete)
	if _, err := store.Save(t.Context(), sete, secrets); keyring.ClassOf(err) != profile.ClassDuplicate {
		t.Errorf("a second one: %v, want ClassDuplicate", err)
	}
	saved.Name = "Autre"
	if mustSave(t, store, saved); len(mustList(t, store)) != 1 || mustList(t, store)[0].Name != "Autre" {
		t.Errorf("the list is %+v", mustList(t, store))
	}
	removed, err := store.Delete(t.Context(), saved.ID)
	if err != nil || len(mustList(t, store)) != 0 {
		t.Fatalf("delete: %v", err)
	}
	if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing {
		t.Errorf("load of a deleted profile: %v", err)
	}
	if _, err := store.Restore(t.Context(), removed); err != nil || len(mustList(t, store)) != 1 {
		t.Errorf("restore: %v", err)
	}
}

// TestTwoProgramsLoseNothing: two stores on one folder and one keyring.
func TestTwoProgramsLoseNothing(t *testing.T) {
	dir, ring := t.TempDir(), &profiletest.Ring{}
	var wait sync.WaitGroup
	for program := range 2 {
		store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
		wait.Go(func() {
			for n := range 20 {
				p := sete
				p.ERPID = int64(1 + program*100 + n)
				if _, err := store.Save(context.Background(), p, secrets); err != nil {
					t.Errorf("program %d, profile %d: %v", program, n, err)
				}
			}
		})
	}
	wait.Wait()
	if n := len(mustList(t, profile.Open(profile.Options{Dir: dir, Keyring: ring}))); n != 40 || len(ring.Items()) != 40 {
		t.Errorf("%d profiles are listed and %d kept, want 40", n, len(ring.Items()))
	}
}
