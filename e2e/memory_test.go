//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"amarre/ui"
)

// memory returns the memory that the program has in RAM, in MiB.
func (r *rig) memory() int {
	r.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.program.Process.Pid))
	if err != nil {
		r.t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); fields[0] == "VmRSS:" {
			kib, err := strconv.Atoi(fields[1])
			if err != nil {
				r.t.Fatal(err)
			}
			return kib >> 10
		}
	}
	r.t.Fatal("/proc has no VmRSS")
	return 0
}

// TestMemory: searching, opening, showing and copying again and again needs no more memory: at
// the end at most 60 MiB more than at the start. AMARRE_ROUNDS says how often; .ci/long does it
// 1,800 times.
func TestMemory(t *testing.T) {
	const most = 60
	rounds := 300
	if text := os.Getenv("AMARRE_ROUNDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	r := newRig(t, "fr-memory")
	r.settings(`{"clearSeconds":300,"theme":"light"}`)
	r.start("--service", r.service.URL, "--lang", "fr")
	r.obtain("SET", "Port de Sète")
	r.key("ctrl+n")
	r.page("new")
	r.obtain("MTP", "Port de Montpellier")
	r.key("ctrl+q")
	r.ended()
	r.start("--lang", "fr")
	r.rows(2)
	began := r.memory()
	highest := began
	for round := range rounds {
		name, code := "sete", "SET"
		if round%2 == 1 {
			name, code = "montp", "MTP"
		}
		r.must("xdotool", "key", "--delay", "10", "ctrl+f", "ctrl+a", "type", "--delay", "10", name)
		r.wait("what is found", func(s *ui.HookState) bool {
			w, ok := find(s, "row", "")
			return ok && strings.HasPrefix(w.Text, code)
		})
		r.must("xdotool", "key", "Return")
		r.wait("the port", func(s *ui.HookState) bool {
			_, ok := find(s, "badge", code)
			return ok && s.Page == "reading" && s.Credential == "saved" && s.Task == ""
		})
		r.must("xdotool", "key", "--delay", "10", "ctrl+shift+h", "ctrl+shift+c")
		r.wait("the letters and the copy", func(s *ui.HookState) bool { return s.Revealed && s.Clears > 290 })
		r.must("xdotool", "key", "--delay", "10", "Escape", "Escape")
		r.wait("the mask", func(s *ui.HookState) bool { return !s.Revealed })
		highest = max(highest, r.memory())
		if round%50 == 0 {
			t.Logf("round %d: %d MiB", round, r.memory())
		}
	}
	ended := r.memory()
	t.Logf("%d rounds: %d MiB at the start, %d at the end, %d at most", rounds, began, ended, highest)
	if ended > began+most {
		t.Errorf("after %d rounds the program has %d MiB, at the start %d; want at most %d more", rounds, ended, began, most)
	}
}
