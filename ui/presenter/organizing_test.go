package presenter

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// three saves three ports, and shows the overview: Montpellier, Sète, Cap d'Agde.
func three(t *testing.T, lang string) *harness {
	t.Helper()
	h := start(t, lang, nil)
	for _, port := range []string{"AGD", "MTP", "SET"} {
		h.save(port)
	}
	h.Home()
	return h
}

func portsOf(profiles []profile.Profile) string {
	var ports []string
	for _, each := range profiles {
		ports = append(ports, each.PortCode)
	}
	return strings.Join(ports, " ")
}

func TestMarks(t *testing.T) {
	h := three(t, "en")
	for i, c := range []struct {
		name string
		do   func()
		want string
	}{
		{"two rows", func() { h.Mark(true, 0, 0); h.Mark(true, 2, 2) }, "MTP AGD"},
		{"one no longer", func() { h.Mark(false, 2, 2) }, "MTP"},
		{"Escape", h.Escape, ""},
		{"a range", func() { h.MarkOnly(0, 1) }, "MTP SET"},
		{"another range", func() { h.MarkOnly(1, 9) }, "SET AGD"},
		{"all", func() { h.MarkAll(true) }, "MTP SET AGD"},
		{"a search unmarks nothing", func() { h.SetQuery("sete") }, "MTP SET AGD"},
		{"all of a search", func() { h.MarkAll(true) }, "SET"},
		{"beside a search", func() { h.SetQuery(""); h.Mark(true, 2, 2) }, "SET AGD"},
	} {
		c.do()
		if got := portsOf(h.AllMarked()); got != c.want || h.Marks() != len(strings.Fields(c.want)) || h.Credential() != nil {
			t.Errorf("%d, %s: %q is marked, want %q", i, c.name, got, c.want)
		}
	}

	// Marked profiles are deleted and restored together.
	if got := portsOf(h.SelectionWith(h.listed("SET"))); got != "SET AGD" {
		t.Errorf("with a marked one %q is selected", got)
	}
	if got := portsOf(h.SelectionWith(h.listed("MTP"))); got != "MTP" {
		t.Errorf("with one that is not marked %q is selected", got)
	}
	h.Delete(h.Selection())
	h.expectN("the notice", h.CurrentNotice().Text, "delete.done_many", 2)
	if h.Rows() != 1 || len(h.ring.Items()) != 1 || h.Marks() != 0 {
		t.Fatalf("%d are left, %d items, %d marks", h.Rows(), len(h.ring.Items()), h.Marks())
	}
	h.Undo()
	if h.Rows() != 3 || len(h.ring.Items()) != 3 || h.CanUndo() {
		t.Errorf("%d are back", h.Rows())
	}
	h.expectN("the notice", h.CurrentNotice().Text, "undo.done_many", 2)
}

// TestSelectionIsTheOpenPort if none is marked.
func TestSelectionIsTheOpenPort(t *testing.T) {
	h := three(t, "en")
	if h.Selection() != nil {
		t.Error("something is selected, and nothing is open")
	}
	h.Open(h.listed("SET"))
	h.ToggleFavourite()
	if got := portsOf(h.Selection()); got != "SET" || !h.listed("SET").Favourite || !h.Credential().Profile.Favourite {
		t.Errorf("selected is %q, a favourite: %v", got, h.listed("SET").Favourite)
	}
	h.Delete(h.Selection())
	if h.Page() != Overview || h.Credential() != nil || h.Rows() != 2 {
		t.Errorf("page %d, %d rows", h.Page(), h.Rows())
	}
}

// failingRing fails to delete one item.
type failingRing struct {
	*profiletest.Ring
	name string
}

func (r *failingRing) Delete(name string) error {
	if name == r.name {
		return errRingLocked
	}
	return r.Ring.Delete(name)
}

// TestDeletingManyStopsAtTheFirstError: the remaining profiles stay, and the deleted ones can
// be restored.
func TestDeletingManyStopsAtTheFirstError(t *testing.T) {
	h := three(t, "en")
	third := h.Ports()[2]
	h.MarkAll(true)
	h.deps.Store = profile.Open(profile.Options{Dir: h.dir, Keyring: &failingRing{Ring: h.ring, name: third.ID}})
	h.Delete(h.Selection())
	h.expect("the message", h.Message().Text, "delete.failed", "Name", third.Name, "Why", h.Texts().T("store.locked"))
	if h.Rows() != 1 || h.At(0).ID != third.ID || !h.CanUndo() || h.CurrentNotice().Action.Do == nil {
		t.Fatalf("the list is %s", portsOf(h.Ports()))
	}
	h.ActOnNotice()
	if h.Rows() != 3 {
		t.Errorf("%d are back", h.Rows())
	}
}

