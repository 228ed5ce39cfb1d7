package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// TestFocusScrollsIntoView: in the least window the Tab key comes to nothing that is out of
// view.
func TestFocusScrollsIntoView(t *testing.T) {
	h := start(t, "fr", nil)
	h.getToken("SET", true)
	h.win.Resize(fyne.NewSize(minWidth, minHeight))
	h.shortcut(fyne.KeyN, ctrl)
	for range 12 {
		h.press(fyne.KeyTab)
		focused := h.win.Canvas().Focused().(fyne.CanvasObject)
		top := fyne.CurrentApp().Driver().AbsolutePositionForObject(focused).Y
		if bottom := top + focused.Size().Height; top < 0 || bottom > minHeight {
			t.Errorf("%T has the focus at %v to %v in a window that is %d high", focused, top, bottom, minHeight)
		}
	}
}
