//go:build e2e

// Package e2e does the job in the real window: each test starts an X server, a window
// manager and the program (see newRig), types and clicks as a user does, and reads what the
// window shows from the hook of the end-to-end build (ui/hook_e2e.go).
package e2e

import (
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
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"amarre/authclient/authtest"
	"amarre/internal/displaytest"
	"amarre/internal/keyring"
	"amarre/internal/message"
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

// windowIDs searches the program's window.
func (r *rig) windowIDs() []string {
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
			r.t.Fatalf("%s did not come within 20 s; the program wrote %q; the window has %s", what, r.stderr.String(), describe(r.state()))
		}
	}
}

// start starts the program and waits for its window. The arguments have the language.
func (r *rig) start(args ...string) {
	r.t.Helper()
	r.speak(args)
	r.program = r.launch(args...)
	r.stderr.Reset()
	r.program.Stderr = &r.stderr
	if err := r.program.Start(); err != nil {
		r.t.Fatal(err)
	}
	program := r.program
	r.t.Cleanup(func() { _ = program.Process.Kill() })
	r.until("the window", func() bool { return r.state() != nil })
	r.until("the window's id", func() bool {
		ids := r.windowIDs()
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

// speak chooses the texts by the language in the arguments of the program.
func (r *rig) speak(args []string) {
	r.t.Helper()
	texts, err := message.New(args[slices.Index(args, "--lang")+1])
	if err != nil {
		r.t.Fatal(err)
	}
	r.texts = texts
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
		r.t.Fatalf("the program did not end within 20 s; the window has %s; the program wrote\n%s", describe(state), r.stderr.String())
		return -1
	}
}

// state asks the program what its window shows; nil if it does not answer.
func (r *rig) state() *ui.HookState {
	state := &ui.HookState{}
	if json.Unmarshal(r.hook("state"), state) != nil {
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

// describe returns what a window shows, a widget a line.
func describe(s *ui.HookState) string {
	if s == nil {
		return "no answer"
	}
	short := *s
	short.Widgets = nil
	lines := []string{fmt.Sprintf("%+v", short)}
	for _, w := range s.Widgets {
		line := fmt.Sprintf("%s %q %d,%d %dx%d", w.Kind, w.Text, w.X, w.Y, w.W, w.H)
		for name, set := range map[string]bool{"focused": w.Focused, "disabled": w.Disabled, "failed": w.Failed, "cut": w.Cut, "on": w.On, "off": w.Off} {
			if set {
				line += " " + name
			}
		}
		lines = append(lines, fmt.Sprintf("%s %q %q", line, w.Label, w.Note))
	}
	return strings.Join(lines, "\n\t")
}

// text returns a text of the window, in the language that the program was started with.
func (r *rig) text(key string, pairs ...any) string { return r.texts.T(key, pairs...) }

// widget is a widget of the window.
type widget = ui.HookWidget

// find returns the first widget of a kind that has a text, or the field or the hint of that
// name; "" stands for any.
func find(s *ui.HookState, kind, text string) (found widget, ok bool) {
	if s == nil {
		return widget{}, false
	}
	for _, w := range s.Widgets {
		if w.Kind == kind && (text == "" || w.Text == text || w.Label == text) {
			return w, true
		}
	}
	return widget{}, false
}

// wait waits until the window is as wanted.
func (r *rig) wait(what string, wanted func(s *ui.HookState) bool) {
	r.t.Helper()
	r.until(what, func() bool {
		s := r.state()
		return s != nil && wanted(s)
	})
}

// waitFor waits until a widget is there and as wanted, and returns it; see find.
func (r *rig) waitFor(kind, text, what string, wanted func(widget) bool) (found widget) {
	r.t.Helper()
	r.until(fmt.Sprintf("%s %q: %s", kind, text, what), func() bool {
		w, ok := find(r.state(), kind, text)
		found = w
		return ok && wanted(w)
	})
	return found
}

// focused waits until a widget has the focus.
func (r *rig) focused(kind, text string) {
	r.t.Helper()
	r.waitFor(kind, text, "the focus", func(w widget) bool { return w.Focused })
}

// gone waits until there is no such widget.
func (r *rig) gone(kind, text string) {
	r.t.Helper()
	r.wait(fmt.Sprintf("the end of %s %q", kind, text), func(s *ui.HookState) bool { _, ok := find(s, kind, text); return !ok })
}

// has reports whether a widget of a kind has a text in what it says.
func has(s *ui.HookState, kind, part string) bool {
	return slices.ContainsFunc(s.Widgets, func(w widget) bool { return w.Kind == kind && strings.Contains(w.Text, part) })
}

// says waits until a widget of a kind has a text in what it says.
func (r *rig) says(kind, part string) {
	r.t.Helper()
	r.wait(fmt.Sprintf("%s: %q", kind, part), func(s *ui.HookState) bool { return has(s, kind, part) })
}

// page waits for a page, whose entries must be high enough.
func (r *rig) page(name string) {
	r.t.Helper()
	r.wait("the page "+name, func(s *ui.HookState) bool { return s.Page == name })
	for _, w := range r.state().Widgets {
		if w.Cut {
			r.t.Errorf("on the page %s the entry %q of %q is too low for its text", name, w.Text, w.Label)
		}
	}
}

// rows waits until the list has so many rows.
func (r *rig) rows(n int) {
	r.t.Helper()
	r.waitFor("list", "", fmt.Sprintf("%d rows", n), func(w widget) bool { return w.Rows == n })
}

// port waits until a port is open in a state, see ui.HookState, and nothing runs.
func (r *rig) port(name, state string) {
	r.t.Helper()
	r.wait(name+" "+state, func(s *ui.HookState) bool {
		_, shown := find(s, "text", name)
		return shown && s.Page == "reading" && s.Credential == state && s.Task == ""
	})
}

// noticed waits for a notice, by the key of its text.
func (r *rig) noticed(key string, pairs ...any) {
	r.t.Helper()
	text, copied := r.text(key, pairs...), ""
	if key == "save.done" {
		copied = r.text("save.done_copied", pairs...) // if it was copied before
	}
	r.wait(fmt.Sprintf("the notice %q", text), func(s *ui.HookState) bool { return s.Notice == text || copied != "" && s.Notice == copied })
}

// question waits for a question or a dialog with a title.
func (r *rig) question(title string) {
	r.t.Helper()
	r.wait(fmt.Sprintf("the question %q", title), func(s *ui.HookState) bool { return s.Dialog && s.Question == title })
}

// closed waits until no dialog is open.
func (r *rig) closed() {
	r.t.Helper()
	r.wait("the end of the dialog", func(s *ui.HookState) bool { return !s.Dialog })
}

// countdown waits until a secret is on the clipboard and the window says so.
func (r *rig) countdown() {
	r.t.Helper()
	r.wait("the countdown", func(s *ui.HookState) bool { return s.Clears > 0 })
	r.says("toast", r.text("toast.copied"))
}

// cleared waits for the end of the countdown.
func (r *rig) cleared() {
	r.t.Helper()
	r.wait("the end of the countdown", func(s *ui.HookState) bool { return s.Clears == 0 })
}

// obtain gets a token for a port of the stand-in by the form for a new port, and saves it.
func (r *rig) obtain(portCode, name string) {
	r.t.Helper()
	r.login(portCode)
	r.port(name, "obtained")
	r.key("ctrl+s")
	r.noticed("save.done", "Name", name)
	r.port(name, "saved")
}

// palette does the action that the palette finds by some words.
func (r *rig) palette(words string) {
	r.t.Helper()
	r.key("ctrl+k")
	r.focused("entry", r.text("palette.hint"))
	r.typed(words)
	r.waitFor("entry", words, "the words", func(widget) bool { return true })
	r.key("Return")
	r.gone("entry", r.text("palette.hint"))
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

// choose clicks one of some options. All are keys of texts.
func (r *rig) choose(option string, all ...string) {
	r.t.Helper()
	for i, key := range all {
		all[i] = r.text(key)
	}
	label := strings.Join(all, " | ")
	for _, w := range r.state().Widgets {
		if w.Kind == "option" && w.Label == label && w.Text == r.text(option) {
			r.clickAt(w.X+w.W/2, w.Y+w.H/2)
		}
	}
	r.waitFor("segments", label, "the choice", func(w widget) bool { return w.Text == r.text(option) })
}

// count returns how many widgets of a kind have a text.
func count(s *ui.HookState, kind, text string) (n int) {
	for _, w := range s.Widgets {
		if w.Kind == kind && w.Text == text {
			n++
		}
	}
	return n
}

// tabTo presses Tab, or another key, until a widget has the focus.
func (r *rig) tabTo(key, kind, text string) {
	r.t.Helper()
	for range 40 {
		if w, ok := find(r.state(), kind, text); ok && w.Focused {
			return
		}
		r.key(key)
	}
	r.t.Fatalf("%s does not come to %s %q; the window has %s", key, kind, text, describe(r.state()))
}

// login types a port code of the stand-in's ERP into the form for a new port, goes on to the
// other fields by Tab, and submits by Enter.
func (r *rig) login(portCode string) {
	r.t.Helper()
	r.focused("entry", r.text("form.port_code"))
	r.typed(portCode)
	r.key("Tab", "ctrl+a")
	r.typed(strconv.Itoa(authtest.DemoERPID))
	r.key("Tab", "ctrl+a")
	r.typed(authtest.DemoPassword)
	r.key("Return")
}

// click clicks into the middle of a widget, once it rests: what appears or goes
// above it moves it at the next frame.
func (r *rig) click(kind, text string) {
	r.t.Helper()
	var before widget
	at := r.waitFor(kind, text, "something to click", func(w widget) bool {
		same := w.X == before.X && w.Y == before.Y && w.W == before.W && w.H == before.H
		before = w
		return same && !w.Disabled && !w.Off && w.W > 0
	})
	r.clickAt(at.X+at.W/2, at.Y+at.H/2)
}

// tap clicks a button whose words, or whose tooltip, have a key in the catalogue.
func (r *rig) tap(key string, pairs ...any) {
	r.t.Helper()
	r.click("button", r.text(key, pairs...))
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
