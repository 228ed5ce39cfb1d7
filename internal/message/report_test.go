package message_test

import (
	"strings"
	"testing"
	"time"

	"amarre/internal/message"
	"amarre/internal/report"
)

// TestReportHasTheDateOfItsLanguage, to the second.
func TestReportHasTheDateOfItsLanguage(t *testing.T) {
	now := time.Date(2026, 11, 23, 14, 32, 5, 0, time.UTC)
	for lang, date := range map[string]string{"fr": "23/11/2026 14:32:05", "en": "2026-11-23 14:32:05"} {
		if text := texts(t, lang).Report(report.Facts{}, message.ReportSettings{}, nil, now); !strings.Contains(text, date) {
			t.Errorf("%s: the report lacks %q:\n%s", lang, date, text)
		}
	}
}
