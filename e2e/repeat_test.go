//go:build e2e

package e2e

import (
	"testing"

	"amarre/ui"
)

// TestHeldKeys: a key that is held repeats about 25 times a second after half a second, and
// acts once.
func TestHeldKeys(t *testing.T) {
	r := newRigOn(t, "fr-held-keys", wide)
	r.begin()
	for _, port := range [][2]string{{"SET", "Port de Sète"}, {"MTP", "Port de Montpellier"}, {"AGD", "Port du Cap d'Agde"}} {
		r.obtain(port[0], port[1])
		r.key("ctrl+n")
		r.page("new")
	}
	r.rows(3)
	hold := func(key string) { r.must("xdotool", "keydown", key, "sleep", "1.5", "keyup", key) }

	before := r.service.Logins()
	r.fill("LGM", "wrong")
	hold("Return")
	r.says("band", "refusée")
	if n := r.service.Logins() - before; n != 1 {
		t.Errorf("Enter held over a wrong password: %d logins, want 1", n)
	}

	r.key("ctrl+f", "Down")
	r.focused("list", "")
	hold("Delete")
	r.rows(2)
	r.focused("list", "")
	r.key("Home")
	r.rows(2) // still
	r.shot("deleted")

	r.key("Return") // opens the first
	r.question(r.text("unsaved.title"))
	r.tap("unsaved.discard")
	r.wait("the port", func(s *ui.HookState) bool { return s.Page == "reading" && s.Credential == "saved" && s.Task == "" })
	checks := r.service.Checks()
	hold("F5")
	r.verdict("accepted")
	if n := r.service.Checks() - checks; n != 1 {
		t.Errorf("F5 held: %d checks, want 1", n)
	}
}