func TestOrderAndFavourites(t *testing.T) {
	h := three(t, "en")
	want := func(what, ports string) {
		t.Helper()
		if got := portsOf(h.Ports()); got != ports {
			t.Errorf("%s: %s, want %s", what, got, ports)
		}
	}
	want("by name", "MTP SET AGD")
	h.SortBy(string(profile.ByPort))
	want("by port", "AGD MTP SET")
	if h.settings[len(h.settings)-1].Sort != "port" {
		t.Error("the order is not remembered")
	}
	h.SetFavourite(h.Ports()[2:], true)
	want("with a favourite", "SET AGD MTP")
	h.Open(h.listed("AGD"))
	h.Check()
	h.SortBy(string(profile.ByCheck))
	want("by check", "SET MTP AGD")
	if each := h.listed("AGD"); each.Check != profile.Accepted || !each.Checked.Equal(h.clock.Now()) {
		t.Errorf("after a check: %+v", each)
	}
	h.restart("en", func(h *harness, d *Deps) { d.Settings = h.settings[len(h.settings)-1] })
	want("after a restart", "SET MTP AGD")
	h.Open(h.listed("AGD"))
	if c := h.Credential(); c.Works() != profile.Accepted || !c.Profile.Checked.Equal(h.clock.Now()) {
		t.Errorf("the last check is %+v", c.Profile)
	}
	h.ToggleFavourite()
	h.ToggleFavourite()
	if h.listed("AGD").Favourite {
		t.Error("twice is not what it was")
	}
}

// TestERPAndNote: the ERP and the note are saved and found by the search, which says where,
// and a note cannot have the password.
func TestERPAndNote(t *testing.T) {
	h := start(t, "fr", nil)
	h.obtain("MTP")
	h.Type(ERP, "Alizée")
	h.Type(Note, "  Bureau  du port ")
	h.Save()
	if each := h.At(0); each.ERP != "Alizée" || each.Note != "Bureau du port" {
		t.Fatalf("saved %+v, %q", each, h.Message().Text)
	}
	h.save("SET")
	h.SetQuery("BUREAU alizee")
	if h.Rows() != 1 || h.At(0).PortCode != "MTP" || h.WhyFound(h.At(0)) != "Bureau du port" {
		t.Errorf("the search finds %d", h.Rows())
	}
	if found, ok := h.FoundIn("Un bureau"); !ok || found != (Found{3, 9}) {
		t.Errorf("it is found at %v, %v", found, ok)
	}
	h.SetQuery("")
	h.Open(h.listed("MTP"))
	h.Edit()
	h.Type(Note, "mot de passe "+authtest.DemoPassword)
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.SetKeep(true)
	h.Save()
	h.expect("a secret in the note", h.Message().Text, "save.failed", "Why", h.Texts().T("store.secret-in-text"))
	if content, err := os.ReadFile(filepath.Join(h.dir, "profiles.json")); err != nil || strings.Contains(string(content), authtest.DemoPassword) {
		t.Error("the list holds the password")
	}
	if h.Page() != Editing || h.Form().Texts[Note] == "" {
		t.Error("what was typed is gone")
	}
}

// TestDeleteAndUndo: the open port is closed, and comes back whole.
func TestDeleteAndUndo(t *testing.T) {
	h := start(t, "fr", nil)
	h.save("MTP")
	of, token := h.save("SET"), h.token()
	h.ToggleToken()
	h.Delete(h.Selection())
	h.noQuestion()
	h.expect("the notice", h.CurrentNotice().Text, "delete.done", "Name", "Port de Sète")
	if h.Rows() != 1 || len(h.ring.Items()) != 1 || h.Credential() != nil || h.Groups() != nil || h.focused != ToList {
		t.Fatalf("%d profiles, %d items, the token is shown: %v", h.Rows(), len(h.ring.Items()), h.Groups() != nil)
	}
	h.ActOnNotice()
	if h.Rows() != 2 || len(h.ring.Items()) != 2 || h.OpenID() != of.ID || h.token() != token {
		t.Fatalf("undo leaves %d profiles, %d items, and %q open", h.Rows(), len(h.ring.Items()), h.OpenID())
	}
	h.Undo() // nothing more to undo
	if h.CanUndo() || h.Rows() != 2 {
		t.Error("it can be undone twice")
	}
}

