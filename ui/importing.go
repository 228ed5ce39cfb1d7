package ui

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/internal/report"
	"amarre/profile"
	"amarre/profile/backup"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// imports reads ports from an encrypted file.
type imports struct{ *Window }

// importFile opens the dialog of an import: it asks for an exported file and its passphrase,
// and shows what importing it would do. path is the file, or "".
func (w imports) importFile(path string) {
	if w.p.Blocked() {
		return
	}
	w.p.Run(w.t.T("import.preparing"), presenter.TaskOptions{}, func(context.Context) func() {
		found := exportsFound() // the folders may be on a slow network
		return func() { w.imports.askImport(path, found) }
	})
}

// askImport is importFile once the files to suggest are known.
func (w imports) askImport(path string, found []string) {
	var file *kit.SelectEntry
	var passphrase *kit.SecretEntry
	var fileField, secretField *kit.LabelledField
	d := &taskDialog{w: w.Window}
	d.open(kit.Question{
		Title: w.t.T("import.title"), Text: w.t.T("import.text"), Width: wideDialog,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			submit := func(string) { w.dialog.Default() }
			file = kit.NewSelectEntry(keys)
			file.SetText(path)
			file.OnSubmitted = submit
			file.SetOptions(found)
			if path == "" && len(found) > 0 {
				file.SetText(found[0])
			}
			passphrase = w.dialogSecret(keys)
			passphrase.OnSubmitted = submit
			focus := fyne.Focusable(file)
			if file.Text != "" {
				focus = passphrase
			}
			open := w.paths.openDialog(w.t.T("import.dialog"), "*"+backup.Extension)
			fileField = kit.NewLabelledField(w.t.T("import.file"), file).Beside(w.paths.browse(keys, open, file.SetText))
			secretField = kit.NewLabelledField(w.t.T("export.passphrase"), passphrase)
			return kit.Column(14, fileField, secretField), focus
		},
		Answers: []kit.Answer{
			{Text: w.t.T("form.cancel")},
			{Text: w.t.T("import.look"), Stay: true, Do: func() {
				w.imports.planImport(d, authclient.TrimPasted(file.Text), passphrase, fileField, secretField)
			}},
		},
	})
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

// planImport reads a file, finds out what importing it would do, and asks. Its dialog says
// what is wrong, at the field of the file or of the passphrase if it is about one of them.
func (w imports) planImport(d *taskDialog, path string, secret *kit.SecretEntry, fileField, secretField *kit.LabelledField) {
	passphrase := secret.Secret()
	wrong := func(text string, at *kit.LabelledField) {
		d.dialog.SetText(w.t.T("import.text"))
		d.dialog.FailAt(at, text)
	}
	d.start(func(running string) {
		if w.dialog == d.dialog && running != "" {
			d.dialog.Fail("")
			d.dialog.SetText(running)
		}
	}, w.t.T("import.reading"), func(ctx context.Context) func() {
		var steps []profile.ImportStep
		opened, fileErr := os.Open(path)
		var err error
		if fileErr == nil {
			var entries []profile.Entry
			if entries, fileErr = w.imports.readBackup(d, opened, passphrase); fileErr == nil {
				steps, err = w.deps.Store.PlanImport(ctx, entries)
			}
			_ = opened.Close()
		}
		return func() {
			switch {
			case w.dialog != d.dialog: // the user closed it
			case errors.Is(fileErr, backup.ErrPassphrase):
				secret.SetSecret(authclient.Secret{})
				wrong(w.t.Backup(fileErr), secretField)
			case fileErr != nil:
				wrong(w.t.Backup(fileErr), fileField)
			case err != nil:
				d.dialog.SetText(w.t.T("import.text"))
				d.dialog.Fail(w.t.Store(err))
				w.win.Canvas().Focus(secret)
				w.p.RecheckKeyring(err)
			default:
				d.dialog.Escape()
				w.imports.previewImport(steps)
			}
		}
	})
}

// readBackup reads a file, and says before that it takes more than usual if it does. It
// does not run on the goroutine of the window.
func (w imports) readBackup(d *taskDialog, r io.Reader, passphrase authclient.Secret) ([]profile.Entry, error) {
	file, err := backup.Open(r)
	if err != nil {
		return nil, err
	}
	if file.Slow() {
		w.deps.Do(func() { d.setText(w.t.SlowBackup(file)) })
	}
	return file.Read(passphrase)
}

// previewImport shows what an import would do, and asks.
func (w imports) previewImport(steps []profile.ImportStep) {
	counts := map[profile.Action]int{}
	for _, step := range steps {
		counts[step.Action]++
	}
	var parts []string
	for _, action := range []profile.Action{profile.Add, profile.Replace, profile.Conflict, profile.Same, profile.Older} {
		if n := counts[action]; n > 0 {
			parts = append(parts, w.t.N("import.count_"+string(action), n))
		}
	}
	todo := counts[profile.Add] + counts[profile.Replace] + counts[profile.Conflict]
	text := strings.Join(parts, "\n")
	if counts[profile.Replace] > 0 {
		text += "\n\n" + w.t.T("import.previous_kept")
	}
	answers := []kit.Answer{{Text: w.t.T("ask.close")}}
	if todo > 0 {
		answers = []kit.Answer{{Text: w.t.T("form.cancel")}, {Text: w.t.N("import.do", todo), Do: func() { w.imports.importSteps(steps, todo) }}}
	} else {
		text += "\n\n" + w.t.T("import.nothing")
	}
	w.show(kit.Question{
		Title: w.t.N("import.preview", len(steps)), Text: text, Width: wideDialog, Answers: answers,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			var list *kit.List
			list = kit.NewList(keys, func() int { return len(steps) }, func() fyne.CanvasObject { return newStepRow(list) },
				func(row int, object fyne.CanvasObject) { object.(*stepRow).show(w.Window, row, steps[row]) })
			list.Back = kit.Card
			return kit.InCard(kit.Card, kit.Line, 10, kit.Fixed(0, min(float32(len(steps))*30+8, 240), kit.Pad(4, 0, 4, 0, list.Dense()))), nil
		},
	})
}

