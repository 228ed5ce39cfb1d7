package ui

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/internal/atomicfile"
	"amarre/internal/report"
	"amarre/profile"
	"amarre/profile/backup"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// exports writes ports into an encrypted file.
type exports struct{ *Window }

// exportSelected exports the marked profiles, else all of them.
func (w exports) exportSelected() {
	if marked := w.p.AllMarked(); len(marked) > 0 {
		w.exports.exportProfiles(marked)
		return
	}
	w.exports.exportProfiles(w.p.Ports())
}

// exportProfiles opens the dialog of an export: it asks for a file and a passphrase.
func (w exports) exportProfiles(selected []profile.Profile) {
	if w.p.Blocked() {
		return
	}
	if len(selected) == 0 {
		w.p.Say("info", w.t.T("export.nothing"), "", nil)
		return
	}
	now := w.deps.Now()
	w.p.Run(w.t.T("export.preparing"), presenter.TaskOptions{}, func(context.Context) func() {
		path := suggestedExport(now) // the folder may be on a slow network
		return func() { w.exports.askExport(selected, path) }
	})
}

// askExport is exportProfiles once a path to suggest is known.
func (w exports) askExport(selected []profile.Profile, path string) {
	var file *kit.Entry
	var first, second *kit.SecretEntry
	var fileField, firstField, secondField *kit.LabelledField
	d := &taskDialog{w: w.Window}
	d.open(kit.Question{
		Title: w.t.N("export.title", len(selected)), Text: w.t.T("export.text"), Width: wideDialog,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			submit := func(string) { w.dialog.Default() }
			file = kit.NewEntry(keys)
			file.SetText(path)
			file.OnSubmitted = submit
			first, second = w.dialogSecret(keys), w.dialogSecret(keys)
			first.OnSubmitted, second.OnSubmitted = submit, submit
			suggest := kit.NewPush(w.t.T("export.suggest"), "key-round", kit.Quiet, keys, func() {
				passphrase := backup.NewPassphrase()
				first.SetSecret(passphrase)
				second.SetSecret(passphrase)
				first.Reveal() // to be noted
				firstField.Hint(w.t.T("export.suggested"))
				w.win.Canvas().Focus(first)
			}).Small()
			fileField = kit.NewLabelledField(w.t.T("export.file"), file).Beside(w.paths.browse(keys, w.paths.saveDialog(w.t.T("export.dialog"), file, backup.Extension), file.SetText))
			firstField = kit.NewLabelledField(w.t.T("export.passphrase"), first).Aside(kit.Pad(0, -8, 0, 0, suggest))
			secondField = kit.NewLabelledField(w.t.T("export.again"), second)
			firstField.Hint(w.t.T("export.least", "Least", backup.MinPassphrase))
			first.OnChanged = func(string) { w.exports.checkLength(firstField, first.Secret()) }
			return kit.Column(14, fileField, firstField, secondField), first
		},
		Answers: []kit.Answer{
			{Text: w.t.T("form.cancel")},
			{Text: w.t.T("export.do"), Stay: true, Do: func() {
				fileField.Clear()
				secondField.Clear()
				passphrase, path := first.Secret(), authclient.TrimPasted(file.Text)
				switch {
				case backup.TooShort(passphrase):
					firstField.Fail(w.t.T("backup.short", "Least", backup.MinPassphrase))
					w.win.Canvas().Focus(first)
				case !passphrase.Equal(second.Secret()):
					secondField.Fail(w.t.T("export.differ"))
					w.win.Canvas().Focus(second)
				default:
					w.paths.checkPath(d, path, func(wrong string) {
						if wrong != "" {
							fileField.Fail(wrong)
							w.win.Canvas().Focus(file)
							return
						}
						w.dialog.Escape()
						w.exports.export(selected, path, passphrase)
					})
				}
			}},
		},
	})
}

// checkPath asks whether a new file can be made at a path, on another goroutine, and calls then
// with the sentence of what is wrong, or "". It does nothing once the dialog is closed.
func (w paths) checkPath(d *taskDialog, path string, then func(wrong string)) {
	d.start(nil, w.t.T("export.preparing"), func(context.Context) func() {
		wrong := w.paths.newFileProblem(path)
		return func() {
			if w.dialog == d.dialog {
				then(wrong)
			}
		}
	})
}

// suggestedExport returns a path at which there is no file yet.
func suggestedExport(now time.Time) string {
	for n := 1; ; n++ {
		name := "amarre-" + now.Format(time.DateOnly)
		if n > 1 {
			name += "-" + strconv.Itoa(n)
		}
		path := filepath.Join(documents(), name+backup.Extension)
		if _, err := os.Lstat(path); err != nil {
			return path
		}
	}
}

// documents returns the folder in which people look for what they saved.
func documents() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	if documents := filepath.Join(home, "Documents"); isFolder(documents) {
		return documents
	}
	return home
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// checkLength shows the least length of a passphrase, or that what was typed is too short.
func (w exports) checkLength(field *kit.LabelledField, typed authclient.Secret) {
	field.Clear()
	if !typed.IsZero() && backup.TooShort(typed) {
		field.Warn(w.t.T("export.short"))
		return
	}
	field.Hint(w.t.T("export.least", "Least", backup.MinPassphrase))
}

// export writes profiles into a file, all of them or nothing.
func (w exports) export(selected []profile.Profile, path string, passphrase authclient.Secret) {
	w.p.Run(w.t.N("export.running", len(selected)), presenter.TaskOptions{}, func(ctx context.Context) func() {
		var entries []profile.Entry
		var left []string // without a token
		for _, p := range selected {
			secrets, err := w.deps.Store.Load(ctx, p)
			if profile.IsGone(err) {
				left = append(left, p.Name)
				continue
			}
			if err != nil {
				return func() {
					w.p.Note(report.Export, err)
					w.p.Trouble(w.t.T("export.failed_at", "Name", shorten(p.Name), "Why", w.t.Store(err)))
					w.p.RecheckKeyring(err)
				}
			}
			entries = append(entries, profile.Entry{Profile: p, Secrets: secrets})
		}
		if len(entries) == 0 {
			return func() { w.p.Trouble(w.t.N("export.left_out", len(left), "Names", strings.Join(left, ", "))) }
		}
		var file bytes.Buffer
		err := backup.Write(&file, passphrase, entries, w.deps.WorkFactor)
		if err == nil {
			err = ctx.Err()
		}
		var saveErr error
		if err == nil {
			saveErr = atomicfile.SaveAs(path, file.Bytes(), false)
			err = saveErr
		}
		return func() {
			w.p.Note(report.Export, err)
			switch {
			case errors.Is(err, context.Canceled):
				w.p.Tell(w.t.T("store.cancelled"))
			case saveErr != nil:
				w.p.Trouble(w.t.T("export.failed", "Why", w.t.SaveAs(path, saveErr)))
			case err != nil:
				w.p.Trouble(w.t.T("export.failed", "Why", w.t.Export(err)))
			default:
				w.p.MarkAll(false)
				w.p.Say("check", w.t.N("export.done", len(entries), "File", path), "", nil)
				if len(left) > 0 {
					w.p.Trouble(w.t.N("export.left_out", len(left), "Names", strings.Join(left, ", ")))
				}
			}
		}
	})
}
