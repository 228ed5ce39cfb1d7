package ui

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/internal/clipboard"
	"amarre/internal/handover"
	"amarre/profile"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// tokens opens the dialogs about the token of the open port: compare it, spell it, paste another
// one, return to the one before.
type tokens struct{ *Window }

const (
	// maxConfiguration is the maximum size of a configuration file of an ERP, in bytes.
	maxConfiguration = 1 << 20
	// pasteTimeout is how long another program may take to give what it has copied.
	pasteTimeout = 5 * time.Second
)

// comparison is a dialog that compares the token with the configuration of an ERP.
type comparison struct {
	taskDialog
	c    *presenter.Credential
	band *kit.Band
	foot *kit.Flow // the buttons
}

// The buttons of a comparison.
const (
	closeButton = iota
	copyButton
	pasteButton
)

// compareWithERP compares the token with the configuration of an ERP, from the clipboard or
// a file. The configuration is neither shown nor saved.
func (w tokens) compareWithERP() {
	w.p.WithToken(func(c *presenter.Credential) {
		d := &comparison{taskDialog{w: w.Window}, c, kit.NewBand(), nil}
		open := w.paths.openDialog(w.t.T("erp.dialog"))
		d.open(kit.Question{
			Title: w.t.T("erp.title"), Text: w.t.T("erp.text"), Width: wideDialog,
			Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
				file := kit.NewPush(w.t.T("erp.file"), "folder-open", kit.Quiet, keys, func() { w.paths.askForPath(open, d.readFile) }).Small()
				return kit.Column(12, d.band, kit.Pad(0, 0, 0, -8, kit.Row(0, file, kit.Spring()))), nil
			},
			Answers: []kit.Answer{
				closeButton: {Text: w.t.T("ask.close")},
				copyButton:  {Text: w.t.T("erp.copy"), Do: w.p.Copy},
				pasteButton: {Text: w.t.T("erp.paste"), Stay: true, Do: d.paste},
			},
			Foot: func(buttons []*kit.Push) fyne.CanvasObject {
				d.foot = kit.NewFlow(8, buttons[pasteButton], buttons[closeButton])
				return d.foot
			},
		})
		w.dropped = d.readFile
	})
}

// paste compares the content of the clipboard, unless it is the token that Amarre copied.
func (d *comparison) paste() {
	switch {
	case d.running:
	case d.w.p.OnBoard():
		d.say(kit.Notice, "info", d.w.t.T("erp.own_copy"))
	default:
		d.compare(d.w.tokens.pasted())
	}
}

// ReadClipboard implements kit.ClipboardKeys.
func (k *keys) ReadClipboard(take func(text string)) bool {
	w := k.w
	reader := clipboard.ReaderOf(w.deps.SecretClipboard)
	if reader == nil {
		return false
	}
	w.deps.Run(func() func() {
		ctx, cancel := context.WithTimeout(context.Background(), pasteTimeout)
		defer cancel()
		text, err := reader.Read(ctx, kit.MaxPaste)
		return func() {
			switch {
			case w.p.Closed():
			case errors.Is(err, clipboard.ErrTooLong):
				k.PasteTooLong()
			case err != nil:
				w.p.Say("triangle-alert", w.t.T("erp.silent"), "", nil)
			default:
				take(text)
			}
		}
	})
	return true
}

// PasteTooLong implements kit.ClipboardKeys.
func (k *keys) PasteTooLong() { k.w.p.Say("triangle-alert", k.w.t.T("paste.too_long"), "", nil) }

// pasted returns a function that reads the text on the clipboard, to be called on another
// goroutine. Where only the toolkit can read it, it is read at once.
func (w tokens) pasted() func(ctx context.Context) (authclient.Secret, error) {
	reader := clipboard.ReaderOf(w.deps.SecretClipboard)
	if reader == nil {
		content := authclient.NewSecret(w.deps.Board.Content())
		return func(context.Context) (authclient.Secret, error) { return content, nil }
	}
	return func(ctx context.Context) (authclient.Secret, error) {
		ctx, cancel := context.WithTimeout(ctx, pasteTimeout)
		defer cancel()
		text, err := reader.Read(ctx, maxConfiguration)
		return authclient.NewSecret(text), err
	}
}

// readFile compares the content of a file.
func (d *comparison) readFile(path string) {
	d.compare(func(context.Context) (authclient.Secret, error) { return readConfiguration(path) })
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
func (d *comparison) compare(read func(ctx context.Context) (authclient.Secret, error)) {
	w, current := d.w, d.c.Profile.ID
	token, previous, others := d.c.Secrets.Token, d.c.Secrets.Previous, w.p.Ports()
	d.band.Set(kit.Notice, "refresh-cw", "", w.t.T("erp.comparing"))
	d.dialog.Resize()
	d.start(nil, w.t.T("erp.comparing"), func(ctx context.Context) func() {
		look, icon, text := kit.Warning, "triangle-alert", w.t.T("erp.unreadable")
		content, err := read(ctx)
		switch {
		case errors.Is(err, clipboard.ErrTimeout):
			text = w.t.T("erp.silent")
		case err == nil:
			configuration := handover.NewConfiguration(content)
			match, count := configuration.Compare(token)
			look, icon = kit.Refusal, "circle-x"
			switch {
			case match == handover.Nothing:
				look, icon, text = kit.Notice, "info", w.t.Comparison(match, count, 0)
			case match == handover.Identical:
				look, icon, text = kit.Success, "circle-check", w.t.Comparison(match, count, 0)
			case match.HasToken():
				text = w.t.Comparison(match, count, 0)
			case configuration.Has(previous):
				text = w.t.T("erp.earlier")
			default:
				owner, unread := w.tokens.ownerOf(ctx, configuration, others, current)
				if text = w.t.Comparison(match, count, unread); owner != nil {
					text = w.t.T("erp.another", "Name", shorten(owner.Name), "Reference", owner.Reference())
				}
			}
		}
		return func() { d.say(look, icon, text) }
	})
}

// say shows what was found, and what can be done now. The focus stays on the button that
// compares, for those who try one value after the other.
func (d *comparison) say(look kit.BandLook, icon, text string) {
	w := d.w
	if w.dialog != d.dialog {
		return
	}
	_, _, text = finding(text)
	d.band.Set(look, icon, "", text)
	paste := d.dialog.Buttons[pasteButton]
	switch look {
	case kit.Refusal:
		paste.SetText(w.t.T("erp.again"))
		d.offer(copyButton, pasteButton, closeButton)
		d.setText("")
	case kit.Success:
		paste.SetText(w.t.T("erp.again"))
		d.offer(closeButton, pasteButton)
		d.setText("")
	default:
		paste.SetText(w.t.T("erp.paste"))
		d.offer(pasteButton, closeButton)
		d.setText(w.t.T("erp.text"))
	}
}

// offer shows some of the buttons, the primary one first.
func (d *comparison) offer(buttons ...int) {
	for _, button := range d.dialog.Buttons {
		button.SetKind(kit.Second)
	}
	d.dialog.Buttons[buttons[0]].SetKind(kit.Primary)
	shown := make([]fyne.CanvasObject, len(buttons))
	for i, each := range buttons {
		shown[i] = d.dialog.Buttons[each]
	}
	d.foot.SetObjects(shown...)
	d.dialog.Resize()
}

// ownerOf returns the profile whose token a configuration has, or nil, and the number
// of those whose token could not be read until then.
func (w tokens) ownerOf(ctx context.Context, configuration *handover.Configuration, profiles []profile.Profile, except string) (owner *profile.Profile, unread int) {
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
