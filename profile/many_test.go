package profile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestManyAreDeletedAndRestored: the list is not written once for each profile. 1,000 of
// 10,000 took a minute then.
func TestManyAreDeletedAndRestored(t *testing.T) {
	store, ring, dir := newStoreInMemory(t)
	var list []profile.Profile
	var ids []string
	for i := range 10_000 {
		p := sete
		p.ID, p.PortCode, p.ERPID, p.TokenSet = fmt.Sprintf("set-%d", i), "SET", int64(i+1), time.Unix(1e9, 0).UTC()
		p.Saved = p.TokenSet
		list = append(list, p)
		if i%10 == 0 {
			item, err := profile.EncodeItem(p, profile.Secrets{Token: authclient.NewSecret("TOKEN")})
			if err != nil {
				t.Fatal(err)
			}
			ring.Put(p.ID, item.Text)
			ids = append(ids, p.ID)
		}
	}
	content, err := profile.EncodeIndex(list)
	if err != nil {
		t.Fatal(err)
	}
	profiletest.WriteIndex(t, dir, content)
	// unwritten fails if the list is written between the first and the last such call.
	unwritten := func(on string) {
		var first os.FileInfo
		ring.Change(profiletest.Faults{Before: func(call, _ string) {
			info, err := os.Stat(filepath.Join(dir, "profiles.json"))
			if call != on || err != nil {
				return
			}
			if first == nil {
				first = info
			} else if !os.SameFile(first, info) {
				t.Errorf("the list is written between two calls of %s", on)
			}
		}})
	}
	unwritten("delete")
	calls := ring.Calls()
	deleted, _, err := store.DeleteMany(t.Context(), ids)
	if err != nil || len(deleted) != 1000 || len(ring.Items()) != 0 {
		t.Fatalf("%d deleted, %v; %d items are left", len(deleted), err, len(ring.Items()))
	}
	if n := ring.Calls() - calls; n != 3*1000 { // read for undo, delete, look
		t.Errorf("%d calls, want 3,000", n)
	}
	if n := len(mustList(t, store)); n != 9000 {
		t.Errorf("the list has %d profiles", n)
	}
	unwritten("set")
	restored, err := store.RestoreMany(t.Context(), deleted)
	if err != nil || len(restored) != 1000 || len(ring.Items()) != 1000 || len(mustList(t, store)) != 10_000 {
		t.Errorf("%d restored, %v", len(restored), err)
	}
}

// TestManyStopAtTheFirstError: what was done is returned and is so in the list.
func TestManyStopAtTheFirstError(t *testing.T) {
	store, ring, _ := newStore(t)
	var ids []string
	for _, code := range []string{"AAA", "BBB", "CCC"} {
		p := sete
		p.PortCode = code
		ids = append(ids, mustSave(t, store, p).ID)
	}
	fail := func(on string) profiletest.Faults {
		n := 0
		return profiletest.Faults{Before: func(call, name string) {
			if call == on {
				if n++; n == 2 {
					ring.Change(profiletest.Faults{Delete: errLocked, Set: errLocked})
				}
			}
		}}
	}
	ring.Change(fail("get")) // the second of the first profile: before its deletion is looked at
	deleted, _, err := store.DeleteMany(t.Context(), ids)
	if keyring.ClassOf(err) != keyring.ClassLocked || len(deleted) != 1 || len(ring.Items()) != 2 || len(mustList(t, store)) != 2 {
		t.Errorf("%d deleted, %v; %d items, %d profiles; want 1, 2 and 2", len(deleted), err, len(ring.Items()), len(mustList(t, store)))
	}
	ring.Change(profiletest.Faults{})
	more, _, err := store.DeleteMany(t.Context(), ids[1:])
	if deleted = append(deleted, more...); err != nil || len(deleted) != 3 || len(mustList(t, store)) != 0 {
		t.Fatalf("the rest: %d, %v", len(more), err)
	}
	ring.Change(fail("get"))
	restored, err := store.RestoreMany(t.Context(), deleted)
	if err == nil || len(restored) != 2 || len(ring.Items()) != 2 || len(mustList(t, store)) != 2 {
		t.Errorf("%d restored, %v; %d items, %d profiles; want 2", len(restored), err, len(ring.Items()), len(mustList(t, store)))
	}
}
