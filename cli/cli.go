// Package cli is the program's command line. [Main] reads the arguments, speaks
// the user's language, and returns the exit status.
//
// Rules that hold here: what the user asked for goes to standard output,
// everything else to standard error. No secret is ever an argument.
package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"amarre/internal/i18n"
	"amarre/internal/settings"
)

// The exit statuses.
const (
	ExitOK       = 0
	ExitInternal = 1
	ExitUsage    = 2
	ExitNoWindow = 69 // EX_UNAVAILABLE of sysexits.h
)

// Why a window did not open. Both end in ExitNoWindow.
var (
	ErrNoWindow = errors.New("no display, or no OpenGL")
	ErrNoCgo    = errors.New("built without cgo")
)

// Options are what the command line asks of the window.
type Options struct {
	Demo    bool
	Service string // "" if none was given
	Lang    string // the language chosen by flag, setting or system: fr or en
}

// Program is what Main needs of package main.
type Program struct {
	Version string
	Stdout  io.Writer
	Stderr  io.Writer
	// Window opens the window and returns when it is closed. The error is
	// ErrNoWindow, ErrNoCgo or an internal one.
	Window func(Options) error
}

// Main runs the program with its arguments, without the program's name, and
// returns the exit status.
func Main(args []string, p Program) int {
	opts := Options{}
	flagged := langFlag(args)
	opts.Lang = i18n.Choose(flagged, setting(), i18n.SystemLocale())
	texts, err := i18n.New(opts.Lang)
	if err != nil {
		fmt.Fprintln(p.Stderr, err)
		return ExitInternal
	}
	status := ExitOK
	fail := func(code int, key string, pairs ...any) {
		status = code
		fmt.Fprintln(p.Stderr, texts.T("cli.error", "Why", texts.T(key, pairs...)))
		if code == ExitUsage {
			fmt.Fprintln(p.Stderr, texts.T("cli.see_help"))
		}
	}
	cmd := command(texts, &opts)
	cmd.SetOut(p.Stdout)
	cmd.SetErr(p.Stderr)
	cmd.SetArgs(args)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if show, err := cmd.Flags().GetBool("version"); err == nil && show {
			fmt.Fprintln(p.Stdout, "Amarre", p.Version)
			return nil
		}
		switch {
		case flagged != "" && i18n.Choose(flagged, "", "") != strings.ToLower(flagged):
			fail(ExitUsage, "cli.error.lang", "Value", flagged)
			return nil
		case opts.Demo && opts.Service != "":
			fail(ExitUsage, "cli.error.demo_service")
			return nil
		}
		switch err := p.Window(opts); {
		case errors.Is(err, ErrNoCgo):
			fail(ExitNoWindow, "cli.error.no_cgo")
		case errors.Is(err, ErrNoWindow):
			fail(ExitNoWindow, "cli.error.no_window")
		case err != nil:
			fail(ExitInternal, "cli.error.internal", "Detail", err)
		}
		return nil
	}
	if err := cmd.Execute(); err != nil {
		fail(ExitUsage, "cli.error.usage", "Detail", usageDetail(err, args))
	}
	return status
}

// command is the root command: the window.
func command(texts *i18n.Texts, opts *Options) *cobra.Command {
	cmd := &cobra.Command{
		Use:               "amarre",
		Short:             texts.T("cli.short"),
		Long:              texts.T("cli.long"),
		Args:              cobra.NoArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&opts.Demo, "demo", false, texts.T("cli.flag.demo"))
	flags.StringVar(&opts.Service, "service", "", texts.T("cli.flag.service"))
	flags.String("lang", "", texts.T("cli.flag.lang"))
	flags.Bool("version", false, texts.T("cli.flag.version"))
	flags.BoolP("help", "h", false, texts.T("cli.flag.help"))
	cmd.SetUsageTemplate(texts.T("cli.usage") + ":\n  {{.UseLine}}\n\n" +
		texts.T("cli.flags") + ":\n{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}\n")
	return cmd
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

// usageDetail names the argument that was not understood.
func usageDetail(err error, args []string) string {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
	)
	switch {
	case errors.As(err, &unknown):
		return "--" + unknown.GetSpecifiedName()
	case errors.As(err, &missing):
		return "--" + missing.GetSpecifiedName()
	default:
		return strings.Join(args, " ")
	}
}
