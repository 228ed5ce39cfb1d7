package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Color is the name of a colour of the palette. [Theme] has its light and its dark variant.
type Color = fyne.ThemeColorName

// The colours by what they are for. The contrast of a text with what it may lie on is at
// least 4.5:1, that of a mark or the edge of a field at least 3:1 (TestContrast).
const (
	None Color = "" // nothing is drawn

	Page        Color = "amarre-page"
	Side        Color = "amarre-side"         // the list
	Card        Color = "amarre-card"         // the token, groups
	Raised      Color = "amarre-raised"       // menus and dialogs
	Control     Color = "amarre-control"      // second button, select
	ControlLine Color = "amarre-control-line" // its edge
	Hover       Color = "amarre-hover"
	Chosen      Color = "amarre-chosen" // the chosen one of a row of choices
	Line        Color = "amarre-line"   // decoration
	Border      Color = "amarre-border" // the edge of a field

	Ink     Color = "amarre-ink"
	Ink2    Color = "amarre-ink-2" // second text, quiet buttons
	Ink3    Color = "amarre-ink-3" // captions, placeholders
	Accent  Color = "amarre-accent"
	Halo    Color = "amarre-halo" // around a field that has the focus
	Fill    Color = "amarre-fill" // the primary button
	OnFill  Color = "amarre-on-fill"
	Soft    Color = "amarre-soft" // the open row, the chosen menu item
	SoftInk Color = "amarre-soft-ink"

	Danger     Color = "amarre-danger"
	DangerSoft Color = "amarre-danger-soft"
	DangerLine Color = "amarre-danger-line"
	DangerFill Color = "amarre-danger-fill"
	Warn       Color = "amarre-warn"
	WarnSoft   Color = "amarre-warn-soft"
	WarnLine   Color = "amarre-warn-line"
	OK         Color = "amarre-ok"
	OKSoft     Color = "amarre-ok-soft"
	OKLine     Color = "amarre-ok-line"

	Star     Color = "amarre-star" // the edge of a favourite's star
	StarFill Color = "amarre-star-fill"
	Test     Color = "amarre-test" // the test environment, and nothing else
	TestSoft Color = "amarre-test-soft"
	Found    Color = "amarre-found" // behind letters that a search found
	FoundInk Color = "amarre-found-ink"

	Toast      Color = "amarre-toast" // messages and tooltips, inverse
	OnToast    Color = "amarre-on-toast"
	ToastLink  Color = "amarre-toast-link"
	ToastHover Color = "amarre-toast-hover"
	Scrim      Color = "amarre-scrim" // behind dialogs
	Shadow     Color = "amarre-shadow"
	LowShadow  Color = "amarre-low-shadow"  // of a second button
	LiftShadow Color = "amarre-lift-shadow" // of the chosen one of a row of choices
	Veil       Color = "amarre-veil"        // over a hovered button
	FillVeil   Color = "amarre-fill-veil"   // over a hovered button that has a fill
	Divider    Color = "amarre-divider"     // inside a primary button
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

func rgba(hex uint32, alpha uint8) color.NRGBA {
	c := rgb(hex)
	c.A = alpha
	return c
}

// variants are a colour on a light and on a dark ground.
type variants struct{ light, dark color.NRGBA }

// palette has the variants of every colour.
var palette = map[Color]variants{
	Page:        {rgb(0xffffff), rgb(0x151d25)},
	Side:        {rgb(0xf3f6f8), rgb(0x10171e)},
	Card:        {rgb(0xf7f9fb), rgb(0x1b2530)},
	Raised:      {rgb(0xffffff), rgb(0x202b36)},
	Control:     {rgb(0xffffff), rgb(0x2a3743)},
	ControlLine: {rgb(0xc9d3dc), rgb(0x3a4956)},
	Hover:       {rgb(0xe8edf1), rgb(0x1f2a34)},
	Chosen:      {rgb(0xffffff), rgb(0x33414e)},
	Line:        {rgb(0xe2e8ed), rgb(0x2a3641)},
	Border:      {rgb(0x7a8895), rgb(0x64768a)},

	Ink:     {rgb(0x14202b), rgb(0xe8eef3)},
	Ink2:    {rgb(0x4f5e6b), rgb(0xacb8c3)},
	Ink3:    {rgb(0x5c6976), rgb(0x8b9aa7)},
	Accent:  {rgb(0x0a64a0), rgb(0x6cbdf0)},
	Halo:    {rgba(0x0a64a0, 0x38), rgba(0x6cbdf0, 0x38)},
	Fill:    {rgb(0x0a64a0), rgb(0x1f7ab8)},
	OnFill:  {rgb(0xffffff), rgb(0xffffff)},
	Soft:    {rgb(0xdbeaf6), rgb(0x1b3d57)},
	SoftInk: {rgb(0x084b79), rgb(0xc4e4fa)},

	Danger:     {rgb(0xb3261e), rgb(0xff9a8f)},
	DangerSoft: {rgb(0xfdeeec), rgb(0x2f1b1d)},
	DangerLine: {rgb(0xf3c7c2), rgb(0x653031)},
	DangerFill: {rgb(0xb3261e), rgb(0xc73e34)},
	Warn:       {rgb(0x855000), rgb(0xf4bf6b)},
	WarnSoft:   {rgb(0xfff5e1), rgb(0x32260f)},
	WarnLine:   {rgb(0xf2d9a6), rgb(0x65501f)},
	OK:         {rgb(0x1a7440), rgb(0x74d39a)},
	OKSoft:     {rgb(0xe8f6ee), rgb(0x16291f)},
	OKLine:     {rgb(0xbfe3cd), rgb(0x2a5540)},

	Star:     {rgb(0xb67600), rgb(0xf5b342)},
	StarFill: {rgb(0xf0ab2e), rgb(0xf5b342)},
	Test:     {rgb(0x6a45b0), rgb(0xbda8f5)},
	TestSoft: {rgb(0xefe9fb), rgb(0x2b2444)},
	Found:    {rgb(0xffe49a), rgb(0x6b5310)},
	FoundInk: {rgb(0x14202b), rgb(0xfff3cf)},

	Toast:      {rgb(0x1c2833), rgb(0xe8eef3)},
	OnToast:    {rgb(0xf2f6f9), rgb(0x14202b)},
	ToastLink:  {rgb(0x8ccbf6), rgb(0x0a5a90)},
	ToastHover: {rgba(0xffffff, 0x18), rgba(0x000000, 0x12)},
	Scrim:      {rgba(0x101a24, 0x66), rgba(0x000000, 0x8c)},
	Shadow:     {rgba(0x102030, 0x2e), rgba(0x000000, 0x8c)},
	LowShadow:  {rgba(0x102030, 0x12), rgba(0x000000, 0x00)},
	LiftShadow: {rgba(0x102030, 0x2e), rgba(0x000000, 0x00)},
	Veil:       {rgba(0x000000, 0x14), rgba(0xffffff, 0x12)},
	FillVeil:   {rgba(0x000000, 0x14), rgba(0x000000, 0x24)},
	Divider:    {rgba(0xffffff, 0x55), rgba(0xffffff, 0x55)},
}

// fynes has the colours of the palette that stand for those of Fyne's own widgets. What is
// None is not drawn: the widgets of this package draw their own focus and hover, and a list
// makes rows that do not know of another theme (ThemeOverride, Fyne 2.8.1).
var fynes = map[fyne.ThemeColorName]Color{
	theme.ColorNameBackground:          Page,
	theme.ColorNameForeground:          Ink,
	theme.ColorNamePrimary:             Accent,
	theme.ColorNameHyperlink:           Accent,
	theme.ColorNameForegroundOnPrimary: OnFill,
	theme.ColorNamePlaceHolder:         Ink3,
	theme.ColorNameDisabled:            Ink3,
	theme.ColorNameButton:              Hover,
	theme.ColorNameDisabledButton:      Hover,
	theme.ColorNameInputBackground:     Page,
	theme.ColorNameInputBorder:         Border,
	theme.ColorNameSelection:           Soft,
	theme.ColorNameSeparator:           Line,
	theme.ColorNameError:               Danger,
	theme.ColorNameWarning:             Warn,
	theme.ColorNameSuccess:             OK,
	theme.ColorNameHeaderBackground:    Card,
	theme.ColorNameMenuBackground:      Raised,
	theme.ColorNameOverlayBackground:   Raised,
	theme.ColorNameHover:               None,
	theme.ColorNameFocus:               None,
	theme.ColorNameShadow:              None,
	theme.ColorNameScrollBarBackground: None,
}
