//go:build e2e

package ui

import (
	"bufio"
	"encoding/json"
	"errors"
	"net"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// HookState is what the window shows, for end-to-end tests. It never has a secret.
type HookState struct {
	Title      string // of the window
	Width      int    // of the window, in pixels
	Height     int
	Page       string // overview, marked, welcome, reading, new, edit, renew, preferences or troubleshooting
	Credential string // opening, saved, obtained, differs, missing, unreadable, forgotten; "" for none
	Works      string // what the service last said of the token
	Revealed   bool   // the token is shown
	Keyring    string // state of the keyring; "" until it is known
	Task       string // what runs
	Message    string // title and text of the page's message
	Notice     string
	Clears     int    // seconds until the clipboard is cleared; 0 if it has no secret
	Dialog     bool   // a dialog or a question is open
	Question   string // its title
	Tip        string // the tooltip

	// In milliseconds: the time from the start of the window until the list was shown, and
	// the time of the slowest search.
	ListedAfter, Searched float64

	// Widgets are those that are visible in the topmost layer, from back to front.
	Widgets []HookWidget
}

// HookWidget is a widget. X, Y, W and H are pixels from the top left corner of the window.
type HookWidget struct {
	// Kind is button, entry, area, secret, select, segments, option (of segments), tick,
	// switch, list, row, pane, token, text, badge, band, toast, menu, item (of a menu) or
	// dialog.
	Kind string
	// Text is what the user reads; of a button without words its tooltip; of a secret or a
	// token "empty", "hidden" or "shown"; of a dialog title, text and problem.
	Text  string
	Label string // of the field that has it; else the placeholder of an entry, or all options
	Note  string // the message below the field; the shortcut of an item; the group of letters of a token

	X, Y, W, H int
	Off        bool // its middle is outside of what is scrolled
	Focused    bool
	Disabled   bool
	Failed     bool // its field shows an error
	On         bool // a tick or a switch is on; a row is open or marked; an option or item is chosen
	Cut        bool // an entry is too low for its text, and Fyne draws a scroll bar in it
	Rows       int  // of a list
}

// timing has the values of HookState.ListedAfter and HookState.Searched.
var timing struct{ listedAfter, searched float64 }

// measure records timing.
func (w *Window) measure() {
	begin, deps := time.Now(), w.p.Deps()
	run, search := deps.Run, w.side.search.OnChanged
	deps.Run = func(work func() func()) {
		run(func() func() {
			then := work()
			return func() {
				then()
				if timing.listedAfter == 0 && w.p.Rows() > 0 {
					timing.listedAfter = milliseconds(begin)
				}
			}
		})
	}
	w.side.search.OnChanged = func(text string) {
		begin := time.Now()
		search(text)
		timing.searched = max(timing.searched, milliseconds(begin))
	}
}

func milliseconds(since time.Time) float64 {
	return float64(time.Since(since).Microseconds()) / 1000
}

// serveHook serves end-to-end tests at the address in AMARRE_E2E, a Unix socket or a local
// port such as 127.0.0.1:4000. It does nothing if the variable is empty. A request is one
// line:
//
//	state           returns a HookState as JSON
//	panic window    panics on the goroutine of the window
//	panic goroutine panics on another goroutine
func (w *Window) serveHook() {
	place := os.Getenv("AMARRE_E2E")
	if place == "" {
		return
	}
	w.measure()
	network := "unix"
	if _, _, err := net.SplitHostPort(place); err == nil {
		network = "tcp"
	} else {
		_ = os.Remove(place) // left by a former process
	}
	listener, err := net.Listen(network, place)
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			request, err := bufio.NewReader(conn).ReadString('\n')
			switch word, where, _ := strings.Cut(strings.TrimSpace(request), " "); {
			case err != nil:
			case word == "panic":
				w.panicAt(where)
			default:
				var state HookState
				fyne.DoAndWait(func() { state = w.hookState() })
				_ = json.NewEncoder(conn).Encode(state)
			}
			_ = conn.Close()
		}
	}()
}

