//go:build e2e

// Package e2e does the job in the real window: each test starts an X server, a window
// manager and the program (see newRig), types and clicks as a user does, and reads what the
// window shows from the hook of the end-to-end build (ui/hook_e2e.go).
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"amarre/authclient/authtest"
	"amarre/internal/keyring"
	"amarre/ui"
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
	extra   []string // of the program's environment
	windows *windows // nil for the program of this system
}

// newRig starts a display and a service, and empties the keyring of the session.
// Nothing else is shared with another test.
func newRig(t *testing.T, name string) *rig {
	t.Helper()
	return newRigOn(t, name, "-r")
}

// newRigOn is newRig with more arguments of the X server. Without -r it repeats a held key,
// also one that a busy machine lets go late.
func newRigOn(t *testing.T, name string, args ...string) *rig {
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
	r.display = startDisplay(t, append(args, "-screen", "0", "1280x900x24")...)
	r.background("openbox", "--sm-disable")
	r.until("the window manager", func() bool {
		out, err := r.runShort("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
		return err == nil && bytes.Contains(out, []byte("window id"))
	})
	r.must("setxkbmap", "fr")
	return r
}

// startDisplay starts an X server and returns its display, ":12".
func startDisplay(t *testing.T, args ...string) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	// Without -noreset the server starts again when its last client leaves, and refuses
	// whoever connects meanwhile.
	server := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-noreset", "-nolisten", "tcp"}, args...)...)
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	// A killed server would leave its socket to the next one of its number.
	t.Cleanup(func() { _ = server.Process.Signal(syscall.SIGTERM); _ = server.Wait() })
	number, err := bufio.NewReader(read).ReadString('\n') // the server dies of a pipe closed too early
	if err != nil {
		t.Fatalf("Xvfb: %v", err)
	}
	return ":" + strings.TrimSpace(number)
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

// launch prepares the program.
func (r *rig) launch(args ...string) *exec.Cmd {
	if r.windows != nil {
		r.socket = freePort(r.t)
		cmd := r.command("wine", append([]string{r.windows.program}, args...)...)
		cmd.WaitDelay = time.Second // what Wine starts beside it holds on to its output
		return cmd
	}
	r.socket = filepath.Join(r.home, fmt.Sprintf("hook-%d", time.Now().UnixNano()))
	return r.command(binary, args...)
}

// find searches the program's window.
func (r *rig) find() []string {
	search := []string{"search", "--onlyvisible", "--pid", strconv.Itoa(r.program.Process.Pid)}
	if r.windows != nil {
		search = []string{"search", "--onlyvisible", "--name", "^Amarre"}
	}
	out, err := r.runShort("xdotool", search...)
	if err != nil {
		return nil
	}
	return strings.Fields(string(out))
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

// until waits for something, for at most 20 s.
func (r *rig) until(what string, done func() bool) {
	r.t.Helper()
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			r.shot("failed")
			r.t.Fatalf("%s did not come within 20 s; the program wrote %q; the window has %+v", what, r.stderr.String(), r.state())
		}
	}
}

// start starts the program and waits for its window.
func (r *rig) start(args ...string) {
	r.t.Helper()
	r.program = r.launch(args...)
	r.stderr.Reset()
	r.program.Stderr = &r.stderr
	if err := r.program.Start(); err != nil {
		r.t.Fatal(err)
	}
	program := r.program
	r.t.Cleanup(func() { _ = program.Process.Kill() })
	r.until("the window", func() bool { return len(r.state()) > 0 })
	r.until("the window's id", func() bool {
		ids := r.find()
		if len(ids) == 0 {
			return false
		}
		r.window = ids[len(ids)-1]
		return true
	})
	r.until("the focus", func() bool {
		out, err := r.runShort("xdotool", "getwindowfocus")
		return err == nil && strings.TrimSpace(string(out)) == r.window
	})
}

// ended waits for the program's end and returns its exit status.
func (r *rig) ended() int {
	r.t.Helper()
	done := make(chan error, 1)
	go func() { done <- r.program.Wait() }()
	select {
	case <-done:
		_ = os.Remove(r.socket)
		return r.program.ProcessState.ExitCode()
	case <-time.After(20 * time.Second):
		r.shot("failed")
		state := r.state()
		_ = r.program.Process.Signal(syscall.SIGQUIT) // it writes where its goroutines are
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			_ = r.program.Process.Kill()
			<-done
		}
		r.t.Fatalf("the program did not end within 20 s; the window has %+v; the program wrote\n%s", state, r.stderr.String())
		return -1
	}
}

