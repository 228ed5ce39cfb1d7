package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"amarre/internal/i18n"
)

// errNotUnderstood: what it was is told by run.reportUsageError.
var errNotUnderstood = errors.New("not understood")

// addHelp gives the finished tree of commands its help, in the user's language, and the
// commands and flags that cobra makes.
func (r *run) addHelp(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.SortFlags = false
	flags.Func("lang", r.texts.T("cli.flag.lang"), func(value string) error {
		if value != "" && !slices.Contains(i18n.Languages(), strings.ToLower(value)) {
			return errNotUnderstood
		}
		return nil
	})
	flags.BoolP("help", "h", false, r.texts.T("cli.flag.help"))
	complete(root, "lang", cobra.ShellCompDirectiveNoFileComp, i18n.Languages()...)
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { fmt.Fprint(r.Stdout, r.help(c)) })

	root.InitDefaultCompletionCmd()
	completion, _, _ := root.Find([]string{"completion"})
	completion.Use, completion.Short = "completion "+r.texts.T("cli.shell"), r.texts.T("cli.completion")
	completion.Args, completion.RunE = nil, func(*cobra.Command, []string) error { return errNotUnderstood }
	for _, c := range completion.Commands() {
		c.Use, c.Short = c.Name()+" "+r.texts.T("cli.options"), r.texts.T("cli.completion.shell", "Shell", c.Name())
		c.Flags().Lookup("no-descriptions").Usage = r.texts.T("cli.flag.no_descriptions")
	}
	root.InitDefaultHelpCmd()
	help, _, _ := root.Find([]string{"help"})
	help.Use, help.Short = "help ["+r.texts.T("cli.command")+"]", r.texts.T("cli.help")
	help.Run, help.RunE = nil, func(_ *cobra.Command, args []string) error {
		about, rest, _ := root.Find(args)
		if len(rest) > 0 {
			return errNotUnderstood
		}
		return about.Help()
	}
	r.finish(root)
}

// finish sets what all commands have alike.
func (r *run) finish(c *cobra.Command) {
	if c.HasParent() {
		c.Long = "" // cobra's own are English
	}
	c.Example = r.texts.T("cli.example." + c.Name())
	c.Flags().SortFlags = false
	c.DisableFlagsInUseLine, c.DisableAutoGenTag = true, true
	for _, sub := range c.Commands() {
		r.finish(sub)
	}
}

// complete lets a shell complete the value of a flag: with words, or as the directive
// says.
func complete(c *cobra.Command, flag string, directive cobra.ShellCompDirective, words ...string) {
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, directive))
}

// help returns the help of a command: what it does, examples, and then the rest.
func (r *run) help(c *cobra.Command) string {
	c.InitDefaultHelpFlag() // which also adds the flags that all commands have
	for _, name := range []string{"timeout", "pause", "jobs"} {
		if f := c.Flags().Lookup(name); f != nil {
			f.DefValue = "0" // not said a second time, in English
		}
	}
	width := r.out.width()
	section := func(heading, text string) string { return "\n" + r.texts.T(heading) + "\n" + text }
	text := wrap(cmp.Or(c.Long, c.Short), 0, width) + "\n" +
		section("cli.examples", "  "+strings.ReplaceAll(c.Example, "\n", "\n  ")+"\n") +
		section("cli.usage", "  "+c.UseLine()+"\n")
	commands, left := "", 0
	for _, sub := range c.Commands() {
		left = max(left, len(sub.Name()))
	}
	for _, sub := range c.Commands() {
		commands += fmt.Sprintf("  %-*s   %s\n", left, sub.Name(), wrap(sub.Short, left+5, width))
	}
	if commands != "" {
		text += section("cli.commands", commands)
	}
	return text + section("cli.flags", c.Flags().FlagUsagesWrapped(width))
}

// width returns the columns of the terminal that output goes to; 80 if it goes
// elsewhere.
func (o *output) width() int {
	if fd, ok := o.terminal(); ok {
		if width, _, err := term.GetSize(fd); err == nil && width > 0 {
			return width
		}
	}
	return 80
}

