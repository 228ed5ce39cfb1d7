//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/cli"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestInterruptedCheck: a check that the user interrupts has the status of that, whatever it
// found before, says nothing of the keyring, and leaves no profile out of the array.
func TestInterruptedCheck(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{NewTokenEachTime: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ring, dir := &profiletest.Ring{}, t.TempDir()
	main := func(sleep func(context.Context, time.Duration), args ...string) (int, string, string) {
		var out, errs bytes.Buffer
		status := cli.Main(append(args, "--lang=en"), cli.Program{
			Stdin: bytes.NewBufferString(authtest.DemoPassword), Stdout: &out, Stderr: &errs, Sleep: sleep,
			Store: func(notice func(profile.Notice)) (*profile.Store, error) {
				return profile.Open(profile.Options{Dir: dir, Keyring: ring, Notice: notice}), nil
			},
		})
		return status, out.String(), errs.String()
	}
	login := []string{"login", "--service=" + server.URL, "--erp=15", "--password-stdin"}
	for _, port := range []string{"MTP", "SET", "AGD"} {
		if status, _, errs := main(nil, append(login, "--port="+port, "--save="+port)...); status != 0 {
			t.Fatalf("%s: status %d, %s", port, status, errs)
		}
	}
	if status, _, errs := main(nil, append(login, "--port=AGD")...); status != 0 { // the saved token is no longer accepted
		t.Fatalf("status %d, %s", status, errs)
	}
	status, out, errs := main(func(ctx context.Context, _ time.Duration) {
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			t.Error(err)
		}
		<-ctx.Done()
	}, "check", "--json", "AGD", "MTP", "SET")
	var got []struct{ Name, Outcome string }
	for line := range strings.Lines(out) {
		var each struct{ Name, Outcome string }
		if err := json.Unmarshal([]byte(line), &each); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		got = append(got, each)
	}
	want := []struct{ Name, Outcome string }{{"AGD", "refused"}, {"MTP", "not-checked"}, {"SET", "not-checked"}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %v, want %v", got, want)
	}
	if status != cli.ExitCancelled || errs != "amarre: AGD: refused by Log@pass\namarre: 2 ports still waiting\n" {
		t.Errorf("status %d, stderr %q", status, errs)
	}
}

// TestInterruptedExport writes no file, also if the user interrupts it while the file is
// being encrypted.
func TestInterruptedExport(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	ring, dir := &profiletest.Ring{}, t.TempDir()
	store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	profiletest.Save(t, store, profile.Profile{Name: "Sète", Service: "https://a.example", PortCode: "SET", ERPID: 15}, profile.Secrets{Token: authclient.NewSecret("TOKEN")})
	store.Close()
	ring.Change(profiletest.Faults{Before: func(call, _ string) {
		if call == "get" {
			if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
				t.Error(err)
			}
		}
	}})
	file := filepath.Join(t.TempDir(), "x.amarre")
	for _, output := range []string{file, "-"} {
		var out, errs bytes.Buffer
		status := cli.Main([]string{"export", "--lang=en", "--passphrase-stdin", "--output=" + output}, cli.Program{
			Stdin: bytes.NewBufferString("quatre bateaux au mouillage"), Stdout: &out, Stderr: &errs, WorkFactor: 16, // a quarter of a second
			Store: func(notice func(profile.Notice)) (*profile.Store, error) {
				return profile.Open(profile.Options{Dir: dir, Keyring: ring, Notice: notice}), nil
			},
		})
		if _, err := os.Stat(file); !os.IsNotExist(err) || status != cli.ExitCancelled || out.Len() != 0 {
			t.Errorf("to %s: status %d, %d bytes written, %q; the file: %v", output, status, out.Len(), errs.String(), err)
		}
	}
}
