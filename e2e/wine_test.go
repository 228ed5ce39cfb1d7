//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"amarre/authclient/authtest"
	"amarre/internal/displaytest"
	"amarre/ui"
)

// The program for Windows is built here and driven under Wine, with Wine's credential
// manager and clipboard. This takes gcc-mingw-w64-x86-64 and wine, and minutes for the
// first build, so that it runs only where AMARRE_WINE is set:
//
//	AMARRE_WINE=1 .ci/with-keyring go test -tags e2e,… -run Windows ./e2e

// windows is the program for Windows and the Wine that it runs in.
type windows struct {
	prefix  string
	program string // the path of the .exe
	extra   []string
}

func (w *windows) env() []string {
	return append([]string{"WINEPREFIX=" + w.prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=;opengl32=n,b", "AMARRE_STEP=", "LC_ALL=C.UTF-8"}, w.extra...)
}

func (w *windows) config() string {
	found, err := filepath.Glob(filepath.Join(w.prefix, "drive_c", "users", "*", "AppData", "Roaming"))
	for _, each := range found {
		if err == nil && filepath.Base(filepath.Dir(filepath.Dir(each))) != "Public" {
			return filepath.Join(each, "amarre")
		}
	}
	return filepath.Join(w.prefix, "no profile")
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// newWindows builds the program into a folder of a new Wine.
func newWindows(t *testing.T, name string) *rig {
	t.Helper()
	if os.Getenv("AMARRE_WINE") == "" {
		t.Skip("AMARRE_WINE is not set")
	}
	r := newRig(t, name)
	r.windows = &windows{prefix: filepath.Join(r.home, "wine")}
	home := filepath.Join(r.windows.prefix, "drive_c", "Program Files", "Amarre")
	r.runLong("wineboot", "--init")
	if err := os.MkdirAll(home, 0o755); err != nil {
		t.Fatal(err)
	}
	r.windows.program = filepath.Join(home, "amarre.exe")
	r.build("go", "build", "-trimpath", "-tags", "e2e,"+releaseTags, "-ldflags", "-s -w -H=windowsgui", "-o", r.windows.program, "amarre")
	// What Go needs of Windows and Wine 8 lacks.
	r.build("x86_64-w64-mingw32-gcc", "-shared", "-o", filepath.Join(r.windows.prefix, "drive_c", "windows", "system32", "bcryptprimitives.dll"),
		"../assets/packaging/test/bcryptprimitives.c", "-ladvapi32")
	t.Cleanup(func() { // it writes into the test's folder until it has ended
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second) // the test's own is over
		defer cancel()
		cmd := exec.CommandContext(ctx, "wineserver", "-k", "-w")
		cmd.Env = r.env()
		_ = cmd.Run()
	})
	return r
}

// build builds something for Windows.
func (r *rig) build(name string, args ...string) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=1", "CC=x86_64-w64-mingw32-gcc")
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// runLong runs a program that may take a while.
func (r *rig) runLong(name string, args ...string) {
	r.t.Helper()
	if out, err := r.command(name, args...).CombinedOutput(); err != nil {
		r.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// TestWindows: a token, saved in Wine's credential manager, found after a restart,
// copied with the marks of a secret, and gone from the clipboard whatever ends the
// program.
func TestWindows(t *testing.T) {
	r := newWindows(t, "windows-fr")
	r.settings(shortDelay)
	reader := filepath.Join(r.home, "reader.exe")
	r.build("go", "test", "-c", "-o", reader, "amarre/internal/clipboard")
	r.windows.extra = []string{"AMARRE_STEP=read"}
	read := func() (text string, marks int) {
		t.Helper()
		out, err := r.runShort("wine", reader, "-test.run=^TestOtherProgram$", "-test.v")
		found := regexp.MustCompile(`(?s)<<(.*) (map\[.*\])>>`).FindSubmatch(out)
		if err != nil && !errors.Is(err, exec.ErrWaitDelay) || found == nil { // Wine's server may outlive it, and hold on to its output
			t.Fatalf("another program reads nothing: %v\n%s", err, out)
		}
		return string(found[1]), strings.Count(string(found[2]), ":true")
	}

	r.start("--service", r.service.URL, "--lang", "fr")
	r.focused("entry", "Code port")
	r.wait("the keyring", func(s *ui.HookState) bool { return s.Keyring == "ready" })
	r.login("SET")
	r.port("Port de Sète", "obtained")
	r.shot("token")
	r.key("ctrl+shift+c")
	r.countdown()
	token, marks := read()
	if len(token) != 38 || marks != 3 {
		t.Errorf("after a copy another program reads %d characters and %d marks of a secret", len(token), marks)
	}
	r.cleared()
	if text, _ := read(); text != "" {
		t.Errorf("after the delay the clipboard holds %d characters", len(text))
	}
	r.key("ctrl+s")
	r.noticed("save.done", "Name", "Port de Sète")
	r.port("Port de Sète", "saved")
	r.shot("saved")
	r.key("ctrl+shift+c")
	r.countdown()
	r.key("ctrl+q")
	r.exits(0)
	if text, _ := read(); text != "" {
		t.Errorf("after quitting the clipboard holds %d characters", len(text))
	}

	// Found again, by keyboard; copied; the program is killed.
	r.start("--lang", "fr")
	r.rows(1)
	r.key("ctrl+f")
	r.typed("sete")
	r.key("Return")
	r.port("Port de Sète", "saved")
	r.key("F5")
	r.says("toast", "Jeton accepté")
	r.shot("found")
	r.key("ctrl+shift+c")
	r.countdown()
	if text, marks := read(); text != token || marks != 3 {
		t.Errorf("the saved token: another program reads %d characters and %d marks of a secret", len(text), marks)
	}
	_ = r.program.Process.Kill()
	_ = r.program.Wait()
	r.until("the end of the program", func() bool { return r.state() == nil })
	// Wine may lose the clipboard with the program; what sweeping does is proven by
	// TestSweepAfterACrash.
	r.start("--lang", "fr")
	r.until("the clipboard is swept", func() bool { text, _ := read(); return text == "" })
	r.key("ctrl+q")
	r.ended()
	r.searchFor(r.config(), token, authtest.DemoPassword)

	// What the uninstaller does if the profiles are not to be kept.
	r.windows.extra = nil
	program := r.deletingProgram()
	list := func() string {
		t.Helper()
		out, err := r.runShort("wine", program, "list")
		if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
			t.Fatalf("list: %v\n%s", err, out)
		}
		return string(out)
	}
	if found := list(); !strings.Contains(found, "SET/15@") {
		t.Fatalf("the list before it is deleted is %q", found)
	}
	if out, err := r.runShort("wine", program, "delete", "--all", "--yes"); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		t.Fatalf("delete --all: %v\n%s", err, out)
	}
	if _, err := os.Stat(r.config()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the settings are still there: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(r.config()), "fyne*")); len(left) > 0 {
		t.Errorf("the toolkit's folder is still there: %s", left)
	}
	if found := list(); strings.Contains(found, "SET/15@") { // made again from the credential manager
		t.Errorf("the list after all was deleted is %q", found)
	}
}

// deletingProgram builds the command line so that it deletes files as Wine 8 can: Go
// asks for a call of Windows 10 first.
func (r *rig) deletingProgram() string {
	r.t.Helper()
	root, err := exec.CommandContext(r.t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		r.t.Fatal(err)
	}
	source := filepath.Join(strings.TrimSpace(string(root)), "src", "internal", "syscall", "windows", "at_windows.go")
	text, err := os.ReadFile(source)
	if err != nil {
		r.t.Fatal(err)
	}
	changed := strings.Replace(string(text), "\tif TestDeleteatFallback {\n", "\tif true {\n", 1)
	if changed == string(text) {
		r.t.Fatal("Go deletes files in another way now")
	}
	other, overlay := filepath.Join(r.home, "at_windows.go"), filepath.Join(r.home, "overlay.json")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{source: other}})
	if err := errors.Join(err, os.WriteFile(other, []byte(changed), 0o600), os.WriteFile(overlay, list, 0o600)); err != nil {
		r.t.Fatal(err)
	}
	program := filepath.Join(r.home, "deleting.exe")
	r.build("env", "CGO_ENABLED=0", "go", "build", "-overlay", overlay, "-o", program, "amarre")
	return program
}

