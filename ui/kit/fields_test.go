package kit_test

import (
	"fmt"
	"image/color"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

// colors returns the colours of everything that is drawn in an object.
func colors(o fyne.CanvasObject) map[string]bool {
	all := map[string]bool{}
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *canvas.Rectangle:
			all[hexOf(o.FillColor)] = true
			if o.StrokeWidth > 0 {
				all[hexOf(o.StrokeColor)] = true
			}
		case *canvas.Text:
			all[hexOf(o.Color)] = true
		case *fyne.Container:
			for _, each := range o.Objects {
				walk(each)
			}
		case *container.Scroll:
			walk(o.Content)
		case fyne.Widget:
			for _, each := range test.WidgetRenderer(o).Objects() {
				walk(each)
			}
		}
	}
	walk(o)
	return all
}

// look starts an application with the theme of the package.
func look(t *testing.T, variant fyne.ThemeVariant) {
	t.Helper()
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(&variant))
}

// show opens a window of 600 by 400.
func show(t *testing.T, content fyne.CanvasObject) fyne.Window {
	t.Helper()
	w := test.NewTempWindow(t, content)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(600, 400))
	return w
}

// shortcuts is a ShortcutKeys that handles Ctrl+K alone.
type shortcuts struct {
	kit.KeysFunc
	got []string
}

func (s *shortcuts) TypedShortcut(shortcut fyne.Shortcut) bool {
	s.got = append(s.got, shortcut.ShortcutName())
	custom, ok := shortcut.(*desktop.CustomShortcut)
	return ok && custom.KeyName == fyne.KeyK
}

var ctrlK = &desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl}

// TestShortcutsGoToTheWindow: a focused widget hands a shortcut on, and each repeat of it.
func TestShortcutsGoToTheWindow(t *testing.T) {
	look(t, theme.VariantLight)
	for name, make := range map[string]func(kit.Keys) fyne.Focusable{
		"Entry":       func(k kit.Keys) fyne.Focusable { return kit.NewEntry(k) },
		"SecretEntry": func(k kit.Keys) fyne.Focusable { return kit.NewSecretEntry(k) },
		"SelectEntry": func(k kit.Keys) fyne.Focusable { return kit.NewSelectEntry(k) },
		"Area":        func(k kit.Keys) fyne.Focusable { return kit.NewArea(k, 3, false) },
		"Select":      func(k kit.Keys) fyne.Focusable { return kit.NewSelect(k, nil, "a") },
		"Button":      func(k kit.Keys) fyne.Focusable { return kit.NewButton("a", nil, k, nil) },
		"Check":       func(k kit.Keys) fyne.Focusable { return kit.NewCheck("a", k, nil) },
		"Choice":      func(k kit.Keys) fyne.Focusable { return kit.NewChoice(k, nil, "a") },
		"Pane":        func(k kit.Keys) fyne.Focusable { return kit.NewPane(k, "a") },
		"List": func(k kit.Keys) fyne.Focusable {
			return kit.NewList(k, func() int { return 0 }, func() fyne.CanvasObject { return kit.NewText("", kit.Body, kit.Ink) }, func(int, fyne.CanvasObject) {})
		},
	} {
		keys := &shortcuts{KeysFunc: func(fyne.KeyName) bool { return false }}
		w := make(keys)
		show(t, w.(fyne.CanvasObject))
		for range 2 {
			w.(fyne.Shortcutable).TypedShortcut(ctrlK)
		}
		if len(keys.got) != 2 {
			t.Errorf("%s handed on %v, want Ctrl+K twice", name, keys.got)
		}
	}
}

// TestEntryKeepsItsShortcuts: what the window does not handle still works in an entry, and
// what Fyne names is not offered to the window.
func TestEntryKeepsItsShortcuts(t *testing.T) {
	look(t, theme.VariantLight)
	for _, keys := range []kit.Keys{nil, &shortcuts{KeysFunc: func(fyne.KeyName) bool { return false }}} {
		e := kit.NewEntry(keys)
		show(t, e)
		e.SetText("one two")
		press(e, fyne.KeyEnd)
		if keys != nil {
			e.TypedShortcut(ctrlK)
		}
		e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyBackspace, Modifier: fyne.KeyModifierShortcutDefault})
		e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: &clip{"three"}})
		if e.Text != "one three" {
			t.Errorf("with keys %T the entry has %q", keys, e.Text)
		}
	}
}