// wrap breaks a text into lines that end before width and, but for the first, are
// indented. No line is broken at a no-break space.
func wrap(text string, indent, width int) string {
	var lines []string
	line := ""
	for i, word := range strings.Split(text, " ") {
		if i == 0 {
			line = word
		} else if utf8.RuneCountInString(line+" "+word) <= max(width-indent, 24) {
			line += " " + word
		} else {
			lines, line = append(lines, line), word
		}
	}
	return strings.Join(append(lines, line), "\n"+strings.Repeat(" ", indent))
}

// usage says what is wrong with the command line, and where the help is.
func (r *run) usage(key string, pairs ...any) { r.usageErrors(r.texts.T(key, pairs...)) }

// usageErrors is usage for all that is wrong, in one message.
func (r *run) usageErrors(whys ...string) {
	r.status = ExitUsage
	text := ""
	for _, why := range whys {
		text += r.texts.T("cli.error", "Why", why) + "\n"
	}
	fmt.Fprintln(r.Stderr, text+r.texts.T("cli.see_help", "Command", r.cmd.CommandPath()))
	if r.wantsJSON {
		r.printJSON(usageAnswer{outcomeUsage, 0, whys})
	}
}

// outcomeUsage is the outcome of --json for a wrong command line.
const outcomeUsage = "usage"

// usageAnswer is what --json prints for a wrong command line.
type usageAnswer struct {
	Outcome    string   `json:"outcome"`
	HTTPStatus int      `json:"httpStatus"`
	Problems   []string `json:"problems"` // for people
}

// reportUsageError says why cobra did not run a command: pflag's error is about a flag, any other
// about the arguments or two flags. What may be a secret by mistake is not repeated: an argument, and
// the value of a flag that is not known or has none.
func (r *run) reportUsageError(c *cobra.Command, err error) {
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	args := c.Flags().Args()
	if c.Name() == "help" {
		c, args, _ = c.Root().Find(args)
	}
	r.cmd = c
	c.SuggestionsMinimumDistance = 2
	var meant []string
	if len(args) > 0 && args[0] != "" {
		meant = c.SuggestionsFor(args[0])
	}
	switch {
	case len(meant) > 0 && !slices.Contains(meant, args[0]) && c.HasSubCommands(): // so like a command that it is no secret
		r.usage("cli.error.did_you_mean", "Detail", args[0], "Commands", strings.Join(meant, ", "))
	case len(args) > 0 && c.HasSubCommands(): // flags that follow are not this command's
		r.usage("cli.error.unknown_command", "Detail", shortened(args[0]))
	case errors.As(err, &unknown):
		flag := "--" + unknown.GetSpecifiedName()
		if letters := unknown.GetSpecifiedShortnames(); letters != "" {
			flag = "-" + strings.ToValidUTF8(letters[:1], "…") // pflag reads bytes
		}
		r.usage("cli.error.unknown_flag", "Flag", flag)
	case errors.As(err, &missing):
		value, _ := pflag.UnquoteUsage(missing.GetFlag())
		flag := "--" + missing.GetFlag().Name
		r.usage("cli.error.flag_value", "Flag", flag, "Form", flag+" "+strings.ToUpper(value))
	case errors.As(err, &invalid) && invalid.GetFlag().Name == "lang":
		r.usage("cli.error.lang", "Value", invalid.GetValue())
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "duration":
		r.usage("cli.error.duration", "Flag", "--"+invalid.GetFlag().Name, "Value", invalid.GetValue())
	case errors.As(err, &invalid) && invalid.GetFlag().Name == "jobs":
		r.usage("cli.error.jobs", "Most", maxJobs)
	case errors.As(err, &invalid):
		r.usage("cli.error.flag_no_value", "Flag", "--"+invalid.GetFlag().Name)
	case errors.As(err, &syntax):
		r.usage("cli.error.usage", "Detail", shortened(syntax.GetSpecifiedFlag()))
	case c.Flags().Changed("demo") && c.Flags().Changed("service"):
		r.usage("cli.error.demo_service")
	case len(args) == 0:
		r.usage("cli.error.missing", "Usage", c.UseLine())
	default:
		r.usage("cli.error.usage", "Detail", shortened(args[len(args)-1]))
	}
}

// shortened is the beginning of an argument.
func shortened(arg string) string {
	runes := []rune(arg)
	return string(runes[:min(len(runes), 3)]) + "…"
}
