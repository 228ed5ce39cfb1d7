package kit_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

// chooser is a choice of options.
type chooser interface {
	control
	Selected() int
	Select(index int)
}

func choosers(changed func(int)) map[string]chooser {
	return map[string]chooser{
		"segments": kit.NewSegments(nil, changed, "one", "two", "three"),
		"radios":   kit.NewRadios(nil, changed, "one", "two", "three"),
	}
}

func TestArrowKeysMoveTheSelection(t *testing.T) {
	var changes []int
	for name, c := range choosers(func(i int) { changes = append(changes, i) }) {
		changes = nil
		themed(t, theme.VariantLight, c)
		press(c, fyne.KeyRight, fyne.KeyDown, fyne.KeyRight, fyne.KeyLeft, fyne.KeyUp, fyne.KeyUp, fyne.KeySpace, fyne.KeySpace, fyne.KeySpace)
		if got, want := fmt.Sprint(changes), "[1 2 1 0 1 2 0]"; got != want {
			t.Errorf("%s: OnChanged saw %s, want %s", name, got, want)
		}
		changes = nil
		for _, index := range []int{0, -1, 3, 2, 2} {
			c.Select(index)
		}
		if c.Selected() != 2 || len(changes) != 1 {
			t.Errorf("%s: %d is selected after %d changes, want 2 after one", name, c.Selected(), len(changes))
		}
	}
}

// TestHeldArrowKeyMovesOn: a key that moves may repeat.
func TestHeldArrowKeyMovesOn(t *testing.T) {
	for name, c := range choosers(nil) {
		themed(t, theme.VariantLight, c)
		hold(c, fyne.KeyDown)
		if c.Selected() != 2 {
			t.Errorf("%s: %d is selected, want 2", name, c.Selected())
		}
	}
}

func TestClickSelects(t *testing.T) {
	segments := kit.NewSegments(nil, nil, "one", "two", "three")
	w := themed(t, theme.VariantLight, segments)
	w.Resize(fyne.NewSize(600, 30))
	for i, x := range []float32{100, 300, 500} {
		test.TapAt(segments, fyne.NewPos(x, 15))
		if segments.Selected() != i {
			t.Errorf("a click at %v selects %d, want %d", x, segments.Selected(), i)
		}
	}
	radios := kit.NewRadios(nil, nil, "one", "two", "three")
	w = themed(t, theme.VariantLight, radios)
	w.Resize(fyne.NewSize(300, 76))
	for i, y := range []float32{10, 38, 66} {
		test.TapAt(radios, fyne.NewPos(8, y))
		if radios.Selected() != i {
			t.Errorf("a click at %v selects %d, want %d", y, radios.Selected(), i)
		}
	}
	test.TapAt(radios, fyne.NewPos(280, 10))
	if radios.Selected() != 2 {
		t.Error("a click beside an option selects it")
	}
}

// TestSegmentsKeepTheirWidth: a selected option has bolder letters, and is not wider.
func TestSegmentsKeepTheirWidth(t *testing.T) {
	s := kit.NewSegments(nil, nil, "The environment of production", "x")
	themed(t, theme.VariantLight, container.NewHBox(s))
	before := s.MinSize()
	s.Select(1)
	if after := s.MinSize(); after != before || after.Height != 30 {
		t.Errorf("the size is %v, before %v, want the same and 30 high", after, before)
	}
	s.SetCount(0, "30", kit.None)
	if counted := s.MinSize(); counted.Width <= before.Width {
		t.Error("a count takes no space")
	}
}

