//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"amarre/internal/message"
)

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

// start starts the program and waits for its window. The arguments have the language.
func (r *rig) start(args ...string) {
	r.t.Helper()
	r.speak(args)
	r.run(r.launch(args...))
	program := r.program
	r.t.Cleanup(func() { _ = program.Process.Kill() })
	r.until("the window", func() bool { return r.state() != nil })
	r.window = r.newest("the window's id", r.windowIDs)
	r.until("the focus", func() bool {
		out, err := r.runShort("xdotool", "getwindowfocus")
		return err == nil && strings.TrimSpace(string(out)) == r.window
	})
}

// run starts a program as the one under test, and keeps what it writes to standard error.
func (r *rig) run(program *exec.Cmd) {
	r.t.Helper()
	r.stderr.Reset()
	program.Stderr = &r.stderr
	if err := program.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.program = program
}

// shortDelay makes a copied token clear itself after the least delay.
const shortDelay = `{"clearSeconds":10,"theme":"light"}`

// begin starts the program in French, for the stand-in service and with shortDelay.
func (r *rig) begin() {
	r.t.Helper()
	r.settings(shortDelay)
	r.start("--service", r.service.URL, "--lang", "fr")
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

// exits waits for the program's end and checks its exit status.
func (r *rig) exits(want int) {
	r.t.Helper()
	if status := r.ended(); status != want {
		r.t.Errorf("the program ends with status %d, want %d", status, want)
	}
}

// windowIDs searches the program's window.
func (r *rig) windowIDs() []string {
	if r.windows != nil {
		return r.search("--name", "^Amarre")
	}
	return r.search("--pid", strconv.Itoa(r.program.Process.Pid))
}

// search returns the ids of the visible windows that xdotool finds.
func (r *rig) search(args ...string) []string {
	out, err := r.runShort("xdotool", append([]string{"search", "--onlyvisible"}, args...)...)
	if err != nil {
		return nil
	}
	return strings.Fields(string(out))
}

// newest waits until a search finds a window, and returns the last.
func (r *rig) newest(what string, search func() []string) (id string) {
	r.t.Helper()
	r.until(what, func() bool {
		ids := search()
		if len(ids) > 0 {
			id = ids[len(ids)-1]
		}
		return id != ""
	})
	return id
}
