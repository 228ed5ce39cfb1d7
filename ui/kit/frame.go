package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// fieldHeight is the height of a field, in device-independent pixels.
const fieldHeight = 34

// fieldBox is the look of a field: its box, a ring over the edge, and a halo around it.
type fieldBox struct {
	box, ring, halo *Box
	cover           *Box  // hides the edge that Fyne draws around a disabled entry
	edge            Color // when nothing is wrong
	failed          bool
}

func newFieldBox() fieldBox {
	b := fieldBox{box: NewBox(Page, Border, 8), ring: NewBox(None, None, 8), halo: NewBox(None, None, 11), cover: NewBox(None, None, 8), edge: Border}
	b.halo.EdgeWidth, b.cover.EdgeWidth = 3, 3
	return b
}

// around returns content between the box and the ring. height may be 0.
func (b *fieldBox) around(height float32, content fyne.CanvasObject) fyne.CanvasObject {
	return Fixed(0, height, container.NewStack(b.box, content, b.cover, b.ring, Pad(-3, -3, -3, -3, b.halo)))
}

func (b *fieldBox) update(focused, disabled bool) {
	edge, ring, halo, cover := b.edge, None, None, None
	b.ring.EdgeWidth = 1.5
	switch {
	case b.failed:
		edge, ring = Danger, Danger
	case focused:
		ring = Accent
	case disabled:
		edge, cover, ring, b.ring.EdgeWidth = ControlLine, b.box.Fill, ControlLine, 1
	}
	if focused {
		halo = Halo
	}
	b.box.SetEdge(edge)
	b.ring.SetEdge(ring)
	b.halo.SetEdge(halo)
	b.cover.SetEdge(cover)
}

// Input is an entry or an area, which a frame can be drawn around.
type Input interface {
	fyne.Widget
	fyne.Focusable
	fyne.Disableable
	framing() *inFrame
}

// inFrame is what an input keeps of its frame.
type inFrame struct {
	frame   *Frame // nil for none
	focused bool
}

func (i *inFrame) framing() *inFrame { return i }

func (i *inFrame) setFocused(focused bool) {
	i.focused = focused
	i.updateFrame()
	if focused && i.frame != nil {
		reveal(i.frame)
	}
}

func (i *inFrame) updateFrame() {
	if i.frame != nil {
		i.frame.update()
	}
}

// Frame is the box around an entry. It shows that the entry has the focus or that its content
// is wrong. The edge that Fyne draws is only one pixel of another colour, at half a pixel.
type Frame struct {
	widget.BaseWidget
	input  Input
	look   fieldBox
	height float32
}

// Framed returns an input in a frame. height is in device-independent pixels; 0 stands for
// the height of the input.
func Framed(input Input, height float32) *Frame {
	f := &Frame{input: input, height: height, look: newFieldBox()}
	input.framing().frame = f
	f.update()
	f.ExtendBaseWidget(f)
	return f
}

// SetEdge changes the edge of the frame while nothing is wrong.
func (f *Frame) SetEdge(edge Color) {
	f.look.edge = edge
	f.update()
}

// SetFailed shows whether the content is wrong.
func (f *Frame) SetFailed(failed bool) {
	f.look.failed = failed
	f.update()
}

func (f *Frame) update() { f.look.update(f.input.framing().focused, f.input.Disabled()) }

// CreateRenderer implements fyne.Widget.
func (f *Frame) CreateRenderer() fyne.WidgetRenderer {
	bare := variation{clear: []fyne.ThemeColorName{theme.ColorNameInputBorder, theme.ColorNameInputBackground}}
	if _, ok := f.input.(*Area); !ok { // below a text that is too long, it looks like a line of the field
		bare.clear = append(bare.clear, theme.ColorNameScrollBar)
	}
	return widget.NewSimpleRenderer(f.look.around(f.height, container.NewThemeOverride(f.input, bare)))
}
