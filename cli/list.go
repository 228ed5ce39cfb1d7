package cli

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"amarre/profile"
)

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
func (r *run) list() *cobra.Command {
	var asJSON bool
	c := r.command("list "+r.texts.T("cli.options"), "cli.list", cobra.NoArgs, func(ctx context.Context, _ []string) {
		r.withProfiles(ctx, func(_ *profile.Store, list []profile.Profile) {
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
			_ = table.Flush() // see output
		})
	})
	c.Flags().BoolVar(&asJSON, "json", false, r.texts.T("cli.flag.json_list"))
	return c
}
