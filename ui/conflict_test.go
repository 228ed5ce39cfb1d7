package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/profile"
)

// conflict imports profiles of two ports whose tokens follow the same one, here and in the
// file, and returns what is in the file. Here is a token that does not work, in the file
// the one that does.
func (h *harness) conflict() []profile.Entry {
	h.t.Helper()
	var entries []profile.Entry
	for _, port := range []string{"AGD", "SET"} {
		h.getToken(port, true)
		h.shortcut(fyne.KeyN, ctrl)
	}
	for _, p := range h.all {
		works := h.stored(p).Token
		saved, err := h.deps.Store.Edit(h.t.Context(), p.ID, func(_ *profile.Profile, s *profile.Secrets) error {
			s.Token, s.Previous = authclient.NewSecret("DEAD-TOKEN-OF-"+p.PortCode), authclient.NewSecret("COMMON")
			return nil
		})
		if err != nil {
			h.t.Fatal(err)
		}
		entries = append(entries, profile.Entry{Profile: saved, Secrets: profile.Secrets{Token: works, Previous: authclient.NewSecret("COMMON")}})
	}
	h.reload(nil)
	steps, err := h.deps.Store.PlanImport(h.t.Context(), entries)
	if err != nil {
		h.t.Fatal(err)
	}
	h.previewImport(steps)
	h.answer(1)
	return entries
}

// TestImportAsksWhichTokenToKeep: two tokens follow the same one, here and in the file. A
// question for each profile stands until it is answered, and Escape keeps the saved one.
func TestImportAsksWhichTokenToKeep(t *testing.T) {
	h := start(t, "fr", nil)
	entries := h.conflict()
	date := entries[0].Profile.TokenSet.Local().Format(h.Window.t.T("date.short"))
	h.expect("the question", h.dialog.Body().Text, "import.conflict.text",
		"Kept", date, "KeptVerdict", h.Window.t.T("import.conflict.refused"),
		"File", date, "FileVerdict", h.Window.t.T("import.conflict.accepted"))
	first := h.all[h.indexOf(entries[0].Profile.ID)]
	if h.stored(first).Token.Equal(entries[0].Secrets.Token) {
		t.Fatal("the token is replaced before the answer")
	}
	h.answer(0) // take the file's
	if got := h.stored(first); !got.Token.Equal(entries[0].Secrets.Token) || got.Previous.Reveal() != "DEAD-TOKEN-OF-"+first.PortCode {
		t.Error("the token of the file is not kept, or not the other as the previous one")
	}
	if h.dialog == nil {
		t.Fatal("the second question is lost")
	}
	h.press(fyne.KeyEscape)
	h.noQuestion()
	if second := h.all[h.indexOf(entries[1].Profile.ID)]; h.stored(second).Token.Equal(entries[1].Secrets.Token) {
		t.Error("Escape takes the token of the file")
	}
	h.expectN("the status", h.status.message.Text, "import.undecided", 1)
}
