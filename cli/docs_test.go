package cli_test

import (
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"amarre/cli"
)

// TestCommandLineIsDocumented: docs/command-line.md has every command and every flag.
func TestCommandLineIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../docs/command-line.md")
	if err != nil {
		t.Fatal(err)
	}
	root, err := cli.Command("en")
	if err != nil {
		t.Fatal(err)
	}
	commands, flags := 0, 0
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.HasParent() && c.Parent().Name() == "completion" {
			return // a shell each, as the page says
		}
		commands++
		if !strings.Contains(string(page), "`"+c.CommandPath()) {
			t.Errorf("the page does not have %q", c.CommandPath())
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			flags++
			if !strings.Contains(string(page), "--"+f.Name) {
				t.Errorf("%s: the page does not have --%s", c.CommandPath(), f.Name)
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	if commands < 12 || flags < 20 {
		t.Errorf("found %d commands and %d flags", commands, flags)
	}
}
