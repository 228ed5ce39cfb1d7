package ui

import (
	"context"
	"strings"
	"time"

	"amarre/authclient"
	"amarre/ui/kit"
)

// diagnoseWidth is the width of the connection test, in device-independent
// pixels: a line of the report should not wrap more than once.
const diagnoseWidth = 640

// diagnose finds out who answers at the form's address, in a dialog that grows
// while it runs. The report holds no secret: none is sent.
func (w *Window) diagnose() {
	if w.blocked() {
		return
	}
	client, err := w.client(w.form.service.Text)
	if err != nil {
		w.form.serviceField.Fail(w.clientSentence(w.form.text().service, err))
		w.win.Canvas().Focus(w.form.service)
		return
	}
	address := w.form.text().service
	report := []string{w.t.T("diagnose.title", "URL", address, "Version", w.deps.Version, "Time", w.deps.Now().Format(time.DateTime))}
	running := true
	text := func(last string) string { return strings.Join(append(report[:len(report):len(report)], last), "\n\n") }
	w.show(kit.Question{
		Title: w.t.T("diagnose.heading"),
		Text:  text(w.t.T("diagnose.running")),
		Width: diagnoseWidth,
		Answers: []kit.Answer{
			{Text: w.t.T("diagnose.copy"), Stay: true, Do: func() { w.deps.Board.SetContent(strings.Join(report, "\n") + "\n") }},
			{Text: w.t.T("ask.close")},
		},
		Closed: func() {
			if running {
				w.cancel()
			}
		},
	})
	dialog := w.dialog
	w.name("ask.text", dialog.Body())
	update := func(last string) {
		if w.dialog == dialog {
			dialog.SetText(text(last))
		}
	}
	w.start(func(string) {}, w.t.T("diagnose.running"), func(ctx context.Context) func() {
		_ = client.Diagnose(ctx, func(f authclient.Finding) {
			w.deps.Do(func() {
				report = append(report, w.t.Finding(f))
				update(w.t.T("diagnose.running"))
			})
		})
		return func() {
			running = false
			update(w.t.T("diagnose.nothing_secret"))
		}
	})
}
