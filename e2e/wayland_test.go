//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"amarre/internal/displaytest"
)

// compositor starts Weston in a window of the display. It does not always come at the
// first try.
func (r *rig) compositor(runtime string) {
	r.t.Helper()
	came := func() bool {
		_, err := os.Stat(filepath.Join(runtime, "wayland-test"))
		out, _ := r.runShort("xwininfo", "-root", "-tree")
		if found := regexp.MustCompile(`(0x[0-9a-f]+) "Weston Compositor`).FindSubmatch(out); found != nil {
			r.window = string(found[1])
		}
		return err == nil && r.window != ""
	}
	for range 4 {
		weston := r.command("weston", "--backend=x11-backend.so", "--socket=wayland-test", "--width=1200", "--height=800", "--use-pixman", "--idle-time=0")
		if err := weston.Start(); err != nil {
			r.t.Fatal(err)
		}
		r.t.Cleanup(func() { _ = weston.Process.Kill(); _ = weston.Wait() })
		for began := time.Now(); time.Since(began) < 5*time.Second; {
			if came() {
				return
			}
		}
		_ = weston.Process.Kill()
		_ = weston.Wait()
	}
	r.t.Fatal("the compositor did not come")
}

// TestWayland: the whole job on a Wayland compositor without an X server. The
// compositor is a window of the display, so that it is typed into from there.
func TestWayland(t *testing.T) {
	r := newRig(t, "fr-wayland")
	runtime := t.TempDir()
	if err := os.Chmod(runtime, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", runtime)
	r.settings(shortDelay)
	r.display = displaytest.Start(t, "-r", "-screen", "0", wide) // the compositor does not come where a window manager is
	r.must("setxkbmap", "fr")
	r.compositor(runtime)
	r.speak([]string{"--lang", "fr"})
	program := r.launch("--service", r.service.URL, "--lang", "fr")
	program.Env = append(r.env(), "DISPLAY=", "WAYLAND_DISPLAY=wayland-test")
	r.run(program)
	r.until("the window", func() bool { return r.state() != nil })
	r.focused("entry", "Code port")
	r.until("the keys", func() bool { // the compositor gives them to what is clicked, once it is there
		r.must("xdotool", "windowfocus", r.window, "mousemove", "--window", r.window, "100", "15", "sleep", "0.15", "mousemove", "--window", r.window, "700", "580", "sleep", "0.15", "click", "1")
		r.key("ctrl+n", "x") // the click takes the cursor away
		w, _ := find(r.state(), "entry", "Code port")
		return w.Text != ""
	})
	r.key("ctrl+a") // what is typed next takes its place
	r.login("SET")
	r.port("Port de Sète", "obtained")
	r.key("Return")
	r.noticed("save.done", "Name", "Port de Sète")
	r.port("Port de Sète", "saved")
	r.key("ctrl+shift+c")
	r.countdown()
	r.shot("copied")
	r.cleared()
	r.key("ctrl+q")
	r.exits(0)
}
