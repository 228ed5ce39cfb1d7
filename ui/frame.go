package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"amarre/ui/kit"
)

// frame is the window: the list, a hairline, the page, and what floats over them.
type frame struct {
	w    *Window
	root *fyne.Container
	size fyne.Size

	banner *fyne.Container // of the demo, or nil
	side   *fyne.Container
	line   *kit.Box
	pages  *fyne.Container // one of its objects is visible
	shown  page
}

func newFrame(w *Window) *frame {
	f := &frame{w: w, side: container.NewStack(), line: kit.NewBox(kit.Line, kit.None, 0), pages: container.NewStack(), size: fyne.NewSize(defaultWidth, defaultHeight)}
	return f
}

// fill puts the panels into the frame.
func (f *frame) fill() {
	f.side.Objects = []fyne.CanvasObject{f.w.side.content()}
	objects := []fyne.CanvasObject{kit.NewBox(kit.Page, kit.None, 0), f.side, f.line, f.pages, f.w.toasts.Layer(), f.w.tips}
	if demo := f.w.deps.Demo; demo != nil {
		f.banner = f.demoBanner(demo)
		objects = append(objects, f.banner)
	}
	f.root = container.New(frameLayout{f}, objects...)
}

// add adds a page, hidden.
func (f *frame) add(p page) {
	content := p.content()
	content.Hide()
	f.pages.Add(content)
}

// demoBanner says in a demonstration what to try.
func (f *frame) demoBanner(demo *Demo) *fyne.Container {
	t := f.w.t
	text := kit.NewProse(t.T("demo.banner", "Port", demo.PortCode, "ERP", demo.ERPID, "Password", demo.Password), kit.Small, kit.SoftInk)
	fill := kit.NewPush(t.T("demo.fill"), "sailboat", kit.Second, f.w.keys, f.w.p.FillDemo).Small()
	return container.NewStack(kit.NewBox(kit.Soft, kit.None, 0), kit.Pad(6, 12, 6, 16, kit.Row(12, kit.Grow(text), fill)))
}

// show shows a page, and draws it.
func (f *frame) show(shown page) {
	welcoming := f.w.p.Welcoming()
	if f.side.Visible() == welcoming {
		kit.SetVisible(f.side, !welcoming)
		kit.SetVisible(f.line, !welcoming)
		f.root.Layout.Layout(f.root.Objects, f.root.Size())
	}
	shown.update()
	if f.shown == shown {
		return
	}
	f.shown = shown
	for _, each := range f.pages.Objects {
		each.Hide()
	}
	shown.content().Show()
	kit.Relayout(f.pages)
}

// sideWidth returns the width of the list.
func (f *frame) sideWidth() float32 {
	switch width := f.size.Width; {
	case width >= 1200:
		return 320
	case width >= 900:
		return 300
	case width >= 700:
		return 248
	}
	return 216
}

// gutter returns the space at the left and the right of a page.
func (f *frame) gutter() float32 {
	switch width := f.size.Width; {
	case width >= 900:
		return 32
	case width >= 700:
		return 24
	}
	return 16
}

// low reports whether the window is low, so that space between things is small.
func (f *frame) low() bool { return f.size.Height < 560 }

// narrow reports whether some buttons have no room for their words.
func (f *frame) narrow() bool { return f.size.Width < 760 }

// tokenSize returns the size of a token's letters.
func (f *frame) tokenSize() float32 {
	switch width := f.size.Width; {
	case width >= 900:
		return 28
	case width >= 700:
		return 22
	}
	return 18
}

// pageWidth is the greatest width of what a page holds.
const pageWidth = 640

// wide reports whether the content of a page is in its middle.
func (f *frame) wide() bool { return f.size.Width >= 1200 }

type frameLayout struct{ f *frame }

func (frameLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(minWidth, minHeight) }

