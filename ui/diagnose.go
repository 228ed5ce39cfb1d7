package ui

import (
	"context"
	"slices"
	"strings"
	"time"

	"amarre/authclient"
	"amarre/ui/kit"
)

// diagnoseWidth is the width of a wide dialog, in device-independent pixels. A line of the
// connection test wraps at most once.
const diagnoseWidth = 640

// diagnose tests the connection to the service in the form, and shows each finding in a
// dialog. It sends no secret, so that the report has none.
func (w *Window) diagnose() {
	if w.blocked() {
		return
	}
	address := w.form.text().service
	client, err := w.client(w.form.service.Text)
	if err != nil {
		w.failService(w.clientError(address, err))
		return
	}
	report := []string{w.t.T("diagnose.title", "URL", address, "Version", w.deps.Version, "Time", w.deps.Now().Format(time.DateTime))}
	text := func(last string) string { return strings.Join(append(slices.Clone(report), last), "\n\n") }
	d := &taskDialog{w: w}
	d.open(kit.Question{
		Title: w.t.T("diagnose.heading"), Text: text(w.t.T("diagnose.running")), Width: diagnoseWidth,
		Answers: []kit.Answer{
			{Text: w.t.T("diagnose.copy"), Stay: true, Do: func() { w.deps.Board.SetContent(strings.Join(report, "\n") + "\n") }},
			{Text: w.t.T("ask.close")},
		},
	})
	d.start(noProgress, w.t.T("diagnose.running"), func(ctx context.Context) func() {
		_ = client.Diagnose(ctx, func(f authclient.Finding) {
			w.deps.Do(func() {
				report = append(report, w.t.Finding(f))
				d.setText(text(w.t.T("diagnose.running")))
			})
		})
		return func() { d.setText(text(w.t.T("diagnose.nothing_secret"))) }
	})
}
