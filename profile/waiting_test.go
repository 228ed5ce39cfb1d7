package profile_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// What may change while a call waits for the keyring or for another program.

// renew makes an edit that replaces the token.
func renew(token string) profile.EditFunc {
	return func(_ *profile.Profile, s *profile.Secrets) error {
		s.Token = authclient.NewSecret(token)
		return nil
	}
}

// TestAbandonedWriteKeepsTheLock: another program that saves meanwhile waits, so that the
// write that is still under way cannot land over what was saved later.
func TestAbandonedWriteKeepsTheLock(t *testing.T) {
	for name, write := range map[string]func(context.Context, *profile.Store, string) error{
		"save": func(ctx context.Context, s *profile.Store, id string) error {
			_, err := s.Edit(ctx, id, renew("FROM-THE-FIRST"))
			return err
		},
		"delete": func(ctx context.Context, s *profile.Store, id string) error {
			_, err := s.Delete(ctx, id)
			return err
		},
	} {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			ring := &profiletest.Ring{}
			first, second := profile.Open(profile.Options{Dir: dir, Keyring: ring}), profile.Open(profile.Options{Dir: dir, Keyring: ring})
			defer first.Close()
			defer second.Close()
			saved := mustSave(t, first, sete)
			thaw := make(chan struct{})
			ring.Change(profiletest.Faults{Before: func(call, _ string) {
				if call == "set" || call == "delete" {
					<-thaw
				}
			}})
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			if err := write(ctx, first, saved.ID); keyring.ClassOf(err) != keyring.ClassUnknown {
				t.Fatalf("%s, cancelled: %v, want ClassUnknown", name, err)
			}
			ring.Change(profiletest.Faults{}) // the hanging write hangs on
			if _, err := second.Edit(t.Context(), saved.ID, renew("TOO-EARLY")); keyring.ClassOf(err) != profile.ClassBusy {
				t.Errorf("%s: another program's save while the write hangs: %v, want ClassBusy", name, err)
			}
			close(thaw)
			synctest.Wait()
			begin := time.Now()
			p, err := second.Put(t.Context(), sete, renew("FROM-THE-SECOND"))
			if took := time.Since(begin); err != nil || took > time.Second {
				t.Fatalf("%s: another program's save once the write has ended: %v after %v", name, err, took)
			}
			synctest.Wait()
			if got, err := second.Load(t.Context(), p); err != nil || got.Token.Reveal() != "FROM-THE-SECOND" {
				t.Errorf("%s: the saved token is gone, %v", name, err)
			}
		})
	}
}

// TestDeletionThatFailsLateCanBeRestored: the item may be gone, and its secrets are in the
// Deletion alone.
func TestDeletionThatFailsLateCanBeRestored(t *testing.T) {
	t.Run("cancelled", func(t *testing.T) {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			ring := &profiletest.Ring{}
			store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
			defer store.Close()
			saved := mustSave(t, store, sete)
			thaw := make(chan struct{})
			ring.Change(profiletest.Faults{Before: func(call, _ string) {
				if call == "delete" {
					<-thaw
				}
			}})
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			deleted, err := store.Delete(ctx, saved.ID)
			if keyring.ClassOf(err) != keyring.ClassUnknown {
				t.Errorf("a cancelled deletion: %v, want ClassUnknown", err)
			}
			ring.Change(profiletest.Faults{})
			close(thaw)
			synctest.Wait()
			if _, err := store.Load(t.Context(), saved); keyring.ClassOf(err) != keyring.ClassMissing {
				t.Fatalf("the item is still there: %v", err)
			}
			mustRestore(t, store, deleted)
		})
	})
	t.Run("the list cannot be replaced", func(t *testing.T) {
		store, ring, dir := newStore(t)
		saved := mustSave(t, store, sete)
		index := filepath.Join(dir, "profiles.json")
		content, err := os.ReadFile(index)
		if err != nil {
			t.Fatal(err)
		}
		ring.Change(profiletest.Faults{Before: func(call, _ string) {
			if call == "delete" {
				if err := errors.Join(os.Remove(index), os.MkdirAll(filepath.Join(index, "x"), 0o700)); err != nil {
					t.Error(err)
				}
			}
		}})
		deleted, err := store.Delete(t.Context(), saved.ID)
		if keyring.ClassOf(err) != profile.ClassList || len(ring.Items()) != 0 {
			t.Fatalf("%v, and %d items; want ClassList and none", err, len(ring.Items()))
		}
		ring.Change(profiletest.Faults{})
		if err := errors.Join(os.RemoveAll(index), os.WriteFile(index, content, 0o600)); err != nil {
			t.Fatal(err)
		}
		mustRestore(t, store, deleted)
	})
	t.Run("nothing was deleted", func(t *testing.T) {
		store, ring, _ := newStore(t)
		saved := mustSave(t, store, sete)
		ring.Change(profiletest.Faults{Delete: errLocked})
		if deleted, err := store.Delete(t.Context(), saved.ID); err == nil || deleted.Profile.ID != "" {
			t.Errorf("%v, and there is a deletion to undo", err)
		}
	})
}

