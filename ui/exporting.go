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
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/internal/atomicfile"
	"amarre/internal/report"
	"amarre/profile"
	"amarre/profile/backup"
	"amarre/ui/kit"
)

// exportSelected exports the marked profiles, else all of them.
func (w *Window) exportSelected() {
	if marked := w.list.allMarked(); len(marked) > 0 {
		w.exportProfiles(marked)
		return
	}
	w.exportProfiles(w.all)
}

// exportProfiles opens the dialog of an export: it asks for a file and a passphrase.
func (w *Window) exportProfiles(selected []profile.Profile) {
	if w.blocked() {
		return
	}
	if len(selected) == 0 {
		w.status.say(w.t.T("export.nothing"), "", nil)
		return
	}
	var file *kit.Entry
	var first, second *kit.SecretEntry
	w.show(kit.Question{
		Title: w.t.N("export.title", len(selected)), Text: w.t.T("export.text"), Width: diagnoseWidth,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			submit := func(string) { w.dialog.Default() }
			file = named(w, "ask.file", kit.NewEntry(keys))
			file.SetText(suggestedExport(w.deps.Now()))
			file.OnSubmitted = submit
			first, second = w.dialogSecret("ask.passphrase", keys), w.dialogSecret("ask.again", keys)
			least := named(w, "ask.least", widget.NewLabel(w.t.T("export.least", "Least", backup.MinPassphrase)))
			least.SizeName = theme.SizeNameCaptionText
			first.OnChanged = func(string) { w.checkLength(least, first.Secret()) }
			first.OnSubmitted, second.OnSubmitted = submit, submit
			suggest := named(w, "ask.suggest", kit.NewButton(w.t.T("export.suggest"), nil, keys, func() {
				passphrase := backup.NewPassphrase()
				first.SetSecret(passphrase)
				second.SetSecret(passphrase)
				first.Reveal() // to be noted
				least.SetText(w.t.T("export.suggested"))
				w.win.Canvas().Focus(first)
			}))
			return container.New(layout.NewFormLayout(),
				widget.NewLabel(w.t.T("export.file")), file,
				widget.NewLabel(w.t.T("export.passphrase")), container.NewVBox(first, least),
				widget.NewLabel(w.t.T("export.again")), second,
				layout.NewSpacer(), container.NewHBox(suggest),
			), first
		},
		Answers: []kit.Answer{
			{Text: w.t.T("form.cancel")},
			{Text: w.t.T("export.do"), Stay: true, Do: func() {
				path := authclient.TrimPasted(file.Text)
				if wrong, at := w.exportProblem(path, first, second); wrong != "" {
					w.dialog.Fail(wrong)
					if at != nil {
						w.win.Canvas().Focus(at)
					} else {
						w.win.Canvas().Focus(file)
					}
					return
				}
				passphrase := first.Secret()
				w.dialog.Escape()
				w.export(selected, path, passphrase)
			}},
		},
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

// checkLength shows the least length of a passphrase, or that what was typed is too
// short.
func (w *Window) checkLength(label *widget.Label, typed authclient.Secret) {
	label.Importance = widget.MediumImportance
	text := w.t.T("export.least", "Least", backup.MinPassphrase)
	if !typed.IsZero() && backup.TooShort(typed) {
		label.Importance, text = widget.DangerImportance, w.t.T("export.short")
	}
	label.SetText(text)
}

// exportProblem says what is wrong with what an export asks for, and where the
// cursor belongs then; nil for the file.
func (w *Window) exportProblem(path string, first, second *kit.SecretEntry) (wrong string, at fyne.Focusable) {
	switch wrong := w.newFileProblem(path); {
	case wrong != "":
		return wrong, nil
	case backup.TooShort(first.Secret()):
		return w.t.T("backup.short", "Least", backup.MinPassphrase), first
	case !first.Secret().Equal(second.Secret()):
		return w.t.T("export.differ"), second
	}
	return "", nil
}

// export writes profiles into a file, all of them or nothing.
func (w *Window) export(selected []profile.Profile, path string, passphrase authclient.Secret) {
	w.start(w.status.running, w.t.N("export.running", len(selected)), func(ctx context.Context) func() {
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
					w.note(report.Export, err)
					w.result.trouble(w.t.T("export.failed_at", "Name", shorten(p.Name), "Why", w.t.Store(err)))
					w.recheckKeyring(err)
				}
			}
			entries = append(entries, profile.Entry{Profile: p, Secrets: secrets})
		}
		if len(entries) == 0 {
			return func() { w.result.trouble(w.t.N("export.left_out", len(left), "Names", strings.Join(left, ", "))) }
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
			w.note(report.Export, err)
			switch {
			case errors.Is(err, context.Canceled):
				w.result.inform(w.t.T("store.cancelled"))
			case saveErr != nil:
				w.result.trouble(w.t.T("export.failed", "Why", w.t.SaveAs(path, saveErr)))
			case err != nil:
				w.result.trouble(w.t.T("export.failed", "Why", w.t.Export(err)))
			default:
				w.list.markAll(false)
				w.status.say(w.t.N("export.done", len(entries), "File", path), "", nil)
				if len(left) > 0 {
					w.result.trouble(w.t.N("export.left_out", len(left), "Names", strings.Join(left, ", ")))
				}
			}
		}
	})
}
