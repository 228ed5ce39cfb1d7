package ui

import (
	"encoding/json"

	"fyne.io/fyne/v2/lang"

	"amarre/internal/i18n"
)

// translateFyne translates Fyne's own words, those of an entry's context menu, into the
// window's language. Fyne follows the system's language and has no way to choose
// another, so the words are registered under the system's.
func translateFyne(t *i18n.Texts) {
	words, err := json.Marshal(map[string]string{
		"Cut":        t.T("fyne.cut"),
		"Copy":       t.T("fyne.copy"),
		"Paste":      t.T("fyne.paste"),
		"Select all": t.T("fyne.select_all"),
		"Undo":       t.T("fyne.undo"),
		"Redo":       t.T("fyne.redo"),
	})
	if err != nil {
		return
	}
	_ = lang.AddTranslationsForLocale(words, lang.SystemLocale())
}
