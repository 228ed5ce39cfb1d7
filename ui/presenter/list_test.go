package presenter

import (
	"testing"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// TestLoginForASavedPortOffersIt: a login for a saved port from an empty form offers to open
// the port in place of it.
func TestLoginForASavedPortOffersIt(t *testing.T) {
	h := start(t, "en", nil)
	of, token := h.save("SET"), h.token()
	h.New()
	h.noQuestion()
	h.credentials("set", "15", "whatever")
	h.Login()
	if h.Question() == nil {
		t.Fatal("no question")
	}
	h.answer(2)
	if h.OpenID() != of.ID || h.token() != token || h.Credential().State != Saved || h.service.Logins() != 1 {
		t.Errorf("open is %q, after %d logins", h.OpenID(), h.service.Logins())
	}
}

// TestUnsavedChangesAreConfirmed: what was typed and what was obtained is lost after a question
// alone, and only that is asked about.
func TestUnsavedChangesAreConfirmed(t *testing.T) {
	for _, c := range []struct {
		name  string
		do    func(h *harness)
		asked string // "" for nothing
	}{
		{"an empty form", func(*harness) {}, ""},
		{"a password", func(h *harness) { h.TypePassword(authclient.NewSecret("x")) }, ""},
		{"a port code", func(h *harness) { h.Type(PortCode, "AB") }, "unsaved.edits"},
		{"a note", func(h *harness) { h.Type(Note, "text") }, "unsaved.edits"},
		{"a token", func(h *harness) { h.obtain("SET") }, "unsaved.token"},
		{"a copied token", func(h *harness) { h.obtain("SET"); h.Copy() }, "unsaved.token"}, // the clipboard is cleared soon
		{"a token that is refused", func(h *harness) { h.obtain("SET"); h.service.Revoke("SET"); h.Check() }, ""},
		{"a saved token", func(h *harness) { h.save("SET") }, ""},
		{"a form with no change", func(h *harness) { h.save("SET"); h.Edit() }, ""},
		{"an edited name", func(h *harness) { h.save("SET"); h.Edit(); h.Type(Name, "Autre nom") }, "unsaved.edits"},
		{"another environment", func(h *harness) { h.save("SET"); h.Edit(); h.SetEnvironment(profile.Test) }, "unsaved.edits"},
		{"a password for a new token", func(h *harness) { h.save("SET"); h.Renew(); h.TypePassword(authclient.NewSecret("x")) }, ""},
	} {
		h := start(t, "en", nil)
		c.do(h)
		cred, form, page := h.Credential(), h.form.text(), h.Page()
		h.Quit()
		if c.asked == "" {
			if !h.isClosed {
				t.Errorf("%s is asked about", c.name)
			}
			continue
		}
		if h.Question() == nil {
			t.Errorf("%s is lost without a question", c.name)
			continue
		}
		h.expect(c.name, h.Question().Text, c.asked)
		h.answer(1)
		if h.isClosed || h.Credential() != cred || h.form.text() != form || h.Page() != page {
			t.Errorf("%s: to go back loses it", c.name)
		}
	}
}

// TestSaveThenQuit saves the edits, and quits.
func TestSaveThenQuit(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.save("MTP")
	h.Edit()
	h.Type(Name, "Autre nom")
	h.Open(h.listed("SET"))
	h.answer(1)
	if h.Form().Texts[Name] != "Autre nom" || h.OpenID() != h.listed("MTP").ID {
		t.Error("to go back loses the edit")
	}
	h.Quit()
	h.answer(2)
	list, err := h.deps.Store.List()
	profile.ByName.Sort(list)
	if !h.isClosed || err != nil || len(list) != 2 || list[0].Name != "Autre nom" {
		t.Errorf("closed %v, the list is %+v, %v", h.isClosed, list, err)
	}
}

func TestRenameAndEnvironment(t *testing.T) {
	h := start(t, "fr", nil)
	h.save("MTP")
	h.Edit()
	h.SetEnvironment(profile.Test)
	h.Type(Name, "  Montpellier   essai ")
	h.Save()
	want := h.At(0)
	if want.Name != "Montpellier essai" || want.Environment != profile.Test || want.HasPassword || h.Page() != Reading {
		t.Errorf("saved %+v", want)
	}
	h.SetFilter(Tests)
	if _, _, tests := h.Counts(); tests != 1 || h.Rows() != 1 {
		t.Errorf("%d of the test environment, %d rows", tests, h.Rows())
	}
	h.SetFilter(ToFix)
	if h.Rows() != 0 {
		t.Errorf("%d to fix", h.Rows())
	}
	h.Edit()
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.SetKeep(true)
	h.Save()
	if got := h.inRing(want); got.Password.Reveal() != authtest.DemoPassword {
		t.Error("the password was not kept")
	}
	h.Renew()
	if f := h.Form(); f.Password.Reveal() != authtest.DemoPassword || !f.Keep || h.focused != ToSubmit {
		t.Error("a kept password is not filled in")
	}
	h.CancelForm()
	h.Edit()
	h.SetKeep(false)
	h.Save()
	if got := h.inRing(want); !got.Password.IsZero() {
		t.Error("the password is still kept")
	}
}

// TestEditTwiceKeepsWhatIsTyped: Edit shows the form that is open, under another page too.
func TestEditTwiceKeepsWhatIsTyped(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.Edit()
	h.Type(Name, "typed")
	for _, leave := range []func(){func() {}, h.ShowPreferences, h.ShowTroubleshooting} {
		leave()
		h.Edit()
		if h.Page() != Editing || h.Form().Texts[Name] != "typed" || h.field != Name {
			t.Errorf("page %d, the name is %q", h.Page(), h.Form().Texts[Name])
		}
	}
	h.noQuestion()
}

// TestTypedNameIsKept: the name of the port does not replace a name that the user typed
// meanwhile, and does not change a port that was saved meanwhile.
func TestTypedNameIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(h *harness)
		want string
	}{
		"typed": {func(h *harness) { h.Type(Name, "Mine") }, "Mine"},
		"saved": {func(h *harness) { h.hold = false; h.Save() }, "MTP"},
		"none":  {func(*harness) {}, "Port de Montpellier"},
	} {
		h := start(t, "en", nil)
		h.credentials("MTP", "15", authtest.DemoPassword)
		h.hold = true
		h.Login()
		login := h.held[0]
		h.held = nil
		login()() // the request for the name of the port is now held
		held := h.held
		h.held = nil
		c.do(h)
		h.held = append(h.held, held...)
		h.release()
		if h.OpenName() != c.want {
			t.Errorf("%s: the name became %q, want %q", name, h.OpenName(), c.want)
		}
	}
}

