package presenter

import (
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/profile/profiletest"
)

func (d dialog) Escape() { d.h.DialogClosed() }

func TestCheck(t *testing.T) {
	h := start(t, "en", nil)
	h.Check() // nothing to check
	if h.service.Checks() != 0 || h.Message().Text != "" {
		t.Fatal("without a token something is checked")
	}
	h.save("MTP")
	h.Check()
	h.expect("accepted", h.CurrentNotice().Text, "check.accepted", "Port", "Port de Montpellier (MTP)", "Time", "14:32")
	if c := h.Credential(); c.Works() != profile.Accepted || h.At(0).Check != profile.Accepted {
		t.Errorf("the verdict is %q", c.Works())
	}
	h.service.SetQuirks(authtest.Quirks{AccountDown: true})
	h.Check()
	h.expect("an error", h.Message().Title, "check.unverified")
	if h.Credential().Works() != profile.Accepted || h.At(0).Check != profile.Accepted || len(h.Message().Actions) != 1 {
		t.Errorf("an error gives the verdict %q", h.Credential().Works())
	}
	h.service.SetQuirks(authtest.Quirks{})
	h.service.Revoke("MTP")
	h.Check()
	if h.Credential().Works() != profile.Refused || h.At(0).Check != profile.Refused || h.Message().Text != "" {
		t.Errorf("refused: the verdict is %q, the message %q", h.Credential().Works(), h.Message().Text)
	}
}

// TestCancelledCheck gives no verdict.
func TestCancelledCheck(t *testing.T) {
	h := start(t, "en", nil)
	h.save("MTP")
	before := h.Credential().Profile
	h.clock.Advance(time.Minute)
	h.hold = true
	h.Check()
	h.Escape()
	h.release()
	h.expect("the notice", h.CurrentNotice().Text, "check.cancelled")
	if c := h.Credential(); c.Works() != before.Check || !c.Profile.Checked.Equal(before.Checked) || !h.At(0).Checked.Equal(before.Checked) {
		t.Errorf("the verdict is %q of %v", c.Works(), c.Profile.Checked)
	}
}

// TestAccountFailureIsSilent: if the name of the port cannot be read after a login, no error
// is shown, and the port code is the name.
func TestAccountFailureIsSilent(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{AccountDown: true})
	h.obtain("MTP")
	if c := h.Credential(); h.Message().Text != "" || c.Works() != "" || h.Form().Texts[Name] != "" || h.OpenName() != "MTP" {
		t.Errorf("message %q, verdict %q, name %q", h.Message().Text, c.Works(), h.OpenName())
	}
	h.Save()
	if h.Rows() != 1 || h.At(0).Name != "MTP" {
		t.Errorf("saved as %+v", h.Ports())
	}
}

// TestTokenOfAnotherPort: the name of another port is not suggested, and a check names it.
func TestTokenOfAnotherPort(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{OtherPort: "BDL"})
	h.obtain("MTP")
	if got := h.Form().Texts[Name]; got != "" {
		t.Errorf("the name offered is %q", got)
	}
	h.Check()
	h.expect("the notice", h.CurrentNotice().Text, "check.other_port", "Code", "BDL", "Time", "14:32")
	if h.Credential().Works() != profile.OtherPort {
		t.Errorf("the verdict is %q", h.Credential().Works())
	}
}

// TestNameOfAnotherCredential: the name that arrives for a token that is no longer open is
// dropped, and so is one that the user replaced.
func TestNameOfAnotherCredential(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("SET", "15", authtest.DemoPassword)
	h.hold = true
	h.Login()
	login := h.held[0]
	h.held = nil
	login()() // it begins to ask for the name
	name := h.held[0]
	h.hold, h.held = false, nil
	h.New()
	h.answer(0)
	h.obtain("MTP")
	name()()
	if c := h.Credential(); c.Profile.Name != "Port de Montpellier" || h.Form().Texts[Name] != "Port de Montpellier" {
		t.Errorf("the name is %q, offered %q", c.Profile.Name, h.Form().Texts[Name])
	}

	h.New()
	h.answer(0)
	h.Type(Name, "My own")
	h.obtain("AGD")
	if h.Form().Texts[Name] != "My own" || h.OpenName() != "My own" {
		t.Errorf("the name that was typed is %q", h.Form().Texts[Name])
	}
}

func TestDemo(t *testing.T) {
	h := start(t, "en", func(h *harness, d *Deps) {
		d.Store = profile.OpenMemory()
		d.Clients.Demo, d.Demo = h.service.URL, &Demo{PortCode: authtest.DemoPortCode, ERPID: authtest.DemoERPID, Password: authtest.DemoPassword}
	})
	h.FillDemo()
	if h.focused != ToSubmit {
		t.Errorf("focus %d", h.focused)
	}
	h.Login()
	h.Save()
	if h.Rows() != 1 || h.At(0).Name != "Port de Montpellier" || len(h.ring.Items()) != 0 {
		t.Errorf("the list is %+v", h.Ports())
	}
	h.expect("the notice", h.CurrentNotice().Text, "save.done", "Name", "Port de Montpellier")
	h.New()
	h.Type(Service, "https://logapass.example")
	if h.Form().Texts[Service] != h.service.URL {
		t.Error("the demo has another service")
	}
	h.Quit()
	if !h.isClosed || len(h.settings) != 1 || h.settings[0].Service != "" {
		t.Errorf("closed %v, settings %+v", h.isClosed, h.settings)
	}
}

