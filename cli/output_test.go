//go:build unix

package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"amarre/authclient/authtest"
	"amarre/cli"
)

// brokenPipe is a pipe that nobody reads any more.
func brokenPipe(t *testing.T) *os.File {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = read.Close()
	t.Cleanup(func() { _ = write.Close() })
	return write
}

// runInto runs a command with a standard output, none if it is nil, and returns its exit
// status, -1 for one that a signal killed, and its standard error.
func runInto(t *testing.T, stdout *os.File, stdin string, env []string, name string, args ...string) (status int, stderr string) {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = strings.NewReader(stdin), stdout, &errs, env
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), errs.String()
}

// TestBrokenPipe: output that nobody reads is an error of the output, and login says where
// the token is. A signal would end the program before.
func TestBrokenPipe(t *testing.T) {
	server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	env := append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME=", "RING="+t.TempDir()+"/ring")
	login := []string{"login", "--lang=en", "--service=" + server.URL, "--port=MTP", "--erp=15", "--password-stdin"}
	for _, c := range []struct {
		args []string
		want string // of standard error
	}{
		{login, "The token was obtained, but neither printed nor saved."},
		{append(login, "--save=Montpellier"), "The token was obtained and saved as “Montpellier”."},
		{append(login, "--save=Montpellier", "--json"), "The token was obtained and saved as “Montpellier”."},
		{[]string{"token", "Montpellier"}, "broken pipe"},
		{[]string{"list", "--lang=en"}, "broken pipe"},
		{[]string{"check", "--json"}, "broken pipe"},
	} {
		status, stderr := runInto(t, brokenPipe(t), authtest.DemoPassword, env, "amarre", c.args...)
		if status != cli.ExitInternal || !strings.Contains(stderr, c.want) {
			t.Errorf("%q: status %d, want %d; stderr %q, want %q", c.args, status, cli.ExitInternal, stderr, c.want)
		}
	}
}

// TestTokenOnTheTerminal: a token that could not be printed is shown where the user reads
// the error, if that is a terminal and the keyring does not have it.
func TestTokenOnTheTerminal(t *testing.T) {
	server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	token := regexp.MustCompile(`Here is the token: [A-Z0-9]{38}\r\n`)
	for _, saved := range []bool{false, true} {
		args := []string{"login", "--lang=en", "--service=" + server.URL, "--port=MTP", "--erp=15"}
		if saved {
			t.Setenv("RING", t.TempDir()+"/ring")
			args = append(args, "--save=Montpellier")
		}
		console := startOnConsole(t, brokenPipe(t), "amarre", args...)
		console.waitFor(t, prompt)
		console.typed(t, authtest.DemoPassword+"\r")
		status, shown := console.end(t)
		if status != cli.ExitInternal || token.MatchString(shown) == saved || saved && !strings.Contains(shown, "saved as “Montpellier”") {
			t.Errorf("saved %v: status %d, the terminal shows %q", saved, status, shown)
		}
	}
}
