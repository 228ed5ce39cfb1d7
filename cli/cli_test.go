package cli_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/cli"
	"amarre/internal/i18n"
	"amarre/internal/keyring"
	"amarre/profile"
	"amarre/profile/profiletest"
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
		{name: "unknown flag", args: []string{"--nope", "--lang=fr"}, status: 2, stderr: "option inconnue --nope"},
		{name: "missing value", args: []string{"--lang=en", "--service"}, status: 2, stderr: "option --service needs a value: --service ADDRESS"},
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

// TestNoTerminal: a password is asked on a terminal alone; else the program says how it
// is given, and on Windows which program asks.
func TestNoTerminal(t *testing.T) {
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

// noStdout is standard output where there is none.
type noStdout struct{}

func (noStdout) Write([]byte) (int, error) { return 0, fs.ErrClosed }

// writes counts the messages on standard error: on Windows each is a box.
type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}

// TestOneMessage: what is wrong and where the help is are one message; so is output that
// could not be written, which on Windows names the program that has a console.
func TestOneMessage(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	for _, c := range []struct {
		args    []string
		console string
		status  int
		want    []string // of the message
	}{
		{[]string{"login"}, "", cli.ExitUsage, []string{"--service", "--port", "--erp", "amarre login --help"}},
		{[]string{"login", "--port=MTPX", "--timeout=-1s"}, "", cli.ExitUsage, []string{"--service", "--erp", "3 characters", "positive", "amarre login --help"}},
		{[]string{"--nope"}, "", cli.ExitUsage, []string{"--nope", "amarre --help"}},
		{[]string{"version"}, "", cli.ExitInternal, []string{"could not be written (file already closed)"}},
		{[]string{"--help"}, `"C:\amarre.com"`, cli.ExitInternal, []string{`Run "C:\amarre.com" in place of “amarre.exe”`}},
	} {
		var messages writes
		status := cli.Main(append(c.args, "--lang=en"), cli.Program{Stdin: strings.NewReader(""), Stdout: noStdout{}, Stderr: &messages, Console: c.console})
		if status != c.status || len(messages) != 1 {
			t.Errorf("%q: status %d, want %d; messages %q", c.args, status, c.status, messages)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(messages[0], want) {
				t.Errorf("%q: %q is not in %q", c.args, want, messages[0])
			}
		}
	}
}

// TestExamples: every command has examples, which it understands and which fit the
// narrowest usual terminal.
func TestExamples(t *testing.T) {
	command := regexp.MustCompile(`(?:^|[ (])amarre((?: [^|<>)]*)?)`)
	for _, lang := range i18n.Languages() {
		root := commands(t, lang)
		all := []*cobra.Command{root}
		for len(all) > 0 {
			c := all[0]
			all = append(all[1:], c.Commands()...)
			if strings.HasPrefix(c.Example, "cli.") {
				t.Errorf("%s has no examples", c.CommandPath())
			}
			for _, line := range strings.Split(c.Example, "\n") {
				if utf8.RuneCountInString(line) > 78 {
					t.Errorf("%s: too long: %s", c.CommandPath(), line)
				}
				if strings.HasPrefix(line, "#") {
					continue
				}
				for _, found := range command.FindAllStringSubmatch(line, -1) {
					example, args, err := commands(t, lang).Find(strings.Fields(found[1]))
					if err == nil {
						err = example.ParseFlags(args)
					}
					if err == nil {
						err = example.ValidateArgs(example.Flags().Args())
					}
					if err != nil {
						t.Errorf("%s: %s: %v", c.CommandPath(), line, err)
					}
				}
			}
		}
	}
}

func commands(t *testing.T, lang string) *cobra.Command {
	t.Helper()
	root, err := cli.Command(lang)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// TestUnknownOutcomeIsNotSaved: a save of which nobody knows whether it was done is not
// called one; the token is printed all the same.
func TestUnknownOutcomeIsNotSaved(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ring := &profiletest.Ring{}
	ring.Change(profiletest.Faults{Set: errors.New("the keyring died")})
	dir := t.TempDir()
	var out, errs bytes.Buffer
	status := cli.Main([]string{"login", "--lang=en", "--service=" + server.URL, "--port=SET", "--erp=15", "--password-stdin", "--json", "--save=Sète"}, cli.Program{
		Stdin: strings.NewReader(authtest.DemoPassword), Stdout: &out, Stderr: &errs,
		Store: func(notice func(profile.Notice)) (*profile.Store, error) {
			return profile.Open(profile.Options{Dir: dir, Keyring: ring, Notice: notice}), nil
		},
	})
	if status != cli.ExitKeyring || !strings.Contains(out.String(), `"token":"`) || strings.Contains(out.String(), "saved") {
		t.Errorf("status %d, stdout %q, stderr %q", status, out.String(), errs.String())
	}
}

// TestDeleteAllIsNotDoneIfTheKeyringRefuses: it does not say that it is done, and has the
// status of the keyring.
func TestDeleteAllIsNotDoneIfTheKeyringRefuses(t *testing.T) {
	ring, dir := &profiletest.Ring{}, t.TempDir()
	store := profile.Open(profile.Options{Dir: dir, Keyring: ring})
	profiletest.Save(t, store, profile.Profile{Name: "Sète", Service: "https://a.example", PortCode: "SET", ERPID: 15}, profile.Secrets{Token: authclient.NewSecret("TOKEN")})
	store.Close()
	toolkit := filepath.Join(t.TempDir(), "toolkit")
	if err := os.Mkdir(toolkit, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		faults profiletest.Faults
		says   string
	}{
		"locked":               {profiletest.Faults{Delete: &keyring.Error{Class: keyring.ClassLocked}}, "locked"},
		"dismissed in silence": {profiletest.Faults{Silent: true}, "keyring"},
		"not listed":           {profiletest.Faults{List: &keyring.Error{Class: keyring.ClassLocked}}, "locked"},
	} {
		ring.Change(c.faults)
		var out, errs bytes.Buffer
		status := cli.Main([]string{"delete", "--lang=en", "--all", "--yes"}, cli.Program{
			Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, FyneDir: toolkit,
			Store: func(notice func(profile.Notice)) (*profile.Store, error) {
				return profile.Open(profile.Options{Dir: dir, Keyring: ring, Notice: notice}), nil
			},
		})
		if status != cli.ExitKeyring || out.Len() != 0 || !strings.Contains(errs.String(), c.says) || len(ring.Items()) != 1 {
			t.Errorf("%s: status %d, stdout %q, stderr %q, %d items", name, status, out.String(), errs.String(), len(ring.Items()))
		}
		for _, left := range []string{toolkit, filepath.Join(dir, "profiles.json")} {
			if _, err := os.Stat(left); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
