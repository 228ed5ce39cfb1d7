package ui

import (
	"time"

	"amarre/authclient"
)

// idleAfter is how long the window may be unused before it discards secrets.
const idleAfter = 5 * time.Minute

// active restarts the idle timer. It is called when the user does something.
func (w *Window) active() { w.stopIdle.replace(w.deps.After(idleAfter, w.idle)) }

// idle discards the password in the form and the token of a saved profile. It only masks a
// token that is not saved, which would be lost.
func (w *Window) idle() {
	if w.call != nil {
		w.active()
		return
	}
	if w.dialog != nil {
		w.dialog.Escape() // it may have a passphrase
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
