// Package ui is the window of Amarre. [Window] draws what a presenter.Presenter says: a panel
// for the list (sidebar.go) and one file a page (reading.go, formpage.go, overview.go with the
// marked ports, preferences.go, troubleshooting.go). A panel keeps its widgets, draws them in
// update, and calls the presenter's methods. What the user can do is in commands.go: menus,
// shortcuts and the palette (Ctrl+K) are made of it. Dialogs are in the files that are named
// after what they are for.
//
// Three rules hold in this package:
//
//   - It does not import fyne.io/fyne/v2/app, so that it can be tested without a display.
//   - What may block does not run on the goroutine of the window: the presenter's Run runs it.
//   - Every text comes from the catalogue. Package message has the sentences for errors and
//     outcomes.
package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"amarre/authclient"
	"amarre/internal/message"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// Deps are the dependencies of a window.
type Deps = presenter.Deps

// Demo is the credential of the demo.
type Demo = presenter.Demo

// Sizes of the window in device-independent pixels.
const (
	defaultWidth, defaultHeight = 980, 680
	minWidth, minHeight         = 600, 340
)

// Window is the main window. Only the goroutine of the window may use it.
type Window struct {
	p        *presenter.Presenter
	deps     Deps
	win      fyne.Window
	t        *message.Texts // those that the panels were made with
	keys     *keys
	commands []*command
	chosen   string // the theme in use, as in the settings

	frame   *frame
	side    *sidebar
	pages   map[presenter.Page]page
	form    *formPage // these are nil until they are shown
	read    *readingPage
	marked  *markedPage
	trouble *troublePage
	many    *manyPage
	toasts  *kit.Toasts
	tips    *kit.Tips

	messages map[*kit.Band]shownMessage
	// What opens menus and dialogs.
	menus       menus
	tokens      tokens
	exports     exports
	imports     imports
	reports     reports
	authorities authorities
	proxies     proxies
	paths       paths

	dialog        *kit.Dialog         // the open dialog, or nil
	asked         *presenter.Question // the question that dialog shows, or nil
	dialogSecrets []*kit.SecretEntry  // the entries for secrets in dialog
	dropped       func(path string)   // takes a file that was dropped on the open dialog; may be nil
	hideDialog    func()              // closes a dialog that shows a secret; may be nil
}

// page is a page of the window.
type page interface {
	content() fyne.CanvasObject
	update()
	primary() fyne.Focusable // the widget that Enter belongs to at first; nil for none
}

// New creates the content of win. The caller shows win and then calls Started.
func New(win fyne.Window, deps Deps) *Window {
	w := &Window{deps: deps, win: win}
	w.menus, w.exports, w.imports = menus{w}, exports{w}, imports{w}
	w.reports, w.authorities, w.proxies, w.paths, w.tokens = reports{w}, authorities{w}, proxies{w}, paths{w}, tokens{w}
	w.keys = &keys{w: w, held: map[fyne.KeyName]bool{}}
	w.p = presenter.New(deps, view{w})
	w.p.ShowCrash = func(report string) { w.reports.showReport("crash.title", "crash.text", report) }
	w.p.TestConnection = w.testConnection
	w.chosen = deps.Settings.Theme
	ApplyTheme(w.chosen)
	w.build()
	width, height := deps.Settings.Width, deps.Settings.Height
	if width < minWidth || height < minHeight || width > 8000 || height > 8000 {
		width, height = defaultWidth, defaultHeight
	}
	win.Resize(fyne.NewSize(width, height))
	win.SetCloseIntercept(w.p.Quit)
	fyne.CurrentApp().Lifecycle().SetOnExitedForeground(func() {
		w.tips.Dismiss()
		w.p.Conceal()
	})
	fyne.CurrentApp().Lifecycle().SetOnEnteredForeground(w.p.OnForeground)
	win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) {
		if len(files) == 1 {
			w.drop(files[0].Path())
		}
	})
	return w
}

