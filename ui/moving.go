package ui

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
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

// exportProfiles asks for a file and a passphrase, and writes profiles into the
// file.
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
			file = kit.NewEntry(keys)
			file.SetText(suggestedExport(w.deps.Now()))
			file.OnSubmitted = submit
			first, second = kit.NewSecretEntry(keys), kit.NewSecretEntry(keys)
			least := widget.NewLabel(w.t.T("export.least", "Least", backup.MinPassphrase))
			least.SizeName = theme.SizeNameCaptionText
			first.OnChanged = func(string) { w.checkLength(least, first.Secret()) }
			first.OnSubmitted, second.OnSubmitted = submit, submit
			suggest := kit.NewButton(w.t.T("export.suggest"), nil, keys, func() {
				passphrase := backup.NewPassphrase()
				first.SetSecret(passphrase)
				second.SetSecret(passphrase)
				first.Reveal() // to be noted
				least.SetText(w.t.T("export.suggested"))
				w.win.Canvas().Focus(first)
			})
			w.name("ask.file", file)
			w.name("ask.passphrase", first)
			w.name("ask.again", second)
			w.name("ask.least", least)
			w.name("ask.suggest", suggest)
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
		Closed: func() {
			first.SetSecret(authclient.Secret{})
			second.SetSecret(authclient.Secret{})
		},
	})
	w.name("ask.text", w.dialog.Body())
}

// suggestedExport is where an export goes unless the user says otherwise.
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

