package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/internal/policy"
	"amarre/internal/service"
	"amarre/internal/settings"
	"amarre/profile"
)

// saving is what login --save asks for.
type saving struct {
	wanted      bool
	name        string
	password    bool
	environment string
	erp, note   string
}

func (s *saving) addFlags(r *run, c *command) {
	flags := c.flags
	flags.StringVar(&s.name, "save", "", r.texts.T("cli.flag.save"))
	flags.BoolVar(&s.password, "keep-password", false, r.texts.T("cli.flag.keep_password"))
	flags.StringVar(&s.environment, "environment", "", r.texts.T("cli.flag.environment"))
	flags.StringVar(&s.erp, "erp-name", "", r.texts.T("cli.flag.erp_name"))
	flags.StringVar(&s.note, "note", "", r.texts.T("cli.flag.note"))
}

// problems returns what is wrong with the flags.
func (s *saving) problems(r *run) []string {
	var problems []string
	if s.wanted && r.opts.Demo {
		problems = append(problems, r.texts.T("cli.error.demo_save"))
	}
	if s.wanted && authclient.PlainText(s.name) == "" {
		problems = append(problems, r.texts.T("cli.error.name"))
	}
	if !s.wanted && (s.password || s.environment != "" || s.erp != "" || s.note != "") {
		problems = append(problems, r.texts.T("cli.error.save_needed"))
	}
	switch profile.Environment(s.environment) {
	case "", profile.Production, profile.Test:
	default:
		problems = append(problems, r.texts.T("cli.error.environment"))
	}
	return problems
}

// save keeps a token as a profile, new or in the place of the one of the same
// service, port code and ERP ID. It returns the profile's name.
func (s *saving) save(ctx context.Context, r *run, service string, cred authclient.Credentials, token authclient.Secret) (string, error) {
	store, _, err := r.listed(ctx)
	if err != nil {
		return "", err
	}
	defer store.Close()
	replaced := ""
	fill := func(p *profile.Profile, secrets *profile.Secrets) error {
		if !secrets.Token.IsZero() && !secrets.Token.Equal(token) {
			replaced = p.Name
		}
		p.Name = s.name
		if s.environment != "" {
			p.Environment = profile.Environment(s.environment)
		}
		if s.erp != "" {
			p.ERP = s.erp
		}
		if s.note != "" {
			p.Note = s.note
		}
		secrets.Renew(token, true, time.Now())
		if s.password {
			secrets.Password = cred.Password
		} else if !secrets.Password.Equal(cred.Password) {
			secrets.Password = authclient.Secret{} // one that is no longer right
		}
		return nil
	}
	saved, err := store.Put(ctx, profile.Profile{Service: service, PortCode: cred.PortCode, ERPID: cred.ERPID}, fill)
	if err == nil && replaced != "" {
		fmt.Fprintln(r.Stderr, r.texts.T("cli.error", "Why", r.texts.T("cli.replaced", "Name", replaced)))
	}
	return saved.Name, err
}

// listed opens the saved profiles, makes the list again from the keyring if it
// must be, and returns the profiles by name. The caller closes the store.
func (r *run) listed(ctx context.Context) (*profile.Store, []profile.Profile, error) {
	store, err := r.Store()
	if err != nil {
		return nil, nil, err
	}
	list, err := store.List()
	if profile.NeedsRebuild(err) && (profile.IsBroken(err) || store.State(ctx) == keyring.Ready) {
		var done profile.Rebuilt
		if done, err = store.Rebuild(ctx); err == nil {
			if text := r.texts.Rebuilt(done); text != "" {
				fmt.Fprintln(r.Stderr, r.texts.T("cli.error", "Why", text))
			}
			list, err = store.List()
		}
	}
	if err != nil && !profile.NeedsRebuild(err) || profile.IsBroken(err) {
		store.Close()
		return nil, nil, err
	}
	profile.ByName.Sort(list)
	return store, list, nil
}

// withProfiles calls do with the saved profiles, unless there is a policy that cannot
// be read; what it forbids to keep is erased first.
func (r *run) withProfiles(do func(ctx context.Context, store *profile.Store, list []profile.Profile)) {
	fixed, ok := r.policy()
	if !ok {
		return
	}
	r.withAnyProfiles(func(ctx context.Context, store *profile.Store, list []profile.Profile) {
		if fixed.NoPasswords && slices.ContainsFunc(list, func(p profile.Profile) bool { return p.HasPassword }) && store.State(ctx) == keyring.Ready {
			if erased, _ := store.ErasePasswords(ctx); erased > 0 { // what is left is tried the next time
				fmt.Fprintln(r.Stderr, r.texts.T("cli.error", "Why", r.texts.N("policy.erased", erased)))
				if again, err := store.List(); err == nil {
					list = again
					profile.ByName.Sort(list)
				}
			}
		}
		do(ctx, store, list)
	})
}

