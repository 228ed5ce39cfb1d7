package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"amarre/profile"
	"amarre/ui/kit"
)

// area is a part of the window.
type area struct{ left, top, right, bottom float32 }

func (a area) and(b area) area {
	return area{max(a.left, b.left), max(a.top, b.top), min(a.right, b.right), min(a.bottom, b.bottom)}
}

// tolerance is for rounding.
const tolerance = 1

func (a area) has(b area) bool {
	return b.left >= a.left-tolerance && b.right <= a.right+tolerance && b.top >= a.top-tolerance && b.bottom <= a.bottom+tolerance
}

func (a area) empty() bool { return a.right-a.left <= tolerance || a.bottom-a.top <= tolerance }

// drawn is a text, an icon or a button, and where it is.
type drawn struct {
	what    string
	area    // as far as it is inside its scrolls
	inside  []fyne.CanvasObject
	letters bool // a text or an icon, else a button or a field
}

// fitting looks at one layer of the window.
type fitting struct {
	h    *harness
	size string
	all  []drawn
}

// fits checks of what is drawn in the window that
//
//   - every text, button and field is inside the window, or can be scrolled to;
//   - no text is over another text or a button that it is no part of;
//   - no text is cut, but for what the user or the computer has named, in a small window;
//   - no text has a mark that is for a terminal;
//   - no line is broken where French has a no-break space;
//   - the rest of a page can be seen beside what does not scroll.
//
// It returns what is drawn, for a comparison.
func (h *harness) fits(size string) string {
	h.t.Helper()
	whole := area{0, 0, h.win.Canvas().Size().Width, h.win.Canvas().Size().Height}
	var all []string
	for _, layer := range append([]fyne.CanvasObject{h.win.Content()}, h.win.Canvas().Overlays().List()...) {
		f := &fitting{h: h, size: size}
		f.look(layer, fyne.Position{}, whole, whole, nil)
		f.overlaps()
		for _, each := range f.all {
			all = append(all, strings.ReplaceAll(each.what, strings.TrimPrefix(h.service.URL, "http://"), "HOST"))
		}
	}
	return strings.Join(append(all, fmt.Sprintf("%T", h.win.Canvas().Focused())), "\n")
}

// look looks at an object. within is where it must be, clip what of that can be seen now, and
// inside are the objects that it is in.
func (f *fitting) look(o fyne.CanvasObject, at fyne.Position, within, clip area, inside []fyne.CanvasObject) {
	h := f.h
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	own := area{at.X, at.Y, at.X + o.Size().Width, at.Y + o.Size().Height}
	inside = append(slices.Clone(inside), o)
	add := func(what string, letters bool) {
		if !within.has(own) {
			h.t.Errorf("%s: %q is cut off: it is at %v, and there is %v", f.size, what, own, within)
		}
		f.all = append(f.all, drawn{what, own.and(clip), inside, letters})
	}
	switch o := o.(type) {
	case *canvas.Text:
		if o.Text == "" {
			return
		}
		if strings.ContainsAny(o.Text, "✓✗") {
			h.t.Errorf("%s: the fonts of the window lack a letter of %q", f.size, o.Text)
		}
		size, _ := fyne.CurrentApp().Driver().RenderedTextSize(o.Text, o.TextSize, o.TextStyle, o.FontSource)
		switch o.Alignment {
		case fyne.TextAlignCenter:
			own.left += (o.Size().Width - size.Width) / 2
		case fyne.TextAlignTrailing:
			own.left = own.right - size.Width
		}
		own.right = own.left + size.Width
		if strings.HasSuffix(o.Text, "«") || strings.IndexAny(o.Text, "»:;?!") == 0 && len(o.Text) > 1 {
			h.t.Errorf("%s: %q is a line that is broken where there is no break", f.size, o.Text)
		}
		add(o.Text, true)
	case *kit.Icon:
		if o.Name() != "" {
			add("icon "+o.Name(), true)
		}
	case *kit.Text:
		f.isWhole(o, inside)
	case *kit.Entry:
		f.showsPlaceholder(&o.Entry)
		add("a field", false)
	case *kit.SelectEntry:
		f.showsPlaceholder(&o.Entry.Entry)
		add("a field", false)
	case *kit.SecretEntry:
		f.showsPlaceholder(&o.Entry.Entry)
		add("a field", false)
	case *kit.List, *kit.Mover, *kit.Pane: // something may lie over them
		add(fmt.Sprintf("%T", o), false)
		f.all[len(f.all)-1].area = area{}
	case fyne.Focusable:
		add(fmt.Sprintf("%T", o), false)
	}
	seen := within.and(own)
	switch o := o.(type) {
	case *container.Scroll: // the user can scroll to what is outside
		if o.Size().Height < min(40, o.Content.MinSize().Height) && o.Direction == container.ScrollVerticalOnly {
			h.t.Errorf("%s: only %v of the height of what scrolls can be seen", f.size, o.Size().Height)
		}
		const far = 1e6
		if o.Direction != container.ScrollHorizontalOnly {
			seen.top, seen.bottom = -far, far
		}
		if o.Direction != container.ScrollVerticalOnly {
			seen.left, seen.right = -far, far
		}
		f.look(o.Content, at, seen, clip.and(own), inside)
	case *fyne.Container:
		for _, each := range o.Objects {
			if each == h.toasts.Layer() || each == h.tips { // over the page
				over := &fitting{h: h, size: f.size}
				over.look(each, at, within, clip, inside)
				over.overlaps()
				f.all = append(f.all, over.all...)
				for i := range over.all {
					f.all[len(f.all)-1-i].area = area{}
				}
				continue
			}
			f.look(each, at, within, clip, inside)
		}
	case *widget.List: // its rows scroll
		f.rows(o, at, own, clip, inside)
	case *kit.List:
		f.rows(o, at, own, clip, inside)
	case fyne.Widget:
		for _, each := range test.WidgetRenderer(o).Objects() {
			f.look(each, at, within, clip, inside)
		}
	}
}

