package ui

import (
	"encoding/json"

	"fyne.io/fyne/v2/lang"

	"amarre/internal/i18n"
)

func (w *Window) about() {
	w.p.Inform(w.t.T("about.title", "Version", w.deps.Version), w.t.T("about.text"))
}

// aboutDemo says how to try Amarre with example ports.
func (w *Window) aboutDemo() { w.p.Inform(w.t.T("welcome.example"), w.t.T("welcome.example_text")) }

// translateFyne translates the context menu of Fyne's entries into the language of the
// window. Fyne only uses the language of the system, so that the translations are
// registered for that language.
func translateFyne(t *i18n.Texts) {
	words, err := json.Marshal(map[string]string{
		"Cut": t.T("fyne.cut"), "Copy": t.T("fyne.copy"), "Paste": t.T("fyne.paste"),
		"Select all": t.T("fyne.select_all"), "Undo": t.T("fyne.undo"), "Redo": t.T("fyne.redo"),
	})
	if err == nil {
		_ = lang.AddTranslationsForLocale(words, lang.SystemLocale())
	}
}
