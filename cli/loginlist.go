package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/internal/service"
	"amarre/profile"
)

// listOptions are the flags of login --list.
type listOptions struct {
	manyOptions
	path       string // - for standard input
	dry        bool
	skip       bool // leave rows with a problem out
	replace    bool // for ports that are saved already
	table      *bulk.Table
	identity   bulk.Identity
	knownPorts []profile.Profile
}

func (o *listOptions) addFlags(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&o.path, "list", "", o.texts.T("cli.flag.list"))
	complete(c, "list", cobra.ShellCompDirectiveDefault)
	flags.BoolVar(&o.dry, "dry-run", false, o.texts.T("cli.flag.list_dry"))
	flags.BoolVar(&o.skip, "skip", false, o.texts.T("cli.flag.skip"))
	flags.BoolVar(&o.replace, "replace", false, o.texts.T("cli.flag.replace"))
	o.manyOptions.addFlags(c)
}

// loginList gets a token for each row of a list. Nothing is sent before the whole list was
// read and every row can be sent, or is left out.
func (o *listOptions) loginList(ctx context.Context, erp string, keep *saveOptions) {
	o.problem(o.replace && !keep.wanted, "cli.error.replace_save")
	o.problem(keep.name != "" || o.cmd.Flags().Changed("port"), "cli.error.list_alone")
	o.problem(o.path == "-" && o.fromStdin, "cli.error.stdin_twice")
	o.problem(o.timeout <= 0, "cli.error.timeout")
	o.checkProxy()
	o.validate()
	o.identity.Service, o.identity.ERPID, o.identity.ERP = o.opts.Service, erp, keep.erp
	o.identity.Environment, o.identity.Keep = profile.Environment(keep.environment), keep.password
	o.withClients(func(clients *service.Clients) {
		if o.opts.Demo {
			o.identity.Service = clients.Demo
		} else if _, err := authclient.ParseAddress(o.opts.Service); err != nil && o.opts.Service != "" {
			o.problems = append(o.problems, o.texts.Address(err))
		}
		if address, err := authclient.ParseAddress(o.identity.Service); err == nil && o.ca != "" && o.timeout > 0 {
			if client, err := clients.ClientWith(address, service.Connection{CAFile: o.ca}); err == nil && !o.checkAuthorities(ctx, client) {
				return
			}
		}
		o.problem(clients.Policy.NoPasswords && keep.password, "cli.error.no_passwords")
		if len(o.problems) > 0 {
			o.usageErrors(o.problems...)
			return
		}
		o.identity.Allowed = clients.Allowed
		if !o.read(ctx) {
			return
		}
		if !keep.wanted {
			o.obtain(ctx, nil, clients)
			return
		}
		o.withProfiles(ctx, func(store *profile.Store, list []profile.Profile) {
			o.knownPorts = list
			gone := bulk.Gone(ctx, store, o.review())
			o.knownPorts = slices.DeleteFunc(list, func(p profile.Profile) bool { return slices.Contains(gone, p) })
			o.obtain(ctx, store, clients)
		})
	})
}

// read reads the list; false after saying why it cannot.
func (o *listOptions) read(ctx context.Context) bool {
	from := o.Stdin
	if o.stdinIsFile = o.path == "-"; !o.stdinIsFile {
		file, err := os.Open(o.path)
		if err != nil {
			o.usage("import.unreadable", "File", o.path)
			return false
		}
		defer file.Close()
		from = file
	}
	content, err := await(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(from, bulk.MaxBytes+1)) })
	if ctx.Err() != nil {
		o.status = ExitCancelled
		return false
	} else if err != nil {
		o.usage("import.unreadable", "File", o.path)
		return false
	}
	if o.table, err = bulk.Read(content); err == nil && !o.table.HasPortCodes() {
		err = &bulk.Error{Problem: bulk.NoPortCodes}
	}
	if err != nil {
		o.fail(ExitUsage, o.texts.List(err))
		return false
	}
	return true
}

// review returns the rows with their verdicts.
func (o *listOptions) review() []bulk.Reviewed {
	given := o.table.Rows()
	for i := range given {
		given[i].Again = o.replace
	}
	return bulk.Review(given, o.identity, o.knownPorts)
}

// obtain asks for the password if a row has none, says what is wrong with the rows, and gets
// the tokens.
func (o *listOptions) obtain(ctx context.Context, store *profile.Store, clients *service.Clients) {
	rows := o.review()
	if slices.ContainsFunc(rows, func(row bulk.Reviewed) bool { return row.Verdict == bulk.NoPassword }) && !o.dry {
		password, ok := o.secret(ctx, o.fromStdin, "cli.prompt.password")
		if !ok {
			return
		}
		o.identity.Password = password
		rows = o.review()
	}
	if !o.tell(rows) {
		return
	}
	m := newMany(&o.manyOptions, store, clients, true)
	began := time.Now()
	deps := m.deps()
	deps.Replace = o.replace // each at once: a new token must not be lost if the program is ended
	m.follow(ctx, bulk.Obtain(deps, rows))
	m.report(began)
}

// tell says what is wrong with rows, or with --dry-run what each would do; false if nothing is
// to be sent.
func (o *listOptions) tell(rows []bulk.Reviewed) bool {
	ready, saved, problems := 0, 0, 0
	for _, row := range rows {
		text := o.texts.T("cli.list.row", "Row", row.Line, "Port", row.PortCode, "Result", o.texts.Row(row))
		switch {
		case row.Verdict == bulk.Ready || row.Verdict == bulk.AlreadySaved && row.Again:
			ready++
		case row.Verdict == bulk.AlreadySaved:
			saved++
		case row.Verdict == bulk.NoPassword && o.dry: // it is asked for when it is needed
			ready++
		default:
			problems++
			if !o.dry {
				o.warn(text)
				continue
			}
		}
		if o.dry {
			fmt.Fprintln(o.Stdout, text)
		}
	}
	if saved > 0 {
		fmt.Fprintln(o.Stderr, o.texts.N("cli.list.saved", saved))
	}
	switch {
	case problems > 0 && !o.skip:
		o.fail(ExitUsage, o.texts.N("cli.list.problems", problems))
		return false
	case ready == 0:
		fmt.Fprintln(o.Stderr, o.texts.T("cli.list.nothing"))
		return false
	}
	return !o.dry
}
