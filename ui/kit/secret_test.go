package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/authclient"
	"amarre/ui/kit"
)

// TestSecretEntryLetsNothingOut: copy, cut and undo give away no secret, hidden or shown
// (docs/security.md, line 20).
func TestSecretEntryLetsNothingOut(t *testing.T) {
	e := kit.NewSecretEntry(nil)
	themed(t, theme.VariantLight, e)
	test.Type(e, "canary")
	for _, revealed := range []bool{false, true} {
		if revealed {
			e.Reveal()
		}
		board := &clip{}
		e.TypedShortcut(&fyne.ShortcutSelectAll{})
		e.TypedShortcut(&fyne.ShortcutCopy{Clipboard: board})
		e.TypedShortcut(&fyne.ShortcutCut{Clipboard: board})
		if board.text != "" || e.Text != "canary" {
			t.Errorf("revealed %v: the clipboard holds %q, the entry %q", revealed, board.text, e.Text)
		}
	}
	e.SetSecret(authclient.Secret{})
	if e.Revealed() {
		t.Error("an emptied entry stays revealed")
	}
	e.TypedShortcut(&fyne.ShortcutUndo{})
	e.Undo()
	if e.Text != "" {
		t.Errorf("undo brought %q back", e.Text)
	}
	test.Type(e, "again")
	if e.Text != "again" {
		t.Errorf("after emptying, typing gives %q", e.Text)
	}
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: &clip{" pasted "}})
	if e.Text != "again pasted " {
		t.Errorf("a paste into a secret changed it: %q", e.Text)
	}
}

// TestPasteIntoSecretEntry: line breaks around a pasted text, as spreadsheets and mail
// programs add, are no part of it. One inside, and what cannot be seen, is refused.
func TestPasteIntoSecretEntry(t *testing.T) {
	for _, c := range []struct {
		pasted, want string
		why          error
	}{
		{pasted: "secret", want: "old secret"},
		{pasted: "secret\r\n", want: "old secret"},
		{pasted: "\n\r\n é\u00a0€ \n", want: "old  é\u00a0€ "},
		{pasted: "\r\n", want: "old "},
		{pasted: "one\ntwo", want: "old ", why: kit.ErrLines},
		{pasted: "one\rtwo\n", want: "old ", why: kit.ErrLines},
		{pasted: "secret\u200b", want: "old ", why: kit.ErrUnseen},
		{pasted: "secret\tport", want: "old ", why: kit.ErrUnseen},
		{pasted: "\ufeffsecret", want: "old ", why: kit.ErrUnseen},
		{pasted: "secret\x00", want: "old ", why: kit.ErrUnseen},
	} {
		e := kit.NewSecretEntry(nil)
		themed(t, theme.VariantLight, e)
		var why error
		e.PasteRefused = func(err error) { why = err }
		test.Type(e, "old ")
		e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: &clip{c.pasted}})
		if e.Text != c.want || why != c.why {
			t.Errorf("%+q: the entry has %+q, want %+q; refused: %v, want %v", c.pasted, e.Text, c.want, why, c.why)
		}
	}
}

func TestSecretEntryDetectsCapsLock(t *testing.T) {
	e := kit.NewSecretEntry(nil)
	themed(t, theme.VariantLight, e)
	var seen []bool
	e.CapsLock = func(on bool) { seen = append(seen, on) }
	e.TypedRune('a')
	e.TypedRune('A')
	e.TypedRune('7')
	e.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	e.TypedRune('A')
	e.TypedRune('a')
	e.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	want := []bool{false, true, false, true}
	if len(seen) != len(want) {
		t.Fatalf("seen %v, want %v", seen, want)
	}
	for i := range want {
		if seen[i] != want[i] {
			t.Errorf("seen %v, want %v", seen, want)
		}
	}
}

// TestOnRevealIsCalled: OnReveal is called whether a tap or a method shows the secret.
func TestOnRevealIsCalled(t *testing.T) {
	e := kit.NewSecretEntry(nil)
	var told []bool
	e.OnReveal = func(shown bool) { told = append(told, shown) }
	themed(t, theme.VariantLight, e)
	eye := e.ActionItem.(fyne.Tappable)
	test.Tap(eye)
	test.Tap(eye)
	e.Reveal()
	e.SetSecret(authclient.NewSecret("x"))
	if want := []bool{true, false, true, false}; !slices.Equal(told, want) || e.Revealed() {
		t.Errorf("told %v, want %v; shown %v", told, want, e.Revealed())
	}
}
