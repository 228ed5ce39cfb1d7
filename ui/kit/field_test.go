package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

func TestEntriesTrimPastedText(t *testing.T) {
	for name, e := range map[string]fyne.Focusable{"entry": kit.NewEntry(nil), "select": kit.NewSelectEntry(nil)} {
		w := themed(t, theme.VariantLight, e.(fyne.CanvasObject))
		w.Canvas().Focus(e)
		e.(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: &clip{"\u00a0MTP\r\n"}})
		var got string
		switch e := e.(type) {
		case *kit.Entry:
			got = e.Text
		case *kit.SelectEntry:
			got = e.Text
		}
		if got != "MTP" {
			t.Errorf("%s: pasting gives %q", name, got)
		}
	}
}

// TestEntryKeepsItsShortcuts: what the window does not handle still works in an entry, and
// what Fyne names is not offered to the window.
func TestEntryKeepsItsShortcuts(t *testing.T) {
	look(t, theme.VariantLight)
	for _, keys := range []kit.Keys{nil, &shortcuts{KeysFunc: func(fyne.KeyName) bool { return false }}} {
		e := kit.NewEntry(keys)
		show(t, e)
		e.SetText("one two")
		press(e, fyne.KeyEnd)
		if keys != nil {
			e.TypedShortcut(ctrlK)
		}
		e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyBackspace, Modifier: fyne.KeyModifierShortcutDefault})
		e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: &clip{"three"}})
		if e.Text != "one three" {
			t.Errorf("with keys %T the entry has %q", keys, e.Text)
		}
	}
}

func TestFrameShowsFocusAndFailure(t *testing.T) {
	look(t, theme.VariantLight)
	entry, other := kit.NewEntry(nil), kit.NewEntry(nil)
	frame := kit.Framed(entry, 34)
	w := show(t, kit.Column(8, frame, kit.Framed(other, 34)))
	w.Canvas().Focus(other)
	const accent, danger = "#0a64a0", "#b3261e"
	if height := frame.Size().Height; height != 34 {
		t.Errorf("the frame is %v high", height)
	}
	see := func(when string, want map[string]bool) {
		t.Helper()
		got := colors(frame)
		for color, drawn := range want {
			if got[color] != drawn {
				t.Errorf("%s: %s is drawn: %v, want %v", when, color, got[color], drawn)
			}
		}
	}
	see("at rest", map[string]bool{danger: false, "#7a8895": true})
	frame.SetFailed(true)
	see("failed", map[string]bool{danger: true, "#7a8895": false})
	frame.SetFailed(false)
	w.Canvas().Focus(entry)
	see("focused", map[string]bool{accent: true, danger: false})
	w.Canvas().Focus(other)
	entry.ShowIcon("search")
	test.ApplyTheme(t, kit.NewTheme(new(theme.VariantDark)))
	see("dark", map[string]bool{"#64768a": true, "#7a8895": false})
}

func TestLabelledFieldMessages(t *testing.T) {
	look(t, theme.VariantLight)
	f := kit.NewLabelledField("Label", kit.NewEntry(nil))
	show(t, f)
	low := f.MinSize().Height
	if want := float32(18 + 5 + 34); low != want {
		t.Errorf("without a message it is %v high, want %v", low, want)
	}
	f.Hint("hint")
	if f.Failed() || f.Message() != "hint" || f.MinSize().Height != low+5+16 {
		t.Errorf("a hint is not shown: %q, %v high", f.Message(), f.MinSize().Height)
	}
	f.Fail("wrong")
	f.Hint("hint")
	f.Warn("warning")
	if !f.Failed() || f.Message() != "wrong" || !colors(f)["#b3261e"] {
		t.Errorf("the error became %q", f.Message())
	}
	f.Clear()
	if f.Failed() || f.Message() != "" || f.MinSize().Height != low || colors(f)["#b3261e"] {
		t.Error("the error is not cleared")
	}
	f.Warn("warning")
	if f.Failed() || f.Message() != "warning" || !colors(f)["#855000"] {
		t.Error("a warning is not shown")
	}
}

func TestTabLeavesAnArea(t *testing.T) {
	look(t, theme.VariantLight)
	area := kit.NewArea(nil, 3, true)
	w := show(t, area)
	w.Canvas().Focus(area)
	if tabs, ok := w.Canvas().Focused().(fyne.Tabbable); ok && tabs.AcceptsTab() {
		t.Error("it takes the Tab key")
	}
}

// TestEnterInAnArea: Enter begins a line and repeats, but not if it went down elsewhere.
func TestEnterInAnArea(t *testing.T) {
	look(t, theme.VariantLight)
	area := kit.NewArea(nil, 3, false)
	show(t, area)
	area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if area.Text != "" {
		t.Errorf("a key that went down elsewhere gave %q", area.Text)
	}
	hold(area, fyne.KeyReturn)
	if area.Text != "\n\n\n" {
		t.Errorf("a held Enter gave %q", area.Text)
	}
}
