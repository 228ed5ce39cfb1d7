package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"amarre/ui/kit"
)

func TestListKeys(t *testing.T) {
	rows := 50
	l := kit.NewList(nil, func() int { return rows },
		func() fyne.CanvasObject { return widget.NewLabel("row") }, func(int, fyne.CanvasObject) {})
	selected, deleted, typed := -1, -1, ""
	l.OnOpen = func(i int) { selected = i }
	l.OnDelete = func(i int) { deleted = i }
	l.OnTyped = func(r rune) { typed += string(r) }
	w := themed(t, theme.VariantLight, l)
	w.Resize(fyne.NewSize(200, 300))
	w.Canvas().Focus(l)
	at := func(want int, keys ...fyne.KeyName) {
		t.Helper()
		press(l, keys...)
		if l.Row() != want {
			t.Errorf("after %v the row is %d, want %d", keys, l.Row(), want)
		}
	}
	at(1, fyne.KeyDown)
	at(0, fyne.KeyUp, fyne.KeyUp)
	at(49, fyne.KeyEnd)
	at(49, fyne.KeyDown)
	at(0, fyne.KeyHome)
	press(l, fyne.KeyPageDown)
	page := l.Row()
	if page < 3 || page > 15 {
		t.Errorf("a page has %d rows", page)
	}
	at(0, fyne.KeyPageUp)
	at(2, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if selected != 2 {
		t.Errorf("Enter opened %d", selected)
	}
	press(l, fyne.KeyDelete)
	if deleted != 2 {
		t.Errorf("Delete deleted %d", deleted)
	}
	l.TypedRune('s')
	if typed != "s" {
		t.Errorf("typed %q", typed)
	}
	rows = 0
	l.MoveTo(3)
	press(l, fyne.KeyReturn, fyne.KeyDelete, fyne.KeyDown)
	if selected != 2 || deleted != 2 {
		t.Error("an empty list opened or deleted something")
	}
}

// TestListWithoutMarks: in a list without OnToggle and OnMarkRange, Shift and Space mark nothing.
func TestListWithoutMarks(t *testing.T) {
	l := kit.NewList(nil, func() int { return 3 },
		func() fyne.CanvasObject { return widget.NewLabel("row") }, func(int, fyne.CanvasObject) {})
	themed(t, theme.VariantLight, l)
	l.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	press(l, fyne.KeyDown, fyne.KeySpace)
	if l.Row() != 1 {
		t.Errorf("after Shift+Down the row is %d, want 1", l.Row())
	}
}

// rowsOf returns a dense list of rows, and its rows by their index.
func rowsOf(n int) (*kit.List, map[int]*nameRow) {
	rows := map[int]*nameRow{}
	var list *kit.List
	list = kit.NewList(nil, func() int { return n }, func() fyne.CanvasObject { return newNameRow(list) }, func(i int, o fyne.CanvasObject) {
		rows[i] = o.(*nameRow)
		rows[i].Update(i, i == 1)
	})
	return list, rows
}

func TestRowsShowTheHighlight(t *testing.T) {
	look(t, theme.VariantLight)
	list, rows := rowsOf(5)
	entry := kit.NewEntry(nil)
	w := show(t, container.NewBorder(entry, nil, nil, nil, list.Dense()))
	const accent, soft, hover = "#0a64a0", "#dbeaf6", "#e8edf1"
	see := func(when string, want int) {
		t.Helper()
		for i := range 5 {
			if ringed := colors(rows[i])[accent]; ringed != (i == want) {
				t.Errorf("%s: row %d has a ring: %v", when, i, ringed)
			}
		}
		if list.HighlightedRow() != want {
			t.Errorf("%s: row %d is highlighted, want %d", when, list.HighlightedRow(), want)
		}
	}
	see("without the focus", -1)
	w.Canvas().Focus(list)
	see("with the focus", 0)
	press(list, fyne.KeyDown, fyne.KeyDown)
	see("after Down", 2)
	test.Tap(rows[3])
	see("after a click", -1)
	press(list, fyne.KeyUp)
	see("after Up", 2)
	w.Canvas().Focus(entry)
	see("when the focus is gone", -1)
	if !colors(rows[1])[soft] || colors(rows[2])[soft] {
		t.Error("the open row, and no other, has its background")
	}
	rows[2].MouseIn(nil)
	if !colors(rows[2])[hover] {
		t.Error("a row under the pointer has no background")
	}
	rows[2].MouseOut()
	if colors(rows[2])[hover] {
		t.Error("a row keeps its background after the pointer")
	}
}

func TestRowPitch(t *testing.T) {
	look(t, theme.VariantLight)
	list, rows := rowsOf(5)
	show(t, list.Dense())
	at := func(i int) float32 { return fyne.CurrentApp().Driver().AbsolutePositionForObject(rows[i]).Y }
	if pitch := at(1) - at(0); pitch != 30 {
		t.Errorf("rows are %v apart", pitch)
	}
}

// TestRowsReportClicks: to the list, with the modifier keys of the click.
func TestRowsReportClicks(t *testing.T) {
	look(t, theme.VariantLight)
	list, rows := rowsOf(5)
	var said []int
	list.OnOpen = func(row int) { said = append(said, row) }
	list.OnToggle = func(row int) { said = append(said, 10+row) }
	list.OnMarkRange = func(first, last int) { said = append(said, 100+10*first+last) }
	list.OnMenu = func(row int, _ fyne.Position) { said = append(said, 1000+row) }
	show(t, list.Dense())
	click := func(row int, modifier fyne.KeyModifier) {
		rows[row].MouseDown(&desktop.MouseEvent{Modifier: modifier})
		test.Tap(rows[row])
	}
	click(2, 0)
	click(1, fyne.KeyModifierShortcutDefault)
	click(3, fyne.KeyModifierShift)
	test.TapSecondary(rows[4])
	want := []int{2, 11, 113, 1004}
	if !slices.Equal(said, want) {
		t.Errorf("said %v, want %v", said, want)
	}
}

// TestPointerDoesNotMoveTheHighlight: Enter opens the row that the arrow keys went to, not the
// one under the pointer.
func TestPointerDoesNotMoveTheHighlight(t *testing.T) {
	look(t, theme.VariantLight)
	list := kit.NewList(nil, func() int { return 5 }, func() fyne.CanvasObject { return kit.NewText("row", kit.Body, kit.Ink) }, func(int, fyne.CanvasObject) {})
	w := show(t, list)
	w.Canvas().Focus(list)
	press(list, fyne.KeyDown)
	test.MoveMouse(w.Canvas(), fyne.NewPos(40, 110))
	if list.Row() != 1 {
		t.Errorf("the highlight is on row %d", list.Row())
	}
}
