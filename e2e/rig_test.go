//go:build e2e

// Package e2e does the job in the real window, with the real keyring, over a real socket, as a
// person does it: by keyboard and by mouse. Each test starts an X server, a window manager and
// the program (see newRig), and reads what the window shows from the hook of the end-to-end
// build (ui/hook_e2e.go).
//
//	AMARRE_PICTURES=/tmp/pictures .ci/with-keyring go test -tags e2e ./e2e
package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amarre/authclient/authtest"
	"amarre/internal/displaytest"
	"amarre/internal/keyring"
	"amarre/internal/message"
)

// releaseTags are the tags that the packages are built with. One set of them keeps the build
// cache warm.
const releaseTags = "no_animations,no_emoji,no_metadata,release,migrated_fynedo"

// binary is the program under test, made by TestMain.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "amarre-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "amarre")
	build := exec.Command("go", "build", "-tags", "e2e,"+releaseTags, "-o", binary, "amarre")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	status := 1
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
	} else {
		status = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

// rig is a display with a window manager, a home, a stand-in service, and the
// program in it.
type rig struct {
	t       *testing.T
	display string
	home    string
	service *authtest.Server
	name    string // of its pictures
	program *exec.Cmd
	window  string // X11's id
	socket  string
	stderr  bytes.Buffer
	picture int
	texts   *message.Texts // in the language that the program was started with
	extra   []string       // of the program's environment
	windows *windows       // nil for the program of this system
}

// newRig starts a display and a service, and empties the keyring of the session.
// Nothing else is shared with another test.
func newRig(t *testing.T, name string) *rig {
	t.Helper()
	return newRigOn(t, name, wide, "-r")
}

// The size of a display, in pixels.
const (
	wide  = "1280x900x24"
	small = "1366x768x24" // of a small laptop
)

// newRigOn is newRig with a display of a size and more arguments of the X server. Without -r
// it repeats a held key, also one that a busy machine lets go late.
func newRigOn(t *testing.T, name, size string, args ...string) *rig {
	t.Helper()
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		t.Fatal("no session bus: run this under .ci/with-keyring")
	}
	r := &rig{t: t, home: t.TempDir(), name: name}
	items := keyring.New(keyring.System(keyring.SystemOptions{}), keyring.Options{})
	defer items.Close()
	left, err := items.Names(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range left {
		if err := items.Delete(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	service, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	r.service = service
	r.display = displaytest.Start(t, append(args, "-screen", "0", size)...)
	r.background("openbox", "--sm-disable")
	r.until("the window manager", func() bool {
		out, err := r.runShort("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
		return err == nil && bytes.Contains(out, []byte("window id"))
	})
	r.must("setxkbmap", "fr")
	return r
}

// env is the environment of the program and of what looks at it.
func (r *rig) env() []string {
	env := []string{
		"HOME=" + r.home, "DISPLAY=" + r.display, "LANG=C.UTF-8", "AMARRE_E2E=" + r.socket,
		"XDG_CONFIG_HOME=", "XDG_DATA_HOME=", "XDG_CACHE_HOME=", "TMPDIR=" + r.home,
	}
	for _, name := range []string{"PATH", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"} {
		env = append(env, name+"="+os.Getenv(name))
	}
	if r.windows != nil {
		env = append(env, r.windows.env()...)
	}
	return append(env, r.extra...)
}

// config is the folder of the program's two files.
func (r *rig) config() string {
	if r.windows != nil {
		return r.windows.config()
	}
	return filepath.Join(r.home, ".config", "amarre")
}

// settings writes the settings file before the program starts.
func (r *rig) settings(content string) {
	r.t.Helper()
	r.write("settings.json", content)
}

// write writes a file in the program's folder.
func (r *rig) write(name, content string) {
	r.t.Helper()
	dir := r.config()
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600)); err != nil {
		r.t.Fatal(err)
	}
}

// command prepares a program that ends with the test. One that only looks at the
// window ends in a moment: see runShort.
func (r *rig) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(r.t.Context(), name, args...)
	cmd.Env = r.env()
	return cmd
}

// runShort runs a program that must end within 6 s, and returns what it wrote.
func (r *rig) runShort(name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(r.t.Context(), 6*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = r.env()
	cmd.WaitDelay = time.Second
	return cmd.CombinedOutput()
}

func (r *rig) must(name string, args ...string) string {
	r.t.Helper()
	out, err := r.runShort(name, args...)
	if err != nil {
		r.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// background starts a program that ends with the test. If the test fails, what the
// program wrote is logged.
func (r *rig) background(name string, args ...string) {
	r.t.Helper()
	cmd := r.command(name, args...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		err := cmd.Wait()
		if r.t.Failed() {
			r.t.Logf("%s: %v, and wrote %q", name, err, output.String())
		}
	})
}

// shot takes a picture of the display. Pictures are for people to look at.
func (r *rig) shot(name string) {
	dir := os.Getenv("AMARRE_PICTURES")
	if dir == "" {
		return
	}
	r.picture++
	path := filepath.Join(dir, fmt.Sprintf("%s-%02d-%s.png", r.name, r.picture, name))
	// The frame that shows the state is drawn within a few ticks of the window.
	if out, err := r.runShort("sh", "-c", `sleep 0.3; exec import -window "$1" "$2"`, "sh", r.window, path); err != nil {
		r.t.Logf("no picture %s: %v\n%s", path, err, out)
	}
}
