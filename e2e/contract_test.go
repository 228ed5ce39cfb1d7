//go:build e2e

package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"amarre/authclient/authtest"
	"amarre/internal/message"
	"amarre/ui"
)

// TestKeysOfTheWindow: every key that the window has, on a French keyboard, from wherever the
// focus is. The other tests by keyboard use Ctrl+N, S, D, E, I, Q, Ctrl+Shift+A, C, H, V and Z.
func TestKeysOfTheWindow(t *testing.T) {
	r := newRig(t, "fr-keys")
	r.begin()

	// At a first start: the menu, and the password shown and hidden.
	r.focused("entry", "Code port")
	r.key("F10")
	r.focused("menu", "")
	r.shot("menu-welcome")
	r.key("Escape")
	r.gone("menu", "")
	r.fill("SET", authtest.DemoPassword)
	r.key("ctrl+shift+p")
	r.waitFor("secret", "Mot de passe", "the letters", func(w widget) bool { return w.Text == "shown" })
	r.key("ctrl+shift+p")
	r.waitFor("secret", "Mot de passe", "the mask", func(w widget) bool { return w.Text == "hidden" })
	r.key("Return")
	r.port("Port de Sète", "obtained")
	r.key("ctrl+s")
	r.port("Port de Sète", "saved")
	r.key("ctrl+n")
	r.page("new")
	r.obtain("MTP", "Port de Montpellier")

	// Ctrl+K from inside the search: the search stays as it is.
	r.key("ctrl+f")
	r.focused("entry", "Rechercher")
	r.typed("se")
	r.rows(1)
	r.key("ctrl+k")
	r.focused("entry", r.text("palette.hint"))
	r.typed("sete")
	r.waitFor("row", "", "the port", func(w widget) bool { return strings.Contains(w.Text, "Port de Sète") && w.On })
	r.shot("palette")
	r.key("Return")
	r.port("Port de Sète", "saved")
	r.waitFor("entry", "Rechercher", "what was searched", func(w widget) bool { return w.Text == "se" })
	r.palette("preferences")
	r.page("preferences")
	r.key("Escape", "Escape") // the search, then the page
	r.page("reading")
	r.rows(2)

	// F10: from inside an entry, by arrows and by first letters.
	r.key("ctrl+f")
	r.focused("entry", "Rechercher")
	r.key("F10")
	r.on("item", "menu.new")
	r.key("Up")
	r.on("item", "menu.quit")
	r.key("d")
	r.on("item", "menu.troubleshooting")
	r.shot("menu")
	r.key("Return")
	r.page("troubleshooting")
	r.says("text", r.text("diagnose.nothing_secret"))
	r.key("Escape")
	r.page("reading")

	// The list: Shift+F10, Space, Ctrl+A, letters.
	r.key("ctrl+f", "Down", "Home")
	r.focused("list", "")
	r.key("shift+F10")
	r.focused("menu", "")
	r.shot("row-menu")
	r.key("c")
	r.on("item", "menu.mark")
	r.key("Return")
	r.page("marked")
	r.says("text", r.texts.N("marked.title", 1))
	r.key("ctrl+a")
	r.says("text", r.texts.N("marked.title", 2))
	r.key("Escape")
	r.page("reading")
	r.key("space")
	r.page("marked")
	r.key("space")
	r.page("reading")
	r.key("m")
	r.waitFor("entry", "Rechercher", "the letter", func(w widget) bool { return w.Focused && w.Text == "m" })
	r.key("Escape")
	r.rows(2)

	// Ctrl+L: the token in large letters, which Escape and time hide.
	r.key("ctrl+l")
	r.question(r.text("letters.title", "Name", "Port de Sète"))
	r.waitFor("token", "", "the first letters", func(w widget) bool { return w.Focused && w.Note == r.text("letters.group", "Group", 1, "Groups", 10) })
	r.key("Right", "space", "Left", "Down")
	r.waitFor("token", "", "the third letters", func(w widget) bool { return w.Note == r.text("letters.group", "Group", 3, "Groups", 10) })
	r.shot("letters")
	r.key("Escape")
	r.closed()

	// Ctrl+, with a theme and a language, each at once.
	r.key("ctrl+comma")
	r.page("preferences")
	r.focused("segments", r.text("theme.light"))
	r.key("Right")
	r.focused("segments", r.text("theme.dark"))
	r.shot("preferences")
	r.tabTo("Tab", "segments", r.text("language.fr"))
	r.key("Right")
	english, err := message.New("en")
	if err != nil {
		t.Fatal(err)
	}
	r.texts = english
	r.says("text", r.text("preferences.title"))
	r.tabTo("Tab", "segments", r.text("language.en"))
	r.key("Left")
	r.speak([]string{"--lang", "fr"})
	r.says("text", r.text("preferences.title"))
	r.key("Escape")
	r.page("reading")

	// F2, a change that Escape asks about, and Enter.
	r.key("F2")
	r.page("edit")
	r.focused("entry", r.text("reading.name"))
	r.key("End")
	r.typed(" 2")
	r.shot("edit")
	r.key("Escape")
	r.question(r.text("unsaved.title"))
	r.key("Escape")
	r.closed()
	r.page("edit")
	r.focused("entry", r.text("reading.name"))
	r.key("Return")
	r.port("Port de Sète 2", "saved")

	// Shift+F5 checks all, F5 the open one, Ctrl+B makes it a favourite.
	r.key("shift+F5")
	r.page("many-result")
	r.says("text", r.texts.N("bulk.count.works", 2))
	r.key("Down", "Return")
	r.port("Port de Sète 2", "saved")
	r.key("F5")
	r.verdict("accepted")
	if n := r.service.Checks(); n < 3 {
		t.Errorf("%d checks, want 3 or, with those after a login, more", n)
	}
	r.key("ctrl+b")
	r.waitFor("row", "", "the favourite in front", func(w widget) bool { return strings.Contains(w.Text, "Port de Sète 2") })

	// F1, Ctrl+T; a second Escape does nothing.
	r.key("F1")
	r.question(r.text("keys.title"))
	r.shot("keys")
	r.key("Escape")
	r.closed()
	r.key("ctrl+t")
	r.page("troubleshooting")
	r.shot("troubleshooting")
	r.key("Escape", "Escape")
	r.port("Port de Sète 2", "saved")
	r.key("ctrl+q")
	r.exits(0)
}