// Started sets the title and the focus, and starts to read the list and the state of the
// keyring. The window must be shown: on X11 the first title becomes the class of the window,
// by which a desktop finds its icon.
func (w *Window) Started() {
	w.serveHook()
	w.p.Start()
}

// Notice shows what the running task waits for.
func (w *Window) Notice(n profile.Notice) { w.p.Notice(n) }

// Terminate closes the window without asking, once a task that changes what is kept has
// ended.
func (w *Window) Terminate() { w.p.Terminate() }

// build makes the panels in the language of the presenter.
func (w *Window) build() {
	w.t = w.p.Texts()
	translateFyne(w.t.Texts)
	w.messages = map[*kit.Band]shownMessage{}
	w.commands = w.makeCommands()
	w.keys.listen(w.win.Canvas())
	w.tips = kit.NewTips(w.deps.After)
	w.toasts = kit.NewToasts(w.deps.After)
	w.toasts.Keys = w.keys
	w.frame = newFrame(w)
	w.side = newSidebar(w)
	w.form, w.read, w.marked, w.trouble, w.many = nil, nil, nil, nil, nil
	w.pages = map[presenter.Page]page{}
	w.frame.fill()
	w.menus.setMainMenu()
	w.win.SetPadded(false)
	w.win.SetContent(w.frame.root)
}

// page returns the page that is shown: the marked ports take the place of another. A page is
// made when it is shown for the first time.
func (w *Window) page() page {
	which := w.p.Page()
	if w.p.Marks() > 0 && (which == presenter.Overview || which == presenter.Reading || which == presenter.ManyPorts) {
		which = markedPorts
	}
	if w.pages[which] == nil {
		w.pages[which] = w.newPage(which)
		w.frame.add(w.pages[which])
	}
	return w.pages[which]
}

// markedPorts is the page of the marked ports, which the presenter does not know.
const markedPorts presenter.Page = -1

func (w *Window) newPage(which presenter.Page) page {
	switch which {
	case presenter.Editing:
		w.form = newFormPage(w)
		w.form.fill()
		return w.form
	case presenter.Reading:
		w.read = newReadingPage(w)
		return w.read
	case presenter.Overview:
		return newOverviewPage(w)
	case presenter.Preferences:
		return newPreferencesPage(w)
	case presenter.Troubleshooting:
		w.trouble = newTroublePage(w)
		return w.trouble
	case markedPorts:
		w.marked = newMarkedPage(w)
		return w.marked
	case presenter.ManyPorts:
		w.many = newManyPage(w)
		return w.many
	}
	return emptyPage{kit.Column(0)}
}

// emptyPage is shown until the list is known.
type emptyPage struct{ nothing fyne.CanvasObject }

func (e emptyPage) content() fyne.CanvasObject { return e.nothing }
func (emptyPage) update()                      {}
func (emptyPage) primary() fyne.Focusable      { return nil }

// view is the window as the presenter sees it.
type view struct{ *Window }

func (v view) Update(parts presenter.Parts) { v.update(parts) }
func (v view) Conceal()                     { v.conceal() }
func (v view) Close()                       { v.win.Close() }

func (v view) Size() (width, height float32) {
	size := v.win.Canvas().Size()
	return size.Width, size.Height
}

// Focus moves the focus, unless a dialog has it.
func (v view) Focus(to presenter.Target, field presenter.Field) {
	if v.dialog != nil {
		return
	}
	var target fyne.Focusable
	switch to {
	case presenter.ToList:
		target = v.side.list
	case presenter.ToSearch:
		target = v.side.search
	case presenter.ToPrimary:
		target = v.page().primary()
	case presenter.ToSubmit:
		target = v.form.submit
	case presenter.ToField:
		if v.p.Page() == presenter.ManyPorts {
			target = v.many.input(field)
		} else {
			target = v.form.input(field)
		}
	}
	if target == nil {
		v.win.Canvas().Unfocus()
		return
	}
	v.win.Canvas().Focus(target)
}

