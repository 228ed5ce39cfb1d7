package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/policy"
	"amarre/internal/service"
)

// request holds the flags of a command that calls the service.
type request struct {
	*run
	required      []string // flags that must be given; in a demonstration not --service
	fromStdin     bool     // the secret
	asJSON        bool
	timeout       time.Duration
	ca, proxy     string
	verbose       bool     // each step of a call is told
	keepsPassword bool     // asked for by the user
	problems      []string // what is wrong with the command line
}

// answer is what --json prints: one object.
type answer struct {
	Outcome    authclient.Outcome `json:"outcome"`
	Reason     authclient.Reason  `json:"reason,omitempty"`
	HTTPStatus int                `json:"httpStatus"` // 0 where no answer came
	Token      string             `json:"token,omitempty"`
	PortCode   string             `json:"portCode,omitempty"`
	PortName   string             `json:"portName,omitempty"`
	Saved      string             `json:"saved,omitempty"` // the profile's name
}

// problem adds a text to what is wrong with the command line, if it is wrong.
func (q *request) problem(wrong bool, key string, pairs ...any) {
	if wrong {
		q.problems = append(q.problems, q.texts.T(key, pairs...))
	}
}

// addService adds the flags that say which service is called.
func (r *run) addService(c *cobra.Command) {
	c.Flags().BoolVar(&r.opts.Demo, "demo", false, r.texts.T("cli.flag.demo"))
	c.Flags().StringVar(&r.opts.Service, "service", "", r.texts.T("cli.flag.service"))
	c.MarkFlagsMutuallyExclusive("demo", "service")
}

func (q *request) addTimeout(c *cobra.Command) {
	c.Flags().DurationVar(&q.timeout, "timeout", authclient.DefaultTimeout, q.texts.T("cli.flag.timeout", "Default", authclient.DefaultTimeout))
}

// addConnection adds the flags that say how the service is called.
func (q *request) addConnection(c *cobra.Command) {
	q.addTimeout(c)
	c.Flags().StringVar(&q.ca, "ca", "", q.texts.T("cli.flag.ca"))
	complete(c, "ca", cobra.ShellCompDirectiveDefault)
	c.Flags().StringVar(&q.proxy, "proxy", "", q.texts.T("cli.flag.proxy"))
	complete(c, "proxy", cobra.ShellCompDirectiveNoFileComp, authclient.NoProxy)
}

// addSecret adds the flags of a command that sends a secret and prints the answer.
func (q *request) addSecret(c *cobra.Command, stdinFlag, about string) {
	c.Flags().BoolVar(&q.fromStdin, stdinFlag, false, q.texts.T(about))
	c.Flags().BoolVar(&q.asJSON, "json", false, q.texts.T("cli.flag.json"))
	c.Flags().BoolVarP(&q.verbose, "verbose", "v", false, q.texts.T("cli.flag.verbose"))
	q.addConnection(c)
}

// connection returns how a service is called: as the flags say, else as the settings do.
func (q *request) connection(clients *service.Clients, address authclient.Address) service.Connection {
	by := clients.Connection(address)
	by.CAFile, by.Proxy = cmp.Or(q.ca, by.CAFile), cmp.Or(q.proxy, by.Proxy)
	if q.verbose {
		by.Report = func(f authclient.Finding) { fmt.Fprintln(q.Stderr, q.texts.Finding(f)) }
	}
	return by
}

// clients returns the maker of all clients of this run. It applies the administrator's
// policy and the authorities of the settings; false after saying that the policy cannot
// be read. demo is the address of a demonstration's stand-in, to which neither applies.
func (r *run) clients(timeout time.Duration, demo string) (*service.Clients, bool) {
	clients := &service.Clients{UserAgent: "Amarre/" + r.Version, Timeout: timeout, Demo: demo, Authorities: map[string]string{}}
	if demo != "" {
		return clients, true
	}
	maps.Copy(clients.Authorities, r.settings.Authorities)
	clients.Proxies = r.settings.Proxies
	var ok bool
	clients.Policy, ok = r.policy()
	return clients, ok
}

