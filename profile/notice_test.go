package profile_test

import (
	"testing"
	"testing/synctest"
	"time"

	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestNotices: who waits is told for whom after half a second, and not before.
func TestNotices(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		ring := &profiletest.Ring{}
		told := make(chan profile.Notice, 10)
		store := profile.Open(profile.Options{Dir: dir, Keyring: ring, Notice: func(n profile.Notice) { told <- n }})
		other := profile.Open(profile.Options{Dir: dir, Keyring: ring})
		defer store.Close()
		defer other.Close()
		slow := func(d time.Duration) {
			ring.Change(profiletest.Faults{Before: func(call, _ string) {
				if call == "set" {
					time.Sleep(d)
				}
			}})
		}
		expect := func(what string, want ...profile.Wait) {
			t.Helper()
			synctest.Wait()
			for _, wait := range want {
				select {
				case n := <-told:
					if n.Wait != wait {
						t.Errorf("%s: told %q, want %q", what, n.Wait, wait)
					}
				default:
					t.Errorf("%s: nothing is told, want %q", what, wait)
				}
			}
			if len(told) > 0 {
				t.Errorf("%s: also told %v", what, <-told)
			}
		}
		slow(400 * time.Millisecond)
		saved := mustSave(t, store, sete)
		expect("a quick keyring")
		slow(time.Second)
		if _, err := store.Edit(t.Context(), saved.ID, renew("SECOND")); err != nil {
			t.Fatal(err)
		}
		expect("a slow keyring", profile.WaitForKeyring)
		go func() {
			if _, err := other.Edit(t.Context(), saved.ID, renew("THIRD")); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		slow(0)
		if _, err := store.Edit(t.Context(), saved.ID, renew("FOURTH")); err != nil {
			t.Fatal(err)
		}
		expect("another program", profile.WaitForProgram)
	})
}
