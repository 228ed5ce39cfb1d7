package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// three saves three profiles and gives the focus to the list.
func (h *harness) three() {
	h.t.Helper()
	for _, port := range []string{"AGD", "MTP", "SET"} { // Montpellier, Sète, Cap d'Agde
		h.getToken(port, true)
		h.shortcut(fyne.KeyN, ctrl)
	}
	h.win.Canvas().Focus(h.list.list)
	h.list.list.MoveTo(0)
}

func (h *harness) markedPorts() string {
	var ports []string
	for _, p := range h.list.allMarked() {
		ports = append(ports, p.PortCode)
	}
	return strings.Join(ports, " ")
}

func TestMarks(t *testing.T) {
	h := start(t, "en", nil)
	h.three()
	list := h.list.list
	h.press(fyne.KeySpace, fyne.KeyDown, fyne.KeyDown, fyne.KeySpace)
	if got := h.markedPorts(); got != "MTP AGD" {
		t.Errorf("Space marks %q", got)
	}
	h.expectN("the count", h.list.count.Text, "list.marked", 2)
	h.press(fyne.KeySpace)
	if got := h.markedPorts(); got != "MTP" {
		t.Errorf("Space again leaves %q", got)
	}
	h.press(fyne.KeyEscape)
	if h.markedPorts() != "" || h.list.marking.Visible() {
		t.Error("Escape does not unmark")
	}
	h.press(fyne.KeyHome)
	list.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	h.press(fyne.KeyDown)
	list.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	if got := h.markedPorts(); got != "MTP SET" {
		t.Errorf("Shift+Down marks %q", got)
	}
	list.Tap(2, ctrl)
	list.Tap(0, ctrl)
	if got := h.markedPorts(); got != "SET AGD" || h.open != nil {
		t.Errorf("Ctrl and clicks mark %q", got)
	}
	list.Tap(2, shift)
	if got := h.markedPorts(); got != "MTP SET AGD" {
		t.Errorf("Shift and a click marks %q", got)
	}
	list.TypedShortcut(&fyne.ShortcutSelectAll{})
	h.typeInto("list.search", "sete")
	h.win.Canvas().Focus(list)
	if got := h.markedPorts(); got != "MTP SET AGD" {
		t.Errorf("a search unmarks: %q", got)
	}
	h.list.markAll(false)
	list.TypedShortcut(&fyne.ShortcutSelectAll{})
	if got := h.markedPorts(); got != "SET" {
		t.Errorf("Ctrl+A in a search marks %q", got)
	}
	h.list.searchBox.SetText("")
	list.Tap(0, ctrl)

	// Marked profiles are deleted and restored together.
	h.press(fyne.KeyDelete)
	h.expectN("the status", h.status.message.Text, "delete.done_many", 2)
	if len(h.all) != 1 || len(h.ring.Items()) != 1 || h.list.marking.Visible() {
		t.Fatalf("%d are left, %d items", len(h.all), len(h.ring.Items()))
	}
	h.shortcut(fyne.KeyZ, ctrl|shift)
	if len(h.all) != 3 || len(h.ring.Items()) != 3 {
		t.Errorf("%d are back", len(h.all))
	}
	h.expectN("the status", h.status.message.Text, "undo.done_many", 2)
}

// TestDeletingManyStopsAtTheFirstError: the remaining profiles stay, and the deleted ones
// can be restored.
func TestDeletingManyStopsAtTheFirstError(t *testing.T) {
	h := start(t, "en", nil)
	h.three()
	third := h.all[2]
	h.list.markAll(true)
	failing := &failingRing{Ring: h.ring, name: third.ID}
	h.deps.Store = profile.Open(profile.Options{Dir: h.dir, Keyring: failing})
	h.press(fyne.KeyDelete)
	h.expect("the message", h.message(), "delete.failed", "Name", third.Name, "Why", h.Window.t.T("store.locked"))
	if len(h.all) != 1 || h.all[0].ID != third.ID || h.status.action.Hidden {
		t.Fatalf("the list is %+v", h.all)
	}
	h.tap("status.action")
	if len(h.all) != 3 {
		t.Errorf("%d are back", len(h.all))
	}
}

// failingRing fails to delete one item.
type failingRing struct {
	*profiletest.Ring
	name string
}

func (r *failingRing) Delete(name string) error {
	if name == r.name {
		return errLocked
	}
	return r.Ring.Delete(name)
}