func (l frameLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f, top := l.f, float32(0)
	before := [4]any{f.gutter(), f.tokenSize(), f.low(), f.narrow()}
	f.size = size
	place := func(o fyne.CanvasObject, x, y, width, height float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(width, height))
	}
	place(objects[0], 0, 0, size.Width, size.Height)
	if f.banner != nil {
		f.banner.Resize(fyne.NewSize(size.Width, f.banner.MinSize().Height))
		top = f.banner.MinSize().Height
		place(f.banner, 0, 0, size.Width, top)
	}
	left := float32(0)
	if f.side.Visible() {
		left = f.sideWidth()
		place(f.side, 0, top, left, size.Height-top)
		place(f.line, left, top, 1, size.Height-top)
		left++
	}
	f.w.toasts.SetLeft(left)
	place(f.pages, left, top, size.Width-left, size.Height-top)
	place(f.w.toasts.Layer(), 0, 0, size.Width, size.Height)
	place(f.w.tips, 0, 0, size.Width, size.Height)
	if before != [4]any{f.gutter(), f.tokenSize(), f.low(), f.narrow()} && f.shown != nil {
		f.w.side.resized()
		f.shown.update()
	}
}

// formFoot is the height of the foot of a page.
const formFoot = 54

// sheet returns a page: content that scrolls within its margins, and a foot that does not;
// foot may be nil.
func (f *frame) sheet(content fyne.CanvasObject, foot ...fyne.CanvasObject) fyne.CanvasObject {
	scroll := container.NewVScroll(container.New(marginLayout{f, 24, 24}, content))
	if len(foot) == 0 {
		return scroll
	}
	row := container.New(marginLayout{f, 10, 10}, kit.Row(8, foot...))
	return kit.Column(0, kit.Grow(scroll), container.NewStack(kit.NewBox(kit.Page, kit.None, 0), kit.Column(0, kit.HLine(), row)))
}

// marginLayout puts content within the margins of a page.
type marginLayout struct {
	f           *frame
	top, bottom float32
}

func (l marginLayout) margins() (top, side, bottom float32) {
	if l.f.low() {
		return min(l.top, 14), l.f.gutter(), min(l.bottom, 14)
	}
	return l.top, l.f.gutter(), l.bottom
}

func (l marginLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	top, side, bottom := l.margins()
	return objects[0].MinSize().AddWidthHeight(2*side, top+bottom)
}

func (l marginLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	top, side, _ := l.margins()
	width := min(size.Width-2*side, pageWidth)
	x := side
	if l.f.wide() {
		x = float32(int((size.Width - width) / 2))
	}
	objects[0].Resize(fyne.NewSize(width, objects[0].MinSize().Height))
	objects[0].Move(fyne.NewPos(x, top))
	objects[0].Resize(fyne.NewSize(width, objects[0].MinSize().Height))
}

// gap is vertical space in a page, less in a low window.
type gap struct{ high, low float32 }

func (g gap) in(f *frame) float32 {
	if f.low() {
		return g.low
	}
	return g.high
}

// blockGap is the usual space between two parts of a page.
var blockGap = gap{16, 10}

// block is a part of a page, with the space that it has above and below it.
type block struct {
	object       fyne.CanvasObject
	above, below gap
}

// blocks returns the parts of a page one below the other. Between two of them is the larger of
// their spaces. What is hidden takes none.
func (f *frame) blocks(blocks ...block) *fyne.Container {
	objects := make([]fyne.CanvasObject, len(blocks))
	for i, each := range blocks {
		objects[i] = each.object
	}
	return container.New(blocksLayout{f, blocks}, objects...)
}

type blocksLayout struct {
	f      *frame
	blocks []block
}

func (l blocksLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	width := float32(0)
	for _, each := range l.blocks {
		if each.object.Visible() {
			width = max(width, each.object.MinSize().Width)
		}
	}
	return fyne.NewSize(width, l.place(func(fyne.CanvasObject, float32) {}))
}

func (l blocksLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	for _, each := range l.blocks { // the height of a text follows its width
		if each.object.Visible() && each.object.Size().Width != size.Width {
			each.object.Resize(fyne.NewSize(size.Width, each.object.MinSize().Height))
		}
	}
	l.place(func(o fyne.CanvasObject, y float32) {
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
	})
}

// place calls at with each visible part and where it belongs, and returns the height of all.
func (l blocksLayout) place(at func(o fyne.CanvasObject, y float32)) float32 {
	y, below := float32(0), gap{}
	for i, each := range l.blocks {
		if !each.object.Visible() {
			continue
		}
		if i > 0 {
			y += max(below.in(l.f), each.above.in(l.f))
		}
		at(each.object, y)
		y += each.object.MinSize().Height
		below = each.below
	}
	return y
}