// panicAt panics with the secrets of the window in the message.
func (w *Window) panicAt(where string) {
	secrets := make(chan string, 1)
	fyne.Do(func() {
		all := w.form.password.Text
		if c := w.p.Credential(); c != nil {
			all += c.Secrets.Token.Reveal()
		}
		secrets <- all
		if where == "window" {
			panic(all)
		}
	})
	if all := <-secrets; where != "window" {
		w.deps.Run(func() func() { panic(errors.New(all)) })
	}
}

func (w *Window) hookState() HookState {
	p, window := w.p, w.win.Canvas()
	s := HookState{Title: w.win.Title(), Page: w.pageName(), Revealed: p.Revealed(), Keyring: string(p.Keyring()),
		Notice: p.CurrentNotice().Text, Dialog: w.dialog != nil, Tip: w.tips.Shown(), ListedAfter: timing.listedAfter, Searched: timing.searched}
	s.Width, s.Height = window.PixelCoordinateForPosition(fyne.NewPos(window.Size().Width, window.Size().Height))
	if c := p.Credential(); c != nil {
		s.Credential = map[presenter.State]string{presenter.Opening: "opening", presenter.Saved: "saved", presenter.Obtained: "obtained",
			presenter.Differs: "differs", presenter.Missing: "missing", presenter.Unreadable: "unreadable", presenter.Forgotten: "forgotten"}[c.State]
		s.Works = string(c.Works())
	}
	if task := p.Task(); task != nil {
		s.Task = task.Text
	}
	s.Message = strings.TrimSpace(p.Message().Title + "\n" + p.Message().Text)
	if board := p.Clipboard(); board.Held {
		s.Clears = board.Left
	}
	if w.dialog != nil {
		s.Question = w.dialog.Title()
	}
	v := hookWalk{w: w, state: &s, focused: window.Focused()}
	if layers := window.Overlays().List(); len(layers) > 0 {
		top := layers[len(layers)-1]
		if _, ok := top.(*kit.Menu); !ok && w.dialog != nil {
			text := w.dialog.Title() + "\n" + w.dialog.Text() + "\n" + w.dialog.Problem()
			v.add(top, fyne.Position{}, HookWidget{Kind: "dialog", Text: strings.TrimSpace(text), Failed: w.dialog.Problem() != ""})
		}
		v.visit(top, fyne.Position{})
	} else {
		v.visit(w.win.Content(), fyne.Position{})
	}
	return s
}

// pageName returns the value of HookState.Page.
func (w *Window) pageName() string {
	if w.page() == page(w.marked) {
		return "marked"
	}
	switch w.p.Page() {
	case presenter.Overview:
		return "overview"
	case presenter.Reading:
		return "reading"
	case presenter.Preferences:
		return "preferences"
	case presenter.Troubleshooting:
		return "troubleshooting"
	case presenter.ManyPorts:
		return map[presenter.Step]string{presenter.Listing: "many-list", presenter.Reviewing: "many-review", presenter.Working: "many-running", presenter.Worked: "many-result"}[w.p.Many().Step]
	}
	if w.p.Welcoming() {
		return "welcome"
	}
	return map[presenter.Mode]string{presenter.NewPort: "new", presenter.EditPort: "edit", presenter.Renew: "renew"}[w.p.Form().Mode]
}

// hookWalk goes through what is visible, and notes the widgets. test.WidgetRenderer gives what
// a widget draws, also with the driver of a real window.
type hookWalk struct {
	w       *Window
	state   *HookState
	focused fyne.Focusable
	clips   []clip
	field   *kit.LabelledField // around the object, or nil
}

// clip is the part of the window that a scroll shows its content in.
type clip struct {
	at   fyne.Position
	size fyne.Size
}