func TestOrderAndFavourites(t *testing.T) {
	h := start(t, "en", nil)
	h.three()
	ports := func() string {
		var ports []string
		for _, p := range h.all {
			ports = append(ports, p.PortCode)
		}
		return strings.Join(ports, " ")
	}
	if ports() != "MTP SET AGD" {
		t.Errorf("by name: %s", ports())
	}
	h.sortBy(string(profile.ByPort))
	if ports() != "AGD MTP SET" || h.settings[len(h.settings)-1].Sort != "port" {
		t.Errorf("by port: %s", ports())
	}
	h.list.list.MoveTo(2)
	h.shortcut(fyne.KeyB, ctrl)
	if ports() != "SET AGD MTP" || h.list.highlighted().PortCode != "SET" {
		t.Errorf("with a favourite: %s, the highlight is at %s", ports(), h.list.highlighted().PortCode)
	}
	h.list.list.Tap(1, 0)
	h.shortcut(fyne.KeyF5, 0)
	h.sortBy(string(profile.ByCheck))
	if ports() != "SET MTP AGD" || h.all[2].Check != profile.Accepted || !h.all[2].Checked.Equal(h.clock.now) {
		t.Errorf("by check: %s, %+v", ports(), h.all[2])
	}
	h.restart("en", func(h *harness, d *Deps) { d.Settings = h.settings[len(h.settings)-1] })
	if ports() != "SET MTP AGD" {
		t.Errorf("after a restart: %s", ports())
	}
	h.list.list.Tap(2, 0)
	h.expect("the last check", h.result.lastCheck.Text, "result.last", "Check", h.Window.t.LastCheck(h.all[2]))
	h.shortcut(fyne.KeyB, ctrl)
	h.shortcut(fyne.KeyB, ctrl)
	if h.all[2].Favourite || h.all[2].PortCode != "AGD" {
		t.Error("Ctrl+B twice is not what it was")
	}
}

func TestListMenu(t *testing.T) {
	h := start(t, "en", nil)
	h.three()
	labels := func() string {
		var labels []string
		for _, item := range h.listMenu(h.all[0]) {
			labels = append(labels, item.Label)
		}
		return strings.Join(labels, " ")
	}
	if got, want := labels(), "Open Rename… Duplicate for another port  Add to favourites Export…  Delete"; got != want {
		t.Errorf("the menu has %q, want %q", got, want)
	}
	h.list.markAll(true)
	if got, want := labels(), "Add to favourites Export…  Delete 3 profiles"; got != want {
		t.Errorf("with marks the menu has %q, want %q", got, want)
	}
	h.list.markAll(false)
	h.press(desktop.KeyMenu)
	menu, ok := h.win.Canvas().Focused().(*widget.PopUpMenu)
	if !ok {
		t.Fatal("the Menu key opens no menu")
	}
	menu.Hide()
	h.win.Canvas().Focus(h.list.list)

	// F2 renames a profile that is not open.
	h.shortcut(fyne.KeyF2, 0)
	h.named["ask.input"].(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	for _, r := range " 2" {
		h.named["ask.input"].(fyne.Focusable).TypedRune(r)
	}
	h.press(fyne.KeyReturn)
	if h.all[0].Name != "Port de Montpellier 2" || h.open != nil {
		t.Errorf("renamed to %q, %q", h.all[0].Name, h.message())
	}

	// A duplicate for another port of its ERP.
	h.duplicateOf(h.all[0])
	if h.form.erpID.Text != "15" || h.form.portCode.Text != "" || h.focused() != "form.port_code" || !h.form.password.Secret().IsZero() {
		t.Error("duplicating from the list does not fill the form")
	}
}

// TestERPAndNote: the ERP and the note are saved and found by the search, the ERP is
// suggested for the next port, and a note cannot have the password.
func TestERPAndNote(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("MTP", false)
	h.typeInto("result.erp", "Alizée")
	h.typeInto("result.note", "  Bureau  du port ")
	h.press(fyne.KeyReturn)
	if p := h.all[0]; p.ERP != "Alizée" || p.Note != "Bureau du port" {
		t.Fatalf("saved %+v, %q", p, h.message())
	}
	h.shortcut(fyne.KeyD, ctrl)
	h.getToken("SET", false)
	if h.result.erp.Text != "Alizée" || h.result.note.Text != "" {
		t.Errorf("the next port begins with ERP %q, note %q", h.result.erp.Text, h.result.note.Text)
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.typeInto("list.search", "BUREAU alizee")
	if len(h.list.rows) != 1 {
		t.Errorf("the search finds %d", len(h.list.rows))
	}
	h.list.searchBox.SetText("")
	h.shortcut(fyne.KeyN, ctrl)
	h.list.list.Tap(0, 0)
	h.typeInto("result.note", "mot de passe "+authtest.DemoPassword)
	h.form.password.SetSecret(authclient.NewSecret(authtest.DemoPassword))
	h.tap("result.keep_password")
	h.press(fyne.KeyReturn)
	h.shortcut(fyne.KeyS, ctrl)
	h.expect("a secret in the note", h.message(), "save.failed", "Why", h.Window.t.T("store.secret-in-text"))
	if content, err := os.ReadFile(filepath.Join(h.dir, "profiles.json")); err != nil || strings.Contains(string(content), authtest.DemoPassword) {
		t.Error("the list holds the password")
	}
}
