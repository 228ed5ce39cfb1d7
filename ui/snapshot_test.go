package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/profile"
)

// TestOperationsKeepWhatTheyWereAskedFor: what changes in the open credential while an
// operation runs, such as the name of the port that the service tells, is not its business.
func TestOperationsKeepWhatTheyWereAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(h *harness)
		begin   func(h *harness)
		token   func(token, previous string) (string, string) // what is kept afterwards
	}{
		"save a new profile": {
			func(h *harness) { h.getToken("SET", false) },
			func(h *harness) { h.shortcut(fyne.KeyS, ctrl) },
			func(token, _ string) (string, string) { return token, "" },
		},
		"save a change": {
			func(h *harness) { h.getToken("SET", true); h.typeInto("result.note", "ponton A") },
			func(h *harness) { h.shortcut(fyne.KeyS, ctrl) },
			func(token, _ string) (string, string) { return token, "" },
		},
		"return to the previous token": {
			func(h *harness) {
				h.getToken("SET", true)
				if _, err := h.deps.Store.Edit(h.t.Context(), h.all[0].ID, func(_ *profile.Profile, s *profile.Secrets) error {
					s.Previous = authclient.NewSecret("BEFORE")
					return nil
				}); err != nil {
					h.t.Fatal(err)
				}
				h.reload(nil)
				h.openProfile(h.all[0])
			},
			func(h *harness) { h.previousToken(); h.answer(1) },
			func(token, _ string) (string, string) { return "BEFORE", token },
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := start(t, "fr", nil)
			c.prepare(h)
			token, previous := h.current.secrets.Token.Reveal(), h.current.secrets.Previous.Reveal()
			h.hold = true
			c.begin(h)
			if len(h.held) == 0 {
				t.Fatal("nothing runs")
			}
			h.current.secrets = profile.Secrets{Token: authclient.NewSecret("ANOTHER"), Previous: authclient.NewSecret("ANOTHER-PREVIOUS")}
			h.current.profile.Name, h.current.profile.PortCode = "Another", "AGD"
			h.current.changed = !h.current.changed
			h.release()
			if len(h.all) != 1 || h.all[0].Name != "Port de Sète" || h.all[0].PortCode != "SET" {
				t.Fatalf("the list is %+v, want the port that was asked for", h.all)
			}
			got := h.stored(h.all[0])
			wantToken, wantPrevious := c.token(token, previous)
			if got.Token.Reveal() != wantToken || got.Previous.Reveal() != wantPrevious {
				t.Error("the operation took what the credential became meanwhile")
			}
		})
	}
}
