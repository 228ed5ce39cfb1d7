package ui

import (
	"errors"
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
	"amarre/internal/keyring"
	"amarre/internal/policy"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
	"amarre/ui/kit"
)

// state is one state of the window.
type state struct {
	name string
	with func(*harness, *Deps) // changes the dependencies before; may be nil
	do   func(*harness)        // brings the window into the state
}

// gallery has every state of the window that looks different. Add each new dialog and
// message.
var gallery = []state{
	// The initial states come first: a later state that looks like one of them did nothing.
	{"empty", nil, func(*harness) {}},
	{"saved", nil, func(h *harness) { h.getToken("MTP", true) }},
	{"three", nil, func(h *harness) { h.three() }},

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
	{"checked", nil, func(h *harness) { h.getToken("MTP", true); h.shortcut(fyne.KeyF5, 0) }},
	{"marked", nil, func(h *harness) { h.three(); h.list.list.Tap(0, ctrl); h.list.list.Tap(1, ctrl) }},
	{"deleted", nil, func(h *harness) { h.three(); h.list.list.Tap(0, 0); h.press(fyne.KeyDelete) }},
	{"unsaved", nil, func(h *harness) { h.getToken("MTP", false); h.shortcut(fyne.KeyN, ctrl) }},
	{"second-token", nil, func(h *harness) { h.secondToken() }},
	{"replace", nil, func(h *harness) { h.secondToken(); h.shortcut(fyne.KeyS, ctrl) }},
	{"diagnosis", nil, func(h *harness) { h.shortcut(fyne.KeyT, ctrl) }},
	{"authority", nil, func(h *harness) { h.authority() }},
	{"copy-as", nil, func(h *harness) { h.getToken("MTP", true); h.shortcut(fyne.KeyA, ctrl|shift) }},
	{"compare", nil, func(h *harness) { h.getToken("MTP", true); h.shortcut(fyne.KeyV, ctrl|shift) }},
	{"export", nil, func(h *harness) {
		h.three()
		h.shortcut(fyne.KeyE, ctrl)
		h.typeInto("ask.file", filepath.Join(h.dir, "none", "ports.amarre"))
		h.typeInto("ask.passphrase", "quatre bateaux")
		h.typeInto("ask.again", "quatre bateaux")
		h.press(fyne.KeyReturn)
	}},
	{"export-suggested", nil, func(h *harness) {
		h.three()
		h.shortcut(fyne.KeyE, ctrl)
		h.tap("ask.suggest")
		first := h.named["ask.passphrase"].(*kit.SecretEntry)
		first.OnChanged = nil // the same picture each time
		first.SetText("bateau-phare-marin-voile-ponton")
	}},
	{"import", nil, func(h *harness) { h.importFile("ports.amarre") }},
	{"import-no-file", nil, func(h *harness) {
		h.importFile("ports.amarre")
		h.typeInto("ask.passphrase", "quatre bateaux")
		h.press(fyne.KeyReturn)
	}},
	{"import-preview", nil, func(h *harness) {
		h.three()
		var entries []profile.Entry
		for _, p := range h.all {
			entries = append(entries, profile.Entry{Profile: p, Secrets: h.stored(p)})
		}
		h.list.list.Tap(0, 0)
		h.press(fyne.KeyDelete) // the import adds this one, and skips the others
		steps, err := h.deps.Store.PlanImport(h.t.Context(), entries)
		if err != nil {
			h.t.Fatal(err)
		}
		h.previewImport(steps)
	}},
	{"import-conflict", nil, func(h *harness) { h.conflict() }},
	{"bare-token", nil, func(h *harness) {
		h.getToken("MTP", true)
		h.ring.Put(h.all[0].ID, "TOKEN-BY-HAND")
		h.shortcut(fyne.KeyN, ctrl)
		h.openProfile(h.all[0])
	}},
	{"closed-database", nil, func(h *harness) {
		h.ring.Change(profiletest.Faults{Place: "Base de la capitainerie"})
		h.getToken("MTP", true)
		h.shortcut(fyne.KeyN, ctrl)
		h.ring.Change(profiletest.Faults{Closed: []string{"Base de la capitainerie"}})
		h.openProfile(h.all[0])
	}},
	{"refused-again", nil, func(h *harness) {
		h.credentials("MTP", "15", "wrong")
		h.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn)
	}},
	{"deleted-quit", nil, func(h *harness) { h.three(); h.list.list.Tap(0, 0); h.press(fyne.KeyDelete); h.Quit() }},
	{"settings-unreadable", func(h *harness, d *Deps) {
		d.SettingsErr = &settings.Error{File: "/home/capitainerie/.config/amarre/settings.json", Err: settings.ErrSyntax}
	}, func(*harness) {}},
	{"waiting", nil, func(h *harness) {
		h.getToken("MTP", false)
		h.hold = true
		h.shortcut(fyne.KeyS, ctrl)
		h.Notice(profile.Notice{Wait: profile.WaitForKeyring})
		h.clock.advance(2 * time.Second)
	}},
	{"rename", nil, func(h *harness) { h.getToken("MTP", true); h.shortcut(fyne.KeyF2, 0) }},
	{"nothing-found", nil, func(h *harness) { h.three(); h.typeInto("list.search", "xyz") }},
	{"authority-gone", func(h *harness, d *Deps) {
		d.Settings.Authorities = map[string]string{d.Service: filepath.Join(h.dir, strings.Repeat("certificats", 9)+".pem")}
	}, func(h *harness) { h.credentials("MTP", "15", authtest.DemoPassword); h.press(fyne.KeyReturn) }},
	{"compared", nil, func(h *harness) {
		h.getToken("MTP", true)
		h.board.text = "Bearer " + h.current.secrets.Token.Reveal()
		h.shortcut(fyne.KeyV, ctrl|shift)
		h.answer(1)
	}},
	{"previous", nil, func(h *harness) {
		h.secondToken()
		h.shortcut(fyne.KeyS, ctrl)
		h.answer(1)
		h.tap("result.previous")
	}},
	{"keyring-locked", func(h *harness, _ *Deps) { h.ring.Change(profiletest.Faults{Is: keyring.Locked}) }, func(h *harness) { h.aboutKeyring() }},
	{"keyring-absent", absent, func(h *harness) { h.getToken("MTP", true) }},
	{"keyring-tested", nil, func(h *harness) { h.aboutKeyring(); h.answer(0) }},
	{"keyring-quit", absent, func(h *harness) { h.getToken("MTP", true); h.shortcut(fyne.KeyQ, ctrl) }},
	{"security", nil, func(h *harness) { h.menuItem("menu.safety") }},
	{"security-captures", func(_ *harness, d *Deps) { d.HideFromCaptures = func(bool) {} }, func(h *harness) { h.menuItem("menu.safety") }},
	{"security-fixed", func(_ *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{File: "/etc/amarre/policy.toml", MaxClear: 20 * time.Second, NoPasswords: true, Services: []string{d.Service}}
	}, func(h *harness) {
		h.getToken("MTP", false)
		h.deps.Clients.Policy.CAFile = "/etc/ssl/x.pem"
		h.menuItem("menu.safety")
	}},
	{"policy-erased", func(_ *harness, d *Deps) { d.Clients.Policy = policy.Policy{NoPasswords: true} }, func(h *harness) { h.result.inform(h.Window.t.N("policy.erased", 3)) }},
	{"policy-service", func(_ *harness, d *Deps) {
		d.Clients.Policy = policy.Policy{Services: []string{"https://logapass.example/ws", "https://sandbox.example"}}
	}, func(*harness) {}},
	{"policy-authority", func(_ *harness, d *Deps) {
		d.PolicyErr = &policy.Error{File: "/etc/amarre/policy.toml", Key: "ca_file", Err: policy.ErrUntrusted}
	}, func(*harness) {}},
	{"policy-broken", func(_ *harness, d *Deps) {
		d.PolicyErr = &policy.Error{File: "/etc/amarre/policy.toml", Key: "servces", Err: policy.ErrUnknownKey}
	}, func(*harness) {}},
	{"shared-clipboard", func(_ *harness, d *Deps) { d.Remote = true }, func(h *harness) { h.getToken("MTP", true); h.shortcut(fyne.KeyC, ctrl|shift) }},
	{"clipboard-manager", func(_ *harness, d *Deps) { d.Remote, d.SecretClipboard = true, &managedBoard{} }, func(h *harness) { h.getToken("MTP", true); h.shortcut(fyne.KeyC, ctrl|shift) }},
	{"crashed", func(h *harness, d *Deps) {
		d.CrashReport = filepath.Join(h.dir, "crash-20261123-143200.txt")
		if err := os.WriteFile(d.CrashReport, nil, 0o600); err != nil {
			h.t.Fatal(err)
		}
	}, func(*harness) {}},
	{"report", nil, func(h *harness) { h.getToken("MTP", true); h.menuItem("menu.report") }},
	{"keys", nil, func(h *harness) { h.menuItem("menu.keys") }},
	{"about", nil, func(h *harness) { h.menuItem("menu.about") }},
	{"demo", func(h *harness, d *Deps) {
		d.Clients.Demo, d.Demo = h.service.URL, &Demo{PortCode: "MTP", ERPID: 15, Password: authtest.DemoPassword}
	}, func(*harness) {}},
}

