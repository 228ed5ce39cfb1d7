package kit_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

// lateTimers runs what is due when the test says so, even what was stopped too late.
type lateTimers struct {
	due     []func()
	stopped int
}

func (t *lateTimers) after(_ time.Duration, f func()) func() {
	t.due = append(t.due, f)
	return func() { t.stopped++ }
}

func TestToasts(t *testing.T) {
	look(t, theme.VariantLight)
	clock := &lateTimers{}
	toasts := kit.NewToasts(clock.after)
	under := 0
	below := kit.NewPush("below", "", kit.Second, nil, func() { under++ })
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

// TestToastIsChanged: another text or detail keeps the button, and the focus on it.
func TestToastIsChanged(t *testing.T) {
	look(t, theme.VariantLight)
	toasts := kit.NewToasts(nil)
	w := show(t, toasts.Layer())
	toasts.SetText("nothing is shown")
	toasts.Show(kit.Message{Icon: "check", Text: "Checking", Detail: "2 s", Action: "Cancel"})
	w.Canvas().Focus(toasts.Action())
	box := func() fyne.Size {
		return test.WidgetRenderer(toasts.Layer().(fyne.Widget)).Objects()[0].Size()
	}
	short := box()
	toasts.SetText("Checking one port after the other")
	toasts.SetDetail("30 s")
	if m, ok := toasts.Shown(); !ok || m.Text != "Checking one port after the other" || m.Detail != "30 s" {
		t.Errorf("%+v is shown", m)
	}
	drawn := map[string]bool{}
	walk(toasts.Layer(), func(o fyne.CanvasObject) {
		if line, ok := o.(*canvas.Text); ok {
			drawn[line.Text] = true
		}
	})
	if !drawn["Checking one port after the other"] || !drawn["30 s"] || box().Width <= short.Width {
		t.Errorf("drawn is %v, %v wide, before %v", drawn, box().Width, short.Width)
	}
	if w.Canvas().Focused() != toasts.Action() {
		t.Errorf("the focus is on %T", w.Canvas().Focused())
	}
	toasts.Dismiss()
	if w.Canvas().Focused() != nil {
		t.Error("the button of a message that is gone has the focus")
	}
}

// TestToastHasTheRoomItNeeds: a message is no higher than its lines, and its action is below the
// text where it would leave it a narrow column.
func TestToastHasTheRoomItNeeds(t *testing.T) {
	look(t, theme.VariantLight)
	toasts := kit.NewToasts(nil)
	show(t, toasts.Layer())
	toast := func(m kit.Message) (box fyne.CanvasObject, text *kit.Prose) {
		toasts.Show(m)
		walk(toasts.Layer(), func(o fyne.CanvasObject) {
			if prose, ok := o.(*kit.Prose); ok && prose.Text == m.Text {
				text = prose
			}
		})
		return test.WidgetRenderer(toasts.Layer().(fyne.Widget)).Objects()[0], text
	}
	const long = "One port is kept only until this window is closed"
	for width := 60; width < 90; width++ { // whatever its width is, rounded or not
		if box, _ := toast(kit.Message{Text: strings.Repeat("i", width), Action: "Undo"}); box.Size().Height != 44 {
			t.Errorf("a short message of %d letters is %v high", width, box.Size().Height)
		}
	}
	for name, c := range map[string]struct {
		left  float32
		m     kit.Message
		lines float32
		below float32
	}{
		"one line":            {0, kit.Message{Text: long, Action: "Save it"}, 1, 0},
		"two lines":           {250, kit.Message{Text: long, Action: "Save it"}, 2, 0},
		"the action below":    {250, kit.Message{Text: long, Action: "Save it in the keyring"}, 2, 30},
		"without an action":   {300, kit.Message{Text: long}, 2, 0},
		"with a detail below": {250, kit.Message{Text: long, Detail: "soon"}, 3, 0},
	} {
		toasts.SetLeft(c.left)
		box, text := toast(c.m)
		if want := 44 + (c.lines-1)*18 + c.below; box.Size().Height != want {
			t.Errorf("%s: it is %v high, want %v", name, box.Size().Height, want)
		}
		if text.Position().Y != 13 {
			t.Errorf("%s: the text is at %v", name, text.Position().Y)
		}
	}
}