func TestFrameShowsFocusAndFailure(t *testing.T) {
	look(t, theme.VariantLight)
	entry, other := kit.NewEntry(nil), kit.NewEntry(nil)
	frame := kit.Framed(entry, 34)
	w := show(t, kit.Column(8, frame, kit.Framed(other, 34)))
	w.Canvas().Focus(other)
	const accent, danger = "#0a64a0", "#b3261e"
	if height := frame.Size().Height; height != 34 {
		t.Errorf("the frame is %v high", height)
	}
	see := func(when string, want map[string]bool) {
		t.Helper()
		got := colors(frame)
		for color, drawn := range want {
			if got[color] != drawn {
				t.Errorf("%s: %s is drawn: %v, want %v", when, color, got[color], drawn)
			}
		}
	}
	see("at rest", map[string]bool{danger: false, "#7a8895": true})
	frame.SetFailed(true)
	see("failed", map[string]bool{danger: true, "#7a8895": false})
	frame.SetFailed(false)
	w.Canvas().Focus(entry)
	see("focused", map[string]bool{accent: true, danger: false})
	w.Canvas().Focus(other)
	entry.ShowIcon("search")
	test.ApplyTheme(t, kit.NewTheme(new(theme.VariantDark)))
	see("dark", map[string]bool{"#64768a": true, "#7a8895": false})
}

func TestLabelledFieldMessages(t *testing.T) {
	look(t, theme.VariantLight)
	f := kit.NewLabelledField("Label", kit.NewEntry(nil))
	show(t, f)
	low := f.MinSize().Height
	if want := float32(18 + 5 + 34); low != want {
		t.Errorf("without a message it is %v high, want %v", low, want)
	}
	f.Hint("hint")
	if f.Failed() || f.Message() != "hint" || f.MinSize().Height != low+5+16 {
		t.Errorf("a hint is not shown: %q, %v high", f.Message(), f.MinSize().Height)
	}
	f.Fail("wrong")
	f.Hint("hint")
	f.Warn("warning")
	if !f.Failed() || f.Message() != "wrong" || !colors(f)["#b3261e"] {
		t.Errorf("the error became %q", f.Message())
	}
	f.Clear()
	if f.Failed() || f.Message() != "" || f.MinSize().Height != low || colors(f)["#b3261e"] {
		t.Error("the error is not cleared")
	}
	f.Warn("warning")
	if f.Failed() || f.Message() != "warning" || !colors(f)["#855000"] {
		t.Error("a warning is not shown")
	}
}

func TestTabLeavesAnArea(t *testing.T) {
	look(t, theme.VariantLight)
	area := kit.NewArea(nil, 3, true)
	w := show(t, area)
	w.Canvas().Focus(area)
	if tabs, ok := w.Canvas().Focused().(fyne.Tabbable); ok && tabs.AcceptsTab() {
		t.Error("it takes the Tab key")
	}
}

// TestEnterInAnArea: Enter begins a line and repeats, but not if it went down elsewhere.
func TestEnterInAnArea(t *testing.T) {
	look(t, theme.VariantLight)
	area := kit.NewArea(nil, 3, false)
	show(t, area)
	area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if area.Text != "" {
		t.Errorf("a key that went down elsewhere gave %q", area.Text)
	}
	hold(area, fyne.KeyReturn)
	if area.Text != "\n\n\n" {
		t.Errorf("a held Enter gave %q", area.Text)
	}
}

