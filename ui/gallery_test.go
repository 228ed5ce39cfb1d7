package ui

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"amarre/authclient/authtest"
	"amarre/internal/i18n"
	"amarre/internal/policy"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// state is something that a user sees.
type state struct {
	name string
	with func(*harness, *Deps) // what the window is made of
	do   func(*harness)
}

// gallery is every state that looks different. A new dialog or message belongs here.
var gallery = []state{
	{"first-start", func(_ *harness, d *Deps) { d.Service = "" }, func(*harness) {}},
	{"local-check", nil, func(h *harness) { h.credentials("MTPX", "15x", "x"); h.press(fyne.KeyReturn) }},
	{"refused", nil, func(h *harness) { h.credentials("MTP", "15", "wrong"); h.press(fyne.KeyReturn) }},
	{"working", nil, func(h *harness) {
		h.credentials("MTP", "15", authtest.DemoPassword)
		h.hold = true
		h.press(fyne.KeyReturn)
	}},
	{"not-the-service", nil, func(h *harness) {
		h.service.SetQuirks(authtest.Quirks{RedirectTo: "https://portail.example/"})
		h.credentials("MTP", "15", authtest.DemoPassword)
		h.press(fyne.KeyReturn)
	}},
	{"token", nil, func(h *harness) { h.getToken("MTP", false) }},
	{"shown", nil, func(h *harness) { h.getToken("MTP", true); h.shortcut(fyne.KeyH, ctrl|shift) }},
	{"copied", nil, func(h *harness) { h.three(); h.list.list.Tap(0, 0); h.shortcut(fyne.KeyC, ctrl|shift) }},
	{"checked", nil, func(h *harness) { h.getToken("LGM", true); h.shortcut(fyne.KeyF5, 0) }},
	{"marked", nil, func(h *harness) { h.three(); h.list.list.Tap(0, ctrl); h.list.list.Tap(1, ctrl) }},
	{"deleted", nil, func(h *harness) { h.three(); h.list.list.Tap(0, 0); h.press(fyne.KeyDelete) }},
	{"unsaved", nil, func(h *harness) { h.getToken("MTP", false); h.shortcut(fyne.KeyN, ctrl) }},
	{"second-token", nil, func(h *harness) {
		h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
		h.getToken("SET", true)
		h.typeInto("form.password", authtest.DemoPassword)
		h.press(fyne.KeyReturn)
		h.answer(0)
	}},
	{"replace", nil, func(h *harness) {
		h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
		h.getToken("SET", true)
		h.typeInto("form.password", authtest.DemoPassword)
		h.press(fyne.KeyReturn)
		h.answer(0)
		h.shortcut(fyne.KeyS, ctrl)
	}},
	{"diagnosis", nil, func(h *harness) { h.shortcut(fyne.KeyT, ctrl) }},
	{"authority", nil, func(h *harness) { h.authority() }},
	{"copy-as", nil, func(h *harness) { h.getToken("SET", true); h.shortcut(fyne.KeyA, ctrl|shift) }},
	{"compare", nil, func(h *harness) { h.getToken("SET", true); h.shortcut(fyne.KeyV, ctrl|shift) }},
	{"export", nil, func(h *harness) {
		h.three()
		h.shortcut(fyne.KeyE, ctrl)
		h.typeInto("ask.file", filepath.Join(h.dir, "none", "ports.amarre"))
		h.typeInto("ask.passphrase", "quatre bateaux")
		h.typeInto("ask.again", "quatre bateaux")
		h.press(fyne.KeyReturn)
	}},
	{"keyring-locked", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: profile.Locked}) }, func(h *harness) { h.aboutKeyring() }},
	{"keyring-absent", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: profile.NoService}) }, func(h *harness) { h.getToken("MTP", true) }},
	{"keyring-tested", nil, func(h *harness) { h.aboutKeyring(); h.answer(0) }},
	{"security", nil, func(h *harness) { h.menuItem("menu.safety") }},
	{"security-fixed", func(_ *harness, d *Deps) {
		d.Policy = policy.Policy{File: "/etc/amarre/policy.toml", MaxClear: 20 * time.Second, NoPasswords: true, CAFile: "/etc/ssl/x.pem", Services: []string{d.Service}}
	}, func(h *harness) { h.getToken("MTP", false); h.menuItem("menu.safety") }},
	{"policy-broken", func(_ *harness, d *Deps) {
		d.PolicyErr = &policy.Error{File: "/etc/amarre/policy.toml", Key: "servces", Err: policy.ErrUnknownKey}
	}, func(*harness) {}},
	{"shared-clipboard", func(_ *harness, d *Deps) { d.Remote = true }, func(h *harness) { h.getToken("SET", true); h.shortcut(fyne.KeyC, ctrl|shift) }},
	{"report", nil, func(h *harness) { h.getToken("SET", true); h.menuItem("menu.report") }},
	{"keys", nil, func(h *harness) { h.menuItem("menu.keys") }},
	{"about", nil, func(h *harness) { h.menuItem("menu.about") }},
	{"demo", func(h *harness, d *Deps) {
		d.Demo = &Demo{Service: h.service.URL, PortCode: "MTP", ERPID: 15, Password: authtest.DemoPassword}
	}, func(*harness) {}},
}

