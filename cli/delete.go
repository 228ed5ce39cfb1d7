package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"amarre/internal/keyring"
	"amarre/profile"
)

// delete deletes a profile, or all of them, after a question.
func (r *run) delete() *cobra.Command {
	var yes, all bool
	c := r.command("delete "+r.texts.T("cli.options")+" "+r.texts.T("cli.profile")+" | --all", "cli.delete", cobra.MaximumNArgs(1), func(ctx context.Context, args []string) {
		switch {
		case all && len(args) == 0:
			r.deleteAll(ctx, yes)
			return
		case all || len(args) == 0:
			r.usage("cli.error.delete")
			return
		}
		r.withProfilesUnchecked(ctx, func(store *profile.Store, list []profile.Profile) {
			p, ok := r.find(list, args[0])
			if !ok || !yes && !r.confirm(ctx, r.texts.T("cli.delete.question", "Name", p.Name, "Reference", p.Reference())) {
				return
			}
			if _, err := store.Delete(ctx, p.ID); err != nil {
				r.storeFailed(err)
				return
			}
			r.tellOfRecycleBin(store)
		})
	})
	c.Flags().BoolVar(&all, "all", false, r.texts.T("cli.flag.all"))
	c.Flags().BoolVar(&yes, "yes", false, r.texts.T("cli.flag.yes"))
	c.ValidArgsFunction = r.completeOne
	return c
}

// deleteAll leaves nothing of the user's behind: no profile, no list, no settings
// (docs/security.md 17).
func (r *run) deleteAll(ctx context.Context, yes bool) {
	if !yes && !r.confirm(ctx, r.texts.T("cli.delete.all_question")) {
		return
	}
	store, err := r.openStore()
	if err != nil {
		r.internal(err)
		return
	}
	defer store.Close()
	deleted, err := store.DeleteAll(ctx)
	if err != nil {
		r.storeFailed(err)
		return
	}
	r.tellOfRecycleBin(store)
	if r.FyneDir != "" {
		if err := removeFolder(r.FyneDir); err != nil {
			r.fail(ExitKeyring, r.texts.T("store.list_rights", "Folder", r.FyneDir))
			return
		}
		_ = os.Remove(filepath.Dir(r.FyneDir)) // other programs may have theirs in it
	}
	fmt.Fprintln(r.Stdout, r.texts.N("delete.done_many", deleted))
}

// tellOfRecycleBin says that what was deleted is still there, if it is.
func (r *run) tellOfRecycleBin(store *profile.Store) {
	if store.Product() == keyring.KeePassXC {
		r.warn(r.texts.T("delete.recycle_bin"))
	}
}

// removeFolder removes a folder that holds files alone; one that is not there is
// removed already.
func removeFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		err = errors.Join(err, os.Remove(filepath.Join(dir, entry.Name())))
	}
	return errors.Join(err, os.Remove(dir))
}
