package ui

import (
	"context"
	"errors"
	"io"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/internal/handover"
	"amarre/internal/report"
	"amarre/profile"
	"amarre/ui/kit"
)

// copyAsMenu has one item for each format in which the token can be copied.
func (w *Window) copyAsMenu() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, format := range handover.Formats() {
		items = append(items, fyne.NewMenuItem(w.t.T("format."+string(format)), func() { w.copyAs(format) }))
	}
	return items
}

// showCopyAs shows the formats below their button.
func (w *Window) showCopyAs() {
	if w.dialog != nil || w.current == nil {
		return
	}
	canvas, button := w.win.Canvas(), w.result.copyAs
	menu := widget.NewPopUpMenu(fyne.NewMenu("", w.copyAsMenu()...), canvas)
	menu.ShowAtRelativePosition(fyne.NewPos(0, button.Size().Height), button)
	canvas.Focus(menu)
}

// copyAs copies the token in a format. What holds the token clears itself as a
// copy of the token does.
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

// copySecret copies a token, or a text that holds it, for as long as the settings
// say.
func (w *Window) copySecret(c *credential, text authclient.Secret) {
	w.active()
	if !w.guard.Copy(text, w.clearAfter()) {
		w.copyFailed()
		return
	}
	w.note(report.Copy, nil)
	c.copied = true
	w.status.fade()
	w.result.refreshSave()
	w.menu.refresh()
	w.warnOfSharedClipboard()
}

// copyFailed says that the clipboard did not take a copy.
func (w *Window) copyFailed() {
	w.note(report.Copy, errNotCopied)
	w.result.trouble(w.t.T("clipboard.failed"))
}

// warnOfSharedClipboard says once, to a user who sees the window from another
// computer, that the copy may be there too.
func (w *Window) warnOfSharedClipboard() {
	if !w.deps.Remote || w.settings.ToldOfSharing {
		return
	}
	w.settings.ToldOfSharing = true
	w.deps.SaveSettings(w.settings)
	w.result.inform(w.t.T("clipboard.shared"))
}

// errNotCopied: the clipboard did not take a copy.
var errNotCopied = errors.New("the clipboard did not take it")

// maxConfiguration is the most bytes of an ERP's configuration file that are read.
const maxConfiguration = 1 << 20

// comparison is the dialog that compares what the ERP holds.
type comparison struct {
	w       *Window
	c       *credential
	dialog  *kit.Dialog
	running bool
}

// compareWithERP says how what the ERP's configuration holds compares with the
// token. What is compared comes from the clipboard or from a file; it is not shown
// and not kept.
func (w *Window) compareWithERP() {
	c := w.current
	if w.blocked() || c == nil {
		return
	}
	k := &comparison{w: w, c: c}
	w.show(kit.Question{
		Title: w.t.T("erp.title"), Text: w.t.T("erp.text"), Width: diagnoseWidth,
		Answers: []kit.Answer{
			{Text: w.t.T("ask.close")},
			{Text: w.t.T("erp.paste"), Stay: true, Do: k.paste},
		},
		Closed: func() {
			w.dropped = nil
			if k.running {
				w.cancel()
			}
		},
	})
	k.dialog = w.dialog
	w.name("ask.text", k.dialog.Body())
	w.dropped = k.file
}

func (k *comparison) say(text string) {
	if k.w.dialog == k.dialog {
		k.dialog.SetText(text)
	}
}

// paste compares what is on the clipboard, unless it is this program's own copy.
func (k *comparison) paste() {
	if k.running {
		return
	}
	if k.w.guard.OnBoard() {
		k.say(k.w.t.T("erp.own_copy"))
		return
	}
	k.compare(authclient.NewSecret(k.w.deps.Board.Content()))
}

// file compares what is in a file.
func (k *comparison) file(path string) {
	if k.running {
		return
	}
	k.running = true
	k.w.start(func(string) {}, k.w.t.T("erp.comparing"), func(context.Context) func() {
		content, err := readConfiguration(path)
		return func() {
			k.running = false
			if err != nil {
				k.say(k.w.t.T("erp.unreadable"))
				return
			}
			k.compare(content)
		}
	})
}

// errTooBig: no configuration is that big.
var errTooBig = errors.New("too big for a configuration")

func readConfiguration(path string) (authclient.Secret, error) {
	file, err := os.Open(path)
	if err != nil {
		return authclient.Secret{}, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxConfiguration+1))
	if err == nil && len(content) > maxConfiguration {
		err = errTooBig
	}
	if n := len(content); n > 0 && content[n-1] == '\n' { // every file ends so
		content = content[:n-1]
	}
	return authclient.NewSecret(string(content)), err
}

// compare says how a configuration compares with the token, else with the
// previous one, else with those of the other profiles.
func (k *comparison) compare(configuration authclient.Secret) {
	w, c := k.w, k.c
	match, missing := handover.Compare(configuration, c.secrets.Token)
	if match != handover.Different {
		k.say(w.t.N("erp."+string(match), missing))
		return
	}
	if held(configuration, c.secrets.Previous) {
		k.say(w.t.T("erp.earlier"))
		return
	}
	others := w.all
	k.running = true
	k.say(w.t.T("erp.comparing"))
	w.start(func(string) {}, w.t.T("erp.comparing"), func(ctx context.Context) func() {
		found := profile.Profile{}
		for _, p := range others {
			if p.ID == c.profile.ID || p.Missing || ctx.Err() != nil {
				continue
			}
			if secrets, err := w.deps.Store.Load(ctx, p); err == nil && held(configuration, secrets.Token) {
				found = p
				break
			}
		}
		return func() {
			k.running = false
			if found.ID == "" {
				k.say(w.t.T("erp.different"))
			} else {
				k.say(w.t.T("erp.another", "Name", shorten(found.Name), "Reference", found.Reference()))
			}
		}
	})
}

// held reports whether a configuration holds a token, whatever is around it.
func held(configuration, token authclient.Secret) bool {
	match, _ := handover.Compare(configuration, token)
	return match == handover.Identical || match == handover.Bearer || match == handover.Surrounded
}