// TestEveryDeletionCanBeUndone: deletions are undone in reverse order.
func TestEveryDeletionCanBeUndone(t *testing.T) {
	h := three(t, "fr")
	h.Delete([]profile.Profile{h.listed("SET")})
	h.Delete([]profile.Profile{h.listed("AGD")})
	if got := portsOf(h.Ports()); got != "MTP" || h.Message().Text != "" {
		t.Fatalf("two deletions leave %q, the message is %q", got, h.Message().Text)
	}
	h.Undo()
	h.expect("the next one", h.CurrentNotice().Action.Label, "undo.next", "Name", "Port de Sète")
	if got := portsOf(h.Ports()); got != "MTP AGD" {
		t.Errorf("the first undo leaves %q", got)
	}
	h.ActOnNotice()
	if h.Rows() != 3 || len(h.ring.Items()) != 3 || h.CanUndo() || h.CurrentNotice().Action.Label != "" {
		t.Errorf("after two undos there are %d profiles and %d items", h.Rows(), len(h.ring.Items()))
	}
}

// TestDeletionThatFailsLateCanBeUndone: the keyring deletes the item and dies before it says
// so.
func TestDeletionThatFailsLateCanBeUndone(t *testing.T) {
	h := start(t, "fr", nil)
	h.save("SET")
	h.ring.Change(profiletest.Faults{LateError: errors.New("no reply"), Before: func(call, _ string) {
		if call == "delete" {
			h.ring.Change(profiletest.Faults{Get: errNoRing})
		}
	}})
	h.Delete(h.Selection())
	if len(h.ring.Items()) != 0 || h.Message().Text == "" || !h.CanUndo() {
		t.Fatalf("%d items, and the message is %q", len(h.ring.Items()), h.Message().Text)
	}
	h.ring.Change(profiletest.Faults{})
	h.Act(0)
	if len(h.ring.Items()) != 1 || h.Rows() != 1 {
		t.Errorf("undo leaves %d items and %d profiles, want 1", len(h.ring.Items()), h.Rows())
	}
}

// TestUndoWhoseListCannotBeWritten: the item is back, and there is nothing more to undo.
func TestUndoWhoseListCannotBeWritten(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.Delete(h.Selection())
	path := filepath.Join(h.dir, "profiles.json")
	h.ring.Change(profiletest.Faults{Before: func(call, _ string) {
		if call == "set" { // a folder cannot be replaced
			if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
				t.Error(err)
			}
		}
	}})
	h.Undo()
	h.ring.Change(profiletest.Faults{})
	if len(h.ring.Items()) != 1 || h.CanUndo() || h.Message().Text == "" {
		t.Errorf("%d items, it can be undone: %v, %q", len(h.ring.Items()), h.CanUndo(), h.Message().Text)
	}
	h.Undo() // does nothing
}

// TestDeletingAnotherPortKeepsTheOpenOne, before the list is read again too.
func TestDeletingAnotherPortKeepsTheOpenOne(t *testing.T) {
	h := three(t, "en")
	h.Open(h.listed("SET"))
	token := h.token()
	h.hold = true
	h.Delete([]profile.Profile{h.listed("MTP")})
	h.Delete([]profile.Profile{h.listed("AGD")}) // one is deleted now
	work := h.held[0]
	h.held = nil
	work()()
	if got := portsOf(h.Ports()); got != "SET AGD" || h.token() != token || h.OpenID() != h.listed("SET").ID {
		t.Errorf("the list is %q, and %q is open", got, h.OpenID())
	}
	h.release()
	if got := portsOf(h.Ports()); got != "SET AGD" || h.token() != token || h.Message().Text != "" {
		t.Errorf("the list is %q, %q", got, h.Message().Text)
	}
}

// TestFormIsClosedBeforeItsPortIsDeleted: else what is typed meanwhile would be lost.
func TestFormIsClosedBeforeItsPortIsDeleted(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.Edit()
	h.hold = true
	h.Delete(h.Ports())
	if h.Page() != Reading || h.Task() == nil {
		t.Errorf("page %d while %s is deleted", h.Page(), of.Name)
	}
	h.release()
	if h.Page() != Overview || h.Rows() != 0 {
		t.Errorf("page %d, %d ports", h.Page(), h.Rows())
	}
}