// documents is the folder where people look for what they saved.
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
		var file bytes.Buffer
		err := backup.Write(&file, passphrase, entries, w.deps.WorkFactor)
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = atomicfile.Write(path, file.Bytes())
		}
		return func() {
			w.note(report.Export, err)
			switch {
			case errors.Is(err, context.Canceled):
				w.result.inform(w.t.T("store.cancelled"))
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

// drop opens a file that was dropped onto the window.
func (w *Window) drop(path string) {
	switch {
	case w.dropped != nil:
		w.dropped(path)
	case strings.EqualFold(filepath.Ext(path), backup.Extension):
		w.importFile(path)
	}
}

// importFile asks for an exported file and its passphrase, and shows what
// importing it would do.
func (w *Window) importFile(path string) {
	if w.blocked() {
		return
	}
	var file *kit.SelectEntry
	var passphrase *kit.SecretEntry
	var dialog *kit.Dialog
	running := false
	w.show(kit.Question{
		Title: w.t.T("import.title"), Text: w.t.T("import.text"), Width: diagnoseWidth,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			submit := func(string) { w.dialog.Default() }
			file = kit.NewSelectEntry(keys)
			file.SetText(path)
			file.OnSubmitted = submit
			found := exportsFound()
			file.SetOptions(found)
			if path == "" && len(found) > 0 {
				file.SetText(found[0])
			}
			passphrase = kit.NewSecretEntry(keys)
			passphrase.OnSubmitted = submit
			w.name("ask.file", file)
			w.name("ask.passphrase", passphrase)
			focus := fyne.Focusable(file)
			if file.Text != "" {
				focus = passphrase
			}
			return container.New(layout.NewFormLayout(),
				widget.NewLabel(w.t.T("import.file")), file,
				widget.NewLabel(w.t.T("export.passphrase")), passphrase,
			), focus
		},
		Answers: []kit.Answer{
			{Text: w.t.T("form.cancel")},
			{Text: w.t.T("import.look"), Stay: true, Do: func() {
				if !running {
					running = true
					w.planImport(dialog, authclient.TrimPasted(file.Text), file, passphrase, func() { running = false })
				}
			}},
		},
		Closed: func() {
			w.dropped = nil
			passphrase.SetSecret(authclient.Secret{})
			if running {
				w.cancel()
			}
		},
	})
	dialog = w.dialog
	w.name("ask.text", dialog.Body())
	w.dropped = file.SetText
}

// exportsFound returns the exported files in the folders where people keep them,
// the newest first.
func exportsFound() []string {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	type found struct {
		path string
		at   time.Time
	}
	var all []found
	for _, folder := range []string{"", "Documents", "Downloads", "Téléchargements", "Desktop", "Bureau"} {
		entries, err := os.ReadDir(filepath.Join(home, folder))
		if err != nil {
			continue
		}
		for _, entry := range entries {
			if info, err := entry.Info(); err == nil && info.Mode().IsRegular() && strings.EqualFold(filepath.Ext(entry.Name()), backup.Extension) {
				all = append(all, found{filepath.Join(home, folder, entry.Name()), info.ModTime()})
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int { return b.at.Compare(a.at) })
	paths := make([]string, len(all))
	for i, each := range all {
		paths[i] = each.path
	}
	return paths
}

// planImport reads a file, finds out what importing it would do, and asks; what
// is wrong is said in the open dialog. done is called when it ends.
func (w *Window) planImport(dialog *kit.Dialog, path string, file *kit.SelectEntry, secret *kit.SecretEntry, done func()) {
	passphrase := secret.Secret()
	wrong := func(text string, at fyne.Focusable) {
		if w.dialog == dialog {
			dialog.SetText(w.t.T("import.text"))
			dialog.Fail(text)
			w.win.Canvas().Focus(at)
		}
	}
	w.start(func(running string) {
		if w.dialog == dialog && running != "" {
			dialog.Fail("")
			dialog.SetText(running)
		}
	}, w.t.T("import.reading"), func(ctx context.Context) func() {
		var steps []profile.ImportStep
		opened, fileErr := os.Open(path)
		var err error
		if fileErr == nil {
			var entries []profile.Entry
			if entries, fileErr = backup.Read(opened, passphrase); fileErr == nil {
				steps, err = w.deps.Store.PlanImport(ctx, entries)
			}
			_ = opened.Close()
		}
		return func() {
			done()
			switch {
			case w.dialog != dialog: // the user closed it
			case errors.Is(fileErr, backup.ErrPassphrase):
				secret.SetSecret(authclient.Secret{})
				wrong(w.t.Backup(fileErr), secret)
			case fileErr != nil:
				wrong(w.t.Backup(fileErr), file)
			case err != nil:
				wrong(w.t.Store(err), secret)
				w.recheckKeyring(err)
			default:
				dialog.Escape()
				w.previewImport(steps)
			}
		}
	})
}

// previewImport shows what an import would do, and asks.
func (w *Window) previewImport(steps []profile.ImportStep) {
	counts := map[profile.Action]int{}
	for _, step := range steps {
		counts[step.Action]++
	}
	var parts []string
	for _, action := range []profile.Action{profile.Add, profile.Replace, profile.Same, profile.Older} {
		if n := counts[action]; n > 0 {
			parts = append(parts, w.t.N("import.count_"+string(action), n))
		}
	}
	todo := counts[profile.Add] + counts[profile.Replace]
	text := strings.Join(parts, "\n")
	if counts[profile.Replace] > 0 {
		text += "\n\n" + w.t.T("import.previous_kept")
	}
	answers := []kit.Answer{{Text: w.t.T("ask.close")}}
	if todo > 0 {
		answers = []kit.Answer{{Text: w.t.T("form.cancel")}, {Text: w.t.N("import.do", todo), Do: func() { w.importSteps(steps, todo) }}}
	} else {
		text += "\n\n" + w.t.T("import.nothing")
	}
	w.show(kit.Question{
		Title: w.t.N("import.preview", len(steps)), Text: text, Width: diagnoseWidth, Answers: answers,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			list := kit.NewList(keys, func() int { return len(steps) },
				func() fyne.CanvasObject {
					label := widget.NewLabel("")
					label.Truncation = fyne.TextTruncateEllipsis
					return label
				},
				func(row int, object fyne.CanvasObject) {
					p := steps[row].Entry.Profile
					label := object.(*widget.Label)
					label.Importance = widget.MediumImportance
					switch steps[row].Action {
					case profile.Replace:
						label.Importance = widget.WarningImportance
					case profile.Same, profile.Older:
						label.Importance = widget.LowImportance
					}
					label.SetText(w.t.T("import.line", "Name", p.Name, "Reference", p.Reference(), "Action", w.t.T("import."+string(steps[row].Action))))
				})
			w.name("ask.list", list)
			return kit.AtLeast(0, min(float32(len(steps))*38+8, 220), list), nil
		},
	})
	w.name("ask.text", w.dialog.Body())
}

// importSteps imports, and stops at the first profile that cannot be: importing
// again skips those that are there.
func (w *Window) importSteps(steps []profile.ImportStep, todo int) {
	done := 0
	w.start(w.status.running, w.t.N("import.running", todo), func(ctx context.Context) func() {
		failed := ""
		var err error
		for _, step := range steps {
			if step.Action != profile.Add && step.Action != profile.Replace {
				continue
			}
			if err = w.deps.Store.Import(ctx, step); err != nil {
				failed = step.Entry.Profile.Name
				break
			}
			done++
		}
		return func() {
			w.note(report.Import, err)
			if err != nil {
				w.result.trouble(w.t.T("import.failed_at", "Name", shorten(failed), "Done", done, "Why", w.t.Store(err)))
				w.recheckKeyring(err)
			} else {
				w.status.say(w.t.N("import.done", done), "", nil)
			}
			w.reload(nil)
		}
	})
}
