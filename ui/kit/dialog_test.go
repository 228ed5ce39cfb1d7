package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/ui/kit"
)

// asked opens a dialog over an entry that has the focus. said is what it has called.
func asked(t *testing.T) (w fyne.Window, entry *kit.Entry, ask func() *kit.Dialog, said *string) {
	t.Helper()
	look(t, theme.VariantLight)
	entry, said = kit.NewEntry(nil), new(string)
	w = show(t, entry)
	w.Canvas().Focus(entry)
	return w, entry, func() *kit.Dialog {
		*said = ""
		return kit.Ask(w.Canvas(), kit.Question{
			Title: "Title", Text: "Text", Closed: func() { *said += "closed " }, Escaped: func() { *said += "escaped" },
			Answers: []kit.Answer{
				{Text: "More", Do: func() { *said += "more " }, Stay: true},
				{Text: "No", Do: func() { *said += "no" }}, {Text: "Yes", Do: func() { *said += "yes" }},
			},
		})
	}, said
}

// TestDialogIsClosedOnce: each way to close a dialog calls what belongs to it, and gives the
// focus back.
func TestDialogIsClosedOnce(t *testing.T) {
	w, entry, ask, said := asked(t)
	for _, c := range []struct {
		name  string
		close func(d *kit.Dialog)
		want  string
	}{
		{"Enter", func(*kit.Dialog) { press(w.Canvas().Focused(), fyne.KeyReturn) }, "closed yes"},
		{"Default", func(d *kit.Dialog) { d.Default() }, "closed yes"},
		{"a click", func(d *kit.Dialog) { test.Tap(d.Buttons[1]) }, "closed no"},
		{"the Escape key", func(*kit.Dialog) { press(w.Canvas().Focused(), fyne.KeyEscape) }, "closed escaped"},
		{"Escape", func(d *kit.Dialog) { d.Escape() }, "closed escaped"},
		{"Close", func(d *kit.Dialog) { d.Close() }, "closed "},
	} {
		d := ask()
		if w.Canvas().Focused() != d.Buttons[2] {
			t.Fatalf("%s: the default answer does not have the focus", c.name)
		}
		c.close(d)
		if *said != c.want || w.Canvas().Focused() != entry || w.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: said %q, want %q; the focus is on %T", c.name, *said, c.want, w.Canvas().Focused())
		}
	}
}

// TestAnswerThatStays: the dialog stays open, with the text that the answer gives it.
func TestAnswerThatStays(t *testing.T) {
	w, _, ask, said := asked(t)
	d := ask()
	test.Tap(d.Buttons[0])
	d.SetText("One\nTwo\nThree")
	if *said != "more " || w.Canvas().Overlays().Top() == nil || d.Title() != "Title" || d.Text() != "One\nTwo\nThree" {
		t.Errorf("said %q, and the dialog has %q, %q", *said, d.Title(), d.Text())
	}
}

// TestHeldKeyDoesNotAnswer: a key that went down before the dialog was open answers nothing.
func TestHeldKeyDoesNotAnswer(t *testing.T) {
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyEscape} {
		w, _, ask, said := asked(t)
		ask()
		for range 10 {
			w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
		}
		if *said != "" {
			t.Errorf("a held %s said %q", key, *said)
		}
	}
}

// TestDialogProblem: an error is shown below the content, and the input has the focus then.
func TestDialogProblem(t *testing.T) {
	look(t, theme.VariantLight)
	w := show(t, kit.NewEntry(nil))
	input := kit.NewEntry(nil)
	d := kit.Ask(w.Canvas(), kit.Question{
		Title: "Title", Closed: func() {}, Answers: []kit.Answer{{Text: "Yes"}},
		Content: func(kit.Keys) (fyne.CanvasObject, fyne.Focusable) { return kit.Framed(input, 34), input },
	})
	if w.Canvas().Focused() != input || d.Problem() != "" {
		t.Fatalf("at first the focus is on %T, the error is %q", w.Canvas().Focused(), d.Problem())
	}
	top := func() float32 { return fyne.CurrentApp().Driver().AbsolutePositionForObject(d.Buttons[0]).Y }
	low := top()
	w.Canvas().Focus(d.Buttons[0])
	d.Fail("wrong")
	if w.Canvas().Focused() != input || d.Problem() != "wrong" || top() <= low {
		t.Errorf("the focus is on %T, the error is %q, the button at %v", w.Canvas().Focused(), d.Problem(), top())
	}
	d.Fail("")
	if d.Problem() != "" || top() != low {
		t.Errorf("the error %q is not removed: the button is at %v, before at %v", d.Problem(), top(), low)
	}
}

// TestDialogAtTheTop: as a palette is, unless the window is too low for that.
func TestDialogAtTheTop(t *testing.T) {
	look(t, theme.VariantLight)
	w := show(t, kit.NewEntry(nil))
	input := kit.NewEntry(nil)
	kit.Ask(w.Canvas(), kit.Question{
		Top: 40, Closed: func() {},
		Content: func(kit.Keys) (fyne.CanvasObject, fyne.Focusable) { return kit.Framed(input, 34), input },
	})
	if y := fyne.CurrentApp().Driver().AbsolutePositionForObject(input).Y; y < 50 || y > 80 {
		t.Errorf("the entry is at %v, want it just below 40", y)
	}
	w.Resize(fyne.NewSize(300, 100))
	if end := fyne.CurrentApp().Driver().AbsolutePositionForObject(input).Y + input.Size().Height; end > 100 {
		t.Errorf("in a low window the entry ends at %v", end)
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

// TestDialogFailsAtAField: the error is at the field that it is about, and not there any more
// once another one is shown.
func TestDialogFailsAtAField(t *testing.T) {
	look(t, theme.VariantLight)
	w := show(t, kit.NewEntry(nil))
	var first, second *kit.LabelledField
	d := kit.Ask(w.Canvas(), kit.Question{Title: "Title", Closed: func() {}, Answers: []kit.Answer{{Text: "Yes"}},
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			first, second = kit.NewLabelledField("File", kit.NewEntry(keys)), kit.NewLabelledField("Passphrase", kit.NewEntry(keys))
			return kit.Column(14, first, second), first.Input()
		}})
	see := func(problem string, at *kit.LabelledField) {
		t.Helper()
		if d.Problem() != problem || first.Failed() != (at == first) || second.Failed() != (at == second) {
			t.Errorf("the problem is %q, want %q; at the fields: %t, %t", d.Problem(), problem, first.Failed(), second.Failed())
		}
	}
	d.FailAt(second, "wrong passphrase")
	see("wrong passphrase", second)
	if w.Canvas().Focused() != second.Input() {
		t.Errorf("%T has the focus", w.Canvas().Focused())
	}
	d.FailAt(first, "no file")
	see("no file", first)
	d.Fail("no keyring")
	see("no keyring", nil)
	d.FailAt(first, "no file")
	d.Fail("")
	see("", nil)
}
