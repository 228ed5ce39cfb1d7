package kit_test

import (
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

// control is a widget that is one stop of the Tab key.
type control interface {
	fyne.Widget
	fyne.Focusable
	fyne.Tappable
	fyne.Disableable
	desktop.Hoverable
	desktop.Keyable
}

// controls has each widget, what Space has done to it, and what Enter has.
var controls = map[string]func(keys kit.Keys) (c control, spaces, enters func() int){
	"push": func(keys kit.Keys) (control, func() int, func() int) {
		n := 0
		p := kit.NewPush("Copy", "copy", kit.Primary, keys, func() { n++ })
		count := func() int { return n }
		return p, count, count
	},
	"segments": func(keys kit.Keys) (control, func() int, func() int) {
		s := kit.NewSegments(keys, nil, "a", "b", "c")
		n := 0
		s.OnSubmitted = func() { n++ }
		return s, s.Selected, func() int { return n }
	},
	"radios": func(keys kit.Keys) (control, func() int, func() int) {
		r := kit.NewRadios(keys, nil, "a", "b", "c")
		n := 0
		r.OnSubmitted = func() { n++ }
		return r, r.Selected, func() int { return n }
	},
	"tick": func(keys kit.Keys) (control, func() int, func() int) {
		changes, n := 0, 0
		tick := kit.NewTick("a", keys, func(bool) { changes++ })
		tick.OnSubmitted = func() { n++ }
		return tick, func() int { return changes }, func() int { return n }
	},
	"switch": func(keys kit.Keys) (control, func() int, func() int) {
		changes, n := 0, 0
		toggle := kit.NewSwitch(keys, func(bool) { changes++ })
		toggle.OnSubmitted = func() { n++ }
		return toggle, func() int { return changes }, func() int { return n }
	},
}

func TestHeldKeyActsOnce(t *testing.T) {
	for name, make := range controls {
		t.Run(name, func(t *testing.T) {
			c, spaces, enters := make(nil)
			themed(t, theme.VariantLight, c)
			hold(c, fyne.KeySpace)
			if got := spaces(); got != 1 {
				t.Errorf("Space that is held acts %d times, want once", got)
			}
			before := enters()
			hold(c, fyne.KeyReturn)
			hold(c, fyne.KeyEnter)
			if got := enters() - before; got != 2 {
				t.Errorf("Return and Enter that are held act %d times, want once each", got)
			}
		})
	}
}

func TestKeysComeFirst(t *testing.T) {
	for name, make := range controls {
		t.Run(name, func(t *testing.T) {
			var seen []fyne.KeyName
			c, spaces, enters := make(kit.KeysFunc(func(key fyne.KeyName) bool {
				seen = append(seen, key)
				return true
			}))
			themed(t, theme.VariantLight, c)
			press(c, fyne.KeySpace, fyne.KeyReturn, fyne.KeyDown, fyne.KeyF5)
			if len(seen) != 4 || spaces() != 0 || enters() != 0 {
				t.Errorf("Keys saw %v, Space did %d and Enter %d, want 4 keys and nothing", seen, spaces(), enters())
			}
		})
	}
}

func TestDisabledDoesNothing(t *testing.T) {
	for name, make := range controls {
		t.Run(name, func(t *testing.T) {
			offered := 0
			c, spaces, enters := make(kit.KeysFunc(func(fyne.KeyName) bool { offered++; return false }))
			w := themed(t, theme.VariantLight, container.NewVBox(c))
			c.Disable()
			w.Canvas().FocusNext()
			if w.Canvas().Focused() != nil {
				t.Error("a disabled widget has the focus")
			}
			press(c, fyne.KeySpace, fyne.KeyReturn, fyne.KeyDown)
			test.Tap(c)
			if spaces() != 0 || enters() != 0 || offered != 3 {
				t.Errorf("Space did %d, Enter %d, and Keys saw %d keys, want 0, 0 and 3", spaces(), enters(), offered)
			}
			c.Enable()
			press(c, fyne.KeySpace)
			if spaces() != 1 {
				t.Error("an enabled widget does not answer")
			}
		})
	}
}

func TestEachIsOneStopOfTab(t *testing.T) {
	for name, make := range controls {
		t.Run(name, func(t *testing.T) {
			first, _, _ := make(nil)
			second, _, _ := make(nil)
			w := themed(t, theme.VariantLight, container.NewVBox(first, second))
			for _, want := range []fyne.Focusable{first, second, first} {
				w.Canvas().FocusNext()
				if got := w.Canvas().Focused(); got != want {
					t.Errorf("Tab leads to %p, want %p", got, want)
				}
			}
		})
	}
}

// rings returns the rings that are visible in a widget.
func rings(o fyne.CanvasObject) int {
	n := 0
	walk(o, func(o fyne.CanvasObject) {
		if box, ok := o.(*kit.Box); ok && box.Edge == kit.Accent && box.EdgeWidth == 2 {
			n++
		}
	})
	return n
}

// TestRingIsForTheKeyboard: the ring is shown when the focus came by a key, or when a key was
// pressed after a click.
func TestRingIsForTheKeyboard(t *testing.T) {
	for name, make := range controls {
		t.Run(name, func(t *testing.T) {
			c, _, _ := make(nil)
			w := themed(t, theme.VariantLight, c)
			check := func(what string, want int) {
				t.Helper()
				if got := rings(c); got != want {
					t.Errorf("%s: %d rings, want %d", what, got, want)
				}
			}
			check("at first", 0)
			w.Canvas().Focus(c)
			check("with the focus", 1)
			w.Canvas().Unfocus()
			check("without it", 0)
			test.Tap(c)
			check("after a click", 0)
			if w.Canvas().Focused() != nil {
				press(c, fyne.KeyF5)
				check("after a click and a key", 1)
			}
		})
	}
}

func TestPushSizes(t *testing.T) {
	push := func(text, icon string) *kit.Push { return kit.NewPush(text, icon, kit.Second, nil, nil) }
	themed(t, theme.VariantLight, container.NewWithoutLayout())
	for _, c := range []struct {
		name   string
		push   *kit.Push
		height float32
		square bool
	}{
		{"text", push("Copy", ""), 34, false},
		{"text and icon", push("Copy", "copy"), 34, false},
		{"icon", push("", "copy"), 34, true},
		{"small", push("Copy", "copy").Small(), 30, false},
		{"small icon", push("", "copy").Small(), 30, true},
		{"beside a field", push("", "copy").Tall(), 34, true},
		{"icon and trail", push("", "copy").Trail("chevron-down"), 34, false},
	} {
		size := c.push.MinSize()
		if size.Height != c.height || (size.Width == size.Height) != c.square || size.Width != float32(int(size.Width)) {
			t.Errorf("%s: %v, want %v high, square %v, whole pixels", c.name, size, c.height, c.square)
		}
	}
}

func TestPushChanges(t *testing.T) {
	p := kit.NewPush("Show", "eye", kit.Quiet, nil, nil)
	themed(t, theme.VariantLight, container.NewHBox(p))
	p.SetText("Hide the token")
	p.SetIcon("eye-off")
	p.SetKind(kit.Primary)
	if p.Text != "Hide the token" || p.Icon() != "eye-off" || p.Kind() != kit.Primary {
		t.Errorf("the button is %q %q %v", p.Text, p.Icon(), p.Kind())
	}
	drawn := map[string]bool{}
	walk(p, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *canvas.Text:
			drawn[o.Text] = true
		case *kit.Icon:
			drawn[o.Name()] = true
		case *kit.Box:
			drawn[string(o.Fill)] = true
		}
	})
	for _, want := range []string{"Hide the token", "eye-off", string(kit.Fill)} {
		if !drawn[want] {
			t.Errorf("%s is not drawn: %v", want, drawn)
		}
	}
	if label := p.AccessibilityLabel(); label != "Hide the token" {
		t.Errorf("a screen reader reads %q", label)
	}
}

