package cli_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"amarre/cli"
)

func run(t *testing.T, windowErr error, args ...string) (status int, stdout, stderr string, opened *cli.Options) {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	var out, errs bytes.Buffer
	status = cli.Main(args, cli.Program{
		Version: "9.9.9", Stdout: &out, Stderr: &errs,
		Window: func(o cli.Options) error { opened = &o; return windowErr },
	})
	return status, out.String(), errs.String(), opened
}

func TestWindowCommandLine(t *testing.T) {
	for _, c := range []struct {
		name   string
		args   []string
		err    error // of the window
		status int
		stdout string // a part of it
		stderr string
		opened *cli.Options
	}{
		{name: "demo", args: []string{"--demo", "--lang", "fr"}, opened: &cli.Options{Demo: true, Lang: "fr"}},
		{name: "service", args: []string{"--lang=en", "--service", "https://a.example"}, opened: &cli.Options{Service: "https://a.example", Lang: "en"}},
		{name: "version", args: []string{"--version"}, stdout: "Amarre 9.9.9\n"},
		{name: "help in French", args: []string{"--help", "--lang", "fr"}, stdout: "rien ne quitte cet ordinateur"},
		{name: "help in English", args: []string{"--lang=en", "-h"}, stdout: "Usage:\n  amarre [options]\n\nCommands:\n  login "},
		{name: "unknown flag", args: []string{"--nope", "--lang=fr"}, status: 2, stderr: "option ou argument non compris\u00a0: --nope"},
		{name: "missing value", args: []string{"--lang=en", "--service"}, status: 2, stderr: "--service"},
		{name: "argument", args: []string{"word", "--lang=en"}, status: 2, stderr: "wor…"},
		{name: "language", args: []string{"--lang=de"}, status: 2, stderr: "“de”"},
		{name: "demo and service", args: []string{"--demo", "--service=x", "--lang=en"}, status: 2, stderr: "do not go together"},
		{name: "no window", args: []string{"--lang=fr"}, err: cli.ErrNoWindow, status: 69, stderr: "la fenêtre n’a pas pu s’ouvrir", opened: &cli.Options{Lang: "fr"}},
		{name: "no cgo", args: []string{"--lang=en"}, err: cli.ErrNoCgo, status: 69, stderr: "built without cgo", opened: &cli.Options{Lang: "en"}},
		{name: "internal", args: []string{"--lang=en"}, err: errors.New("boom"), status: 1, stderr: "internal error: boom", opened: &cli.Options{Lang: "en"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, stdout, stderr, opened := run(t, c.err, c.args...)
			if status != c.status || !strings.Contains(stdout, c.stdout) || !strings.Contains(stderr, c.stderr) {
				t.Errorf("status %d, stdout %q, stderr %q; want %d, %q, %q", status, stdout, stderr, c.status, c.stdout, c.stderr)
			}
			if c.stdout == "" && stdout != "" || c.stderr == "" && stderr != "" {
				t.Errorf("unexpected output: stdout %q, stderr %q", stdout, stderr)
			}
			if (opened == nil) != (c.opened == nil) || opened != nil && *opened != *c.opened {
				t.Errorf("the window was opened with %+v, want %+v", opened, c.opened)
			}
		})
	}
}

// TestNobodyToAsk: a password is asked on a terminal alone; else the program says how it
// is given, and on Windows which program asks.
func TestNobodyToAsk(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	for _, c := range []struct {
		console string
		stderr  string
	}{{"", "Without a terminal"}, {"amarre.com", "run “amarre.com” in place of “amarre.exe”"}} {
		var out, errs bytes.Buffer
		status := cli.Main([]string{"login", "--demo", "--lang=en", "--port=MTP", "--erp=15"},
			cli.Program{Stdin: strings.NewReader("FourniParDataComSys\n"), Stdout: &out, Stderr: &errs, Console: c.console})
		if status != cli.ExitUsage || out.Len() > 0 || !strings.Contains(errs.String(), c.stderr) {
			t.Errorf("status %d, stdout %q, stderr %q; want %q", status, &out, &errs, c.stderr)
		}
	}
	// Without a window the message says what to type instead.
	var errs bytes.Buffer
	cli.Main([]string{"--lang=en"}, cli.Program{Stderr: &errs, Console: `"C:\Amarre\amarre.com"`, Window: func(cli.Options) error { return cli.ErrNoWindow }})
	if !strings.Contains(errs.String(), `“"C:\Amarre\amarre.com" login --help”`) {
		t.Errorf("no window: %q", &errs)
	}
}
