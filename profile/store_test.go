package profile_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/godbus/dbus/v5"

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
	dir, ring := t.TempDir(), &profiletest.Ring{Behind: behind(t)}
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

// TestFaults: what each failure of the keyring is called, and what it leaves.
func TestFaults(t *testing.T) {
	var (
		cancelled = dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
		isLocked  = dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
		noReply   = dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}
		noService = dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}
		timedOut  = dbus.Error{Name: "org.freedesktop.DBus.Error.TimedOut"}
	)
	for _, c := range []struct {
		name   string
		faults profiletest.Faults
		save   keyring.Class // "" means saved
		listed int
		items  int
	}{
		{name: "works", listed: 1, items: 1},
		{name: "locked or cancelled", faults: profiletest.Faults{Set: cancelled}, save: keyring.ClassLocked},
		{name: "locked", faults: profiletest.Faults{Set: isLocked}, save: keyring.ClassLocked},
		{name: "dismissed in silence", faults: profiletest.Faults{Silent: true}, save: keyring.ClassNotKept},
		{name: "too big", faults: profiletest.Faults{Set: &keyring.Error{Class: keyring.ClassTooBig}}, save: keyring.ClassTooBig},
		{name: "no service", faults: profiletest.Faults{Set: noService}, save: keyring.ClassUnavailable},
		{name: "service never comes", faults: profiletest.Faults{Set: timedOut}, save: keyring.ClassUnavailable},
		{name: "died before", faults: profiletest.Faults{Set: noReply}, save: keyring.ClassUnknown, listed: 1},
		{name: "died after", faults: profiletest.Faults{LateError: noReply}, listed: 1, items: 1},
		{name: "panic", faults: profiletest.Faults{Panic: true}, save: keyring.ClassUnknown, listed: 1},
		{name: "unreadable", faults: profiletest.Faults{Get: isLocked}, save: keyring.ClassUnknown, listed: 1, items: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, ring, _ := newStore(t)
			ring.Change(c.faults)
			saved, err := store.Save(t.Context(), sete, secrets)
			if keyring.ClassOf(err) != c.save || c.save == "" && err != nil {
				t.Fatalf("save: %v, want %v", err, c.save)
			}
			if err != nil && strings.Contains(err.Error(), "CANARY") {
				t.Errorf("the error holds a secret: %v", err)
			}
			if n := len(mustList(t, store)); n != c.listed {
				t.Errorf("%d profiles are listed, want %d", n, c.listed)
			}
			if n := len(ring.Items()); n != c.items {
				t.Errorf("the keyring has %d items, want %d", n, c.items)
			}
			ring.Change(profiletest.Faults{})
			if c.save == "" {
				return
			}
			again := sete
			if c.save == keyring.ClassUnknown {
				again.ID = saved.ID
			}
			if _, err := store.Save(t.Context(), again, secrets); err != nil {
				t.Errorf("saving again when the keyring works: %v", err)
			}
		})
	}
}

// TestReplaceThatFailsKeepsTheOld: neither the item nor its line in the list changes.
func TestReplaceThatFailsKeepsTheOld(t *testing.T) {
	for name, faults := range map[string]profiletest.Faults{
		"locked":               {Set: dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}},
		"dismissed in silence": {Silent: true},
	} {
		store, ring, _ := newStore(t)
		saved := mustSave(t, store, sete)
		ring.Change(faults)
		renamed := saved
		renamed.Name = "Autre nom"
		if _, err := store.Save(t.Context(), renamed, profile.Secrets{Token: authclient.NewSecret("other")}); keyring.ClassOf(err) != keyring.ClassLocked && keyring.ClassOf(err) != keyring.ClassNotKept {
			t.Fatalf("%s: save: %v, want that nothing was done", name, err)
		}
		if got := mustList(t, store)[0]; got != saved {
			t.Errorf("%s: the list has %+v, want %+v", name, got, saved)
		}
		if got, err := store.Load(t.Context(), saved); err != nil || got.Token.Reveal() != canaryToken {
			t.Errorf("%s: the old token is gone: %v", name, err)
		}
	}
}

func TestDeleteUnderFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		faults profiletest.Faults
		want   keyring.Class
	}{
		{"locked", profiletest.Faults{Get: dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}}, keyring.ClassLocked},
		{"dismissed in silence", profiletest.Faults{Silent: true}, keyring.ClassNotKept},
		{"no service", profiletest.Faults{Delete: dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}}, keyring.ClassUnavailable},
		{"died before", profiletest.Faults{Delete: dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}}, keyring.ClassUnknown},
		{"died after", profiletest.Faults{LateError: dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, ring, _ := newStore(t)
			saved := mustSave(t, store, sete)
			ring.Change(c.faults)
			_, err := store.Delete(t.Context(), saved.ID)
			if keyring.ClassOf(err) != c.want || c.want == "" && err != nil {
				t.Fatalf("delete: %v, want %v", err, c.want)
			}
			left := 1
			if c.want == "" {
				left = 0
			}
			if listed, items := len(mustList(t, store)), len(ring.Items()); listed != left || items != left {
				t.Errorf("%d listed, %d items, want %d of each", listed, items, left)
			}
		})
	}
	t.Run("item left empty", func(t *testing.T) { // by a keyring killed while it made it
		store, ring, _ := newStore(t)
		saved := mustSave(t, store, sete)
		ring.Put(saved.ID, "")
		if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing {
			t.Errorf("load: %v, want ClassMissing", err)
		}
		if _, err := store.Delete(t.Context(), saved.ID); err != nil || len(ring.Items()) != 0 {
			t.Errorf("delete: %v, %d items", err, len(ring.Items()))
		}
	})
	t.Run("item already gone", func(t *testing.T) {
		store, ring, _ := newStore(t)
		saved := mustSave(t, store, sete)
		if err := ring.Delete(saved.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing {
			t.Errorf("load: %v, want ClassMissing", err)
		}
		removed, err := store.Delete(t.Context(), saved.ID)
		if err != nil || len(mustList(t, store)) != 0 {
			t.Fatalf("delete: %v", err)
		}
		if _, err := store.Restore(t.Context(), removed); err != nil || len(mustList(t, store)) != 1 || len(ring.Items()) != 0 {
			t.Errorf("restore: %v", err)
		}
	})
}

// TestFrozenKeyring: a call ends at its limit, and what it left is named.
func TestFrozenKeyring(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		ring := &profiletest.Ring{}
		store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
		saved := mustSave(t, store, sete)
		thaw := make(chan struct{})
		ring.Change(profiletest.Faults{Block: thaw})

		begin := time.Now()
		if state := store.State(t.Context()); state != keyring.Unresponsive {
			t.Errorf("a frozen keyring is %s, want unresponsive", state)
		}
		if took := time.Since(begin); took != keyring.BackgroundTimeout {
			t.Errorf("a silent call took %v, want %v", took, keyring.BackgroundTimeout)
		}
		begin = time.Now()
		if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassNoAnswer {
			t.Errorf("load: %v, want ClassNoAnswer", err)
		}
		if took := time.Since(begin); took != keyring.BackgroundTimeout {
			t.Errorf("a call behind one that is stuck took %v, want %v", took, keyring.BackgroundTimeout)
		}
		other := profile.Open(profile.Options{Dir: dir, Keyring: ring})
		defer other.Close()
		begin = time.Now()
		if _, err := other.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassNoAnswer {
			t.Errorf("load: %v, want ClassNoAnswer", err)
		}
		if took := time.Since(begin); took != keyring.InteractiveTimeout {
			t.Errorf("an asked call took %v, want %v", took, keyring.InteractiveTimeout)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := store.Save(ctx, saved, secrets); keyring.ClassOf(err) != profile.ClassBusy && keyring.ClassOf(err) != keyring.ClassNoAnswer || !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled save that never began: %v, want nothing done and the cancellation", err)
		}
		close(thaw)
		ring.Change(profiletest.Faults{})
		synctest.Wait()

		refreeze := make(chan struct{})
		ring.Change(profiletest.Faults{BlockSet: refreeze})
		changed := saved
		changed.Name = "Changed"
		if _, err := store.Save(t.Context(), changed, secrets); keyring.ClassOf(err) != keyring.ClassUnknown {
			t.Errorf("a save that froze: %v, want ClassUnknown", err)
		}
		close(refreeze)
		ring.Change(profiletest.Faults{})
		synctest.Wait()
		if got, err := store.Load(t.Context(), saved); err != nil || !got.Token.Equal(secrets.Token) {
			t.Errorf("load after the thaw: %v", err)
		}
		store.Close()
	})
}