func (f *fitting) rows(list fyne.Widget, at fyne.Position, own, clip area, inside []fyne.CanvasObject) {
	const far = 1e6
	for _, each := range test.WidgetRenderer(list).Objects() {
		f.look(each, at, area{own.left, -far, own.right, far}, clip.and(own), inside)
	}
}

// isWhole checks that a line is drawn without an ellipsis. In a small window names, notes,
// addresses and files may have one, and in the list and if they are long also elsewhere.
func (f *fitting) isWhole(line *kit.Text, inside []fyne.CanvasObject) {
	objects := test.WidgetRenderer(line).Objects()
	shown := objects[0].(*canvas.Text).Text
	small := f.size == "small" || f.size == "middle"
	if shown == line.Text || f.named(line.Text) && (small || inRow(inside) || len(line.Text) > 60) {
		return
	}
	f.h.t.Errorf("%s: %q is cut: %q", f.size, line.Text, shown)
}

func inRow(inside []fyne.CanvasObject) bool {
	return slices.ContainsFunc(inside, func(o fyne.CanvasObject) bool { _, ok := o.(*portRow); return ok })
}

// named reports whether a text has something in it that the user or the computer has named.
func (f *fitting) named(text string) bool {
	if strings.Contains(text, "://") || strings.Contains(text, f.h.dir) || strings.Contains(text, "127.0.0.1") {
		return true
	}
	names := f.h.p.Ports()
	if c := f.h.p.Credential(); c != nil {
		names = append(slices.Clone(names), c.Profile)
	}
	many := f.h.p.Many()
	for _, row := range many.Rows {
		names = append(names, profile.Profile{Name: row.Name})
	}
	for _, line := range many.Lines {
		names = append(names, line.Profile)
	}
	for _, each := range names {
		for _, name := range []string{each.Name, shorten(each.Name), each.Note, each.ERP, each.Place} {
			if name != "" && strings.Contains(text, name) {
				return true
			}
		}
	}
	return false
}

// showsPlaceholder checks that what an empty entry asks for can be read.
func (f *fitting) showsPlaceholder(entry *widget.Entry) {
	if entry.Text != "" || entry.PlaceHolder == "" {
		return
	}
	room := entry.Size().Width - 16
	if entry.Icon != nil {
		room -= 24
	}
	if entry.ActionItem != nil && entry.ActionItem.Visible() {
		room -= entry.ActionItem.MinSize().Width
	}
	if width := kit.Body.Width(entry.PlaceHolder); width > room+tolerance {
		f.h.t.Errorf("%s: the hint %q is %v wide, and there is %v", f.size, entry.PlaceHolder, width, room)
	}
}

// overlaps checks that no text is over another text, or over a button that it is no part of.
func (f *fitting) overlaps() {
	for i, a := range f.all {
		for _, b := range f.all[i+1:] {
			if !a.letters && !b.letters || a.and(b.area).empty() || !a.apart(b) {
				continue
			}
			f.h.t.Errorf("%s: %q at %v is over %q at %v", f.size, a.what, a.area, b.what, b.area)
		}
	}
}

// apart reports whether neither is a part of the other, nor both of the same line: a line draws
// what a search has found once more.
func (a drawn) apart(b drawn) bool {
	if slices.Contains(a.inside, b.inside[len(b.inside)-1]) || slices.Contains(b.inside, a.inside[len(a.inside)-1]) {
		return false
	}
	for _, o := range a.inside {
		if _, ok := o.(*kit.Text); ok && slices.Contains(b.inside, o) {
			return false
		}
	}
	return true
}
