package ui

import (
	"amarre/ui/kit"
)

// How long a copy is shown, in seconds: before a notice, at first, and before the clipboard is
// cleared. Between, it would cover the page.
const (
	copiedFirst = 4
	copiedShown = 6
	copiedLast  = 5
)

// showToast shows what runs, else what was just copied, else the notice, else the countdown of
// the clipboard.
func (w *Window) showToast() {
	p, t := w.p, w.t
	board := p.Clipboard()
	switch task, notice := p.Task(), p.CurrentNotice(); {
	case task != nil && task.Late && !task.Form && !task.Dialog:
		w.toast(kit.Message{Icon: "loader-circle", Text: task.Text, Action: t.T("form.cancel"), Do: p.Cancel})
	case task == nil && notice.Text != "" && !(board.Held && board.Of-board.Left < copiedFirst && notice.Action.Label != ""):
		w.toast(kit.Message{Icon: notice.Icon, Text: notice.Text, Action: notice.Action.Label, Do: p.ActOnNotice})
	case board.Held && (board.Of-board.Left < copiedShown || board.Left <= copiedLast):
		w.toast(kit.Message{Icon: "check", Text: t.T("toast.copied"), Detail: t.N("toast.clears", board.Left), Action: t.T("status.clear_now"), Do: p.ClearClipboard,
			Fraction: func() float32 { return float32(p.Clipboard().Left) / float32(max(1, p.Clipboard().Of)) }})
	case board.Stuck:
		w.toast(kit.Message{Icon: "triangle-alert", Text: t.T("status.clipboard_stuck"), Action: t.T("status.clear_now"), Do: p.ClearClipboard})
	default:
		w.toasts.Dismiss()
	}
}

// toast shows a message, in place of the same one if it is shown: its button keeps the focus.
func (w *Window) toast(m kit.Message) {
	if now, shown := w.toasts.Shown(); shown && now.Icon == m.Icon && now.Action == m.Action && (now.Text == m.Text || m.Icon == "loader-circle") {
		w.toasts.SetText(m.Text)
		w.toasts.SetDetail(m.Detail)
		w.toasts.Update()
		return
	}
	if do := m.Do; do != nil {
		m.Do = func() {
			do()
			if w.dialog == nil {
				w.focusPage() // the button is gone
			}
		}
	}
	w.toasts.Show(m)
}
