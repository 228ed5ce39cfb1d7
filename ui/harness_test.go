package ui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"github.com/godbus/dbus/v5"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/clipboard"
	"amarre/internal/clocktest"
	"amarre/internal/filedialog"
	"amarre/internal/i18n"
	"amarre/internal/message"
	"amarre/internal/service"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
	"amarre/ui/kit"
	"amarre/ui/presenter"
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
	clock    *clocktest.Clock
	settings []settings.Settings // every saved version
	files    *files
	closed   bool
	changed  func() // tells the window that the list changed on the disk

	hold bool // keep work in held, until release runs it
	held []func() func()
}

type board struct{ text string }

func (b *board) Content() string     { return b.text }
func (b *board) SetContent(s string) { b.text = s }

// managedBoard is a clipboard that a clipboard manager takes over.
type managedBoard struct{ taken bool }

func (b *managedBoard) SetSecret(string) bool    { b.taken = true; return true }
func (b *managedBoard) Holds() bool              { return false }
func (b *managedBoard) Clear()                   {}
func (b *managedBoard) HasManager() bool         { return true }
func (b *managedBoard) Erase(clipboard.Sum) bool { found := b.taken; b.taken = false; return found }

// files are the dialogs of the system: they give path, or err.
type files struct {
	path  string
	err   error
	asked []filedialog.Options
}

func (f *files) Open(_ context.Context, o filedialog.Options) (string, error) {
	f.asked = append(f.asked, o)
	return f.path, f.err
}

func (f *files) Save(ctx context.Context, o filedialog.Options) (string, error) {
	return f.Open(ctx, o)
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
	h := &harness{t: t, service: service, ring: &profiletest.Ring{}, dir: t.TempDir(), board: &board{}, files: &files{err: filedialog.ErrUnavailable},
		clock: clocktest.New(time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC))}
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
		Store:   profile.Open(profile.Options{Dir: h.dir, Keyring: h.ring, Now: h.clock.Now}),
		Clients: &service.Clients{},
		Board:   h.board,
		Now:     h.clock.Now,
		After:   h.clock.After,
		Sleep:   func(context.Context, time.Duration) {},
		Run:     h.run,
		Do:      func(f func()) { f() },
		Watch:   func(_ context.Context, changed func()) { h.changed = changed },
		Files:   h.files,
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
	win.Resize(fyne.NewSize(defaultWidth, defaultHeight))
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

// walk calls f with every object that is visible, the topmost layer first, until it returns
// true.
func (h *harness) walk(f func(o fyne.CanvasObject) bool) bool {
	var visit func(o fyne.CanvasObject) bool
	visit = func(o fyne.CanvasObject) bool {
		if !o.Visible() {
			return false
		}
		if f(o) {
			return true
		}
		var inside []fyne.CanvasObject
		switch o := o.(type) {
		case *container.Scroll:
			inside = []fyne.CanvasObject{o.Content}
		case *fyne.Container:
			inside = o.Objects
		case fyne.Widget:
			inside = test.WidgetRenderer(o).Objects()
		}
		return slices.ContainsFunc(inside, visit)
	}
	layers := h.win.Canvas().Overlays().List()
	for _, layer := range slices.Backward(layers) {
		if visit(layer) {
			return true
		}
	}
	return len(layers) == 0 && visit(h.win.Content())
}

// button returns the visible button with a text, or nil.
func (h *harness) button(text string) *kit.Push {
	var found *kit.Push
	h.walk(func(o fyne.CanvasObject) bool {
		push, ok := o.(*kit.Push)
		if ok && (push.Text == text || push.Text == "" && push.Tip() != "" && push.Tip() == text) {
			found = push
		}
		return found != nil
	})
	return found
}

// tap taps the visible button whose text is that of a key in the catalogue. A button without a
// text is found by its tooltip.
func (h *harness) tap(key string, pairs ...any) {
	h.t.Helper()
	h.tapText(h.Window.t.T(key, pairs...))
}

func (h *harness) tapText(text string) {
	h.t.Helper()
	button := h.button(text)
	if button == nil {
		h.t.Fatalf("there is no button %q among %q", text, h.texts())
	}
	if button.Disabled() {
		h.t.Fatalf("%q is disabled", text)
	}
	test.Tap(button)
}