// missing adds the required flags that were not given to what is wrong.
func (q *request) missing() {
	missing, count := pflag.NewFlagSet("", pflag.ContinueOnError), 0
	missing.SortFlags = false
	for _, name := range q.required {
		if f := q.cmd.Flags().Lookup(name); !f.Changed && !(q.opts.Demo && name == "service") {
			missing.AddFlag(f)
			count++
		}
	}
	if count > 0 {
		text := q.texts.N("cli.error.missing_flags", count) + "\n" + strings.TrimRight(missing.FlagUsages(), "\n")
		q.problems = append([]string{text}, q.problems...)
	}
}

// withClients calls do with what makes clients. In a demonstration its stand-in runs as long,
// and is the service.
func (q *request) withClients(do func(*service.Clients)) {
	demo := ""
	if q.opts.Demo {
		server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
		if err != nil {
			q.internal(err)
			return
		}
		defer server.Close()
		demo, q.opts.Service = server.URL, server.URL
	}
	if clients, ok := q.clients(q.timeout, demo); ok {
		do(clients)
	}
}

// withClient calls do with a client. Nothing is asked or sent if there are problems.
func (q *request) withClient(ctx context.Context, do func(*authclient.Client)) {
	q.withClients(func(clients *service.Clients) { q.withClientOf(ctx, clients, do) })
}

func (q *request) withClientOf(ctx context.Context, clients *service.Clients, do func(*authclient.Client)) {
	q.missing()
	q.problem(q.timeout <= 0, "cli.error.timeout")
	q.checkProxy()
	var client *authclient.Client
	if address, err := authclient.ParseAddress(q.opts.Service); err == nil {
		client, err = clients.ClientWith(address, q.connection(clients, address))
		q.problem(errors.Is(err, policy.ErrNotAllowed), "error.service_not_allowed", "Services", strings.Join(clients.Policy.Services, ", "))
		if err == nil && q.timeout > 0 && !q.checkAuthorities(ctx, client) {
			return
		}
	} else if q.cmd.Flags().Changed("service") {
		q.problems = append(q.problems, q.texts.Address(err))
	}
	q.problem(clients.Policy.NoPasswords && q.keepsPassword, "cli.error.no_passwords")
	if len(q.problems) > 0 {
		q.usageErrors(q.problems...)
		return
	}
	do(client)
}

// checkProxy adds to the problems what is wrong with the address of --proxy.
func (q *request) checkProxy() {
	if !q.cmd.Flags().Changed("proxy") {
		return
	}
	if err := authclient.CheckProxy(q.proxy); err != nil {
		q.problems = append(q.problems, q.texts.Proxy(err))
	}
}

// checkAuthorities adds to the problems what is wrong with the file of an authority; false
// after saying that the user cancelled.
func (q *request) checkAuthorities(ctx context.Context, client *authclient.Client) bool {
	err := client.CheckAuthorities(ctx)
	var authority *authclient.CAError
	if errors.As(err, &authority) {
		q.problems = append(q.problems, q.texts.Authority(authority))
	} else if err != nil {
		q.fail(exitStatus(authclient.OutcomeOf(err)), q.texts.Login(err))
		return false
	}
	return true
}

// withSecret is withClient, and reads the secret that is sent. prompt asks for it, empty
// says that it was not given.
func (q *request) withSecret(ctx context.Context, prompt, empty string, do func(*authclient.Client, authclient.Secret)) {
	q.withClient(ctx, func(client *authclient.Client) {
		secret, ok := q.secret(ctx, q.fromStdin, prompt)
		if ok && secret.IsZero() {
			q.usage(empty)
		} else if ok {
			do(client, secret)
		}
	})
}

// done prints how a call ended: the text or the JSON object, or why there is neither.
func (q *request) done(a answer, text string, err error, sentence func(error) string) {
	outcome := authclient.OutcomeOf(err)
	if err != nil {
		a = answer{} // print nothing from a failed call
		var e *authclient.Error
		if errors.As(err, &e) {
			a.HTTPStatus, a.Reason = e.HTTPStatus, e.Reason
		}
		q.fail(exitStatus(outcome), sentence(err))
	} else {
		a.HTTPStatus = 200
		if !q.asJSON {
			fmt.Fprintln(q.Stdout, text)
		}
	}
	if q.asJSON {
		a.Outcome = outcome
		q.printJSON(a)
	}
}
