package ui

import (
	"time"

	"amarre/authclient"
)

// idleAfter is how long the window keeps the secrets that it has loaded while
// nobody uses it.
const idleAfter = 5 * time.Minute

// active notes that the user does something.
func (w *Window) active() {
	w.stopIdle()
	w.stopIdle = w.deps.After(idleAfter, w.idle)
}

// idle forgets the secrets that can be had again: what the form holds of a
// password, and the token of a saved profile. A token that is not saved stays,
// masked: it would be lost.
func (w *Window) idle() {
	w.stopIdle = func() {}
	if w.call != nil {
		w.active()
		return
	}
	if w.dialog != nil {
		w.dialog.Escape() // a passphrase may be typed in it
	}
	w.conceal()
	c := w.current
	loaded := c != nil && !c.changed && !w.result.edited() && !w.environmentEdited()
	if !loaded && w.form.password.Text == "" {
		return
	}
	w.form.password.SetSecret(authclient.Secret{})
	if loaded {
		w.leave()
	}
	w.status.say(w.t.T("idle.forgotten"), "", nil)
}
