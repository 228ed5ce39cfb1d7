//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"amarre/authclient/authtest"
)

// TestCrash: a panic ends the program with a report that holds no secret, standard error
// says where it is, and the next start says it once (docs/security.md 14 and 25).
func TestCrash(t *testing.T) {
	for _, where := range []string{"window", "goroutine"} {
		t.Run(where, func(t *testing.T) {
			r := newRig(t, "fr-crash-"+where)
			r.begin()
			r.login("SET")
			r.port("Port de Sète", "obtained")
			r.key("ctrl+shift+c")
			r.countdown()
			token := r.token()
			r.hook("panic " + where)
			r.exits(1)
			if left := r.clipboard(); left != "" {
				t.Errorf("after the crash the clipboard holds %d characters", len(left))
			}
			if text := r.stderr.String(); !strings.Contains(text, "est dans "+filepath.Join(r.config(), "crash-")) {
				t.Errorf("standard error says %q", text)
			}
			r.start("--service", r.service.URL, "--lang", "fr")
			r.says("band", "Un rapport, sans aucun secret, est dans "+r.home)
			r.shot("told")
			r.tap("crash.show")
			r.waitFor("pane", "", "the report", func(w widget) bool {
				return strings.Contains(w.Text, "stopped at") && strings.Contains(w.Text, "(*Window).panicAt")
			})
			r.shot("report")
			reports, err := filepath.Glob(filepath.Join(r.config(), "crash-*.txt"))
			if err != nil || len(reports) != 1 {
				t.Fatalf("the reports are %v, %v", reports, err)
			}
			r.searchFor(r.home, token, authtest.DemoPassword)
			if text := r.stderr.String(); strings.Contains(text, token) || strings.Contains(text, authtest.DemoPassword) {
				t.Error("standard error holds a secret")
			}
			r.key("Escape")
			r.closed()
			r.key("ctrl+q")
			r.ended()
			r.start("--service", r.service.URL, "--lang", "fr")
			r.page("welcome")
			r.focused("entry", "Code port")
			if message := r.state().Message; message != "" {
				t.Errorf("the second start says %q", message)
			}
			r.key("ctrl+q")
			r.ended()
		})
	}
}

// TestNoCoreDump: a program that is killed by a fault leaves nothing of its memory on
// the disk, even if the session asks for core dumps (docs/security.md 14).
func TestNoCoreDump(t *testing.T) {
	r := newRig(t, "core")
	r.begin()
	r.login("SET")
	r.port("Port de Sète", "obtained")
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", r.program.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(limits)) {
		if fields := strings.Fields(line); strings.HasPrefix(line, "Max core file size") && (fields[4] != "0" || fields[5] != "0") {
			t.Errorf("core dumps are limited so: %s", line)
		}
	}
	before, _ := filepath.Glob("core*") // the program's folder is this one
	if err := r.program.Process.Signal(syscall.SIGSEGV); err != nil {
		t.Fatal(err)
	}
	r.ended()
	if after, _ := filepath.Glob("core*"); len(after) != len(before) {
		t.Errorf("there is a core dump: %v", after)
	}
	r.searchFor(r.home, authtest.DemoPassword)
}

// TestDiagnosticReport: read and saved by keyboard.
func TestDiagnosticReport(t *testing.T) {
	r := newRig(t, "fr-report")
	r.begin()
	r.obtain("SET", "Port de Sète")
	r.palette("rapport")
	r.waitFor("pane", "", "the report", func(w widget) bool {
		return strings.Contains(w.Text, "Trousseau\u00a0: prêt (gnome-keyring-d") && strings.Contains(w.Text, "enregistrement\u00a0: fait")
	})
	r.shot("preview")
	r.key("Return")
	r.says("band", "Rapport enregistré dans "+r.home)
	r.shot("saved")
	reports, err := filepath.Glob(filepath.Join(r.home, "amarre-rapport-*.txt"))
	if err != nil || len(reports) != 1 {
		t.Fatalf("the reports are %v, %v", reports, err)
	}
	r.key("ctrl+shift+c")
	r.countdown()
	token := r.token()
	r.searchFor(r.home, token, authtest.DemoPassword)
}
