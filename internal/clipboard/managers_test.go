//go:build e2e && unix && !darwin

package clipboard

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"amarre/authclient"
	"amarre/internal/displaytest"
)

// manager is a clipboard manager. Each of its programs is started.
type manager struct {
	programs [][]string
	primary  bool // it copies what is on the clipboard into PRIMARY too
}

var realManagers = map[string]manager{
	"xfce4-clipman": {programs: [][]string{{"xfce4-clipman"}}},
	"parcellite":    {programs: [][]string{{"parcellite"}}},
	"copyq":         {programs: [][]string{{"copyq"}}},
	"clipit":        {programs: [][]string{{"clipit.real"}}}, // Debian's clipit says that Diodon replaces it
	"diodon":        {programs: [][]string{{"diodon"}}},
	"autocutsel":    {programs: [][]string{{"autocutsel"}, {"autocutsel", "-selection", "PRIMARY"}}, primary: true},
}

// start starts a manager in a home of its own, and waits until it looks at the clipboard.
func (m manager) start(t *testing.T, display string, other *X11) {
	t.Helper()
	home := t.TempDir()
	for _, program := range m.programs {
		path, err := exec.LookPath(program[0])
		if err != nil {
			if os.Getenv("CI") == "" || program[0] == "clipit.real" { // newer systems have no ClipIt
				t.Skipf("%s is not installed", program[0])
			}
			t.Fatal(err)
		}
		cmd := exec.Command("dbus-run-session", append([]string{"--", path}, program[1:]...)...)
		cmd.Env = append(os.Environ(), "DISPLAY="+display, "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_CONFIG_HOME="+filepath.Join(home, "config"),
			"XDG_DATA_HOME="+filepath.Join(home, "data"), "XDG_CACHE_HOME="+filepath.Join(home, "cache"), "NO_AT_BRIDGE=1", "LANG=C.UTF-8", "WAYLAND_DISPLAY=")
		var output bytes.Buffer
		cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &output, &output, time.Second
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			_ = cmd.Wait()
			if t.Failed() {
				t.Logf("%s wrote %q", program[0], output.String())
			}
		})
	}
	if until(20*time.Second, func() bool {
		other.offer(t, other.atoms[atomClipboard], "ready?")
		return until(2*time.Second, func() bool { return other.asked() && (!m.primary || other.text(t, xproto.AtomPrimary) == "ready?") })
	}) {
		return
	}
	t.Fatal("the manager does not look at the clipboard")
}

// until waits for something, and reports whether it came in time.
func until(limit time.Duration, done func() bool) bool {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(limit)
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			return false
		}
	}
	return true
}

// realGuard is a guard on a display, with a goroutine as a window has.
type realGuard struct {
	*Guard
	board    *X11
	mu       sync.Mutex // held by who is the window's goroutine
	warnings int
}

func newRealGuard(t *testing.T, display string) *realGuard {
	t.Helper()
	g := &realGuard{board: connect(t, display)}
	do := func(f func()) {
		g.mu.Lock()
		defer g.mu.Unlock()
		f()
	}
	g.Guard = New(Options{
		SecretClipboard: g.board, Now: time.Now, Changed: func() {}, ManagerFound: func() { g.warnings++ },
		Run: func(work func() func()) { go func() { do(work()) }() },
		After: func(d time.Duration, f func()) func() {
			stopped := false
			timer := time.AfterFunc(d, func() {
				do(func() {
					if !stopped {
						f()
					}
				})
			})
			return func() {
				stopped = true
				timer.Stop()
			}
		},
	})
	return g
}

// is reports something about the guard.
func (g *realGuard) is(what func() bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return what()
}

// leftIn returns where a program can paste the text from.
func leftIn(t *testing.T, x *X11, text string) (places []string) {
	t.Helper()
	for place, got := range map[string]string{"CLIPBOARD": x.clipboard(t), "PRIMARY": x.text(t, xproto.AtomPrimary), "CUT_BUFFER0": cutBuffer(t, x)} {
		if strings.Contains(got, text) {
			places = append(places, place)
		}
	}
	return places
}

// neverIn fails if the text can be pasted within the time in which managers put it back.
func neverIn(t *testing.T, when string, x *X11, text string) {
	t.Helper()
	until(2*time.Second, func() bool {
		places := leftIn(t, x, text)
		if len(places) > 0 {
			t.Errorf("%s the text can be pasted from %v", when, places)
		}
		return len(places) > 0
	})
}

// TestClipboardManagers: with each clipboard manager the user is told, and after the delay,
// on clearing at once and on quitting, the copy can be pasted from nowhere (docs/security.md
// 19).
func TestClipboardManagers(t *testing.T) {
	const text = "TOKEN-of-a-port-4711"
	secret := authclient.NewSecret(text)
	for name, manager := range realManagers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			display := displaytest.Start(t)
			other := connect(t, display)
			manager.start(t, display, other)

			g := newRealGuard(t, display)
			seen := func() bool {
				return g.board.asked() && (!manager.primary || other.text(t, xproto.AtomPrimary) == text)
			}
			if !g.is(func() bool { return g.Copy(secret, 3*time.Second) }) {
				t.Fatal("the clipboard did not take it")
			}
			if !until(5*time.Second, func() bool { return g.is(func() bool { return g.warnings == 1 }) }) {
				t.Error("the manager is not noticed")
			}
			searched := func() bool { return g.is(func() bool { return !g.Held() && g.sought == nil }) }
			if !until(30*time.Second, searched) || g.is(g.ClearFailed) {
				t.Error("it is not known to be cleared")
			}
			neverIn(t, "after the delay", other, text)

			g.is(func() bool { return g.Copy(secret, time.Minute) })
			until(2*time.Second, seen) // newer ones respect the mark of a secret
			g.is(g.Clear)
			if !until(30*time.Second, searched) || g.is(g.ClearFailed) {
				t.Error("it is not known to be cleared at once")
			}
			neverIn(t, "after clearing at once", other, text)

			g.is(func() bool { return g.Copy(secret, time.Minute) })
			until(2*time.Second, seen) // newer ones respect the mark of a secret
			g.is(func() bool { g.Close(); return true })
			g.board.Close()
			neverIn(t, "after quitting", other, text)
		})
	}
}

// TestNoClipboardManager: without one nothing is said, and nothing takes the place of the copy.
func TestNoClipboardManager(t *testing.T) {
	display := displaytest.Start(t)
	other, g := connect(t, display), newRealGuard(t, display)
	if g.board.HasManager() {
		t.Error("there is a manager on an empty display")
	}
	g.is(func() bool { return g.Copy(authclient.NewSecret("TOKEN"), time.Minute) })
	if got := other.clipboard(t); got != "TOKEN" {
		t.Errorf("the clipboard has %q", got)
	}
	g.is(g.Clear)
	if other.owner(other.atoms[atomClipboard]) != 0 {
		t.Error("something is on the clipboard")
	}
	g.is(func() bool { g.Close(); return g.warnings > 0 })
}
