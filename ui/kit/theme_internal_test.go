package kit

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2/test"
)

// TestClearFillKeepsItsColour: OpenGL gets a colour without its opacity. What is left of one
// without any opacity is black.
func TestClearFillKeepsItsColour(t *testing.T) {
	test.NewTempApp(t)
	for _, name := range []Color{Accent, Danger, Page, ControlLine} {
		r, g, b, a := transparent(name).RGBA()
		if a == 0 || a > 0x101 {
			t.Fatalf("%s has the opacity %d, want 1 of 255", name, a)
		}
		want := color.NRGBAModel.Convert(paintOf(name)).(color.NRGBA)
		for i, got := range []uint32{r, g, b} {
			if channel := int([]uint8{want.R, want.G, want.B}[i]); int(got*255/a)-channel > 2 || channel-int(got*255/a) > 2 {
				t.Errorf("%s: channel %d is %d, want %d", name, i, got*255/a, channel)
			}
		}
	}
}
