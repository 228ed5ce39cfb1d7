package ui

import (
	"context"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient/authtest"
	"amarre/internal/i18n"
	"amarre/internal/message"
	"amarre/internal/service"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
	"amarre/ui/kit"
)

// harness is a window with a simulated service, a keyring and a clipboard in memory, and a
// clock that the test advances. Work runs at once, unless hold is set.
type harness struct {
	*Window
	t        *testing.T
	service  *authtest.Server
	ring     *profiletest.Ring
	dir      string
	board    *board
	clock    *clock
	settings []settings.Settings // every saved version
	slept    []time.Duration     // before each call to the service
	closed   bool
	changed  func() // tells the window that the list changed on the disk

	hold bool // keep work in held, until release runs it
	held []func() func()
}

type board struct{ text string }

func (b *board) Content() string     { return b.text }
func (b *board) SetContent(s string) { b.text = s }

// clock is a clock with timers, which fire when the test advances it.
type clock struct {
	now    time.Time
	timers []*timer
}

type timer struct {
	at time.Time
	do func()
}

func (c *clock) after(d time.Duration, f func()) func() {
	a := &timer{c.now.Add(d), f}
	c.timers = append(c.timers, a)
	return func() { c.timers = slices.DeleteFunc(c.timers, func(other *timer) bool { return other == a }) }
}

func (c *clock) advance(d time.Duration) {
	for end := c.now.Add(d); ; {
		slices.SortStableFunc(c.timers, func(a, b *timer) int { return a.at.Compare(b.at) })
		if len(c.timers) == 0 || c.timers[0].at.After(end) {
			c.now = end
			return
		}
		next := c.timers[0]
		c.timers = c.timers[1:]
		c.now = next.at
		next.do()
	}
}

// start opens a window. change, which may be nil, changes the harness or the dependencies
// before.
func start(t *testing.T, lang string, change func(*harness, *Deps)) *harness {
	t.Helper()
	service, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	h := &harness{t: t, service: service, ring: &profiletest.Ring{}, dir: t.TempDir(), board: &board{},
		clock: &clock{now: time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)}}
	h.restart(lang, change)
	return h
}

// restart opens another window with the same service, keyring, clipboard and list.
func (h *harness) restart(lang string, change func(*harness, *Deps)) {
	h.t.Helper()
	texts, err := message.New(lang)
	if err != nil {
		h.t.Fatal(err)
	}
	deps := Deps{
		Texts:   texts,
		Store:   profile.Open(profile.Options{Dir: h.dir, Keyring: h.ring}),
		Clients: &service.Clients{},
		Board:   h.board,
		Now:     func() time.Time { return h.clock.now },
		After:   h.clock.after,
		Sleep:   func(_ context.Context, d time.Duration) { h.slept = append(h.slept, d) },
		Run:     h.run,
		Do:      func(f func()) { f() },
		Watch:   func(_ context.Context, changed func()) { h.changed = changed },
		ChangeSettings: func(change func(*settings.Settings)) {
			var last settings.Settings
			if len(h.settings) > 0 {
				last = h.settings[len(h.settings)-1]
			}
			change(&last)
			h.settings = append(h.settings, last)
		},
		NewTexts:   func(language string) (*message.Texts, error) { return message.New(i18n.Choose(language, "", "en")) },
		WorkFactor: 10,
		Version:    "9.9.9",
		Service:    h.service.URL,
		Closed:     func() { h.closed = true },
	}
	if change != nil {
		change(h, &deps)
	}
	test.NewTempApp(h.t)
	win := test.NewWindow(nil) // NewTempWindow would close the window twice
	h.closed = false
	h.Window = New(win, deps)
	h.Started()
}

func (h *harness) run(work func() func()) {
	if h.hold {
		h.held = append(h.held, work)
		return
	}
	work()()
}

// release runs the held work.
func (h *harness) release() {
	h.hold = false
	for len(h.held) > 0 {
		work := h.held[0]
		h.held = h.held[1:]
		work()()
	}
}

