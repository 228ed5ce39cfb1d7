//go:build keyring

package profile_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/internal/keyring/servicetest"
	"amarre/profile"
)

// These tests use the session's real Secret Service. They write into it and
// lock it, so they run in the throw-away session of .ci/with-keyring:
//
//	.ci/with-keyring go test -tags keyring ./profile
//	.ci/with-keyring --provider=keepassxc go test -tags keyring ./profile
//	.ci/with-keyring --provider=kwallet go test -tags keyring ./profile

func openReal(t *testing.T, dir string) *profile.Store {
	t.Helper()
	store := profile.Open(profile.Options{Dir: dir, Keyring: keyring.System(), InteractiveTimeout: 5 * time.Second})
	t.Cleanup(store.Close)
	return store
}

func TestRealKeyring(t *testing.T) {
	service := servicetest.Open(t)
	keys := service.Default()
	dir := t.TempDir()
	store := openReal(t, dir)
	if state := store.State(t.Context()); state != keyring.Ready {
		t.Fatalf("the keyring is %s, want ready", state)
	}
	saved := mustSave(t, store, sete)
	unusual := sete
	unusual.PortCode, unusual.Name = "É\"'", "Nom « étrange » 🚤\\"
	other := profile.Secrets{Token: authclient.NewSecret("!#$%&'()*+,-./:;<=>?@[]^_`{|}~")}
	unusual, err := store.Save(t.Context(), unusual, other)
	if err != nil {
		t.Fatal(err)
	}

	t.Run("another program finds them", func(t *testing.T) {
		again := openReal(t, dir)
		if n := len(mustList(t, again)); n != 2 {
			t.Fatalf("%d profiles are listed, want 2", n)
		}
		if got, err := again.Load(t.Context(), saved); err != nil || got.Token.Reveal() != canaryToken || got.Password.Reveal() != canaryPassword {
			t.Errorf("load: %v, or other secrets", err)
		}
		if got, err := again.Load(t.Context(), unusual); err != nil || !got.Token.Equal(other.Token) {
			t.Errorf("load of the unusual one: %v, or another token", err)
		}
	})

	t.Run("locked", func(t *testing.T) {
		service.Lock(keys)
		service.DismissPrompts(t)
		if state := store.State(t.Context()); state != keyring.Locked {
			t.Errorf("the state is %s, want locked", state)
		}
		if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassLocked {
			t.Errorf("load: %v, want ClassLocked", err)
		}
		p := sete
		p.PortCode = "NEW"
		if _, err := store.Save(t.Context(), p, secrets); keyring.ClassOf(err) != keyring.ClassLocked {
			t.Errorf("save: %v, want ClassLocked", err)
		}
		if _, err := store.Delete(t.Context(), saved.ID); keyring.ClassOf(err) != keyring.ClassLocked {
			t.Errorf("delete: %v, want ClassLocked", err)
		}
		if n := len(mustList(t, store)); n != 2 {
			t.Errorf("%d profiles are listed, want 2", n)
		}
	})

	t.Run("unlocked again", func(t *testing.T) {
		service.Unlock(keys)
		if got, err := openReal(t, dir).Load(t.Context(), saved); err != nil || got.Token.Reveal() != canaryToken {
			t.Errorf("load: %v, or another token", err)
		}
	})

	t.Run("frozen", func(t *testing.T) {
		thaw := service.Freeze()
		impatient := profile.Open(profile.Options{Dir: dir, Keyring: keyring.System(), InteractiveTimeout: 300 * time.Millisecond, BackgroundTimeout: 300 * time.Millisecond})
		_, err := impatient.Load(t.Context(), saved)
		state := impatient.State(t.Context())
		thaw()
		if keyring.ClassOf(err) != keyring.ClassNoAnswer || state != keyring.Unresponsive {
			t.Errorf("frozen: load %v, state %s; want ClassNoAnswer and unresponsive", err, state)
		}
		if _, err := openReal(t, dir).Load(t.Context(), saved); err != nil {
			t.Errorf("load after the thaw: %v", err)
		}
	})

	t.Run("the list is made again from the keyring", func(t *testing.T) {
		if err := os.WriteFile(dir+"/profiles.json", []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		again := openReal(t, dir)
		before := []string{saved.ID, unusual.ID}
		if done, err := again.Rebuild(t.Context()); err != nil || done.Found != 2 {
			t.Fatalf("rebuild: %+v, %v; want 2 found", done, err)
		}
		for _, p := range mustList(t, again) {
			if !slices.Contains(before, p.ID) {
				t.Errorf("%s is listed, and was never saved", p.ID)
			}
		}
	})

	t.Run("deleted", func(t *testing.T) {
		again := openReal(t, dir)
		for _, id := range []string{saved.ID, unusual.ID} {
			if _, err := again.Delete(t.Context(), id); err != nil {
				t.Errorf("delete: %v", err)
			}
		}
		if names, err := keyring.System().List(); err == nil && len(names) != 0 {
			t.Errorf("the keyring still holds %v", names)
		}
	})
}

func TestNoSessionBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	begin := time.Now()
	store := openReal(t, t.TempDir())
	if state := store.State(t.Context()); state != keyring.NoBus {
		t.Errorf("the state is %s, want no-bus", state)
	}
	if _, err := store.Save(t.Context(), sete, secrets); keyring.ClassOf(err) != keyring.ClassUnavailable {
		t.Errorf("save: %v, want ClassUnavailable", err)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("no session bus took %v to find out", took)
	}
}