// TestEveryButtonByTab: on every page Tab comes to every button and field, shows where it is,
// and comes back; also in the least window, and on a small laptop at twice the size.
func TestEveryButtonByTab(t *testing.T) {
	for _, c := range []struct {
		name, size    string
		scale         string
		width, height int // of the window in pixels; 0 for as it comes
		settings      string
	}{
		{"usual", wide, "", 0, 0, `{"theme":"light"}`},
		{"least", wide, "", 600, 340, `{"theme":"dark","width":600,"height":340}`},
		{"twice", small, "FYNE_SCALE=2", 0, 0, `{"theme":"light","width":600,"height":340}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRigOn(t, "fr-tab-"+c.name, c.size, "-r")
			r.settings(c.settings)
			if c.scale != "" {
				r.extra = []string{c.scale}
			}
			r.start("--service", r.service.URL, "--lang", "fr")
			r.page("welcome")
			s := r.state()
			if c.width > 0 && (s.Width != c.width || s.Height != c.height) {
				t.Errorf("the window has %d × %d pixels, want %d × %d", s.Width, s.Height, c.width, c.height)
			}
			if c.scale != "" && (s.Width > 1366 || s.Height > 768-2*44) {
				t.Errorf("at twice the size the window has %d × %d pixels: it is too large for a small laptop", s.Width, s.Height)
			}
			visit := func(page string, keys ...string) {
				t.Helper()
				r.key(keys...)
				r.page(page)
				r.walk(page)
			}
			r.walk("welcome")
			r.click("entry", "Code port")
			r.login("SET")
			r.port("Port de Sète", "obtained")
			r.walk("obtained")
			r.key("ctrl+s")
			r.port("Port de Sète", "saved")
			r.walk("reading")
			visit("edit", "F2")
			r.key("Escape")
			r.page("reading")
			visit("new", "ctrl+n")
			r.palette("vue d ensemble")
			r.page("overview")
			r.walk("overview")
			visit("marked", "ctrl+f", "Down", "space")
			visit("preferences", "Escape", "ctrl+comma")
			r.key("Escape", "ctrl+t")
			r.page("troubleshooting")
			r.says("text", r.text("diagnose.nothing_secret"))
			r.walk("troubleshooting")
			r.key("ctrl+e")
			r.question(r.texts.N("export.title", 1))
			r.walk("export")
			r.key("Escape")
			r.closed()
			r.key("ctrl+q")
			r.ended()
		})
	}
}

// walk presses Tab until the focus was on everything that can be used, and checks that it was
// in view there.
func (r *rig) walk(name string) {
	r.t.Helper()
	r.shot(name)
	kinds := []string{"button", "entry", "area", "secret", "select", "segments", "tick", "switch", "list", "pane", "token"}
	id := func(w widget) string { return fmt.Sprintf("%s %q %q", w.Kind, w.Text, w.Label) }
	left := map[string]bool{}
	for _, w := range r.state().Widgets {
		if slices.Contains(kinds, w.Kind) && !w.Disabled && (w.Kind != "list" || w.Rows > 0) && (w.Kind != "token" || w.Note != "") {
			left[id(w)] = true
		}
	}
	for _, w := range r.state().Widgets {
		if w.Focused && w.Off && name != "troubleshooting" { // where the findings came above the button meanwhile
			r.t.Errorf("%s: %s has the focus at first and is out of view", name, id(w))
		}
	}
	before := ""
	for stops := 0; len(left) > 0; stops++ {
		if stops == 60 {
			r.t.Errorf("%s: Tab does not come to %v", name, slices.Collect(maps.Keys(left)))
			return
		}
		r.key("Tab")
		var now widget
		var s *ui.HookState
		r.wait("the next stop of "+name, func(state *ui.HookState) bool {
			at := slices.IndexFunc(state.Widgets, func(w widget) bool { return w.Focused })
			if at < 0 {
				return false
			}
			s, now = state, state.Widgets[at]
			return fmt.Sprint(id(now), now.X) != before
		})
		before = fmt.Sprint(id(now), now.X)
		delete(left, id(now))
		if now.Off || now.X < 0 || now.Y < 0 || now.X+min(now.W, 20) > s.Width || now.Y+min(now.H, 20) > s.Height {
			r.shot(name + "-hidden")
			r.t.Errorf("%s: %s has the focus and is out of view, at %d, %d", name, id(now), now.X, now.Y)
		}
	}
}
