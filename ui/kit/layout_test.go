package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

// place returns where an object is on the canvas, and how large it is.
func place(o fyne.CanvasObject) (at fyne.Position, size fyne.Size) {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size()
}

// TestRelayout: what was shown, hidden or has got another size moves what is beside and below
// it, however deep, and without a Refresh.
func TestRelayout(t *testing.T) {
	look(t, theme.VariantLight)
	for name, inside := range map[string]func(fyne.CanvasObject) fyne.CanvasObject{
		"a column":   func(o fyne.CanvasObject) fyne.CanvasObject { return o },
		"containers": func(o fyne.CanvasObject) fyne.CanvasObject { return container.NewStack(kit.Pad(1, 1, 1, 1, o)) },
		"Grow":       func(o fyne.CanvasObject) fyne.CanvasObject { return kit.Column(0, kit.Grow(o)) },
		"a scroll":   func(o fyne.CanvasObject) fyne.CanvasObject { return container.NewVScroll(o) },
		"all": func(o fyne.CanvasObject) fyne.CanvasObject {
			return kit.Row(0, kit.Grow(container.NewVScroll(kit.Column(0, kit.Grow(o)))))
		},
	} {
		first, text, last := kit.NewBand(), kit.NewProse("", kit.Body, kit.Ink), kit.NewPush("last", "", kit.Second, nil, nil)
		end := kit.NewPush("end", "", kit.Second, nil, nil)
		first.Hide()
		root := inside(kit.Column(10, first, text, kit.Row(8, kit.NewFlow(8, last), end)))
		show(t, root)
		before, _ := place(last)
		endBefore, _ := place(end)
		text.SetText("one\ntwo\nthree")
		last.SetText("a longer text")
		kit.Relayout(root)
		after, size := place(last)
		if want := before.Y + 3*kit.Body.Line - kit.Body.Line; after.Y != want {
			t.Errorf("%s: below a text of three lines the button is at %v, want %v", name, after.Y, want)
		}
		if size != last.MinSize() {
			t.Errorf("%s: the button is %v large, want %v", name, size, last.MinSize())
		}
		if endAfter, _ := place(end); endAfter.X <= endBefore.X {
			t.Errorf("%s: what is beside the button stays at %v", name, endBefore.X)
		}
		first.Set(kit.Notice, "info", "", "text")
		kit.Relayout(root)
		if shown, _ := place(last); shown.Y <= after.Y+10 {
			t.Errorf("%s: below a band the button is at %v, before at %v", name, shown.Y, after.Y)
		}
		first.Hide()
		kit.Relayout(root)
		if hidden, _ := place(last); hidden != after {
			t.Errorf("%s: with the band hidden the button is at %v, want %v", name, hidden, after)
		}
	}
}

// TestRelayoutKeepsTheScroll: the user stays where she has scrolled to.
func TestRelayoutKeepsTheScroll(t *testing.T) {
	look(t, theme.VariantLight)
	text := kit.NewProse("", kit.Body, kit.Ink)
	scroll := container.NewVScroll(kit.Column(0, text, kit.Space(10, 1000)))
	show(t, scroll)
	scroll.ScrollToOffset(fyne.NewPos(0, 100))
	text.SetText("one\ntwo\nthree")
	kit.Relayout(scroll)
	if scroll.Offset.Y != 100 {
		t.Errorf("the offset is %v, want 100", scroll.Offset.Y)
	}
}

func TestMover(t *testing.T) {
	look(t, theme.VariantLight)
	var moved []int
	m := kit.NewMover(nil, func(by int) { moved = append(moved, by) }, kit.Space(50, 50))
	before, after := kit.NewEntry(nil), kit.NewEntry(nil)
	w := show(t, kit.Column(8, before, m, after))
	w.Canvas().Focus(before)
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != m {
		t.Fatalf("Tab leads to %T", w.Canvas().Focused())
	}
	if rings(m) != 1 {
		t.Error("with the focus it has no ring")
	}
	press(m, fyne.KeyRight, fyne.KeyDown, fyne.KeySpace, fyne.KeyPageDown, fyne.KeyLeft, fyne.KeyUp, fyne.KeyPageUp, fyne.KeyReturn)
	if want := []int{1, 1, 1, 1, -1, -1, -1}; !slices.Equal(moved, want) {
		t.Errorf("the keys moved %v, want %v", moved, want)
	}
	moved = nil
	hold(m, fyne.KeyRight)
	if len(moved) != 3 {
		t.Errorf("a held Right moved %d times, want 3", len(moved))
	}
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != after {
		t.Error("it is more than one stop of Tab")
	}
}

func TestCheckmark(t *testing.T) {
	look(t, theme.VariantLight)
	c := kit.NewCheckmark()
	w := show(t, kit.Column(0, kit.Row(0, c)))
	ticks := func() (n int) {
		walk(c, func(o fyne.CanvasObject) {
			if icon, ok := o.(*kit.Icon); ok && icon.Name() == "check" {
				n++
			}
		})
		return n
	}
	const fill = "#0a64a0"
	for _, on := range []bool{false, true, true, false} {
		c.Set(on)
		if (ticks() == 1) != on || colors(c)[fill] != on {
			t.Errorf("Set(%v) shows %d ticks in the colours %v", on, ticks(), colors(c))
		}
	}
	if size := c.Size(); size != fyne.NewSquareSize(16) {
		t.Errorf("it is %v large", size)
	}
	tapped := false
	over := kit.NewPush("", "", kit.Quiet, nil, func() { tapped = true })
	w.SetContent(container.NewStack(over, c))
	test.TapCanvas(w.Canvas(), fyne.NewPos(300, 200))
	if !tapped {
		t.Error("it takes clicks")
	}
}