func TestPushWithoutATextIsReadByItsTip(t *testing.T) {
	if label := kit.NewPush("", "plus", kit.Quiet, nil, nil).WithTip("New").AccessibilityLabel(); label != "New" {
		t.Errorf("a screen reader reads %q, want the tooltip", label)
	}
}

func TestSplitHasTwoStops(t *testing.T) {
	var done []string
	s := kit.NewSplit("Copy", "copy", nil, func() { done = append(done, "main") }, func() { done = append(done, "menu") })
	w := themed(t, theme.VariantLight, s)
	for range 2 {
		w.Canvas().FocusNext()
		press(w.Canvas().Focused(), fyne.KeyReturn)
		rings := 0
		walk(s, func(o fyne.CanvasObject) {
			ring, ok := o.(*kit.Box)
			if !ok || ring.EdgeWidth != 2 {
				return
			}
			rings++
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject
			if ring.Size() != s.Size().AddWidthHeight(6, 6) || at(ring) != at(s).SubtractXY(3, 3) {
				t.Errorf("the ring is at %v, %v large; the button at %v, %v", at(ring), ring.Size(), at(s), s.Size())
			}
		})
		if rings != 1 {
			t.Errorf("%d rings are shown, want one", rings)
		}
	}
	test.Tap(s.Main)
	test.Tap(s.More)
	s.Disable()
	test.Tap(s.Main)
	test.Tap(s.More)
	if got, want := len(done), 4; got != want || done[0] != "main" || done[1] != "menu" || done[2] != "main" || done[3] != "menu" {
		t.Errorf("done: %v", done)
	}
	if !s.Disabled() {
		t.Error("the button is not disabled")
	}
}

