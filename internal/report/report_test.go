package report_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/internal/report"
)

// canary stands for a secret in what a panic may hold.
const canary = "CANARY-5e3f"

var now = time.Date(2026, 11, 24, 14, 32, 5, 0, time.UTC)

// TestOutcome: an error is reported by its class, and by nothing of its text.
func TestOutcome(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, "done"},
		{&authclient.Error{Outcome: authclient.OutcomeRefused, Message: canary}, "refused"},
		{fmt.Errorf("x: %w", &authclient.Error{Outcome: authclient.OutcomeTLS, Issuer: canary}), "tls"},
		{&authclient.Error{Outcome: canary}, "other"},
		{context.Canceled, "cancelled"},
		{context.DeadlineExceeded, "timeout"},
		{fmt.Errorf("save: %w", &keyring.Error{Class: keyring.ClassLocked}), "locked"},
		{fmt.Errorf("save: %w", &keyring.Error{Class: keyring.ClassUnknown, Err: context.DeadlineExceeded}), "unknown"},
		{errors.New(canary), "other"},
	} {
		if got := report.Outcome(c.err); got != c.want {
			t.Errorf("%v is reported as %q, want %q", c.err, got, c.want)
		}
	}
}

// TestLogForgets: a log keeps the last 30 events.
func TestLogForgets(t *testing.T) {
	var log report.Log
	for n := range 100 {
		log.Add(now.Add(time.Duration(n)*time.Second), report.Login, nil)
	}
	last := log.Events()
	if len(last) != 30 || !last[29].At.Equal(now.Add(99*time.Second)) || !last[0].At.Equal(now.Add(70*time.Second)) {
		t.Errorf("%d outcomes are kept, from %v", len(last), last[0].At)
	}
}

func TestAbout(t *testing.T) {
	f := report.About("1.2.3")
	if f.Version != "1.2.3" || f.Go == "" || f.System == "" || f.System == "other" || !strings.Contains(f.Architecture, "/") {
		t.Errorf("the facts are %+v", f)
	}
}