// smallest is the size to which the window must be able to shrink: a screen of 1024 by 768
// pixels at 125 %, without the task bar and the title bar.
var smallest = fyne.NewSize(819, 560)

// TestEveryStateFits: in both languages, every state fits on a small screen, no text is
// cut off in a small or a large window, and every state looks different. With
// AMARRE_PICTURES=FOLDER the test also saves light and dark pictures. In these pictures
// only, Fyne draws the text of a partly scrolled entry beyond the edge.
func TestEveryStateFits(t *testing.T) {
	for _, language := range i18n.Languages() {
		seen := map[string]string{} // the name of a state by its texts
		for _, s := range gallery {
			t.Run(language+"/"+s.name, func(t *testing.T) {
				h := start(t, language, s.with)
				s.do(h)
				small := h.settle(fyne.Size{})
				if small.Width > smallest.Width || small.Height > smallest.Height {
					t.Errorf("the window cannot be smaller than %v", small)
				}
				drawn := h.fits("small")
				if other := seen[drawn]; other != "" {
					t.Errorf("it looks like %s", other)
				}
				seen[drawn] = s.name
				h.picture(language + "-" + s.name + "-small")
				h.settle(fyne.NewSize(1400, 900))
				h.fits("large")
				h.picture(language + "-" + s.name + "-large")
			})
		}
	}
}