// state asks the program for its named widgets; nil if it does not answer.
func (r *rig) state() map[string]ui.HookWidget {
	var state map[string]ui.HookWidget
	if json.Unmarshal(r.hook("state"), &state) != nil {
		return nil
	}
	return state
}

// hook sends a request to the program and returns its answer; see ui/hook_e2e.go.
func (r *rig) hook(request string) []byte {
	network := "unix"
	if _, _, err := net.SplitHostPort(r.socket); err == nil {
		network = "tcp"
	}
	conn, err := net.DialTimeout(network, r.socket, time.Second)
	if err != nil {
		return nil
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := fmt.Fprintln(conn, request); err != nil {
		return nil
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		return nil
	}
	return answer
}

// waitWidget waits until a widget is as wanted.
func (r *rig) waitWidget(name string, what string, wanted func(ui.HookWidget) bool) {
	r.t.Helper()
	r.until(name+": "+what, func() bool { w, ok := r.state()[name]; return ok && wanted(w) })
}

// text waits until a visible widget says something.
func (r *rig) text(name, part string) {
	r.t.Helper()
	r.waitWidget(name, fmt.Sprintf("%q", part), func(w ui.HookWidget) bool { return w.Visible && strings.Contains(w.Text, part) })
}

// key presses keys, one after another.
func (r *rig) key(keys ...string) {
	r.t.Helper()
	r.must("xdotool", append([]string{"key", "--delay", "40"}, keys...)...)
}

// typed types a text as a person does.
func (r *rig) typed(text string) {
	r.t.Helper()
	r.must("xdotool", "type", "--delay", "30", text)
}

// login types a port code of the stand-in's ERP where the cursor is, goes on to
// the other fields by Tab, and submits by Enter.
func (r *rig) login(portCode string) {
	r.t.Helper()
	r.typed(portCode)
	r.key("Tab")
	r.typed(strconv.Itoa(authtest.DemoERPID))
	r.key("Tab")
	r.typed(authtest.DemoPassword)
	r.key("Return")
}

// click clicks into the middle of a widget, once it rests: what appears or goes
// above it moves it at the next frame.
func (r *rig) click(name string) {
	r.t.Helper()
	var at, before ui.HookWidget
	r.waitWidget(name, "something to click", func(w ui.HookWidget) bool {
		at, before = w, at
		return w.Visible && !w.Disabled && w.W > 0 && at.X == before.X && at.Y == before.Y && at.W == before.W && at.H == before.H
	})
	r.clickAt(at.X+at.W/2, at.Y+at.H/2)
}

// clickAt clicks at a pixel of the window. Fyne takes a click at the pointer's place
// of the tick before, so the pointer rests a moment.
func (r *rig) clickAt(x, y int) {
	r.t.Helper()
	r.must("xdotool", "mousemove", "--window", r.window, strconv.Itoa(x), strconv.Itoa(y), "sleep", "0.15", "click", "1")
}

// clipboard reads the clipboard with another program.
func (r *rig) clipboard() string {
	out, err := r.runShort("xclip", "-selection", "clipboard", "-o")
	if err != nil { // an empty clipboard is an error to xclip
		return ""
	}
	return string(out)
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

// settings writes the settings file before the program starts.
func (r *rig) settings(content string) {
	r.t.Helper()
	dir := r.config()
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, "settings.json"), []byte(content), 0o600)); err != nil {
		r.t.Fatal(err)
	}
}

// searchFor fails if a file below a folder holds one of the texts, in any of the
// forms that programs write texts in.
func (r *rig) searchFor(root string, texts ...string) (files int) {
	r.t.Helper()
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // sockets and what others delete meanwhile
		}
		file, err := os.Open(path)
		if err != nil {
			return nil
		}
		defer file.Close()
		content, err := io.ReadAll(file)
		if err != nil {
			return err
		}
		files++
		for _, text := range texts {
			for form, bytesOf := range forms(text) {
				if bytes.Contains(content, bytesOf) {
					r.t.Errorf("%s holds a secret (%s)", path, form)
				}
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return files
}
