package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"amarre/authclient/authtest"
)

// TestCallsToOneHostAreASecondApart, however quickly they are asked for.
func TestCallsToOneHostAreASecondApart(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	h.press(fyne.KeyF5)
	h.clock.now = h.clock.now.Add(400 * time.Millisecond)
	h.press(fyne.KeyF5)
	h.clock.now = h.clock.now.Add(2 * time.Second)
	h.press(fyne.KeyF5)
	if want := []time.Duration{0, time.Second, 600 * time.Millisecond, 0}; !slices.Equal(h.slept, want) {
		t.Errorf("the calls waited %v, want %v", h.slept, want)
	}
}

// TestFiveRefusalsOfTheSameCredentials: the service may lock an ERP out.
func TestFiveRefusalsOfTheSameCredentials(t *testing.T) {
	h := start(t, "en", nil)
	h.credentials("MTP", "15", "wrong")
	for range 5 {
		h.press(fyne.KeyReturn)
	}
	if n := h.service.Logins(); n != 5 || h.dialog != nil {
		t.Fatalf("%d logins, want 5 and no question", n)
	}
	h.press(fyne.KeyReturn)
	if n := h.service.Logins(); n != 5 || h.dialog == nil {
		t.Fatalf("%d logins; want a question before the sixth", n)
	}
	h.press(fyne.KeyReturn) // cancel
	if n := h.service.Logins(); n != 5 || h.dialog != nil {
		t.Errorf("the default answer sends: %d logins", n)
	}
	h.press(fyne.KeyReturn)
	h.answer(0)
	if n := h.service.Logins(); n != 6 {
		t.Errorf("%d logins after a yes, want 6", n)
	}
	h.credentials("MTP", "15", authtest.DemoPassword) // another password is another matter
	h.press(fyne.KeyReturn)
	if n := h.service.Logins(); n != 7 || h.current == nil {
		t.Errorf("%d logins, want 7 and a token", n)
	}
}
