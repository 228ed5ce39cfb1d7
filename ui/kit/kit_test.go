package kit_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/ui/kit"
)

func press(to fyne.Focusable, keys ...fyne.KeyName) {
	for _, key := range keys {
		event := &fyne.KeyEvent{Name: key}
		if keyable, ok := to.(desktop.Keyable); ok {
			keyable.KeyDown(event)
		}
		to.TypedKey(event)
	}
}

func window(t *testing.T, content fyne.CanvasObject) fyne.Window {
	t.Helper()
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(nil))
	return test.NewTempWindow(t, content)
}

func TestButtonAnswersEnterAndSpace(t *testing.T) {
	taps, escapes := 0, 0
	b := kit.NewButton("x", nil, kit.KeysFunc(func(key fyne.KeyName) bool {
		if key == fyne.KeyEscape {
			escapes++
		}
		return key == fyne.KeyEscape
	}), func() { taps++ })
	window(t, b)
	press(b, fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyEscape)
	if taps != 3 || escapes != 1 {
		t.Errorf("%d taps and %d escapes, want 3 and 1", taps, escapes)
	}
	b.Disable()
	press(b, fyne.KeyReturn)
	if taps != 3 {
		t.Error("a disabled button answered")
	}
}

// clip is a clipboard in memory.
type clip struct{ text string }

func (c *clip) Content() string     { return c.text }
func (c *clip) SetContent(s string) { c.text = s }

// TestSecretEntryLetsNothingOut: copy, cut and undo give away no secret, hidden or shown
// (docs/security.md, line 20).
func TestSecretEntryLetsNothingOut(t *testing.T) {
	e := kit.NewSecretEntry(nil)
	window(t, e)
	test.Type(e, "canary")
	for _, revealed := range []bool{false, true} {
		if revealed {
			e.Reveal()
		}
		board := &clip{}
		e.TypedShortcut(&fyne.ShortcutSelectAll{})
		e.TypedShortcut(&fyne.ShortcutCopy{Clipboard: board})
		e.TypedShortcut(&fyne.ShortcutCut{Clipboard: board})
		if board.text != "" || e.Text != "canary" {
			t.Errorf("revealed %v: the clipboard holds %q, the entry %q", revealed, board.text, e.Text)
		}
	}
	e.SetSecret(authclient.Secret{})
	if e.Revealed() {
		t.Error("an emptied entry stays revealed")
	}
	e.TypedShortcut(&fyne.ShortcutUndo{})
	e.Undo()
	if e.Text != "" {
		t.Errorf("undo brought %q back", e.Text)
	}
	test.Type(e, "again")
	if e.Text != "again" {
		t.Errorf("after emptying, typing gives %q", e.Text)
	}
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: &clip{" pasted "}})
	if e.Text != "again pasted " {
		t.Errorf("a paste into a secret changed it: %q", e.Text)
	}
}

// TestPasteIntoSecretEntry: line breaks around a pasted text, as spreadsheets and mail
// programs add, are no part of it. One inside, and what cannot be seen, is refused.
func TestPasteIntoSecretEntry(t *testing.T) {
	for _, c := range []struct {
		pasted, want string
		why          error
	}{
		{pasted: "secret", want: "old secret"},
		{pasted: "secret\r\n", want: "old secret"},
		{pasted: "\n\r\n é\u00a0€ \n", want: "old  é\u00a0€ "},
		{pasted: "\r\n", want: "old "},
		{pasted: "one\ntwo", want: "old ", why: kit.ErrLines},
		{pasted: "one\rtwo\n", want: "old ", why: kit.ErrLines},
		{pasted: "secret\u200b", want: "old ", why: kit.ErrUnseen},
		{pasted: "secret\tport", want: "old ", why: kit.ErrUnseen},
		{pasted: "\ufeffsecret", want: "old ", why: kit.ErrUnseen},
		{pasted: "secret\x00", want: "old ", why: kit.ErrUnseen},
	} {
		e := kit.NewSecretEntry(nil)
		window(t, e)
		var why error
		e.PasteRefused = func(err error) { why = err }
		test.Type(e, "old ")
		e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: &clip{c.pasted}})
		if e.Text != c.want || why != c.why {
			t.Errorf("%+q: the entry has %+q, want %+q; refused: %v, want %v", c.pasted, e.Text, c.want, why, c.why)
		}
	}
}