// tipped opens a window with a button that has a tooltip, and its layer.
func tipped(t *testing.T, at fyne.Position) (*kit.Push, *kit.Tips, *timers, fyne.Window) {
	clock := &timers{}
	p, tips := kit.NewPush("", "plus", kit.Quiet, nil, nil).WithTip("A new port, which is empty"), kit.NewTips(clock.after)
	themed(t, theme.VariantLight, container.NewWithoutLayout())
	page := container.NewWithoutLayout(p)
	p.Move(at)
	p.Resize(p.MinSize())
	w := test.NewTempWindow(t, container.NewStack(page, tips))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(400, 300))
	return p, tips, clock, w
}

func TestTipIsShownAndHidden(t *testing.T) {
	const tip = "A new port, which is empty"
	for _, c := range []struct {
		name string
		do   func(p *kit.Push, clock *timers, w fyne.Window)
		want string
	}{
		{"too early", func(_ *kit.Push, clock *timers, _ fyne.Window) { clock.pass(599 * time.Millisecond) }, ""},
		{"after a while", func(_ *kit.Push, clock *timers, _ fyne.Window) { clock.pass(600 * time.Millisecond) }, tip},
		{"the pointer left before", func(p *kit.Push, clock *timers, _ fyne.Window) { p.MouseOut(); clock.pass(time.Second) }, ""},
		{"the pointer left", func(p *kit.Push, clock *timers, _ fyne.Window) { clock.pass(time.Second); p.MouseOut() }, ""},
		{"after long", func(_ *kit.Push, clock *timers, _ fyne.Window) { clock.pass(time.Second); clock.pass(4 * time.Second) }, ""},
		{"a click", func(p *kit.Push, clock *timers, _ fyne.Window) { clock.pass(time.Second); test.Tap(p) }, ""},
		{"a click before", func(p *kit.Push, clock *timers, _ fyne.Window) { test.Tap(p); clock.pass(time.Second) }, ""},
		{"the focus", func(p *kit.Push, clock *timers, w fyne.Window) { clock.pass(time.Second); w.Canvas().Focus(p) }, ""},
	} {
		p, tips, clock, w := tipped(t, fyne.NewPos(100, 100))
		p.MouseIn(nil)
		c.do(p, clock, w)
		if got := tips.Shown(); got != c.want {
			t.Errorf("%s: the tooltip is %q, want %q", c.name, got, c.want)
		}
	}
}

// TestTipOfTheNextWidget: a timer that was stopped too late shows nothing.
func TestTipOfTheNextWidget(t *testing.T) {
	p, _, _, _ := tipped(t, fyne.NewPos(100, 100))
	var late []func()
	tips := kit.NewTips(func(_ time.Duration, f func()) func() { late = append(late, f); return func() {} })
	tips.Enter(p, "first")
	tips.Enter(p, "second")
	late[0]()
	if got := tips.Shown(); got != "" {
		t.Errorf("the tooltip is %q, want none yet", got)
	}
	late[1]()
	if got := tips.Shown(); got != "second" {
		t.Errorf("the tooltip is %q, want the second", got)
	}
}

func TestTipStaysInTheWindow(t *testing.T) {
	for _, at := range []fyne.Position{{X: 0, Y: 0}, {X: 370, Y: 0}, {X: 0, Y: 266}, {X: 370, Y: 266}, {X: 180, Y: 150}} {
		p, tips, clock, w := tipped(t, at)
		p.MouseIn(nil)
		clock.pass(time.Second)
		found := false
		walk(tips, func(o fyne.CanvasObject) {
			if box, ok := o.(*kit.Box); ok {
				found = true
				pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(box)
				end := pos.Add(box.Size())
				if pos.X < 8 || pos.Y < 8 || end.X > w.Canvas().Size().Width-8 || end.Y > w.Canvas().Size().Height-8 {
					t.Errorf("the tooltip of %v is at %v to %v", at, pos, end)
				}
				if pos.Y < at.Y+p.Size().Height && end.Y > at.Y {
					t.Errorf("the tooltip at %v to %v is over its button at %v", pos, end, at)
				}
			}
		})
		if !found {
			t.Errorf("no tooltip at %v", at)
		}
	}
}

func TestNoTipsNoTooltip(t *testing.T) {
	p := kit.NewPush("", "plus", kit.Quiet, nil, nil).WithTip("New")
	themed(t, theme.VariantLight, container.NewHBox(p))
	p.MouseIn(nil)
	p.MouseOut()
	if tips := kit.TipsOf(p); tips != nil || tips.Shown() != "" {
		t.Error("a window without a layer has one")
	}
}