// TestWindowsWithoutOpenGL: the message box, and the renderer in software where an
// administrator has put one. What it draws cannot be seen here: a stand-in says that
// it was loaded.
func TestWindowsWithoutOpenGL(t *testing.T) {
	r := newWindows(t, "windows-no-opengl")
	r.display = displaytest.Start(t, "-r", "-screen", "0", "1024x768x24", "-extension", "GLX")
	r.background("openbox", "--sm-disable")
	_ = r.command("wineserver", "-k", "-w").Run() // it knows the other display
	seen := func() {
		t.Helper()
		r.window = r.newest("the message box", r.windowIDs)
	}
	box := func(program string) {
		t.Helper()
		// As from the desktop, without streams to write a message to.
		r.program = r.command("wine", "start", "/wait", "/unix", program, "--demo", "--lang", "fr")
		if err := r.program.Start(); err != nil {
			t.Fatal(err)
		}
		seen()
	}
	closeBox := func() {
		t.Helper()
		r.must("xdotool", "windowfocus", "--sync", r.window, "key", "Return")
	}
	answer := func() int {
		t.Helper()
		closeBox()
		return r.ended()
	}

	// Where its standard error is redirected the message is there, and in no box.
	r.run(r.launch("--demo", "--lang", "fr"))
	if status := r.ended(); status != 69 || !strings.Contains(r.stderr.String(), "OpenGL 2.1") {
		t.Errorf("with a standard error the program ends with status %d, having said %q", status, r.stderr.String())
	}

	// Nobody reads what the program would say that amarre.com starts.
	console := filepath.Join(filepath.Dir(r.windows.program), "amarre.com")
	r.build("env", "CGO_ENABLED=0", "go", "build", "-tags", releaseTags, "-o", console, "amarre")
	if out, err := r.runShort("wine", console, "--demo", "--lang", "fr"); err != nil && !errors.Is(err, exec.ErrWaitDelay) || len(out) > 0 {
		t.Errorf("amarre.com: %v\n%s", err, out)
	}
	seen()
	r.shot("console")
	closeBox()
	gone := func() bool { return len(r.windowIDs()) == 0 }
	r.until("the end of the program that amarre.com started", gone)

	// No renderer, or one that a user could have written.
	for _, folder := range []bool{false, true} {
		if folder {
			r.standIn()
		}
		box(r.windows.program)
		r.shot(map[bool]string{false: "message", true: "unprotected"}[folder])
		if status := answer(); status != 69 {
			t.Errorf("the program ends with status %d, want 69", status)
		}
	}

	// An administrator's: the program starts once more, and only once. Wine does not let
	// the second program inherit the folder of the library, as Windows does, so that it
	// has no window either, and says so.
	r.windows.extra = []string{"AMARRE_PROTECTED=1"}
	box(r.windows.program)
	r.exits(0)
	closeBox()
	r.until("the end of the second program", gone)

	// The program does take that library where it finds it first: beside itself.
	beside := filepath.Join(filepath.Dir(r.windows.program), "softgl", "amarre.exe")
	if err := os.Link(r.windows.program, beside); err != nil {
		t.Fatal(err)
	}
	r.windows.extra = []string{"AMARRE_RENDERER=software"}
	box(beside)
	if status := answer(); status != 69 { // the stand-in draws nothing
		t.Errorf("the program with the stand-in ends with status %d, want 69", status)
	}
	if loads := r.loads(); len(loads) != 1 || loads[0] != "software" {
		t.Errorf("the library was loaded by %q, want one program with the guard", loads)
	}
}

