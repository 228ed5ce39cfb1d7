package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"amarre/internal/keyring"
	"amarre/ui/kit"
)

// status is the line at the bottom: what was just done, with a way back; the
// clipboard's countdown; the state of the keyring.
type status struct {
	w *Window

	message   *widget.Label
	action    *kit.Button
	do        func()
	clipboard *widget.Label
	clear     *kit.Button
	keyring   *widget.Label
	advice    *kit.Button // what to do about the keyring

	said      string // what message says when nothing runs
	saidLabel string
	saidDo    func()
}

func newStatus(w *Window) *status {
	s := &status{w: w}
	s.message = widget.NewLabel("")
	s.message.Truncation = fyne.TextTruncateEllipsis
	s.action = kit.NewButton("", nil, w.keys, func() {
		if s.do != nil {
			s.do()
		}
	})
	s.action.Hide()
	s.clipboard = widget.NewLabel("")
	s.clipboard.Hide()
	s.clear = kit.NewButton(w.t.T("status.clear_now"), nil, w.keys, w.clearClipboard)
	s.clear.Hide()
	s.keyring = widget.NewLabel("")
	s.advice = kit.NewButton(w.t.T("status.advice"), nil, w.keys, w.aboutKeyring)
	s.advice.Hide()
	w.name("status.advice", s.advice)
	w.name("status.message", s.message)
	w.name("status.action", s.action)
	w.name("status.clipboard", s.clipboard)
	w.name("status.clear", s.clear)
	w.name("status.keyring", s.keyring)
	return s
}

func (s *status) content() fyne.CanvasObject {
	s.refreshKeyring()
	right := container.NewHBox(s.clipboard, s.clear, s.keyring, s.advice)
	left := container.NewBorder(nil, nil, nil, s.action, s.message)
	return container.NewVBox(widget.NewSeparator(), container.NewBorder(nil, nil, nil, right, left))
}

// say says what was done. label and do are a button with a way back; "" for none.
func (s *status) say(text, label string, do func()) {
	s.said, s.saidLabel, s.saidDo = text, label, do
	s.set(text, label, do)
}

// fade takes what was said away, unless it actions a way back: something else
// begins.
func (s *status) fade() {
	if s.saidDo == nil {
		s.say("", "", nil)
	}
}

// running says what runs, with a way to cancel it; "" brings back what was said.
func (s *status) running(text string) {
	if text == "" {
		s.set(s.said, s.saidLabel, s.saidDo)
		return
	}
	s.set(text, s.w.t.T("form.cancel"), s.w.cancel)
}

func (s *status) set(text, label string, do func()) {
	s.do = do
	s.message.SetText(text)
	if label == "" {
		s.action.Hide()
		return
	}
	s.action.SetText(label)
	s.action.Show()
}

// refreshClipboard shows the countdown of a copied secret.
func (s *status) refreshClipboard() {
	guard := s.w.guard
	switch {
	case guard.Held():
		s.clipboard.Importance = widget.MediumImportance
		s.clipboard.SetText(s.w.t.N("status.clipboard", guard.Left()))
		s.clipboard.Show()
		s.clear.Show()
	case guard.Stuck():
		s.clipboard.Importance = widget.DangerImportance
		s.clipboard.SetText(s.w.t.T("status.clipboard_stuck"))
		s.clipboard.Show()
		s.clear.Show()
	default:
		s.clipboard.Hide()
		s.clear.Hide()
	}
	// A narrow window has no room for a keyring that has nothing to say.
	visible(s.keyring, !s.clipboard.Visible() || s.w.keyring != keyring.Ready)
}

// refreshKeyring says what kind of keeping a profile gets; nothing until that is
// known.
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
	visible(s.advice, !demo && state != "" && state != keyring.Ready)
}

// refresh shows everything again, after a change of language.
func (s *status) refresh() {
	s.refreshClipboard()
	s.refreshKeyring()
}