func TestSelect(t *testing.T) {
	look(t, theme.VariantLight)
	var chosen []int
	s := kit.NewSelect(nil, func(i int) { chosen = append(chosen, i) }, "one", "two", "three")
	w := show(t, kit.Column(0, s))
	w.Canvas().Focus(s)
	if s.Selected() != -1 || s.Text() != "" {
		t.Errorf("at first %d is selected", s.Selected())
	}
	for _, key := range []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyDown} {
		hold(s, key)
		menu, ok := w.Canvas().Focused().(*kit.Menu)
		if !ok {
			t.Fatalf("%s does not open the menu", key)
		}
		if overlays := len(w.Canvas().Overlays().List()); overlays != 1 {
			t.Errorf("%s opened %d menus", key, overlays)
		}
		press(menu, fyne.KeyDown, fyne.KeyReturn)
		if w.Canvas().Focused() != s {
			t.Errorf("after %s the focus is on %T", key, w.Canvas().Focused())
		}
	}
	if want := []int{1, 2, 0}; !slices.Equal(chosen, want) || s.Selected() != 0 {
		t.Errorf("chosen %v, want %v", chosen, want)
	}
	s.Select(1)
	s.SetOptions([]string{"two", "four"})
	if s.Selected() != 0 || s.Text() != "two" {
		t.Errorf("with other options %q is selected", s.Text())
	}
	s.SetOptions([]string{"four"})
	if s.Selected() != -1 {
		t.Errorf("an option that is gone is selected")
	}
	s.Disable()
	test.Tap(s)
	if w.Canvas().Overlays().Top() != nil {
		t.Error("a disabled select opens its menu")
	}
}

// menuOf opens a menu whose items note their name.
func menuOf(w fyne.Window, said *string, keys kit.Keys, items ...kit.MenuItem) *kit.Menu {
	for i := range items {
		name := items[i].Text
		items[i].Do = func() { *said += name }
	}
	return kit.ShowMenu(w.Canvas(), keys, items, fyne.NewPos(20, 20), 0, func() { *said += "closed " })
}

func TestMenuKeys(t *testing.T) {
	look(t, theme.VariantLight)
	items := func() []kit.MenuItem {
		return []kit.MenuItem{{Text: "Copier"}, {Text: "Off", Disabled: true}, {Separator: true}, {Text: "Épeler"}, {Text: "Exporter"}, {Text: "No", Disabled: true}}
	}
	for _, c := range []struct {
		name  string
		keys  []fyne.KeyName
		typed string
		want  int
	}{
		{"nothing", nil, "", -1},
		{"Down", []fyne.KeyName{fyne.KeyDown}, "", 0},
		{"Down skips", []fyne.KeyName{fyne.KeyDown, fyne.KeyDown}, "", 3},
		{"Down goes round", []fyne.KeyName{fyne.KeyEnd, fyne.KeyDown}, "", 0},
		{"Up begins at the end", []fyne.KeyName{fyne.KeyUp}, "", 4},
		{"Up skips", []fyne.KeyName{fyne.KeyEnd, fyne.KeyUp, fyne.KeyUp}, "", 0},
		{"Up goes round", []fyne.KeyName{fyne.KeyHome, fyne.KeyUp}, "", 4},
		{"a letter", nil, "e", 3},
		{"the same letter again", nil, "éE", 4},
		{"and again", nil, "eee", 3},
		{"a letter of no item", nil, "cz", 0},
		{"a letter of a disabled item", nil, "o", -1},
	} {
		var said string
		w := show(t, kit.NewEntry(nil))
		m := menuOf(w, &said, nil, items()...)
		press(m, c.keys...)
		for _, r := range c.typed {
			m.TypedRune(r)
		}
		if m.Highlighted() != c.want {
			t.Errorf("%s: %d is highlighted, want %d", c.name, m.Highlighted(), c.want)
		}
	}
}

func TestMenuChooses(t *testing.T) {
	look(t, theme.VariantLight)
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyEscape, fyne.KeyF10} {
		var said string
		entry := kit.NewEntry(nil)
		w := show(t, entry)
		w.Canvas().Focus(entry)
		offered := 0
		m := menuOf(w, &said, kit.KeysFunc(func(fyne.KeyName) bool { offered++; return true }), kit.MenuItem{Text: "one"}, kit.MenuItem{Text: "two"})
		if w.Canvas().Focused() != m {
			t.Fatal("the menu does not have the focus")
		}
		m.TypedKey(&fyne.KeyEvent{Name: key}) // held since before the menu was open
		if said != "" {
			t.Errorf("a held %s said %q", key, said)
		}
		press(m, fyne.KeyDown, fyne.KeyDown, key)
		want := "closed two"
		if key == fyne.KeyEscape || key == fyne.KeyF10 {
			want = "closed "
		}
		if said != want || w.Canvas().Focused() != entry || w.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: said %q, want %q; the focus is on %T", key, said, want, w.Canvas().Focused())
		}
		if offered != 0 {
			t.Errorf("%s: the window handled %d keys of the menu", key, offered)
		}
	}
}

