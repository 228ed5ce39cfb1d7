package profile_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// crashRing ends the process at the nth call, before it is done or after.
type crashRing struct {
	profiletest.FileRing
	calls *int
	at    int
	after bool
}

func (r crashRing) do(call func() error) error {
	*r.calls++
	if *r.calls == r.at && !r.after {
		kill()
	}
	err := call()
	if *r.calls == r.at && r.after {
		kill()
	}
	return err
}

// kill ends the process as kill -9 does.
func kill() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

func (r crashRing) Set(item keyring.Item) error {
	return r.do(func() error { return r.FileRing.Set(item) })
}

func (r crashRing) Get(name string) (item keyring.Item, err error) {
	err = r.do(func() error { item, err = r.FileRing.Get(name); return err })
	return item, err
}

func (r crashRing) Delete(name string) error {
	return r.do(func() error { return r.FileRing.Delete(name) })
}

func (r crashRing) List() (names []string, err error) {
	err = r.do(func() error { names, err = r.FileRing.List(); return err })
	return names, err
}

var (
	crashOld = profile.Secrets{Token: authclient.NewSecret("OLD-TOKEN")}
	crashNew = profile.Secrets{Token: authclient.NewSecret("NEW-TOKEN")}
)

// crashOps are the operations to interrupt. kept is the profile that is there before.
var crashOps = map[string]func(ctx context.Context, s *profile.Store, kept profile.Profile) error{
	"save": func(ctx context.Context, s *profile.Store, _ profile.Profile) error {
		p := sete
		p.PortCode, p.Name = "NEW", "New"
		_, err := s.Save(ctx, p, crashNew)
		return err
	},
	"edit": func(ctx context.Context, s *profile.Store, kept profile.Profile) error {
		_, err := s.Edit(ctx, kept.ID, func(p *profile.Profile, secrets *profile.Secrets) error {
			p.Name, secrets.Token = "Renamed", crashNew.Token
			return nil
		})
		return err
	},
	"put": func(ctx context.Context, s *profile.Store, kept profile.Profile) error {
		_, err := s.Import(ctx, profile.ImportStep{Action: profile.Replace, Entry: profile.Entry{
			Profile: profile.Profile{Name: "Renamed", Service: kept.Service, Environment: kept.Environment, PortCode: kept.PortCode, ERPID: kept.ERPID, Saved: kept.Saved.Add(time.Hour)}, Secrets: crashNew}})
		return err
	},
	"delete": func(ctx context.Context, s *profile.Store, kept profile.Profile) error {
		_, err := s.Delete(ctx, kept.ID)
		return err
	},
	"rebuild": func(ctx context.Context, s *profile.Store, _ profile.Profile) error {
		_, err := s.Rebuild(ctx)
		return err
	},
}

// TestCrashAtEveryCall: the program is killed at each call of the keyring, before
// it and after it. What was there is whole, and nothing is in the keyring that is
// not listed.
func TestCrashAtEveryCall(t *testing.T) {
	if op := os.Getenv("AMARRE_CRASH_OP"); op != "" {
		runAndCrash(t, op)
		return
	}
	if testing.Short() {
		t.Skip("starts a process for each call")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for op := range crashOps {
		t.Run(op, func(t *testing.T) {
			for at := 1; ; at++ {
				for _, after := range []bool{false, true} {
					dir := t.TempDir()
					ring := profiletest.FileRing{Path: filepath.Join(dir, "ring", "items.json")}
					store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
					if _, err := store.Rebuild(t.Context()); err != nil {
						t.Fatal(err)
					}
					kept, err := store.Save(t.Context(), sete, crashOld)
					if err != nil {
						t.Fatal(err)
					}
					store.Close()
					cmd := exec.Command(program, "-test.run", "^TestCrashAtEveryCall$")
					cmd.Env = append(os.Environ(), "AMARRE_CRASH_OP="+op, "AMARRE_CRASH_DIR="+dir, "AMARRE_CRASH_AT="+strconv.Itoa(at), fmt.Sprint("AMARRE_CRASH_AFTER=", after))
					out, err := cmd.CombinedOutput()
					if err == nil {
						if at == 1 {
							t.Fatalf("nothing was killed:\n%s", out)
						}
						return // it makes fewer calls
					}
					if strings.Contains(string(out), "FAIL") {
						t.Fatalf("call %d, after %v: %s", at, after, out)
					}
					checkAfterCrash(t, fmt.Sprintf("call %d, after %v", at, after), op, dir, ring, kept)
				}
			}
		})
	}
}

// runAndCrash is the process that is killed.
func runAndCrash(t *testing.T, op string) {
	at, err := strconv.Atoi(os.Getenv("AMARRE_CRASH_AT"))
	if err != nil {
		t.Fatal(err)
	}
	dir := os.Getenv("AMARRE_CRASH_DIR")
	ring := crashRing{profiletest.FileRing{Path: filepath.Join(dir, "ring", "items.json")}, new(int), at, os.Getenv("AMARRE_CRASH_AFTER") == "true"}
	store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	list, err := store.List()
	if err != nil || len(list) != 1 {
		t.Fatalf("%d profiles, %v", len(list), err)
	}
	if err := crashOps[op](t.Context(), store, list[0]); err != nil {
		t.Fatal(err)
	}
}

func checkAfterCrash(t *testing.T, when, op, dir string, ring profiletest.FileRing, kept profile.Profile) {
	t.Helper()
	store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	defer store.Close()
	list, err := store.List()
	if err != nil {
		t.Fatalf("%s: the list: %v", when, err)
	}
	listed := map[string]profile.Profile{}
	for _, p := range list {
		listed[p.ID] = p
	}
	names, err := ring.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if _, ok := listed[name]; !ok {
			t.Errorf("%s: %s is in the keyring and not listed", when, name)
		}
	}
	p, ok := listed[kept.ID]
	secrets, err := store.Load(t.Context(), p)
	switch {
	case op == "delete" && (!ok || keyring.ClassOf(err) == keyring.ClassMissing):
	case !ok || err != nil:
		t.Errorf("%s: the profile that was there is gone: listed %v, %v", when, ok, err)
	case !secrets.Token.Equal(crashOld.Token) && !secrets.Token.Equal(crashNew.Token):
		t.Errorf("%s: the profile has another token", when)
	}
	// The same again succeeds, and leaves everything whole.
	if op == "delete" && !ok {
		return
	}
	for _, p := range list {
		if p.PortCode == "NEW" { // cut off while it was new: removed, or saved over
			if _, err := store.Delete(t.Context(), p.ID); err != nil {
				t.Errorf("%s: remove what was cut off: %v", when, err)
			}
		}
	}
	if err := crashOps[op](t.Context(), store, p); err != nil {
		t.Errorf("%s: the same again: %v", when, err)
	}
}
