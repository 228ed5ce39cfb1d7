//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"amarre/ui"
)

// clipboard reads the clipboard with another program.
func (r *rig) clipboard() string {
	out, err := r.runShort("xclip", "-selection", "clipboard", "-o")
	if err != nil { // an empty clipboard is an error to xclip
		return ""
	}
	return string(out)
}

// countdown waits until a secret is on the clipboard and the window says so.
func (r *rig) countdown() {
	r.t.Helper()
	r.wait("the countdown", func(s *ui.HookState) bool { return s.Clears > 0 })
	r.says("toast", r.text("toast.copied"))
}

// token reads a token from the clipboard.
func (r *rig) token() string {
	r.t.Helper()
	token := r.clipboard()
	if len(token) != 38 {
		r.t.Fatalf("the clipboard holds %d characters, want 38", len(token))
	}
	return token
}

// setClipboard copies a text as another program does.
func (r *rig) setClipboard(text string) {
	r.t.Helper()
	cmd := r.command("xclip", "-selection", "clipboard", "-i")
	cmd.Stdin = strings.NewReader(text)
	if err := cmd.Run(); err != nil {
		r.t.Fatalf("xclip: %v", err)
	}
}

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
	r.background("parcellite")
	r.until("the manager", func() bool {
		out, err := r.runShort("xdotool", "search", "--class", "parcellite")
		return err == nil && len(out) > 0
	})
	r.begin()
	r.login("SET")
	r.port("Port de Sète", "obtained")
	r.key("ctrl+shift+c")
	r.says("band", "gestionnaire de presse-papiers")
	r.countdown()
	r.shot("copied")
	token := r.token()
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
	r.exits(0)
	gone("after quitting")
}
