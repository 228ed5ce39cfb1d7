//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"amarre/ui"
)

// session is a session bus of its own, with its own home, on the rig's display:
// what it starts can ask there.
type session struct {
	r       *rig
	address string
	home    string
}

// newSession starts a bus, and makes the programs that the rig starts use it.
// Without services nothing can be reached on it.
func (r *rig) newSession(services bool) *session {
	r.t.Helper()
	s := &session{r: r, home: r.t.TempDir()}
	args := []string{"--nofork", "--print-address=3"}
	if services {
		args = append(args, "--session")
	} else {
		config := filepath.Join(s.home, "bus.conf")
		content := `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
		if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
			r.t.Fatal(err)
		}
		args = append(args, "--config-file="+config)
	}
	read, write, err := os.Pipe()
	if err != nil {
		r.t.Fatal(err)
	}
	defer read.Close()
	bus := exec.Command("dbus-daemon", args...)
	bus.ExtraFiles = []*os.File{write}
	bus.Env = s.env()
	if err := bus.Start(); err != nil {
		r.t.Fatal(err)
	}
	_ = write.Close()
	r.t.Cleanup(func() {
		if pid := s.keyringPID(); pid != 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		_ = bus.Process.Kill()
		_ = bus.Wait()
	})
	address, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		r.t.Fatalf("dbus-daemon: %v", err)
	}
	s.address = strings.TrimSpace(address)
	r.t.Setenv("DBUS_SESSION_BUS_ADDRESS", s.address)
	r.t.Setenv("XDG_RUNTIME_DIR", s.home)
	return s
}

func (s *session) env() []string {
	return []string{
		"HOME=" + s.home, "XDG_RUNTIME_DIR=" + s.home, "XDG_DATA_HOME=" + s.home + "/data", "DISPLAY=" + s.r.display,
		"DBUS_SESSION_BUS_ADDRESS=" + s.address, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8",
	}
}

// unlock starts the keyring of a session again, with a collection whose password is test.
func unlock(t *testing.T, env []string) {
	t.Helper()
	keyringCommand(t, env, "gnome-keyring-daemon", "--replace", "--unlock", "--components=secrets")
	keyringCommand(t, env, "gdbus", "wait", "--session", "--timeout", "10", "org.freedesktop.secrets")
}

// lock locks the keyring of a session. Without a display to ask on it stays so.
func lock(t *testing.T, env []string) {
	t.Helper()
	keyringCommand(t, env, "gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets",
		"--method", "org.freedesktop.Secret.Service.Lock", "['/org/freedesktop/secrets/collection/login']")
}

// keyringCommand runs a command that may read the password of the keyring.
func keyringCommand(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = env
	cmd.Stdin = strings.NewReader("test")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func (s *session) keyringPID() int {
	conn, err := dbus.Connect(s.address)
	if err != nil {
		return 0
	}
	defer conn.Close()
	var pid uint32
	if err := conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, "org.freedesktop.secrets").Store(&pid); err != nil {
		return 0
	}
	return int(pid)
}

// prompt waits for the keyring's question and returns its window.
func (r *rig) prompt() string {
	r.t.Helper()
	return r.newest("the keyring's question", func() []string { return r.search("--name", "Unlock") })
}

// TestKeyringStates: in each state of a real keyring the window says which it is,
// what to do, and goes on. What it prints is the table of the states.
func TestKeyringStates(t *testing.T) {
	var table bytes.Buffer
	t.Cleanup(func() { t.Log("\n" + table.String()) })
	row := func(state string, began time.Time, said string) {
		took := time.Since(began).Round(10 * time.Millisecond)
		fmt.Fprintf(&table, "%s | %v | %s\n", state, took, said)
	}
	begin := func(r *rig) {
		r.begin()
		r.focused("entry", "Code port")
	}
	is := func(r *rig, state string) {
		r.wait("the keyring is "+state, func(s *ui.HookState) bool { return s.Keyring == state })
	}
	token := func(r *rig) {
		r.login("MTP")
		r.port("Port de Montpellier", "obtained")
	}
	// advice opens the dialog about the keyring.
	advice := func(r *rig, part string) {
		r.question(r.text("keyring.title"))
		r.says("dialog", part)
		r.shot("advice")
		r.key("Escape")
		r.closed()
	}

	for _, c := range []struct {
		state, name, advice string
		prepare             func(t *testing.T, r *rig)
	}{
		{"no bus", "no-bus", "D-Bus", func(t *testing.T, _ *rig) {
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
			t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		}},
		{"no service", "no-service", "gnome-keyring", func(_ *testing.T, r *rig) { r.newSession(false) }},
		{"no collection", "no-collection", "seahorse", func(_ *testing.T, r *rig) { r.newSession(true) }},
	} {
		t.Run(c.state, func(t *testing.T) {
			r := newRig(t, "fr-keyring-"+c.name)
			c.prepare(t, r)
			began := time.Now()
			begin(r)
			r.says("band", r.text("nokeyring.title"))
			is(r, c.name)
			row(c.state+", at the start", began, r.text("nokeyring.title"))
			r.tap("status.advice")
			advice(r, c.advice)
			r.click("entry", "Code port")
			token(r)
			began = time.Now()
			r.key("ctrl+s")
			r.noticed("save.done_session", "Name", "Port de Montpellier")
			row(c.state+", saving", began, r.state().Notice)
		})
	}

	t.Run("prompt", func(t *testing.T) {
		r := newRig(t, "fr-keyring-prompt")
		s := r.newSession(true)
		unlock(t, s.env())
		lock(t, s.env())
		began := time.Now()
		begin(r)
		is(r, "locked")
		row("locked, at the start", began, r.state().Keyring)
		r.palette("trousseau")
		advice(r, "est verrouillé")
		r.focused("entry", "Code port")
		token(r)
		r.key("ctrl+s")
		window := r.prompt()
		r.says("toast", "Attente du trousseau")
		r.shot("question")
		began = time.Now()
		r.must("xdotool", "windowfocus", "--sync", window, "key", "Escape")
		r.says("band", "est resté verrouillé")
		row("the question is answered with no", began, r.state().Message)
		r.shot("refused")
		r.must("xdotool", "windowfocus", "--sync", r.window)
		r.key("ctrl+s")
		window = r.prompt()
		began = time.Now()
		r.must("xdotool", "windowfocus", "--sync", window, "type", "--delay", "40", "test")
		r.key("Return")
		r.noticed("save.done", "Name", "Port de Montpellier")
		row("the question is answered with the password", began, r.state().Notice)
		r.rows(1)
	})

	t.Run("frozen", func(t *testing.T) {
		r := newRig(t, "fr-keyring-frozen")
		s := r.newSession(true)
		unlock(t, s.env())
		pid := s.keyringPID()
		stop := func(signal syscall.Signal) {
			if err := syscall.Kill(pid, signal); err != nil {
				t.Fatal(err)
			}
		}
		// note types the note of the open port, and saves it.
		note := func(text string) {
			r.page("edit")
			r.click("entry", r.text("result.note"))
			r.key("End")
			r.typed(text)
			r.key("ctrl+s")
		}
		stop(syscall.SIGSTOP)
		began := time.Now()
		begin(r)
		is(r, "unresponsive")
		row("frozen, at the start", began, r.state().Keyring)
		token(r)
		began = time.Now()
		r.key("ctrl+s")
		r.says("band", "ne répond pas")
		row("frozen, saving", began, r.state().Message)
		r.shot("save")
		stop(syscall.SIGCONT)
		r.tap("save.again")
		r.noticed("save.done", "Name", "Port de Montpellier")
		r.port("Port de Montpellier", "saved")

		// Cancelled while it is frozen: what it did is unknown, and saving again is safe.
		stop(syscall.SIGSTOP)
		r.key("F2")
		began = time.Now()
		note("Bureau")
		r.says("toast", r.text("save.running"))
		r.shot("saving")
		r.key("Escape")
		r.says("band", "Annulé")
		row("frozen, saving cancelled", began, r.state().Message)
		stop(syscall.SIGCONT)
		r.key("ctrl+s")
		r.port("Port de Montpellier", "saved")

		// Killed in the call.
		r.key("F2")
		r.page("edit")
		stop(syscall.SIGSTOP)
		began = time.Now()
		note(" du port")
		r.says("toast", r.text("save.running"))
		stop(syscall.SIGKILL)
		window := r.prompt() // of its successor, which the bus starts
		r.shot("killed")
		r.waitFor("entry", r.text("result.note"), "what was typed", func(w widget) bool { return w.Text == "Bureau du port" })
		r.must("xdotool", "windowfocus", "--sync", window, "type", "--delay", "40", "test")
		r.key("Return")
		r.port("Port de Montpellier", "saved")
		r.says("text", "Bureau du port")
		row("killed in the call, and its successor's question answered", began, r.state().Notice)
		r.must("xdotool", "windowfocus", "--sync", r.window)
		r.key("ctrl+q")
		r.ended()
	})
}
