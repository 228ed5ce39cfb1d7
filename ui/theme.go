package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"amarre/internal/settings"
)

// brand is Amarre's theme: Fyne's own with the colours of a harbour, each text
// colour at least 4.5:1 on its background in light and dark (security.md 23).
type brand struct {
	fyne.Theme
	force *fyne.ThemeVariant // nil: what the system says
}

// newBrand makes the theme for a setting.
func newBrand(setting string) *brand {
	b := &brand{Theme: theme.DefaultTheme()}
	b.choose(setting)
	return b
}

// choose forces the light or dark variant, or neither.
func (b *brand) choose(setting string) {
	variants := map[string]fyne.ThemeVariant{settings.Light: theme.VariantLight, settings.Dark: theme.VariantDark}
	b.force = nil
	if variant, ok := variants[setting]; ok {
		b.force = &variant
	}
}

// Color implements fyne.Theme.
func (b *brand) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if b.force != nil {
		variant = *b.force
	}
	palette := lightPalette
	if variant == theme.VariantDark {
		palette = darkPalette
	}
	if c, ok := palette[name]; ok {
		return c
	}
	return b.Theme.Color(name, variant)
}

// tint is a quiet background that tells an area apart.
func (b *brand) tint() color.Color {
	return b.Color(colorNameTint, fyne.CurrentApp().Settings().ThemeVariant())
}

// colorNameTint is the name of a colour that Fyne does not have.
const colorNameTint fyne.ThemeColorName = "amarre-tint"

func rgb(hex uint32) color.Color {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

var lightPalette = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          rgb(0xffffff),
	theme.ColorNameForeground:          rgb(0x1b2733),
	theme.ColorNamePrimary:             rgb(0x0b5c8a),
	theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	theme.ColorNamePlaceHolder:         rgb(0x5c6b78),
	theme.ColorNameDisabled:            rgb(0x5f6c77),
	theme.ColorNameButton:              rgb(0xd6e2eb),
	theme.ColorNameDisabledButton:      rgb(0xe4ebf0),
	theme.ColorNameInputBackground:     rgb(0xf4f7f9),
	theme.ColorNameInputBorder:         rgb(0x8b99a5),
	theme.ColorNameSeparator:           rgb(0xd5dde3),
	theme.ColorNameFocus:               color.NRGBA{A: 0x40}, // laid over a button: its text stays readable
	theme.ColorNameShadow:              color.NRGBA{A: 0x24},
	theme.ColorNameSelection:           rgb(0xcfe4f1),
	theme.ColorNameHover:               color.NRGBA{A: 0x14},
	theme.ColorNameHeaderBackground:    rgb(0xf4f7f9),
	theme.ColorNameMenuBackground:      rgb(0xf4f7f9),
	theme.ColorNameOverlayBackground:   rgb(0xffffff),
	theme.ColorNameError:               rgb(0xa8201a),
	theme.ColorNameSuccess:             rgb(0x176b3a),
	theme.ColorNameWarning:             rgb(0x7f4f00),
	colorNameTint:                      rgb(0xeef5fa),
}

var darkPalette = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          rgb(0x15202b),
	theme.ColorNameForeground:          rgb(0xeef3f7),
	theme.ColorNamePrimary:             rgb(0x6cbdf0),
	theme.ColorNameForegroundOnPrimary: rgb(0x0b1a26),
	theme.ColorNamePlaceHolder:         rgb(0x9fb0be),
	theme.ColorNameDisabled:            rgb(0x8797a5),
	theme.ColorNameButton:              rgb(0x2a3947),
	theme.ColorNameDisabledButton:      rgb(0x1e2b37),
	theme.ColorNameInputBackground:     rgb(0x1d2a36),
	theme.ColorNameInputBorder:         rgb(0x62758a),
	theme.ColorNameSeparator:           rgb(0x31414f),
	theme.ColorNameFocus:               color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0x40},
	theme.ColorNameShadow:              color.NRGBA{A: 0x40},
	theme.ColorNameSelection:           rgb(0x24506f),
	theme.ColorNameHover:               color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0x1c},
	theme.ColorNameHeaderBackground:    rgb(0x1d2a36),
	theme.ColorNameMenuBackground:      rgb(0x1d2a36),
	theme.ColorNameOverlayBackground:   rgb(0x1d2a36),
	theme.ColorNameError:               rgb(0xff9a8f),
	theme.ColorNameSuccess:             rgb(0x7fdca0),
	theme.ColorNameWarning:             rgb(0xffc670),
	colorNameTint:                      rgb(0x1c3040),
}