func TestMenuClicks(t *testing.T) {
	look(t, theme.VariantLight)
	var said string
	w := show(t, kit.NewEntry(nil))
	open := func() *kit.Menu {
		said = ""
		return menuOf(w, &said, nil, kit.MenuItem{Text: "one"}, kit.MenuItem{Text: "two", Disabled: true})
	}
	open()
	test.TapCanvas(w.Canvas(), fyne.NewPos(40, 40)) // in the first item
	if said != "closed one" {
		t.Errorf("a click on an item said %q", said)
	}
	m := open()
	test.TapCanvas(w.Canvas(), fyne.NewPos(40, 70))
	test.TapCanvas(w.Canvas(), fyne.NewPos(40, 22)) // above the first item
	if said != "" {
		t.Errorf("a click on a disabled item or beside one said %q", said)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(500, 300))
	if said != "closed " || w.Canvas().Overlays().Top() != nil {
		t.Errorf("a click outside said %q", said)
	}
	m.Close()
	if said != "closed " {
		t.Error("a closed menu was closed again")
	}
}

// TestMenuStaysInTheWindow: wherever a menu is to open, all of it is in the window, and what
// is highlighted can be seen.
func TestMenuStaysInTheWindow(t *testing.T) {
	look(t, theme.VariantLight)
	var items []kit.MenuItem
	for range 30 {
		items = append(items, kit.MenuItem{Text: "item"})
	}
	for _, at := range []fyne.Position{{}, {X: 590, Y: 390}, {X: -50, Y: 200}} {
		for _, n := range []int{3, 30} {
			w := show(t, kit.NewEntry(nil))
			m := kit.ShowMenu(w.Canvas(), nil, items[:n], at, 200, nil)
			press(m, fyne.KeyEnd)
			objects := test.WidgetRenderer(m).Objects()
			box, scroll := objects[0], objects[1].(*container.Scroll)
			end := box.Position().Add(box.Size())
			if box.Position().X < 0 || box.Position().Y < 0 || end.X > 600 || end.Y > 400 {
				t.Errorf("%d items at %v: the menu is from %v to %v", n, at, box.Position(), end)
			}
			if bottom := float32(30 * n); bottom > scroll.Offset.Y+scroll.Size().Height {
				t.Errorf("%d items: the last one is at %v, and %v is seen from %v on", n, bottom, scroll.Size().Height, scroll.Offset.Y)
			}
		}
	}
}

// TestDefaultAnswerIsDrawnFirst: and Tab goes on in the order that is drawn.
func TestDefaultAnswerIsDrawnFirst(t *testing.T) {
	look(t, theme.VariantLight)
	w := show(t, kit.NewEntry(nil))
	d := kit.Ask(w.Canvas(), kit.Question{Title: "Title", Text: "Text", Closed: func() {}, Answers: []kit.Answer{{Text: "More"}, {Text: "No"}, {Text: "Yes"}}})
	at := func(i int) float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(d.Buttons[i]).X
	}
	if !(at(2) < at(0) && at(0) < at(1)) {
		t.Errorf("the answers are at %v, %v and %v", at(0), at(1), at(2))
	}
	for _, want := range []int{2, 0, 1, 2} {
		if w.Canvas().Focused() != d.Buttons[want] {
			t.Errorf("answer %d does not have the focus", want)
		}
		w.Canvas().FocusNext()
	}
}

// TestHighDialogScrolls: its buttons stay in the window.
func TestHighDialogScrolls(t *testing.T) {
	look(t, theme.VariantLight)
	w := show(t, kit.NewEntry(nil))
	d := kit.Ask(w.Canvas(), kit.Question{Title: "Title", Text: longText + longText, Closed: func() {}, Answers: []kit.Answer{{Text: "Yes"}}})
	button := d.Buttons[0]
	bottom := func() float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(button).Y + button.Size().Height
	}
	if bottom() > 400 {
		t.Errorf("the button ends at %v", bottom())
	}
	high := bottom()
	d.SetText("Short")
	if bottom() >= high {
		t.Errorf("with a short text the button ends at %v, before that at %v", bottom(), high)
	}
}

