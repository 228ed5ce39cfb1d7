package presenter

import (
	"context"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/clocktest"
	"amarre/internal/i18n"
	"amarre/internal/message"
	"amarre/internal/service"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// harness is a presenter with a simulated service, a keyring and a clipboard in memory, a view
// that draws nothing, and a clock that the test advances. Work runs at once, unless hold is
// set.
type harness struct {
	*Presenter
	t        *testing.T
	service  *authtest.Server
	ring     *profiletest.Ring
	dir      string
	board    *board
	clock    *clocktest.Clock
	settings []settings.Settings // every saved version
	slept    []time.Duration     // before each call to the service
	changed  func()              // tells the presenter that the list changed on the disk
	isClosed bool                // Deps.Closed was called

	// What the view was told.
	parts     Parts
	focused   Target
	field     Field
	concealed int
	viewGone  bool

	hold bool // keep work in held, until release runs it
	held []func() func()
}

type board struct{ text string }

func (b *board) Content() string     { return b.text }
func (b *board) SetContent(s string) { b.text = s }

// view is the harness as the presenter sees it.
type view struct{ h *harness }

func (v view) Update(parts Parts)            { v.h.parts |= parts }
func (v view) Focus(to Target, field Field)  { v.h.focused, v.h.field = to, field }
func (v view) Conceal()                      { v.h.concealed++ }
func (v view) Size() (width, height float32) { return 980, 680 }
func (v view) Close()                        { v.h.viewGone = true }

// start returns a started presenter. change, which may be nil, changes the harness or the
// dependencies before.
func start(t *testing.T, lang string, change func(*harness, *Deps)) *harness {
	t.Helper()
	service, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	h := &harness{t: t, service: service, ring: &profiletest.Ring{}, dir: t.TempDir(), board: &board{},
		clock: clocktest.New(time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC))}
	h.restart(lang, change)
	return h
}

// restart starts another presenter with the same service, keyring, clipboard and list.
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
		Now:     h.clock.Now,
		After:   h.clock.After,
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
		Closed:     func() { h.isClosed = true },
	}
	if change != nil {
		change(h, &deps)
	}
	h.isClosed, h.viewGone = false, false
	h.Presenter = New(deps, view{h})
	h.Start()
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

// credentials fills the form.
func (h *harness) credentials(port, erp, password string) {
	h.t.Helper()
	if h.Page() != Editing {
		h.t.Fatalf("the page is %d, not the form", h.Page())
	}
	h.Type(PortCode, port)
	h.Type(ERPID, erp)
	h.TypePassword(authclient.NewSecret(password))
}

// obtain gets a token for a new port of the simulated service.
func (h *harness) obtain(port string) {
	h.t.Helper()
	if h.Page() != Editing || h.Form().Mode != NewPort {
		h.New()
	}
	h.credentials(port, "15", authtest.DemoPassword)
	h.Login()
	if c := h.Credential(); c == nil || c.State != Obtained || c.Profile.PortCode != port {
		h.t.Fatalf("no token for %s: %+v, %q", port, h.Form().Problems, h.Message().Text)
	}
}

// save gets a token for a new port, saves it, and returns the saved profile.
func (h *harness) save(port string) profile.Profile {
	h.t.Helper()
	h.obtain(port)
	h.Save()
	c := h.Credential()
	if c == nil || c.State != Saved {
		h.t.Fatalf("%s was not saved: %q", port, h.Message().Text)
	}
	return c.Profile
}

// token returns the token of the open credential.
func (h *harness) token() string {
	if h.Credential() == nil {
		return ""
	}
	return h.Credential().Secrets.Token.Reveal()
}

// answer gives the nth answer of the open question.
func (h *harness) answer(n int) {
	h.t.Helper()
	if h.Question() == nil {
		h.t.Fatal("no question is open")
	}
	h.Answer(n)
}

// noQuestion checks that no question is open.
func (h *harness) noQuestion() {
	h.t.Helper()
	if q := h.Question(); q != nil {
		h.t.Fatalf("a question is open: %q", q.Title)
	}
}

// expect checks that a text is that of a key in the catalogue.
func (h *harness) expect(what, got, key string, pairs ...any) {
	h.t.Helper()
	if want := h.Texts().T(key, pairs...); got != want {
		h.t.Errorf("%s is %q, want %q", what, got, want)
	}
}

// expectN is expect for a key with a plural.
func (h *harness) expectN(what, got, key string, count int, pairs ...any) {
	h.t.Helper()
	if want := h.Texts().N(key, count, pairs...); got != want {
		h.t.Errorf("%s is %q, want %q", what, got, want)
	}
}
