package cli

import (
	"context"

	"github.com/spf13/cobra"

	"amarre/authclient"
)

// account asks whether a token is accepted and prints whose it is.
func (r *run) account() *cobra.Command {
	q := &request{run: r, required: []string{"service"}}
	c := r.command("account "+r.texts.T("cli.options"), "cli.account", cobra.NoArgs, func(ctx context.Context, _ []string) {
		q.withSecret(ctx, "cli.prompt.token", "cli.error.token", func(client *authclient.Client, token authclient.Secret) {
			account, err := client.Account(ctx, token)
			q.done(answer{PortCode: account.PortCode, PortName: account.PortName}, r.texts.Port(account), err, func(err error) string {
				if authclient.OutcomeOf(err) == authclient.OutcomeRefused {
					return r.texts.T("cli.token_refused")
				}
				return r.texts.Check(err)
			})
		})
	})
	r.addService(c)
	q.addSecret(c, "token-stdin", "cli.flag.token_stdin")
	return c
}