// stepRow is a line of the preview of an import.
type stepRow struct {
	kit.RowBase
	code, name, action *kit.Text
}

func newStepRow(list *kit.List) *stepRow {
	r := &stepRow{code: kit.NewElided("", kit.Code, kit.Ink2), name: kit.NewElided("", kit.Body, kit.Ink), action: kit.NewElided("", kit.Small, kit.Ink2)}
	r.Extend(r, list, 4, 4, kit.Row(10, kit.Fixed(38, 0, r.code), kit.Grow(r.name), kit.Fixed(230, 0, r.action)))
	return r
}

func (r *stepRow) show(w *Window, row int, step profile.ImportStep) {
	r.Update(row, false)
	color := kit.OK
	switch step.Action {
	case profile.Replace, profile.Conflict:
		color = kit.Warn
	case profile.Same, profile.Older:
		color = kit.Ink3
	}
	r.code.SetText(step.Entry.Profile.PortCode)
	r.name.SetText(step.Entry.Profile.Name)
	r.action.Set(w.t.T("import."+string(step.Action)), color)
}

// importSteps imports, and stops at the first profile that cannot be: importing
// again skips those that are there. Then it asks about the conflicts.
func (w imports) importSteps(steps []profile.ImportStep, todo int) {
	w.p.Change(w.t.N("import.running", todo), func(ctx context.Context) func() {
		all, err := w.deps.Store.ImportAll(ctx, steps)
		return func() {
			w.p.Note(report.Import, err)
			if err != nil {
				w.p.Trouble(w.t.T("import.failed_at", "Name", shorten(all.Failed), "Done", all.Done, "Why", w.t.Store(err)))
				w.p.RecheckKeyring(err)
			} else {
				text := w.t.N("import.done", all.Done)
				if all.Kept > 0 {
					text += " " + w.t.N("import.kept", all.Kept)
				}
				w.p.Say("check", text, "", nil)
			}
			w.p.Reload(func() { w.imports.decideConflicts(all.Conflicts) })
		}
	})
}

// decideConflicts asks for each conflict of an import which token to keep, after the
// service has been asked for both.
func (w imports) decideConflicts(conflicts []profile.ImportStep) {
	if len(conflicts) == 0 || w.p.Blocked() {
		return
	}
	step := conflicts[0]
	next := func() {
		w.imports.decideConflicts(conflicts[1:])
	}
	saved, ok := w.p.SavedAs(step.Entry.Profile)
	if !ok { // deleted meanwhile
		next()
		return
	}
	client, clientErr := w.p.Client(saved.Service)
	name := shorten(step.Entry.Profile.Name)
	w.p.Run(w.t.T("import.conflict.running", "Name", name), presenter.TaskOptions{}, func(ctx context.Context) func() {
		kept, err := w.deps.Store.Load(ctx, saved)
		verdict := func(token authclient.Secret) profile.Verdict {
			if clientErr != nil || err != nil {
				return ""
			}
			account, err := client.Account(ctx, token)
			return profile.VerdictOf(saved, account, err)
		}
		text := w.t.ImportConflict(saved, step.Entry.Profile, verdict(kept.Token), verdict(step.Entry.Secrets.Token))
		return func() {
			if err != nil {
				w.p.Trouble(w.t.T("import.failed_at", "Name", name, "Done", 0, "Why", w.t.Store(err)))
				return
			}
			w.show(kit.Question{
				Title: w.t.T("import.conflict.title", "Name", name), Text: text, Width: wideDialog,
				Answers: []kit.Answer{
					{Text: w.t.T("import.conflict.take"), Do: func() { w.imports.takeFromFile(step.Decide(kept.Token), next) }},
					{Text: w.t.T("import.conflict.keep"), Do: next},
				},
				Closed: func() { w.p.Say("check", w.t.N("import.undecided", len(conflicts)), "", nil) }, // next says more
			})
		}
	})
}

// takeFromFile imports a step that the user has decided, and calls then.
func (w imports) takeFromFile(step profile.ImportStep, then func()) {
	w.p.Change(w.t.N("import.running", 1), func(ctx context.Context) func() {
		_, err := w.deps.Store.Import(ctx, step)
		return func() {
			w.p.Note(report.Import, err)
			if err != nil {
				w.p.Trouble(w.t.T("import.failed_at", "Name", shorten(step.Entry.Profile.Name), "Done", 0, "Why", w.t.Store(err)))
				w.p.RecheckKeyring(err)
			}
			w.p.Reload(then)
		}
	})
}