func TestTickAndSwitch(t *testing.T) {
	var seen []bool
	changed := func(on bool) { seen = append(seen, on) }
	tick, toggle := kit.NewTick("Keep", nil, changed), kit.NewSwitch(nil, changed)
	w := themed(t, theme.VariantLight, container.NewVBox(tick, toggle))
	w.Resize(fyne.NewSize(400, 100))
	test.Tap(tick)
	press(tick, fyne.KeySpace)
	tick.SetChecked(true)
	tick.SetChecked(true)
	if got := fmt.Sprint(seen); got != "[true false true]" || !tick.Checked {
		t.Errorf("the check box told %s, and is %v", got, tick.Checked)
	}
	test.TapAt(tick, fyne.NewPos(300, 10))
	if !tick.Checked {
		t.Error("a click beside the text changes the box")
	}
	seen = nil
	test.Tap(toggle)
	press(toggle, fyne.KeySpace)
	toggle.SetChecked(true)
	toggle.SetChecked(true)
	if got := fmt.Sprint(seen); got != "[true false true]" || !toggle.Checked {
		t.Errorf("the switch told %s, and is %v", got, toggle.Checked)
	}
	if size := toggle.MinSize(); size != fyne.NewSize(36, 20) {
		t.Errorf("the switch is %v", size)
	}
	before := tick.MinSize().Width
	tick.SetText("Keep the password")
	if tick.MinSize().Width <= before {
		t.Error("a longer text takes no more space")
	}
}

func TestBandSaysOneThing(t *testing.T) {
	b := kit.NewBand()
	themed(t, theme.VariantLight, b)
	if b.Visible() || b.Title() != "" {
		t.Error("a band with nothing to say is shown")
	}
	tapped := false
	long := "The service answered that it does not know this token any more, so that a new one must be asked for."
	b.Set(kit.Refusal, "circle-x", "Refused", long, kit.NewPush("Ask", "", kit.Primary, nil, func() { tapped = true }))
	b.Resize(fyne.NewSize(600, b.MinSize().Height))
	wide := b.MinSize().Height
	b.Resize(fyne.NewSize(250, wide))
	if narrow := b.MinSize().Height; narrow <= wide {
		t.Errorf("a narrow band is %v high, a wide one %v: the text does not wrap", narrow, wide)
	}
	pushes := pushesIn(b)
	if len(pushes) != 1 {
		t.Fatalf("%d buttons, want one", len(pushes))
	}
	test.Tap(pushes[0])
	if !b.Visible() || !tapped || b.Title() != "Refused" || b.Body() != long {
		t.Errorf("the band says %q, %q", b.Title(), b.Body())
	}
	b.Set(kit.Success, "circle-check", "Accepted", "")
	if len(pushesIn(b)) != 0 || b.Title() != "Accepted" || b.Body() != "" {
		t.Errorf("the band says %q, %q, with %d buttons", b.Title(), b.Body(), len(pushesIn(b)))
	}
	if height := b.MinSize().Height; height != 12+20+14 {
		t.Errorf("a band that has a title alone is %v high, want 46", height)
	}
	b.Hide()
	if b.Title() != "" {
		t.Error("a hidden band has a title")
	}
}

func pushesIn(o fyne.CanvasObject) (pushes []*kit.Push) {
	walk(o, func(o fyne.CanvasObject) {
		if p, ok := o.(*kit.Push); ok {
			pushes = append(pushes, p)
		}
	})
	return pushes
}

func TestBadgesAndMeter(t *testing.T) {
	tag, key, code, meter := kit.NewTag("TEST", kit.Test, kit.TestSoft), kit.NewKeyCap("Ctrl K"), kit.NewCodeBadge("SET"), kit.NewMeter(kit.Fill)
	themed(t, theme.VariantLight, container.NewVBox(tag, key, code, meter))
	for _, c := range []struct {
		name      string
		got, want float32
	}{{"tag", tag.MinSize().Height, 16}, {"key", key.MinSize().Height, 20}, {"code", code.MinSize().Height, 20}, {"meter", meter.MinSize().Height, 6}} {
		if c.got != c.want {
			t.Errorf("the %s is %v high, want %v", c.name, c.got, c.want)
		}
	}
	before := code.MinSize().Width
	code.SetText("MARINA")
	if code.MinSize().Width <= before || code.Text() != "MARINA" {
		t.Error("the badge did not change")
	}
	meter.Resize(fyne.NewSize(200, 6))
	for fraction, want := range map[float32]float32{-1: 0, 0: 0, 0.25: 50, 1: 200, 7: 200} {
		meter.SetFraction(fraction)
		done := float32(0)
		walk(meter, func(o fyne.CanvasObject) {
			if box, ok := o.(*kit.Box); ok && box.Fill == kit.Fill {
				done = box.Size().Width
			}
		})
		if done != want {
			t.Errorf("at %v the meter is %v wide, want %v", fraction, done, want)
		}
	}
}
