package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

// action is a button below a message.
type action struct {
	label string
	do    func()
}

// trouble shows an error and up to two buttons. Like every message it stays until the
// next operation or Escape.
func (r *result) trouble(text string, actions ...action) {
	r.showMessage(text, theme.NewWarningThemedResource(theme.WarningIcon()), actions)
}

// unverified shows why the service neither accepted nor refused, and offers the
// connection test.
func (r *result) unverified(text string) {
	r.trouble(text, action{r.w.t.T("result.test"), r.w.diagnose})
}

// refused shows that the service refused the credential.
func (r *result) refused(text string) {
	r.showMessage(text, theme.NewErrorThemedResource(theme.CancelIcon()), nil)
}

// inform shows a message that is no error, and up to two buttons.
func (r *result) inform(text string, actions ...action) {
	r.showMessage(text, theme.NewPrimaryThemedResource(theme.InfoIcon()), actions)
}

func (r *result) showMessage(text string, icon fyne.Resource, actions []action) {
	for i, button := range r.actions {
		kit.SetVisible(button, i < len(actions))
		if i < len(actions) {
			button.SetText(actions[i].label)
			button.OnTapped = actions[i].do
		}
	}
	r.messageIcon.SetResource(icon)
	r.message.SetText(text)
	r.messageBox.Show()
	r.body.Refresh()
	r.w.scroll.ScrollToBottom() // in a low window the message is below the form
}

// dismiss removes the message.
func (r *result) dismiss() {
	for _, button := range r.actions { // a hidden button has no keys
		if r.w.win.Canvas().Focused() == button {
			r.w.win.Canvas().Unfocus()
		}
	}
	r.message.SetText("")
	r.messageBox.Hide()
	r.body.Refresh()
}
