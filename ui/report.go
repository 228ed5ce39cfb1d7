package ui

import (
	"context"
	"errors"
	"io/fs"
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
	"amarre/ui/kit"
)

// note remembers how something ended, for the diagnostic report.
func (w *Window) note(operation report.Operation, err error) {
	w.log.Add(w.deps.Now(), operation, err)
}

// diagnosticReport shows what a helper may want to know of this program and this
// computer, and saves it if the user wants. It is not written anywhere before.
func (w *Window) diagnosticReport() {
	if w.blocked() {
		return
	}
	facts := report.About(w.deps.Version)
	size := w.win.Canvas().Size()
	facts.Display, facts.Remote = w.deps.Display, w.deps.Remote
	facts.Scale, facts.Width, facts.Height = w.win.Canvas().Scale(), size.Width, size.Height
	for _, p := range w.all {
		switch {
		case p.Session:
			facts.Session++
		case p.Missing:
			facts.Missing++
			facts.Profiles++
		default:
			facts.Profiles++
		}
	}
	w.start(w.status.running, w.t.T("keyring.looking"), func(ctx context.Context) func() {
		facts.Keyring = w.deps.Store.State(ctx)
		if facts.Keyring != keyring.None {
			facts.Provider = keyring.Provider()
		}
		return func() {
			if w.dialog == nil {
				w.showReport("report.title", "report.text", w.t.Report(facts, w.settingsFacts(), w.log.Events(), w.deps.Now()), w.reportName())
			}
		}
	})
}

// settingsFacts are the user's choices that may explain what they see.
func (w *Window) settingsFacts() message.ReportSettings {
	return message.ReportSettings{
		Language: w.t.Language, Theme: w.settings.Theme, Clear: w.clearAfter(), Authorities: len(w.settings.Authorities),
	}
}

// reportName is the name of the file that a report is saved in, unless the user says
// otherwise.
func (w *Window) reportName() string {
	return w.t.T("report.file", "Time", w.deps.Now().Format("20060102-1504"))
}

// showReport shows a text of several lines, to be read, copied or saved. title and
// about are keys of the catalogue.
func (w *Window) showReport(title, about, text, name string) {
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
			{Text: w.t.T("report.save"), Stay: true, Do: func() { w.saveReport(authclient.TrimPasted(file.Text), text, file) }},
		},
	})
	w.name("ask.text", w.dialog.Body())
}

// saveReport writes a report into a file that does not exist yet.
func (w *Window) saveReport(path, text string, file *kit.Entry) {
	fail := func(why string) {
		w.dialog.Fail(why)
		w.win.Canvas().Focus(file)
	}
	if wrong := w.newFileProblem(path); wrong != "" {
		fail(wrong)
		return
	}
	if err := atomicfile.Write(path, []byte(text)); err != nil {
		fail(w.t.T("backup.unwritable"))
		return
	}
	w.dialog.Escape()
	w.status.say(w.t.T("report.saved", "File", path), "", nil)
}

// newFileProblem says why no new file can be made at a path; "" if it can.
func (w *Window) newFileProblem(path string) string {
	_, err := os.Lstat(path)
	switch {
	case path == "" || !filepath.IsAbs(path) || !isFolder(filepath.Dir(path)):
		return w.t.T("export.no_folder")
	case !errors.Is(err, fs.ErrNotExist):
		return w.t.T("export.exists", "File", filepath.Base(path))
	}
	return ""
}

// tellCrash says, once, that the program ended by a fault of its own the last time.
func (w *Window) tellCrash() {
	path := w.deps.CrashReport
	if path == "" || filepath.Base(path) == w.settings.ToldCrash {
		return
	}
	w.settings.ToldCrash = filepath.Base(path)
	w.deps.SaveSettings(w.settings)
	w.result.trouble(w.t.T("crash.told", "File", path), action{w.t.T("crash.show"), func() {
		if w.blocked() {
			return
		}
		content, err := os.ReadFile(path) // some kilobytes of this program's own
		if err != nil {
			w.result.trouble(w.t.T("erp.unreadable"))
			return
		}
		w.showReport("crash.title", "crash.text", string(content), w.reportName())
	}})
}
