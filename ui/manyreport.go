package ui

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// copyReport copies the report as lines of text, which a mail or a spreadsheet takes. It has no
// secret.
func (w *Window) copyReport() {
	var text strings.Builder
	text.WriteString(w.t.Summary(w.p.Report().Summary(w.t)) + "\n\n")
	for _, line := range w.p.Many().Lines {
		text.WriteString(line.Profile.PortCode + "\t" + line.Profile.Name + "\t" + w.t.Line(line) + "\n")
	}
	w.deps.Board.SetContent(text.String())
	w.p.Say("check", w.t.T("many.copied"), "", nil)
}

// saveReport asks for a file, and writes the report there.
func (w *Window) saveReport() {
	if w.p.Blocked() {
		return
	}
	report, name := w.p.Report(), "amarre-"+w.deps.Now().Format("2006-01-02-1504")
	w.p.Run(w.t.T("export.preparing"), presenter.TaskOptions{}, func(context.Context) func() {
		path := filepath.Join(documents(), name+".html") // the folder may be on a slow network
		return func() {
			if !w.p.Blocked() {
				w.askReportFile(report, path)
			}
		}
	})
}

// reportFormats are the endings of a report's file.
var reportFormats = []string{".html", ".csv", ".json"}

func (w *Window) askReportFile(report bulk.Report, path string) {
	var file *kit.Entry
	var field *kit.LabelledField
	d := &taskDialog{w: w}
	d.open(kit.Question{
		Title: w.t.T("many.report_title"), Text: w.t.T("many.report_text"), Width: wideDialog,
		Content: func(keys kit.Keys) (fyne.CanvasObject, fyne.Focusable) {
			file = kit.NewEntry(keys)
			file.SetText(path)
			file.OnSubmitted = func(string) { w.dialog.Default() }
			format := kit.NewSegments(keys, func(i int) {
				file.SetText(strings.TrimSuffix(file.Text, filepath.Ext(file.Text)) + reportFormats[i])
			}, w.t.T("many.format_page"), w.t.T("many.format_table"), w.t.T("many.format_data"))
			format.OnSubmitted = func() { w.dialog.Default() }
			field = kit.NewLabelledField(w.t.T("export.file"), file).Beside(w.paths.browse(keys, w.paths.saveDialog(w.t.T("many.report_title"), file, ".html"), file.SetText))
			return kit.Column(14, kit.NewLabelledField(w.t.T("many.format"), kit.Row(0, kit.Fixed(360, 0, format), kit.Spring())), field), format
		},
		Answers: []kit.Answer{{Text: w.t.T("form.cancel")}, {Text: w.t.T("report.save"), Stay: true, Do: func() {
			w.writeReport(d, report, authclient.TrimPasted(file.Text), field)
		}}},
	})
}

// writeReport writes a report to a new file, in the format of its name.
func (w *Window) writeReport(d *taskDialog, report bulk.Report, path string, field *kit.LabelledField) {
	w.reports.writeFile(d, path, field, func() ([]byte, error) {
		var content bytes.Buffer
		var err error
		switch strings.ToLower(filepath.Ext(path)) {
		case ".json":
			err = report.WriteJSON(&content)
		case ".csv":
			err = report.WriteCSV(&content, w.t)
		default:
			err = report.WriteHTML(&content, w.t)
		}
		return content.Bytes(), err
	})
}
