package kit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// How long the pointer must stay until a tooltip is shown, and how long it is shown. It goes by
// itself because nobody is told when the pointer jumps out of the window (Fyne 2.8.1).
const (
	tipDelay = 600 * time.Millisecond
	tipTime  = 4 * time.Second
)

// Tips is the layer in which tooltips are drawn. It lies over all else in a window and takes no
// clicks. The window has it in one of the containers of its content, where [TipsOf] finds it;
// so it lives as long as the content does.
type Tips struct {
	widget.BaseWidget
	after func(time.Duration, func()) (stop func())

	owner fyne.CanvasObject // what the tooltip is of, nil for none
	stop  func()            // stops the timer
	turn  int               // of the timer: one that was stopped may have fired already
	text  *Text
	label *fyne.Container
}

// NewTips returns a layer without a tooltip. after calls a function later, on the goroutine of
// the window, unless the function that it returns is called before. nil stands for a timer.
func NewTips(after func(d time.Duration, f func()) (stop func())) *Tips {
	if after == nil {
		after = func(d time.Duration, f func()) func() {
			timer := time.AfterFunc(d, func() { fyne.Do(f) })
			return func() { timer.Stop() }
		}
	}
	t := &Tips{after: after, text: NewElided("", CaptionMedium, OnToast)}
	back := NewBox(Toast, None, 6)
	back.Shade = Hovering
	t.label = container.NewStack(back, Pad(4, 8, 5, 8, t.text))
	t.label.Hide()
	t.ExtendBaseWidget(t)
	return t
}

// TipsOf returns the layer of the window that an object is in, or nil. The methods of a nil
// layer do nothing.
func TipsOf(object fyne.CanvasObject) *Tips {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(object); canvas != nil {
		return findTips(canvas.Content())
	}
	return nil
}

// findTips looks into containers and not into widgets, from the top.
func findTips(object fyne.CanvasObject) *Tips {
	switch o := object.(type) {
	case *Tips:
		return o
	case *fyne.Container:
		for i := len(o.Objects) - 1; i >= 0; i-- {
			if found := findTips(o.Objects[i]); found != nil {
				return found
			}
		}
	}
	return nil
}

// Enter tells that the pointer came to a widget, which has a tooltip unless it is empty.
func (t *Tips) Enter(owner fyne.CanvasObject, tip string) {
	if t == nil {
		return
	}
	t.Dismiss()
	if tip != "" {
		t.owner = owner
		t.later(tipDelay, func() { t.show(tip) })
	}
}

// Leave tells that the pointer left a widget.
func (t *Tips) Leave(owner fyne.CanvasObject) {
	if t != nil && t.owner == owner {
		t.Dismiss()
	}
}

// Dismiss hides the tooltip, and shows none until the pointer comes to a widget again.
func (t *Tips) Dismiss() {
	if t == nil {
		return
	}
	t.cancel()
	t.owner = nil
	if t.label.Visible() {
		t.label.Hide()
	}
}

// Shown returns the tooltip that is shown, or "".
func (t *Tips) Shown() string {
	if t == nil || !t.label.Visible() {
		return ""
	}
	return t.text.Text
}

func (t *Tips) later(d time.Duration, f func()) {
	t.cancel()
	turn := t.turn
	t.stop = t.after(d, func() {
		if turn == t.turn {
			f()
		}
	})
}

func (t *Tips) cancel() {
	t.turn++
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
}

// show shows a tooltip below its owner, or above where there is no space, inside the window.
func (t *Tips) show(tip string) {
	t.later(tipTime, t.Dismiss)
	if !t.owner.Visible() {
		return
	}
	const edge, gap = 8, 6
	driver := fyne.CurrentApp().Driver()
	at := driver.AbsolutePositionForObject(t.owner).Subtract(driver.AbsolutePositionForObject(t))
	of, window := t.owner.Size(), t.Size()
	t.text.SetText(tip)
	size := t.label.MinSize()
	size.Width = min(up(CaptionMedium.Width(tip))+16, window.Width-2*edge)
	x := max(edge, min(at.X+(of.Width-size.Width)/2, window.Width-edge-size.Width))
	y := at.Y + of.Height + gap
	if y+size.Height > window.Height-edge {
		y = max(edge, at.Y-gap-size.Height)
	}
	t.label.Move(fyne.NewPos(whole(x), whole(y)))
	t.label.Resize(size)
	t.label.Show()
}

// MinSize implements fyne.CanvasObject.
func (t *Tips) MinSize() fyne.Size { return fyne.Size{} }

// CreateRenderer implements fyne.Widget.
func (t *Tips) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout(t.label))
}
