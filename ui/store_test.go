package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	"github.com/godbus/dbus/v5"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/profile/profiletest"
)

var (
	errLocked = dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
	errGone   = dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}
)

// stored returns the secrets of a listed profile.
func (h *harness) stored(p profile.Profile) profile.Secrets {
	h.t.Helper()
	secrets, err := h.deps.Store.Load(h.t.Context(), p)
	if err != nil {
		h.t.Fatal(err)
	}
	return secrets
}

// otherWindow returns a second program on the same list and keyring.
func (h *harness) otherWindow() *profile.Store {
	store := profile.Open(profile.Options{Dir: h.dir, Ring: h.ring, Now: func() time.Time { return h.clock.now.Add(time.Hour) }})
	h.t.Cleanup(store.Close)
	return store
}

// settleElsewhere tells the window that the list changed.
func (h *harness) settleElsewhere() {
	h.elsewhere()
	h.elsewhere()
	h.clock.advance(settle)
}

// TestATokenThatReplacesAnother: the stored one stays until the user decides, who
// is told which of the two works.
func TestATokenThatReplacesAnother(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	first := h.current.secrets.Token
	again := func() {
		t.Helper()
		h.typeInto("form.password", authtest.DemoPassword)
		h.press(fyne.KeyReturn)
		h.answer(0)
	}
	again()
	second := h.current.secrets.Token
	both := "The token that the ERP uses no longer works. The new one works."
	if !strings.HasSuffix(h.message(), both) || !h.stored(h.all[0]).Token.Equal(first) {
		t.Fatalf("the message is %q, or the stored token was replaced", h.message())
	}
	h.shortcut(fyne.KeyS, ctrl)
	if h.asking == nil || !strings.HasPrefix(h.asking.Body().Text, both) {
		t.Fatal("nothing is asked, or without the comparison")
	}
	h.press(fyne.KeyReturn) // the default changes nothing
	if !h.stored(h.all[0]).Token.Equal(first) || !h.current.changed {
		t.Error("the default answer replaces")
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.answer(1) // replace and keep the old one
	got := h.stored(h.all[0])
	if !got.Token.Equal(second) || !got.Previous.Equal(first) || !h.all[0].HasPrevious || h.current.changed {
		t.Fatalf("after replacing: %+v", h.all[0])
	}

	// The previous one is at hand: checked, returned to, forgotten.
	if !h.result.previous.Visible() {
		t.Fatal("the previous token is not offered")
	}
	h.tap("result.previous")
	h.answer(2)
	if text := h.asking.Body().Text; !strings.Contains(text, "no longer accepts it") {
		t.Errorf("the check says %q", text)
	}
	h.answer(1)
	if got := h.stored(h.all[0]); !got.Token.Equal(first) || !got.Previous.Equal(second) || !h.current.secrets.Token.Equal(first) {
		t.Error("going back did not swap the two")
	}
	h.tap("result.previous")
	h.answer(0)
	if got := h.stored(h.all[0]); !got.Token.Equal(first) || !got.Previous.IsZero() || h.result.previous.Visible() {
		t.Error("the previous one was not forgotten")
	}

	// Replaced without keeping.
	again()
	h.shortcut(fyne.KeyS, ctrl)
	h.answer(0)
	if got := h.stored(h.all[0]); got.Token.Equal(first) || !got.Previous.IsZero() {
		t.Error("replacing without keeping kept it")
	}
	for _, text := range []string{h.message(), h.status.message.Text, h.result.heading.Text} {
		if strings.Contains(text, first.Reveal()) || strings.Contains(text, second.Reveal()) {
			t.Errorf("%q shows a token", text)
		}
	}
}

// TestTheSameTokenAgain is no change.
func TestTheSameTokenAgain(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.answer(0)
	h.expect("the message", h.message(), "compare.same", "Name", "Port de Sète")
	if h.current.changed || h.unsavedNow() || !h.result.save.Disabled() {
		t.Error("the same token is an unsaved one")
	}
	h.tap("result.keep_password")
	h.shortcut(fyne.KeyS, ctrl)
	if got := h.stored(h.all[0]); got.Password.Reveal() != authtest.DemoPassword {
		t.Error("the password that was typed for it cannot be kept")
	}
}

// TestATokenThatChangedElsewhere is compared again before it is replaced.
func TestATokenThatChangedElsewhere(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.answer(0)
	third := authclient.NewSecret("THIRD-TOKEN")
	if _, err := h.otherWindow().Edit(t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error {
		s.Token = third
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.answer(0)
	if !h.stored(h.all[0]).Token.Equal(third) || h.asking == nil {
		t.Fatal("a token that was never compared was replaced")
	}
	h.answer(0)
	if !h.stored(h.all[0]).Token.Equal(h.current.secrets.Token) {
		t.Error("the second answer did not replace it")
	}
}

// TestARenameDoesNotUndoAnotherWindow's new token.
func TestARenameDoesNotUndoAnotherWindow(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	newer := authclient.NewSecret("NEWER-TOKEN")
	if _, err := h.otherWindow().Edit(t.Context(), h.all[0].ID, func(p *profile.Profile, s *profile.Secrets) error {
		s.Token, p.Note = newer, "written elsewhere"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	h.typeInto("result.name", "Renamed")
	h.press(fyne.KeyReturn)
	if p := h.all[0]; p.Name != "Renamed" || p.Note != "written elsewhere" || !h.stored(p).Token.Equal(newer) {
		t.Errorf("saved %+v, or the older token", p)
	}
}

func TestChangesElsewhereAreShown(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	other := h.otherWindow()
	p := h.all[0]
	if err := other.SetFavourite(t.Context(), []string{p.ID}, true); err != nil {
		t.Fatal(err)
	}
	h.settleElsewhere()
	if !h.all[0].Favourite || !h.open.Favourite || h.message() != "" {
		t.Error("a favourite elsewhere is not shown, or is announced")
	}
	if _, err := other.Edit(t.Context(), p.ID, func(p *profile.Profile, _ *profile.Secrets) error { p.Name = "Elsewhere"; return nil }); err != nil {
		t.Fatal(err)
	}
	h.settleElsewhere() // nothing can be lost: it is shown
	h.expect("reloaded", h.status.message.Text, "elsewhere.reloaded", "Name", "Elsewhere")
	if h.result.profile.Text != "Elsewhere" || h.message() != "" {
		t.Errorf("the new version shows %q, %q", h.result.profile.Text, h.message())
	}
	h.typeInto("result.note", "being typed")
	if _, err := other.Edit(t.Context(), p.ID, func(p *profile.Profile, _ *profile.Secrets) error { p.Name = "Again"; return nil }); err != nil {
		t.Fatal(err)
	}
	h.clock.now = h.clock.now.Add(time.Minute)
	h.settleElsewhere()
	h.expect("changed", h.message(), "elsewhere.changed", "Name", "Again")
	h.tap("result.first")
	h.answer(0) // what was typed is given up
	if h.result.profile.Text != "Again" || h.message() != "" {
		t.Errorf("the new version shows %q, %q", h.result.profile.Text, h.message())
	}
	if _, err := other.Delete(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	h.settleElsewhere()
	h.expect("deleted", h.message(), "elsewhere.deleted", "Name", "Again")
	if len(h.all) != 0 || !h.current.changed || !h.unsavedNow() {
		t.Error("the token that is shown is lost")
	}
	h.shortcut(fyne.KeyS, ctrl)
	if len(h.all) != 1 || h.all[0].Name != "Again" {
		t.Errorf("saving does not bring it back: %+v, %q", h.all, h.message())
	}
}

// TestAProfileWithoutItsToken is shown as such, with what to do.
func TestAProfileWithoutItsToken(t *testing.T) {
	for name, spoil := range map[string]func(h *harness, id string){
		"missing": func(h *harness, id string) {
			if err := h.ring.Delete(id); err != nil {
				t.Fatal(err)
			}
		},
		"foreign": func(h *harness, id string) { h.ring.Put(id, `{"password":"of another program"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			h := start(t, "en", nil)
			h.getToken("SET", true)
			id := h.all[0].ID
			h.shortcut(fyne.KeyN, ctrl)
			spoil(h, id)
			h.list.list.Tap(0, 0)
			if h.current != nil || !strings.Contains(h.message(), h.Window.t.T("store."+name)) {
				t.Fatalf("the message is %q", h.message())
			}
			if h.all[0].Missing != (name == "missing") {
				t.Errorf("the list has %+v", h.all[0])
			}
			h.tap("result.first")
			if h.focused() != "form.password" || h.form.portCode.Text != "SET" {
				t.Errorf("entering again begins in %q", h.focused())
			}
			h.typeInto("form.password", authtest.DemoPassword)
			h.press(fyne.KeyReturn)
			h.noQuestion()
			h.shortcut(fyne.KeyS, ctrl)
			h.noQuestion()
			if len(h.all) != 1 || h.all[0].ID != id || h.all[0].Missing || h.stored(h.all[0]).Token.IsZero() {
				t.Errorf("the profile is not whole again: %+v, %q", h.all, h.message())
			}
			h.shortcut(fyne.KeyN, ctrl)
			spoil(h, id)
			h.list.list.Tap(0, 0)
			h.tap("result.second")
			if len(h.all) != 0 || len(h.ring.Items()) != 0 {
				t.Errorf("removing leaves %+v", h.all)
			}
		})
	}
}

// TestASessionGoesOnWithoutTheKeyring, and is saved once it is there.
func TestASessionGoesOnWithoutTheKeyring(t *testing.T) {
	h := start(t, "en", func(h *harness, _ *Deps) {
		h.ring.Change(profiletest.Faults{Set: errGone, Get: errGone, List: errGone, Is: profile.NoService})
	})
	h.getToken("SET", true)
	h.getToken("MTP", false)
	h.ring.Change(profiletest.Faults{Set: errLocked, Is: profile.Locked})
	h.shortcut(fyne.KeyS, ctrl)
	h.expect("locked", h.message(), "save.failed", "Why", h.Window.t.T("store.locked"))
	h.tap("result.second") // keep until I quit
	if len(h.all) != 2 || !h.all[0].Session || !h.all[1].Session || h.current.changed {
		t.Fatalf("the list is %+v, %q", h.all, h.message())
	}
	h.expect("the keyring", h.status.keyring.Text, "keyring.locked")

	h.ring.Change(profiletest.Faults{})
	h.returned()
	h.expectN("the status", h.status.message.Text, "session.waiting", 2)
	h.tap("status.action")
	if len(h.ring.Items()) != 2 || h.all[0].Session || h.all[1].Session {
		t.Errorf("%d items, the list is %+v, %q", len(h.ring.Items()), h.all, h.message())
	}
	if h.open == nil || h.open.PortCode != "MTP" || h.unsavedNow() {
		t.Error("what is open is not what is saved")
	}
	h.restart("en", nil)
	if len(h.all) != 2 {
		t.Errorf("%d profiles after a restart", len(h.all))
	}
}

// TestEveryStateOfTheKeyring has its label, its advice and its test.
func TestEveryStateOfTheKeyring(t *testing.T) {
	for _, state := range []profile.State{profile.Ready, profile.Locked, profile.Unresponsive, profile.NoBus, profile.NoService, profile.NoCollection} {
		h := start(t, "fr", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: state}) })
		h.expect(string(state), h.status.keyring.Text, "keyring."+string(state))
		if h.status.advice.Visible() != (state != profile.Ready) {
			t.Errorf("%s: the advice is visible: %v", state, h.status.advice.Visible())
		}
		h.aboutKeyring()
		h.expect(string(state), h.asking.Body().Text, "keyring.advice."+string(state))
		h.answer(0)
		works := strings.HasSuffix(h.asking.Body().Text, h.Window.t.T("keyring.works"))
		if works == state.Absent() {
			t.Errorf("%s: the test says %q", state, h.asking.Body().Text)
		}
		if len(h.ring.Items()) != 0 {
			t.Errorf("%s: the test left something", state)
		}
		h.press(fyne.KeyEscape)
		h.noQuestion()
	}
}

func TestTheListIsMadeAgain(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	path := filepath.Join(h.dir, "profiles.json")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Gone, on a keyring that would ask: nothing is asked until it is unlocked.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	h.restart("en", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: profile.Locked}) })
	if len(h.all) != 0 || h.message() != "" {
		t.Errorf("a locked keyring was asked: %+v, %q", h.all, h.message())
	}
	h.ring.Change(profiletest.Faults{})
	h.returned()
	h.expectN("found", h.message(), "rebuilt.found", 1)
	if len(h.all) != 1 {
		t.Errorf("the list is %+v", h.all)
	}
	// Broken, on a locked keyring: an offer.
	if err := writeIndex(h.dir, string(good[:len(good)/2])); err != nil {
		t.Fatal(err)
	}
	h.restart("en", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: profile.Locked}) })
	h.expect("broken", h.message(), "rebuild.locked", "Advice", h.Window.t.T("keyring.advice.locked"))
	h.tap("result.first")
	h.expectN("rebuilt", h.message(), "rebuilt.broken", 1)
	if len(h.all) != 1 {
		t.Errorf("the list is %+v", h.all)
	}
	h.relist()
	h.expect("the status", h.status.message.Text, "rebuild.nothing")
}

// three saves three profiles, and leaves the cursor in the list.
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
	h.list.search("")
	list.Tap(0, ctrl)

	// Deleted together, and back together.
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

// TestADeletionOfManyThatStops keeps the rest, and can be undone.
func TestADeletionOfManyThatStops(t *testing.T) {
	h := start(t, "en", nil)
	h.three()
	third := h.all[2]
	h.list.markAll(true)
	stubborn := &stubbornRing{Ring: h.ring, name: third.ID}
	h.deps.Store = profile.Open(profile.Options{Dir: h.dir, Ring: stubborn})
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

// stubbornRing does not delete one item.
type stubbornRing struct {
	*profiletest.Ring
	name string
}

func (r *stubbornRing) Delete(name string) error {
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
	h.expect("the last check", h.result.last.Text, "result.last", "Check", h.Window.t.LastCheck(h.all[2]))
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

	// Rename from the list, not opened.
	h.shortcut(fyne.KeyF2, 0)
	h.named["ask.input"].(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	for _, r := range " 2" {
		h.named["ask.input"].(fyne.Focusable).TypedRune(r)
	}
	h.press(fyne.KeyReturn)
	if h.all[0].Name != "Port de Montpellier 2" || h.open != nil {
		t.Errorf("renamed to %q, %q", h.all[0].Name, h.message())
	}

	// Another port of its ERP.
	h.duplicateOf(h.all[0])
	if h.form.erpID.Text != "15" || h.form.portCode.Text != "" || h.focused() != "form.port_code" || !h.form.password.Secret().IsZero() {
		t.Error("duplicating from the list does not fill the form")
	}
}

// TestTheERPIsRemembered for the next port of it, and searched for.
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
	h.list.search("")
	h.shortcut(fyne.KeyN, ctrl)
	h.list.list.Tap(0, 0)
	h.typeInto("result.note", "mot de passe "+authtest.DemoPassword)
	h.form.password.SetSecret(authclient.NewSecret(authtest.DemoPassword))
	h.tap("result.keep_password")
	h.press(fyne.KeyReturn)
	h.shortcut(fyne.KeyS, ctrl)
	h.expect("a secret in the note", h.message(), "save.failed", "Why", h.Window.t.T("store.secret_in_text"))
	if content, err := os.ReadFile(filepath.Join(h.dir, "profiles.json")); err != nil || strings.Contains(string(content), authtest.DemoPassword) {
		t.Error("the list holds the password")
	}
}

func TestExportAndImport(t *testing.T) {
	h := start(t, "en", nil)
	h.three()
	folder := t.TempDir()
	file := filepath.Join(folder, "ports.amarre")
	const passphrase = "quatre bateaux au mouillage"
	h.list.list.Tap(0, ctrl)
	h.list.list.Tap(1, ctrl)
	h.shortcut(fyne.KeyE, ctrl)
	fill := func(path, first, second string) string {
		t.Helper()
		h.typeInto("ask.file", path)
		h.typeInto("ask.passphrase", first)
		h.typeInto("ask.again", second)
		h.press(fyne.KeyReturn)
		if h.asking == nil {
			return ""
		}
		return h.asking.Problem()
	}
	h.expect("short", fill(file, "court", "court"), "backup.short", "Least", 8)
	h.expect("differ", fill(file, passphrase, passphrase+"x"), "export.differ")
	if h.focused() != "ask.again" {
		t.Errorf("the cursor is in %q", h.focused())
	}
	h.expect("no folder", fill(filepath.Join(folder, "none", "x.amarre"), passphrase, passphrase), "export.no_folder")
	h.expect("the strength", h.named["ask.strength"].(*widget.Label).Text, "strength.strong")
	fill(file, passphrase, passphrase)
	h.noQuestion()
	h.expectN("the status", h.status.message.Text, "export.done", 2, "File", file)
	content, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(content), "SET") {
		t.Fatalf("the file: %v", err)
	}
	h.exportProfiles(h.all)
	h.expect("exists", fill(file, passphrase, passphrase), "export.exists", "File", "ports.amarre")
	h.press(fyne.KeyEscape)

	// On another computer.
	token := h.stored(h.all[1]).Token
	h.ring, h.dir = &profiletest.Ring{}, t.TempDir()
	h.restart("en", nil)
	h.drop(file)
	read := func(passphrase string) {
		t.Helper()
		h.typeInto("ask.passphrase", passphrase)
		h.press(fyne.KeyReturn)
	}
	read("wrong passphrase")
	h.expect("wrong", h.asking.Problem(), "backup.passphrase")
	if h.focused() != "ask.passphrase" {
		t.Errorf("the cursor is in %q", h.focused())
	}
	read(passphrase)
	h.expectN("the preview", h.asking.Body().Text, "import.count_add", 2)
	if len(h.all) != 0 || len(h.ring.Items()) != 0 {
		t.Error("something changed before it was agreed to")
	}
	h.press(fyne.KeyReturn)
	h.expectN("the status", h.status.message.Text, "import.done", 2)
	if len(h.all) != 2 || !h.stored(h.all[1]).Token.Equal(token) {
		t.Fatalf("imported %+v, %q", h.all, h.message())
	}

	// Again: nothing to do.
	h.importFile(file)
	read(passphrase)
	if !strings.HasSuffix(h.asking.Body().Text, h.Window.t.T("import.nothing")) {
		t.Errorf("the second preview says %q", h.asking.Body().Text)
	}
	h.press(fyne.KeyReturn)
	h.noQuestion()

	// One that is older here is replaced, and its token kept.
	old := authclient.NewSecret("OLD-TOKEN")
	before := profile.Open(profile.Options{Dir: h.dir, Ring: h.ring, Now: func() time.Time { return h.clock.now.AddDate(-1, 0, 0) }})
	defer before.Close()
	if _, err := before.Edit(t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error { s.Token = old; return nil }); err != nil {
		t.Fatal(err)
	}
	h.settleElsewhere()
	h.importFile(file)
	read(passphrase)
	if !strings.Contains(h.asking.Body().Text, "1 profile will be replaced.") {
		t.Errorf("the preview says %q", h.asking.Body().Text)
	}
	h.answer(1)
	if got := h.stored(h.all[0]); got.Token.Equal(old) || !got.Previous.Equal(old) {
		t.Error("the token was not replaced, or the old one not kept")
	}
	// A bad file changes nothing.
	bad := filepath.Join(folder, "bad.amarre")
	if err := os.WriteFile(bad, content[:len(content)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	h.drop(bad)
	read(passphrase)
	h.expect("damaged", h.asking.Problem(), "backup.damaged")
	h.press(fyne.KeyEscape)
	h.noQuestion()
}

// TestCancelledExportWritesNothing.
func TestAnExportThatFails(t *testing.T) {
	h := start(t, "en", nil)
	h.three()
	if err := h.ring.Delete(h.all[1].ID); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	h.export(h.all, filepath.Join(folder, "x.amarre"), authclient.NewSecret("quatre bateaux"))
	h.expectN("left out", h.message(), "export.left_out", 1, "Names", h.all[1].Name)
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
	h.ring.Change(profiletest.Faults{Get: errLocked})
	h.export(h.all, filepath.Join(folder, "y.amarre"), authclient.NewSecret("quatre bateaux"))
	h.expect("locked", h.message(), "export.failed_at", "Name", h.all[0].Name, "Why", h.Window.t.T("store.locked"))
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

// TestQuittingWithASession: what would be lost is asked about.
func TestQuittingWithASession(t *testing.T) {
	h := start(t, "en", func(h *harness, _ *Deps) {
		h.ring.Change(profiletest.Faults{Set: errGone, List: errGone, Is: profile.NoService})
	})
	h.getToken("SET", true)
	h.expect("the heading", h.result.heading.Text, "result.session", "Port", "Port de Sète (SET)")
	h.shortcut(fyne.KeyQ, ctrl)
	if h.asking == nil {
		t.Fatal("tokens are lost without a question")
	}
	h.press(fyne.KeyReturn) // go back
	if h.Window.closed {
		t.Fatal("the default answer quits")
	}
	h.shortcut(fyne.KeyQ, ctrl)
	h.answer(0)
	if !h.Window.closed {
		t.Error("it does not quit")
	}
}

// TestAVerdictIsOfItsToken: one on a token that another window replaced is not
// kept for the new one.
func TestAVerdictIsOfItsToken(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	h.result.note.SetText("being typed") // so that the window does not follow
	if _, err := h.otherWindow().Edit(t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error {
		s.Token = authclient.NewSecret("ANOTHER-TOKEN")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	h.shortcut(fyne.KeyF5, 0)
	if p := h.all[0]; p.Check != "" {
		t.Errorf("the verdict on the old token was kept: %+v", p)
	}
}

// TestForgettingAPreviousTokenCanBeUndone.
func TestForgettingAPreviousTokenCanBeUndone(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	old := authclient.NewSecret("OLD-TOKEN")
	if _, err := h.deps.Store.Edit(t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error { s.Previous = old; return nil }); err != nil {
		t.Fatal(err)
	}
	h.shortcut(fyne.KeyN, ctrl)
	h.reload(nil)
	h.list.list.Tap(0, 0)
	h.tap("result.previous")
	h.answer(0)
	if !h.stored(h.all[0]).Previous.IsZero() {
		t.Fatal("it was not forgotten")
	}
	h.tap("status.action")
	if !h.stored(h.all[0]).Previous.Equal(old) {
		t.Error("undo does not bring it back")
	}
}

// TestNoSecretInTheWindow after all of that: errors and messages hold none.
func TestStoreErrorsHoldNoSecret(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	token := h.current.secrets.Token.Reveal()
	for _, faults := range []profiletest.Faults{
		{Set: errLocked}, {Get: errLocked}, {Silent: true}, {Panic: true}, {LateError: errors.New("broken")}, {Limit: 1},
	} {
		h.ring.Change(faults)
		_, err := h.deps.Store.Edit(context.Background(), h.all[0].ID, func(p *profile.Profile, s *profile.Secrets) error {
			p.Name += "x"
			return nil
		})
		if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, token) {
			t.Errorf("%+v: the error holds the token", faults)
		}
	}
	if slices.Contains(h.list.texts, token) {
		t.Error("the search texts hold the token")
	}
}

// TestATokenThatCannotBeChecked is asked about all the same.
func TestATokenThatCannotBeChecked(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	asked := 0
	newClient := h.deps.NewClient
	h.deps.NewClient = func(address, ca string) (Client, error) {
		if asked++; asked > 1 { // the file of the authority is gone after the login
			return nil, authclient.ErrCAFile
		}
		return newClient(address, ca)
	}
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.answer(0)
	h.shortcut(fyne.KeyS, ctrl)
	if h.asking == nil || !strings.Contains(h.asking.Body().Text, "could not be checked") || asked > 3 {
		t.Fatalf("nothing is asked, or the service %d times", asked)
	}
}
