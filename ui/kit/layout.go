package kit

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// The layouts put everything at whole device-independent pixels. A gap is between two objects
// that are visible. The height of a text that wraps follows its width, so that an object gets
// its width before it is asked for its height.

func whole(f float32) float32 { return float32(math.Round(float64(f))) }

// Column returns objects one below the other, each as wide as the column. Those of [Grow]
// share the height that is left.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(columnLayout{gap}, objects...)
}

// Row returns objects beside each other, in the middle of the row's height. Those of [Grow]
// share the width that is left.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(rowLayout{gap, false}, objects...)
}

// TopRow is Row with the objects at the top.
func TopRow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(rowLayout{gap, true}, objects...)
}

func visible(objects []fyne.CanvasObject) []fyne.CanvasObject {
	var shown []fyne.CanvasObject
	for _, o := range objects {
		if o.Visible() {
			shown = append(shown, o)
		}
	}
	return shown
}

type columnLayout struct{ gap float32 }

func (l columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for i, o := range visible(objects) {
		least := o.MinSize()
		size.Width = max(size.Width, least.Width)
		size.Height += least.Height
		if i > 0 {
			size.Height += l.gap
		}
	}
	return size
}

func (l columnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects = visible(objects)
	free, growing := size.Height-l.gap*float32(len(objects)-1), 0
	for _, o := range objects {
		if o.Size().Width != size.Width {
			o.Resize(fyne.NewSize(size.Width, max(o.Size().Height, 1)))
		}
		free -= o.MinSize().Height
		if grows(o) {
			growing++
		}
	}
	y := float32(0)
	for _, o := range objects {
		height := o.MinSize().Height
		if grows(o) {
			height = max(0, height+free/float32(growing))
		}
		o.Move(fyne.NewPos(0, whole(y)))
		o.Resize(fyne.NewSize(size.Width, whole(height)))
		y += height + l.gap
	}
}

type rowLayout struct {
	gap float32
	top bool
}

func (l rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for i, o := range visible(objects) {
		least := o.MinSize()
		size.Height = max(size.Height, least.Height)
		size.Width += least.Width
		if i > 0 {
			size.Width += l.gap
		}
	}
	return size
}

func (l rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects = visible(objects)
	free, growing := size.Width-l.gap*float32(len(objects)-1), 0
	for _, o := range objects {
		free -= o.MinSize().Width
		if grows(o) {
			growing++
		}
	}
	x := float32(0)
	for _, o := range objects {
		width := o.MinSize().Width
		if grows(o) {
			width = max(0, width+free/float32(growing))
		}
		if o.Size().Width != whole(width) {
			o.Resize(fyne.NewSize(whole(width), max(o.Size().Height, 1)))
		}
		height, y := o.MinSize().Height, float32(0)
		if !l.top {
			y = (size.Height - height) / 2
		}
		o.Move(fyne.NewPos(whole(x), whole(y)))
		o.Resize(fyne.NewSize(whole(width), whole(height)))
		x += width + l.gap
	}
}

// grower marks an object of a row or a column.
type grower struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

// Grow marks an object as one that takes the space that a row or a column has left.
func Grow(content fyne.CanvasObject) fyne.CanvasObject {
	g := &grower{content: content}
	g.ExtendBaseWidget(g)
	return g
}

func (g *grower) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(g.content) }
func (g *grower) MinSize() fyne.Size                  { return g.content.MinSize() }

func grows(o fyne.CanvasObject) bool {
	_, ok := o.(*grower)
	return ok
}

// Spring returns empty space that grows.
func Spring() fyne.CanvasObject { return Grow(container.NewWithoutLayout()) }

// Space returns empty space of a size.
func Space(width, height float32) fyne.CanvasObject {
	return Fixed(width, height, container.NewWithoutLayout())
}

type padLayout struct{ top, right, bottom, left float32 }

// Pad returns content with space around it. A negative space lets it stand out.
func Pad(top, right, bottom, left float32, content fyne.CanvasObject) *fyne.Container {
	return container.New(padLayout{top, right, bottom, left}, content)
}

func (l padLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(l.left+l.right, l.top+l.bottom)
}

func (l padLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(l.left, l.top))
	objects[0].Resize(fyne.NewSize(size.Width-l.left-l.right, size.Height-l.top-l.bottom))
}

type fixedLayout struct{ width, height float32 }

// Fixed returns content with a given minimum width and height. 0 stands for its own.
func Fixed(width, height float32, content fyne.CanvasObject) *fyne.Container {
	return container.New(fixedLayout{width, height}, content)
}