// TestNothingBeginsUnderAQuestion, and the question stays the same.
func TestNothingBeginsUnderAQuestion(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("MTP")
	token, checks := h.token(), h.service.Checks()
	for _, ask := range []func(){func() { h.Inform("title", "text") }, func() { h.OpenDialog(dialog{h}) }} {
		ask()
		before := h.Question()
		for _, act := range []func(){
			h.New, h.Edit, h.Renew, h.Duplicate, h.Home, h.Save, h.SaveAndCopy, h.SaveNew, h.KeepStored, h.Reopen, h.Check, h.CheckListed,
			h.Copy, h.ToggleToken, h.Undo, h.Quit, h.ShowPreferences, h.FillDemo, h.Login, h.Rebuild, h.SaveSession, h.ToggleFavourite,
			h.ReturnToPrevious, h.ForgetPrevious, func() { h.Open(of) }, func() { h.Delete([]profile.Profile{of}) }, func() { h.ChooseLanguage("fr") },
			func() { h.WithToken(func(*Credential) { t.Error("it spells") }) },
		} {
			act()
		}
		if h.Question() != before || h.Revealed() || h.board.text != "" || h.Rows() != 1 || h.isClosed || h.Page() != Reading || h.token() != token ||
			h.Task() != nil || h.service.Checks() != checks || h.At(0).Favourite || len(h.settings) != 1 {
			t.Errorf("an action worked under a question: page %d", h.Page())
		}
		h.Escape()
	}
}

func TestLanguageChangesAtOnce(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.SetQuery("sete")
	h.Edit()
	h.Type(Name, "Renamed")
	token := h.token()
	h.ChooseLanguage("fr")
	if h.Texts().T("form.submit") != "Obtenir le jeton" {
		t.Error("the texts are not French")
	}
	if h.Form().Texts[Name] != "Renamed" || h.token() != token || h.Query() != "sete" || h.Rows() != 1 || h.Page() != Editing {
		t.Error("something was lost")
	}
	if last := h.settings[len(h.settings)-1]; last.Language != "fr" {
		t.Errorf("the settings are %+v", last)
	}
}

func TestSettingsRememberServiceAndSize(t *testing.T) {
	h := start(t, "en", nil)
	h.save("MTP")
	h.Close()
	last := h.settings[len(h.settings)-1]
	if last.Service != h.service.URL || last.Width != 980 || last.Height != 680 {
		t.Errorf("the settings are %+v", last)
	}
	h.restart("en", func(_ *harness, d *Deps) { d.Settings, d.Service = last, "" })
	h.New()
	if h.Form().Texts[Service] != last.Service || h.field != PortCode {
		t.Errorf("the service is %q, the focus on %d", h.Form().Texts[Service], h.field)
	}
}

// TestReasonFollowsTheLanguage, as warnings do.
func TestReasonFollowsTheLanguage(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.Home()
	if err := h.ring.Delete(of.ID); err != nil {
		t.Fatal(err)
	}
	h.Open(of)
	h.Renew()
	h.TypePassword(authclient.NewSecret(" x"))
	h.ChooseLanguage("fr")
	h.expect("the reason", h.Credential().Why, "store.missing")
	h.expect("the warning", h.Form().Problems[Password].Text, "form.password_spaces")
	if h.Texts().T("form.submit") != "Obtenir le jeton" {
		t.Error("the texts are not French")
	}
}

// TestCheckKeepsTheOfferToSave a token that could not be saved.
func TestCheckKeepsTheOfferToSave(t *testing.T) {
	h := start(t, "en", nil)
	h.ring.Change(profiletest.Faults{Set: errRingLocked})
	h.obtain("SET")
	h.Save()
	h.Check()
	if len(h.Message().Actions) != 2 {
		t.Errorf("the message is %+v", h.Message())
	}
}

// TestNoticeWithAButtonStays for its time, whatever is done; one without does not.
func TestNoticeWithAButtonStays(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.save("MTP")
	h.Delete([]profile.Profile{of})
	notice := h.CurrentNotice().Text
	h.Open(h.listed("MTP"))
	h.Copy()
	h.clock.Advance(actionFor - time.Second)
	if h.CurrentNotice().Text != notice {
		t.Fatalf("the notice is %q", h.CurrentNotice().Text)
	}
	h.clock.Advance(time.Second)
	if h.CurrentNotice().Text != "" || !h.CanUndo() {
		t.Errorf("after its time: %q", h.CurrentNotice().Text)
	}
	h.Say("check", "text", "", nil)
	h.Open(h.listed("MTP"))
	h.Copy()
	if h.CurrentNotice().Text != "" {
		t.Error("a notice without a button stays")
	}
}

// TestEscapeLeavesAPageAsItsButtonDoes: the focus does not stay on a page that is gone.
func TestEscapeLeavesAPageAsItsButtonDoes(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	for name, show := range map[string]func(){"preferences": h.ShowPreferences, "troubleshooting": h.ShowTroubleshooting} {
		show()
		h.focused = Nowhere
		h.Escape()
		if h.Page() != Reading || h.focused != ToPrimary {
			t.Errorf("%s: the page is %d, and the focus is on %d", name, h.Page(), h.focused)
		}
	}
}

// TestUndoSaysSo: also where the port is opened that came back.
func TestUndoSaysSo(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.save("MTP")
	for _, port := range []string{"SET", "MTP"} {
		h.Delete([]profile.Profile{h.listed(port)})
	}
	h.Undo()
	h.expect("the notice", h.CurrentNotice().Text, "undo.done", "Name", "Port de Montpellier")
	h.expect("its button", h.CurrentNotice().Action.Label, "undo.next", "Name", "Port de Sète")
}
