package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"amarre/authclient"
	"amarre/internal/atomicfile"
	"amarre/profile"
	"amarre/profile/backup"
)

// export writes profiles into an encrypted file, or to standard output if the file is -.
func (r *run) export() *cobra.Command {
	var path string
	var fromStdin, force bool
	use := "export --output " + r.texts.T("cli.file") + " " + r.texts.T("cli.options") + " [" + r.texts.T("cli.profile") + "…]"
	c := r.command(use, "cli.export", cobra.ArbitraryArgs, func(ctx context.Context, args []string) {
		name := path
		if path == "" {
			r.usage("cli.error.output")
			return
		} else if path == "-" {
			name = r.texts.T("cli.stdout")
			if _, ok := r.out.terminal(); ok {
				r.usage("cli.error.output_terminal")
				return
			}
		} else if err := atomicfile.CheckSaveAs(path, force); err != nil {
			r.fail(ExitUsage, r.saveAsProblem(path, err))
			return
		}
		r.withProfiles(ctx, func(store *profile.Store, list []profile.Profile) {
			selected, ok := r.choose(list, args)
			if !ok {
				return
			}
			if len(selected) == 0 {
				r.fail(ExitNoProfile, r.texts.T("export.nothing"))
				return
			}
			passphrase, ok := r.newPassphrase(ctx, fromStdin)
			if !ok {
				return
			}
			var entries []profile.Entry
			var left []string // without a token
			for _, p := range selected {
				secrets, err := store.Load(ctx, p)
				if profile.IsGone(err) {
					left = append(left, p.Name)
					continue
				}
				if ctx.Err() != nil {
					r.status = ExitCancelled
					return
				} else if err != nil {
					r.fail(ExitKeyring, r.texts.T("export.failed_at", "Name", p.Name, "Why", r.texts.Store(err)))
					return
				}
				entries = append(entries, profile.Entry{Profile: p, Secrets: secrets})
			}
			if len(left) > 0 {
				r.fail(ExitKeyring, r.texts.N("export.left_out", len(left), "Names", strings.Join(left, ", ")))
			}
			if len(entries) == 0 {
				r.fail(ExitKeyring, r.texts.T("export.nothing"))
				return
			}
			file, err := await(ctx, func() ([]byte, error) {
				var file bytes.Buffer
				err := backup.Write(&file, passphrase, entries, r.WorkFactor)
				return file.Bytes(), err
			})
			if errors.Is(err, context.Canceled) {
				r.status = ExitCancelled
				return
			} else if err != nil {
				r.fail(ExitInternal, r.texts.Export(err))
				return
			}
			if path == "-" {
				if _, err := r.Stdout.Write(file); err != nil {
					return // see output
				}
			} else if err := atomicfile.SaveAs(path, file, force && len(left) == 0); errors.Is(err, fs.ErrExist) && len(left) > 0 {
				r.fail(ExitKeyring, r.texts.T("export.not_replaced", "File", path))
				return
			} else if err != nil {
				r.fail(ExitInternal, r.saveAsProblem(path, err))
				return
			}
			fmt.Fprintln(r.Stderr, r.texts.N("export.done", len(entries), "File", name))
			if path != "-" {
				fmt.Fprintln(r.Stderr, r.texts.T("export.age", "File", path))
			}
		})
	})
	c.Flags().StringVarP(&path, "output", "o", "", r.texts.T("cli.flag.output"))
	c.Flags().BoolVar(&force, "force", false, r.texts.T("cli.flag.force"))
	c.Flags().BoolVar(&fromStdin, "passphrase-stdin", false, r.texts.T("cli.flag.passphrase_stdin"))
	complete(c, "output", cobra.ShellCompDirectiveDefault)
	c.ValidArgsFunction = r.completeProfiles
	return c
}

// saveAsProblem says why a file cannot be written, and how it could be.
func (r *run) saveAsProblem(path string, err error) string {
	text := r.texts.SaveAs(path, err)
	if errors.Is(err, fs.ErrExist) {
		text += " " + r.texts.T("cli.error.add_force")
	}
	return text
}

// newPassphrase reads a passphrase, twice from a terminal; an empty one there means that
// one is made and shown. It returns false after saying what is wrong.
func (r *run) newPassphrase(ctx context.Context, fromStdin bool) (authclient.Secret, bool) {
	passphrase, ok := r.secret(ctx, fromStdin, "cli.prompt.new_passphrase")
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
	again, ok := r.secret(ctx, false, "cli.prompt.passphrase_again")
	if ok && !again.Equal(passphrase) {
		r.usage("export.differ")
		return passphrase, false
	}
	return passphrase, ok
}
