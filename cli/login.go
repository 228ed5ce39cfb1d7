package cli

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"amarre/authclient"
	"amarre/profile"
)

// login gets a token, prints it alone, and saves it if asked.
func (r *run) login() *cobra.Command {
	q := &request{run: r, required: []string{"service", "port", "erp"}}
	var port, erp string
	var keep saveOptions
	list := &listOptions{manyOptions: manyOptions{request: q}}
	c := r.command("login "+r.texts.T("cli.options"), "cli.login", cobra.MaximumNArgs(1), func(ctx context.Context, args []string) {
		if !keep.takeName(q, args) {
			return
		}
		if r.cmd.Flags().Changed("list") {
			keep.check(q, true)
			list.loginList(ctx, erp, &keep)
			return
		}
		for _, flag := range []string{"dry-run", "skip", "replace", "report", "pause", "jobs"} {
			q.problem(r.cmd.Flags().Changed(flag), "cli.error.list_needed", "Flag", "--"+flag)
		}
		keep.check(q, false)
		cred := authclient.Credentials{}
		var err error
		cred.PortCode, err = authclient.ParsePortCode(port)
		q.problem(err != nil && r.cmd.Flags().Changed("port"), "error.port_code")
		cred.ERPID, err = authclient.ParseERPID(erp)
		q.problem(err != nil && r.cmd.Flags().Changed("erp"), "error.erp_id")
		q.withSecret(ctx, "cli.prompt.password", "error.password", func(client *authclient.Client, password authclient.Secret) {
			cred.Password = password
			token, err := client.Login(ctx, cred)
			a := answer{Token: token.Reveal()}
			var saveErr error
			if err == nil && keep.wanted {
				a.Saved, saveErr = keep.save(ctx, r, client.Address().String(), cred, token)
			}
			if err == nil {
				r.obtained = r.whereIs(token, a.Saved)
			}
			q.done(a, token.Reveal(), err, r.texts.Login)
			if saveErr != nil { // the token is not lost: it was printed
				r.fail(ExitKeyring, r.texts.T("cli.error.not_saved", "Why", r.texts.Store(saveErr)))
			}
		})
	})
	r.addService(c)
	c.Flags().StringVar(&port, "port", "", r.texts.T("cli.flag.port"))
	c.Flags().StringVar(&erp, "erp", "", r.texts.T("cli.flag.erp"))
	q.addSecret(c, "password-stdin", "cli.flag.password_stdin")
	keep.addFlags(r, c)
	list.addFlags(c)
	return c
}

// saveOptions is what login --save asks for.
type saveOptions struct {
	wanted      bool
	name        string
	password    bool
	environment string
	erp, note   string
}

func (k *saveOptions) addFlags(r *run, c *cobra.Command) {
	flags := c.Flags()
	flags.Var((*saveName)(&k.name), "save", r.texts.T("cli.flag.save"))
	flags.Lookup("save").NoOptDefVal = noName
	flags.BoolVar(&k.password, "keep-password", false, r.texts.T("cli.flag.keep_password"))
	flags.StringVar(&k.environment, "environment", "", r.texts.T("cli.flag.environment"))
	complete(c, "environment", cobra.ShellCompDirectiveNoFileComp, string(profile.Production), string(profile.Test))
	flags.StringVar(&k.erp, "erp-name", "", r.texts.T("cli.flag.erp_name"))
	flags.StringVar(&k.note, "note", "", r.texts.T("cli.flag.note"))
}

// saveName is the value of --save, which login --list needs no name for: "--save NAME" is a
// flag without a value and an argument, see takeName.
type saveName string

// noName is the value of --save without one.
const noName = "true"

func (n *saveName) String() string { return string(*n) }
func (n *saveName) Set(text string) error {
	if *n = ""; text != noName {
		*n = saveName(text)
	}
	return nil
}

// Type implements pflag.Value: the value may be left out, as with a switch.
func (n *saveName) Type() string { return "bool" }

// takeName takes the name of --save NAME; false after saying that an argument is none.
func (k *saveOptions) takeName(q *request, args []string) bool {
	if len(args) == 0 {
		return true
	}
	if !q.cmd.Flags().Changed("save") || k.name != "" {
		q.usage("cli.error.usage", "Detail", shortened(args[0]))
		return false
	}
	k.name = args[0]
	return true
}

// check tells what is wrong with the flags. A list has the names.
func (k *saveOptions) check(q *request, list bool) {
	k.wanted, q.keepsPassword = q.cmd.Flags().Changed("save"), k.password
	q.problem(k.wanted && q.opts.Demo, "cli.error.demo_save")
	q.problem(k.wanted && !list && authclient.PlainText(k.name) == "", "cli.error.name")
	q.problem(!k.wanted && (k.password || k.environment+k.erp+k.note != ""), "cli.error.save_needed")
	environments := []profile.Environment{"", profile.Production, profile.Test}
	q.problem(!slices.Contains(environments, profile.Environment(k.environment)), "cli.error.environment")
}

// save keeps a token as a profile, new or in the place of the one of the same
// service, port code and ERP ID. It returns the profile's name.
func (k *saveOptions) save(ctx context.Context, r *run, service string, cred authclient.Credentials, token authclient.Secret) (string, error) {
	store, _, err := r.openProfiles(ctx)
	if err != nil {
		return "", err
	}
	defer store.Close()
	replaced := ""
	fill := func(p *profile.Profile, secrets *profile.Secrets) error {
		if !secrets.Token.IsZero() && !secrets.Token.Equal(token) {
			replaced = p.Name
		}
		p.Name = k.name
		p.Environment = cmp.Or(profile.Environment(k.environment), p.Environment)
		p.ERP, p.Note = cmp.Or(k.erp, p.ERP), cmp.Or(k.note, p.Note)
		secrets.Renew(token, true, time.Now())
		if k.password {
			secrets.Password = cred.Password
		} else if !secrets.Password.Equal(cred.Password) {
			secrets.Password = authclient.Secret{} // outdated
		}
		return nil
	}
	saved, err := store.Put(ctx, profile.Profile{Service: service, PortCode: cred.PortCode, ERPID: cred.ERPID}, fill)
	if err != nil {
		return "", err // also if the outcome is unknown
	}
	if replaced != "" {
		r.warn(r.texts.T("cli.replaced", "Name", replaced))
	}
	return saved.Name, nil
}