// smallest is the size below which the window must be able to go: a screen of 1024 by
// 768 points at 125 %, less a task bar and a title.
var smallest = fyne.NewSize(819, 560)

// TestEveryStateFits: in both languages, in the smallest window and in a large one, the
// window fits on a small screen and no text is cut off. With AMARRE_PICTURES=FOLDER it
// keeps a picture of each, light and dark. (Where an entry is scrolled under an edge,
// the toolkit draws its text beyond it in these pictures, and only there.)
func TestEveryStateFits(t *testing.T) {
	for _, language := range i18n.Languages() {
		for _, s := range gallery {
			t.Run(language+"/"+s.name, func(t *testing.T) {
				h := start(t, language, s.with)
				s.do(h)
				small := h.settle(fyne.Size{})
				if small.Width > smallest.Width || small.Height > smallest.Height {
					t.Errorf("the window cannot be smaller than %v", small)
				}
				h.fits("small")
				h.picture(t, language+"-"+s.name+"-small")
				h.settle(fyne.NewSize(1400, 900))
				h.fits("large")
				h.picture(t, language+"-"+s.name+"-large")
			})
		}
	}
}

// settle gives the window a size, or the least that it can have, as the driver does:
// when text is wrapped in another way, what holds it has another least size.
func (h *harness) settle(size fyne.Size) fyne.Size {
	for range 4 {
		size = size.Max(h.win.Content().MinSize().AddWidthHeight(2*theme.Padding(), 2*theme.Padding()))
		for _, overlay := range h.win.Canvas().Overlays().List() {
			size = size.Max(overlay.MinSize())
		}
		h.win.Resize(size.AddWidthHeight(1, 1))
		h.win.Resize(size)
	}
	return size
}

// picture keeps a picture of the window in each theme, if asked to.
func (h *harness) picture(t *testing.T, name string) {
	dir := os.Getenv("AMARRE_PICTURES")
	if dir == "" {
		return
	}
	for _, each := range []string{settings.Light, settings.Dark} {
		h.chooseTheme(each)
		file, err := os.Create(filepath.Join(dir, "state-"+name+"-"+each+".png"))
		if err != nil {
			t.Fatal(err)
		}
		c := h.win.Canvas()
		if err := png.Encode(file, c.Capture()); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// fits checks that every text, and all that can be used, is inside everything that
// holds it.
func (h *harness) fits(size string) {
	h.t.Helper()
	const tolerance = 1 // of rounding
	type area struct{ left, top, right, bottom float32 }
	var walk func(o fyne.CanvasObject, at fyne.Position, seen area)
	walk = func(o fyne.CanvasObject, at fyne.Position, seen area) {
		if !o.Visible() {
			return
		}
		at = at.Add(o.Position())
		own := area{at.X, at.Y, at.X + o.Size().Width, at.Y + o.Size().Height}
		what := ""
		switch o := o.(type) {
		case *canvas.Text:
			what = o.Text
			own.right = own.left + fyne.MeasureText(o.Text, o.TextSize, o.TextStyle).Width
		case fyne.Focusable:
			what = fmt.Sprintf("a %T", o)
		}
		if what != "" && (own.left < seen.left-tolerance || own.right > seen.right+tolerance || own.top < seen.top-tolerance || own.bottom > seen.bottom+tolerance) {
			h.t.Errorf("%s: %q is cut off: it is at %v, and there is %v", size, what, own, seen)
		}
		if strings.HasSuffix(what, "«") || strings.IndexAny(what, "»:;?!") == 0 {
			h.t.Errorf("%s: %q is a line that is broken where there is no break", size, what)
		}
		inside := area{max(seen.left, own.left), max(seen.top, own.top), min(seen.right, own.right), min(seen.bottom, own.bottom)}
		switch o := o.(type) {
		case *container.Scroll: // what is below can be scrolled to
			const far = 1e6
			walk(o.Content, at, area{inside.left, -far, inside.right, far})
		case *fyne.Container:
			for _, each := range o.Objects {
				walk(each, at, inside)
			}
		case fyne.Widget:
			for _, each := range test.WidgetRenderer(o).Objects() {
				walk(each, at, inside)
			}
		}
	}
	all := area{0, 0, h.win.Canvas().Size().Width, h.win.Canvas().Size().Height}
	walk(h.win.Content(), fyne.Position{}, all)
	for _, overlay := range h.win.Canvas().Overlays().List() {
		walk(overlay, fyne.Position{}, all)
	}
}
