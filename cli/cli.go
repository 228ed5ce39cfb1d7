// Package cli is the program's command line: without a command the window, with one
// the same job in a terminal. [Main] runs it and returns the exit status.
//
// Each command has a file of its own: login.go, list.go and so on. help.go has the help
// and the errors about the command line, prompt.go what is asked of the user, secret.go how
// a secret is read, client.go the clients of the service, profiles.go the saved profiles,
// output.go what is printed.
//
// # Rules
//
// What the user asked for goes to standard output, and nothing else does; messages go
// to standard error, each in one write. A secret is read from standard input or typed
// without echo: it is never an argument, nor in the environment. An argument that is
// not understood may be a secret by mistake, so it is not repeated. Output that could
// not be written is an error.
//
// # Compatibility
//
// Scripts may rely on the names and meanings of commands and flags, on the exit
// statuses, and on the member names and words of --json. Those are not changed. Texts
// for people may change.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

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
	ExitInternal      = 1 // also output that could not be written
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
	status, ok := map[authclient.Outcome]int{
		authclient.OutcomeToken:         ExitOK,
		authclient.OutcomeRefused:       ExitRefused,
		authclient.OutcomeServiceError:  ExitServiceError,
		authclient.OutcomeNotTheService: ExitNotTheService,
		authclient.OutcomeTLS:           ExitTLS,
		authclient.OutcomeProxy:         ExitProxy,
		authclient.OutcomeCancelled:     ExitCancelled,
	}[outcome]
	if !ok {
		return ExitUnreachable
	}
	return status
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
	Lang    string // fr or en, selected by flag, setting or system
}

// Program is what Main needs of package main.
type Program struct {
	Version string
	// Console is the program to run in a console in place of this one, which has none;
	// "" where this one has (see desktop.ConsoleProgram).
	Console string
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	// Window opens the window and returns when it is closed. The error is
	// ErrNoWindow, ErrNoCgo or an internal one.
	Window func(Options) error
	// Store opens the saved profiles. notice is profile.Options.Notice.
	Store func(notice func(profile.Notice)) (*profile.Store, error)
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
	Program     // its Stdout is out
	out         *output
	texts       *message.Texts
	opts        Options
	cmd         *cobra.Command // the command that runs
	status      int            // the exit status
	obtained    string         // said if it could not be printed
	wantsJSON   bool           // --json was given, rightly or not
	stdinIsFile bool           // of the user's: questions go to the terminal
	settings    settings.Settings
	settingsErr error // why they are those of a first start
}

// Main runs the program with its arguments, without the program's name, and returns
// the exit status.
func Main(args []string, p Program) int {
	saved, settingsErr := userSettings()
	lang := i18n.Choose(langFlag(args), saved.Language, i18n.SystemLocale())
	r, err := newRun(lang, p)
	if err != nil {
		fmt.Fprintln(p.Stderr, err)
		return ExitInternal
	}
	r.settings, r.settingsErr = saved, settingsErr
	r.wantsJSON = slices.Contains(beforeArguments(args), "--json")
	root := r.root()
	root.SetArgs(append([]string{}, args...)) // nil would be os.Args
	if c, err := root.ExecuteC(); err != nil && r.out.err == nil {
		r.reportUsageError(c, err)
	}
	if r.out.err != nil {
		r.outputFailed()
	}
	return r.status
}

// Command returns the command line in a language, for a manual and for completions. It
// is not to be run.
func Command(lang string) (*cobra.Command, error) {
	r, err := newRun(lang, Program{})
	if err != nil {
		return nil, err
	}
	return r.root(), nil
}

func newRun(lang string, p Program) (*run, error) {
	texts, err := message.New(lang)
	if err != nil {
		return nil, err
	}
	out := &output{to: p.Stdout}
	p.Stdout = out
	if p.Sleep == nil {
		p.Sleep = func(ctx context.Context, d time.Duration) {
			select {
			case <-time.After(d):
			case <-ctx.Done():
			}
		}
	}
	return &run{Program: p, out: out, texts: texts, opts: Options{Lang: lang}}, nil
}

// root returns the program without a command, which opens the window, and all commands.
func (r *run) root() *cobra.Command {
	cobra.MousetrapHelpText = ""       // else a double click on Windows ends the program
	cobra.EnableCommandSorting = false // keep the order below
	var version bool
	root := &cobra.Command{
		Use:   "amarre " + r.texts.T("cli.options"),
		Short: r.texts.T("cli.about"),
		Long:  r.texts.T("cli.long"),
		Args:  cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) {
			r.cmd = c
			if version {
				r.printVersion()
			} else {
				r.openWindow()
			}
		},
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.Flags().BoolVar(&version, "version", false, r.texts.T("cli.flag.version"))
	r.addService(root)
	root.SetOut(r.Stdout)
	root.SetErr(r.Stderr)
	root.AddCommand(r.login(), r.account(), r.diagnose(), r.list(), r.token(), r.check(), r.delete(), r.export(), r.importCommand(), r.version())
	r.addHelp(root)
	return root
}

// interrupts are the signals that end a command with ExitCancelled. One that the program
// was started to ignore, as nohup and a shell's background jobs do, stays ignored.
func interrupts() []os.Signal {
	signals := []os.Signal{syscall.SIGTERM}
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signals = append(signals, s)
		}
	}
	return signals
}

// command makes a command. use is its name and how its arguments are written. do gets a
// context that ends when the user interrupts.
func (r *run) command(use, about string, args cobra.PositionalArgs, do func(ctx context.Context, args []string)) *cobra.Command {
	return &cobra.Command{Use: use, Short: r.texts.T(about), Args: args, Run: func(c *cobra.Command, args []string) {
		ctx, stop := signal.NotifyContext(c.Context(), interrupts()...)
		defer stop()
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // so that a broken pipe is an error of the write
		r.cmd = c
		if r.settingsErr != nil {
			r.warn(r.texts.Settings(r.settingsErr))
		}
		do(ctx, args)
	}}
}

func (r *run) openWindow() {
	switch err := r.Window(r.opts); {
	case errors.Is(err, ErrNoCgo):
		r.fail(ExitNoWindow, r.texts.T("cli.error.no_cgo"))
	case errors.Is(err, ErrNoWindow):
		r.fail(ExitNoWindow, r.texts.T("cli.error.no_window", "Command", cmp.Or(r.Console, "amarre")))
	case err != nil:
		r.internal(err)
	}
}

// fail says why the program ends, on standard error.
func (r *run) fail(status int, why string) {
	r.status = status
	r.warn(why)
}

// internal says that something failed that should not.
func (r *run) internal(err error) {
	var noFolder *settings.DirError
	if errors.As(err, &noFolder) {
		r.fail(ExitKeyring, r.texts.NoFolder(noFolder))
		return
	}
	r.fail(ExitInternal, r.texts.T("cli.error.internal", "Detail", err))
}

// warn tells something on standard error.
func (r *run) warn(what string) { fmt.Fprintln(r.Stderr, r.texts.T("cli.error", "Why", what)) }

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

// beforeArguments returns what precedes "--".
func beforeArguments(args []string) []string {
	if end := slices.Index(args, "--"); end >= 0 {
		return args[:end]
	}
	return args
}

// langFlag finds --lang before the arguments are parsed: the help is in that language.
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

// userSettings returns the user's choices in the window. Where there is no folder for them,
// what needs the folder says so.
func userSettings() (settings.Settings, error) {
	dir, err := settings.Dir()
	if err != nil {
		return settings.Settings{}, nil
	}
	return settings.Load(dir)
}
