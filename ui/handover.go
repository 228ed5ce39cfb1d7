package ui

import (
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
	"amarre/profile"
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
		content := authclient.NewSecret(d.w.deps.Board.Content())
		d.compare(func() (authclient.Secret, error) { return content, nil })
	}
}

// readFile compares the content of a file.
func (d *comparison) readFile(path string) {
	d.compare(func() (authclient.Secret, error) { return readConfiguration(path) })
}

// readConfiguration returns the text of a file without the last line break.
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
	text := strings.TrimSuffix(strings.TrimSuffix(handover.DecodeText(content), "\n"), "\r")
	return authclient.NewSecret(text), err
}

// compare compares a configuration, which read returns, with the token, then with the
// previous token and those of the other profiles. A whole token is a surer finding than
// one that is almost there.
func (d *comparison) compare(read func() (authclient.Secret, error)) {
	w, current := d.w, d.c.profile.ID
	token, previous, others := d.c.secrets.Token, d.c.secrets.Previous, w.all
	d.setText(w.t.T("erp.comparing"))
	d.start(noProgress, w.t.T("erp.comparing"), func(ctx context.Context) func() {
		text := w.t.T("erp.unreadable")
		if content, err := read(); err == nil {
			configuration := handover.NewConfiguration(content)
			match, count := configuration.Compare(token)
			switch {
			case match.HasToken() || match == handover.Nothing:
				text = w.t.Comparison(match, count, 0)
			case configuration.Has(previous):
				text = w.t.T("erp.earlier")
			default:
				owner, unread := w.ownerOf(ctx, configuration, others, current)
				if text = w.t.Comparison(match, count, unread); owner != nil {
					text = w.t.T("erp.another", "Name", shorten(owner.Name), "Reference", owner.Reference())
				}
			}
		}
		return func() { d.setText(text) }
	})
}

// ownerOf returns the profile whose token a configuration has, or nil, and the number
// of those whose token could not be read until then.
func (w *Window) ownerOf(ctx context.Context, configuration *handover.Configuration, profiles []profile.Profile, except string) (owner *profile.Profile, unread int) {
	for _, p := range profiles {
		if p.ID == except {
			continue
		}
		if p.Missing || ctx.Err() != nil {
			unread++
			continue
		}
		secrets, err := w.deps.Store.Load(ctx, p)
		switch {
		case err != nil:
			unread++
		case configuration.Has(secrets.Token):
			return &p, unread
		}
	}
	return nil, unread
}
