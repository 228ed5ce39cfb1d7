package message_test

import (
	"strings"
	"testing"
	"time"

	"amarre/internal/keyring"
	"amarre/internal/message"
	"amarre/internal/report"
)

// TestReportNamesTheKeyring: each of its states has its words, and the date is that of the
// language.
func TestReportNamesTheKeyring(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 32, 5, 0, time.UTC)
	for lang, date := range map[string]string{"fr": "23/11/2026 14:32:05", "en": "2026-11-23 14:32:05"} {
		for _, state := range []keyring.State{keyring.Ready, keyring.Locked, keyring.Unresponsive, keyring.NoBus, keyring.NoService, keyring.NoCollection, keyring.None, ""} {
			text := texts(t, lang).Report(report.Facts{Keyring: state}, message.ReportSettings{}, nil, now)
			if strings.Contains(text, "report.") || !strings.Contains(text, date) {
				t.Errorf("%s, %q: the report is\n%s", lang, state, text)
			}
		}
	}
}
