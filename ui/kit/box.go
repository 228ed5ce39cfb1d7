package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Box is a rectangle in colours of the palette. With an edge it must have a fill: see transparent.
type Box struct {
	widget.BaseWidget
	Fill, Edge Color
	Radius     float32
	EdgeWidth  float32 // 1 unless it is set
	Shade      Shade
	rectangle  *canvas.Rectangle
}

// Shade is the shadow of a box.
type Shade int

// The shadows.
const (
	Flat     Shade = iota
	Slight         // of a button
	Lifted         // of the chosen one of a row of choices
	Hovering       // of a tooltip
	Floating       // of a menu, a dialog or a message
)

// NewBox returns a box. edge may be None.
func NewBox(fill, edge Color, radius float32) *Box {
	b := &Box{Fill: fill, Edge: edge, Radius: radius, EdgeWidth: 1, rectangle: canvas.NewRectangle(nil)}
	b.ExtendBaseWidget(b)
	return b
}

// NewRaised returns the box of a menu or a dialog.
func NewRaised(radius float32) *Box {
	b := NewBox(Raised, Line, radius)
	b.Shade = Floating
	return b
}

// SetFill changes the fill.
func (b *Box) SetFill(fill Color) {
	if b.Fill != fill {
		b.Fill = fill
		b.Refresh()
	}
}

// SetEdge changes the edge.
func (b *Box) SetEdge(edge Color) {
	if b.Edge != edge {
		b.Edge = edge
		b.Refresh()
	}
}

// Refresh implements fyne.CanvasObject.
func (b *Box) Refresh() {
	b.paint()
	b.rectangle.Refresh()
}

func (b *Box) paint() {
	r := b.rectangle
	r.CornerRadius, r.FillColor, r.StrokeWidth = b.Radius, paintOf(b.Fill), 0
	if b.Edge != None {
		r.StrokeColor, r.StrokeWidth = paintOf(b.Edge), b.EdgeWidth
		if b.Fill == None {
			r.FillColor = transparent(b.Edge)
		}
	}
	switch b.Shade {
	case Flat:
		r.Shadow = canvas.Shadow{}
	case Slight:
		r.Shadow = canvas.Shadow{Color: paintOf(LowShadow), BlurRadius: 2, Offset: fyne.NewPos(0, 1), Variant: canvas.DropShadow}
	case Lifted:
		r.Shadow = canvas.Shadow{Color: paintOf(LiftShadow), BlurRadius: 3, Offset: fyne.NewPos(0, 1), Variant: canvas.DropShadow}
	case Hovering:
		r.Shadow = canvas.Shadow{Color: paintOf(Shadow), BlurRadius: 10, Offset: fyne.NewPos(0, 3), Variant: canvas.DropShadow}
	case Floating:
		r.Shadow = canvas.Shadow{Color: paintOf(Shadow), BlurRadius: 24, Offset: fyne.NewPos(0, 8), Variant: canvas.DropShadow}
	}
}

// MinSize implements fyne.CanvasObject.
func (b *Box) MinSize() fyne.Size { return fyne.Size{} }

// CreateRenderer implements fyne.Widget.
func (b *Box) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return widget.NewSimpleRenderer(b.rectangle)
}

// HLine returns a horizontal hairline.
func HLine() fyne.CanvasObject { return Fixed(0, 1, NewBox(Line, None, 0)) }

// VLine returns a vertical hairline.
func VLine() fyne.CanvasObject { return Fixed(1, 0, NewBox(Line, None, 0)) }

// InCard returns content on a box.
func InCard(fill, edge Color, radius float32, content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(NewBox(fill, edge, radius), content)
}
