package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// The space that reveal leaves above an object, where a field has its label, and below it.
const (
	revealAbove = 28
	revealBelow = 12
)

// reveal scrolls what an object is in, so that it is in view: in a low window the Tab key
// comes to what is not.
func reveal(o fyne.CanvasObject) {
	// The driver does not know the canvas and the position of what has not been drawn yet.
	for _, window := range fyne.CurrentApp().Driver().AllWindows() {
		roots := append([]fyne.CanvasObject{window.Canvas().Content()}, window.Canvas().Overlays().List()...)
		for _, root := range slices.Backward(roots) {
			if root == nil { // a window without content
				continue
			}
			if found, ok := around(root, o, place{}); ok {
				found.show(o.Size().Height)
				return
			}
		}
	}
}

// place is where an object is in the innermost scroll that has it.
type place struct {
	scroll *container.Scroll // nil for none
	top    float32           // from the top of the scroll's content
}

// show scrolls so that an object of some height at the place is in view.
func (p place) show(height float32) {
	if p.scroll == nil {
		return
	}
	seen, offset := p.scroll.Size().Height, p.scroll.Offset.Y
	switch top, bottom := p.top-offset, p.top-offset+height; {
	case top < revealAbove:
		offset += top - revealAbove
	case bottom > seen-revealBelow:
		offset += min(bottom-seen+revealBelow, top-revealAbove)
	}
	offset = whole(max(0, min(offset, p.scroll.Content.Size().Height-seen)))
	if offset != p.scroll.Offset.Y {
		p.scroll.ScrollToOffset(fyne.NewPos(0, offset))
	}
}

// around returns the place of an object that is somewhere below root, whose own place is at, if
// both are visible.
func around(root, o fyne.CanvasObject, at place) (found place, ok bool) {
	if !root.Visible() {
		return place{}, false
	}
	if root == o {
		return at, true
	}
	if scroll, ok := root.(*container.Scroll); ok {
		return around(scroll.Content, o, place{scroll: scroll})
	}
	for _, each := range parts(root) {
		if found, ok := around(each, o, place{at.scroll, at.top + each.Position().Y}); ok {
			return found, true
		}
	}
	return place{}, false
}

// Shown reports whether a widget and everything around it is visible. The driver cannot tell: it
// knows no position of what has not been drawn yet.
func Shown(widget fyne.Focusable) bool {
	o, ok := widget.(fyne.CanvasObject)
	if !ok {
		return false
	}
	for _, window := range fyne.CurrentApp().Driver().AllWindows() {
		for _, root := range append([]fyne.CanvasObject{window.Canvas().Content()}, window.Canvas().Overlays().List()...) {
			if root == nil { // a window without content
				continue
			}
			if _, ok := around(root, o, place{}); ok {
				return true
			}
		}
	}
	return false
}

// parts returns what a container has, or a widget of this package that has other objects.
func parts(of fyne.CanvasObject) []fyne.CanvasObject {
	switch o := of.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	case *container.ThemeOverride:
		return []fyne.CanvasObject{o.Content}
	case *dialogLayer:
		return []fyne.CanvasObject{o.scroll, o.buttons}
	case *grower:
		return []fyne.CanvasObject{o.content}
	case *Flow:
		return []fyne.CanvasObject{o.content}
	case *Band:
		return []fyne.CanvasObject{o.body}
	case *LabelledField:
		return []fyne.CanvasObject{o.body}
	case *Frame:
		return []fyne.CanvasObject{o.input}
	case *Split:
		return []fyne.CanvasObject{o.body}
	case *toastLayer:
		if o.toasts.shown != nil {
			return []fyne.CanvasObject{o.toasts.shown.body}
		}
	case interface{ drawn() *fyne.Container }: // a widget made of a touch
		if body := o.drawn(); body != nil {
			return []fyne.CanvasObject{body}
		}
	}
	return nil
}
