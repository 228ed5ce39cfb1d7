//go:build keyring

package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amarre/profile"
)

// TestListKilled kills `login --list` in the middle of a list, a quarter as often as the other
// tests and at most 200 times, and does the same command again: what is saved is not obtained
// again, and what was said to be saved is there.
func TestListKilled(t *testing.T) {
	const rows = 24
	kills := min(keyringPID(t)/4, 200)
	r := newCrashRig(t)
	path := filepath.Join(t.TempDir(), "ports.csv")
	done, sets := 0, 0
	for killed := 0; killed < kills || done < rows; {
		if done == rows || sets == 0 { // a new list
			var list strings.Builder
			for n := range rows {
				list.WriteString(port((sets*rows+n)%600) + "\n")
			}
			sets++
			done = 0
			if sets*rows > 600 {
				t.Fatalf("%d kills, and no ports are left", killed)
			}
			if err := os.WriteFile(path, []byte(list.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		saved, issued := r.tokens(), r.issued()
		cmd, out := r.command(context.Background(), "login", "--list", path, "--service", r.service.URL, "--erp", "1", "--password-stdin", "--save", "--pause", "0s", "--json")
		var errs bytes.Buffer
		cmd.Stderr = &errs
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if killed < kills {
			time.Sleep(time.Duration(rand.IntN(120)) * time.Millisecond)
			_ = cmd.Process.Kill()
			killed++
		}
		_ = cmd.Wait() // the status is that of the kill
		now := r.tokens()
		for code, token := range saved {
			if now[code] != token {
				t.Fatalf("the token of %s is another after kill %d", code, killed)
			}
			if r.issued()[code] != issued[code] {
				t.Fatalf("%s was saved, and was obtained again", code)
			}
		}
		for line := range strings.Lines(out.String()) {
			var said struct{ Reference, State string }
			if json.Unmarshal([]byte(line), &said) != nil {
				continue // cut off by the kill
			}
			if code, _, _ := strings.Cut(said.Reference, "/"); said.State == "saved" && now[code] == "" {
				t.Fatalf("%s was said to be saved, and is not", code)
			}
		}
		done = 0
		content, _ := os.ReadFile(path)
		for code := range strings.FieldsSeq(string(content)) {
			if now[code] != "" {
				done++
			}
		}
		if killed == kills && cmd.ProcessState.Success() && done < rows {
			t.Fatalf("%d of %d are saved: %s", done, rows, errs.String())
		}
	}
	t.Logf("%d kills in %d lists of %d ports, nothing obtained twice, nothing lost", kills, sets, rows)
}

// tokens returns what the keyring has, by port code.
func (r *crashRig) tokens() map[string]string {
	r.t.Helper()
	tokens := map[string]string{}
	for code, p := range r.list() {
		secrets, err := r.store.Load(r.t.Context(), p)
		switch {
		case err == nil:
			tokens[code] = secrets.Token.Reveal()
		case !profile.IsGone(err): // the kill came between the list and the keyring
			r.t.Fatal(err)
		}
	}
	return tokens
}

// issued returns how many tokens were given, by port code.
func (r *crashRig) issued() map[string]int {
	issued := map[string]int{}
	for _, code := range r.service.Issued() {
		issued[code]++
	}
	return issued
}
