package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/profile"
)

// Outcomes of check --json beside those of package authclient: the service was not asked.
const (
	outcomeKeyring    authclient.Outcome = "keyring"     // the keyring did not give the token
	outcomeNotAllowed authclient.Outcome = "not-allowed" // the policy does not allow the service
	outcomeNotChecked authclient.Outcome = "not-checked" // the check had stopped
)

// check asks the service whether it accepts the tokens of profiles.
func (r *run) check() *cobra.Command {
	q := &request{run: r}
	many := &manyOptions{request: q}
	c := r.command("check "+r.texts.T("cli.options")+" ["+r.texts.T("cli.profile")+"…]", "cli.check", cobra.ArbitraryArgs, func(ctx context.Context, args []string) {
		q.problem(q.timeout <= 0, "cli.error.timeout")
		many.validate()
		if len(q.problems) > 0 {
			q.usageErrors(q.problems...)
			return
		}
		r.withProfiles(ctx, func(store *profile.Store, list []profile.Profile) {
			selected, ok := r.choose(list, args)
			if !ok {
				return
			}
			clients, ok := r.clients(q.timeout, "")
			if !ok {
				return
			}
			m := newMany(many, store, clients, false)
			began := time.Now()
			m.follow(ctx, bulk.Check(m.deps(), selected))
			m.report(began)
		})
	})
	c.Flags().BoolVar(&q.asJSON, "json", false, r.texts.T("cli.flag.json_lines"))
	many.addFlags(c)
	q.addTimeout(c)
	c.ValidArgsFunction = r.completeProfiles
	return c
}
