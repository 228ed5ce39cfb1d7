package ui

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/internal/atomicfile"
	"amarre/internal/keyring"
	"amarre/internal/message"
	"amarre/internal/report"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// reports shows a report, which the user may copy or save.
type reports struct{ *Window }

// diagnosticReport shows a report on the program and the computer, which the user may copy
// or save. Nothing is written before.
func (w reports) diagnosticReport() {
	if w.p.Blocked() {
		return
	}
	facts := report.About(w.deps.Version)
	size := w.win.Canvas().Size()
	facts.Display, facts.Remote = w.deps.Display, w.deps.Remote
	facts.Scale, facts.Width, facts.Height = w.win.Canvas().Scale(), size.Width, size.Height
	for _, p := range w.p.Ports() {
		if p.Session {
			facts.Session++
			continue
		}
		facts.Profiles++
		if p.Missing {
			facts.Missing++
		}
	}
	choices := message.ReportSettings{Language: w.t.Language, Theme: w.p.Settings().Theme, Clear: w.p.ClearAfter(), Authorities: len(w.p.Settings().Authorities)}
	w.p.Run(w.t.T("keyring.looking"), presenter.TaskOptions{}, func(ctx context.Context) func() {
		facts.Keyring = w.deps.Store.State(ctx)
		if facts.Keyring != keyring.None {
			facts.Provider = w.deps.Store.Provider()
		}
		return func() {
			if !w.p.Blocked() {
				w.reports.showReport("report.title", "report.text", w.t.Report(facts, choices, w.p.Events(), w.deps.Now()))
			}
		}
	})
}

// showReport opens a dialog with a text that can be copied, or saved in a file. title and
// about are keys of the catalogue.
func (w reports) showReport(title, about, text string) {
	name := w.t.T("report.file", "Time", w.deps.Now().Format("20060102-1504"))
	w.p.Run(w.t.T("export.preparing"), presenter.TaskOptions{}, func(context.Context) func() {
		path := filepath.Join(documents(), name) // the folder may be on a slow network
		return func() {
			if !w.p.Blocked() {
				w.reports.askReport(title, about, text, path)
			}
		}
	})
}

func (w reports) askReport(title, about, text, path string) {
	var file *kit.Entry
	var field *kit.LabelledField
	d := &taskDialog{w: w.Window}
	d.open(kit.Question{
		Title: w.t.T(title), Text: w.t.T(about), Width: wideDialog,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			pane := kit.NewPane(keys, text)
			pane.OnSubmitted = func() { w.dialog.Default() }
			file = kit.NewEntry(keys)
			file.SetText(path)
			file.OnSubmitted = func(string) { w.dialog.Default() }
			field = kit.NewLabelledField(w.t.T("export.file"), file).Beside(w.paths.browse(keys, w.paths.saveDialog(w.t.T("report.dialog"), file, ".txt"), file.SetText))
			height := min(300, max(100, w.win.Canvas().Size().Height-380))
			return kit.Column(14, kit.Fixed(0, height, pane), field), pane
		},
		Answers: []kit.Answer{
			{Text: w.t.T("ask.close")},
			{Text: w.t.T("diagnose.copy"), Stay: true, Do: func() {
				w.deps.Board.SetContent(text)
				w.dialog.SetText(w.t.T("report.copied"))
			}},
			{Text: w.t.T("report.save"), Stay: true, Do: func() { w.reports.saveReport(d, text, authclient.TrimPasted(file.Text), field) }},
		},
	})
}

// saveReport writes a report to a new file.
func (w reports) saveReport(d *taskDialog, text, path string, field *kit.LabelledField) {
	w.reports.writeFile(d, path, field, func() ([]byte, error) { return []byte(text), nil })
}

// writeFile writes what content returns to a new file, on another goroutine. It closes the
// dialog, or says at the field of the path what is wrong.
func (w reports) writeFile(d *taskDialog, path string, field *kit.LabelledField, content func() ([]byte, error)) {
	field.Clear()
	d.start(nil, w.t.T("export.preparing"), func(context.Context) func() {
		wrong := w.paths.newFileProblem(path)
		if wrong == "" {
			data, err := content()
			if err == nil {
				err = atomicfile.SaveAs(path, data, false)
			}
			if err != nil {
				wrong = w.t.SaveAs(path, err)
			}
		}
		return func() {
			if wrong == "" {
				w.p.Say("check", w.t.T("report.saved", "File", path), "", nil)
			}
			if w.dialog != d.dialog { // the user closed it
				return
			}
			if wrong != "" {
				field.Fail(wrong)
				return
			}
			w.dialog.Escape()
		}
	})
}

// newFileProblem returns the sentence why no file can be created at a path, or "".
func (w paths) newFileProblem(path string) string {
	if !filepath.IsAbs(path) {
		return w.t.T("export.no_folder")
	}
	if err := atomicfile.CheckSaveAs(path, false); err != nil {
		return w.t.SaveAs(path, err)
	}
	return ""
}