// add notes a widget at an absolute position.
func (v *hookWalk) add(o fyne.CanvasObject, at fyne.Position, h HookWidget) {
	window := v.w.win.Canvas()
	size := o.Size()
	if entry, ok := o.(kit.Input); ok {
		for _, part := range test.WidgetRenderer(entry).Objects() {
			if scroll, ok := part.(*container.Scroll); ok {
				h.Cut = scroll.Content.Size().Height > scroll.Size().Height
			}
		}
	}
	if _, ok := o.(*kit.Tick); ok { // the space beside its text is not part of it
		size.Width = min(size.Width, o.MinSize().Width)
	}
	h.X, h.Y = window.PixelCoordinateForPosition(at)
	right, bottom := window.PixelCoordinateForPosition(at.Add(size))
	h.W, h.H = right-h.X, bottom-h.Y
	x, y := at.X+size.Width/2, at.Y+size.Height/2
	for _, c := range v.clips {
		if x < c.at.X || y < c.at.Y || x > c.at.X+c.size.Width || y > c.at.Y+c.size.Height {
			h.Off = true
		}
	}
	if f, ok := o.(fyne.Focusable); ok {
		h.Focused = f == v.focused
	}
	if d, ok := o.(fyne.Disableable); ok {
		h.Disabled = d.Disabled()
	}
	if v.field != nil && v.field.Input() != nil && fyne.CanvasObject(v.field.Input().(fyne.CanvasObject)) == o {
		h.Label, h.Note, h.Failed = v.field.Label(), v.field.Message(), v.field.Failed()
	}
	v.state.Widgets = append(v.state.Widgets, h)
}

// visit notes an object at an absolute position, and what is in it.
func (v *hookWalk) visit(o fyne.CanvasObject, at fyne.Position) {
	if o == nil || !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *container.Scroll:
		v.clips = append(v.clips, clip{at, o.Size()})
		v.visit(o.Content, at.Add(o.Content.Position()))
		v.clips = v.clips[:len(v.clips)-1]
	case *fyne.Container:
		v.all(o.Objects, at)
	case *kit.LabelledField:
		outer := v.field
		v.field = o
		v.inside(o, at)
		v.field = outer
	case *kit.Push:
		text := o.Text
		if text == "" {
			text = o.Tip()
		}
		v.add(o, at, HookWidget{Kind: "button", Text: text})
	case *kit.SecretEntry:
		v.add(o, at, HookWidget{Kind: "secret", Text: secretState(o.Text != "", o.Revealed())})
	case *kit.Entry:
		v.add(o, at, HookWidget{Kind: "entry", Text: o.Text, Label: o.PlaceHolder})
	case *kit.SelectEntry:
		v.add(o, at, HookWidget{Kind: "entry", Text: o.Text, Label: o.PlaceHolder})
	case *kit.Area:
		v.add(o, at, HookWidget{Kind: "area", Text: o.Text, Label: o.PlaceHolder})
	case *kit.Select:
		v.add(o, at, HookWidget{Kind: "select", Text: o.Text()})
	case *kit.Segments:
		v.segments(o, at)
	case *kit.Tick:
		v.add(o, at, HookWidget{Kind: "tick", Text: o.Text, On: o.Checked})
	case *kit.Switch:
		v.add(o, at, HookWidget{Kind: "switch", Text: o.Label, On: o.Checked})
	case *kit.List:
		v.add(o, at, HookWidget{Kind: "list", Rows: o.Length()})
		v.inside(o, at)
	case *kit.Pane:
		v.add(o, at, HookWidget{Kind: "pane", Text: o.Text()})
	case *kit.TokenView:
		v.add(o, at, HookWidget{Kind: "token", Text: secretState(true, o.Shown())})
	case *kit.Mover: // its first text says which group of a token it shows, the others are the token
		v.add(o, at, HookWidget{Kind: "token", Text: secretState(true, true), Note: v.textsOf(o)[0]})
	case *kit.Text:
		v.add(o, at, HookWidget{Kind: "text", Text: o.Text})
	case *kit.Prose:
		v.add(o, at, HookWidget{Kind: "text", Text: o.Text})
	case *kit.Badge:
		v.add(o, at, HookWidget{Kind: "badge", Text: o.Text()})
	case *kit.Band:
		v.add(o, at, HookWidget{Kind: "band", Text: strings.TrimSpace(o.Title() + "\n" + o.Body())})
		v.inside(o, at)
	case *kit.Menu:
		v.menu(o, at)
	case fyne.Widget:
		switch row, ok := o.(interface {
			Row() int
			Open() bool
		}); {
		case ok:
			v.add(o, at, HookWidget{Kind: "row", Text: strings.Join(v.textsOf(o), " "), On: row.Open()})
		case fyne.CanvasObject(o) == v.w.toasts.Layer():
			v.toast(o, at)
		default:
			v.inside(o, at)
		}
	}
}

