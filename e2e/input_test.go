//go:build e2e

package e2e

import (
	"strconv"
	"strings"

	"amarre/authclient/authtest"
)

// key presses keys, one after another.
func (r *rig) key(keys ...string) {
	r.t.Helper()
	r.must("xdotool", append([]string{"key", "--delay", "40"}, keys...)...)
}

// typed types a text as a person does.
func (r *rig) typed(text string) {
	r.t.Helper()
	r.must("xdotool", "type", "--delay", "30", text)
}

// tabTo presses Tab, or another key, until a widget has the focus.
func (r *rig) tabTo(key, kind, text string) {
	r.t.Helper()
	for range 40 {
		if w, ok := find(r.state(), kind, text); ok && w.Focused {
			return
		}
		r.key(key)
	}
	r.t.Fatalf("%s does not come to %s %q; the window has %s", key, kind, text, describe(r.state()))
}

// login fills in the form for a new port with the stand-in's password, and submits by Enter.
func (r *rig) login(portCode string) {
	r.t.Helper()
	r.fill(portCode, authtest.DemoPassword)
	r.key("Return")
}

// fill types a port code of the stand-in's ERP and a password into the form for a new port,
// and goes from one field to the next by Tab.
func (r *rig) fill(portCode, password string) {
	r.t.Helper()
	r.focused("entry", r.text("form.port_code"))
	r.typed(portCode)
	r.key("Tab", "ctrl+a")
	r.typed(strconv.Itoa(authtest.DemoERPID))
	r.key("Tab", "ctrl+a")
	r.typed(password)
}

// obtain gets a token for a port of the stand-in by the form for a new port, and saves it.
func (r *rig) obtain(portCode, name string) {
	r.t.Helper()
	r.login(portCode)
	r.port(name, "obtained")
	r.key("ctrl+s")
	r.noticed("save.done", "Name", name)
	r.port(name, "saved")
}

// palette does the action that the palette finds by some words.
func (r *rig) palette(words string) {
	r.t.Helper()
	r.key("ctrl+k")
	r.focused("entry", r.text("palette.hint"))
	r.typed(words)
	r.there("entry", words)
	r.key("Return")
	r.gone("entry", r.text("palette.hint"))
}

// click clicks into the middle of a widget, once it rests: what appears or goes
// above it moves it at the next frame.
func (r *rig) click(kind, text string) {
	r.t.Helper()
	var before widget
	at := r.waitFor(kind, text, "something to click", func(w widget) bool {
		same := w.X == before.X && w.Y == before.Y && w.W == before.W && w.H == before.H
		before = w
		return same && !w.Disabled && !w.Off && w.W > 0
	})
	r.clickOn(at)
}

// tap clicks a button whose words, or whose tooltip, have a key in the catalogue.
func (r *rig) tap(key string, pairs ...any) {
	r.t.Helper()
	r.click("button", r.text(key, pairs...))
}

// choose clicks one of some options. All are keys of texts.
func (r *rig) choose(option string, all ...string) {
	r.t.Helper()
	for i, key := range all {
		all[i] = r.text(key)
	}
	label := strings.Join(all, " | ")
	for _, w := range r.state().Widgets {
		if w.Kind == "option" && w.Label == label && w.Text == r.text(option) {
			r.clickOn(w)
		}
	}
	r.waitFor("segments", label, "the choice", func(w widget) bool { return w.Text == r.text(option) })
}

// clickOn clicks into the middle of a widget where it is.
func (r *rig) clickOn(w widget) {
	r.t.Helper()
	r.clickAt(w.X+w.W/2, w.Y+w.H/2, "1")
}

// clickAt clicks with a button of the mouse at a pixel of the window. Fyne takes a click at
// the pointer's place of the tick before, so the pointer rests a moment.
func (r *rig) clickAt(x, y int, button string) {
	r.t.Helper()
	r.must("xdotool", "mousemove", "--window", r.window, strconv.Itoa(x), strconv.Itoa(y), "sleep", "0.15", "click", button)
}
