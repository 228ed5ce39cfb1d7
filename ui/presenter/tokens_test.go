package presenter

import (
	"path/filepath"
	"strings"
	"testing"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
)

// newTokens returns a harness whose service gives another token at each login, and where SET
// is saved and open.
func newTokens(t *testing.T, lang string) (*harness, profile.Profile) {
	t.Helper()
	h := start(t, lang, nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	return h, h.save("SET")
}

// TestReplacingTokenIsDecided: the stored token is only replaced by a decision, with the
// verdicts on both. The previous token can be checked, restored and deleted.
func TestReplacingTokenIsDecided(t *testing.T) {
	h, _ := newTokens(t, "en")
	first := h.Credential().Secrets.Token
	h.again()
	c := h.Credential()
	second := c.Secrets.Token
	if c.State != Differs || !c.Stored.Equal(first) || c.StoredVerdict != profile.Refused || c.NewVerdict != profile.Accepted || !c.NewIsBetter() {
		t.Fatalf("state %d, stored %q, new %q", c.State, c.StoredVerdict, c.NewVerdict)
	}
	if !h.inRing(h.At(0)).Token.Equal(first) {
		t.Fatal("the stored token was replaced")
	}
	h.SaveNew()
	if got := h.inRing(h.At(0)); !got.Token.Equal(second) || !got.Previous.Equal(first) || !h.At(0).HasPrevious || h.Credential().State != Saved || h.board.text != second.Reveal() {
		t.Fatalf("after replacing: %+v", h.At(0))
	}

	var verdict profile.Verdict
	h.CheckPrevious(func(v profile.Verdict) { verdict = v })
	if verdict != profile.Refused {
		t.Errorf("the check says %q", verdict)
	}
	h.ReturnToPrevious()
	if got := h.inRing(h.At(0)); !got.Token.Equal(first) || !got.Previous.Equal(second) || !h.Credential().Secrets.Token.Equal(first) {
		t.Error("going back did not swap the two")
	}
	h.ForgetPrevious()
	if got := h.inRing(h.At(0)); !got.Token.Equal(first) || !got.Previous.IsZero() || !h.Credential().Secrets.Previous.IsZero() {
		t.Error("the previous one was not forgotten")
	}
	for _, text := range []string{h.Message().Text, h.CurrentNotice().Text, h.OpenName()} {
		if strings.Contains(text, first.Reveal()) || strings.Contains(text, second.Reveal()) {
			t.Errorf("%q shows a token", text)
		}
	}
}

// TestStoredTokenThatWorksIsTheBetterOne.
func TestStoredTokenThatWorksIsTheBetterOne(t *testing.T) {
	h, _ := newTokens(t, "en")
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true, OldTokensWork: true})
	h.again()
	if c := h.Credential(); c.StoredVerdict != profile.Accepted || c.NewVerdict != profile.Accepted || c.NewIsBetter() {
		t.Errorf("stored %q, new %q", c.StoredVerdict, c.NewVerdict)
	}
}

// TestAnotherLoginIsAskedAbout: it may revoke the stored token. Only for a new port the saved
// one can be opened instead.
func TestAnotherLoginIsAskedAbout(t *testing.T) {
	h, of := newTokens(t, "en")
	h.Renew()
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.Login()
	if q := h.Question(); q == nil || len(q.Answers) != 2 {
		t.Fatalf("asked %+v", q)
	}
	h.answer(1)
	if h.service.Logins() != 1 || h.Page() != Editing {
		t.Error("the default sends")
	}
	h.Escape()
	h.New()
	h.submit("SET", "15", authtest.DemoPassword)
	h.answer(2) // open the saved one
	if c := h.Credential(); h.service.Logins() != 1 || c == nil || c.Profile.ID != of.ID || c.State != Saved {
		t.Errorf("open is %+v", c)
	}
}

// TestSameTokenIsNoChange: a login that returns the stored token leaves nothing to save.
func TestSameTokenIsNoChange(t *testing.T) {
	h := start(t, "en", nil)
	h.save("SET")
	token := h.token()
	h.again()
	h.expect("the message", h.Message().Text, "compare.same", "Name", "Port de Sète")
	if c := h.Credential(); c.State != Saved || h.token() != token || h.Page() != Reading {
		t.Errorf("state %d, page %d", c.State, h.Page())
	}
	h.Home()
	h.noQuestion()
}

// TestProvedPasswordIsKept: the service has given the same token for another password, which
// is the newer one.
func TestProvedPasswordIsKept(t *testing.T) {
	for name, before := range map[string]string{"outdated": "OUTDATED", "none": ""} {
		h := start(t, "en", nil)
		of := h.save("SET")
		h.editElsewhere(of.ID, func(_ *profile.Profile, s *profile.Secrets) { s.Password = authclient.NewSecret(before) })
		h.Reload(nil)
		h.Renew()
		h.SetKeep(true)
		h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
		h.Login()
		h.answer(0)
		if got := h.inRing(h.At(0)); got.Password.Reveal() != authtest.DemoPassword || h.Credential().State != Saved || !h.At(0).HasPassword {
			t.Errorf("%s: the proved password is not kept", name)
		}
	}
}

