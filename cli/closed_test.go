//go:build unix && cgo

package cli_test

import (
	"os"
	"strings"
	"testing"

	"amarre/authclient/authtest"
	"amarre/cli"
)

// TestClosedStandardOutput: a standard output that is closed is no place to print a token,
// unlike one that the user discards, in whatever way it was opened.
func TestClosedStandardOutput(t *testing.T) {
	env := append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME=")
	for redirection, want := range map[string]int{
		">&-":             cli.ExitInternal,
		"<&- >&-":         cli.ExitUsage, // no password either
		">/dev/null":      cli.ExitOK,
		"1<>/dev/null":    cli.ExitOK, // as Python's DEVNULL
		"2>&- >/dev/null": cli.ExitOK,
	} {
		status, stderr := runInto(t, nil, authtest.DemoPassword, env, "/bin/sh", "-c",
			"exec amarre login --lang=en --demo --port=MTP --erp=15 --password-stdin "+redirection)
		if status != want || want == cli.ExitInternal && !strings.Contains(stderr, "The token was obtained") {
			t.Errorf("%s: status %d, want %d; stderr %q", redirection, status, want, stderr)
		}
	}
}
