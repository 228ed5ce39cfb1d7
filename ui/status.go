package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"amarre/internal/keyring"
	"amarre/ui/kit"
)

// status is the panel at the bottom: the last message with an optional button, the
// countdown of the clipboard, and the state of the keyring.
type status struct {
	w *Window

	message   *widget.Label
	action    *kit.Button
	cancel    *kit.Button // while an operation runs; never the place of another button
	clipboard *widget.Label
	clear     *kit.Button
	keyring   *widget.Label
	advice    *kit.Button // explains the state of the keyring

	said   string // the message while no operation runs
	button action // its button
}

func newStatus(w *Window) *status {
	s := &status{w: w}
	s.message = named(w, "status.message", widget.NewLabel(""))
	s.message.Truncation = fyne.TextTruncateEllipsis
	s.action = w.button("status.action", "", nil, nil)
	s.cancel = w.button("status.cancel", w.t.T("form.cancel"), nil, w.cancel)
	s.clipboard = named(w, "status.clipboard", widget.NewLabel(""))
	s.clear = w.button("status.clear", w.t.T("status.clear_now"), nil, w.clearClipboard)
	s.keyring = named(w, "status.keyring", widget.NewLabel(""))
	s.advice = w.button("status.advice", w.t.T("status.advice"), nil, w.aboutKeyring)
	for _, hidden := range []fyne.CanvasObject{s.action, s.cancel, s.clipboard, s.clear, s.advice} {
		hidden.Hide()
	}
	return s
}

func (s *status) content() fyne.CanvasObject {
	s.refreshKeyring()
	right := container.NewHBox(s.clipboard, s.clear, s.keyring, s.advice)
	left := container.NewBorder(nil, nil, nil, container.NewHBox(s.cancel, s.action), s.message)
	return container.NewVBox(widget.NewSeparator(), container.NewBorder(nil, nil, nil, right, left))
}

// say shows a message. A label adds a button that calls do.
func (s *status) say(text, label string, do func()) {
	s.said, s.button = text, action{label, do}
	s.set(text, s.button)
}

// dismiss removes the message, unless it has a button.
func (s *status) dismiss() {
	if s.button.do == nil {
		s.say("", "", nil)
	}
}

// running shows the progress of an operation with a button to cancel it. "" shows the
// last message again.
func (s *status) running(text string) {
	kit.SetVisible(s.cancel, text != "")
	if text == "" {
		s.set(s.said, s.button)
		return
	}
	s.set(text, action{})
}

func (s *status) set(text string, button action) {
	s.message.SetText(text)
	s.action.OnTapped = button.do
	if button.label != "" {
		s.action.SetText(button.label)
	}
	kit.SetVisible(s.action, button.label != "")
}

// refreshClipboard shows the countdown until a copied secret is cleared.
func (s *status) refreshClipboard() {
	guard := s.w.guard
	held := guard.Held()
	if held {
		s.clipboard.Importance = widget.MediumImportance
		s.clipboard.SetText(s.w.t.N("status.clipboard", guard.Left()))
	} else if guard.ClearFailed() {
		s.clipboard.Importance = widget.DangerImportance
		s.clipboard.SetText(s.w.t.T("status.clipboard_stuck"))
	}
	shown := held || guard.ClearFailed()
	kit.SetVisible(s.clipboard, shown)
	kit.SetVisible(s.clear, shown)
	// A narrow window has no space for both, and Ready needs no attention.
	kit.SetVisible(s.keyring, !shown || s.w.keyring != keyring.Ready)
}

// refreshKeyring shows the state of the keyring, once it is known.
func (s *status) refreshKeyring() {
	state, demo := s.w.keyring, s.w.deps.Demo != nil
	text, importance := "", widget.LowImportance
	switch {
	case demo:
		text = s.w.t.T("keyring.demo")
	case state != "":
		text = s.w.t.T("keyring." + string(state))
		if state.Absent() || state == keyring.Unresponsive {
			importance = widget.WarningImportance
		}
	}
	s.keyring.Importance = importance
	s.keyring.SetText(text)
	kit.SetVisible(s.advice, !demo && state != "" && state != keyring.Ready)
}
