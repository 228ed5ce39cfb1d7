package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"amarre/authclient"
	"amarre/internal/service"
	"amarre/internal/settings"
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
		entries, err := await(ctx, func() ([]profile.Entry, error) {
			opened, err := backup.Open(file)
			if err != nil {
				return nil, err
			}
			if opened.Slow() {
				fmt.Fprintln(r.Stderr, r.texts.SlowBackup(opened))
			}
			return opened.Read(passphrase)
		})
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
			if conflicts := r.importSteps(ctx, store, steps); len(conflicts) > 0 {
				r.decideConflicts(ctx, store, conflicts, yes)
			}
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

// importSteps does the steps of a plan, and returns those that the user must decide.
func (r *run) importSteps(ctx context.Context, store *profile.Store, steps []profile.ImportStep) (conflicts []profile.ImportStep) {
	all, err := store.ImportAll(ctx, steps)
	if err != nil {
		r.fail(ExitKeyring, r.texts.T("import.failed_at", "Name", all.Failed, "Done", all.Done, "Why", r.texts.Store(err)))
		return nil
	}
	fmt.Fprintln(r.Stderr, r.texts.N("import.done", all.Done))
	if all.Kept > 0 {
		fmt.Fprintln(r.Stderr, r.texts.N("import.kept", all.Kept))
	}
	return all.Conflicts
}

// decideConflicts asks for each conflict which token to keep, after the service has been
// asked for both. Where nobody can be asked, all stay as they are and the run fails.
func (r *run) decideConflicts(ctx context.Context, store *profile.Store, conflicts []profile.ImportStep, yes bool) {
	left := len(conflicts)
	if _, ok := r.terminal(); ok && !yes {
		clients, ok := r.clients(0, "")
		if !ok {
			return
		}
		for _, step := range conflicts {
			if ctx.Err() != nil {
				r.status = ExitCancelled
				return
			}
			if err := r.decideConflict(ctx, store, clients, step); err != nil {
				r.storeFailed(err)
				return
			}
		}
		left = 0
	}
	if left > 0 {
		r.fail(ExitNoProfile, r.texts.N("import.undecided", left))
	}
}

// decideConflict asks which of two tokens to keep.
func (r *run) decideConflict(ctx context.Context, store *profile.Store, clients *service.Clients, step profile.ImportStep) error {
	list, err := store.List()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, step.Entry.Profile.SameCredential)
	if at < 0 {
		return nil // deleted meanwhile
	}
	secrets, err := store.Load(ctx, list[at])
	if err != nil {
		return err
	}
	verdict := func(token authclient.Secret) profile.Verdict {
		account, err := accountOf(ctx, clients, list[at], token)
		r.Sleep(ctx, settings.DefaultPause)
		return profile.VerdictOf(list[at], account, err)
	}
	kept, file := verdict(secrets.Token), verdict(step.Entry.Secrets.Token)
	name := step.Entry.Profile.Name
	fmt.Fprintln(r.Stderr, r.texts.ImportConflict(list[at], step.Entry.Profile, kept, file))
	if !r.confirm(ctx, r.texts.T("cli.import.take_question", "Name", name)) {
		if ctx.Err() == nil {
			r.status = ExitOK // the decision is to keep
		}
		return nil
	}
	_, err = store.Import(ctx, step.Decide(secrets.Token))
	return err
}

// accountOf asks the service of a profile about a token.
func accountOf(ctx context.Context, clients *service.Clients, p profile.Profile, token authclient.Secret) (authclient.Account, error) {
	address, err := authclient.ParseAddress(p.Service)
	if err != nil {
		return authclient.Account{}, err
	}
	client, err := clients.Client(address)
	if err != nil {
		return authclient.Account{}, err
	}
	return client.Account(ctx, token)
}