func mustRestore(t *testing.T, store *profile.Store, deleted profile.Deletion) {
	t.Helper()
	back, err := store.Restore(t.Context(), deleted)
	if err != nil {
		t.Fatalf("restore: %v", err)
	}
	if got, err := store.Load(t.Context(), back); err != nil || !got.Token.Equal(secrets.Token) || !got.Password.Equal(secrets.Password) {
		t.Errorf("load after restore: %v, or other secrets", err)
	}
	if n := len(mustList(t, store)); n != 1 {
		t.Errorf("the list has %d profiles, want 1", n)
	}
}

// TestLockIsOnTheFileThatIsThere: a program that waits for a lock file which is then
// deleted does not take it for the lock.
func TestLockIsOnTheFileThatIsThere(t *testing.T) {
	first, ring, dir := newStore(t)
	saved := mustSave(t, first, sete)
	second := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	third := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	editing, goOn := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := first.DeleteAll(t.Context()); err != nil {
			t.Errorf("delete all: %v", err)
		}
	})
	all.Wait()
	if _, err := os.Stat(filepath.Join(dir, "profiles.json.lock")); !os.IsNotExist(err) {
		t.Fatalf("the lock file is still there: %v", err)
	}
	all.Go(func() {
		_, err := second.Put(t.Context(), sete, func(_ *profile.Profile, s *profile.Secrets) error {
			close(editing)
			<-goOn
			*s = secrets
			return nil
		})
		if err != nil {
			t.Errorf("save: %v", err)
		}
	})
	<-editing
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := third.DeleteAll(ctx); keyring.ClassOf(err) != profile.ClassBusy {
		t.Errorf("delete all while another program saves: %v, want ClassBusy", err)
	}
	if _, err := third.Rebuild(ctx); keyring.ClassOf(err) != profile.ClassBusy {
		t.Errorf("rebuild while another program saves: %v, want ClassBusy", err)
	}
	close(goOn)
	all.Wait()
	if list := mustList(t, second); len(list) != 1 || list[0].ID == saved.ID || len(ring.Items()) != 1 {
		t.Errorf("the list has %+v, the keyring %d items; want the profile that was saved", list, len(ring.Items()))
	}
}

// TestDeleteAllKeepsTheSessionAfterAnError: what could not be deleted is still listed.
func TestDeleteAllKeepsTheSessionAfterAnError(t *testing.T) {
	store, ring, _ := newStore(t)
	profiletest.Save(t, store.Session(), sete, secrets)
	ring.Change(profiletest.Faults{List: errLocked})
	if _, err := store.DeleteAll(t.Context()); err == nil || len(mustList(t, store)) != 1 {
		t.Errorf("%v, and the list has %d profiles, want 1", err, len(mustList(t, store)))
	}
}

// TestEditDuringSaveSession: an edit of a profile that is being moved into the keyring is
// kept.
func TestEditDuringSaveSession(t *testing.T) {
	store, ring, _ := newStore(t)
	kept := profiletest.Save(t, store.Session(), sete, secrets)
	reached, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	ring.Change(profiletest.Faults{Before: func(call, _ string) {
		if call == "set" {
			once.Do(func() { close(reached); <-goOn })
		}
	}})
	var all sync.WaitGroup
	all.Go(func() {
		if n, err := store.SaveSession(t.Context()); n != 1 || err != nil {
			t.Errorf("%d saved, %v", n, err)
		}
	})
	<-reached
	all.Go(func() {
		_, err := store.Edit(t.Context(), kept.ID, func(p *profile.Profile, s *profile.Secrets) error {
			p.Note, s.Token = "meanwhile", authclient.NewSecret("TOKEN-OF-MEANWHILE")
			return nil
		})
		if err != nil {
			t.Errorf("edit: %v", err)
		}
	})
	close(goOn)
	all.Wait()
	list := mustList(t, store)
	if len(list) != 1 || list[0].Session || list[0].Note != "meanwhile" {
		t.Fatalf("the list is %+v, want the edited profile", list)
	}
	if got, err := store.Load(t.Context(), list[0]); err != nil || got.Token.Reveal() != "TOKEN-OF-MEANWHILE" {
		t.Errorf("the token of the edit is lost, %v", err)
	}
}

