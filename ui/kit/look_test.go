package kit_test

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"

	"amarre/ui/kit"
)

// TestContrast: a text has at least 4.5:1 with what it lies on, a mark or the edge of a field
// 3:1 (docs/security.md, line 23).
func TestContrast(t *testing.T) {
	const text, mark = 4.5, 3
	for _, c := range []struct {
		least  float64
		colors []kit.Color
		on     []kit.Color
		over   []kit.Color // lies between; None for nothing
	}{
		{text, []kit.Color{kit.Ink}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised, kit.Control, kit.Hover, kit.Chosen, kit.Soft, kit.DangerSoft, kit.WarnSoft, kit.OKSoft}, nil},
		{text, []kit.Color{kit.Ink2}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised, kit.Hover, kit.Chosen}, nil},
		{text, []kit.Color{kit.Ink3}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised}, nil},
		{mark, []kit.Color{kit.Ink3}, []kit.Color{kit.Soft, kit.Hover}, nil}, // quiet ticks
		{text, []kit.Color{kit.Accent}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised, kit.Soft}, nil},
		{text, []kit.Color{kit.SoftInk}, []kit.Color{kit.Soft}, nil},
		{text, []kit.Color{kit.Danger}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised, kit.Hover, kit.Chosen, kit.DangerSoft, kit.Soft}, nil},
		{text, []kit.Color{kit.Warn}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.WarnSoft, kit.Soft}, nil},
		{text, []kit.Color{kit.OK}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.OKSoft}, nil},
		{text, []kit.Color{kit.Test}, []kit.Color{kit.Page, kit.Side, kit.TestSoft}, nil},
		{text, []kit.Color{kit.FoundInk}, []kit.Color{kit.Found}, nil},
		{text, []kit.Color{kit.OnToast, kit.ToastLink}, []kit.Color{kit.Toast}, []kit.Color{kit.None, kit.ToastHover}},
		{text, []kit.Color{kit.OnFill}, []kit.Color{kit.Fill, kit.DangerFill}, []kit.Color{kit.None, kit.FillVeil}},
		{text, []kit.Color{kit.Ink}, []kit.Color{kit.Control}, []kit.Color{kit.Veil}},
		{text, []kit.Color{kit.Ink2}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised}, []kit.Color{kit.Veil}},
		{mark, []kit.Color{kit.Border}, []kit.Color{kit.Page, kit.Side, kit.Card, kit.Raised}, nil},
		{mark, []kit.Color{kit.Fill, kit.DangerFill}, []kit.Color{kit.Page, kit.Side}, nil},
		{mark, []kit.Color{kit.Star}, []kit.Color{kit.Page, kit.Side, kit.Soft}, nil},
	} {
		if c.over == nil {
			c.over = []kit.Color{kit.None}
		}
		for name, variant := range variants {
			th := kit.NewTheme(&variant)
			for _, color := range c.colors {
				for _, on := range c.on {
					for _, over := range c.over {
						if ratio := contrast(th, color, on, over); ratio < c.least {
							t.Errorf("%s: %s on %s under %q has %.2f:1, want %v:1", name, color, on, over, ratio, c.least)
						}
					}
				}
			}
		}
	}
}

// contrast returns the contrast ratio of WCAG between a colour and what it lies on, over which
// another colour is drawn.
func contrast(th fyne.Theme, name, on, over kit.Color) float64 {
	of := func(name kit.Color) color.NRGBA { return th.Color(name, 0).(color.NRGBA) }
	ground := of(on)
	if over != kit.None {
		above := of(over)
		mix := func(below, top uint8) uint8 {
			return uint8((int(top)*int(above.A) + int(below)*(255-int(above.A))) / 255)
		}
		ground = color.NRGBA{R: mix(ground.R, above.R), G: mix(ground.G, above.G), B: mix(ground.B, above.B), A: 255}
	}
	light := func(c color.NRGBA) float64 {
		linear := func(v uint8) float64 {
			f := float64(v) / 255
			if f <= 0.03928 {
				return f / 12.92
			}
			return math.Pow((f+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
	}
	a, b := light(of(name)), light(ground)
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}