// withAnyProfiles calls do with the saved profiles, whatever the policy: they may
// always be deleted.
func (r *run) withAnyProfiles(do func(ctx context.Context, store *profile.Store, list []profile.Profile)) {
	r.signalled(func(ctx context.Context) {
		store, list, err := r.listed(ctx)
		if err != nil {
			r.storeFailed(err)
			return
		}
		defer store.Close()
		do(ctx, store, list)
	})
}

// storeFailed says why the keyring or the list did not do what was asked.
func (r *run) storeFailed(err error) {
	status := ExitKeyring
	if errors.Is(err, context.Canceled) {
		status = ExitCancelled
	}
	r.fail(status, r.texts.Store(err))
}

// find returns the one profile that a reference means; false after saying why
// there is none.
func (r *run) find(list []profile.Profile, reference string) (profile.Profile, bool) {
	found := profile.Find(list, reference)
	switch len(found) {
	case 0:
		// It may be a secret by mistake: it is not repeated.
		r.fail(ExitNoProfile, r.texts.T("cli.error.no_profile"))
		return profile.Profile{}, false
	case 1:
		return found[0], true
	}
	r.fail(ExitNoProfile, r.texts.N("cli.error.ambiguous", len(found)))
	for _, p := range found {
		fmt.Fprintf(r.Stderr, "  %s\t%s\t%s\n", p.ID, p.Reference(), p.Name)
	}
	return profile.Profile{}, false
}

// choose returns the profiles that references mean, all of them if there is no
// reference; false after saying which is none.
func (r *run) choose(list []profile.Profile, references []string) ([]profile.Profile, bool) {
	if len(references) == 0 {
		return list, true
	}
	var chosen []profile.Profile
	for _, reference := range references {
		p, ok := r.find(list, reference)
		if !ok {
			return nil, false
		}
		chosen = append(chosen, p)
	}
	return chosen, true
}

// listedProfile is what list --json prints of a profile. It has no secret.
type listedProfile struct {
	ID          string              `json:"id"`
	Name        string              `json:"name"`
	Service     string              `json:"service"`
	Environment profile.Environment `json:"environment"`
	PortCode    string              `json:"portCode"`
	ERPID       int64               `json:"erpId"`
	ERP         string              `json:"erp,omitempty"`
	Note        string              `json:"note,omitempty"`
	Favourite   bool                `json:"favourite"`
	HasPassword bool                `json:"hasPassword"`
	Saved       time.Time           `json:"saved"`
	Check       profile.Verdict     `json:"check,omitempty"`
	Checked     time.Time           `json:"checked,omitzero"`
	Missing     bool                `json:"missing,omitempty"`
}

// list prints the saved profiles. The keyring is not asked.
func (r *run) list() *command {
	var asJSON bool
	c := r.command("list", "cli.list", func() {
		r.withProfiles(func(_ context.Context, _ *profile.Store, list []profile.Profile) {
			if asJSON {
				shown := make([]listedProfile, len(list))
				for i, p := range list {
					shown[i] = listedProfile{p.ID, p.Name, p.Service, p.Environment, p.PortCode, p.ERPID, p.ERP, p.Note,
						p.Favourite, p.HasPassword, p.Saved, p.Check, p.Checked, p.Missing}
				}
				r.printJSON(shown)
				return
			}
			table := tabwriter.NewWriter(r.Stdout, 0, 0, 2, ' ', 0)
			for _, p := range list {
				fmt.Fprintln(table, strings.Join([]string{p.Name, p.Reference(), r.texts.Environment(p.Environment), p.ERP, r.texts.LastCheck(p)}, "\t"))
			}
			_ = table.Flush()
		})
	})
	c.flags.BoolVar(&asJSON, "json", false, r.texts.T("cli.flag.json_list"))
	return c
}

func (r *run) printJSON(value any) {
	encoder := json.NewEncoder(r.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		r.fail(ExitInternal, r.texts.T("cli.error.internal", "Detail", err))
	}
}

