package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

// version prints the version, as the flag --version does.
func (r *run) version() *cobra.Command {
	return r.command("version", "cli.version", cobra.NoArgs, func(context.Context, []string) { r.printVersion() })
}

func (r *run) printVersion() { fmt.Fprintln(r.Stdout, "Amarre", r.Version) }
