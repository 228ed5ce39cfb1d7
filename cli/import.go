package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"amarre/profile"
	"amarre/profile/backup"
)

// importCommand reads an encrypted file, or standard input if the file is -, shows what
// it would do, and does it.
func (r *run) importCommand() *cobra.Command {
	var yes, dry, fromStdin bool
	c := r.command("import "+r.texts.T("cli.options")+" "+r.texts.T("cli.file"), "cli.import", cobra.ExactArgs(1), func(ctx context.Context, args []string) {
		if _, ok := r.policy(); !ok {
			return
		}
		file := r.Stdin
		if r.stdinIsFile = args[0] == "-"; !r.stdinIsFile {
			opened, err := os.Open(args[0])
			if err != nil {
				r.usage("import.unreadable", "File", args[0])
				return
			}
			defer opened.Close()
			file = opened
		} else if fromStdin {
			r.usage("cli.error.stdin_twice")
			return
		}
		passphrase, ok := r.secret(ctx, fromStdin, "cli.prompt.passphrase")
		if !ok {
			return
		}
		entries, err := await(ctx, func() ([]profile.Entry, error) { return backup.Read(file, passphrase) })
		if errors.Is(err, context.Canceled) {
			r.status = ExitCancelled
			return
		} else if err != nil {
			r.fail(ExitUsage, r.texts.Backup(err))
			return
		}
		r.withProfilesUnchecked(ctx, func(store *profile.Store, _ []profile.Profile) {
			steps, err := store.PlanImport(ctx, entries)
			if err != nil {
				r.storeFailed(err)
				return
			}
			for _, step := range steps {
				fmt.Fprintln(r.Stdout, r.texts.T("cli.import.line", "Action", r.texts.T("import."+string(step.Action)),
					"Name", step.Entry.Profile.Name, "Reference", step.Entry.Profile.Reference()))
			}
			if dry || !yes && !r.confirm(ctx, r.texts.T("cli.import.question")) {
				return
			}
			r.importSteps(ctx, store, steps)
		})
	})
	c.Flags().BoolVar(&dry, "dry-run", false, r.texts.T("cli.flag.dry_run"))
	c.Flags().BoolVar(&yes, "yes", false, r.texts.T("cli.flag.yes"))
	c.Flags().BoolVar(&fromStdin, "passphrase-stdin", false, r.texts.T("cli.flag.passphrase_stdin"))
	c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return c
}

// importSteps does the steps of a plan, and stops at the first that fails: doing
// it again skips what is there.
func (r *run) importSteps(ctx context.Context, store *profile.Store, steps []profile.ImportStep) {
	done := 0
	for _, step := range steps {
		if step.Action != profile.Add && step.Action != profile.Replace {
			continue
		}
		if err := store.Import(ctx, step); err != nil {
			r.fail(ExitKeyring, r.texts.T("import.failed_at", "Name", step.Entry.Profile.Name, "Done", done, "Why", r.texts.Store(err)))
			return
		}
		done++
	}
	fmt.Fprintln(r.Stderr, r.texts.N("import.done", done))
}
