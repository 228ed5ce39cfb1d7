package ui

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/authclient/authtest"
	"amarre/internal/settings"
)

func TestThemeIsChosenAndReadable(t *testing.T) {
	h := start(t, "en", nil)
	for _, choice := range []string{settings.Light, settings.Dark, settings.Automatic} {
		h.chooseTheme(choice)
		if last := h.settings[len(h.settings)-1]; last.Theme != choice {
			t.Errorf("the settings are %+v", last)
		}
	}
	// The contrast of every text is at least 4.5:1 (docs/security.md, line 23).
	for variant, name := range map[fyne.ThemeVariant]string{theme.VariantLight: "light", theme.VariantDark: "dark"} {
		b := newBrand("")
		for _, back := range []fyne.ThemeColorName{theme.ColorNameBackground, theme.ColorNameInputBackground, theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground, colorNameTint, theme.ColorNameSelection} {
			for _, text := range []fyne.ThemeColorName{theme.ColorNameForeground, theme.ColorNamePlaceHolder, theme.ColorNameError, theme.ColorNameSuccess, theme.ColorNameWarning} {
				if back == theme.ColorNameSelection && text != theme.ColorNameForeground {
					continue
				}
				if ratio := contrast(b, text, back, variant); ratio < 4.5 {
					t.Errorf("%s: %s on %s has %.1f:1, want 4.5:1", name, text, back, ratio)
				}
			}
		}
		// A hovered or focused button has another colour drawn over its background.
		for _, over := range []fyne.ThemeColorName{"", theme.ColorNameHover, theme.ColorNameFocus} {
			if ratio := contrast(b, theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary, variant, over); ratio < 4.5 {
				t.Errorf("%s: the main button under %q has %.1f:1", name, over, ratio)
			}
			if ratio := contrast(b, theme.ColorNameForeground, theme.ColorNameButton, variant, over); ratio < 4.5 {
				t.Errorf("%s: a button under %q has %.1f:1", name, over, ratio)
			}
		}
	}
}

// contrast returns the contrast ratio of WCAG between a text and its background, which has
// the colours of over drawn on it.
func contrast(b *brand, text, back fyne.ThemeColorName, variant fyne.ThemeVariant, over ...fyne.ThemeColorName) float64 {
	base := color.NRGBAModel.Convert(b.Color(back, variant)).(color.NRGBA)
	for _, name := range over {
		if name == "" {
			continue
		}
		top := color.NRGBAModel.Convert(b.Color(name, variant)).(color.NRGBA)
		mix := func(below, above uint8) uint8 {
			return uint8((int(above)*int(top.A) + int(below)*(255-int(top.A))) / 255)
		}
		base = color.NRGBA{R: mix(base.R, top.R), G: mix(base.G, top.G), B: mix(base.B, top.B), A: 255}
	}
	light := func(c color.Color) float64 {
		r, g, bl, _ := c.RGBA()
		linear := func(v uint32) float64 {
			c := float64(v) / 0xffff
			if c <= 0.03928 {
				return c / 12.92
			}
			return math.Pow((c+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(bl)
	}
	a, c := light(b.Color(text, variant)), light(base)
	return (max(a, c) + 0.05) / (min(a, c) + 0.05)
}

// TestNoSecretOnTheMaskedScreen: while the token is masked, no object of the window draws
// the token or the password (docs/security.md, line 22).
func TestNoSecretOnTheMaskedScreen(t *testing.T) {
	h := start(t, "en", nil)
	h.getToken("MTP", true)
	token := h.current.secrets.Token.Reveal()
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		text := drawn(o)
		if strings.Contains(text, token) || strings.Contains(text, authtest.DemoPassword) {
			t.Errorf("a %T shows a secret", o)
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, each := range o.Objects {
				walk(each)
			}
		case fyne.Widget:
			for _, each := range test.WidgetRenderer(o).Objects() {
				walk(each)
			}
		}
	}
	walk(h.win.Content())
	if strings.Contains(h.win.Title(), token) {
		t.Error("the title holds the token")
	}
}