// settle resizes the window, to its minimum size at least, and returns the size. It
// repeats this as the driver does, because the minimum size depends on how text wraps.
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

// picture saves a picture of the window in each theme, if AMARRE_PICTURES is set.
func (h *harness) picture(name string) {
	h.t.Helper()
	dir := os.Getenv("AMARRE_PICTURES")
	if dir == "" {
		return
	}
	for _, each := range []string{settings.Light, settings.Dark} {
		h.chooseTheme(each)
		file, err := os.Create(filepath.Join(dir, "state-"+name+"-"+each+".png"))
		if err != nil {
			h.t.Fatal(err)
		}
		if err := errors.Join(png.Encode(file, h.win.Canvas().Capture()), file.Close()); err != nil {
			h.t.Fatal(err)
		}
	}
}

// absent simulates a computer without a keyring.
func absent(h *harness, _ *Deps) {
	h.ring.Change(profiletest.Faults{Set: errGone, List: errGone, Is: keyring.NoService})
}

// secondToken saves a token and then gets another one for the same profile.
func (h *harness) secondToken() {
	h.t.Helper()
	h.service.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	h.getToken("SET", true)
	h.typeInto("form.password", authtest.DemoPassword)
	h.press(fyne.KeyReturn)
	h.answer(0)
}

// fits checks that every text and every focusable widget is inside its parents. It returns
// the texts and the name of the focused widget.
func (h *harness) fits(size string) string {
	h.t.Helper()
	all := []string{h.focused()}
	const tolerance = 1 // for rounding
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
			all = append(all, strings.ReplaceAll(o.Text, strings.TrimPrefix(h.service.URL, "http://"), "HOST"))
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
		case *container.Scroll: // the user can scroll to what is outside
			const far = 1e6
			if o.Direction != container.ScrollHorizontalOnly {
				inside.top, inside.bottom = -far, far
			}
			if o.Direction != container.ScrollVerticalOnly {
				inside.left, inside.right = -far, far
			}
			walk(o.Content, at, inside)
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
	whole := area{0, 0, h.win.Canvas().Size().Width, h.win.Canvas().Size().Height}
	walk(h.win.Content(), fyne.Position{}, whole)
	for _, overlay := range h.win.Canvas().Overlays().List() {
		walk(overlay, fyne.Position{}, whole)
	}
	return strings.Join(all, "\n")
}
