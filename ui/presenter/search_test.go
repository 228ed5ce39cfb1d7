package presenter

import "testing"

// TestEnterWaitsForTheSearch: Enter opens what is found also if it comes before the search
// texts are made.
func TestEnterWaitsForTheSearch(t *testing.T) {
	for _, c := range []struct {
		name string
		then func(h *harness)
		want string
	}{
		{"found", func(*harness) {}, "SET"},
		{"the list is read again meanwhile", func(h *harness) { h.Reload(nil) }, "SET"},
		{"the search is changed", func(h *harness) { h.SetQuery("montpellier") }, ""},
		{"nothing is found", func(h *harness) { h.SetQuery("nowhere"); h.OpenFirst() }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := start(t, "fr", nil)
			h.save("SET")
			h.save("MTP")
			h.Home()
			h.hold = true
			h.SetQuery("sete")
			h.OpenFirst()
			c.then(h)
			h.release()
			got := ""
			if c := h.Credential(); c != nil {
				got = c.Profile.PortCode
			}
			if got != c.want {
				t.Errorf("%q is open, want %q", got, c.want)
			}
		})
	}
}

// TestUndoIsSaidBesideTheOpenedPort: the notice outlives the opening of the port, with the
// offer to undo the deletion before.
func TestUndoIsSaidBesideTheOpenedPort(t *testing.T) {
	h := start(t, "fr", nil)
	first, second := h.save("SET"), h.save("MTP")
	h.Home()
	h.Delete(h.SelectionWith(first))
	h.Delete(h.SelectionWith(second))
	h.Undo()
	if c := h.Credential(); c == nil || c.Profile.ID != second.ID {
		t.Fatalf("the port that was restored is not open: %+v", c)
	}
	h.expect("the notice", h.CurrentNotice().Text, "undo.done", "Name", second.Name)
	h.expect("its action", h.CurrentNotice().Action.Label, "undo.next", "Name", first.Name)
}