// TestTokenChangedByAnotherProgram: a token that another process stored is compared before it
// is replaced.
func TestTokenChangedByAnotherProgram(t *testing.T) {
	h, of := newTokens(t, "en")
	h.again()
	mine := h.token()
	third := authclient.NewSecret("THIRD-TOKEN")
	h.editElsewhere(of.ID, func(_ *profile.Profile, s *profile.Secrets) { s.Token = third })
	h.SaveNew()
	c := h.Credential()
	if !h.inRing(h.At(0)).Token.Equal(third) || c.State != Differs || !c.Stored.Equal(third) || h.token() != mine {
		t.Fatalf("a token that was never compared was replaced, or the new one is lost: state %d", c.State)
	}
	h.SaveNew()
	if got := h.inRing(h.At(0)); got.Token.Reveal() != mine || !got.Previous.Equal(third) {
		t.Error("the second decision did not replace it")
	}
}

// TestVerdictBelongsToItsToken: the verdict on a token is not saved if another process has
// replaced the token.
func TestVerdictBelongsToItsToken(t *testing.T) {
	h, of := newTokens(t, "en")
	h.hold = true
	h.Check()
	h.editElsewhere(of.ID, func(_ *profile.Profile, s *profile.Secrets) { s.Token = authclient.NewSecret("ANOTHER-TOKEN") })
	h.release()
	if got := h.At(0); got.Check != "" {
		t.Errorf("the verdict on the old token was kept: %+v", got)
	}
}

// TestForgettingAPreviousTokenCanBeUndone: undo restores a deleted previous token.
func TestForgettingAPreviousTokenCanBeUndone(t *testing.T) {
	h, of := newTokens(t, "en")
	old := authclient.NewSecret("OLD-TOKEN")
	h.editElsewhere(of.ID, func(_ *profile.Profile, s *profile.Secrets) { s.Previous = old })
	h.noticeElsewhere()
	h.ForgetPrevious()
	if !h.inRing(h.At(0)).Previous.IsZero() {
		t.Fatal("it was not forgotten")
	}
	h.expect("the notice", h.CurrentNotice().Text, "previous.forgotten")
	h.ActOnNotice()
	if !h.inRing(h.At(0)).Previous.Equal(old) || !h.Credential().Secrets.Previous.Equal(old) {
		t.Error("undo does not bring it back")
	}
}

// TestUncheckedTokenIsNotReplacedSilently: a decision is asked for even if the tokens cannot
// be checked, and nothing is taken for a verdict.
func TestUncheckedTokenIsNotReplacedSilently(t *testing.T) {
	h, _ := newTokens(t, "en")
	old := h.token()
	h.Renew()
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.Login()
	h.hold = true
	h.answer(0)
	// The file of the extra authority is removed after the login.
	h.deps.Clients.Authorities = map[string]string{h.service.URL: filepath.Join(h.dir, "missing.pem")}
	h.release()
	if c := h.Credential(); c.State != Differs || c.StoredVerdict != "" || c.NewVerdict != "" || c.Works() != "" || h.inRing(h.At(0)).Token.Reveal() != old {
		t.Fatalf("state %d, verdicts %q and %q", c.State, c.StoredVerdict, c.NewVerdict)
	}
}

// TestTokenThatCannotBeCompared: the keyring is locked, so that nothing is decided; saving
// compares again.
func TestTokenThatCannotBeCompared(t *testing.T) {
	h, _ := newTokens(t, "en")
	h.Renew()
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.Login()
	h.ring.Faults.Get = errRingLocked
	h.answer(0)
	c := h.Credential()
	h.expect("the message", h.Message().Text, "login.already_saved", "Name", "Port de Sète")
	if c.State != Obtained || !c.HasToken() {
		t.Fatalf("state %d", c.State)
	}
	h.ring.Faults.Get = nil
	h.Save()
	if c := h.Credential(); c.State != Differs || c.NewVerdict != profile.Accepted {
		t.Errorf("state %d", c.State)
	}
}