// standIn puts a library in the renderer's place that notes who loads it.
func (r *rig) standIn() {
	r.t.Helper()
	folder := filepath.Join(filepath.Dir(r.windows.program), "softgl")
	out, err := exec.CommandContext(r.t.Context(), "x86_64-w64-mingw32-objdump", "-p", r.windows.program).Output()
	if err != nil {
		r.t.Fatal(err)
	}
	_, imports, found := strings.Cut(string(out), "DLL Name: OPENGL32.dll")
	imports, _, _ = strings.Cut(imports, "DLL Name:")
	names := regexp.MustCompile(`\b(?:gl|wgl)[A-Z]\w+`).FindAllString(imports, -1)
	if !found || len(names) == 0 {
		r.t.Fatal("the program imports nothing from OPENGL32.dll")
	}
	source := `#include <windows.h>
#include <stdio.h>
BOOL WINAPI DllMain(HINSTANCE h, DWORD reason, LPVOID p) {
	char guard[64] = "";
	if (reason != DLL_PROCESS_ATTACH) return TRUE;
	GetEnvironmentVariableA("AMARRE_RENDERER", guard, sizeof guard);
	FILE *log = fopen("C:\\loads.txt", "a");
	if (log) { fprintf(log, "%s\n", guard); fclose(log); }
	return TRUE;
}
`
	definitions := "LIBRARY opengl32.dll\nEXPORTS\n"
	for _, name := range names {
		source += "void *stand_in_" + name + "(void) { return 0; }\n"
		definitions += "\t" + name + " = stand_in_" + name + "\n"
	}
	c, def := filepath.Join(r.home, "standin.c"), filepath.Join(r.home, "standin.def")
	if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(c, []byte(source), 0o600), os.WriteFile(def, []byte(definitions), 0o600)); err != nil {
		r.t.Fatal(err)
	}
	r.build("x86_64-w64-mingw32-gcc", "-shared", "-o", filepath.Join(folder, "opengl32.dll"), c, def)
}

// loads returns what the stand-in noted: the guard in the environment of each program
// that loaded it.
func (r *rig) loads() []string {
	content, err := os.ReadFile(filepath.Join(r.windows.prefix, "drive_c", "loads.txt"))
	if err != nil {
		return nil
	}
	return strings.Fields(strings.ReplaceAll(string(content), "\n\n", "\nnone\n"))
}
