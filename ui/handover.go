package ui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/internal/handover"
	"amarre/internal/report"
	"amarre/internal/settings"
	"amarre/ui/kit"
)

// copyAsMenu returns a menu item for each format of a copied token.
func (w *Window) copyAsMenu() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, format := range handover.Formats() {
		items = append(items, fyne.NewMenuItem(w.t.T("format."+string(format)), func() { w.copyAs(format) }))
	}
	return items
}

// showCopyAs opens the menu of the formats below its button.
func (w *Window) showCopyAs() {
	if w.dialog != nil || w.current == nil {
		return
	}
	button := w.result.copyAs
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(button)
	w.openMenu(w.copyAsMenu(), at.AddXY(0, button.Size().Height))
}

// copyAs copies the token in a format. If the text contains the token, the clipboard is
// cleared after the delay in the settings.
func (w *Window) copyAs(format handover.Format) {
	c := w.current
	if w.dialog != nil || c == nil {
		return
	}
	w.active()
	text, err := handover.Render(format, c.profile, c.secrets.Token)
	switch {
	case err != nil:
		w.result.trouble(w.t.T("format.cannot_hold", "Format", w.t.T("format."+string(format))))
	case format.IsSecret():
		w.copySecret(c, text)
	default:
		w.deps.Board.SetContent(text.Reveal())
		w.status.say(w.t.T("format.curl_copied"), "", nil)
	}
}

// copySecret copies the token of c, or a text with it. The clipboard is cleared after the
// delay in the settings.
func (w *Window) copySecret(c *credential, text authclient.Secret) {
	w.active()
	w.copyWarnings = nil
	if !w.guard.Copy(text, w.clearAfter()) {
		w.copyFailed()
		return
	}
	w.note(report.Copy, nil)
	c.copied = true
	w.status.dismiss()
	w.result.refreshSave()
	w.menu.refresh()
	w.warnOfSharedClipboard()
}

// copyFailed shows that nothing was copied.
func (w *Window) copyFailed() {
	w.note(report.Copy, errors.New("the clipboard did not take it"))
	w.result.trouble(w.t.T("clipboard.failed"))
}

// warnOfSharedClipboard warns once, in a remote session, that the other computer may have
// the copy too.
func (w *Window) warnOfSharedClipboard() {
	if !w.deps.Remote || w.settings.SharingWarningShown {
		return
	}
	w.changeSettings(func(s *settings.Settings) { s.SharingWarningShown = true })
	w.warnOfCopy("clipboard.shared")
}

// warnOfCopy adds a warning about the last copy to those that are shown.
func (w *Window) warnOfCopy(key string) {
	w.copyWarnings = append(w.copyWarnings, w.t.T(key))
	w.result.inform(strings.Join(w.copyWarnings, "\n\n"))
}

// maxConfiguration is the maximum size of a configuration file of an ERP, in bytes.
const maxConfiguration = 1 << 20

// comparison is a dialog that compares the token with the configuration of an ERP.
type comparison struct {
	taskDialog
	c *credential
}

// compareWithERP compares the token with the configuration of an ERP, from the clipboard or
// a file. The configuration is neither shown nor saved.
func (w *Window) compareWithERP() {
	c := w.current
	if w.blocked() || c == nil {
		return
	}
	d := &comparison{taskDialog{w: w}, c}
	d.open(kit.Question{
		Title: w.t.T("erp.title"), Text: w.t.T("erp.text"), Width: diagnoseWidth,
		Answers: []kit.Answer{
			{Text: w.t.T("ask.close")},
			{Text: w.t.T("erp.paste"), Stay: true, Do: d.paste},
		},
		Closed: func() { w.dropped = nil },
	})
	w.dropped = d.readFile
}

// paste compares the content of the clipboard, unless it is the token that Amarre copied.
func (d *comparison) paste() {
	switch {
	case d.running:
	case d.w.guard.OnBoard():
		d.setText(d.w.t.T("erp.own_copy"))
	default:
		d.compare(authclient.NewSecret(d.w.deps.Board.Content()))
	}
}

// readFile compares the content of a file.
func (d *comparison) readFile(path string) {
	d.start(noProgress, d.w.t.T("erp.comparing"), func(context.Context) func() {
		content, err := readConfiguration(path)
		return func() {
			if err != nil {
				d.setText(d.w.t.T("erp.unreadable"))
				return
			}
			d.compare(content)
		}
	})
}

// readConfiguration returns the content of a file without the last line break.
func readConfiguration(path string) (authclient.Secret, error) {
	file, err := os.Open(path)
	if err != nil {
		return authclient.Secret{}, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxConfiguration+1))
	if err == nil && len(content) > maxConfiguration {
		err = errors.New("the file is too big for a configuration")
	}
	return authclient.NewSecret(string(bytes.TrimSuffix(content, []byte("\n")))), err
}

// compare compares a configuration with the token, then with the previous token, then with
// the tokens of the other profiles.
func (d *comparison) compare(configuration authclient.Secret) {
	w, c := d.w, d.c
	match, missing := handover.Compare(configuration, c.secrets.Token)
	if match != handover.Different {
		d.setText(w.t.N("erp."+string(match), missing))
		return
	}
	if contains(configuration, c.secrets.Previous) {
		d.setText(w.t.T("erp.earlier"))
		return
	}
	others := w.all
	d.setText(w.t.T("erp.comparing"))
	d.start(noProgress, w.t.T("erp.comparing"), func(ctx context.Context) func() {
		text := w.t.T("erp.different")
		for _, p := range others {
			if p.ID == c.profile.ID || p.Missing || ctx.Err() != nil {
				continue
			}
			if secrets, err := w.deps.Store.Load(ctx, p); err == nil && contains(configuration, secrets.Token) {
				text = w.t.T("erp.another", "Name", shorten(p.Name), "Reference", p.Reference())
				break
			}
		}
		return func() { d.setText(text) }
	})
}

// contains reports whether a configuration has the whole token.
func contains(configuration, token authclient.Secret) bool {
	match, _ := handover.Compare(configuration, token)
	return match == handover.Identical || match == handover.Bearer || match == handover.Surrounded
}