// typeInto replaces the text of a named entry by typing.
func (h *harness) typeInto(name, text string) {
	h.t.Helper()
	entry, ok := h.named[name].(fyne.Focusable)
	if !ok {
		h.t.Fatalf("%s is no entry", name)
	}
	h.win.Canvas().Focus(entry)
	entry.(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	for _, r := range text {
		entry.TypedRune(r)
	}
}

// press sends keys to the focused widget, as the driver does.
func (h *harness) press(keys ...fyne.KeyName) {
	h.t.Helper()
	for _, key := range keys {
		h.keyDown(key)
		h.typed(key)
		h.keyUp(key)
	}
}

// holdDown holds a key down until it has repeated so often. As the driver does, the repeats
// reach whatever has the focus then.
func (h *harness) holdDown(key fyne.KeyName, repeats int) {
	h.t.Helper()
	h.keyDown(key)
	for range repeats + 1 {
		h.typed(key)
	}
	h.keyUp(key)
}

func (h *harness) keyDown(key fyne.KeyName) {
	switch focused := h.win.Canvas().Focused().(type) {
	case nil:
		h.keys.fresh = key // as the canvas of the driver calls it
		h.keys.KeyDown(key)
	case desktop.Keyable:
		focused.KeyDown(&fyne.KeyEvent{Name: key})
	}
}

func (h *harness) keyUp(key fyne.KeyName) {
	switch focused := h.win.Canvas().Focused().(type) {
	case nil:
		h.keys.KeyUp(key)
	case desktop.Keyable:
		focused.KeyUp(&fyne.KeyEvent{Name: key})
	}
}

func (h *harness) typed(key fyne.KeyName) {
	switch focused := h.win.Canvas().Focused(); {
	case key == fyne.KeyTab:
		h.win.Canvas().FocusNext()
	case focused != nil:
		focused.TypedKey(&fyne.KeyEvent{Name: key})
	case h.win.Canvas().OnTypedKey() != nil:
		h.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: key})
	}
}

const ctrl, shift = fyne.KeyModifierShortcutDefault, fyne.KeyModifierShift

// shortcut runs the menu item with a shortcut. Like the driver, it ignores whether the item
// is disabled.
func (h *harness) shortcut(key fyne.KeyName, modifier fyne.KeyModifier) {
	h.t.Helper()
	for _, menu := range h.win.MainMenu().Items {
		for _, item := range menu.Items {
			if s, ok := item.Shortcut.(*desktop.CustomShortcut); ok && s.KeyName == key && s.Modifier == modifier {
				item.Action()
				return
			}
		}
	}
	h.t.Fatalf("no menu item has the key %v with %v", key, modifier)
}

// tap taps a named widget, which must be visible and enabled.
func (h *harness) tap(name string) {
	h.t.Helper()
	object, ok := h.named[name].(fyne.Tappable)
	if !ok || !h.named[name].Visible() {
		h.t.Fatalf("%s cannot be tapped", name)
	}
	if d, ok := object.(fyne.Disableable); ok && d.Disabled() {
		h.t.Fatalf("%s is disabled", name)
	}
	test.Tap(object)
}

// answer gives the nth answer of the open dialog.
func (h *harness) answer(n int) {
	h.t.Helper()
	if h.dialog == nil {
		h.t.Fatal("no dialog is open")
	}
	test.Tap(h.dialog.Buttons[n])
}

// noQuestion checks that no dialog is open.
func (h *harness) noQuestion() {
	h.t.Helper()
	if h.dialog != nil {
		h.t.Fatal("a dialog is open")
	}
}

// credentials fills the form.
func (h *harness) credentials(port, erp, password string) {
	h.t.Helper()
	h.typeInto("form.port_code", port)
	h.typeInto("form.erp_id", erp)
	h.typeInto("form.password", password)
}

// getToken gets a token for a port of the simulated service, and saves it if save is set.
func (h *harness) getToken(port string, save bool) {
	h.t.Helper()
	h.credentials(port, "15", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	if h.current == nil || !h.current.changed || h.current.profile.PortCode != port {
		h.t.Fatalf("no token for %s: %q", port, h.result.message.Text)
	}
	if save {
		h.shortcut(fyne.KeyS, ctrl)
		if h.current.changed {
			h.t.Fatalf("%s was not saved: %q", port, h.result.message.Text)
		}
	}
}

// message returns the visible message of the result panel, or "".
func (h *harness) message() string {
	if !h.result.messageBox.Visible() {
		return ""
	}
	return h.result.message.Text
}

// expect checks that a text is that of a key in the catalogue.
func (h *harness) expect(what, got, key string, pairs ...any) {
	h.t.Helper()
	if want := h.Window.t.T(key, pairs...); got != want {
		h.t.Errorf("%s is %q, want %q", what, got, want)
	}
}

// expectN is expect for a key with a plural.
func (h *harness) expectN(what, got, key string, count int, pairs ...any) {
	h.t.Helper()
	if want := h.Window.t.N(key, count, pairs...); got != want {
		h.t.Errorf("%s is %q, want %q", what, got, want)
	}
}

// drawn returns the text that an object draws, or "".
func drawn(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case *canvas.Text:
		return o.Text
	case *widget.Label:
		return o.Text
	case *kit.Paragraph:
		return o.Text
	case *widget.Button:
		return o.Text
	}
	return ""
}

// focused returns the name of the focused widget, or "".
func (h *harness) focused() string {
	for name, object := range h.named {
		if f, ok := object.(fyne.Focusable); ok && f == h.win.Canvas().Focused() {
			return name
		}
	}
	return ""
}
