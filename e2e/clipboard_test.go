//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// pasted returns what can be pasted from the clipboard and by the middle button.
func (r *rig) pasted() string {
	primary, _ := r.runShort("xclip", "-selection", "primary", "-o")
	return r.clipboard() + string(primary)
}

// TestClipboardManager: beside a clipboard manager the window says at the copy that it may
// keep the token; after the delay, and after quitting, the token cannot be pasted
// (docs/security.md 19). What each manager does: amarre/internal/clipboard.
func TestClipboardManager(t *testing.T) {
	if _, err := exec.LookPath("parcellite"); err != nil && os.Getenv("CI") == "" {
		t.Skip("parcellite is not installed")
	}
	r := newRig(t, "fr-clipboard-manager")
	r.settings(shortDelay)
	r.background("parcellite")
	r.until("the manager", func() bool {
		out, err := r.runShort("xdotool", "search", "--class", "parcellite")
		return err == nil && len(out) > 0
	})
	r.start("--service", r.service.URL, "--lang", "fr")
	r.login("SET")
	r.port("Port de Sète", "obtained")
	r.key("ctrl+shift+c")
	r.says("band", "gestionnaire de presse-papiers")
	r.countdown()
	r.shot("copied")
	token := r.clipboard()
	if len(token) != 38 {
		t.Fatalf("the clipboard holds %d characters, want 38", len(token))
	}
	gone := func(when string) {
		t.Helper()
		began := time.Now()
		r.until("the time in which the manager looks at the clipboard", func() bool {
			if strings.Contains(r.pasted(), token) {
				t.Errorf("%s the token can be pasted", when)
				return true
			}
			return time.Since(began) > 2*time.Second
		})
	}
	r.cleared()
	gone("after the delay")

	r.key("ctrl+shift+c")
	r.countdown()
	r.key("ctrl+s")
	r.noticed("save.done", "Name", "Port de Sète")
	r.key("ctrl+q")
	if status := r.ended(); status != 0 {
		t.Errorf("quitting ends with status %d", status)
	}
	gone("after quitting")
}
