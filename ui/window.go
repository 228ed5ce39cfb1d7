// Package ui is the window. One struct a panel: form (form.go) asks for a token,
// result (result.go) shows it, profiles (profiles.go) lists the saved ones,
// status (status.go) is the line below, menu (menu.go) has every action and its
// key. Window (this file) holds what they share. What the user does to it is in
// actions.go (login, copy, check), saving.go (save, open), tokens.go (a token that
// takes the place of another), deleting.go (delete and undo), organizing.go
// (rename, favourites, order), moving.go (export and import), handover.go (copy as,
// compare), diagnose.go and report.go. What happens to it is in listing.go (the saved
// profiles, as they change), keyring.go (its states, the list made again), idle.go
// and safety.go (a shared screen).
//
// Rules that hold here: only package main imports fyne.io/fyne/v2/app, so that
// these panels are tested without a display. Nothing that may wait runs on the
// window's goroutine: [Window.start] runs it, shows it and cancels it. A
// shortcut fires whatever the window shows, so every action guards itself. Every
// text comes from the catalogue; the sentence for an outcome is made in
// internal/i18n.
package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"amarre/internal/clipboard"
	"amarre/internal/keyring"
	"amarre/internal/message"
	"amarre/internal/report"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/ui/kit"
)

// Sizes of the window in device-independent pixels. The right side has room for
// the form and a result without scrolling.
const (
	defaultWidth, defaultHeight = 980, 680
	minListWidth                = 220
	minMainWidth                = 430
	minMainHeight               = 420 // the form and a token
	listShare                   = 0.3
)

// Window is the window and what its panels share. It belongs to the window's
// goroutine. [New] makes one.
type Window struct {
	deps     Deps
	win      fyne.Window
	t        *message.Texts
	brand    *brand
	settings settings.Settings

	form   *form
	result *result
	list   *profiles
	status *status
	menu   *menu
	scroll *container.Scroll            // of form and result
	named  map[string]fyne.CanvasObject // for tests: what each widget is called
	tints  []*canvas.Rectangle          // backgrounds that follow the theme

	guard   *clipboard.Guard
	all     []profile.Profile // as last listed
	listing int               // the number of times that it was asked for
	open    *profile.Profile  // the saved profile that the form shows
	current *credential       // the token that the result shows
	call    *call             // what is running
	dialog  *kit.Dialog       // the question that is open
	removed []deletion        // those that can be undone, the last one last

	log report.Log // of how things ended

	stopNaming context.CancelFunc // ends the question for a port's name
	stopWatch  context.CancelFunc
	keyring    keyring.State // "" until it is known
	listErr    error         // of the last listing
	changing   func()        // ends the wait for more changes of the list; nil while there is none
	dropped    func(path string)
	hidden     bool // from captures

	stopShowing func() // ends the wait for the password to be masked again

	stopIdle func() // ends the wait for the end of a long silence
	closed   bool
}

// call is a running operation.
type call struct {
	cancel    context.CancelFunc
	cancelled bool
	stop      func() // the next tick of its clock
}

// New makes the window's content in win. The caller shows win and calls Started.
func New(win fyne.Window, deps Deps) *Window {
	deps.Clients.Authorities = deps.Settings.Authorities
	w := &Window{deps: deps, win: win, t: deps.Texts, settings: deps.Settings, stopNaming: func() {}, stopWatch: func() {}, stopIdle: func() {}, stopShowing: func() {}}
	w.brand = newBrand(w.settings.Theme)
	fyne.CurrentApp().Settings().SetTheme(w.brand)
	w.guard = clipboard.New(clipboard.Options{
		Board: deps.Board, Secretive: deps.Secretive, Late: deps.BoardIsLate, Failed: w.copyFailed, After: deps.After, Now: deps.Now,
		Changed: func() { w.status.refreshClipboard() },
	})
	w.build()
	w.form.begin(w.firstService())
	width, height := w.settings.Width, w.settings.Height
	if width < minListWidth+minMainWidth || height < minMainHeight {
		width, height = defaultWidth, defaultHeight
	}
	win.Resize(fyne.NewSize(width, height))
	win.SetCloseIntercept(w.Quit)
	fyne.CurrentApp().Lifecycle().SetOnExitedForeground(w.conceal)
	fyne.CurrentApp().Lifecycle().SetOnEnteredForeground(w.onForeground)
	win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) {
		if len(files) == 1 {
			w.drop(files[0].Path())
		}
	})
	win.Canvas().SetOnTypedKey(func(event *fyne.KeyEvent) { w.unfocusedKey(event.Name) })
	fyne.CurrentApp().Settings().AddListener(func(fyne.Settings) { w.repaint() })
	return w
}