// token prints the token of a profile.
func (r *run) token() *command {
	return r.withArguments("token", r.texts.T("cli.options")+" "+r.texts.T("cli.profile"), "cli.token", 1, 1, func(args []string) {
		r.withProfiles(func(ctx context.Context, store *profile.Store, list []profile.Profile) {
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
}

// agreed asks on the terminal, and says so where there is none.
func (r *run) agreed(ctx context.Context, question string) bool {
	yes, err := r.confirm(ctx, question)
	switch {
	case errors.Is(err, errNoTerminal):
		r.usage("cli.error.yes_needed")
	case err != nil || !yes:
		r.status = ExitCancelled
	}
	return yes && err == nil
}

// checkPause is the least time between two calls to one service (security.md 27).
const checkPause = time.Second

// maxRefusals is the number of refusals in a row that ends a check (security.md 27).
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
func (r *run) check() *command {
	j := &job{run: r}
	c := r.withArguments("check", r.texts.T("cli.options")+" ["+r.texts.T("cli.profile")+"…]", "cli.check", 0, anyNumber, func(args []string) {
		if j.timeout <= 0 {
			r.usage("cli.error.timeout")
			return
		}
		r.withProfiles(func(ctx context.Context, store *profile.Store, list []profile.Profile) {
			chosen, ok := r.choose(list, args)
			if !ok {
				return
			}
			fixed, ok := j.policy()
			if !ok {
				return
			}
			done := j.checkAll(ctx, store, fixed, chosen)
			if j.asJSON {
				r.printJSON(done)
			}
		})
	})
	c.flags.BoolVar(&j.asJSON, "json", false, r.texts.T("cli.flag.json_list"))
	r.addTimeout(c, &j.timeout)
	return c
}

// checkAll checks profiles one after another and prints each as it ends. The
// exit status is that of the first refusal, else of the first failure.
func (j *job) checkAll(ctx context.Context, store *profile.Store, fixed policy.Policy, chosen []profile.Profile) []checkedProfile {
	done := []checkedProfile{}
	last := map[string]time.Time{} // by host
	refusals, status := 0, ExitOK
	for _, p := range chosen {
		if address, err := authclient.ParseAddress(p.Service); err == nil && fixed.Allows(address) != nil {
			status = ExitUsage
			j.fail(status, j.texts.T("cli.check.line", "Name", p.Name, "Result", j.texts.T("error.service_not_allowed", "Services", strings.Join(fixed.Services, ", "))))
			continue
		}
		if wait := checkPause - time.Since(last[p.Host()]); wait > 0 && !last[p.Host()].IsZero() {
			j.Sleep(ctx, wait)
		}
		if ctx.Err() != nil {
			j.status = ExitCancelled
			return done
		}
		account, err := j.checkOne(ctx, store, fixed, p)
		last[p.Host()] = time.Now()
		if keyringErr := (*keyringError)(nil); errors.As(err, &keyringErr) {
			j.fail(ExitKeyring, j.texts.T("cli.check.line", "Name", p.Name, "Result", j.texts.Store(keyringErr.error)))
			status = ExitKeyring
			continue
		}
		outcome := authclient.OutcomeOf(err)
		done = append(done, checkedProfile{p.Name, p.Reference(), outcome, account.PortCode, account.PortName})
		line := j.texts.T("cli.check.line", "Name", p.Name, "Result", j.texts.Checked(p, account, err))
		if err == nil {
			refusals = 0
			if !j.asJSON {
				fmt.Fprintln(j.Stdout, line)
			}
			continue
		}
		if status == ExitOK || outcome == authclient.OutcomeRefused {
			status = exitStatus(outcome)
		}
		j.fail(status, line)
		if outcome != authclient.OutcomeRefused {
			continue
		}
		if refusals++; refusals == maxRefusals && len(done) < len(chosen) {
			j.fail(status, j.texts.T("cli.check.stopped", "Count", maxRefusals))
			break
		}
	}
	j.status = status
	return done
}

// keyringError is an error of the keyring, not of the service.
type keyringError struct{ error }

// checkOne checks the token of a profile and remembers the verdict.
func (j *job) checkOne(ctx context.Context, store *profile.Store, fixed policy.Policy, p profile.Profile) (authclient.Account, error) {
	secrets, err := store.Load(ctx, p)
	if err != nil {
		return authclient.Account{}, &keyringError{err}
	}
	address, err := authclient.ParseAddress(p.Service)
	if err != nil {
		return authclient.Account{}, err
	}
	clients := &service.Clients{UserAgent: "Amarre/" + j.Version, Timeout: j.timeout, Policy: fixed, Authorities: map[string]string{p.Service: authority(p.Service)}}
	client, err := clients.Client(address)
	if err != nil {
		return authclient.Account{}, err
	}
	account, err := client.Account(ctx, secrets.Token)
	if verdict := profile.VerdictOf(p, account, err); verdict != "" {
		_ = store.SetChecked(ctx, p, verdict, time.Now()) // the user has the verdict
	}
	return account, err
}

// authority returns the file of the extra authority that the user gave for a
// service in the window.
func authority(service string) string {
	dir, err := settings.Dir()
	if err != nil {
		return ""
	}
	s, err := settings.Load(dir)
	if err != nil {
		return ""
	}
	return s.Authorities[service]
}
