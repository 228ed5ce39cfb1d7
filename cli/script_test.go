package cli_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"amarre/authclient/authtest"
	"amarre/cli"
	"amarre/internal/desktop"
	"amarre/internal/keyring"
	"amarre/internal/policy"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"amarre": func() {
			stdin := io.Reader(os.Stdin)
			if os.Getenv("SAY_READS") != "" {
				stdin = &saysReads{Reader: stdin}
			}
			os.Exit(cli.Main(os.Args[1:], cli.Program{
				Version: "9.9.9", Stdin: stdin, Stdout: desktop.Stdout(), Stderr: os.Stderr,
				Window:  func(cli.Options) error { return cli.ErrNoCgo },
				FyneDir: os.Getenv("TOOLKIT"), WorkFactor: 10,
				Sleep: func(_ context.Context, d time.Duration) {
					fmt.Fprintln(os.Stderr, "waits", d > 500*time.Millisecond)
				},
				Store: func(notice func(profile.Notice)) (*profile.Store, error) {
					dir, err := settings.Dir()
					if err != nil {
						return nil, err
					}
					fixed, _ := fixedByTest()
					var ring keyring.Backend = profiletest.FileRing{Path: os.Getenv("RING")}
					if os.Getenv("RING") == "none" {
						ring = &profiletest.Ring{Faults: profiletest.Faults{Is: keyring.NoService}}
					}
					return profile.Open(profile.Options{Dir: dir, Keyring: ring, NoPasswords: fixed.NoPasswords}), nil
				},
				Policy: fixedByTest,
			}))
		},
	})
}

// saysReads says on standard error that it is read.
type saysReads struct {
	io.Reader
	said bool
}

func (s *saysReads) Read(p []byte) (int, error) {
	if !s.said {
		s.said = true
		fmt.Fprintln(os.Stderr, "reads")
	}
	return s.Reader.Read(p)
}

// fixedByTest is the policy in the file that POLICY names.
func fixedByTest() (policy.Policy, error) {
	content, err := os.ReadFile(os.Getenv("POLICY"))
	if err != nil {
		return policy.Policy{}, nil
	}
	return policy.Parse(string(content))
}

// TestNoCommandsAfterFiles: below the first of its files a script's commands would be text of
// that file, and nobody would see that they are not run.
func TestNoCommandsAfterFiles(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	for _, script := range scripts {
		content, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		if lost := regexp.MustCompile(`(?ms)^-- .+? --$.*?^(status [^\n]*)`).FindSubmatch(content); lost != nil {
			t.Errorf("%s: not run: %s", script, lost[1])
		}
	}
}

// TestScripts runs testdata/*.txtar: the program as a shell sees it. Each script
// finds a stand-in service in $SERVICE and misbehaving ones in $BASIC, $DOWN, $ECHO,
// $PORTAL, $SELFSIGNED, $SLOW, $CLOSED and $LIMITS.
func TestScripts(t *testing.T) {
	serve := func(quirks authtest.Quirks) string {
		server, err := authtest.Start(authtest.DemoAccounts(), quirks)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		return server.URL
	}
	tls := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(tls.Close)
	closed, err := authtest.Start(nil, authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	service := serve(authtest.Quirks{})
	env := []string{
		"SERVICE=" + service,
		"FRESH=" + serve(authtest.Quirks{NewTokenEachTime: true}),
		"HOST=" + strings.TrimPrefix(service, "http://"),
		"ECHO=" + serve(authtest.Quirks{Echo: true}),
		"BASIC=" + serve(authtest.Quirks{BasicAuth: true}),
		"DOWN=" + serve(authtest.Quirks{LoginDown: true, AccountDown: true}),
		"PORTAL=" + serve(authtest.Quirks{RedirectTo: "https://portail.example/"}),
		"SLOW=" + serve(authtest.Quirks{Delay: 1 << 40}),
		"SELFSIGNED=" + tls.URL,
		"CLOSED=" + closed.URL,
		"LIMITS=" + limits(t),
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, env...)
			e.Vars = append(e.Vars, "AppData="+filepath.Join(e.WorkDir, "home", ".config")) // Windows'
			e.Vars = append(e.Vars, "HOME="+e.WorkDir+"/home", "XDG_CONFIG_HOME=", "RING="+e.WorkDir+"/ring/items.json", "POLICY="+e.WorkDir+"/policy.toml")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": status, "write": write},
	})
}

// limits starts a service whose address ends in how /account answers: /403, /423, /429,
// or /wait for a 503 with Retry-After. It accepts every log-in.
func limits(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, call, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		status, err := strconv.Atoi(answer)
		switch {
		case call == "Auth/Login":
			fmt.Fprint(w, `{"status":200,"msg":"","data":{"token":"TOKEN"}}`)
		case answer == "wait":
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(http.StatusServiceUnavailable)
		case err != nil:
			http.NotFound(w, r)
		default:
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"status":%d,"msg":"","data":null}`, status)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// write writes lines into a file: write FILE LINE…
func write(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: write FILE LINE…")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(args[1:], "\n")+"\n"), 0o600))
}

// status runs a program and checks its exit status: status 4 amarre login …
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command…")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if exit, ok := err.(interface{ ExitCode() int }); ok {
		got = strconv.Itoa(exit.ExitCode())
	}
	if got != args[0] {
		ts.Fatalf("%v ended with status %s, want %s", args[1:], got, args[0])
	}
}
