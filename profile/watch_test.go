package profile_test

import (
	"context"
	"crypto/rand"
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"amarre/profile"
	"amarre/profile/profiletest"
)

// watching watches the list of a store until the test ends, and returns a channel with a
// value for each change.
func watching(t *testing.T, store *profile.Store) <-chan struct{} {
	t.Helper()
	changes, ended := make(chan struct{}, 100), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer close(ended)
		store.Watch(ctx, func() { changes <- struct{}{} })
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return changes
}

// saveUntilSeen saves a new profile again and again until the watch tells of a change: it
// may not have begun yet.
func saveUntilSeen(t *testing.T, changes <-chan struct{}, store *profile.Store) {
	t.Helper()
	tick, deadline := time.NewTicker(100*time.Millisecond), time.After(10*time.Second)
	defer tick.Stop()
	for {
		select {
		case <-changes:
			return
		case <-tick.C:
			p := sete
			p.PortCode = rand.Text()[:3]
			mustSave(t, store, p)
		case <-deadline:
			t.Fatal("Watch did not tell within 10 s that another program saved a profile")
		}
	}
}

func TestWatch(t *testing.T) {
	store, ring, dir := newStore(t)
	changes := watching(t, store)
	saveUntilSeen(t, changes, profile.Open(profile.Options{Dir: dir, Keyring: ring}))
}

// TestWatchAfterDeleteAll: the folder is deleted and made anew.
func TestWatchAfterDeleteAll(t *testing.T) {
	store, ring, dir := newStore(t)
	store.PollEvery(10 * time.Millisecond)
	asked := make(chan struct{}, 1000)
	store.WatcherAsked(asked)
	other := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	changes := watching(t, store)
	saveUntilSeen(t, changes, other)
	if _, err := other.DeleteAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	for len(asked) > 0 {
		<-asked
	}
	if runtime.GOOS != "windows" {
		for range 2 { // it looks again, which must not make the folder
			select {
			case <-asked:
			case <-time.After(10 * time.Second):
				t.Fatal("Watch did not ask for a watcher again within 10 s after the folder was deleted")
			}
		}
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) && runtime.GOOS != "windows" { // where a watched folder stays
		t.Errorf("the watch has made the folder again: %v", err)
	}
	for len(changes) > 0 {
		<-changes
	}
	saveUntilSeen(t, changes, other)
}

// TestWatchWithoutTheSystem: every change is seen within a few seconds.
func TestWatchWithoutTheSystem(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		ring := &profiletest.Ring{}
		store, other := profile.Open(profile.Options{Dir: dir, Keyring: ring}), profile.Open(profile.Options{Dir: dir, Keyring: ring})
		defer store.Close()
		defer other.Close()
		store.NoWatcher()
		changes := watching(t, store)
		synctest.Wait()
		for _, code := range []string{"SET", "MTP"} {
			p := sete
			p.PortCode = code
			mustSave(t, other, p)
			time.Sleep(5 * time.Second)
			synctest.Wait()
			if len(changes) == 0 {
				t.Errorf("%s: nothing is told", code)
			}
			for len(changes) > 0 {
				<-changes
			}
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(changes) > 0 {
			t.Error("a change is told, and there was none")
		}
	})
}
