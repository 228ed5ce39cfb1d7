package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// TestKeysHaveEveryShortcut: the dialog of F1 has each command that has a key, and where there
// is no room for all of them, arrow keys move them.
func TestKeysHaveEveryShortcut(t *testing.T) {
	for _, size := range sizes {
		h := start(t, "fr", nil)
		h.settle(size.Size)
		h.press(fyne.KeyF1)
		for _, c := range h.commands {
			if c.key != "" && !h.sees(h.keyText(c)+" "+strings.TrimSuffix(c.text(), "…")) {
				t.Errorf("%s: %s is not in the dialog", size.name, h.keyText(c))
			}
		}
		h.press(fyne.KeyDown)
		moved := h.walk(func(o fyne.CanvasObject) bool {
			scroll, ok := o.(*container.Scroll)
			return ok && scroll.Offset.Y > 0
		})
		if moved != (size.Height < 600) {
			t.Errorf("%s: Down has moved the lines: %t", size.name, moved)
		}
		h.press(fyne.KeyEscape)
		h.noQuestion()
	}
}

// TestOverviewCountsInGrammar: one port is accepted, two are.
func TestOverviewCountsInGrammar(t *testing.T) {
	h := start(t, "fr", nil)
	for _, c := range []struct{ port, want string }{{"MTP", "1 accepté 0 à traiter 0 non vérifié"}, {"SET", "2 acceptés 0 à traiter 0 non vérifié"}} {
		h.getToken(c.port, true)
		h.p.Home()
		if !h.sees(c.want) {
			t.Errorf("%q is not among %q", c.want, h.texts())
		}
	}
}

// TestEmptyListSaysWhy: a filter without ports, and a search without any.
func TestEmptyListSaysWhy(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("MTP", true)
	for _, c := range []struct {
		do  func()
		why string
	}{
		{func() { h.p.SetFilter(1) }, "Aucun port n’est à traiter."},
		{func() { h.p.SetFilter(2) }, "Aucun port n’est dans l’environnement de test."},
		{func() { h.p.SetFilter(0); h.p.SetQuery("zzz") }, "Aucun port ne correspond à «\u00a0zzz\u00a0»."},
	} {
		c.do()
		if got := h.side.why.Text; got != c.why {
			t.Errorf("the list says %q, want %q", got, c.why)
		}
	}
}