func TestDialogHandsShortcutsOn(t *testing.T) {
	look(t, theme.VariantLight)
	keys := &shortcuts{KeysFunc: func(fyne.KeyName) bool { return false }}
	w := show(t, kit.NewEntry(nil))
	kit.Ask(w.Canvas(), kit.Question{Title: "Title", Closed: func() {}, Keys: keys, Answers: []kit.Answer{{Text: "Yes"}}})
	w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(ctrlK)
	if len(keys.got) != 1 {
		t.Errorf("handed on: %v", keys.got)
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

// dueTimers runs what is due when the test says so, even what was stopped too late.
type dueTimers struct {
	due     []func()
	stopped int
}

func (t *dueTimers) after(_ time.Duration, f func()) func() {
	t.due = append(t.due, f)
	return func() { t.stopped++ }
}

func TestToasts(t *testing.T) {
	look(t, theme.VariantLight)
	clock := &dueTimers{}
	toasts := kit.NewToasts(clock.after)
	under := 0
	below := kit.NewButton("below", nil, nil, func() { under++ })
	w := show(t, container.NewStack(below, toasts.Layer()))
	said := ""
	toasts.Show(kit.Message{Text: "first", Keep: time.Second})
	toasts.Show(kit.Message{Text: "second", Action: "Undo", Do: func() { said += "undo" }, Keep: 2 * time.Second})
	if clock.stopped != 1 {
		t.Errorf("%d timers were stopped when a message was replaced", clock.stopped)
	}
	clock.due[0]() // the first one's time is over
	if m, ok := toasts.Shown(); !ok || m.Text != "second" {
		t.Errorf("%q is shown, want the second message", m.Text)
	}
	clock.due[1]()
	if _, ok := toasts.Shown(); ok {
		t.Error("a message is shown for longer than it is to be kept")
	}
	toasts.Show(kit.Message{Text: "third", Action: "Undo", Do: func() { said += "undo" }})
	if len(clock.due) != 2 {
		t.Error("a message that is to stay has a timer")
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(280, 358)) // on the message, beside its action
	if under != 0 || said != "" {
		t.Errorf("a click went through the message %d times and said %q", under, said)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(100, 358))
	if under != 1 {
		t.Error("a click beside the message is lost")
	}
	w.Canvas().Focus(toasts.Action())
	action := w.Canvas().Focused()
	action.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) // went down elsewhere
	if said != "" {
		t.Error("a held Enter acted")
	}
	press(action, fyne.KeyReturn)
	if _, ok := toasts.Shown(); ok || said != "undo" || w.Canvas().Focused() != nil {
		t.Errorf("Enter said %q, a message is shown: %v, the focus is on %T", said, ok, w.Canvas().Focused())
	}
}

func TestToastIsInTheMiddleOfThePage(t *testing.T) {
	look(t, theme.VariantLight)
	toasts := kit.NewToasts(nil)
	show(t, toasts.Layer())
	left := float32(1)
	toasts.Show(kit.Message{Text: "text", Fraction: func() float32 { return left }})
	place := func() (middle, bottom float32) {
		o := test.WidgetRenderer(toasts.Layer().(fyne.Widget)).Objects()[0]
		return o.Position().X + o.Size().Width/2, o.Position().Y + o.Size().Height
	}
	for _, from := range []float32{0, 200} {
		toasts.SetLeft(from)
		middle, bottom := place()
		if want := from + (600-from)/2; middle < want-1 || middle > want+1 || bottom != 380 {
			t.Errorf("with the page from %v on, its middle is at %v and its bottom at %v", from, middle, bottom)
		}
	}
	const link = "#8ccbf6"
	if !colors(toasts.Layer())[link] {
		t.Error("the line is not drawn")
	}
	left = 0
	toasts.Update()
	if colors(toasts.Layer())[link] {
		t.Error("the line is drawn when no time is left")
	}
}

// hexOf returns a colour without its opacity, or "" for one that is not seen.
func hexOf(c color.Color) string {
	if c == nil {
		return ""
	}
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	if n.A == 0 {
		return ""
	}
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}
