// Package presenter is what the window shows and does, without a widget: the list, the page,
// the open credential, the form, the running task, messages and questions. Package ui draws
// it.
//
//	p := presenter.New(deps, view)
//	p.Start()                          // reads the list and the state of the keyring
//	p.Type(presenter.PortCode, "SET")  // the user types
//	p.Login()                          // Enter
//	p.Credential().State               // Obtained, once view.Update was called
//
// Every action of the user is a method of [Presenter], and every method may be called at any
// time: what cannot begin does nothing. Only the goroutine of the window may call them. What
// may block runs in [Presenter.Run] or [Presenter.Change], one task at a time; what comes back
// says whose it is, and is dropped if that is no longer open. After each change the view is
// told which parts to draw again.
package presenter

import (
	"context"
	"strings"
	"time"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/internal/clipboard"
	"amarre/internal/keyring"
	"amarre/internal/message"
	"amarre/internal/report"
	"amarre/internal/settings"
	"amarre/profile"
)

// Page is what the window shows beside the list.
type Page int

// The pages.
const (
	Overview        Page = iota // no port is open
	Reading                     // a saved port, or a token just obtained
	Editing                     // the form: a new port, a saved one, or a new token for one
	Preferences                 // the user's choices
	Troubleshooting             // connection, certificate, keyring, report
	ManyPorts                   // a list of ports, or a run over many: see Many
	Starting                    // nothing: the list is not known yet
)

// Parts are parts of the window that a change concerns.
type Parts uint

// The parts.
const (
	ListPart     Parts = 1 << iota // rows, filter, search, counts
	MarksPart                      // which rows are marked, and which is open
	PagePart                       // page, credential, message
	FormPart                       // the program changed inputs of the form
	ProblemsPart                   // messages at the fields, and what depends on what was typed
	NoticePart                     // notice, countdown of the clipboard, keyring
	TaskPart                       // the running task
	QuestionPart                   // the question
	SettingsPart                   // theme, language, order
	ManyPart                       // the page ManyPorts, and how far a run is
)

// Target is where the keyboard focus belongs after an action.
type Target int

// The targets. Those of the fields of the form follow: see [Field].
const (
	Nowhere Target = iota
	ToList
	ToSearch
	ToPrimary // the primary button of the page
	ToSubmit  // the button of the form
	ToField   // the field of Presenter.FocusField
)

// View draws what the presenter shows.
type View interface {
	// Update draws parts again. It is called once after each action, on the goroutine of
	// the window.
	Update(parts Parts)
	// Focus moves the keyboard focus, after Update.
	Focus(to Target, field Field)
	// Conceal masks the secrets that the view itself holds, as entries do.
	Conceal()
	// Size returns the size of the window in device-independent pixels.
	Size() (width, height float32)
	// Close closes the window.
	Close()
}

