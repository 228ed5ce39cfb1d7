package kit

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// touch is the base of a widget that is clicked and is one stop of the Tab key. It shows a ring
// while the keyboard is on it, and not after a click.
type touch struct {
	widget.BaseWidget
	keyed
	paint func() // sets what the widget draws, by its state
	ring  *Box   // the widget places it
	body  *fyne.Container

	focused, hovered, disabled bool
	clicked                    bool // has the focus by a click, and no key was pressed since
}

func newTouch(keys Keys, radius float32) touch {
	ring := NewBox(None, Accent, radius+ringSpace)
	ring.EdgeWidth = 2
	ring.Hide()
	return touch{keyed: keyed{Keys: keys}, ring: ring}
}

// ringSpace is how far the ring stands out.
const ringSpace = 3

// ringAround puts the ring around a part of the widget.
func (t *touch) ringAround(at fyne.Position, size fyne.Size) {
	t.ring.Move(at.SubtractXY(ringSpace, ringSpace))
	t.ring.Resize(size.AddWidthHeight(2*ringSpace, 2*ringSpace))
}

// renderer returns the renderer of a widget that draws the ring and the objects. place puts
// them where they belong, also after a Refresh.
func (t *touch) renderer(least func() fyne.Size, place func(size fyne.Size), objects ...fyne.CanvasObject) fyne.WidgetRenderer {
	t.paint()
	t.body = container.New(placed{least, place}, append([]fyne.CanvasObject{t.ring}, objects...)...)
	return widget.NewSimpleRenderer(t.body)
}

// placed is a layout made of two functions.
type placed struct {
	least func() fyne.Size
	place func(size fyne.Size)
}

func (l placed) MinSize([]fyne.CanvasObject) fyne.Size        { return l.least() }
func (l placed) Layout(_ []fyne.CanvasObject, size fyne.Size) { l.place(size) }

// put moves and resizes an object.
func put(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(width, height))
}

// up rounds up to a whole pixel.
func up(f float32) float32 { return float32(math.Ceil(float64(f))) }

// Refresh implements fyne.CanvasObject.
func (t *touch) Refresh() {
	if t.body == nil {
		return // it has not been drawn yet
	}
	SetVisible(t.ring, t.focused && !t.clicked && !t.disabled)
	t.paint()
	t.body.Refresh()
	t.BaseWidget.Refresh()
}

// FocusGained implements fyne.Focusable.
func (t *touch) FocusGained() {
	t.focused = true
	t.Refresh()
	if t.body != nil {
		reveal(t.body)
	}
}

// drawn returns what the widget draws; nil before it is drawn.
func (t *touch) drawn() *fyne.Container { return t.body }

// FocusLost implements fyne.Focusable.
func (t *touch) FocusLost() { t.focused, t.clicked = false, false; t.Refresh() }

// TypedRune implements fyne.Focusable.
func (t *touch) TypedRune(rune) {}

// KeyDown implements desktop.Keyable.
func (t *touch) KeyDown(event *fyne.KeyEvent) {
	if t.clicked {
		t.clicked = false
		t.Refresh()
	}
	t.keyed.KeyDown(event)
}

// click gives the focus to the widget, which is self, after a click on it.
func (t *touch) click(self fyne.Focusable) {
	t.clicked = true
	focus(self)
	t.Refresh()
}

// MouseIn implements desktop.Hoverable.
func (t *touch) MouseIn(*desktop.MouseEvent) { t.hovered = true; t.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (t *touch) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *touch) MouseOut() { t.hovered = false; t.Refresh() }

// Cursor implements desktop.Cursorable.
func (t *touch) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// Enable implements fyne.Disableable.
func (t *touch) Enable() { t.setDisabled(false) }

// Disable implements fyne.Disableable. What is disabled is no stop of the Tab key.
func (t *touch) Disable() { t.setDisabled(true) }

// Disabled implements fyne.Disableable.
func (t *touch) Disabled() bool { return t.disabled }

func (t *touch) setDisabled(disabled bool) {
	if t.disabled != disabled {
		t.disabled = disabled
		t.Refresh()
	}
}
