package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

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