// Presenter is the state of the window and its actions.
type Presenter struct {
	// ShowCrash opens a dialog with the report of a crash. The view sets it.
	ShowCrash func(report string)
	// TestConnection shows the page Troubleshooting and tests the connection. The view may
	// set it.
	TestConnection func()

	deps     Deps
	view     View
	t        *message.Texts
	settings settings.Settings

	list     list
	page     Page
	back     Page // the page under Preferences and Troubleshooting
	cred     *Credential
	form     Form
	message  Message
	notice   Notice
	question *Question
	dialog   Dialog // of the view; nil for none
	task     *Task
	many     many
	removed  []deletion // deletions that can be undone, oldest first

	guard        *clipboard.Guard
	lastCall     callRecord
	calls        *bulk.Pace
	refusals     refusals
	copyWarnings []string // about the last copy, as shown
	log          report.Log
	keyring      keyring.State // "" until it is known
	keyringAt    int           // counts what was asked and learned of the keyring's state
	revealed     bool          // the token is shown
	hidden       bool          // from screen captures
	viewSecrets  bool          // the view shows a secret of its own
	ending       ending        // what follows the running task
	closed       bool
	openings     int // the number of credentials opened so far

	depth   int // of actions in actions
	changed Parts
	focus   Target
	field   Field

	stopWatch   stopper // stops watching the list
	stopNaming  stopper // cancels the request for the name of the port
	stopReveal  stopper // stops the timer that masks secrets
	stopIdle    stopper // stops the idle timer
	stopNotice  stopper // stops the timer that removes the notice
	reloadAfter bool    // a reload is scheduled

	waiting    []func() // wait until no task runs and nothing is asked: see whenFree
	behind     bool     // the open profile is to be compared with the list then
	rebuildDue bool     // and the list may have to be rebuilt
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

// Dialog is a dialog of the view. While one is open no other action begins.
type Dialog interface {
	// Escape closes the dialog, as the user does.
	Escape()
}

// New returns a presenter. It draws nothing before [Presenter.Start].
func New(deps Deps, view View) *Presenter {
	deps.Clients.Authorities, deps.Clients.Proxies = deps.Settings.Authorities, deps.Settings.Proxies
	p := &Presenter{deps: deps, view: view, t: deps.Texts, settings: deps.Settings}
	p.list.marked = map[string]bool{}
	p.calls = bulk.NewPace(deps.Settings.Pause())
	p.guard = clipboard.New(clipboard.Options{
		Board: deps.Board, SecretClipboard: deps.SecretClipboard, Async: deps.BoardIsAsync, Failed: p.copyFailed, After: deps.After, Now: deps.Now,
		Run: deps.Run, ManagerFound: func() { p.warnOfCopy("clipboard.manager") },
		Changed: func() { p.update(NoticePart) },
	})
	p.form = p.newForm()
	p.page = Starting
	return p
}

// Start draws everything, while the list and the state of the keyring are read, and sets the
// focus. With a policy that cannot be applied it only says so.
func (p *Presenter) Start() {
	defer p.action()()
	p.update(^Parts(0))
	if p.deps.PolicyErr != nil {
		p.ask(Question{Title: p.t.T("policy.title"), Text: p.t.Policy(p.deps.PolicyErr),
			Answers: []Answer{{Text: p.t.T("menu.quit")}}, Closed: p.Close})
		return
	}
	if p.deps.Demo == nil && p.checkAllowed(p.deps.Service) != nil {
		p.inform(p.t.T("error.given_not_allowed", "URL", p.deps.Service, "Services", strings.Join(p.deps.Clients.AllowedServices(), ", ")))
	}
	p.Reload(nil)
	p.readKeyringState()
	if p.deps.SettingsErr != nil {
		p.Trouble(p.t.Settings(p.deps.SettingsErr))
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.stopWatch.replace(cancel)
	p.deps.Watch(ctx, func() { p.deps.Do(p.listChanged) })
}

// action begins an action. The returned function ends it: it tells the view what has changed,
// unless the action is part of another.
func (p *Presenter) action() (end func()) {
	p.depth++
	return func() {
		p.depth--
		p.flush()
	}
}

// update notes that parts have changed.
func (p *Presenter) update(parts Parts) {
	p.changed |= parts
	p.flush()
}

// focusOn notes where the keyboard focus belongs.
func (p *Presenter) focusOn(to Target, field Field) {
	p.focus, p.field = to, field
	p.flush()
}

func (p *Presenter) flush() {
	if p.depth > 0 || p.closed {
		return
	}
	p.depth++ // the view may call actions
	p.catchUp()
	for p.changed != 0 {
		parts := p.changed
		p.changed = 0
		p.view.Update(parts)
	}
	p.depth--
	if to, field := p.focus, p.field; to != Nowhere {
		p.focus = Nowhere
		p.view.Focus(to, field)
	}
}

// Texts returns the texts in the language of the window.
func (p *Presenter) Texts() *message.Texts { return p.t }

// Deps returns the dependencies.
func (p *Presenter) Deps() *Deps { return &p.deps }

// Settings returns the user's choices.
func (p *Presenter) Settings() settings.Settings { return p.settings }

// Page returns the page.
func (p *Presenter) Page() Page { return p.page }

// Welcoming reports whether the page is that of a first start: the form, and no list.
func (p *Presenter) Welcoming() bool {
	return p.page == Editing && p.form.Mode == NewPort && p.list.read && p.list.err == nil && len(p.list.all) == 0 && len(p.removed) == 0
}

// Blocked reports whether no action may begin: a dialog or a question is open, a task runs,
// or the window is closed.
func (p *Presenter) Blocked() bool { return p.asking() || p.task != nil || p.closed }

// asking reports whether a dialog or a question is open.
func (p *Presenter) asking() bool { return p.dialog != nil || p.question != nil }

// Closed reports whether the window is closed.
func (p *Presenter) Closed() bool { return p.closed }

// OpenDialog notes that the view has opened a dialog. It masks what is shown.
func (p *Presenter) OpenDialog(d Dialog) {
	defer p.action()()
	p.Conceal()
	p.Active()
	p.dialog = d
}

// DialogClosed notes that the view has closed its dialog.
func (p *Presenter) DialogClosed() {
	defer p.action()()
	p.dialog = nil
	p.hideFromCaptures()
}

// Question is a question with answers. Escape gives none of them.
type Question struct {
	Title, Text string
	Answers     []Answer // the last one is the default
	Closed      func()   // called once it is closed, before the answer; may be nil
}

// Answer is a button of a question.
type Answer struct {
	Text string
	Do   func() // may be nil
}

// Question returns the open question, or nil.
func (p *Presenter) Question() *Question { return p.question }

// ask opens a question. Callers check that none is open.
func (p *Presenter) ask(q Question) {
	p.Conceal()
	p.Active()
	p.question = &q
	p.update(QuestionPart)
}

// Inform opens a question that has nothing to decide.
func (p *Presenter) Inform(title, text string) {
	defer p.action()()
	if !p.asking() {
		p.ask(Question{Title: title, Text: text, Answers: []Answer{{Text: p.t.T("ask.close")}}})
	}
}

// Answer closes the question with one of its answers; -1 gives none.
func (p *Presenter) Answer(index int) {
	defer p.action()()
	q := p.question
	if q == nil {
		return
	}
	p.question = nil
	p.update(QuestionPart)
	if q.Closed != nil {
		q.Closed()
	}
	if index >= 0 && q.Answers[index].Do != nil {
		q.Answers[index].Do()
	}
}

// Escape closes what is open, cancels the running task, or ends one of the other temporary
// states: the first of them that applies.
func (p *Presenter) Escape() {
	defer p.action()()
	switch {
	case p.dialog != nil:
		p.dialog.Escape()
	case p.question != nil:
		p.Answer(-1)
	case p.task != nil:
		p.Cancel()
	case len(p.list.marked) > 0:
		p.MarkAll(false)
	case p.list.query != "":
		p.SetQuery("")
	case p.revealed || p.viewSecrets:
		p.Conceal()
	case p.message.Text != "" && !p.decides():
		p.dismiss()
	case p.over():
		p.Back()
	case p.page == ManyPorts && p.working(): // it goes on
		p.Home()
	case p.page == ManyPorts:
		p.CloseMany()
	case p.page == Editing && p.form.Mode != NewPort:
		p.CancelForm()
	case p.notice.Text != "":
		p.dismissNotice()
	}
}

// show changes the page.
func (p *Presenter) show(page Page) {
	p.page = page
	p.update(PagePart)
}

// over reports whether the page is one from which Back returns to another.
func (p *Presenter) over() bool { return p.page == Preferences || p.page == Troubleshooting }

// under returns the page, or the one to which Back returns.
func (p *Presenter) under() Page {
	if p.over() {
		return p.back
	}
	return p.page
}

// ShowPreferences shows the page of the user's choices.
func (p *Presenter) ShowPreferences() { p.showOver(Preferences) }

// ShowTroubleshooting shows the page with what helps when something does not work.
func (p *Presenter) ShowTroubleshooting() { p.showOver(Troubleshooting) }

// showOver shows a page from which Back returns.
func (p *Presenter) showOver(page Page) {
	defer p.action()()
	if p.Blocked() {
		return
	}
	p.back = p.under()
	p.Conceal()
	p.show(page)
	p.focusOn(ToPrimary, 0)
}

// Back leaves Preferences or Troubleshooting.
func (p *Presenter) Back() {
	defer p.action()()
	if p.over() {
		p.show(p.back)
		p.focusOn(ToPrimary, 0)
	}
}

// Note records the outcome of an operation for the diagnostic report.
func (p *Presenter) Note(operation report.Operation, err error) {
	p.log.Add(p.deps.Now(), operation, err)
}

// Events returns what Note recorded.
func (p *Presenter) Events() []report.Event { return p.log.Events() }

// ChangeSettings changes the user's choices in this window, and the same in the file, which
// another window may have changed.
func (p *Presenter) ChangeSettings(change func(*settings.Settings)) {
	defer p.action()()
	change(&p.settings)
	p.deps.ChangeSettings(change)
	p.update(SettingsPart)
}

// ChooseLanguage changes the language of the window.
func (p *Presenter) ChooseLanguage(language string) {
	defer p.action()()
	if p.Blocked() {
		return
	}
	texts, err := p.deps.NewTexts(language)
	if err != nil {
		return
	}
	p.ChangeSettings(func(s *settings.Settings) { s.Language = language })
	p.t = texts
	p.message, p.notice = Message{}, Notice{} // they are in the other language
	p.formChanged()
	if c := p.cred; c != nil && c.err != nil {
		p.set(func(c *Credential) { c.Why = texts.Store(c.err) })
	}
	p.Reload(nil)
	p.update(ListPart | MarksPart | PagePart | FormPart | NoticePart)
}

// SortBy changes the order of the list to a [profile.Order].
func (p *Presenter) SortBy(order string) {
	defer p.action()()
	p.ChangeSettings(func(s *settings.Settings) { s.Sort = order })
	p.Reload(nil)
}

// ClearAfter returns the delay after which the clipboard is cleared.
func (p *Presenter) ClearAfter() time.Duration {
	return p.deps.Clients.Policy.ClearAfter(p.settings.ClearAfter())
}

// Shorten shortens a name for use in a sentence.
func Shorten(name string) string { return shorten(name) }

func shorten(name string) string {
	const most = 40
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}

// oneLine returns a text in the form in which it is saved.
func oneLine(text string) string { return authclient.PlainText(text) }

// sameProfile reports whether two profiles are the same saved one.
func sameProfile(a, b profile.Profile) bool { return a.ID != "" && a.ID == b.ID }
