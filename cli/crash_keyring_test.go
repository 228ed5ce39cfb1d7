//go:build keyring

package cli_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/keyring"
	"amarre/profile"
)

// These tests kill the program, and the keyring, in the middle of what they do.
// They use the session's real Secret Service, so they run in the throw-away
// session of .ci/with-keyring:
//
//	AMARRE_CRASHES=2000 .ci/with-keyring go test -tags keyring -timeout 60m -v -run Killed ./cli

// crashPorts is how many credentials are saved, changed and deleted.
const crashPorts = 12

// crashRig is the program, a service, and a folder for the list.
type crashRig struct {
	t       *testing.T
	binary  string
	home    string
	service *authtest.Server
	store   *profile.Store
	// known is what was acknowledged last, by port code; a profile that was never
	// saved or is deleted is not in it.
	known map[string]state
	// found are the states that a killed call left behind, for the report.
	found map[string]int
}

// state is a saved profile as it must be found.
type state struct{ name, token string }

func newCrashRig(t *testing.T) *crashRig {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "amarre")
	build := exec.Command("go", "build", "-o", binary, "amarre")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	var accounts []authtest.Account
	for n := range 600 {
		for erp := range int64(2) {
			accounts = append(accounts, authtest.Account{PortCode: port(n), PortName: port(n), ERPID: erp + 1, Password: authtest.DemoPassword})
		}
	}
	service, err := authtest.Start(accounts, authtest.Quirks{NewTokenEachTime: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	rig := &crashRig{t: t, binary: binary, home: t.TempDir(), service: service, known: map[string]state{}, found: map[string]int{}}
	rig.clean()
	rig.store = profile.Open(profile.Options{Dir: filepath.Join(rig.home, ".config", "amarre"), Keyring: keyring.System(keyring.SystemOptions{}), InteractiveTimeout: 10 * time.Second})
	t.Cleanup(rig.clean)
	return rig
}

func port(n int) string { return fmt.Sprintf("%03d", n) }

// clean empties the keyring.
func (r *crashRig) clean() {
	ring := keyring.System(keyring.SystemOptions{})
	names, _ := ring.List() // an empty one may be an error
	for _, name := range names {
		if err := ring.Delete(name); err != nil {
			r.t.Error(err)
		}
	}
}

// command prepares the program.
func (r *crashRig) command(ctx context.Context, args ...string) (*exec.Cmd, *strings.Builder) {
	cmd := exec.CommandContext(ctx, r.binary, append(args, "--lang", "en")...)
	cmd.Env = append(os.Environ(), "HOME="+r.home, "XDG_CONFIG_HOME=")
	cmd.Stdin = strings.NewReader(authtest.DemoPassword)
	var out strings.Builder
	cmd.Stdout = &out
	return cmd, &out
}

// save prepares a save under a name; it replaces the profile of the port.
func (r *crashRig) save(code, name string) (*exec.Cmd, *strings.Builder) {
	return r.command(context.Background(), "login", "--service", r.service.URL, "--port", code, "--erp", "1", "--password-stdin", "--save", name)
}

func (r *crashRig) delete(code string) (*exec.Cmd, *strings.Builder) {
	host := strings.TrimPrefix(r.service.URL, "http://")
	return r.command(context.Background(), "delete", "--yes", code+"/1@"+host)
}

// list returns the listed profiles by port code.
func (r *crashRig) list() map[string]profile.Profile {
	r.t.Helper()
	list, err := r.store.List()
	if err != nil && (profile.IsBroken(err) || !profile.NeedsRebuild(err)) {
		r.t.Fatalf("the list: %v", err)
	}
	byPort := map[string]profile.Profile{}
	for _, p := range list {
		if _, twice := byPort[p.PortCode]; twice {
			r.t.Fatalf("%s is listed twice", p.PortCode)
		}
		byPort[p.PortCode] = p
	}
	return byPort
}

// expect checks one port: it must be as it was acknowledged or, if a call on it
// was killed, as that call would have left it. What is found is what is known
// from then on.
func (r *crashRig) expect(list map[string]profile.Profile, code string, killed bool, name string) {
	r.t.Helper()
	before, wasKnown := r.known[code]
	p, listed := list[code]
	if !listed {
		if wasKnown && !(killed && name == "") {
			r.t.Fatalf("%s was acknowledged and is not listed", code)
		}
		delete(r.known, code)
		if killed && wasKnown {
			r.found["deleted"]++
		} else if killed {
			r.found["not begun"]++
		}
		return
	}
	secrets, err := r.store.Load(r.t.Context(), p)
	switch {
	case keyring.ClassOf(err) == keyring.ClassMissing && killed && (!wasKnown || name == ""):
		// A new one without its item, or one that was being deleted: shown as such.
		r.found["listed without its item"]++
		delete(r.known, code)
		return
	case err != nil:
		r.t.Fatalf("%s cannot be opened: %v", code, err)
	case !killed && !wasKnown:
		r.t.Fatalf("%s was deleted and is listed", code)
	}
	token := secrets.Token.Reveal()
	if !killed && (p.Name != before.name || token != before.token) {
		r.t.Fatalf("%s is %q with the right token: %v; want %q", code, p.Name, token == before.token, before.name)
	}
	if killed && wasKnown && p.Name != before.name && p.Name != name {
		r.t.Fatalf("%s is %q, want %q or %q", code, p.Name, before.name, name)
	}
	if killed && wasKnown && token == before.token {
		r.found["as before"]++
	} else if killed {
		r.found["as it was to be"]++
	}
	r.known[code] = state{p.Name, token}
}

// check looks at everything: every acknowledged profile is whole, and nothing is
// in the keyring that is not listed.
func (r *crashRig) check() {
	r.t.Helper()
	list := r.list()
	for n := range crashPorts {
		if p, ok := list[port(n)]; !ok || !p.Missing {
			r.expect(list, port(n), false, "")
		}
	}
	r.noOrphans(list)
}

func (r *crashRig) noOrphans(list map[string]profile.Profile) {
	r.t.Helper()
	names, err := keyring.System(keyring.SystemOptions{}).List()
	if err != nil && len(list) > 0 {
		r.t.Fatalf("list the keyring: %v", err)
	}
	for _, name := range names {
		if !slices.ContainsFunc(mapValues(list), func(p profile.Profile) bool { return p.ID == name }) {
			r.t.Fatalf("%s is in the keyring and not listed", name)
		}
	}
}

func mapValues(m map[string]profile.Profile) []profile.Profile {
	values := make([]profile.Profile, 0, len(m))
	for _, v := range m {
		values = append(values, v)
	}
	return values
}

// crashes returns how many calls are to be killed.
func crashes(t *testing.T) int {
	text := os.Getenv("AMARRE_CRASHES")
	if text == "" {
		return 200
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// calm is how often a call is left alone, to learn how long one takes here and now.
const calm = 10

// run does random saves, renames and deletions, and disturbs them with disturb at
// a random moment of the second half of what one takes: in the first the program
// starts and talks to the service. It ends after as many as are asked for have been cut off. A run in which the
// calls were always cut off before they did something proves nothing, and fails.
func (r *crashRig) run(disturb func(cmd *exec.Cmd) (restore func())) {
	r.t.Helper()
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	cut, done, acknowledged := 0, 0, 0
	var usual time.Duration // a running mean of those that were left alone
	for cut < crashes(r.t) {
		alone := done < calm || done%calm == 0
		done++
		code := port(random.IntN(crashPorts))
		name := fmt.Sprint("Port ", done)
		cmd, out := r.save(code, name)
		if _, known := r.known[code]; known && random.IntN(3) == 0 {
			name = ""
			cmd, out = r.delete(code)
		}
		begin := time.Now()
		if err := cmd.Start(); err != nil {
			r.t.Fatal(err)
		}
		restore := func() {}
		disturbed := make(chan struct{})
		when := time.Hour
		if !alone {
			when = usual/2 + time.Duration(random.Int64N(int64(usual*3/5)))
		}
		timer := time.AfterFunc(when, func() {
			restore = disturb(cmd)
			close(disturbed)
		})
		err := cmd.Wait()
		took := time.Since(begin)
		stopped := timer.Stop()
		if !stopped {
			<-disturbed
		}
		restore()
		list := r.list()
		switch {
		case alone && err != nil:
			r.t.Fatalf("a call that was left alone: %v", err)
		case alone && usual == 0:
			usual = took
		case alone:
			usual += (took - usual) / 5
		}
		if err == nil {
			acknowledged++
			if name == "" {
				delete(r.known, code)
				if p, ok := list[code]; ok {
					r.t.Fatalf("%s was deleted and is listed: %+v", code, p)
				}
			} else {
				r.known[code] = state{name, strings.TrimSpace(out.String())}
				r.expect(list, code, false, "")
			}
		} else {
			cut++
			r.expect(list, code, true, name)
		}
		r.noOrphans(list)
		if done%20 == 0 {
			r.check()
		}
	}
	r.check()
	if worked := cut - r.found["not begun"] - r.found["as before"]; worked < max(1, cut/50) {
		r.t.Errorf("of %d calls that were cut off only %d had begun to do something: %v; a call takes %v", cut, worked, r.found, usual)
	}
	r.t.Logf("%d calls, %d acknowledged, %d cut off, of which %v; a call takes %v; 0 lost, 0 orphans", done, acknowledged, cut, r.found, usual)
}

// TestProgramKilled kills the program with kill -9.
func TestProgramKilled(t *testing.T) {
	newCrashRig(t).run(func(cmd *exec.Cmd) func() {
		_ = cmd.Process.Kill() // it may have ended
		return func() {}
	})
}

// TestKeyringKilled kills the keyring with kill -9, and starts another.
func TestKeyringKilled(t *testing.T) {
	rig := newCrashRig(t)
	rig.run(func(*exec.Cmd) func() {
		if pid := keyringPID(t); pid != 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		return func() {
			for _, args := range [][]string{
				{"gnome-keyring-daemon", "--replace", "--unlock", "--components=secrets"},
				{"gdbus", "wait", "--session", "--timeout", "10", "org.freedesktop.secrets"},
			} {
				cmd := exec.Command(args[0], args[1:]...)
				cmd.Stdin = strings.NewReader("test")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v: %v\n%s", args, err, out)
				}
			}
		}
	})
}

// keyringPID returns the process that is the session's keyring, 0 if there is
// none.
func keyringPID(t *testing.T) int {
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Error(err)
		return 0
	}
	defer conn.Close()
	var pid uint32
	if err := conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, "org.freedesktop.secrets").Store(&pid); err != nil {
		return 0
	}
	return int(pid)
}