func (l fixedLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := objects[0].MinSize()
	if l.width > 0 {
		size.Width = l.width
	}
	if l.height > 0 {
		size.Height = l.height
	}
	return size
}

func (l fixedLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

type middleLayout struct{ horizontal bool }

// Middle returns content in the middle of the height, as wide as there is space.
func Middle(content fyne.CanvasObject) *fyne.Container {
	return container.New(middleLayout{false}, content)
}

// Center returns content in the middle.
func Center(content fyne.CanvasObject) *fyne.Container {
	return container.New(middleLayout{true}, content)
}

func (l middleLayout) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (l middleLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	least, at := objects[0].MinSize(), fyne.Position{}
	if l.horizontal {
		at.X = whole((size.Width - least.Width) / 2)
	} else {
		least.Width = size.Width
	}
	at.Y = whole((size.Height - least.Height) / 2)
	objects[0].Move(at)
	objects[0].Resize(least)
}

type atMostLayout struct {
	width  float32
	center func() bool
}

// AtMost returns content that is no wider than width, at the left, or in the middle while
// center says so. center may be nil.
func AtMost(width float32, center func() bool, content fyne.CanvasObject) *fyne.Container {
	return container.New(atMostLayout{width, center}, content)
}

func (l atMostLayout) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (l atMostLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width, x := min(size.Width, l.width), float32(0)
	if l.center != nil && l.center() {
		x = whole((size.Width - width) / 2)
	}
	objects[0].Move(fyne.NewPos(x, 0))
	objects[0].Resize(fyne.NewSize(width, size.Height))
}

// Flow is a row that breaks where it is too long.
type Flow struct {
	widget.BaseWidget
	gap     float32
	width   float32
	content *fyne.Container
}

// NewFlow returns a row that breaks, with a gap between objects and between lines.
func NewFlow(gap float32, objects ...fyne.CanvasObject) *Flow {
	f := &Flow{gap: gap, width: 2000, content: container.NewWithoutLayout(objects...)}
	f.ExtendBaseWidget(f)
	return f
}

// SetObjects replaces the objects.
func (f *Flow) SetObjects(objects ...fyne.CanvasObject) {
	f.content.Objects = objects
	f.Refresh()
}

// place puts the objects where they belong, and returns the height.
func (f *Flow) place() float32 {
	x, y, line := float32(0), float32(0), float32(0)
	for _, o := range visible(f.content.Objects) {
		size := o.MinSize()
		if x > 0 && x+size.Width > f.width {
			x, y, line = 0, y+line+f.gap, 0
		}
		o.Move(fyne.NewPos(whole(x), whole(y)))
		o.Resize(size)
		x += size.Width + f.gap
		line = max(line, size.Height)
	}
	return y + line
}

// MinSize implements fyne.CanvasObject.
func (f *Flow) MinSize() fyne.Size {
	width := float32(0)
	for _, o := range visible(f.content.Objects) {
		width = max(width, o.MinSize().Width)
	}
	return fyne.NewSize(width, f.place())
}

// Resize implements fyne.CanvasObject.
func (f *Flow) Resize(size fyne.Size) {
	f.width = size.Width
	f.place()
	f.BaseWidget.Resize(size)
}

// Refresh implements fyne.CanvasObject.
func (f *Flow) Refresh() {
	f.place()
	f.BaseWidget.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (f *Flow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.content) }

type equalLayout struct{ gap float32 }

// Equal returns objects beside each other, all as wide as the widest.
func Equal(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(equalLayout{gap}, objects...)
}

func (l equalLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	size.Width = size.Width*float32(len(objects)) + l.gap*float32(len(objects)-1)
	return size
}

func (l equalLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := (size.Width - l.gap*float32(len(objects)-1)) / float32(len(objects))
	for i, o := range objects {
		left, right := whole(float32(i)*(width+l.gap)), whole(float32(i)*(width+l.gap)+width)
		o.Move(fyne.NewPos(left, 0))
		o.Resize(fyne.NewSize(right-left, size.Height))
	}
}

// Relayout puts everything in an object where it belongs, after objects in it were shown, hidden
// or have got another size. [fyne.Container.Refresh] does so too, but draws all of it again,
// which takes ten times as long.
func Relayout(o fyne.CanvasObject) {
	if !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *fyne.Container:
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
		for _, each := range o.Objects {
			Relayout(each)
		}
	case *grower:
		o.content.Resize(o.Size())
		Relayout(o.content)
	case *container.Scroll:
		size := o.Size()
		o.Resize(size.AddWidthHeight(0, 1)) // the same size would do nothing
		o.Resize(size)
		Relayout(o.Content)
	case *Flow:
		o.place()
	}
}