// Started puts the cursor where the user begins, and looks for the profiles and
// the keyring without waiting for them.
func (w *Window) Started() {
	w.serveHook()
	w.title()
	if w.deps.PolicyErr != nil {
		w.show(kit.Question{
			Title: w.t.T("policy.title"), Text: w.t.Policy(w.deps.PolicyErr), Width: diagnoseWidth,
			Answers: []kit.Answer{{Text: w.t.T("menu.quit")}}, Closed: w.Close,
		})
		w.name("ask.text", w.dialog.Body())
		return
	}
	w.form.focusFirstEmpty()
	if w.deps.Demo == nil && w.allows(w.deps.Service) != nil { // it was given on the command line
		w.result.inform(w.t.T("error.given_not_allowed", "URL", w.deps.Service, "Services", strings.Join(w.deps.Clients.Fixed(), ", ")))
	}
	w.reload(nil)
	w.lookAtKeyring()
	w.tellCrash()
	ctx, cancel := context.WithCancel(context.Background())
	w.stopWatch = cancel
	w.deps.Watch(ctx, func() { w.deps.Do(w.listChanged) })
}

// build makes the panels and the menu in the window's language.
func (w *Window) build() {
	translateFyne(w.t.Texts)
	w.named, w.tints = map[string]fyne.CanvasObject{}, nil
	w.status = newStatus(w)
	w.form = newForm(w)
	w.result = newResult(w)
	w.list = newProfiles(w)
	w.menu = newMenu(w)
	w.win.SetMainMenu(w.menu.main)
	w.win.SetContent(w.content())
}

// title puts the title onto the window, once that is shown: X11 takes the class of a
// window, by which a desktop finds its icon, from the title that it is made with.
func (w *Window) title() {
	if w.deps.Demo != nil {
		w.win.SetTitle(w.t.T("demo.title"))
	}
}

// rebuild makes the panels again in another language, with what they held.
func (w *Window) rebuild() {
	form, result, list := w.form.state(), w.result.state(), w.list.state()
	w.build()
	w.list.restore(list)
	w.form.restore(form)
	w.result.restore(result)
	w.status.refresh()
	w.hideFromCaptures()
	w.menu.refresh()
	w.title()
}

// content reads like the window: banner, list and form, status line.
func (w *Window) content() fyne.CanvasObject {
	w.scroll = container.NewVScroll(container.NewPadded(container.NewVBox(w.form.content(), w.result.content())))
	split := container.NewHSplit(
		kit.AtLeast(minListWidth, 0, w.list.content()),
		kit.AtLeast(minMainWidth, minMainHeight, w.scroll),
	)
	split.Offset = listShare
	banner, status := w.banner(), w.status.content()
	// Not NewBorder: it puts the centre first in the order of the Tab key.
	return container.New(layout.NewBorderLayout(banner, status, nil, nil), banner, split, status)
}

// banner says in demo mode that nothing is real; nil otherwise.
func (w *Window) banner() fyne.CanvasObject {
	demo := w.deps.Demo
	if demo == nil {
		return container.NewVBox()
	}
	text := kit.NewParagraph(w.t.T("demo.banner", "Port", demo.PortCode, "ERP", demo.ERPID, "Password", demo.Password))
	fill := kit.NewButton(w.t.T("demo.fill"), nil, w.keys, w.fillDemo)
	w.name("demo.text", text)
	w.name("demo.fill", fill)
	row := container.NewBorder(nil, nil, nil, container.NewCenter(fill), text)
	return container.NewStack(w.tinted(0), container.New(layout.NewCustomPaddedLayout(0, 0, theme.Padding(), theme.Padding()), row))
}

// tinted makes a quiet background that follows the theme.
func (w *Window) tinted(radius float32) *canvas.Rectangle {
	back := canvas.NewRectangle(w.brand.tint())
	back.CornerRadius = radius
	w.tints = append(w.tints, back)
	return back
}

// repaint follows a change of the theme.
func (w *Window) repaint() {
	for _, back := range w.tints {
		back.FillColor = w.brand.tint()
		back.Refresh()
	}
}

// fillDemo fills in the demo's credentials.
func (w *Window) fillDemo() {
	if w.blocked() {
		return
	}
	w.unlessUnsaved(func() {
		w.clear()
		w.form.fillDemo(w.deps.Demo)
	})
}

// name remembers a widget under a name, for tests.
func (w *Window) name(name string, object fyne.CanvasObject) { w.named[name] = object }

