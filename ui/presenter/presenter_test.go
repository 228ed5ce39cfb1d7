package presenter

import (
	"slices"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
)

// TestLoginSaveReopen: a first start gets a token, copies and saves it, and finds it again
// after a restart.
func TestLoginSaveReopen(t *testing.T) {
	h := start(t, "fr", nil)
	if !h.Welcoming() || h.focused != ToField || h.field != PortCode {
		t.Errorf("welcoming %v, the focus is on %d of %d; want the first empty field", h.Welcoming(), h.field, h.focused)
	}
	h.obtain("SET")
	if h.service.Logins() != 1 || h.Page() != Reading || h.focused != ToPrimary {
		t.Errorf("%d logins, page %d, focus %d", h.service.Logins(), h.Page(), h.focused)
	}
	if h.Form().Texts[Name] != "Port de Sète" || h.OpenName() != "Port de Sète" {
		t.Errorf("the name offered is %q, the title %q", h.Form().Texts[Name], h.OpenName())
	}
	token := h.token()
	h.SaveAndCopy()
	if h.board.text != token || h.Credential().State != Saved {
		t.Errorf("copied %v, state %d", h.board.text == token, h.Credential().State)
	}
	h.expect("the notice", h.CurrentNotice().Text, "save.done_copied", "Name", "Port de Sète")
	h.Quit()
	if !h.isClosed || !h.viewGone || h.board.text != "" {
		t.Errorf("closed %v, the clipboard holds %d characters", h.isClosed, len(h.board.text))
	}

	h.restart("fr", nil)
	if h.Page() != Overview || h.Rows() != 1 || h.focused != ToList {
		t.Fatalf("page %d with %d rows after a restart, focus %d", h.Page(), h.Rows(), h.focused)
	}
	h.SetQuery("sete")
	h.Open(h.At(0))
	c := h.Credential()
	if h.token() != token || c.State != Saved || !c.Secrets.Password.IsZero() {
		t.Fatalf("the token is the saved one: %v; state %d; a password was kept: %v", h.token() == token, c.State, !c.Secrets.Password.IsZero())
	}
	h.Copy()
	if h.board.text != token {
		t.Error("the token was not copied")
	}
}

// TestRefusedTokenIsRenewed: a token that the service no longer accepts is replaced by a new
// one, after a decision; the earlier one is kept as the previous one.
func TestRefusedTokenIsRenewed(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.save("SET")
	old := h.token()
	h.service.Revoke("SET")
	h.Check()
	if got := h.Credential().Works(); got != profile.Refused {
		t.Fatalf("the verdict is %q", got)
	}
	h.Renew()
	if f := h.Form(); h.Page() != Editing || f.Mode != Renew || h.focused != ToField || h.field != Password || !h.Fixed(PortCode) {
		t.Fatalf("page %d, mode %d, focus %d %d", h.Page(), f.Mode, h.focused, h.field)
	}
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.Login()
	h.noQuestion() // no token that works could be revoked
	c := h.Credential()
	if c.State != Differs || c.Stored.Reveal() != old || c.StoredVerdict != profile.Refused || c.NewVerdict != profile.Accepted || !c.NewIsBetter() {
		t.Fatalf("state %d, stored %q, new %q", c.State, c.StoredVerdict, c.NewVerdict)
	}
	h.Escape()
	if h.Credential().State != Differs {
		t.Error("Escape dismissed a decision")
	}
	h.SaveNew()
	c = h.Credential()
	if c.State != Saved || h.token() == old || c.Secrets.Previous.Reveal() != old || h.board.text != h.token() {
		t.Errorf("state %d, previous kept %v, copied %v", c.State, c.Secrets.Previous.Reveal() == old, h.board.text == h.token())
	}
}

// TestKeptTokenCanBeUndone: to keep the saved token discards the new one until that is undone.
func TestKeptTokenCanBeUndone(t *testing.T) {
	h := start(t, "en", nil)
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true, OldTokensWork: true})
	h.save("SET")
	old := h.token()
	h.Renew()
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword))
	h.Login()
	h.answer(0) // the saved token works
	c := h.Credential()
	if c.State != Differs {
		t.Fatalf("state %d: %q", c.State, h.Message().Text)
	}
	fresh := h.token()
	h.KeepStored()
	if h.token() != old || h.Credential().State != Saved {
		t.Fatalf("state %d, old %v", h.Credential().State, h.token() == old)
	}
	h.ActOnNotice()
	if h.token() != fresh || h.Credential().State != Differs {
		t.Errorf("after undo: state %d, new %v", h.Credential().State, h.token() == fresh)
	}
}

// TestIdleKeepsWhatIsNotSecret: after five minutes the secrets are gone, the page is not, and
// Copy reads the token again.
func TestIdleKeepsWhatIsNotSecret(t *testing.T) {
	h := start(t, "en", nil)
	of := h.save("SET")
	token := h.token()
	h.clock.Advance(idleAfter)
	c := h.Credential()
	if c.State != Forgotten || c.HasToken() || c.Profile.ID != of.ID || h.Page() != Reading {
		t.Fatalf("state %d, token %v, page %d", c.State, c.HasToken(), h.Page())
	}
	h.expect("the notice", h.CurrentNotice().Text, "idle.forgotten")
	h.Copy()
	if h.board.text != token || h.Credential().State != Saved {
		t.Errorf("copied %v, state %d", h.board.text == token, h.Credential().State)
	}
}

// TestCheckListed checks every port, a second apart, and saves the verdicts.
func TestCheckListed(t *testing.T) {
	h := start(t, "en", nil)
	for _, port := range []string{"SET", "MTP", "AGD"} {
		h.save(port)
	}
	h.service.Revoke("AGD")
	h.Home()
	h.slept = nil
	h.clock.Set(h.clock.Now().Add(time.Minute))
	h.CheckListed()
	if all, toFix, _ := h.Counts(); all != 3 || toFix != 1 {
		t.Errorf("%d to fix of %d", toFix, all)
	}
	if want := []time.Duration{time.Second, 2 * time.Second}; !slices.Equal(h.slept, want) { // the clock stands
		t.Errorf("it slept %v between calls", h.slept)
	}
	h.SetFilter(ToFix)
	if h.Rows() != 1 || h.At(0).PortCode != "AGD" {
		t.Errorf("%d rows to fix", h.Rows())
	}
}
