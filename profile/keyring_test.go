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

// behind returns what keeps the items of the tests: the real keyring, emptied.
func behind(t *testing.T) keyring.Backend {
	t.Helper()
	servicetest.Open(t)
	return keyring.System(keyring.SystemOptions{})
}

func openReal(t *testing.T, dir string) *profile.Store {
	t.Helper()
	store := profile.Open(profile.Options{Dir: dir, Keyring: keyring.System(keyring.SystemOptions{}), InteractiveTimeout: 5 * time.Second})
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
		if service.Provider == servicetest.KeePassXC { // its dialog stays open after its prompt
			t.Cleanup(func() { service.Kill(); service.Start() })
		}
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
		impatient := profile.Open(profile.Options{Dir: dir, Keyring: keyring.System(keyring.SystemOptions{}), InteractiveTimeout: 300 * time.Millisecond, BackgroundTimeout: 300 * time.Millisecond})
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
		if names, err := keyring.System(keyring.SystemOptions{}).List(); err == nil && len(names) != 0 {
			t.Errorf("the keyring still holds %v", names)
		}
	})
}

// TestPlaceholdersAreKept: KeePassXC replaces {USERNAME} and its like in an item's text.
func TestPlaceholdersAreKept(t *testing.T) {
	service := servicetest.Open(t)
	dir := t.TempDir()
	store := openReal(t, dir)
	for i, text := range []string{"{USERNAME}", "Port {TITLE} de {URL}", "{REF:P@T:Amarre}", "{ }", "{{DB_DIR}}"} {
		p := sete
		p.PortCode, p.ERPID, p.Name, p.ERP, p.Note = "PLH", int64(i+1), text, "ERP "+text, text+" "+text
		saved, err := store.Save(t.Context(), p, secrets)
		if err != nil {
			t.Errorf("save %s: %v", text, err)
			continue
		}
		if got, err := openReal(t, dir).Load(t.Context(), saved); err != nil || got.Token.Reveal() != canaryToken {
			t.Errorf("load %s: %v, or another token", text, err)
		}
	}
	list := mustList(t, store)
	if n := len(service.Items(service.Default())); n != len(list) {
		t.Errorf("there are %d items and %d profiles", n, len(list))
	}
	again := openReal(t, t.TempDir()) // has the texts from the items
	if _, err := again.Rebuild(t.Context()); err != nil {
		t.Errorf("rebuild: %v", err)
	}
	for _, want := range list {
		if !slices.ContainsFunc(mustList(t, again), func(p profile.Profile) bool {
			return p.ERPID == want.ERPID && p.Name == want.Name && p.ERP == want.ERP && p.Note == want.Note
		}) {
			t.Errorf("%q is not what the keyring gives back", want.Name)
		}
	}
}

// TestClosedDatabase: a profile whose item is in a database that is closed, or a wallet
// that is locked, is neither missing nor deleted.
func TestClosedDatabase(t *testing.T) {
	service := servicetest.Open(t)
	first, second := service.Default(), service.Second()
	dir := t.TempDir()
	saved := mustSave(t, openReal(t, dir), sete)
	it := service.Items(first)[0]
	service.Copy(it, second)
	service.Remove(it)
	if got, err := openReal(t, dir).Load(t.Context(), saved); err != nil || got.Token.Reveal() != canaryToken {
		t.Errorf("load from the second database: %v, or another token", err)
	}
	service.Close(second, first)
	t.Run("closed", func(t *testing.T) {
		service.DismissPrompts(t)
		store := openReal(t, dir)
		if _, err := store.Load(t.Context(), saved); err == nil || keyring.ClassOf(err) == keyring.ClassMissing {
			t.Errorf("load: %v, want another error than that it is missing", err)
		}
		if _, err := store.Delete(t.Context(), saved.ID); err == nil {
			t.Error("the deletion is a success")
		}
		if deleted, err := store.DeleteAll(t.Context()); err == nil {
			t.Errorf("the deletion of all is a success: %d deleted", deleted)
		}
		if list := mustList(t, store); len(list) != 1 || list[0].Missing {
			t.Errorf("the list is %+v, want the profile", list)
		}
	})
	service.Open(second)
	store := openReal(t, dir)
	if got, err := store.Load(t.Context(), saved); err != nil || got.Token.Reveal() != canaryToken {
		t.Errorf("load when it is open again: %v, or another token", err)
	}
	if _, err := store.DeleteAll(t.Context()); err != nil {
		t.Errorf("delete: %v", err)
	}
	if left := append(service.Items(first), service.Items(second)...); len(left) != 0 {
		t.Errorf("after the deletion there is %v", left)
	}
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