// keys are the keys that work wherever the focus is and are not shortcuts.
func (w *Window) keys(key fyne.KeyName) bool {
	w.active()
	switch key {
	case fyne.KeyEscape:
		w.escape()
	case fyne.KeyF2:
		w.rename()
	case fyne.KeyF5:
		w.check()
	default:
		return false
	}
	return true
}

// unfocusedKey takes the keys that no widget has: nothing has the focus.
func (w *Window) unfocusedKey(key fyne.KeyName) {
	if w.dialog != nil && (key == fyne.KeyReturn || key == fyne.KeyEnter) {
		w.dialog.Default()
		return
	}
	w.keys(key)
}

// escape cancels what runs, else closes what is open.
func (w *Window) escape() {
	switch {
	case w.dialog != nil:
		w.dialog.Escape()
	case w.call != nil:
		w.cancel()
	case len(w.list.marked) > 0:
		w.list.markAll(false)
	case w.list.query() != "":
		w.list.search("")
	case w.result.revealed() || w.form.password.Revealed():
		w.conceal()
	default:
		w.result.dismiss()
	}
}

// conceal masks every secret that is shown.
func (w *Window) conceal() {
	w.result.conceal()
	w.form.password.Conceal()
	w.hideFromCaptures()
	w.menu.refresh()
}

// blocked reports whether an action must not begin: a question is open, or
// something runs.
func (w *Window) blocked() bool { return w.dialog != nil || w.call != nil || w.closed }

// start runs work away from the window, with a text that says what is being done
// and a way to cancel. What work returns is called on the window's goroutine,
// also after a cancellation. Only one operation runs at a time: callers check
// blocked first.
func (w *Window) start(show func(running string), text string, work func(ctx context.Context) (then func())) {
	ctx, cancel := context.WithCancel(context.Background())
	c := &call{cancel: cancel, stop: func() {}}
	w.active()
	w.call = c
	w.status.fade()
	began := w.deps.Now()
	var tick func()
	tick = func() {
		running := text
		if c.cancelled {
			running = w.t.T("call.cancelling")
		} else if seconds := int(w.deps.Now().Sub(began).Seconds()); seconds >= 2 {
			running = w.t.T("call.seconds", "Text", text, "Seconds", seconds)
		}
		show(running)
		c.stop = w.deps.After(oneSecond, tick)
	}
	tick()
	w.menu.refresh()
	w.deps.Run(func() func() {
		then := work(ctx)
		return func() {
			cancel()
			c.stop()
			w.call = nil
			if w.closed {
				return
			}
			show("")
			then()
			w.menu.refresh()
		}
	})
}

// cancel cancels what runs.
func (w *Window) cancel() {
	if w.call != nil && !w.call.cancelled {
		w.call.cancelled = true
		w.call.cancel()
	}
}

// ask asks a question; the last answer is the default.
func (w *Window) ask(title, text string, answers ...kit.Answer) {
	w.show(kit.Question{Title: title, Text: text, Answers: answers})
}

// show opens a dialog.
func (w *Window) show(q kit.Question) {
	w.conceal()
	w.active()
	closed := q.Closed
	q.Closed = func() {
		w.dialog = nil
		if w.win.Canvas().Focused() == nil { // a menu had taken it
			w.win.Canvas().Focus(w.list.list)
		}
		if closed != nil {
			closed()
		}
	}
	w.dialog = kit.Ask(w.win.Canvas(), q)
	w.name("ask.problem", w.dialog.ProblemLabel())
	for i, button := range w.dialog.Buttons {
		w.name(askNames[i], button)
	}
}

var askNames = []string{"ask.0", "ask.1", "ask.2", "ask.3"}

// Quit closes the window, after a question if something would be lost.
func (w *Window) Quit() {
	if w.dialog != nil || w.closed {
		return
	}
	w.unlessUnsaved(func() {
		n := w.inSession()
		if n == 0 || w.deps.Demo != nil {
			w.Close()
			return
		}
		w.ask(w.t.T("session.quit_title"), w.t.N("session.quit", n),
			kit.Answer{Text: w.t.T("session.quit_anyway"), Do: w.Close}, kit.Answer{Text: w.t.T("unsaved.stay")})
	})
}

// Close clears the clipboard, forgets the secrets and closes the window without
// a question: the end of the program.
func (w *Window) Close() {
	if w.closed {
		return
	}
	w.closed = true
	if w.call != nil {
		w.call.cancel()
	}
	w.stopNaming()
	w.stopWatch()
	w.stopIdle()
	w.guard.Close()
	w.current = nil
	size := w.win.Canvas().Size()
	w.settings.Width, w.settings.Height = size.Width, size.Height
	w.deps.SaveSettings(w.settings)
	w.win.Close()
	w.deps.Closed()
}
