package kit

import (
	"strings"

	"fyne.io/fyne/v2"

	"amarre/assets"
)

var (
	regular  = font("Inter-Regular.otf")
	medium   = font("Inter-Medium.otf")
	semibold = font("Inter-SemiBold.otf")
	mono     = font("JetBrainsMono-Medium.ttf")
	monoBold = font("JetBrainsMono-SemiBold.ttf")
)

// font returns a font of package assets, which has it: it is embedded.
func font(name string) fyne.Resource {
	content, err := assets.Fonts.ReadFile("fonts/" + name)
	if err != nil {
		panic(err)
	}
	return fyne.NewStaticResource(name, content)
}

// Role is the type of a text. Sizes are in device-independent pixels.
type Role struct {
	Size float32
	Line float32 // height of a line
	font fyne.Resource
}

// The roles.
var (
	Title         = Role{24, 32, semibold}
	EmptyTitle    = Role{20, 28, semibold} // of a page that has nothing else
	Head          = Role{17, 24, semibold} // of a dialog
	Sub           = Role{14, 20, semibold} // of a band or a card
	Body          = Role{14, 20, regular}
	BodyMedium    = Role{14, 20, medium}
	Small         = Role{13, 18, regular}
	SmallMedium   = Role{13, 18, medium}
	SmallBold     = Role{13, 18, semibold} // label of a field
	Caption       = Role{12, 16, regular}
	CaptionMedium = Role{12, 16, medium}
	ButtonText    = Role{13.5, 20, semibold}
	TagText       = Role{10.5, 16, semibold}
	Code          = Role{13, 18, monoBold} // a port code in the list
	BadgeCode     = Role{12.5, 18, monoBold}
	Mono          = Role{13, 18, mono}
	MonoCaption   = Role{12, 16, mono}
)

// Token is the role of a token's letters of a size.
func Token(size float32) Role { return Role{size, whole(size * 1.4), mono} }

// source returns the font for a text. It is nil if the text has a letter that the font lacks,
// because a canvas.Text with a font of its own looks no further (CachedFontFace in
// internal/painter/font.go of Fyne 2.8.1); then the font of the style is taken, which does.
func (r Role) source(text string) fyne.Resource {
	if strings.ContainsFunc(text, func(letter rune) bool { return lacks(r.font, letter) }) {
		return nil
	}
	return r.font
}

// style returns the style of the font that replaces the role's.
func (r Role) style() fyne.TextStyle {
	return fyne.TextStyle{Bold: r.font == semibold || r.font == monoBold, Monospace: isMono(r.font)}
}

func isMono(font fyne.Resource) bool { return font == mono || font == monoBold }

// lacks reports whether a font has no picture of a letter.
func lacks(font fyne.Resource, letter rune) bool {
	switch {
	case letter == 'ŉ':
		return !isMono(font)
	case letter == 'Ĳ', letter == 'ĳ', letter >= 0x2011 && letter <= 0x2012, letter == 0x2015, letter == 0x201b, letter == 0x202f:
		return isMono(font)
	case letter >= 0x20 && letter <= 0x7e, letter >= 0xa0 && letter <= 0x17f, letter >= 0x2010 && letter <= 0x2014, letter >= 0x2018 && letter <= 0x201e, letter >= 0x2190 && letter <= 0x2193:
		return false
	}
	return !strings.ContainsRune("ˆ˜•…‰‹›€™−⇧⌘⌥", letter)
}

// Width returns the width of a text in a role, in device-independent pixels.
func (r Role) Width(text string) float32 {
	size, _ := fyne.CurrentApp().Driver().RenderedTextSize(text, r.Size, r.style(), r.source(text))
	return size.Width
}