// input returns the entry of the field with a label, by the key of its text.
func (h *harness) input(key string) fyne.Focusable {
	h.t.Helper()
	label := h.Window.t.T(key)
	var entry fyne.Focusable
	h.walk(func(o fyne.CanvasObject) bool {
		field, ok := o.(*kit.LabelledField)
		if ok && field.Label() == label {
			entry = field.Input()
		}
		return entry != nil
	})
	if entry == nil {
		h.t.Fatalf("there is no field %q among %q", label, h.texts())
	}
	return entry
}

// typeInto replaces the text of the field with a label by typing.
func (h *harness) typeInto(key, text string) {
	h.t.Helper()
	h.typeIn(h.input(key), text)
}

func (h *harness) typeIn(entry fyne.Focusable, text string) {
	h.win.Canvas().Focus(entry)
	entry.(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	h.press(fyne.KeyBackspace)
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

// shortcut types a key with modifiers. As the driver does, it gives the shortcut to the focused
// widget if that takes any, else to the canvas.
func (h *harness) shortcut(key fyne.KeyName, modifier fyne.KeyModifier) {
	h.t.Helper()
	h.keyDown(key)
	s := &desktop.CustomShortcut{KeyName: key, Modifier: modifier}
	if focused, ok := h.win.Canvas().Focused().(fyne.Shortcutable); ok {
		focused.TypedShortcut(s)
	} else {
		h.win.Canvas().(fyne.Shortcutable).TypedShortcut(s)
	}
	h.keyUp(key)
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
		h.t.Fatalf("a dialog is open: %q", h.dialog.Title())
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
	if h.p.Page() != presenter.Editing {
		h.shortcut(fyne.KeyN, ctrl)
	}
	h.credentials(port, "15", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	if c := h.p.Credential(); c == nil || c.State != presenter.Obtained || c.Profile.PortCode != port {
		h.t.Fatalf("no token for %s: %q", port, h.p.Message().Text)
	}
	if save {
		h.shortcut(fyne.KeyS, ctrl)
		if h.p.Credential().State != presenter.Saved {
			h.t.Fatalf("%s was not saved: %q", port, h.p.Message().Text)
		}
	}
}

// save saves a port of the simulated service behind the window's back, and returns its token.
func (h *harness) save(port string) string {
	h.t.Helper()
	address, err := authclient.ParseAddress(h.service.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	cred := authclient.Credentials{PortCode: port, ERPID: authtest.DemoERPID, Password: authclient.NewSecret(authtest.DemoPassword)}
	client := authclient.New(address, authclient.Options{})
	token, err := client.Login(h.t.Context(), cred)
	if err != nil {
		h.t.Fatal(err)
	}
	account, err := client.Account(h.t.Context(), token)
	if err != nil {
		h.t.Fatal(err)
	}
	of := profile.Profile{Name: account.PortName, Service: h.service.URL, Environment: profile.Production, PortCode: port, ERPID: authtest.DemoERPID}
	if _, err := h.deps.Store.Put(h.t.Context(), of, func(p *profile.Profile, s *profile.Secrets) error {
		p.Name, p.Environment, s.Token = of.Name, of.Environment, token
		return nil
	}); err != nil {
		h.t.Fatal(err)
	}
	return token.Reveal()
}

// stored returns the token that is kept of a profile.
func (h *harness) stored(of profile.Profile) string {
	h.t.Helper()
	secrets, err := h.deps.Store.Load(h.t.Context(), of)
	if err != nil {
		h.t.Fatal(err)
	}
	return secrets.Token.Reveal()
}

// token returns the token of the open credential.
func (h *harness) token() string { return h.p.Credential().Secrets.Token.Reveal() }

// expect checks that a text is that of a key in the catalogue.
func (h *harness) expect(what, got, key string, pairs ...any) {
	h.t.Helper()
	if want := h.Window.t.T(key, pairs...); got != want {
		h.t.Errorf("%s is %q, want %q", what, got, want)
	}
}

// texts returns every text that is drawn.
func (h *harness) texts() []string {
	var all []string
	h.walk(func(o fyne.CanvasObject) bool {
		if text, ok := o.(*canvas.Text); ok && text.Text != "" {
			all = append(all, text.Text)
		}
		return false
	})
	return all
}

// sees reports whether a text is drawn, on one line or several.
func (h *harness) sees(text string) bool {
	return strings.Contains(strings.Join(h.texts(), " "), text)
}

// errGone is the error of a computer without a keyring.
var errGone = dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}