// TestBareTokenKeepsWhatIsTyped: somebody has replaced the item while the port is edited.
func TestBareTokenKeepsWhatIsTyped(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	h.Edit()
	h.Type(Name, "typed")
	h.ring.Put(of.ID, "TOKEN-BY-HAND")
	h.Reopen()
	if h.Credential().State != Obtained || h.token() != "TOKEN-BY-HAND" || h.Form().Texts[Name] != "typed" || h.Page() != Reading {
		t.Errorf("state %d, the name is %q", h.Credential().State, h.Form().Texts[Name])
	}
	h.Save()
	if each := h.At(0); h.Rows() != 1 || each.Name != "typed" || h.inRing(each).Token.Reveal() != "TOKEN-BY-HAND" {
		t.Errorf("saved %+v, %q", each, h.Message().Text)
	}
}

// TestTokenSavedElsewhereIsCompared: another window has saved a token for the same credential.
// The user decides which to keep.
func TestTokenSavedElsewhereIsCompared(t *testing.T) {
	h := start(t, "en", nil)
	h.obtain("SET")
	mine := h.token()
	credential := h.Credential().Profile
	credential.Name = "elsewhere"
	saved := profiletest.Save(t, h.anotherStore(), credential, profile.Secrets{Token: authclient.NewSecret("ELSEWHERE")})
	h.Save()
	c := h.Credential()
	if c.State != Differs || c.Stored.Reveal() != "ELSEWHERE" || h.token() != mine || c.Profile.ID != saved.ID {
		t.Fatalf("state %d, %q", c.State, h.Message().Text)
	}
	h.SaveNew()
	if got := h.inRing(saved); got.Token.Reveal() != mine || got.Previous.Reveal() != "ELSEWHERE" || h.Rows() != 1 {
		t.Errorf("%d rows, state %d, %q", h.Rows(), h.Credential().State, h.Message().Text)
	}
}

// TestVerdictOfANewToken is that of the last check, also where two tokens are compared.
func TestVerdictOfANewToken(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.save("SET")
	h.Renew()
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.Login()
	h.answer(0)
	h.service.Revoke("SET")
	h.Check()
	if c := h.Credential(); c.State != Differs || c.Works() != profile.Refused || c.NewVerdict != profile.Refused {
		t.Errorf("state %d: %q, and %q of the new one", c.State, c.Works(), c.NewVerdict)
	}
}

// TestTerminateIsNotAskedAbout: to quit afterwards does not bring a question back.
func TestTerminateIsNotAskedAbout(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	h.save("MTP")
	h.hold = true
	h.Delete(h.Selection())
	h.Terminate()
	h.Quit()
	h.release()
	if !h.isClosed || h.Question() != nil {
		t.Errorf("closed: %v", h.isClosed)
	}
}
