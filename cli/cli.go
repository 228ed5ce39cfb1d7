// Package cli is the program's command line: the window, and the same job
// without one. [Main] reads the arguments, speaks the user's language, and
// returns the exit status.
//
//	amarre                  opens the window (command.go reads what was typed)
//	amarre login …          gets a token, prints it, and saves it if asked (job.go)
//	amarre account …        asks the service whether it accepts a token
//	amarre diagnose …       tests the connection, without credentials, and the keyring
//	amarre list …           and token, check: the saved profiles (profiles.go)
//	amarre delete …         one of them, or everything (deleting.go)
//	amarre export …         and import: an encrypted file of profiles (moving.go)
//
// Rules that hold here: what the user asked for goes to standard output, alone;
// everything else goes to standard error. A secret is read from standard input
// or typed without echo; it is never an argument and never in the environment.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"amarre/authclient"
	"amarre/internal/i18n"
	"amarre/internal/message"
	"amarre/internal/policy"
	"amarre/internal/settings"
	"amarre/profile"
)

// The exit statuses.
const (
	ExitOK            = 0 // a token; the window was closed
	ExitInternal      = 1
	ExitUsage         = 2 // a wrong command line or invalid input; nothing was sent
	ExitNoProfile     = 3 // no profile is named so, or several are
	ExitRefused       = 4
	ExitUnreachable   = 10 // also a time-out and a redirect
	ExitTLS           = 11
	ExitProxy         = 12
	ExitServiceError  = 13
	ExitNotTheService = 14
	ExitKeyring       = 20
	ExitNoWindow      = 69 // EX_UNAVAILABLE of sysexits.h
	ExitCancelled     = 130
)

// exitStatus returns the exit status of an outcome.
func exitStatus(outcome authclient.Outcome) int {
	switch outcome {
	case authclient.OutcomeToken:
		return ExitOK
	case authclient.OutcomeRefused:
		return ExitRefused
	case authclient.OutcomeServiceError:
		return ExitServiceError
	case authclient.OutcomeNotTheService:
		return ExitNotTheService
	case authclient.OutcomeTLS:
		return ExitTLS
	case authclient.OutcomeProxy:
		return ExitProxy
	case authclient.OutcomeCancelled:
		return ExitCancelled
	default:
		return ExitUnreachable
	}
}

// Why a window did not open. Both end in ExitNoWindow.
var (
	ErrNoWindow = errors.New("no display, or no OpenGL")
	ErrNoCgo    = errors.New("built without cgo")
)

// Options are what the command line asks of the window.
type Options struct {
	Demo    bool
	Service string // "" if none was given
	Lang    string // the language chosen by flag, setting or system: fr or en}

	// Program is what Main needs of package main.
}
type Program struct {
	Version string
	// Console is the program to run in a console in place of this one, which cannot ask
	// there; "" where this one can (see desktop.ConsoleProgram).
	Console string
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	// Window opens the window and returns when it is closed. The error is
	// ErrNoWindow, ErrNoCgo or an internal one.
	Window func(Options) error
	// Store opens the saved profiles.
	Store func() (*profile.Store, error)
	// Policy reads what an administrator has fixed; nil means nothing.
	Policy func() (policy.Policy, error)
	// FyneDir is the folder that Fyne makes for this program, which delete --all removes
	// as well; "" for none.
	FyneDir string
	// WorkFactor is of an export's encryption, as a power of two; 0 means
	// backup.DefaultWorkFactor. Tests lower it.
	WorkFactor int
	// Sleep waits for d, or until ctx ends; nil does so.
	Sleep func(ctx context.Context, d time.Duration)
}

// run is one run of the program.
type run struct {
	Program
	texts  *message.Texts
	opts   Options
	status int
}

// Main runs the program with its arguments, without the program's name, and
// returns the exit status.
func Main(args []string, p Program) int {
	flagged := langFlag(args)
	r := &run{Program: p, opts: Options{Lang: i18n.Choose(flagged, setting(), i18n.SystemLocale())}}
	texts, err := message.New(r.opts.Lang)
	if err != nil {
		fmt.Fprintln(p.Stderr, err)
		return ExitInternal
	}
	r.texts = texts
	if r.Sleep == nil {
		r.Sleep = sleep
	}
	if flagged != "" && i18n.Choose(flagged, "", "") != strings.ToLower(flagged) {
		r.usage("cli.error.lang", "Value", flagged)
		return r.status
	}
	r.execute(r.window(), []*command{r.login(), r.account(), r.diagnose(), r.list(), r.token(), r.check(), r.delete(), r.export(), r.imports()}, args)
	return r.status
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// fail says why the program ends, on standard error.
func (r *run) fail(status int, why string) {
	r.status = status
	fmt.Fprintln(r.Stderr, r.texts.T("cli.error", "Why", why))
}

// policy returns what an administrator has fixed; false after saying that it cannot be
// read.
func (r *run) policy() (policy.Policy, bool) {
	if r.Policy == nil {
		return policy.Policy{}, true
	}
	fixed, err := r.Policy()
	if err != nil {
		r.fail(ExitUsage, r.texts.Policy(err))
		return policy.Policy{}, false
	}
	return fixed, true
}

// usage says what is wrong with the command line.
func (r *run) usage(key string, pairs ...any) {
	r.fail(ExitUsage, r.texts.T(key, pairs...))
	fmt.Fprintln(r.Stderr, r.texts.T("cli.see_help"))
}

// window is the program without a command.
func (r *run) window() *command {
	var version bool
	c := r.command("", "cli.long", func() {
		if version {
			fmt.Fprintln(r.Stdout, "Amarre", r.Version)
			return
		}
		if r.opts.Demo && r.opts.Service != "" {
			r.usage("cli.error.demo_service")
			return
		}
		switch err := r.Window(r.opts); {
		case errors.Is(err, ErrNoCgo):
			r.fail(ExitNoWindow, r.texts.T("cli.error.no_cgo"))
		case errors.Is(err, ErrNoWindow):
			r.fail(ExitNoWindow, r.texts.T("cli.error.no_window", "Command", cmp.Or(r.Console, "amarre")))
		case err != nil:
			r.fail(ExitInternal, r.texts.T("cli.error.internal", "Detail", err))
		}
	})
	c.flags.BoolVar(&version, "version", false, r.texts.T("cli.flag.version"))
	r.addService(c)
	return c
}

// langFlag finds --lang before anything is parsed, because parsing speaks.
func langFlag(args []string) string {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			return value
		}
		if arg == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// setting returns the language of the settings; a window says what is wrong with
// them.
func setting() string {
	dir, err := settings.Dir()
	if err != nil {
		return ""
	}
	s, err := settings.Load(dir)
	if err != nil {
		return ""
	}
	return s.Language
}
