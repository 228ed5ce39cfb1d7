package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"amarre/authclient"
	"amarre/internal/atomicfile"
	"amarre/profile"
	"amarre/profile/backup"
)

// export writes profiles into an encrypted file.
func (r *run) export() *command {
	var output string
	var fromStdin, force bool
	c := r.withArguments("export", "--output "+r.texts.T("cli.file")+" "+r.texts.T("cli.options")+" ["+r.texts.T("cli.profile")+"…]", "cli.export", 0, anyNumber, func(args []string) {
		if output == "" {
			r.usage("cli.error.output")
			return
		}
		if _, err := os.Lstat(output); !errors.Is(err, fs.ErrNotExist) && !force {
			r.usage("cli.error.exists", "File", output)
			return
		}
		r.withProfiles(func(ctx context.Context, store *profile.Store, list []profile.Profile) {
			chosen, ok := r.choose(list, args)
			if !ok {
				return
			}
			passphrase, ok := r.newPassphrase(ctx, fromStdin)
			if !ok {
				return
			}
			var entries []profile.Entry
			var left []string // without a token
			for _, p := range chosen {
				secrets, err := store.Load(ctx, p)
				if profile.IsGone(err) {
					left = append(left, p.Name)
					continue
				}
				if err != nil {
					r.fail(ExitKeyring, r.texts.T("export.failed_at", "Name", p.Name, "Why", r.texts.Store(err)))
					return
				}
				entries = append(entries, profile.Entry{Profile: p, Secrets: secrets})
			}
			var file bytes.Buffer
			err := backup.Write(&file, passphrase, entries, r.WorkFactor)
			if err == nil {
				err = atomicfile.Write(output, file.Bytes())
			}
			if err != nil {
				r.fail(ExitInternal, r.texts.Export(err))
				return
			}
			fmt.Fprintln(r.Stderr, r.texts.N("export.done", len(entries), "File", output))
			if len(left) > 0 {
				r.fail(ExitKeyring, r.texts.N("export.left_out", len(left), "Names", strings.Join(left, ", ")))
			}
		})
	})
	c.flags.StringVarP(&output, "output", "o", "", r.texts.T("cli.flag.output"))
	c.flags.BoolVar(&force, "force", false, r.texts.T("cli.flag.force"))
	c.flags.BoolVar(&fromStdin, "passphrase-stdin", false, r.texts.T("cli.flag.passphrase_stdin"))
	return c
}

// newPassphrase reads a passphrase, twice from a terminal, where an empty one means
// that it makes one and shows it; false after saying what is wrong.
func (r *run) newPassphrase(ctx context.Context, fromStdin bool) (authclient.Secret, bool) {
	passphrase, ok := r.passphrase(ctx, fromStdin, "cli.prompt.new_passphrase")
	if !ok {
		return passphrase, false
	}
	if passphrase.IsZero() && !fromStdin {
		passphrase = backup.NewPassphrase()
		fmt.Fprintln(r.Stderr, r.texts.T("cli.export.passphrase", "Passphrase", passphrase.Reveal()))
		return passphrase, true
	}
	if backup.TooShort(passphrase) {
		r.usage("backup.short", "Least", backup.MinPassphrase)
		return passphrase, false
	}
	if fromStdin {
		return passphrase, true
	}
	again, ok := r.passphrase(ctx, false, "cli.prompt.passphrase_again")
	if ok && !again.Equal(passphrase) {
		r.usage("export.differ")
		return passphrase, false
	}
	return passphrase, ok
}

func (r *run) passphrase(ctx context.Context, fromStdin bool, prompt string) (authclient.Secret, bool) {
	passphrase, err := r.secret(ctx, fromStdin, prompt)
	switch {
	case errors.Is(err, context.Canceled):
		r.status = ExitCancelled
	case err != nil:
		r.noTerminal()
	}
	return passphrase, err == nil
}

// imports reads an encrypted file, shows what it would do, and does it.
func (r *run) imports() *command {
	var yes, dry, fromStdin bool
	c := r.withArguments("import", r.texts.T("cli.options")+" "+r.texts.T("cli.file"), "cli.import", 1, 1, func(args []string) {
		if _, ok := r.policy(); !ok {
			return
		}
		r.signalled(func(ctx context.Context) {
			file, err := os.Open(args[0])
			if err != nil {
				r.usage("import.unreadable", "File", args[0])
				return
			}
			defer file.Close()
			passphrase, ok := r.passphrase(ctx, fromStdin, "cli.prompt.passphrase")
			if !ok {
				return
			}
			entries, err := backup.Read(file, passphrase)
			if err != nil {
				r.fail(ExitUsage, r.texts.Backup(err))
				return
			}
			store, _, err := r.listed(ctx)
			if err != nil {
				r.storeFailed(err)
				return
			}
			defer store.Close()
			steps, err := store.PlanImport(ctx, entries)
			if err != nil {
				r.storeFailed(err)
				return
			}
			for _, step := range steps {
				fmt.Fprintln(r.Stdout, r.texts.T("cli.import.line", "Action", r.texts.T("import."+string(step.Action)),
					"Name", step.Entry.Profile.Name, "Reference", step.Entry.Profile.Reference()))
			}
			if dry || !yes && !r.agreed(ctx, r.texts.T("cli.import.question")) {
				return
			}
			r.importSteps(ctx, store, steps)
		})
	})
	c.flags.BoolVar(&dry, "dry-run", false, r.texts.T("cli.flag.dry_run"))
	c.flags.BoolVar(&yes, "yes", false, r.texts.T("cli.flag.yes"))
	c.flags.BoolVar(&fromStdin, "passphrase-stdin", false, r.texts.T("cli.flag.passphrase_stdin"))
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
