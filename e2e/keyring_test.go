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

// unlock starts the keyring, with a collection whose password is test.
func (s *session) unlock() {
	s.r.t.Helper()
	for _, args := range [][]string{
		{"gnome-keyring-daemon", "--replace", "--unlock", "--components=secrets"},
		{"gdbus", "wait", "--session", "--timeout", "10", "org.freedesktop.secrets"},
	} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Env = s.env()
		cmd.Stdin = strings.NewReader("test")
		if out, err := cmd.CombinedOutput(); err != nil {
			s.r.t.Fatalf("%v: %v\n%s", args, err, out)
		}
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
	window := ""
	r.until("the keyring's question", func() bool {
		out, err := r.runShort("xdotool", "search", "--onlyvisible", "--name", "Unlock")
		ids := strings.Fields(string(out))
		if err != nil || len(ids) == 0 {
			return false
		}
		window = ids[len(ids)-1]
		return true
	})
	return window
}

// TestKeyringStates: in each state of a real keyring the window says which it is,
// what to do, and goes on. What it prints is the table of the states.
func TestKeyringStates(t *testing.T) {
	var table bytes.Buffer
	t.Cleanup(func() { t.Log("\n" + table.String()) })
	row := func(state string, began time.Time, r *rig, widget string) {
		took := time.Since(began).Round(10 * time.Millisecond)
		fmt.Fprintf(&table, "%s | %v | %s\n", state, took, r.state()[widget].Text)
	}
	begin := func(t *testing.T, r *rig) {
		r.settings(shortDelay)
		r.start("--service", r.service.URL, "--lang", "fr")
		r.waitWidget("form.port_code", "the cursor", func(w ui.HookWidget) bool { return w.Focused })
	}
	token := func(t *testing.T, r *rig) {
		r.login("MTP")
		r.text("result.heading", "Port de Montpellier (MTP)")
	}

	for _, c := range []struct {
		state, label, advice string
		prepare              func(t *testing.T, r *rig)
	}{
		{"no bus", "Sans trousseau", "D-Bus", func(t *testing.T, _ *rig) {
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
			t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		}},
		{"no service", "Sans trousseau", "gnome-keyring", func(_ *testing.T, r *rig) { r.newSession(false) }},
		{"no collection", "Trousseau à créer", "seahorse", func(_ *testing.T, r *rig) { r.newSession(true) }},
	} {
		t.Run(c.state, func(t *testing.T) {
			r := newRig(t, "fr-keyring-"+strings.ReplaceAll(c.state, " ", "-"))
			c.prepare(t, r)
			began := time.Now()
			begin(t, r)
			r.text("status.keyring", c.label)
			row(c.state+", at the start", began, r, "status.keyring")
			r.click("status.advice")
			r.text("ask.text", c.advice)
			r.shot("advice")
			r.key("Escape")
			r.waitWidget("ask.text", "its end", func(w ui.HookWidget) bool { return !w.Visible })
			r.click("form.port_code")
			token(t, r)
			began = time.Now()
			r.key("ctrl+s")
			r.text("status.message", "jusqu’à la fermeture")
			row(c.state+", saving", began, r, "status.message")
		})
	}

	t.Run("prompt", func(t *testing.T) {
		r := newRig(t, "fr-keyring-prompt")
		s := r.newSession(true)
		s.unlock()
		lock := exec.Command("gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets",
			"--method", "org.freedesktop.Secret.Service.Lock", "['/org/freedesktop/secrets/collection/login']")
		lock.Env = s.env()
		if out, err := lock.CombinedOutput(); err != nil {
			t.Fatalf("lock: %v\n%s", err, out)
		}
		began := time.Now()
		begin(t, r)
		r.text("status.keyring", "verrouillé")
		row("locked, at the start", began, r, "status.keyring")
		token(t, r)
		r.key("ctrl+s")
		window := r.prompt()
		r.text("status.message", "Attente du trousseau")
		r.shot("question")
		began = time.Now()
		r.must("xdotool", "windowfocus", "--sync", window, "key", "Escape")
		r.text("result.message", "est resté verrouillé")
		row("the question is answered with no", began, r, "result.message")
		r.shot("refused")
		r.must("xdotool", "windowfocus", "--sync", r.window)
		r.key("ctrl+s")
		window = r.prompt()
		began = time.Now()
		r.must("xdotool", "windowfocus", "--sync", window, "type", "--delay", "40", "test")
		r.key("Return")
		r.text("status.message", "enregistré.")
		row("the question is answered with the password", began, r, "status.message")
		r.waitWidget("list.rows", "the profile", func(w ui.HookWidget) bool { return w.Rows == 1 })
	})

	t.Run("frozen", func(t *testing.T) {
		r := newRig(t, "fr-keyring-frozen")
		s := r.newSession(true)
		s.unlock()
		pid := s.keyringPID()
		stop := func(signal syscall.Signal) {
			if err := syscall.Kill(pid, signal); err != nil {
				t.Fatal(err)
			}
		}
		stop(syscall.SIGSTOP)
		began := time.Now()
		begin(t, r)
		r.text("status.keyring", "ne répond pas")
		row("frozen, at the start", began, r, "status.keyring")
		token(t, r)
		began = time.Now()
		r.key("ctrl+s")
		r.text("result.message", "ne répond pas")
		row("frozen, saving", began, r, "result.message")
		r.shot("save")
		stop(syscall.SIGCONT)
		r.click("result.first") // try again
		r.text("status.message", "enregistré.")

		// Cancelled while it is frozen: what it did is unknown, and saving again is safe.
		stop(syscall.SIGSTOP)
		r.click("result.note")
		r.typed("Bureau")
		began = time.Now()
		r.key("ctrl+s")
		r.waitWidget("status.cancel", "Cancel", func(w ui.HookWidget) bool { return w.Visible })
		r.key("Escape")
		r.text("result.message", "Annulé")
		row("frozen, saving cancelled", began, r, "result.message")
		stop(syscall.SIGCONT)
		r.key("ctrl+s")
		r.waitWidget("result.save", "saved", func(w ui.HookWidget) bool { return w.Disabled })

		// Killed in the call.
		stop(syscall.SIGSTOP)
		r.click("result.note")
		r.typed(" du port")
		began = time.Now()
		r.key("ctrl+s")
		r.waitWidget("status.cancel", "Cancel", func(w ui.HookWidget) bool { return w.Visible })
		stop(syscall.SIGKILL)
		window := r.prompt() // of its successor, which the bus starts
		r.shot("killed")
		if r.state()["result.note"].Text != "Bureau du port" {
			t.Error("what was typed is lost")
		}
		r.must("xdotool", "windowfocus", "--sync", window, "type", "--delay", "40", "test")
		r.key("Return")
		r.waitWidget("result.save", "saved", func(w ui.HookWidget) bool { return w.Disabled })
		row("killed in the call, and its successor's question answered", began, r, "status.message")
		r.must("xdotool", "windowfocus", "--sync", r.window)
		r.key("ctrl+q")
		r.ended()
	})
}
