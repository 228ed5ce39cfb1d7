package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

// version prints the version, as the flag --version does.
func (r *run) version() *cobra.Command {
	return &cobra.Command{Use: "version", Short: r.texts.T("cli.version"), Args: cobra.NoArgs, Run: func(*cobra.Command, []string) { r.printVersion() }}
}

func (r *run) printVersion() { fmt.Fprintln(r.Stdout, "Amarre", r.Version) }