// update draws parts again.
func (w *Window) update(parts presenter.Parts) {
	focused := w.win.Canvas().Focused() != nil
	if parts&presenter.SettingsPart != 0 {
		w.chooseTheme()
		if w.t != w.p.Texts() {
			w.build()
			parts = ^presenter.Parts(0)
		}
	}
	if parts&presenter.ListPart != 0 {
		w.side.showRows()
	}
	if parts&presenter.MarksPart != 0 {
		w.side.showMarks()
	}
	if parts&presenter.FormPart != 0 && w.form != nil {
		w.form.fill()
	}
	if parts&(presenter.PagePart|presenter.MarksPart|presenter.ListPart|presenter.FormPart|presenter.TaskPart|presenter.SettingsPart) != 0 {
		w.showPage()
	} else if parts&presenter.ProblemsPart != 0 && w.form != nil {
		w.form.showProblems(w.p.Form())
	}
	if parts&presenter.ManyPart != 0 {
		w.showMany()
	}
	if parts&(presenter.NoticePart|presenter.TaskPart) != 0 {
		w.showToast()
	}
	if parts&presenter.QuestionPart != 0 {
		w.showQuestion()
	}
	if focused && w.win.Canvas().Overlays().Top() == nil {
		w.focusPage() // what had the focus may be gone
	}
}

// showMany draws how far the page for many ports is, there and below the list.
func (w *Window) showMany() {
	w.side.showFoot()
	if w.many != nil {
		w.many.forget()
	}
	if w.many != nil && w.page() == page(w.many) {
		w.many.update()
	}
}

// showPage draws the page.
func (w *Window) showPage() {
	w.frame.show(w.page())
	foot := float32(0)
	switch w.page().(type) {
	case *markedPage, *manyPage:
		foot = formFoot
	case *formPage:
		if !w.p.Welcoming() {
			foot = formFoot
		}
	}
	w.toasts.SetFoot(foot)
	title := w.t.T("window.title")
	if name := w.p.OpenName(); name != "" {
		title = w.t.T("window.title_of", "Name", name)
	}
	if w.deps.Demo != nil {
		title = w.t.T("demo.title")
	}
	if w.win.Title() != title {
		w.win.SetTitle(title)
	}
}

// conceal masks the secrets in entries.
func (w *Window) conceal() {
	if w.form != nil {
		w.form.password.Conceal()
	}
	for _, entry := range w.dialogSecrets {
		entry.Conceal()
	}
	if hide := w.hideDialog; hide != nil {
		w.hideDialog = nil
		hide()
	}
}

// chooseTheme applies the theme in the settings.
func (w *Window) chooseTheme() {
	if choice := w.p.Settings().Theme; choice != w.chosen {
		w.chosen = choice
		ApplyTheme(choice)
	}
}

// ApplyTheme gives the app the look of the window, in the variant of a setting. It is called
// before anything is measured: Fyne keeps the sizes of texts in the fonts of another theme.
func ApplyTheme(setting string) {
	variants := map[string]*fyne.ThemeVariant{settings.Light: new(theme.VariantLight), settings.Dark: new(theme.VariantDark)}
	fyne.CurrentApp().Settings().SetTheme(kit.NewTheme(variants[setting]))
}

// secretEntry prepares an entry for a secret: while it is shown, the window is hidden from
// captures and the time runs.
func (w *Window) secretEntry(entry *kit.SecretEntry, refused func(string)) *kit.SecretEntry {
	entry.OnReveal = w.p.SecretRevealed
	entry.PasteRefused = func(why error) { refused(w.pasteRefused(why)) }
	return entry
}

// clearSecrets discards what the entries of a dialog hold.
func (w *Window) clearSecrets() {
	for _, entry := range w.dialogSecrets {
		entry.SetSecret(authclient.Secret{})
	}
	w.dialogSecrets = nil
}
