package kit

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"amarre/assets"
)

// Icon is a picture of package assets in a colour of the palette.
type Icon struct {
	widget.BaseWidget
	name        string
	color, fill Color
	size        float32
	image       *canvas.Image
	drawnFor    float32 // the scale of the canvas when the image was drawn
}

// NewIcon returns an icon of a size in device-independent pixels. An empty name draws nothing.
func NewIcon(name string, color Color, size float32) *Icon {
	i := &Icon{name: name, color: color, size: size, image: canvas.NewImageFromResource(nil)}
	i.image.FillMode = canvas.ImageFillContain
	i.ExtendBaseWidget(i)
	return i
}

// NewFilledIcon returns an icon whose inside has a colour too.
func NewFilledIcon(name string, color, fill Color, size float32) *Icon {
	i := NewIcon(name, color, size)
	i.fill = fill
	return i
}

// Name returns the name of the picture.
func (i *Icon) Name() string { return i.name }

// Set changes the picture and its colour.
func (i *Icon) Set(name string, color Color) { i.SetFilled(name, color, None) }

// SetFilled is Set for an icon whose inside has a colour too.
func (i *Icon) SetFilled(name string, color, fill Color) {
	if i.name != name || i.color != color || i.fill != fill {
		i.name, i.color, i.fill = name, color, fill
		i.Refresh()
	}
}

// MinSize implements fyne.CanvasObject.
func (i *Icon) MinSize() fyne.Size { return fyne.NewSquareSize(i.size) }

// Refresh implements fyne.CanvasObject.
func (i *Icon) Refresh() {
	i.paint()
	i.BaseWidget.Refresh()
}

// paint draws the image, if it is another one. Each [canvas.Image.Refresh] reads the picture and
// draws it again, which takes most of the time of a refresh of a page.
func (i *Icon) paint() {
	var picture fyne.Resource
	if i.name != "" {
		picture = glyph(i.name, i.color, i.fill)
	}
	scale := float32(0)
	if c := fyne.CurrentApp().Driver().CanvasForObject(i); c != nil {
		scale = c.Scale()
	}
	if i.image.Resource != picture || i.drawnFor != scale {
		i.image.Resource, i.drawnFor = picture, scale
		i.image.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (i *Icon) CreateRenderer() fyne.WidgetRenderer {
	i.paint()
	return &iconRenderer{i, []fyne.CanvasObject{i.image}}
}

// iconRenderer leaves it to the icon to draw the image again.
type iconRenderer struct {
	icon    *Icon
	objects []fyne.CanvasObject
}

func (r *iconRenderer) Layout(size fyne.Size)        { r.icon.image.Resize(size) }
func (r *iconRenderer) MinSize() fyne.Size           { return r.icon.MinSize() }
func (r *iconRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *iconRenderer) Refresh()                     { r.icon.paint() }
func (r *iconRenderer) Destroy()                     {}

// glyphs has the pictures that were drawn, by their name, which has the colours: Fyne keeps a
// picture by the name of its resource.
var glyphs = map[string]fyne.Resource{}

// glyph returns a picture in the colours as they are now. Only the goroutine of the window may
// call it.
func glyph(name string, line, fill Color) fyne.Resource {
	inside := "none"
	if fill != None {
		inside = hex(paintOf(fill))
	}
	key := fmt.Sprintf("%s-%s-%s.svg", name, hex(paintOf(line)), inside)
	if picture, ok := glyphs[key]; ok {
		return picture
	}
	content, err := assets.Icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		panic(err) // a name that TestIcons would find
	}
	drawing := strings.ReplaceAll(string(content), "currentColor", hex(paintOf(line)))
	drawing = strings.Replace(drawing, `fill="none"`, `fill="`+inside+`"`, 1)
	glyphs[key] = fyne.NewStaticResource(key, []byte(drawing))
	return glyphs[key]
}

func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}
