package kit_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

const exampleToken = "IXLGRYJKNESXQNWWLRUSPN2DZDNWRFDTSK05WM"

// centers returns where the middle of each letter or disc is, and the letters.
func centers(v *kit.TokenView) (at []fyne.Position, letters string) {
	walk(v, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *canvas.Text:
			letters += o.Text
		case *kit.Box:
		default:
			return
		}
		at = append(at, o.Position().AddXY(o.Size().Width/2, o.Size().Height/2))
	})
	return at, letters
}

func TestMaskingMovesNothing(t *testing.T) {
	for _, size := range []float32{18, 22, 28} {
		v := kit.NewTokenView(size)
		w := themed(t, theme.VariantLight, v)
		w.Resize(fyne.NewSize(480, 200))
		v.Mask(len(exampleToken))
		masked, letters := centers(v)
		height := v.MinSize()
		if letters != "" || v.Shown() {
			t.Errorf("the masked view shows %q", letters)
		}
		v.Reveal(exampleToken)
		shown, letters := centers(v)
		if letters != exampleToken || !v.Shown() {
			t.Errorf("the view shows %q", letters)
		}
		if v.MinSize() != height || len(masked) != len(shown) {
			t.Fatalf("%d discs in %v, %d letters in %v", len(masked), height, len(shown), v.MinSize())
		}
		for i := range masked {
			if d := masked[i].Subtract(shown[i]); d.X > 1 || d.X < -1 || d.Y > 1 || d.Y < -1 {
				t.Errorf("size %v, letter %d: the disc is at %v, the letter at %v", size, i, masked[i], shown[i])
			}
		}
	}
}

// TestMaskedTokenIsInNoObject: not in what is drawn, and not in what was (docs/security.md,
// line 22).
func TestMaskedTokenIsInNoObject(t *testing.T) {
	v := kit.NewTokenView(28)
	themed(t, theme.VariantLight, v)
	v.Reveal(exampleToken)
	var before []*canvas.Text
	walk(v, func(o fyne.CanvasObject) {
		if text, ok := o.(*canvas.Text); ok {
			before = append(before, text)
		}
	})
	if len(before) != len(exampleToken) {
		t.Fatalf("%d letters are drawn, want %d", len(before), len(exampleToken))
	}
	v.Mask(len(exampleToken))
	for _, text := range before {
		if text.Text != "" {
			t.Fatalf("a letter that was drawn has %q", text.Text)
		}
	}
	walk(v, func(o fyne.CanvasObject) {
		if text, ok := o.(*canvas.Text); ok {
			t.Errorf("%q is drawn", text.Text)
		}
	})
}

func TestTokenLinesFollowTheWidth(t *testing.T) {
	v := kit.NewTokenView(28)
	themed(t, theme.VariantLight, v)
	v.Reveal(exampleToken)
	for _, c := range []struct {
		width float32
		lines int
	}{{2000, 2}, {480, 2}, {360, 3}, {160, 5}, {80, 10}, {10, 10}} {
		v.Resize(fyne.NewSize(c.width, 10))
		at, _ := centers(v)
		lines := map[float32]bool{}
		for _, p := range at {
			lines[p.Y] = true
		}
		if len(lines) != c.lines || v.MinSize().Height != float32(c.lines)*39 {
			t.Errorf("%v wide: %d lines, %v high, want %d of 39", c.width, len(lines), v.MinSize().Height, c.lines)
		}
	}
}

func TestDigitsHaveTheirColour(t *testing.T) {
	v := kit.NewTokenView(28)
	themed(t, theme.VariantLight, v)
	v.Reveal("A1B2")
	colors := map[bool]map[any]bool{true: {}, false: {}}
	collect := func() {
		clear(colors[true])
		clear(colors[false])
		walk(v, func(o fyne.CanvasObject) {
			if text, ok := o.(*canvas.Text); ok {
				colors[strings.ContainsAny(text.Text, "0123456789")][text.Color] = true
			}
		})
	}
	collect()
	if !colors[true][theme.Color(kit.Accent)] || !colors[false][theme.Color(kit.Ink)] || len(colors[true])+len(colors[false]) != 2 {
		t.Errorf("the colours are %v", colors)
	}
	v.SetInk(kit.Ink3, kit.Ink3)
	collect()
	if !colors[true][theme.Color(kit.Ink3)] || !colors[false][theme.Color(kit.Ink3)] || len(colors[true])+len(colors[false]) != 2 {
		t.Errorf("the quiet colours are %v", colors)
	}
}
