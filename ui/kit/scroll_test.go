package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"amarre/ui/kit"
)

// TestFocusScrolls: what the keyboard goes to is seen, on a page and in a dialog.
func TestFocusScrolls(t *testing.T) {
	test.NewTempApp(t)
	fields := func() (column *fyne.Container, entries []*kit.Entry) {
		column = kit.Column(10)
		for range 20 {
			entry := kit.NewEntry(nil)
			entries = append(entries, entry)
			column.Add(kit.NewLabelledField("Label", entry))
		}
		return column, entries
	}
	win := test.NewTempWindow(t, nil)
	column, entries := fields()
	scroll := container.NewVScroll(column)
	win.SetContent(container.NewStack(scroll))
	win.Resize(fyne.NewSize(400, 300))
	check := func(where string, entries []*kit.Entry) {
		t.Helper()
		for _, entry := range []*kit.Entry{entries[19], entries[0], entries[10]} {
			win.Canvas().Focus(entry)
			y := fyne.CurrentApp().Driver().AbsolutePositionForObject(entry).Y
			if y < 0 || y+entry.Size().Height > 300 {
				t.Errorf("%s: the entry is at %v of 300", where, y)
			}
		}
	}
	check("on a page", entries)

	column, entries = fields()
	kit.Ask(win.Canvas(), kit.Question{
		Content: func(kit.Keys) (fyne.CanvasObject, fyne.Focusable) { return column, entries[0] },
		Answers: []kit.Answer{{Text: "Close"}}, Closed: func() {},
	})
	check("in a dialog", entries)
}
