package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"amarre/profile"
)

// token prints the token of a profile.
func (r *run) token() *cobra.Command {
	c := r.command("token "+r.texts.T("cli.options")+" "+r.texts.T("cli.profile"), "cli.token", cobra.ExactArgs(1), func(ctx context.Context, args []string) {
		r.withProfiles(ctx, func(store *profile.Store, list []profile.Profile) {
			p, ok := r.find(list, args[0])
			if !ok {
				return
			}
			secrets, err := store.Load(ctx, p)
			if err != nil {
				r.storeFailed(err)
				return
			}
			fmt.Fprintln(r.Stdout, secrets.Token.Reveal())
		})
	})
	c.ValidArgsFunction = r.completeOne
	return c
}
