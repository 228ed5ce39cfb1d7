package profile_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

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

// TestOrder: favourites first, then as the order says, then by name.
func TestOrder(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	of := func(name, port string, favourite bool, check profile.Verdict, checked time.Time) profile.Profile {
		return profile.Profile{ID: name, Name: name, PortCode: port, Favourite: favourite, Check: check, Checked: checked}
	}
	list := []profile.Profile{
		of("Été", "ccc", false, profile.Accepted, day(2)),
		of("agde", "BBB", false, "", time.Time{}),
		of("Zurich", "zzz", true, profile.Accepted, day(9)),
		of("Brest", "AAA", false, profile.Refused, day(5)),
		of("Calais", "AAA", false, profile.OtherPort, day(4)),
		of("Dieppe", "ddd", false, profile.Accepted, day(1)),
	}
	for order, want := range map[profile.Order]string{
		profile.ByName:  "Zurich agde Brest Calais Dieppe Été",
		profile.ByPort:  "Zurich Brest Calais agde Été Dieppe",
		profile.ByCheck: "Zurich Calais Brest agde Dieppe Été",
	} {
		sorted := slices.Clone(list)
		order.Sort(sorted)
		var names []string
		for _, p := range sorted {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q: %s, want %s", order, got, want)
		}
	}
}
