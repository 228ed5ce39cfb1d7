package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"amarre/internal/settings"
	"amarre/profile"
)

// delete deletes a profile, or all of them, after a question.
func (r *run) delete() *cobra.Command {
	var yes, all bool
	cmd := r.withArguments("delete [options] "+r.texts.T("cli.profile"), "cli.delete", cobra.MaximumNArgs(1), func(args []string) error {
		switch {
		case all && len(args) == 0:
			return r.deleteAll(yes)
		case all || len(args) == 0:
			r.usage("cli.error.delete")
			return nil
		}
		return r.withProfiles(func(ctx context.Context, store *profile.Store, list []profile.Profile) {
			p, ok := r.find(list, args[0])
			if !ok || !yes && !r.agreed(ctx, r.texts.T("cli.delete.question", "Name", p.Name, "Reference", p.Reference())) {
				return
			}
			if _, err := store.Delete(ctx, p.ID); err != nil {
				r.storeFailed(err)
			}
		})
	})
	cmd.Flags().BoolVar(&all, "all", false, r.texts.T("cli.flag.all"))
	cmd.Flags().BoolVar(&yes, "yes", false, r.texts.T("cli.flag.yes"))
	return cmd
}

// deleteAll leaves nothing of the user's behind: no profile, no list, no settings
// (security.md 17).
func (r *run) deleteAll(yes bool) error {
	return r.signalled(func(ctx context.Context) {
		if !yes && !r.agreed(ctx, r.texts.T("cli.delete.all_question")) {
			return
		}
		store, err := r.Store()
		if err != nil {
			r.fail(ExitInternal, r.texts.T("cli.error.internal", "Detail", err))
			return
		}
		defer store.Close()
		deleted, err := store.DeleteAll(ctx)
		list, listErr := store.List()
		nothing := errors.Is(err, profile.ErrUnavailable) && listErr == nil || profile.NeedsRebuild(listErr) && !profile.IsBroken(listErr)
		if err != nil && !(nothing && len(list) == 0) { // without a keyring there is nothing in one
			r.storeFailed(err)
			return
		}
		dir, err := settings.Dir()
		if err == nil {
			err = removeFolder(dir)
		}
		if err != nil {
			r.fail(ExitKeyring, r.texts.T("store.index_rights", "Folder", dir))
			return
		}
		fmt.Fprintln(r.Stdout, r.texts.N("delete.done_many", deleted))
	})
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