func TestSecretEntryDetectsCapsLock(t *testing.T) {
	e := kit.NewSecretEntry(nil)
	window(t, e)
	var seen []bool
	e.CapsLock = func(on bool) { seen = append(seen, on) }
	e.TypedRune('a')
	e.TypedRune('A')
	e.TypedRune('7')
	e.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	e.TypedRune('A')
	e.TypedRune('a')
	e.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	want := []bool{false, true, false, true}
	if len(seen) != len(want) {
		t.Fatalf("seen %v, want %v", seen, want)
	}
	for i := range want {
		if seen[i] != want[i] {
			t.Errorf("seen %v, want %v", seen, want)
		}
	}
}

func TestEntriesTrimPastedText(t *testing.T) {
	for name, e := range map[string]fyne.Focusable{"entry": kit.NewEntry(nil), "select": kit.NewSelectEntry(nil)} {
		w := window(t, e.(fyne.CanvasObject))
		w.Canvas().Focus(e)
		e.(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutPaste{Clipboard: &clip{"\u00a0MTP\r\n"}})
		var got string
		switch e := e.(type) {
		case *kit.Entry:
			got = e.Text
		case *kit.SelectEntry:
			got = e.Text
		}
		if got != "MTP" {
			t.Errorf("%s: pasting gives %q", name, got)
		}
	}
}

func TestChoiceIsOneTabStop(t *testing.T) {
	var selected []int
	submitted := 0
	c := kit.NewChoice(nil, func(i int) { selected = append(selected, i) }, "Production", "Test")
	c.OnSubmitted = func() { submitted++ }
	before, after := kit.NewEntry(nil), kit.NewEntry(nil)
	w := window(t, container.NewVBox(before, c, after))
	w.Canvas().Focus(before)
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != c {
		t.Fatal("the choice is no stop of the Tab key")
	}
	press(c, fyne.KeyRight, fyne.KeyRight, fyne.KeyLeft, fyne.KeySpace, fyne.KeySpace, fyne.KeyReturn)
	if len(selected) != 4 || selected[0] != 1 || selected[1] != 0 || selected[2] != 1 || selected[3] != 0 || submitted != 1 {
		t.Errorf("the keys chose %v and submitted %d times", selected, submitted)
	}
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != after {
		t.Error("the choice is more than one stop")
	}
	test.TapAt(c, fyne.NewPos(c.MinSize().Width-5, 10))
	if c.Selected() != 1 || w.Canvas().Focused() != c {
		t.Error("a tap does not choose")
	}
}

func TestListKeys(t *testing.T) {
	rows := 50
	l := kit.NewList(nil, func() int { return rows },
		func() fyne.CanvasObject { return widget.NewLabel("row") }, func(int, fyne.CanvasObject) {})
	selected, deleted, typed := -1, -1, ""
	l.OnOpen = func(i int) { selected = i }
	l.OnDelete = func(i int) { deleted = i }
	l.OnTyped = func(r rune) { typed += string(r) }
	w := window(t, l)
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
	window(t, l)
	l.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	press(l, fyne.KeyDown, fyne.KeySpace)
	if l.Row() != 1 {
		t.Errorf("after Shift+Down the row is %d, want 1", l.Row())
	}
}

func TestFieldMessages(t *testing.T) {
	f := kit.NewField("Label", kit.NewEntry(nil))
	window(t, f.Body())
	low := f.Body().MinSize().Height
	f.Hint("hint")
	if f.Failed() || f.Message() != "hint" || f.Body().MinSize().Height <= low {
		t.Error("a hint is not shown")
	}
	f.Fail("wrong")
	f.Hint("hint")
	f.Warn("warning")
	if !f.Failed() || f.Message() != "wrong" {
		t.Errorf("the error became %q", f.Message())
	}
	f.Clear()
	if f.Failed() || f.Message() != "" || f.Body().MinSize().Height != low {
		t.Error("the line is not cleared")
	}
}

