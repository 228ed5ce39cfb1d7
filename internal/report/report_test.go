package report_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/report"
	"amarre/profile"
)

// canary stands for a secret in what a panic may hold.
const canary = "CANARY-5e3f"

var now = time.Date(2026, 11, 24, 14, 32, 5, 0, time.UTC)

// recovered makes the report of a panic.
func recovered(cause func()) (c report.Crash) {
	defer func() { c = report.Recovered(recover(), "1.2.3", now) }()
	cause()
	return c
}

// thrower is where the panics come from; the report must name it.
func thrower(value any) { panic(value) }

// TestCrashHoldsNoSecret: security.md 25, with canaries in every kind of panic.
func TestCrashHoldsNoSecret(t *testing.T) {
	secret := authclient.NewSecret(canary)
	held := map[string]authclient.Secret{canary: secret}
	for name, value := range map[string]any{
		"text": canary, "error": errors.New(canary), "wrapped": fmt.Errorf("login: %w", errors.New(canary)), "secret": secret,
		"credentials": authclient.Credentials{PortCode: "SET", ERPID: 15, Password: secret}, "map": held, "pointer": &canaries{canary},
		"stringer": canaries{canary}, "profile": profile.Profile{Name: canary, Note: canary, Service: "https://" + canary},
	} {
		c := recovered(func() { thrower(value) })
		text := c.Text()
		if strings.Contains(text, canary) {
			t.Errorf("%s: the report holds the secret:\n%s", name, text)
		}
		if !strings.Contains(text, "report_test.thrower (report_test.go:") || !strings.Contains(text, "Amarre 1.2.3 stopped at 2026-11-24T14:32:05Z") {
			t.Errorf("%s: the report does not say where and when:\n%s", name, text)
		}
	}
	// A fault that Go finds itself is told.
	for want, fault := range map[string]func(){
		"index out of range [3] with length 0": func() { _ = []byte(nil)[len(canary)-8] },
		"nil pointer dereference":              func() { _ = *(*int)(nil) },
	} {
		if text := recovered(fault).Text(); !strings.Contains(text, want) || strings.Contains(text, canary) {
			t.Errorf("the report does not say %q:\n%s", want, text)
		}
	}
}

type canaries struct{ text string }

func (c canaries) String() string   { return c.text }
func (c canaries) GoString() string { return c.text }
func (c *canaries) Error() string   { return c.text }

// TestCrashIsSaved: for its user alone, where it can be found again.
func TestCrashIsSaved(t *testing.T) {
	dir := t.TempDir()
	c := recovered(func() { thrower(1) })
	path, err := c.Save(dir)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil || string(content) != c.Text() {
		t.Errorf("%s holds %q, %v", path, content, err)
	}
	if !report.IsSaved(dir, path) {
		t.Errorf("%s is not known again", path)
	}
	for _, other := range []string{"", filepath.Join(dir, "crash-20261124-143206.txt"), filepath.Join(dir, "profiles.json"), "/etc/passwd",
		filepath.Join(dir, "..", filepath.Base(dir), "x", filepath.Base(path))} {
		if report.IsSaved(dir, other) {
			t.Errorf("%s passes for a report", other)
		}
	}
	if _, err := c.Save(filepath.Join(path, "no folder")); err == nil {
		t.Error("saving into a file does not fail")
	}
}

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
		{fmt.Errorf("save: %w", profile.ErrLocked), "locked"},
		{fmt.Errorf("save: %w: %w", profile.ErrUnknown, context.DeadlineExceeded), "unknown"},
		{errors.New(canary), "other"},
	} {
		if got := report.Outcome(c.err); got != c.want {
			t.Errorf("%v is reported as %q, want %q", c.err, got, c.want)
		}
	}
}

// TestLogForgets: only the last outcomes are kept.
func TestLogForgets(t *testing.T) {
	var log report.Log
	for n := range 100 {
		log.Add(now.Add(time.Duration(n)*time.Second), report.Login, nil)
	}
	last := log.Last()
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
