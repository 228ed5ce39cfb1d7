//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"amarre/ui"
)

// text returns a text of the window, in the language that the program was started with.
func (r *rig) text(key string, pairs ...any) string { return r.texts.T(key, pairs...) }

// hook sends a request to the program and returns its answer; see ui/hook_e2e.go.
func (r *rig) hook(request string) []byte {
	network := "unix"
	if _, _, err := net.SplitHostPort(r.socket); err == nil {
		network = "tcp"
	}
	conn, err := net.DialTimeout(network, r.socket, time.Second)
	if err != nil {
		return nil
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := fmt.Fprintln(conn, request); err != nil {
		return nil
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		return nil
	}
	return answer
}

// state asks the program what its window shows; nil if it does not answer.
func (r *rig) state() *ui.HookState {
	state := &ui.HookState{}
	if json.Unmarshal(r.hook("state"), state) != nil {
		return nil
	}
	return state
}

// describe returns what a window shows, a widget a line.
func describe(s *ui.HookState) string {
	if s == nil {
		return "no answer"
	}
	short := *s
	short.Widgets = nil
	lines := []string{fmt.Sprintf("%+v", short)}
	for _, w := range s.Widgets {
		line := fmt.Sprintf("%s %q %d,%d %dx%d", w.Kind, w.Text, w.X, w.Y, w.W, w.H)
		for name, set := range map[string]bool{"focused": w.Focused, "disabled": w.Disabled, "failed": w.Failed, "cut": w.Cut, "on": w.On, "off": w.Off} {
			if set {
				line += " " + name
			}
		}
		lines = append(lines, fmt.Sprintf("%s %q %q", line, w.Label, w.Note))
	}
	return strings.Join(lines, "\n\t")
}

// widget is a widget of the window.
type widget = ui.HookWidget

// find returns the first widget of a kind that has a text, or the field or the hint of that
// name; "" stands for any.
func find(s *ui.HookState, kind, text string) (found widget, ok bool) {
	if s == nil {
		return widget{}, false
	}
	for _, w := range s.Widgets {
		if w.Kind == kind && (text == "" || w.Text == text || w.Label == text) {
			return w, true
		}
	}
	return widget{}, false
}

// has reports whether a widget of a kind has a text in what it says.
func has(s *ui.HookState, kind, part string) bool {
	return slices.ContainsFunc(s.Widgets, func(w widget) bool { return w.Kind == kind && strings.Contains(w.Text, part) })
}

// count returns how many widgets of a kind have a text.
func count(s *ui.HookState, kind, text string) (n int) {
	for _, w := range s.Widgets {
		if w.Kind == kind && w.Text == text {
			n++
		}
	}
	return n
}

// until waits for something, for at most 20 s.
func (r *rig) until(what string, done func() bool) {
	r.t.Helper()
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			r.shot("failed")
			r.t.Fatalf("%s did not come within 20 s; the program wrote %q; the window has %s", what, r.stderr.String(), describe(r.state()))
		}
	}
}

// wait waits until the window is as wanted.
func (r *rig) wait(what string, wanted func(s *ui.HookState) bool) {
	r.t.Helper()
	r.until(what, func() bool {
		s := r.state()
		return s != nil && wanted(s)
	})
}

// waitFor waits until a widget is there and as wanted, and returns it; see find.
func (r *rig) waitFor(kind, text, what string, wanted func(widget) bool) (found widget) {
	r.t.Helper()
	r.until(fmt.Sprintf("%s %q: %s", kind, text, what), func() bool {
		w, ok := find(r.state(), kind, text)
		found = w
		return ok && wanted(w)
	})
	return found
}

// focused waits until a widget has the focus.
func (r *rig) focused(kind, text string) {
	r.t.Helper()
	r.waitFor(kind, text, "the focus", func(w widget) bool { return w.Focused })
}

// there waits until there is such a widget.
func (r *rig) there(kind, text string) {
	r.t.Helper()
	r.waitFor(kind, text, "its appearance", func(widget) bool { return true })
}

// on waits until a tick is on, or an item of the open menu is highlighted, by the key of its
// text.
func (r *rig) on(kind, key string) {
	r.t.Helper()
	r.waitFor(kind, r.text(key), "that it is on", func(w widget) bool { return w.On })
}

// gone waits until there is no such widget.
func (r *rig) gone(kind, text string) {
	r.t.Helper()
	r.wait(fmt.Sprintf("the end of %s %q", kind, text), func(s *ui.HookState) bool { _, ok := find(s, kind, text); return !ok })
}

// says waits until a widget of a kind has a text in what it says.
func (r *rig) says(kind, part string) {
	r.t.Helper()
	r.wait(fmt.Sprintf("%s: %q", kind, part), func(s *ui.HookState) bool { return has(s, kind, part) })
}

// page waits for a page, whose entries must be high enough.
func (r *rig) page(name string) {
	r.t.Helper()
	r.wait("the page "+name, func(s *ui.HookState) bool { return s.Page == name })
	for _, w := range r.state().Widgets {
		if w.Cut {
			r.t.Errorf("on the page %s the entry %q of %q is too low for its text", name, w.Text, w.Label)
		}
	}
}

// rows waits until the list has so many rows.
func (r *rig) rows(n int) {
	r.t.Helper()
	r.waitFor("list", "", fmt.Sprintf("%d rows", n), func(w widget) bool { return w.Rows == n })
}

// port waits until a port is open in a state, see ui.HookState, and nothing runs.
func (r *rig) port(name, state string) {
	r.t.Helper()
	r.wait(name+" "+state, func(s *ui.HookState) bool {
		_, shown := find(s, "text", name)
		return shown && s.Page == "reading" && s.Credential == state && s.Task == ""
	})
}

// verdict waits for the service's verdict on the token of the open port.
func (r *rig) verdict(works string) {
	r.t.Helper()
	r.wait("the verdict "+works, func(s *ui.HookState) bool { return s.Works == works && s.Task == "" })
}

// noticed waits for a notice, by the key of its text.
func (r *rig) noticed(key string, pairs ...any) {
	r.t.Helper()
	text, copied := r.text(key, pairs...), ""
	if key == "save.done" {
		copied = r.text("save.done_copied", pairs...) // if it was copied before
	}
	r.wait(fmt.Sprintf("the notice %q", text), func(s *ui.HookState) bool { return s.Notice == text || copied != "" && s.Notice == copied })
}

// question waits for a question or a dialog with a title.
func (r *rig) question(title string) {
	r.t.Helper()
	r.wait(fmt.Sprintf("the question %q", title), func(s *ui.HookState) bool { return s.Dialog && s.Question == title })
}

// closed waits until no dialog is open.
func (r *rig) closed() {
	r.t.Helper()
	r.wait("the end of the dialog", func(s *ui.HookState) bool { return !s.Dialog })
}

// cleared waits for the end of the countdown.
func (r *rig) cleared() {
	r.t.Helper()
	r.wait("the end of the countdown", func(s *ui.HookState) bool { return s.Clears == 0 })
}
