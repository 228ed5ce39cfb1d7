//go:build e2e

package e2e

import (
	"testing"

	"amarre/ui"
)

// TestHeldKeys: a key that is held repeats about 25 times a second after half a second, and
// acts once.
func TestHeldKeys(t *testing.T) {
	r := newRigOn(t, "fr-held-keys")
	r.settings(shortDelay)
	r.start("--service", r.service.URL, "--lang", "fr")
	for _, port := range []string{"SET", "MTP", "AGD"} {
		r.login(port)
		r.waitWidget("result.heading", port, func(w ui.HookWidget) bool { return w.Visible })
		r.key("ctrl+s")
		r.text("status.message", "enregistré")
		r.key("ctrl+n")
	}
	r.waitWidget("list.rows", "three profiles", func(w ui.HookWidget) bool { return w.Rows == 3 })
	hold := func(key string) { r.must("xdotool", "keydown", key, "sleep", "1.5", "keyup", key) }

	before := r.service.Logins()
	r.click("form.port_code")
	r.typed("LGM")
	r.key("Tab")
	r.typed("15")
	r.key("Tab")
	r.typed("wrong")
	hold("Return")
	r.text("result.message", "refusée")
	if n := r.service.Logins() - before; n != 1 {
		t.Errorf("Enter held over a wrong password: %d logins, want 1", n)
	}

	r.key("ctrl+f", "Down")
	r.waitWidget("list.rows", "the focus", func(w ui.HookWidget) bool { return w.Focused })
	hold("Delete")
	r.waitWidget("list.rows", "two profiles", func(w ui.HookWidget) bool { return w.Rows == 2 })
	r.key("Home")
	r.waitWidget("list.rows", "still two profiles", func(w ui.HookWidget) bool { return w.Rows == 2 })
	r.shot("deleted")

	r.key("Return")  // opens the first
	r.click("ask.0") // what was typed is not saved
	r.waitWidget("result.heading", "the profile", func(w ui.HookWidget) bool { return w.Visible })
	checks := r.service.Checks()
	hold("F5")
	r.waitWidget("result.verdict", "the verdict", func(w ui.HookWidget) bool { return w.Visible })
	if n := r.service.Checks() - checks; n != 1 {
		t.Errorf("F5 held: %d checks, want 1", n)
	}
}