// TestSessionProfileIsListedOnce also after a save of which nobody knows whether it was
// done, until it is saved or deleted.
func TestSessionProfileIsListedOnce(t *testing.T) {
	for _, end := range []string{"save", "delete"} {
		store, ring, _ := newStore(t)
		kept := profiletest.Save(t, store.Session(), sete, secrets)
		ring.Change(profiletest.Faults{LateError: errNoReply, Get: errNoReply})
		if _, err := store.SaveSession(t.Context()); keyring.ClassOf(err) != keyring.ClassUnknown {
			t.Fatalf("save: %v, want ClassUnknown", err)
		}
		if list := mustList(t, store); len(list) != 1 || !list[0].Session {
			t.Errorf("the list is %+v, want the profile of the session", list)
		}
		ring.Change(profiletest.Faults{})
		want := 0
		if end == "save" {
			want = 1
			if n, err := store.SaveSession(t.Context()); n != 1 || err != nil {
				t.Errorf("save again: %d, %v", n, err)
			}
		} else if _, err := store.Delete(t.Context(), kept.ID); err != nil {
			t.Errorf("delete: %v", err)
		}
		list := mustList(t, store)
		if len(list) != want || len(ring.Items()) != want || slices.ContainsFunc(list, func(p profile.Profile) bool { return p.Session }) {
			t.Errorf("after %s: the list is %+v, the keyring has %d items; want %d", end, list, len(ring.Items()), want)
		}
	}
}

// TestErasePasswordsReadsTheKeyring: the list may say that there is none, after a crash
// between the list and the item, and an item may not be listed.
func TestErasePasswordsReadsTheKeyring(t *testing.T) {
	store, ring, dir := newStore(t)
	saved := mustSave(t, store, sete)
	other := saved
	other.ID, other.PortCode = "mtp-15-aaaaaa", "MTP"
	item, err := profile.EncodeItem(other, secrets)
	if err != nil {
		t.Fatal(err)
	}
	ring.Put(other.ID, item.Text)
	ring.Put("foreign", "not a profile")
	saved.HasPassword = false
	content, err := profile.EncodeIndex([]profile.Profile{saved})
	if err != nil {
		t.Fatal(err)
	}
	profiletest.WriteIndex(t, dir, content)
	next := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
	if erased, err := next.ErasePasswords(t.Context()); erased != 2 || err != nil {
		t.Errorf("%d erased, %v; want 2", erased, err)
	}
	for name, text := range ring.Items() {
		if _, s, err := profile.DecodeItem(text); err == nil && (!s.Password.IsZero() || !s.Token.Equal(secrets.Token)) {
			t.Errorf("%s has a password, or another token", name)
		}
	}
	if erased, err := next.ErasePasswords(t.Context()); erased != 0 || err != nil {
		t.Errorf("once more: %d erased, %v; want 0", erased, err)
	}
}

// TestErasedPasswordsAreNotReadAgain until somebody saves one.
func TestErasedPasswordsAreNotReadAgain(t *testing.T) {
	store, ring, dir := newStore(t)
	mustSave(t, store, sete)
	strict := profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: true})
	erase := func(want int, reads bool) {
		t.Helper()
		calls := ring.Calls()
		if erased, err := strict.ErasePasswords(t.Context()); erased != want || err != nil {
			t.Errorf("%d erased, %v; want %d", erased, err, want)
		}
		if read := ring.Calls() > calls; read != reads {
			t.Errorf("the keyring is read: %v, want %v", read, reads)
		}
	}
	erase(1, true)
	erase(0, false)
	p := sete
	p.PortCode = "MTP"
	if _, err := store.Save(t.Context(), p, profile.Secrets{Token: secrets.Token}); err != nil {
		t.Fatal(err)
	}
	erase(0, false)
	p.PortCode = "AGD"
	mustSave(t, store, p) // another program, without the policy
	erase(1, true)
	erase(0, false)
}

// TestRebuildLeavesARunningSelfTest: the item of a self-test of another window stays.
func TestRebuildLeavesARunningSelfTest(t *testing.T) {
	store, ring, dir := newStore(t)
	other := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	var once sync.Once
	ring.Change(profiletest.Faults{Before: func(call, _ string) {
		if call == "get" {
			once.Do(func() {
				ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
				defer cancel()
				if _, err := other.Rebuild(ctx); keyring.ClassOf(err) != profile.ClassBusy {
					t.Errorf("rebuild during a self-test: %v, want ClassBusy", err)
				}
			})
		}
	}})
	if err := store.SelfTest(t.Context(), func(keyring.SelfTestStep) {}); err != nil {
		t.Errorf("a keyring that works fails its test: %v", err)
	}
}
