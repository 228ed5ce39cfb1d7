package ui

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/godbus/dbus/v5"

	"amarre/authclient/authtest"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestSecondLoginAsksFirst: the window asks before a second login for a saved profile, and
// before it replaces the stored token.
func TestSecondLoginAsksFirst(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	first := h.current.secrets.Token

	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	if h.dialog == nil || h.service.Logins() != 1 {
		t.Fatal("a second login is sent without a question")
	}
	h.press(fyne.KeyReturn) // the default
	if h.service.Logins() != 1 {
		t.Error("the default answer sends")
	}
	h.press(fyne.KeyReturn)
	h.answer(0)
	if h.current.secrets.Token.Equal(first) {
		t.Fatal("the service returned the same token")
	}
	h.shortcut(fyne.KeyS, ctrl)
	if h.dialog == nil {
		t.Fatal("the stored token is replaced without a question")
	}
	h.press(fyne.KeyReturn) // keep the old one
	if got, err := h.deps.Store.Load(t.Context(), *h.open); err != nil || !got.Token.Equal(first) {
		t.Errorf("the stored token is gone: %v", err)
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.answer(0)
	if got, err := h.deps.Store.Load(t.Context(), *h.open); err != nil || got.Token.Equal(first) {
		t.Errorf("the token was not replaced: %v", err)
	}
	if len(h.all) != 1 {
		t.Errorf("%d profiles", len(h.all))
	}
}

// TestLoginKeepsTypedName: a login for the open profile keeps an unsaved name.
func TestLoginKeepsTypedName(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	h.typeInto("result.name", "Renamed")
	h.win.Canvas().Focus(h.form.password)
	h.press(fyne.KeyReturn)
	h.answer(0)
	if h.result.profile.Text != "Renamed" || !h.current.changed {
		t.Errorf("the name became %q", h.result.profile.Text)
	}
	h.typeInto("form.port_code", "MTP")
	h.press(fyne.KeyReturn)
	if h.dialog == nil {
		t.Error("a login for another port loses the name without a question")
	}
}

// TestLoginForSavedProfileOffersIt: a login for a saved profile from an empty form offers to
// open the profile instead.
func TestLoginForSavedProfileOffersIt(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("SET", true)
	h.shortcut(fyne.KeyN, ctrl)
	h.noQuestion()
	h.credentials("set", "15", "whatever")
	h.press(fyne.KeyReturn)
	if h.dialog == nil {
		t.Fatal("no question")
	}
	h.press(fyne.KeyReturn)
	if h.current == nil || h.current.profile.PortCode != "SET" || h.current.changed || h.service.Logins() != 1 {
		t.Error("the saved profile was not opened")
	}
}

func TestUnsavedChangesAreConfirmed(t *testing.T) {
	h := start(t, "en", nil)
	if h.unsavedNow() {
		t.Error("an empty form is unsaved")
	}
	h.typeInto("form.password", "x")
	if h.unsavedNow() {
		t.Error("a password alone is unsaved")
	}
	h.typeInto("form.port_code", "AB")
	if !h.unsavedNow() {
		t.Error("a port code is not unsaved")
	}
	h.getToken("SET", false)
	if !h.unsavedNow() {
		t.Error("a token that is not saved is not unsaved")
	}
	h.tap("result.copy")
	if !h.unsavedNow() { // the clipboard is cleared soon
		t.Error("a token that was copied and not saved is not unsaved")
	}
	h.shortcut(fyne.KeyS, ctrl)
	h.getToken("MTP", true)
	h.typeInto("form.password", "typed")
	if h.unsavedNow() {
		t.Error("a typed password is unsaved")
	}
	h.typeInto("result.name", "Autre nom")
	h.list.list.Tap(1, 0) // Port de Sète
	if h.dialog == nil {
		t.Fatal("an edited name is lost without a question")
	}
	h.answer(1) // go back
	if h.result.profile.Text != "Autre nom" || h.open.PortCode != "MTP" {
		t.Error("going back loses the edit")
	}
	h.shortcut(fyne.KeyQ, ctrl)
	h.answer(2) // save, then quit
	if !h.closed {
		t.Error("saving did not go on to quit")
	}
	list, err := h.deps.Store.List()
	profile.ByName.Sort(list)
	if err != nil || len(list) != 2 || list[0].Name != "Autre nom" {
		t.Errorf("the list is %+v, %v", list, err)
	}
}

func TestRenameAndEnvironment(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("MTP", true)
	if !h.result.save.Disabled() {
		t.Error("Save is enabled with nothing to save")
	}
	h.form.environment.Select(1)
	h.typeInto("result.name", "  Montpellier   essai ")
	h.press(fyne.KeyReturn)
	want := h.all[0]
	if want.Name != "Montpellier essai" || want.Environment != profile.Test || want.HasPassword {
		t.Errorf("saved %+v", want)
	}
	h.tap("result.keep_password")
	h.shortcut(fyne.KeyS, ctrl)
	got, err := h.deps.Store.Load(t.Context(), want)
	if err != nil || got.Password.Reveal() != authtest.DemoPassword {
		t.Errorf("the password was not kept: %v", err)
	}
	h.shortcut(fyne.KeyN, ctrl)
	h.list.list.Tap(0, 0)
	if h.form.password.Text != authtest.DemoPassword || !h.result.keep.Checked {
		t.Error("a kept password is not shown")
	}
	h.tap("result.keep_password")
	h.shortcut(fyne.KeyS, ctrl)
	if got, err := h.deps.Store.Load(t.Context(), want); err != nil || !got.Password.IsZero() {
		t.Errorf("the password is still kept: %v", err)
	}
}

func TestDeleteAndUndo(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("MTP", true)
	h.shortcut(fyne.KeyD, ctrl)
	if h.form.portCode.Text != "" || h.form.erpID.Text != "15" || h.form.password.Text != authtest.DemoPassword || h.focused() != "form.port_code" {
		t.Error("duplicating does not keep ERP ID and password, or clears nothing")
	}
	h.getToken("SET", true)
	h.win.Canvas().Focus(h.list.list)
	h.list.list.MoveTo(1)
	h.press(fyne.KeyDelete)
	h.noQuestion()
	h.expect("the status", h.status.message.Text, "delete.done", "Name", "Port de Sète")
	if len(h.all) != 1 || len(h.ring.Items()) != 1 || h.current != nil || h.result.tokenBox.Visible() {
		t.Fatalf("%d profiles, %d items, token shown %v", len(h.all), len(h.ring.Items()), h.result.tokenBox.Visible())
	}
	h.tap("status.action")
	if len(h.all) != 2 || len(h.ring.Items()) != 2 {
		t.Fatalf("undo leaves %d profiles, %d items", len(h.all), len(h.ring.Items()))
	}
	h.list.list.Tap(1, 0)
	if h.current == nil || h.current.profile.PortCode != "SET" {
		t.Error("the profile is not whole")
	}
	h.shortcut(fyne.KeyZ, ctrl|shift) // nothing more to undo
	h.deleteSelected()
	h.shortcut(fyne.KeyZ, ctrl|shift)
	if len(h.all) != 2 {
		t.Error("Ctrl+Shift+Z does not undo")
	}
}

// TestDeletionThatFailsLateCanBeUndone: the keyring deletes the item and dies before it
// says so.
func TestDeletionThatFailsLateCanBeUndone(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("SET", true)
	h.ring.Change(profiletest.Faults{LateError: errors.New("no reply"), Before: func(call, _ string) {
		if call == "delete" {
			h.ring.Change(profiletest.Faults{Get: errGone})
		}
	}})
	h.deleteSelected()
	if len(h.ring.Items()) != 0 || h.message() == "" {
		t.Fatalf("%d items, and the message is %q", len(h.ring.Items()), h.message())
	}
	h.ring.Change(profiletest.Faults{})
	h.tap("result.first")
	if len(h.ring.Items()) != 1 || len(h.all) != 1 {
		t.Errorf("undo leaves %d items and %d profiles, want 1", len(h.ring.Items()), len(h.all))
	}
}

// TestEveryDeletionCanBeUndone: deletions are undone in reverse order.
func TestEveryDeletionCanBeUndone(t *testing.T) {
	h := start(t, "fr", nil)
	for _, port := range []string{"AGD", "MTP", "SET"} {
		h.getToken(port, true)
		h.shortcut(fyne.KeyN, ctrl)
	}
	h.win.Canvas().Focus(h.list.list)
	h.list.list.MoveTo(1)
	h.press(fyne.KeyDelete, fyne.KeyDelete)
	if len(h.all) != 1 || h.all[0].PortCode != "MTP" && h.all[0].PortCode != "AGD" || h.message() != "" {
		t.Fatalf("two deletions leave %+v, the message is %q", h.all, h.message())
	}
	h.shortcut(fyne.KeyZ, ctrl|shift)
	if !h.status.action.Visible() {
		t.Error("the first deletion cannot be undone")
	}
	h.tap("status.action")
	if len(h.all) != 3 || len(h.ring.Items()) != 3 || h.status.action.Visible() {
		t.Errorf("after two undos there are %d profiles and %d items", len(h.all), len(h.ring.Items()))
	}
}

// TestDeletingOtherProfileKeepsTheOpenOne: the open profile stays the same when another one
// is deleted.
func TestDeletingOtherProfileKeepsTheOpenOne(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("AGD", true)
	h.getToken("SET", true)
	h.getToken("BDL", true) // the list: Bandol, Sète, Cap d'Agde
	h.list.list.Tap(1, 0)
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.answer(0) // a new login for Sète
	h.hold = true
	h.deleteProfiles(h.all[:1])
	work := h.held[0]
	h.held = nil
	work()() // the profile is deleted, but the list is not read again yet
	if h.open == nil || h.open.PortCode != "SET" {
		t.Errorf("the open profile became %+v", h.open)
	}
	h.release()
	h.deleteSelected()
	if len(h.all) != 1 || h.all[0].PortCode != "AGD" {
		t.Errorf("the list is %+v", h.all)
	}
}

// TestSecondDeleteIsIgnored: Delete does nothing while a deletion is running.
func TestSecondDeleteIsIgnored(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("MTP", true)
	h.win.Canvas().Focus(h.list.list)
	h.hold = true
	h.press(fyne.KeyDelete, fyne.KeyDelete)
	h.release()
	if len(h.all) != 0 || h.message() != "" {
		t.Errorf("%d profiles, the message is %q", len(h.all), h.message())
	}
}

// TestTypedNameIsKept: the name of the port does not replace a name that the user typed
// meanwhile.
func TestTypedNameIsKept(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.hold = true
	h.press(fyne.KeyReturn)
	login := h.held[0]
	h.held = nil
	login()() // the request for the name of the port is now held
	h.typeInto("result.name", "Mine")
	h.release()
	if h.result.profile.Text != "Mine" {
		t.Errorf("the name became %q", h.result.profile.Text)
	}
}

// TestLatePortName: the name of the port does not change a profile that was saved meanwhile.
func TestLatePortName(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", authtest.DemoPassword)
	h.hold = true
	h.press(fyne.KeyReturn)
	login := h.held[0]
	h.held = nil
	login()()
	name := h.held[0]
	h.held, h.hold = nil, false
	h.shortcut(fyne.KeyS, ctrl)
	name()()
	if h.result.profile.Text != "MTP" || h.all[0].Name != "MTP" || h.unsavedNow() {
		t.Errorf("the name is %q, saved as %q", h.result.profile.Text, h.all[0].Name)
	}
}

func TestKeyringErrors(t *testing.T) {
	locked := dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
	gone := dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}
	h := start(t, "fr", nil)
	h.ring.Change(profiletest.Faults{Set: locked})
	h.getToken("MTP", false)
	h.shortcut(fyne.KeyS, ctrl)
	h.expect("locked", h.message(), "save.failed", "Why", h.Window.t.T("store.locked"))
	if h.current == nil || !h.current.changed || len(h.all) != 0 {
		t.Error("the token is lost, or said to be saved")
	}
	h.ring.Change(profiletest.Faults{Set: gone, Is: keyring.NoService})
	h.shortcut(fyne.KeyS, ctrl)
	h.expect("the status", h.status.message.Text, "save.done_session", "Name", "Port de Montpellier")
	h.expect("the keyring", h.status.keyring.Text, "keyring.no-service")
	if len(h.all) != 1 || !h.all[0].Session {
		t.Errorf("the list is %+v", h.all)
	}
	h.ring.Change(profiletest.Faults{})
	h.getToken("SET", true)
	h.ring.Change(profiletest.Faults{Get: locked})
	h.shortcut(fyne.KeyN, ctrl)
	h.list.list.Tap(1, 0)
	h.expect("open", h.message(), "open.failed", "Name", "Port de Sète", "Why", h.Window.t.T("store.locked"))
	h.ring.Change(profiletest.Faults{})
	for name := range h.ring.Items() {
		if err := h.ring.Delete(name); err != nil {
			t.Fatal(err)
		}
	}
	h.list.list.UnselectAll()
	h.list.list.Tap(1, 0)
	h.expect("missing", h.message(), "open.gone", "Name", "Port de Sète", "Why", h.Window.t.T("store.missing"))
	if h.form.portCode.Text != "SET" || h.current != nil {
		t.Error("a profile without its item does not fill the form")
	}
}

func TestKeyringStates(t *testing.T) {
	for state, key := range map[keyring.State]string{keyring.Ready: "keyring.ready", keyring.Locked: "keyring.locked", keyring.NoService: "keyring.no-service"} {
		h := start(t, "en", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: state}) })
		h.expect(string(state), h.status.keyring.Text, key)
	}
}

func TestBrokenIndexIsRebuilt(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	h.Close()
	profiletest.WriteIndex(t, h.dir, []byte("{"))
	h.restart("en", nil)
	if len(h.all) != 1 || !strings.Contains(h.message(), "rebuilt from the keyring (1 profile)") {
		t.Errorf("%d profiles, the message is %q", len(h.all), h.message())
	}
}