func TestAsk(t *testing.T) {
	entry := kit.NewEntry(nil)
	w := window(t, entry)
	w.Resize(fyne.NewSize(600, 400))
	w.Canvas().Focus(entry)
	var said string
	ask := func() *kit.Dialog {
		said = ""
		return kit.Ask(w.Canvas(), kit.Question{
			Title: "Title", Text: "Text", Closed: func() { said += "closed " },
			Answers: []kit.Answer{
				{Text: "More", Do: func() { said += "more " }, Stay: true},
				{Text: "No", Do: func() { said += "no" }}, {Text: "Yes", Do: func() { said += "yes" }},
			},
		})
	}
	a := ask()
	if w.Canvas().Focused() != a.Buttons[2] {
		t.Fatal("the default answer does not have the focus")
	}
	press(w.Canvas().Focused(), fyne.KeyReturn)
	if said != "closed yes" || w.Canvas().Focused() != entry || w.Canvas().Overlays().Top() != nil {
		t.Errorf("Enter: said %q, focus %T", said, w.Canvas().Focused())
	}
	ask()
	press(w.Canvas().Focused(), fyne.KeyEscape)
	if said != "closed " || w.Canvas().Focused() != entry {
		t.Errorf("Escape: said %q", said)
	}
	a = ask()
	test.Tap(a.Buttons[0])
	a.SetText("One\nTwo\nThree")
	if said != "more " || w.Canvas().Overlays().Top() == nil {
		t.Errorf("an answer that stays: said %q", said)
	}
	said = ""
	test.Tap(a.Buttons[1])
	if said != "closed no" {
		t.Errorf("a tap: said %q", said)
	}
}

// TestOnRevealIsCalled: OnReveal is called whether a tap or a method shows the secret.
func TestOnRevealIsCalled(t *testing.T) {
	e := kit.NewSecretEntry(nil)
	var told []bool
	e.OnReveal = func(shown bool) { told = append(told, shown) }
	window(t, e)
	eye := e.ActionItem.(fyne.Tappable)
	test.Tap(eye)
	test.Tap(eye)
	e.Reveal()
	e.SetSecret(authclient.NewSecret("x"))
	if want := []bool{true, false, true, false}; !slices.Equal(told, want) || e.Revealed() {
		t.Errorf("told %v, want %v; shown %v", told, want, e.Revealed())
	}
}

// TestPane: the keyboard scrolls through the whole of a long text.
func TestPane(t *testing.T) {
	submitted := 0
	text := strings.Repeat("line\n", 100) + "last"
	p := kit.NewPane(nil, text)
	p.OnSubmitted = func() { submitted++ }
	w := window(t, p)
	w.Resize(fyne.NewSize(200, 120))
	offset := func() float32 {
		return test.WidgetRenderer(p).Objects()[0].(*fyne.Container).Objects[1].(*container.Scroll).Offset.Y
	}
	press(p, fyne.KeyDown)
	line := offset()
	if line <= 0 {
		t.Error("Down does not scroll")
	}
	press(p, fyne.KeyPageDown)
	if offset() < line+50 {
		t.Errorf("Page Down scrolls from %v to %v", line, offset())
	}
	press(p, fyne.KeyEnd)
	end := offset()
	press(p, fyne.KeyDown, fyne.KeyPageDown)
	if end < 1000 || offset() != end {
		t.Errorf("the end is at %v, and beyond it at %v", end, offset())
	}
	press(p, fyne.KeyUp, fyne.KeyPageUp)
	if offset() >= end {
		t.Error("Up and Page Up do not scroll")
	}
	press(p, fyne.KeyHome)
	if offset() != 0 {
		t.Errorf("Home scrolls to %v", offset())
	}
	press(p, fyne.KeyReturn)
	if submitted != 1 || p.Text() != text {
		t.Errorf("%d submissions", submitted)
	}
}
