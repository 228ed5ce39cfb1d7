package ui

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"amarre/internal/settings"
	"amarre/ui/kit"
)

// brand is the theme of Amarre: the one of Fyne with other colours. The contrast of a text
// with its background is at least 4.5:1 in both variants (docs/security.md, line 23).
type brand struct {
	fyne.Theme
	force *fyne.ThemeVariant // nil for the variant of the system
	kit   *kit.Theme
}

// newBrand returns the theme for a setting.
func newBrand(setting string) *brand {
	b := &brand{Theme: theme.DefaultTheme(), kit: kit.NewTheme(nil)}
	b.choose(setting)
	return b
}

// choose selects the variant for a setting.
func (b *brand) choose(setting string) {
	b.force = map[string]*fyne.ThemeVariant{settings.Light: new(theme.VariantLight), settings.Dark: new(theme.VariantDark)}[setting]
}

func (b *brand) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if b.force != nil {
		variant = *b.force
	}
	colors, ok := palette[name]
	switch {
	case !ok && strings.HasPrefix(string(name), "amarre-"): // of the parts of kit that have the new look
		return b.kit.Color(name, variant)
	case !ok:
		return b.Theme.Color(name, variant)
	case variant == theme.VariantDark:
		return colors[1]
	}
	return colors[0]
}

// tint returns the background of a message, of the token and of the banner.
func (b *brand) tint() color.Color {
	return b.Color(colorNameTint, fyne.CurrentApp().Settings().ThemeVariant())
}

// colorNameTint is the name of the colour of [brand.tint].
const colorNameTint fyne.ThemeColorName = "amarre-tint"

func rgb(hex uint32) color.Color {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// palette has the light and the dark variant of each colour.
var palette = map[fyne.ThemeColorName][2]color.Color{
	theme.ColorNameBackground:          {rgb(0xffffff), rgb(0x15202b)},
	theme.ColorNameForeground:          {rgb(0x1b2733), rgb(0xeef3f7)},
	theme.ColorNamePrimary:             {rgb(0x0b5c8a), rgb(0x6cbdf0)},
	theme.ColorNameForegroundOnPrimary: {rgb(0xffffff), rgb(0x0b1a26)},
	theme.ColorNamePlaceHolder:         {rgb(0x5c6b78), rgb(0x9fb0be)},
	theme.ColorNameDisabled:            {rgb(0x5f6c77), rgb(0x8797a5)},
	theme.ColorNameButton:              {rgb(0xd6e2eb), rgb(0x2a3947)},
	theme.ColorNameDisabledButton:      {rgb(0xe4ebf0), rgb(0x1e2b37)},
	theme.ColorNameInputBackground:     {rgb(0xf4f7f9), rgb(0x1d2a36)},
	theme.ColorNameInputBorder:         {rgb(0x8b99a5), rgb(0x62758a)},
	theme.ColorNameSeparator:           {rgb(0xd5dde3), rgb(0x31414f)},
	// Focus and hover are drawn over the background of a button and below its text.
	theme.ColorNameFocus:             {color.NRGBA{A: 0x40}, color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0x40}},
	theme.ColorNameShadow:            {color.NRGBA{A: 0x24}, color.NRGBA{A: 0x40}},
	theme.ColorNameSelection:         {rgb(0xcfe4f1), rgb(0x24506f)},
	theme.ColorNameHover:             {color.NRGBA{A: 0x14}, color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0x1c}},
	theme.ColorNameHeaderBackground:  {rgb(0xf4f7f9), rgb(0x1d2a36)},
	theme.ColorNameMenuBackground:    {rgb(0xf4f7f9), rgb(0x1d2a36)},
	theme.ColorNameOverlayBackground: {rgb(0xffffff), rgb(0x1d2a36)},
	theme.ColorNameError:             {rgb(0xa8201a), rgb(0xff9a8f)},
	theme.ColorNameSuccess:           {rgb(0x176b3a), rgb(0x7fdca0)},
	theme.ColorNameWarning:           {rgb(0x7f4f00), rgb(0xffc670)},
	colorNameTint:                    {rgb(0xeef5fa), rgb(0x1c3040)},
}
