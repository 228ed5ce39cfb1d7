package ui

import (
	"context"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/internal/atomicfile"
	"amarre/internal/keyring"
	"amarre/internal/message"
	"amarre/internal/report"
	"amarre/internal/settings"
	"amarre/ui/kit"
)

// note records the outcome of an operation for the diagnostic report.
func (w *Window) note(operation report.Operation, err error) {
	w.log.Add(w.deps.Now(), operation, err)
}

// diagnosticReport shows a report on the program and the computer, which the user may copy
// or save. Nothing is written before.
func (w *Window) diagnosticReport() {
	if w.blocked() {
		return
	}
	facts := report.About(w.deps.Version)
	size := w.win.Canvas().Size()
	facts.Display, facts.Remote = w.deps.Display, w.deps.Remote
	facts.Scale, facts.Width, facts.Height = w.win.Canvas().Scale(), size.Width, size.Height
	for _, p := range w.all {
		if p.Session {
			facts.Session++
			continue
		}
		facts.Profiles++
		if p.Missing {
			facts.Missing++
		}
	}
	choices := message.ReportSettings{Language: w.t.Language, Theme: w.settings.Theme, Clear: w.clearAfter(), Authorities: len(w.settings.Authorities)}
	w.start(w.status.running, w.t.T("keyring.looking"), func(ctx context.Context) func() {
		facts.Keyring = w.deps.Store.State(ctx)
		if facts.Keyring != keyring.None {
			facts.Provider = w.deps.Store.Provider()
		}
		return func() {
			if w.dialog == nil {
				w.showReport("report.title", "report.text", w.t.Report(facts, choices, w.log.Events(), w.deps.Now()))
			}
		}
	})
}

// showReport opens a dialog with a text that can be copied, or saved in a file. title and
// about are keys of the catalogue.
func (w *Window) showReport(title, about, text string) {
	name := w.t.T("report.file", "Time", w.deps.Now().Format("20060102-1504"))
	var file *kit.Entry
	w.show(kit.Question{
		Title: w.t.T(title), Text: w.t.T(about), Width: diagnoseWidth,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			pane := kit.NewPane(keys, text)
			pane.OnSubmitted = func() { w.dialog.Default() }
			file = kit.NewEntry(keys)
			file.SetText(filepath.Join(documents(), name))
			file.OnSubmitted = func(string) { w.dialog.Default() }
			w.name("ask.report", pane)
			w.name("ask.file", file)
			height := min(300, max(120, w.win.Canvas().Size().Height-340))
			return container.NewVBox(kit.AtLeast(0, height, pane),
				container.New(layout.NewFormLayout(), widget.NewLabel(w.t.T("export.file")), file)), pane
		},
		Answers: []kit.Answer{
			{Text: w.t.T("ask.close")},
			{Text: w.t.T("diagnose.copy"), Stay: true, Do: func() {
				w.deps.Board.SetContent(text)
				w.dialog.SetText(w.t.T("report.copied"))
			}},
			{Text: w.t.T("report.save"), Stay: true, Do: func() { w.saveReport(text, file) }},
		},
	})
}

// saveReport writes a report to a new file at the path in file.
func (w *Window) saveReport(text string, file *kit.Entry) {
	path := authclient.TrimPasted(file.Text)
	wrong := w.newFileProblem(path)
	if wrong == "" {
		if err := atomicfile.SaveAs(path, []byte(text), false); err != nil {
			wrong = w.t.SaveAs(path, err)
		}
	}
	if wrong != "" {
		w.dialog.Fail(wrong)
		w.win.Canvas().Focus(file)
		return
	}
	w.dialog.Escape()
	w.status.say(w.t.T("report.saved", "File", path), "", nil)
}

// newFileProblem returns the sentence why no file can be created at a path, or "".
func (w *Window) newFileProblem(path string) string {
	if !filepath.IsAbs(path) {
		return w.t.T("export.no_folder")
	}
	if err := atomicfile.CheckSaveAs(path, false); err != nil {
		return w.t.SaveAs(path, err)
	}
	return ""
}

// reportCrash shows once that the program crashed, and offers the report.
func (w *Window) reportCrash() {
	path := w.deps.CrashReport
	if path == "" || filepath.Base(path) == w.settings.LastCrashShown {
		return
	}
	w.changeSettings(func(s *settings.Settings) { s.LastCrashShown = filepath.Base(path) })
	w.result.trouble(w.t.T("crash.told", "File", path), action{w.t.T("crash.show"), func() {
		if w.blocked() {
			return
		}
		content, err := os.ReadFile(path) // some kilobytes
		if err != nil {
			w.result.trouble(w.t.T("erp.unreadable"))
			return
		}
		w.showReport("crash.title", "crash.text", string(content))
	}})
}
