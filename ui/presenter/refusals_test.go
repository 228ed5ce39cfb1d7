package presenter

import (
	"slices"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/profile"
)

// TestCallsToOneHostAreASecondApart, however quickly they are asked for.
func TestCallsToOneHostAreASecondApart(t *testing.T) {
	h := start(t, "en", nil)
	h.save("MTP")
	h.Check() // and the request for the name of the port
	h.clock.Set(h.clock.Now().Add(2400 * time.Millisecond))
	h.Check()
	h.clock.Set(h.clock.Now().Add(2 * time.Second))
	h.Check()
	h.clock.Set(h.clock.Now().Add(time.Second))
	h.editElsewhere(h.OpenID(), setPrevious("OLD"))
	h.noticeElsewhere()
	h.Check()
	h.CheckPrevious(func(profile.Verdict) {})
	if want := []time.Duration{0, 2 * time.Second, 600 * time.Millisecond, 0, 0, time.Second}; !slices.Equal(h.slept, want) {
		t.Errorf("the calls waited %v, want %v", h.slept, want)
	}
}

// TestFiveRefusalsOfTheSameCredentials: the service may lock an ERP out.
func TestFiveRefusalsOfTheSameCredentials(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", "wrong")
	for range 5 {
		h.Login()
	}
	h.noQuestion()
	h.Login()
	if n := h.service.Logins(); n != 5 || h.Question() == nil {
		t.Fatalf("%d logins; want a question before the sixth", n)
	}
	h.expectN("the question", h.Question().Text, "refused.text", 5)
	h.answer(len(h.Question().Answers) - 1) // the default
	if n := h.service.Logins(); n != 5 {
		t.Errorf("the default answer sends: %d logins", n)
	}
	h.noQuestion()
	h.Login()
	h.answer(0)
	if n := h.service.Logins(); n != 6 {
		t.Errorf("%d logins after a yes, want 6", n)
	}
	h.TypePassword(authclient.NewSecret(authtest.DemoPassword)) // another password is another matter
	h.Login()
	if n := h.service.Logins(); n != 7 || h.Credential() == nil {
		t.Errorf("%d logins, want 7 and a token", n)
	}
}

// TestRefusalsAreCountedOn: what is no answer about the credentials does not begin the count
// anew.
func TestRefusalsAreCountedOn(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", "wrong")
	for range 3 {
		h.Login()
	}
	h.service.SetQuirks(authtest.Quirks{LoginDown: true})
	h.Login()
	h.service.SetQuirks(authtest.Quirks{})
	for range 2 {
		h.Login()
	}
	h.noQuestion()
	h.Login()
	if n := h.service.Logins(); n != 6 || h.Question() == nil {
		t.Errorf("%d logins; want a question after five refusals", n)
	}
}
