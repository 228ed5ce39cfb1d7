package ui

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// troublePage has what helps when something does not work: the connection test, the
// certificate, the proxy, the keyring and the report.
type troublePage struct {
	w       *Window
	address *kit.Text
	test    *kit.Push
	copy    *kit.Push
	last    *kit.Push
	message *kit.Band
	found   *findings
	keyring *kit.Prose
	sheet   fyne.CanvasObject

	report  []string // the findings, to be copied
	tested  string   // the address that they are about
	running bool
}

func newTroublePage(w *Window) *troublePage {
	t := w.t
	d := &troublePage{w: w, address: kit.NewElided("", kit.Body, kit.Ink2), message: kit.NewBand(), found: newFindings(), keyring: kit.NewProse("", kit.Caption, kit.Ink3)}
	d.test = kit.NewPush(t.T("trouble.test"), "refresh-cw", kit.Primary, w.keys, d.diagnose)
	d.copy = kit.NewPush(t.T("diagnose.copy"), "copy", kit.Second, w.keys, func() {
		w.deps.Board.SetContent(strings.Join(d.report, "\n") + "\n")
		w.p.Say("check", t.T("report.copied"), "", nil)
	})
	d.last = kit.NewPush(t.T("trouble.last"), "clock", kit.Second, w.keys, d.showLast)
	small := func(key, icon string, do func()) *kit.Push {
		button := kit.NewPush(t.T(key), icon, kit.Second, w.keys, do).Small()
		return button
	}
	words := kit.Column(0, kit.NewProse(t.T("trouble.keyring"), kit.Body, kit.Ink), d.keyring)
	keyring := kit.Pad(8, 14, 8, 14, kit.Row(16, kit.Grow(words), small("trouble.keyring_test", "", w.aboutKeyring)))
	computer := []fyne.CanvasObject{
		setting(t.T("trouble.authority"), t.T("trouble.authority_why"), small("trouble.choose", "folder-open", w.authorities.authority)),
		setting(t.T("trouble.proxy"), t.T("trouble.proxy_why"), small("trouble.set", "network", w.proxies.proxy)),
	}
	if w.deps.Demo == nil {
		computer = append(computer, keyring, setting(t.T("trouble.list"), t.T("trouble.list_why"), small("trouble.rebuild", "", w.p.Rebuild)))
	}
	computer = append(computer, setting(t.T("report.title"), t.T("trouble.report_why"), small("trouble.report", "", w.reports.diagnosticReport)))
	d.sheet = w.frame.sheet(kit.Column(16,
		kit.Row(8, kit.Grow(kit.Column(4, kit.NewElided(t.T("trouble.title"), kit.Title, kit.Ink), kit.NewElided(t.T("trouble.text"), kit.Body, kit.Ink2))), kit.Pad(0, -8, 0, 0, w.backButton())),
		d.message,
		kit.Column(8, kit.Row(8, kit.NewText(t.T("trouble.connection"), kit.SmallBold, kit.Ink2), kit.Grow(d.address)), d.found.card, kit.NewFlow(8, d.test, d.last, d.copy)),
		group(t.T("trouble.computer"), computer...)))
	return d
}

func (d *troublePage) content() fyne.CanvasObject { return d.sheet }

func (d *troublePage) primary() fyne.Focusable { return d.test }

func (d *troublePage) update() {
	w := d.w
	address := w.p.Address()
	if address != d.tested && !d.running {
		d.found.clear()
		d.report = nil
	}
	d.address.SetText(address)
	kit.SetVisible(d.last, w.p.LastCall().Service != "" && !d.running)
	kit.SetVisible(d.copy, len(d.report) > 0 && !d.running)
	kit.SetEnabled(d.test, w.p.Task() == nil)
	state := w.t.T("keyring.looking")
	if w.p.Keyring() != "" {
		state = w.t.T("keyring." + string(w.p.Keyring()))
	}
	d.keyring.SetText(state)
	w.showMessage(d.message)
	kit.Relayout(d.sheet)
}

// diagnose tests the connection, and shows each finding. It sends no secret, so that the
// report has none.
func (d *troublePage) diagnose() {
	w, t := d.w, d.w.t
	if w.p.Blocked() {
		return
	}
	address := w.p.Address()
	d.tested = address
	d.found.clear()
	d.report = []string{t.T("diagnose.title", "URL", address, "Version", w.deps.Version, "Time", t.Stamp(w.deps.Now()))}
	client, err := w.p.Client(address)
	if err != nil {
		d.add(w.p.ClientError(err))
		d.update()
		return
	}
	d.running = true
	w.p.Run(t.T("diagnose.running"), presenter.TaskOptions{}, func(ctx context.Context) func() {
		err := client.Diagnose(ctx, func(f authclient.Finding) {
			w.deps.Do(func() {
				d.add(t.Finding(f))
				d.update()
			})
		})
		return func() {
			d.running = false
			var authority *authclient.CAError
			if errors.As(err, &authority) { // before the first finding
				d.add(t.Authority(authority))
			}
			d.add(t.T("diagnose.nothing_secret"))
			d.update()
		}
	})
}

// showLast shows the steps of the last request, which is not sent again.
func (d *troublePage) showLast() {
	t, last := d.w.t, d.w.p.LastCall()
	d.found.clear()
	d.tested = d.w.p.Address()
	d.report = nil
	d.add(t.T("trouble.last_title", "URL", last.Service, "Time", t.Stamp(last.Began)))
	for _, f := range last.Steps {
		d.add(t.Finding(f))
	}
	d.add(t.T("diagnose.nothing_secret"))
	d.update()
}

// add shows a sentence of the test.
func (d *troublePage) add(text string) {
	d.report = append(d.report, text)
	d.found.add(text)
}

// troubleshoot shows the page and tests the connection, unless that has been done.
func (w *Window) troubleshoot() {
	w.p.ShowTroubleshooting()
	if w.p.Page() == presenter.Troubleshooting && (len(w.trouble.report) == 0 || w.trouble.tested != w.p.Address()) {
		w.trouble.diagnose()
	}
}

// testConnection shows the page and tests the connection.
func (w *Window) testConnection() {
	w.p.ShowTroubleshooting()
	if w.p.Page() == presenter.Troubleshooting {
		w.trouble.diagnose()
	}
}
