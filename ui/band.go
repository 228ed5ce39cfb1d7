package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// shownMessage is what a band shows: a message without its actions, and their buttons.
type shownMessage struct {
	message presenter.Message
	buttons []fyne.CanvasObject
}

// showMessage shows the message of the presenter in a band. The buttons of the same message
// stay, and the focus on them.
func (w *Window) showMessage(band *kit.Band) {
	m := w.p.Message()
	if m.Text == "" {
		band.Hide()
		delete(w.messages, band)
		return
	}
	shown, ok := w.messages[band]
	if same := shown.message; ok && same.Look == m.Look && same.Title == m.Title && same.Text == m.Text && len(shown.buttons) == len(m.Actions) {
		for i, action := range m.Actions {
			shown.buttons[i].(*kit.Push).SetText(action.Label)
		}
		return
	}
	look, icon := kit.Notice, "info"
	switch m.Look {
	case presenter.Warning:
		look, icon = kit.Warning, "triangle-alert"
	case presenter.Refusal:
		look, icon = kit.Refusal, "circle-x"
	case presenter.Success:
		look, icon = kit.Success, "circle-check"
	}
	var actions []fyne.CanvasObject
	for i, action := range m.Actions {
		actions = append(actions, kit.NewPush(action.Label, "", kit.Second, w.keys, func() { w.p.Act(i) }).Small())
	}
	text := m.Text
	if m.Title != "" { // a sentence for the terminal too says what the title says
		text = strings.Replace(text, m.Title+". ", "", 1)
	}
	band.Set(look, icon, m.Title, text, actions...)
	w.messages[band] = shownMessage{m, actions}
}