// TestTwoProcesses save at the same time, each as often as AMARRE_SAVES says.
func TestTwoProcesses(t *testing.T) {
	rig := newCrashRig(t)
	saves := 100
	if text := os.Getenv("AMARRE_SAVES"); text != "" {
		var err error
		if saves, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	var wait sync.WaitGroup
	tokens := [2][]string{}
	for process := range tokens {
		tokens[process] = make([]string, saves)
		wait.Go(func() {
			for n := range saves {
				cmd, out := rig.command(context.Background(), "login", "--service", rig.service.URL, "--port", port(n), "--erp", strconv.Itoa(process+1), "--password-stdin", "--save", "Port "+port(n))
				if err := cmd.Run(); err != nil {
					t.Errorf("process %d, save %d: %v", process, n, err)
				}
				tokens[process][n] = strings.TrimSpace(out.String())
			}
		})
	}
	wait.Wait()
	list, err := rig.store.List()
	if err != nil || len(list) != 2*saves {
		t.Fatalf("%d profiles are listed, %v; want %d", len(list), err, 2*saves)
	}
	for _, p := range list {
		n, err := strconv.Atoi(p.PortCode)
		if err != nil {
			t.Fatal(err)
		}
		if secrets, err := rig.store.Load(t.Context(), p); err != nil || !secrets.Token.Equal(authclient.NewSecret(tokens[p.ERPID-1][n])) {
			t.Errorf("%s has another token, or none: %v", p.Reference(), err)
		}
	}
	if names, err := keyring.System(keyring.SystemOptions{}).List(); err != nil || len(names) != 2*saves {
		t.Errorf("the keyring has %d items, %v; want %d", len(names), err, 2*saves)
	}
	t.Logf("two processes, %d saves each, 0 lost", saves)
}
