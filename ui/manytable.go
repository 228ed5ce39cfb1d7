package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/ui/kit"
)

// manyTable is a table of ports in a card: an icon, the code, the name, and what is to be said.
type manyTable struct {
	w    *Window
	list *kit.List
	card fyne.CanvasObject
	row  func(i int) manyCells
}

// manyCells is what a row of a table shows.
type manyCells struct {
	icon       string
	color      kit.Color
	code, name string
	text       string
	loud       bool // the text has the colour of the icon
}

func newManyTable(w *Window, length func() int, row func(i int) manyCells) *manyTable {
	table := &manyTable{w: w, row: row}
	table.list = kit.NewList(w.keys, length, func() fyne.CanvasObject { return newManyRow(table) },
		func(i int, object fyne.CanvasObject) { object.(*manyRow).show(i) })
	high := container.New(tableLayout{table}, kit.Pad(4, 0, 4, 0, table.list.Dense()))
	table.card = container.NewStack(kit.NewBox(kit.Page, kit.Line, 10), high)
	return table
}

// tableLayout makes a table as high as its rows, within what the window has room for.
type tableLayout struct{ table *manyTable }

func (l tableLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	const pitch, around = 30, 10
	room := l.table.w.frame.size.Height - 400
	return fyne.NewSize(0, min(float32(max(l.table.list.Length(), 2))*pitch+around, max(room, 4*pitch+around)))
}

func (tableLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// manyRow is a row of a table.
type manyRow struct {
	kit.RowBase
	table            *manyTable
	shown            manyCells
	drawn            bool
	icon             *kit.Icon
	code, name, text *kit.Text
	line             *fyne.Container
}

func newManyRow(table *manyTable) *manyRow {
	r := &manyRow{table: table, icon: kit.NewIcon("", kit.Ink3, 16), code: kit.NewElided("", kit.Code, kit.Ink),
		name: kit.NewElided("", kit.Body, kit.Ink), text: kit.NewElided("", kit.Small, kit.Ink2)}
	r.line = kit.Row(10, r.icon, kit.Fixed(38, 0, r.code), kit.Grow(r.name), container.New(noteLayout{table.w}, r.text))
	r.Extend(r, table.list, 6, 6, r.line)
	return r
}

// noteLayout gives the text of a row its width.
type noteLayout struct{ w *Window }

func (l noteLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := objects[0].MinSize().Height
	if text := objects[0].(*kit.Text); l.w.frame.size.Width < 900 {
		return fyne.NewSize(min(text.Role.Width(text.Text)+2, 220), height)
	}
	return fyne.NewSize(290, height)
}

func (noteLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

func (r *manyRow) show(i int) {
	cells := r.table.row(i)
	r.Update(i, false)
	if r.drawn && cells == r.shown {
		return
	}
	r.drawn, r.shown = true, cells
	r.icon.Set(cells.icon, cells.color)
	color := kit.Ink2
	if cells.loud {
		color = cells.color
	}
	r.code.SetText(cells.code)
	r.name.SetText(cells.name)
	r.text.Set(cells.text, color)
	kit.Relayout(r.line)
}
