package message

import (
	"strconv"
	"strings"
	"time"

	"amarre/internal/report"
)

// ReportSettings are the user's choices that a diagnostic report shows.
type ReportSettings struct {
	Language    string
	Theme       string        // "" for the system's
	Clear       time.Duration // until a copy is cleared
	Authorities int           // how many were added
}

// Crash says that the program ends because of a fault of its own, and where the report
// is. path is "" if there is none.
func (t *Texts) Crash(path string) string {
	if path == "" {
		return t.T("cli.error", "Why", t.T("cli.error.crash_unsaved"))
	}
	return t.T("cli.error", "Why", t.T("cli.error.crash", "File", path))
}

// Report makes the text of a diagnostic report. It holds no secret, address or name.
func (t *Texts) Report(f report.Facts, s ReportSettings, events []report.Event, now time.Time) string {
	yesNo := func(yes bool) string {
		if yes {
			return t.T("report.yes")
		}
		return t.T("report.no")
	}
	keyring := "?"
	if f.Keyring != "" {
		keyring = t.T("report.state." + string(f.Keyring))
	}
	if f.Provider != "" {
		keyring += " (" + f.Provider + ")"
	}
	theme := s.Theme
	if theme == "" {
		theme = "automatic"
	}
	lines := []string{
		t.T("report.heading", "Version", f.Version, "Time", t.Stamp(now)),
		"",
		t.T("report.system", "System", f.System, "Architecture", f.Architecture),
		t.T("report.build", "Go", f.Go, "Toolkit", f.Toolkit),
		t.T("report.display", "Display", f.Display, "Width", int(f.Width), "Height", int(f.Height),
			"Scale", strconv.FormatFloat(float64(f.Scale), 'g', 3, 32)),
		t.T("report.remote", "Remote", yesNo(f.Remote)),
		t.T("report.keyring", "Keyring", keyring),
		t.T("report.profiles", "Profiles", f.Profiles, "Missing", f.Missing, "Session", f.Session),
		t.T("report.settings", "Language", s.Language, "Theme", t.T("theme."+theme), "Seconds", int(s.Clear.Seconds()), "Authorities", s.Authorities),
		"",
		t.T("report.last"),
	}
	if len(events) == 0 {
		lines = append(lines, t.T("report.nothing"))
	}
	for _, e := range events {
		lines = append(lines, t.T("report.event", "Time", e.At.Format(time.TimeOnly), "Operation", t.T("report.operation."+string(e.Operation)), "Outcome", t.T("report.outcome."+e.Outcome)))
	}
	return strings.Join(lines, "\n") + "\n"
}
