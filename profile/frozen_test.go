package profile_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

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