// TestUndoOfKeptToken brings the new token back, whatever is open by then.
func TestUndoOfKeptToken(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(*harness)
		want      State
	}{
		"the same port":     {func(*harness) {}, Differs},
		"copied":            {func(h *harness) { h.Copy() }, Differs},
		"another port":      {func(h *harness) { h.Open(h.listed("MTP")) }, Differs},
		"the overview":      {func(h *harness) { h.Home() }, Differs},
		"a failed reading":  {func(h *harness) { h.Home(); h.ring.Faults.Get = errRingLocked; h.Open(h.listed("SET")) }, Obtained},
		"another token":     {func(h *harness) { h.Home(); h.editElsewhere(h.listed("SET").ID, setToken("THIRD")) }, Differs},
		"the new one there": {func(h *harness) { h.Home(); h.editElsewhere(h.listed("SET").ID, setToken(h.board.text)) }, Saved},
		"edits":             {func(h *harness) { h.Edit(); h.Type(Note, "typed") }, Differs},
	} {
		h := start(t, "en", nil)
		h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
		h.save("MTP")
		h.save("SET")
		h.again()
		fresh := h.token()
		h.board.text = fresh
		h.KeepStored()
		c.meanwhile(h)
		h.ActOnNotice()
		if name == "edits" {
			if h.Question() == nil {
				t.Fatal("the edits are lost without a question")
			}
			h.answer(0)
		}
		if got := h.Credential(); got == nil || got.State != c.want || h.token() != fresh || got.Profile.PortCode != "SET" || h.Page() != Reading {
			t.Errorf("%s: open is %+v, %q", name, got, h.Message().Text)
		}
	}
}

func setToken(token string) func(*profile.Profile, *profile.Secrets) {
	return func(_ *profile.Profile, s *profile.Secrets) { s.Token = authclient.NewSecret(token) }
}

// TestKeptVerdictIsThatOfTheComparison, not an earlier one.
func TestKeptVerdictIsThatOfTheComparison(t *testing.T) {
	h, _ := newTokens(t, "en")
	h.Check()
	h.again()
	h.KeepStored()
	if c := h.Credential(); c.Works() != profile.Refused || h.At(0).Check != profile.Refused {
		t.Errorf("the verdict is %q", c.Works())
	}
}

// TestUndoOfForgottenToken restores the previous token of its port, whatever is open by then,
// and leaves one that another program has saved.
func TestUndoOfForgottenToken(t *testing.T) {
	for name, meanwhile := range map[string]func(*harness){
		"another port": func(h *harness) { h.Open(h.listed("MTP")) },
		"the overview": func(h *harness) { h.Home() },
		"edits":        func(h *harness) { h.Edit(); h.Type(Note, "typed") },
		"another":      func(h *harness) { h.editElsewhere(h.listed("SET").ID, setPrevious("ANOTHER")); h.Reload(nil) },
	} {
		h, of := newTokens(t, "en")
		h.save("MTP")
		h.editElsewhere(of.ID, setPrevious("OLD"))
		h.Reload(nil)
		h.Open(h.listed("SET"))
		h.ForgetPrevious()
		meanwhile(h)
		h.ActOnNotice()
		want := "OLD"
		if name == "another" {
			want = "ANOTHER"
		}
		if got := h.inRing(h.listed("SET")); got.Previous.Reveal() != want {
			t.Errorf("%s: the previous token is not restored, or replaced", name)
		}
		if name == "another port" && (h.Credential().Profile.PortCode != "MTP" || h.Credential().State != Saved) {
			t.Errorf("open is %+v", h.Credential().Profile)
		}
		if name == "edits" && (h.Page() != Editing || h.Form().Texts[Note] != "typed" || h.Credential().Secrets.Previous.IsZero()) {
			t.Error("the edits are lost, or the page does not have the previous token")
		}
	}
}

func setPrevious(token string) func(*profile.Profile, *profile.Secrets) {
	return func(_ *profile.Profile, s *profile.Secrets) { s.Previous = authclient.NewSecret(token) }
}

// TestStoredTokenIsReadBeforeTheNewOneIsDiscarded: while the keyring does not answer, the new
// token may be the only one that works.
func TestStoredTokenIsReadBeforeTheNewOneIsDiscarded(t *testing.T) {
	h, of := newTokens(t, "en")
	h.again()
	fresh := h.token()
	h.ring.Faults.Get = errRingLocked
	h.KeepStored()
	if c := h.Credential(); c.State != Differs || h.token() != fresh || h.Message().Text == "" {
		t.Fatalf("state %d, message %q", c.State, h.Message().Text)
	}
	h.ring.Faults.Get = nil
	h.KeepStored()
	if c := h.Credential(); c.State != Saved || h.token() != h.inRing(of).Token.Reveal() {
		t.Errorf("state %d", c.State)
	}
}

// TestNewTokenIsNotDiscardedForOneThatIsGone.
func TestNewTokenIsNotDiscardedForOneThatIsGone(t *testing.T) {
	h, _ := newTokens(t, "en")
	h.again()
	fresh := h.token()
	for name := range h.ring.Items() {
		if err := h.ring.Delete(name); err != nil {
			t.Fatal(err)
		}
	}
	h.KeepStored()
	if c := h.Credential(); c.State != Obtained || h.token() != fresh {
		t.Fatalf("state %d", c.State)
	}
	h.Save()
	if c := h.Credential(); c.State != Saved || h.inRing(c.Profile).Token.Reveal() != fresh {
		t.Errorf("state %d, message %q", c.State, h.Message().Text)
	}
}
