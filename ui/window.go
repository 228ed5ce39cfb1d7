// Package ui is the window of Amarre. Its panels are form (the credential), result (the
// token and the last message), profiles (the list of saved profiles), status (the line at
// the bottom) and menu. [Window] holds what they share, and the actions of the user are
// its methods.
//
// Four rules hold in this package:
//
//   - It does not import fyne.io/fyne/v2/app, so that it can be tested without a display.
//   - What may block does not run on the goroutine of the window. [Window.start] runs it,
//     shows its progress and can cancel it.
//   - A shortcut works even if its menu item is disabled or a dialog is open. Therefore
//     every action checks whether it may begin.
//   - Every text comes from the catalogue. Package message has the sentences for errors
//     and outcomes.
package ui

import (
	"context"
	"strings"
	"time"

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

// Sizes in device-independent pixels. By default the form and a token are visible without
// scrolling.
const (
	defaultWidth, defaultHeight = 980, 680
	minListWidth                = 220
	minMainWidth                = 430
	minMainHeight               = 420
	listShare                   = 0.3
)

// Window is the main window. Only the goroutine of the window may use it.
type Window struct {
	deps     Deps
	win      fyne.Window
	t        *message.Texts
	brand    *brand
	settings settings.Settings

	keys   *keys
	form   *form
	result *result
	list   *profiles
	status *status
	menu   *menu
	scroll *container.Scroll            // contains form and result
	named  map[string]fyne.CanvasObject // widgets by the name that tests use
	tints  []*canvas.Rectangle          // backgrounds that follow the theme

	guard         *clipboard.Guard
	pace          pace
	copyWarnings  []string // about the last copy, as shown
	log           report.Log
	keyring       keyring.State      // "" until it is known
	all           []profile.Profile  // the saved profiles, as last read
	listErr       error              // from the last reading of the list
	reloads       int                // the number of readings begun
	afterReload   []func()           // wait for the last of them
	open          *profile.Profile   // the saved profile in the form, or nil
	current       *credential        // the token in result, or nil
	call          *call              // the running operation, or nil
	dialog        *kit.Dialog        // the open dialog, or nil
	dialogSecrets []*kit.SecretEntry // the entries for secrets in dialog
	dropped       func(path string)  // handles a file dropped on the open dialog; may be nil
	removed       []deletion         // deletions that can be undone, oldest first
	hidden        bool               // from screen captures
	ending        ending             // what follows the running operation
	closed        bool

	reloadPending bool    // listChanged has scheduled a reload
	stopWatch     stopper // stops watching the list
	stopNaming    stopper // cancels the request for the name of the port
	stopShowing   stopper // stops the timer that masks the password
	stopIdle      stopper // stops the idle timer
}

// call is a running operation.
type call struct {
	cancel    context.CancelFunc
	cancelled bool
	keeps     bool    // it changes what is kept: the window does not end before it
	waits     string  // what it waits for; "" if that is not known
	stopTick  stopper // stops the next update of the progress
}

// stopper stops something that was started, such as a timer; nil does nothing.
type stopper func()

// replace stops what runs now, and keeps the function that stops what runs next.
func (s *stopper) replace(next func()) {
	if *s != nil {
		(*s)()
	}
	*s = next
}

// New creates the content of win. The caller shows win and then calls Started.
func New(win fyne.Window, deps Deps) *Window {
	deps.Clients.Authorities = deps.Settings.Authorities
	w := &Window{deps: deps, win: win, t: deps.Texts, settings: deps.Settings}
	w.keys = &keys{w: w, held: map[fyne.KeyName]bool{}}
	w.brand = newBrand(w.settings.Theme)
	fyne.CurrentApp().Settings().SetTheme(w.brand)
	w.guard = clipboard.New(clipboard.Options{
		Board: deps.Board, SecretClipboard: deps.SecretClipboard, Async: deps.BoardIsAsync, Failed: w.copyFailed, After: deps.After, Now: deps.Now,
		Run: deps.Run, ManagerFound: func() { w.warnOfCopy("clipboard.manager") },
		Changed: func() { w.status.refreshClipboard() },
	})
	w.build()
	w.form.begin(w.defaultService())
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
	w.keys.listen(win.Canvas())
	fyne.CurrentApp().Settings().AddListener(func(fyne.Settings) { w.repaint() })
	return w
}

// Started sets the focus, and starts to read the list and the state of the keyring.
func (w *Window) Started() {
	w.serveHook()
	w.setTitle()
	if w.deps.PolicyErr != nil {
		w.show(kit.Question{
			Title: w.t.T("policy.title"), Text: w.t.Policy(w.deps.PolicyErr), Width: diagnoseWidth,
			Answers: []kit.Answer{{Text: w.t.T("menu.quit")}}, Closed: w.Close,
		})
		return
	}
	w.form.focusFirstEmpty()
	if w.deps.Demo == nil && w.checkAllowed(w.deps.Service) != nil {
		w.result.inform(w.t.T("error.given_not_allowed", "URL", w.deps.Service, "Services", strings.Join(w.deps.Clients.AllowedServices(), ", ")))
	}
	w.reload(nil)
	w.readKeyringState()
	w.reportCrash()
	if w.deps.SettingsErr != nil {
		w.result.trouble(w.t.Settings(w.deps.SettingsErr))
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.stopWatch.replace(cancel)
	w.deps.Watch(ctx, func() { w.deps.Do(w.listChanged) })
}

// build creates the panels and the menu in the current language.
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

// setTitle sets the title of the demo. The window must already be shown: on X11 the first
// title becomes the class of the window, by which a desktop finds its icon.
func (w *Window) setTitle() {
	if w.deps.Demo != nil {
		w.win.SetTitle(w.t.T("demo.title"))
	}
}

// rebuild creates the panels again in another language and restores their inputs.
func (w *Window) rebuild() {
	form, inputs, list := w.form, w.result.inputs(), w.list
	w.build()
	w.list.restore(list)
	w.form.restore(form)
	w.result.present()
	w.result.restore(inputs)
	w.status.refreshClipboard()
	w.status.refreshKeyring()
	w.hideFromCaptures()
	w.menu.refresh()
	w.setTitle()
}

// content returns the layout of the window.
func (w *Window) content() fyne.CanvasObject {
	w.scroll = container.NewVScroll(container.NewPadded(container.NewVBox(w.form.content(), w.result.body)))
	split := container.NewHSplit(
		kit.AtLeast(minListWidth, 0, w.list.content()),
		kit.AtLeast(minMainWidth, minMainHeight, w.scroll),
	)
	split.Offset = listShare
	banner, status := w.banner(), w.status.content()
	// container.NewBorder would put the centre first in the order of the Tab key.
	return container.New(layout.NewBorderLayout(banner, status, nil, nil), banner, split, status)
}

// banner returns the banner of the demo, or an empty container.
func (w *Window) banner() fyne.CanvasObject {
	demo := w.deps.Demo
	if demo == nil {
		return container.NewVBox()
	}
	text := named(w, "demo.text", kit.NewParagraph(w.t.T("demo.banner", "Port", demo.PortCode, "ERP", demo.ERPID, "Password", demo.Password)))
	fill := w.button("demo.fill", w.t.T("demo.fill"), nil, w.fillDemo)
	row := container.NewBorder(nil, nil, nil, container.NewCenter(fill), text)
	return container.NewStack(w.tinted(0), container.New(layout.NewCustomPaddedLayout(0, 0, theme.Padding(), theme.Padding()), row))
}

// tinted returns a background that follows the theme.
func (w *Window) tinted(radius float32) *canvas.Rectangle {
	back := canvas.NewRectangle(w.brand.tint())
	back.CornerRadius = radius
	w.tints = append(w.tints, back)
	return back
}

// repaint updates the backgrounds after a change of the theme.
func (w *Window) repaint() {
	for _, back := range w.tints {
		back.FillColor = w.brand.tint()
		back.Refresh()
	}
}

// name registers a widget under a name, for tests.
func (w *Window) name(name string, object fyne.CanvasObject) { w.named[name] = object }

// named registers a widget and returns it.
func named[T fyne.CanvasObject](w *Window, name string, object T) T {
	w.name(name, object)
	return object
}

// button returns a registered button. icon may be nil.
func (w *Window) button(name, text string, icon fyne.Resource, tapped func()) *kit.Button {
	return named(w, name, kit.NewButton(text, icon, w.keys, tapped))
}

// escape closes the dialog, cancels the running operation, or undoes one of the other
// temporary states of the window: the first of them that applies.
func (w *Window) escape() {
	switch {
	case w.dialog != nil:
		w.dialog.Escape()
	case w.call != nil:
		w.cancel()
	case len(w.list.marked) > 0:
		w.list.markAll(false)
	case w.list.searchBox.Text != "":
		w.list.searchBox.SetText("")
	case w.result.revealed || w.form.password.Revealed():
		w.conceal()
	default:
		w.result.dismiss()
	}
}

// conceal masks the token and the password.
func (w *Window) conceal() {
	w.result.conceal()
	w.form.password.Conceal()
	for _, entry := range w.dialogSecrets {
		entry.Conceal()
	}
	w.hideFromCaptures()
	w.menu.refresh()
}

// blocked reports whether no action may begin: a dialog is open, an operation runs, or the
// window is closed.
func (w *Window) blocked() bool { return w.dialog != nil || w.call != nil || w.closed }

// start runs work on another goroutine, and then the function that work returns on the
// goroutine of the window, even after a cancellation. Meanwhile show is called every
// second with text and the seconds that have passed, and at the end with "". Only one
// operation runs at a time: callers check blocked first.
func (w *Window) start(show func(running string), text string, work func(ctx context.Context) (then func())) *call {
	ctx, cancel := context.WithCancel(context.Background())
	c := &call{cancel: cancel}
	w.active()
	w.call = c
	w.status.dismiss()
	began := w.deps.Now()
	var tick func()
	tick = func() {
		running := text
		if c.waits != "" {
			running = c.waits
		}
		if c.cancelled {
			running = w.t.T("call.cancelling")
		} else if seconds := int(w.deps.Now().Sub(began).Seconds()); seconds >= 2 {
			running = w.t.T("call.seconds", "Text", running, "Seconds", seconds)
		}
		show(running)
		c.stopTick.replace(w.deps.After(time.Second, tick))
	}
	tick()
	w.menu.refresh()
	w.deps.Run(func() func() {
		then := work(ctx)
		return func() {
			cancel()
			c.stopTick.replace(nil)
			w.call = nil
			if w.closed {
				return
			}
			show("")
			then()
			w.menu.refresh()
			w.endIfAsked()
		}
	})
	return c
}

// change is start, with the progress in the status line, for an operation that changes what
// is kept.
func (w *Window) change(text string, work func(ctx context.Context) (then func())) {
	w.start(w.status.running, text, work).keeps = true
}

// cancel cancels the running operation, if there is one.
func (w *Window) cancel() {
	if w.call != nil && !w.call.cancelled {
		w.call.cancelled = true
		w.call.cancel()
	}
}

// changeSettings changes the settings of this window, and the same in the file, which
// another window may have changed.
func (w *Window) changeSettings(change func(*settings.Settings)) {
	change(&w.settings)
	w.deps.ChangeSettings(change)
}

// Notice shows what the running operation waits for. Only the goroutine of the window may
// call it.
func (w *Window) Notice(n profile.Notice) {
	if w.call != nil {
		w.call.waits = w.t.Notice(n)
	}
}
