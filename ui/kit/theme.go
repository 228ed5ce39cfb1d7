package kit

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Theme is the look of the window: the palette, the fonts, and the sizes of Fyne's widgets.
type Theme struct {
	fyne.Theme                    // Fyne's, for what this one does not say
	force      *fyne.ThemeVariant // nil: the variant of the system
}

// NewTheme returns the theme in a variant. nil stands for that of the system.
func NewTheme(variant *fyne.ThemeVariant) *Theme {
	return &Theme{Theme: theme.DefaultTheme(), force: variant}
}

// Color implements fyne.Theme.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if t.force != nil {
		variant = *t.force
	}
	if own, ok := fynes[name]; ok {
		if own == None {
			return color.Transparent
		}
		name = own
	}
	if name == theme.ColorNameScrollBar {
		c := t.Color(Ink3, variant).(color.NRGBA)
		c.A = 0x80
		return c
	}
	both, ok := palette[name]
	switch {
	case !ok:
		return t.Theme.Color(name, variant)
	case variant == theme.VariantDark:
		return both.dark
	}
	return both.light
}

// Font implements fyne.Theme. Texts of this package choose their font themselves.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Symbol:
		return t.Theme.Font(style)
	case style.Monospace:
		return mono
	case style.Bold:
		return semibold
	}
	return regular
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	switch name {
	case theme.IconNameVisibility:
		return glyph("eye", Ink2, None)
	case theme.IconNameVisibilityOff:
		return glyph("eye-off", Ink2, None)
	}
	return t.Theme.Icon(name)
}

// sizes are in device-independent pixels.
var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNamePadding:         4,
	theme.SizeNameInnerPadding:    8,
	theme.SizeNameText:            14,
	theme.SizeNameCaptionText:     12,
	theme.SizeNameInlineIcon:      16,
	theme.SizeNameInputBorder:     1,
	theme.SizeNameInputRadius:     8,
	theme.SizeNameButtonRadius:    8,
	theme.SizeNameMenuRadius:      8,
	theme.SizeNameSelectionRadius: 6,
	theme.SizeNameDialogRadius:    12,
	theme.SizeNamePopupRadius:     12,
	theme.SizeNameCardRadius:      12,
	theme.SizeNameModalBlurRadius: 0,
	theme.SizeNameScrollBar:       10,
	theme.SizeNameScrollBarSmall:  3,
	theme.SizeNameScrollBarRadius: 5,
}

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if size, ok := sizes[name]; ok {
		return size
	}
	return t.Theme.Size(name)
}

// variation is the theme of the application with some colours that are not drawn and some
// sizes of its own. It follows when the application changes its theme.
type variation struct {
	clear []fyne.ThemeColorName
	sizes map[fyne.ThemeSizeName]float32
}

func (v variation) of() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

// Color implements fyne.Theme.
func (v variation) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if slices.Contains(v.clear, name) {
		return color.Transparent
	}
	return v.of().Color(name, variant)
}

// Font implements fyne.Theme.
func (v variation) Font(style fyne.TextStyle) fyne.Resource { return v.of().Font(style) }

// Icon implements fyne.Theme.
func (v variation) Icon(name fyne.ThemeIconName) fyne.Resource { return v.of().Icon(name) }

// Size implements fyne.Theme.
func (v variation) Size(name fyne.ThemeSizeName) float32 {
	if size, ok := v.sizes[name]; ok {
		return size
	}
	return v.of().Size(name)
}

// paintOf returns a colour of the palette as it is now.
func paintOf(name Color) color.Color {
	if name == None {
		return color.Transparent
	}
	return theme.Color(name)
}

// transparent returns a colour with the least opacity that keeps it. OpenGL mixes the edge of a
// rectangle with what is inside it, and an edge around transparent black would be grey. With no
// opacity at all every colour is that black.
func transparent(name Color) color.Color {
	c := color.NRGBAModel.Convert(paintOf(name)).(color.NRGBA)
	c.A = 1
	return c
}
