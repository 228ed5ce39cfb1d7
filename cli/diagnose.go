package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"amarre/authclient"
	"amarre/internal/keyring"
)

// diagnose tests the connection, and the keyring, and prints each step as it
// ends. No credentials are sent. Without a service the keyring alone is tested,
// and in a demonstration the connection alone. The exit status is the connection's, or if
// that is well the keyring's; no keyring at all is no failure beside a connection.
func (r *run) diagnose() *cobra.Command {
	q := &request{run: r}
	c := r.command("diagnose "+r.texts.T("cli.options"), "cli.diagnose", cobra.NoArgs, func(ctx context.Context, _ []string) {
		if r.opts.Service == "" && !r.opts.Demo {
			r.testKeyring(ctx, false)
			return
		}
		q.withClient(ctx, func(client *authclient.Client) {
			address := client.Address().String()
			fmt.Fprintln(r.Stdout, r.texts.T("diagnose.title", "URL", address, "Version", r.Version, "Time", r.texts.Stamp(time.Now())))
			err := client.Diagnose(ctx, func(f authclient.Finding) { fmt.Fprintln(r.Stdout, r.texts.Finding(f)) })
			r.status = exitStatus(authclient.OutcomeOf(err))
			if !r.opts.Demo {
				r.testKeyring(ctx, true)
			}
		})
	})
	r.addService(c)
	q.addConnection(c)
	return c
}

// testKeyring writes, reads and deletes an item, and prints each step. The exit
// status says so if it failed and nothing else did. optional says that there need be none.
func (r *run) testKeyring(ctx context.Context, optional bool) {
	store, err := r.openStore()
	if err != nil {
		r.internal(err)
		return
	}
	err = store.SelfTest(ctx, func(step keyring.SelfTestStep) { fmt.Fprintln(r.Stdout, r.texts.SelfTest(step, store.Product())) })
	switch {
	case errors.Is(err, context.Canceled):
		r.status = ExitCancelled
	case optional && keyring.ClassOf(err) == keyring.ClassUnavailable:
	case err != nil && r.status == ExitOK:
		r.status = ExitKeyring
	}
}
