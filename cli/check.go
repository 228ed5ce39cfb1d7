package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"amarre/authclient"
	"amarre/internal/service"
	"amarre/profile"
)

// checkPause is the least time between two calls to one service (docs/security.md 27).
const checkPause = time.Second

// maxRefusals is the number of refusals in a row that ends a check (docs/security.md 27).
const maxRefusals = 5

// checkedProfile is what check --json prints of a profile.
type checkedProfile struct {
	Name      string             `json:"name"`
	Reference string             `json:"reference"`
	Outcome   authclient.Outcome `json:"outcome"`
	PortCode  string             `json:"portCode,omitempty"` // whose token it is
	PortName  string             `json:"portName,omitempty"`
}

// check asks the service whether it accepts the tokens of profiles.
func (r *run) check() *cobra.Command {
	q := &request{run: r}
	c := r.command("check "+r.texts.T("cli.options")+" ["+r.texts.T("cli.profile")+"…]", "cli.check", cobra.ArbitraryArgs, func(ctx context.Context, args []string) {
		if q.timeout <= 0 {
			r.usage("cli.error.timeout")
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
			done := q.checkAll(ctx, store, clients, selected)
			if q.asJSON {
				r.printJSON(done)
			}
		})
	})
	c.Flags().BoolVar(&q.asJSON, "json", false, r.texts.T("cli.flag.json_list"))
	q.addTimeout(c)
	c.ValidArgsFunction = r.completeProfiles
	return c
}

// checkAll checks profiles one after another and prints each as it ends. The
// exit status is that of the first refusal, else of the first failure.
func (q *request) checkAll(ctx context.Context, store *profile.Store, clients *service.Clients, selected []profile.Profile) []checkedProfile {
	done := []checkedProfile{}
	last := map[string]time.Time{} // by host
	refusals, status := 0, ExitOK
	failed := func(with int, why string) { // a refusal counts more than what came before it
		if status == ExitOK || with == ExitRefused {
			status = with
		}
		q.fail(status, why)
	}
	line := func(p profile.Profile, result string) string {
		return q.texts.T("cli.check.line", "Name", p.Name, "Result", result)
	}
	for _, p := range selected {
		if address, err := authclient.ParseAddress(p.Service); err == nil && clients.Allowed(address) != nil {
			failed(ExitUsage, line(p, q.texts.T("error.service_not_allowed", "Services", strings.Join(clients.Policy.Services, ", "))))
			continue
		}
		secrets, err := store.Load(ctx, p)
		if err != nil {
			failed(ExitKeyring, line(p, q.texts.Store(err)))
			continue
		}
		if wait := checkPause - time.Since(last[p.Host()]); wait > 0 && !last[p.Host()].IsZero() {
			q.Sleep(ctx, wait)
		}
		if ctx.Err() != nil {
			q.status = ExitCancelled
			return done
		}
		account, err := checkOne(ctx, store, clients, p, secrets.Token)
		last[p.Host()] = time.Now()
		outcome := authclient.OutcomeOf(err)
		done = append(done, checkedProfile{p.Name, p.Reference(), outcome, account.PortCode, account.PortName})
		text := line(p, q.texts.Checked(p, account, err))
		if err == nil {
			refusals = 0
			if !q.asJSON {
				fmt.Fprintln(q.Stdout, text)
			}
			continue
		}
		failed(exitStatus(outcome), text)
		if outcome != authclient.OutcomeRefused {
			continue
		}
		if refusals++; refusals == maxRefusals && len(done) < len(selected) {
			q.fail(status, q.texts.T("cli.check.stopped", "Count", maxRefusals))
			break
		}
	}
	q.status = status
	return done
}

// checkOne checks the token of a profile and remembers the verdict.
func checkOne(ctx context.Context, store *profile.Store, clients *service.Clients, p profile.Profile, token authclient.Secret) (authclient.Account, error) {
	address, err := authclient.ParseAddress(p.Service)
	if err != nil {
		return authclient.Account{}, err
	}
	client, err := clients.Client(address)
	if err != nil {
		return authclient.Account{}, err
	}
	account, err := client.Account(ctx, token)
	if verdict := profile.VerdictOf(p, account, err); verdict != "" {
		_ = store.SetChecked(ctx, p, verdict, time.Now()) // the user has the verdict
	}
	return account, err
}