func (v *hookWalk) all(objects []fyne.CanvasObject, at fyne.Position) {
	for _, o := range objects {
		v.visit(o, at.Add(o.Position()))
	}
}

// inside visits what a widget is made of.
func (v *hookWalk) inside(o fyne.Widget, at fyne.Position) {
	v.all(test.WidgetRenderer(o).Objects(), at)
}

// textsOf returns the texts in a widget.
func (v *hookWalk) textsOf(o fyne.Widget) []string {
	var texts []string
	inner := hookWalk{w: v.w, state: &HookState{}}
	inner.inside(o, fyne.Position{})
	for _, each := range inner.state.Widgets {
		if each.Text != "" {
			texts = append(texts, each.Text)
		}
	}
	return texts
}

// segments notes a row of options and each of them.
func (v *hookWalk) segments(o *kit.Segments, at fyne.Position) {
	body := test.WidgetRenderer(o).Objects()[0].(*fyne.Container)
	chosen, index, options := "", 0, []HookWidget{}
	var places []fyne.CanvasObject
	for _, each := range body.Objects {
		content, ok := each.(*fyne.Container)
		if !ok {
			continue
		}
		option := HookWidget{Kind: "option", Text: content.Objects[0].(*kit.Text).Text, On: index == o.Selected()}
		if option.On {
			chosen = option.Text
		}
		options, places = append(options, option), append(places, each)
		index++
	}
	var all []string
	for _, option := range options {
		all = append(all, option.Text)
	}
	label := strings.Join(all, " | ")
	v.add(o, at, HookWidget{Kind: "segments", Text: chosen, Label: label})
	for i, option := range options {
		option.Label = label
		v.add(places[i], at.Add(places[i].Position()), option)
	}
}

// menu notes a menu and its items.
func (v *hookWalk) menu(o *kit.Menu, at fyne.Position) {
	objects := test.WidgetRenderer(o).Objects()
	v.add(objects[0], at.Add(objects[0].Position()), HookWidget{Kind: "menu"})
	v.state.Widgets[len(v.state.Widgets)-1].Focused = v.focused == fyne.Focusable(o)
	next := 0
	var visit func(object fyne.CanvasObject, at fyne.Position)
	visit = func(object fyne.CanvasObject, at fyne.Position) {
		switch object := object.(type) {
		case *container.Scroll:
			v.clips = append(v.clips, clip{at, object.Size()})
			visit(object.Content, at.Add(object.Content.Position()))
			v.clips = v.clips[:len(v.clips)-1]
		case *fyne.Container:
			for _, each := range object.Objects {
				visit(each, at.Add(each.Position()))
			}
		case fyne.Tappable: // the row of an item
			for o.Items()[next].Separator {
				next++
			}
			item := o.Items()[next]
			v.add(object.(fyne.CanvasObject), at, HookWidget{Kind: "item", Text: item.Text, Note: item.Key, On: next == o.Highlighted()})
			v.state.Widgets[len(v.state.Widgets)-1].Disabled = item.Disabled
			next++
		}
	}
	for _, each := range objects {
		visit(each, at.Add(each.Position()))
	}
}

// toast notes the message over the page and its button.
func (v *hookWalk) toast(layer fyne.Widget, at fyne.Position) {
	message, shown := v.w.toasts.Shown()
	if !shown {
		return
	}
	o := test.WidgetRenderer(layer).Objects()[0]
	v.add(o, at.Add(o.Position()), HookWidget{Kind: "toast", Text: strings.TrimSpace(message.Text + " " + message.Detail)})
	if action := v.w.toasts.Action(); action != nil {
		button := action.(fyne.CanvasObject)
		v.add(button, fyne.CurrentApp().Driver().AbsolutePositionForObject(button), HookWidget{Kind: "button", Text: message.Action})
	}
}

func secretState(any, shown bool) string {
	switch {
	case !any:
		return "empty"
	case shown:
		return "shown"
	}
	return "hidden"
}
