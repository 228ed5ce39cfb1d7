package message_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/internal/message"
	"amarre/internal/report"
	"amarre/profile"
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

// TestReportIsInOneLanguage: each state of the keyring and each outcome has its words.
func TestReportIsInOneLanguage(t *testing.T) {
	outcomes := []string{report.Outcome(nil), report.Outcome(context.DeadlineExceeded)}
	for _, class := range []keyring.Class{keyring.ClassUnavailable, keyring.ClassLocked, keyring.ClassNoAnswer, keyring.ClassFailed, keyring.ClassNotKept,
		keyring.ClassMissing, keyring.ClassAltered, keyring.ClassUnknown, keyring.ClassTooBig, profile.ClassNotFound, profile.ClassForeign,
		profile.ClassBareToken, profile.ClassClosed, profile.ClassNewer, profile.ClassInvalid, profile.ClassSecretInText, profile.ClassDuplicate,
		profile.ClassList, profile.ClassBusy} {
		outcomes = append(outcomes, report.Outcome(&keyring.Error{Class: class}))
	}
	for _, outcome := range authclient.Outcomes() {
		outcomes = append(outcomes, report.Outcome(&authclient.Error{Outcome: outcome}))
	}
	outcomes = append(outcomes, report.Outcome(errors.New("x")))
	now := time.Date(2026, 11, 23, 14, 32, 5, 0, time.UTC)
	for _, lang := range []string{"fr", "en"} {
		texts := texts(t, lang)
		for _, state := range []keyring.State{keyring.Ready, keyring.Locked, keyring.Unresponsive, keyring.NoBus, keyring.NoService, keyring.NoCollection, keyring.None, ""} {
			for _, outcome := range outcomes {
				text := texts.Report(report.Facts{Keyring: state}, message.ReportSettings{}, []report.Event{{At: now, Operation: report.Save, Outcome: outcome}}, now)
				if strings.Contains(text, "report.") || lang == "fr" && !strings.Contains(text, "23/11/2026 14:32:05") {
					t.Fatalf("%s, %q, %q: the report is\n%s", lang, state, outcome, text)
				}
			}
		}
	}
}
