package crash_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/crash"
	"amarre/profile"
)

// canary stands for a secret in what a panic may hold.
const canary = "CANARY-5e3f"

var now = time.Date(2026, 11, 24, 14, 32, 5, 0, time.UTC)

// recovered makes the report of a panic.
func recovered(cause func()) (c crash.Report) {
	defer func() { c = crash.NewReport(recover(), "1.2.3", now) }()
	cause()
	return c
}

// thrower is where the panics come from; the report must name it.
func thrower(value any) { panic(value) }

// TestReportHoldsNoSecret puts canaries into every kind of panic (docs/security.md 25).
func TestReportHoldsNoSecret(t *testing.T) {
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
		if !strings.Contains(text, "crash_test.thrower (report_test.go:") || !strings.Contains(text, "Amarre 1.2.3 stopped at 2026-11-24T14:32:05Z") {
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

// TestReportIsSaved: a report is written for its user alone.
func TestReportIsSaved(t *testing.T) {
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
	if latest := crash.Latest(dir); latest != path {
		t.Errorf("the latest report is %q, want %q", latest, path)
	}
	if _, err := c.Save(filepath.Join(path, "no folder")); err == nil {
		t.Error("saving into a file does not fail")
	}
}

// TestLatest: only files with the name of a report count, and the newest is returned.
func TestLatest(t *testing.T) {
	dir := t.TempDir()
	if latest := crash.Latest(dir); latest != "" {
		t.Errorf("an empty folder has the report %q", latest)
	}
	for _, name := range []string{"crash-20261124-143206.txt", "crash-20261125-000001.txt", "crash-20261123-235959.txt", "crash-x.txt", "profiles.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "crash-20991231-000000.txt"), 0o700); err != nil {
		t.Fatal(err)
	}
	if latest := filepath.Base(crash.Latest(dir)); latest != "crash-20261125-000001.txt" {
		t.Errorf("the latest report is %s", latest)
	}
	if latest := crash.Latest(filepath.Join(dir, "missing")); latest != "" {
		t.Errorf("a missing folder has the report %q", latest)
	}
}
