//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"amarre/ui"
)

// TestPolicy: what an administrator has fixed is followed and shown; a broken file is
// said to be one, and nothing else can be done.
func TestPolicy(t *testing.T) {
	r := newRig(t, "fr-policy")
	r.settings(`{"clearSeconds":60,"theme":"light"}`)
	path := filepath.Join(t.TempDir(), "policy.toml")
	start := func(policy string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(policy), 0o644); err != nil {
			t.Fatal(err)
		}
		r.extra = []string{"AMARRE_POLICY=" + path}
		r.start("--service", "https://elsewhere.example", "--lang", "fr")
	}
	start(fmt.Sprintf("services = [%q]\nforbid_saving_passwords = true\nmax_clipboard_seconds = 20\n", r.service.URL))
	r.waitWidget("form.service", "the fixed address", func(w ui.HookWidget) bool { return w.Text == r.service.URL && w.Disabled })
	r.waitWidget("form.port_code", "the cursor", func(w ui.HookWidget) bool { return w.Focused })
	r.login("SET")
	r.text("result.heading", "Port de Sète (SET)")
	r.waitWidget("result.keep_password", "that it is forbidden", func(w ui.HookWidget) bool { return w.Disabled })
	r.key("Return")
	r.text("status.clipboard", "vidé dans 20\u00a0s")
	r.shot("token")
	r.key("ctrl+s")
	r.text("status.message", "enregistré")
	r.key("Alt_L", "Right", "Right", "Up", "Return")
	r.text("ask.fixed", "Réglages imposés par votre service informatique")
	r.shot("security")
	r.key("Escape", "ctrl+q")
	r.ended()

	start("forbid_saving_passwords = true\nservces = []\n")
	r.text("ask.text", "la clé «\u00a0servces\u00a0» n’existe pas")
	r.shot("broken")
	r.key("ctrl+n", "ctrl+t", "Return")
	if status := r.ended(); status != 0 {
		t.Errorf("quitting ends with status %d", status)
	}
}
