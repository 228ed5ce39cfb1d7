package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/profile"
	"amarre/ui/kit"
)

// palette is a dialog that finds every action and every port by its name (Ctrl+K).
type palette struct {
	w       *Window
	entry   *kit.Entry
	list    *kit.List
	choices []choice
	none    *kit.Text
}

// choice is something that the palette offers.
type choice struct {
	icon, text, detail string
	do                 func()
}

// mostChoices is how many ports the palette offers.
const mostChoices = 30

// showPalette opens the palette.
func (w *Window) showPalette() {
	if w.dialog != nil || w.p.Blocked() {
		return
	}
	c := &palette{w: w}
	w.show(kit.Question{
		Width: 560, Top: 88,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			c.entry = kit.NewEntry(paletteKeys{keys, c})
			c.entry.SetPlaceHolder(w.t.T("palette.hint"))
			c.entry.OnChanged = func(string) { c.find() }
			c.entry.OnSubmitted = func(string) { c.choose(c.list.Row()) }
			c.list = kit.NewList(keys, func() int { return len(c.choices) }, func() fyne.CanvasObject { return newChoiceRow(c.list) },
				func(row int, object fyne.CanvasObject) {
					object.(*choiceRow).show(row, c.choices[row], row == c.list.Row())
				})
			c.list.OnOpen = c.choose
			c.none = kit.NewText(w.t.T("palette.none"), kit.Small, kit.Ink3)
			rows := container.New(choicesLayout{c}, c.list.Dense(), kit.Pad(8, 12, 0, 12, c.none))
			foot := kit.Row(6, kit.NewKeyCap("↑"), kit.NewKeyCap("↓"), kit.NewText(w.t.T("palette.move"), kit.Caption, kit.Ink3), kit.Space(8, 0),
				kit.NewKeyCap(w.t.T("key.enter")), kit.NewText(w.t.T("palette.do"), kit.Caption, kit.Ink3), kit.Spring())
			return kit.Column(8, kit.Framed(c.entry, 36), rows, kit.HLine(), foot), c.entry
		},
	})
	c.find()
}

// find shows what has every word that was typed.
func (c *palette) find() {
	w := c.w
	query := profile.NewQuery(c.entry.Text)
	c.choices = nil
	for _, command := range w.inPalette() {
		if text := command.text(); query.Matches(profile.Fold(text)) {
			c.choices = append(c.choices, choice{command.icon, strings.TrimSuffix(text, "…"), w.keyText(command), command.do})
		}
	}
	actions := len(c.choices)
	for _, each := range w.p.Ports() {
		if c.entry.Text == "" || len(c.choices) >= actions+mostChoices {
			break
		}
		if query.Matches(profile.Fold(each.Name) + "\n" + profile.Fold(each.PortCode)) {
			c.choices = append(c.choices, choice{"sailboat", each.Name, each.PortCode, func() { w.p.Open(each) }})
		}
	}
	if c.entry.Text != "" { // a port is what is sought most often
		c.choices = append(slices.Clone(c.choices[actions:]), c.choices[:actions]...)
	}
	kit.SetVisible(c.none, len(c.choices) == 0)
	c.list.MoveTo(0)
	c.list.Refresh()
	if w.dialog != nil {
		w.dialog.Resize()
	}
}

// choicesLayout makes the list as high as its rows, up to nine.
type choicesLayout struct{ c *palette }

func (l choicesLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	most := min(9, int(l.c.w.frame.size.Height-190)/30)
	return fyne.NewSize(0, float32(min(max(len(l.c.choices), 1), most))*30+4)
}

func (choicesLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
}

// choose does what a row offers.
func (c *palette) choose(row int) {
	if row >= len(c.choices) {
		return
	}
	do := c.choices[row].do
	c.w.dialog.Escape()
	do()
}

// paletteKeys are the keys of the entry: arrows move in the list.
type paletteKeys struct {
	kit.Keys
	c *palette
}

// TypedShortcut implements kit.ShortcutKeys.
func (k paletteKeys) TypedShortcut(s fyne.Shortcut) bool {
	outer, ok := k.Keys.(kit.ShortcutKeys)
	return ok && outer.TypedShortcut(s)
}

// ReadClipboard implements kit.ClipboardKeys.
func (k paletteKeys) ReadClipboard(take func(text string)) bool {
	outer, ok := k.Keys.(kit.ClipboardKeys)
	return ok && outer.ReadClipboard(take)
}

// PasteTooLong implements kit.ClipboardKeys.
func (k paletteKeys) PasteTooLong() {
	if outer, ok := k.Keys.(kit.ClipboardKeys); ok {
		outer.PasteTooLong()
	}
}

// TypedKey implements kit.Keys.
func (k paletteKeys) TypedKey(key fyne.KeyName) bool {
	row := k.c.list.Row()
	switch key {
	case fyne.KeyDown:
		row++
	case fyne.KeyUp:
		row--
	case fyne.KeyPageDown:
		row += 8
	case fyne.KeyPageUp:
		row -= 8
	default:
		return k.Keys.TypedKey(key)
	}
	k.c.list.MoveTo(row)
	k.c.list.Refresh()
	return true
}

// choiceRow is a row of the palette.
type choiceRow struct {
	kit.RowBase
	icon         *kit.Icon
	text, detail *kit.Text
}

func newChoiceRow(list *kit.List) *choiceRow {
	r := &choiceRow{icon: kit.NewIcon("", kit.Ink2, 16), text: kit.NewElided("", kit.Body, kit.Ink), detail: kit.NewText("", kit.Caption, kit.Ink3)}
	r.Extend(r, list, 0, 0, kit.Row(10, r.icon, kit.Grow(r.text), r.detail))
	return r
}

func (r *choiceRow) show(row int, c choice, chosen bool) {
	r.Update(row, chosen)
	ink, second := kit.Ink, kit.Ink3
	if chosen {
		ink, second = kit.SoftInk, kit.SoftInk
	}
	r.icon.Set(c.icon, ink)
	r.text.Set(c.text, ink)
	r.detail.Set(c.detail, second)
	r.Relayout()
}