// TestStuckReadIsAbandoned: after the interactive limit another call runs beside a read
// that hangs; never beside a write, which could overwrite what was written since.
func TestStuckReadIsAbandoned(t *testing.T) {
	for _, writes := range []bool{false, true} {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			ring := &profiletest.Ring{}
			store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
			defer store.Close()
			saved := mustSave(t, store, sete)
			thaw := make(chan struct{})
			defer close(thaw)
			if writes {
				ring.Change(profiletest.Faults{BlockSet: thaw})
				if _, err := store.Save(t.Context(), saved, secrets); keyring.ClassOf(err) != keyring.ClassUnknown {
					t.Fatalf("a save that hangs: %v", err)
				}
			} else {
				ring.Change(profiletest.Faults{Block: thaw})
				if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassNoAnswer {
					t.Fatalf("a load that hangs: %v", err)
				}
			}
			ring.Change(profiletest.Faults{}) // the hanging call hangs on
			if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassNoAnswer {
				t.Errorf("writes %v: at once: %v, want ClassNoAnswer", writes, err)
			}
			time.Sleep(keyring.InteractiveTimeout)
			if _, err := store.Load(t.Context(), saved); (err != nil) != writes {
				t.Errorf("writes %v: later: %v", writes, err)
			}
		})
	}
}

func TestCorruptIndexIsKeptAsideAndRebuilt(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "truncated": `{"version":1,"profiles":[{"id":"x"`, "foreign": "hello", "newer": `{"version":99,"profiles":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			store, ring, dir := newStore(t)
			saved := mustSave(t, store, sete)
			ring.Put("foreign", `{"hello":1}`)
			ring.Put("renamed", ring.Items()[saved.ID])
			path := filepath.Join(dir, "profiles.json")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := store.List(); !profile.IsBroken(err) || keyring.ClassOf(err) != profile.ClassList {
				t.Fatalf("list: %v, want a need to rebuild", err)
			}
			ring.Change(profiletest.Faults{List: dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}})
			if _, err := store.Rebuild(t.Context()); keyring.ClassOf(err) != keyring.ClassLocked {
				t.Errorf("rebuild with a locked keyring: %v, want ClassLocked", err)
			}
			if kept, err := os.ReadFile(path); err != nil || string(kept) != content {
				t.Errorf("a rebuild that failed changed the file: %q, %v", kept, err)
			}
			ring.Change(profiletest.Faults{})
			done, err := store.Rebuild(t.Context())
			if err != nil || done.Found != 1 || done.Foreign != 2 {
				t.Fatalf("rebuild: %+v, %v; want 1 found, 2 foreign", done, err)
			}
			if kept, err := os.ReadFile(done.Aside); err != nil || string(kept) != content {
				t.Errorf("the bad file was not kept: %q, %v", kept, err)
			}
			if list := mustList(t, store); len(list) != 1 || list[0] != saved {
				t.Errorf("the list is %+v, want %+v", list, saved)
			}
		})
	}
}

func TestUnwritableFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ring := &profiletest.Ring{}
	store := profile.Open(profile.Options{Dir: filepath.Join(file, "below"), Keyring: ring})
	if _, err := store.Save(t.Context(), sete, secrets); keyring.ClassOf(err) != profile.ClassList {
		t.Errorf("save: %v, want ClassList", err)
	}
	if len(ring.Items()) != 0 {
		t.Error("a secret was written that nothing lists")
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

// TestListIsNeverStale: a change by another program is seen even if the file has the
// same size and time.
func TestListIsNeverStale(t *testing.T) {
	dir, ring := t.TempDir(), &profiletest.Ring{}
	opts := profile.Options{Dir: dir, Keyring: ring, Now: func() time.Time { return time.Unix(1.7e9, 0) }}
	store := profile.Open(opts)
	saved := mustSave(t, store, sete)
	path := filepath.Join(dir, "profiles.json")
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	mustList(t, store)
	other := profile.Open(opts)
	if _, err := other.Edit(t.Context(), saved.ID, func(p *profile.Profile, _ *profile.Secrets) error { p.Name = "Port de Zète"; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, before.ModTime(), before.ModTime()); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(path); err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		t.Fatalf("the file has another size or time: %v", err)
	}
	if got := mustList(t, store)[0].Name; got != "Port de Zète" {
		t.Errorf("the list has %q, which is stale", got)
	}
	// What a caller does to the list does not change the next one.
	mustList(t, store)[0].Name = "changed"
	if got := mustList(t, store)[0].Name; got != "Port de Zète" {
		t.Errorf("the list has %q", got)
	}
}
