package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// rowHeight is the height of a row of a list, in device-independent pixels.
const rowHeight = 28

// RowBase is what the rows of a [List] have alike, to be embedded: a background, the ring of
// the keyboard's highlight, and the clicks, which go to the list.
type RowBase struct {
	widget.BaseWidget
	list     *List
	row      int
	modifier fyne.KeyModifier
	open     bool
	hovered  bool
	ringed   bool
	box      *Box // the background, or the ring
	inner    *Box // the background inside the ring
	body     fyne.CanvasObject
}

// Extend must be called once by the constructor of the row. self is the row, list the list
// that has it. left and right are the space beside its background, in device-independent
// pixels.
func (r *RowBase) Extend(self fyne.Widget, list *List, left, right float32, content fyne.CanvasObject) {
	r.list, r.row = list, -1
	r.box, r.inner = NewBox(None, None, 6), NewBox(None, None, 4)
	r.body = Pad(0, right, 0, left, container.NewStack(r.box, Pad(2, 2, 2, 2, r.inner), Pad(0, 8, 0, 8, Middle(content))))
	r.ExtendBaseWidget(self)
}

// Update says which row of the list it is now, and whether that is open or marked. The list's
// update must call it each time.
func (r *RowBase) Update(row int, open bool) {
	if row != r.row {
		r.row, r.hovered = row, false // another row came under the pointer, or none
	}
	r.open = open
	r.paintRow()
}

// Relayout puts the parts of the row where they belong, after one has got another size.
func (r *RowBase) Relayout() { Relayout(r.body) }

// Row returns the index of the row.
func (r *RowBase) Row() int { return r.row }

// Open reports what Update was told.
func (r *RowBase) Open() bool { return r.open }

func (r *RowBase) paintRow() {
	fill, inner := None, None
	switch {
	case r.open:
		fill = Soft
	case r.hovered:
		fill = Hover
	}
	// The ring is a box under another one: half of an edge lies outside the row, where the list
	// cuts it.
	if r.ringed = r.list.HighlightedRow() == r.row; r.ringed {
		inner = fill
		if inner == None {
			inner = r.list.Back
		}
		fill = Accent
	}
	r.box.SetFill(fill)
	r.inner.SetFill(inner)
}

// MouseIn implements desktop.Hoverable.
func (r *RowBase) MouseIn(*desktop.MouseEvent) {
	r.hovered = true
	r.paintRow()
}

// MouseMoved implements desktop.Hoverable.
func (r *RowBase) MouseMoved(event *desktop.MouseEvent) {
	if !r.hovered { // the list was scrolled under the pointer
		r.MouseIn(event)
	}
}

// MouseOut implements desktop.Hoverable.
func (r *RowBase) MouseOut() {
	r.hovered = false
	r.paintRow()
}

// MouseDown implements desktop.Mouseable. Its event has the modifier keys, which that of
// Tapped lacks.
func (r *RowBase) MouseDown(event *desktop.MouseEvent) { r.modifier = event.Modifier }

// MouseUp implements desktop.Mouseable.
func (r *RowBase) MouseUp(*desktop.MouseEvent) {}

// Tapped implements fyne.Tappable.
func (r *RowBase) Tapped(*fyne.PointEvent) { r.list.Tap(r.row, r.modifier) }

// TappedSecondary implements fyne.SecondaryTappable.
func (r *RowBase) TappedSecondary(event *fyne.PointEvent) { r.list.Menu(r.row, event.AbsolutePosition) }

// MinSize implements fyne.CanvasObject.
func (r *RowBase) MinSize() fyne.Size { return fyne.NewSize(60, rowHeight) }

// CreateRenderer implements fyne.Widget.
func (r *RowBase) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }
