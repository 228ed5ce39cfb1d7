package kit_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

// TestPane: the keyboard scrolls through the whole of a long text.
func TestPane(t *testing.T) {
	submitted := 0
	text := strings.Repeat("line\n", 100) + "last"
	p := kit.NewPane(nil, text)
	p.OnSubmitted = func() { submitted++ }
	w := themed(t, theme.VariantLight, p)
	w.Resize(fyne.NewSize(200, 120))
	offset := func() float32 {
		return test.WidgetRenderer(p).Objects()[0].(*fyne.Container).Objects[1].(*container.Scroll).Offset.Y
	}
	press(p, fyne.KeyDown)
	line := offset()
	if line <= 0 {
		t.Error("Down does not scroll")
	}
	press(p, fyne.KeyPageDown)
	if offset() < line+50 {
		t.Errorf("Page Down scrolls from %v to %v", line, offset())
	}
	press(p, fyne.KeyEnd)
	end := offset()
	press(p, fyne.KeyDown, fyne.KeyPageDown)
	if end < 1000 || offset() != end {
		t.Errorf("the end is at %v, and beyond it at %v", end, offset())
	}
	press(p, fyne.KeyUp, fyne.KeyPageUp)
	if offset() >= end {
		t.Error("Up and Page Up do not scroll")
	}
	press(p, fyne.KeyHome)
	if offset() != 0 {
		t.Errorf("Home scrolls to %v", offset())
	}
	press(p, fyne.KeyReturn)
	if submitted != 1 || p.Text() != text {
		t.Errorf("%d submissions", submitted)
	}
}
