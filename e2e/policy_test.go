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
	r.waitFor("entry", "Service", "the fixed address", func(w widget) bool { return w.Text == r.service.URL && w.Disabled })
	r.login("SET")
	r.port("Port de Sète", "obtained")
	r.waitFor("tick", r.text("result.keep_forbidden"), "that it is forbidden", func(w widget) bool { return w.Disabled && !w.On })
	r.key("ctrl+shift+c")
	r.wait("the countdown of at most 20 s", func(s *ui.HookState) bool { return s.Clears > 0 && s.Clears <= 20 })
	r.shot("token")
	r.key("ctrl+s")
	r.noticed("save.done", "Name", "Port de Sète")
	r.port("Port de Sète", "saved")
	r.key("ctrl+comma")
	r.page("preferences")
	r.says("text", "Réglages imposés par votre service informatique")
	r.there("select", r.texts.N("preferences.after", 20))
	r.shot("preferences")
	r.key("ctrl+q")
	r.ended()

	start("forbid_saving_passwords = true\nservces = []\n")
	r.question(r.text("policy.title"))
	r.says("dialog", "la clé «\u00a0servces\u00a0» n’existe pas")
	r.shot("broken")
	r.key("ctrl+n", "ctrl+t", "Return")
	r.exits(0)
}
