//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amarre/authclient/authtest"
	"amarre/ui"
)

// TestManyPorts pastes a list of ports, corrects it, gets the tokens with a pause between,
// and saves the report, by keyboard. Nothing of the list but the profiles is on the disk.
func TestManyPorts(t *testing.T) {
	r := newRig(t, "many")
	r.service.SetQuirks(authtest.Quirks{Delay: 100 * time.Millisecond})
	r.start("--lang", "fr", "--service", r.service.URL)
	r.page("welcome")
	r.key("ctrl+shift+n")
	r.page("many-list")
	r.setClipboard("Code port;Nom\nSET;Port de Sète\nAG;Cap d’Agde\nLGM;La Grande-Motte\nGRU;\nPCM;\nFRJ;Fréjus\n")
	r.key("ctrl+v", "Tab", "Tab", "Return")
	r.page("many-review")
	r.says("row", r.texts.N("bulk.row.wrong-length", 2))
	r.shot("many-review")
	r.key("Return")
	r.question(r.text("many.row_title", "Row", 3))
	r.key("End")
	r.typed("D")
	r.key("Return")
	r.closed()
	r.tabTo("Tab", "entry", r.text("form.erp_id"))
	r.typed("15")
	r.key("Tab")
	r.typed(authtest.DemoPassword)
	r.key("Return")
	r.page("many-running")
	r.shot("many-running")
	r.key("Return") // Pause
	r.page("many-result")
	r.wait("what is left", func(s *ui.HookState) bool { return has(s, "button", "Continuer (") })
	r.shot("many-paused")
	r.tabToButton("Continuer (")
	r.key("Return")
	r.page("many-result")
	r.says("text", r.texts.N("bulk.count.saved", 6))
	r.shot("many-result")

	report := filepath.Join(r.home, "rapport.html")
	r.tabToButton("Enregistrer le rapport")
	r.key("Return")
	r.question(r.text("many.report_title"))
	r.key("Tab", "ctrl+a")
	r.typed(report)
	r.key("Return")
	r.closed()
	content, err := os.ReadFile(report)
	if err != nil || !strings.Contains(string(content), "Cap d’Agde") {
		t.Errorf("the report: %v", err)
	}
	secrets := []string{authtest.DemoPassword}
	for token := range r.service.Issued() {
		secrets = append(secrets, token)
	}
	if len(secrets) != 7 {
		t.Errorf("%d tokens were given, want 6", len(secrets)-1)
	}
	r.searchFor(r.home, secrets...)
	r.key("ctrl+q")
	r.exits(0)
}

// tabToButton presses the Tab key until a button whose text begins so has the focus.
func (r *rig) tabToButton(begin string) {
	r.t.Helper()
	for range 40 {
		if slices.ContainsFunc(r.state().Widgets, func(w widget) bool { return w.Kind == "button" && w.Focused && strings.HasPrefix(w.Text, begin) }) {
			return
		}
		r.key("Tab")
	}
	r.t.Fatalf("Tab does not come to the button %q; the window has %s", begin, describe(r.state()))
}
