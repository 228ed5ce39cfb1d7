package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
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

// stopStatuses are the answers after which a host is not called any more (docs/security.md
// 27): forbidden, locked, too many requests.
var stopStatuses = []int{403, 423, 429}

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

// Outcomes of check --json beside those of package authclient: the service was not asked.
const (
	outcomeKeyring    authclient.Outcome = "keyring"     // the keyring did not give the token
	outcomeNotAllowed authclient.Outcome = "not-allowed" // the policy does not allow the service
	outcomeNotChecked authclient.Outcome = "not-checked" // the check had stopped
)

// checking is one run of check.
type checking struct {
	*request
	store    *profile.Store
	clients  *service.Clients
	last     map[string]time.Time // the last call to a host
	left     map[string]int       // how many profiles of a host are still to be checked
	stopped  map[string]bool      // hosts that are not called any more
	refusals int                  // in a row
	ended    bool                 // no host is called any more
	worst    int                  // the exit status
}

// checkAll checks profiles one after another and prints each as it ends. It returns the
// outcome of all of them. The exit status is ExitCancelled if ctx ended, else that of the
// first refusal, else of the first failure.
func (q *request) checkAll(ctx context.Context, store *profile.Store, clients *service.Clients, selected []profile.Profile) []checkedProfile {
	c := &checking{request: q, store: store, clients: clients, last: map[string]time.Time{}, left: map[string]int{}, stopped: map[string]bool{}}
	for _, p := range selected {
		c.left[p.Host()]++
	}
	done := make([]checkedProfile, len(selected))
	for i, p := range selected {
		c.left[p.Host()]--
		outcome, account := outcomeNotChecked, authclient.Account{}
		if !c.ended && !c.stopped[p.Host()] {
			outcome, account = c.check(ctx, p)
		}
		done[i] = checkedProfile{p.Name, p.Reference(), outcome, account.PortCode, account.PortName}
		if c.refusals == maxRefusals && !c.ended {
			c.ended = true
			if i+1 < len(selected) {
				q.warn(q.texts.T("cli.check.stopped", "Count", maxRefusals))
			}
		}
	}
	if q.status = c.worst; ctx.Err() != nil {
		q.status = ExitCancelled
	}
	return done
}

// check checks one profile, prints the result, and decides whether the check goes on.
func (c *checking) check(ctx context.Context, p profile.Profile) (authclient.Outcome, authclient.Account) {
	none := authclient.Account{}
	if address, err := authclient.ParseAddress(p.Service); err == nil && c.clients.Allowed(address) != nil {
		c.failed(p, ExitUsage, c.texts.T("error.service_not_allowed", "Services", strings.Join(c.clients.Policy.Services, ", ")))
		return outcomeNotAllowed, none
	}
	secrets, err := c.store.Load(ctx, p)
	if err == nil {
		if wait := checkPause - time.Since(c.last[p.Host()]); wait > 0 {
			c.Sleep(ctx, wait)
		}
	}
	if ctx.Err() != nil {
		c.ended = true
		return outcomeNotChecked, none
	} else if err != nil {
		c.failed(p, ExitKeyring, c.texts.Store(err))
		return outcomeKeyring, none
	}
	account, err := checkOne(ctx, c.store, c.clients, p, secrets.Token)
	c.last[p.Host()] = time.Now()
	outcome := authclient.OutcomeOf(err)
	result := c.texts.Checked(p, account, err)
	if err == nil {
		c.refusals = 0
		if !c.asJSON {
			fmt.Fprintln(c.Stdout, c.line(p, result))
		}
		return outcome, account
	}
	c.failed(p, exitStatus(outcome), result)
	if outcome == authclient.OutcomeRefused {
		c.refusals++
	}
	c.stopHost(p.Host(), err)
	return outcome, account
}

// stopHost leaves a host alone after an answer that wants so (docs/security.md 27). The
// others may still be called.
func (c *checking) stopHost(host string, err error) {
	var e *authclient.Error
	if !errors.As(err, &e) {
		return
	}
	key := "cli.check.host_stopped"
	switch {
	case e.RetryAfter > 0:
		key = "cli.check.host_waits"
	case slices.Contains(stopStatuses, e.HTTPStatus):
	default:
		return
	}
	c.stopped[host] = true
	if left := c.left[host]; left > 0 {
		c.warn(c.texts.N(key, left, "Host", host, "Status", e.HTTPStatus, "Seconds", int(math.Ceil(e.RetryAfter.Seconds()))))
	}
}

// failed says why a profile was not accepted. A refusal counts more than what came before
// it.
func (c *checking) failed(p profile.Profile, status int, why string) {
	if c.worst == ExitOK || status == ExitRefused {
		c.worst = status
	}
	c.warn(c.line(p, why))
}

func (c *checking) line(p profile.Profile, result string) string {
	return c.texts.T("cli.check.line", "Name", p.Name, "Result", result)
}

// checkOne checks the token of a profile and remembers the verdict.
func checkOne(ctx context.Context, store *profile.Store, clients *service.Clients, p profile.Profile, token authclient.Secret) (authclient.Account, error) {
	account, err := accountOf(ctx, clients, p, token)
	if verdict := profile.VerdictOf(p, account, err); verdict != "" {
		_ = store.SetChecked(ctx, p, verdict, time.Now()) // the user has the verdict
	}
	return account, err
}
