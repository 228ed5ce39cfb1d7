package cli

import (
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"amarre/authclient"
)

// command is what the program does after its name: a word and its flags, or the
// window without a word.
//
// The package pflag reads the flags. Its companion for commands is not used: with its
// shell completion and its templates it made the program 0.5 MB larger. Most of that was
// what is kept of pflag once a value that leads to a FlagSet is an interface's, or a
// type argument's, as in slices.IndexFunc over commands: 0.3 MB.
type command struct {
	name  string // "" for the window
	use   string // what follows the name, for the help
	about string // the catalogue's key of what it does
	flags *pflag.FlagSet
	least int // arguments
	most  int // anyNumber if there is no most
	do    func(args []string)
}

const anyNumber = -1

// command makes a command that takes no arguments. The caller adds its flags.
func (r *run) command(name, about string, do func()) *command {
	return r.withArguments(name, r.texts.T("cli.options"), about, 0, 0, func([]string) { do() })
}

// withArguments makes a command that takes from least to most arguments, which may
// stand among the flags.
func (r *run) withArguments(name, use, about string, least, most int, do func(args []string)) *command {
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	flags.SortFlags = false
	return &command{name: name, use: use, about: about, flags: flags, least: least, most: most, do: do}
}

// addService adds the flags of the commands that talk to the service.
func (r *run) addService(c *command) {
	c.flags.BoolVar(&r.opts.Demo, "demo", false, r.texts.T("cli.flag.demo"))
	c.flags.StringVar(&r.opts.Service, "service", "", r.texts.T("cli.flag.service"))
}

// addTimeout adds the flag of the commands that wait for the service.
func (r *run) addTimeout(c *command, timeout *time.Duration) {
	c.flags.DurationVar(timeout, "timeout", authclient.DefaultTimeout, r.texts.T("cli.flag.timeout", "Default", authclient.DefaultTimeout))
	c.flags.Lookup("timeout").DefValue = "0" // the text says it in the user's language
}

// addHelp adds the flags that every command has, last.
func (r *run) addHelp(c *command) {
	c.flags.String("lang", "", r.texts.T("cli.flag.lang"))
	c.flags.BoolP("help", "h", false, r.texts.T("cli.flag.help"))
}

// execute does what the arguments ask for: the first that is neither a flag nor its
// value names a command, and the flags before it are that command's too.
func (r *run) execute(window *command, commands []*command, args []string) {
	all := append([]*command{window}, commands...)
	for _, c := range all {
		r.addHelp(c)
	}
	chosen, rest := window, args
	if at := leading(all, args); at < len(args) && (at == 0 || args[at-1] != "--") {
		for _, c := range commands { // not with package slices: see command
			if c.name == args[at] {
				chosen, rest = c, slices.Concat(args[:at], args[at+1:])
				break
			}
		}
	}
	switch err := chosen.flags.Parse(rest); {
	case err != nil:
		r.usage("cli.error.usage", "Detail", flagName(err))
		return
	case isSet(chosen.flags, "help"):
		r.help(chosen, commands)
		return
	}
	words := chosen.flags.Args()
	switch {
	case chosen.most != anyNumber && len(words) > chosen.most:
		r.usage("cli.error.usage", "Detail", shortened(words[chosen.most]))
	case len(words) < chosen.least:
		r.usage("cli.error.missing", "Usage", chosen.usage())
	default:
		chosen.do(words)
	}
}

// leading returns how many of the arguments are the flags, of whatever command, and
// their values, in front of the first word. A flag that is read here is read again by
// its command.
func leading(commands []*command, args []string) int {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SetInterspersed(false)
	for _, c := range commands {
		flags.AddFlagSet(c.flags)
	}
	if flags.Parse(args) != nil {
		return len(args)
	}
	return len(args) - flags.NArg()
}

// help prints what a command does, on standard output.
func (r *run) help(c *command, commands []*command) {
	fmt.Fprintf(r.Stdout, "%s\n\n%s\n  %s\n\n", r.texts.T(c.about), r.texts.T("cli.usage"), c.usage())
	if c.name == "" {
		width := 0
		for _, other := range commands {
			width = max(width, len(other.name))
		}
		fmt.Fprintln(r.Stdout, r.texts.T("cli.commands"))
		for _, other := range commands {
			fmt.Fprintf(r.Stdout, "  %-*s   %s\n", width, other.name, r.texts.T(other.about))
		}
		fmt.Fprintln(r.Stdout)
	}
	fmt.Fprintf(r.Stdout, "%s\n%s", r.texts.T("cli.flags"), c.flags.FlagUsages())
}

// usage returns how a command is written.
func (c *command) usage() string {
	if c.name == "" {
		return "amarre " + c.use
	}
	return "amarre " + c.name + " " + c.use
}

func isSet(flags *pflag.FlagSet, name string) bool {
	set, err := flags.GetBool(name)
	return err == nil && set
}

// flagName names the flag that was not understood, without its value.
func flagName(err error) string {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &unknown):
		return dashed(unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames())
	case errors.As(err, &missing):
		return dashed(missing.GetSpecifiedName(), missing.GetSpecifiedShortnames())
	case errors.As(err, &invalid):
		return "--" + invalid.GetFlag().Name
	case errors.As(err, &syntax):
		return shortened(syntax.GetSpecifiedFlag())
	}
	return ""
}

// dashed is a flag as it was written. pflag reads letters as bytes: of others than
// ASCII's it knows a part only.
func dashed(name, letters string) string {
	switch {
	case letters == "":
		return "--" + name
	case letters[0] >= utf8.RuneSelf:
		return "-…"
	default:
		return "-" + name
	}
}

// shortened is an argument's beginning: it may be a password by mistake, so it is not
// repeated.
func shortened(arg string) string {
	runes := []rune(arg)
	return string(runes[:min(len(runes), 3)]) + "…"
}
