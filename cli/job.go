package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"amarre/authclient"
	"amarre/authclient/authtest"
	"amarre/internal/keyring"
	"amarre/internal/policy"
	"amarre/internal/service"
)

// maxSecret is the most bytes of a secret that are read.
const maxSecret = 64 << 10

// job holds the flags that login and account share.
type job struct {
	*run
	fromStdin bool
	asJSON    bool
	timeout   time.Duration
	ca        string
	keeps     bool // the password too
}

// answer is what --json prints: one object.
type answer struct {
	Outcome    authclient.Outcome `json:"outcome"`
	HTTPStatus int                `json:"httpStatus"` // 0 where no answer came
	Token      string             `json:"token,omitempty"`
	PortCode   string             `json:"portCode,omitempty"`
	PortName   string             `json:"portName,omitempty"`
	Saved      string             `json:"saved,omitempty"` // the profile's name
}

func (j *job) addFlags(c *command, stdinFlag, stdinKey string) {
	c.flags.BoolVar(&j.fromStdin, stdinFlag, false, j.texts.T(stdinKey))
	c.flags.BoolVar(&j.asJSON, "json", false, j.texts.T("cli.flag.json"))
	j.addConnection(c)
}

func (j *job) addConnection(c *command) {
	j.addTimeout(c, &j.timeout)
	c.flags.StringVar(&j.ca, "ca", "", j.texts.T("cli.flag.ca"))
}

// login gets a token, prints it alone, and saves it if asked.
func (r *run) login() *command {
	j := &job{run: r}
	var port, erp string
	var keep saving
	var c *command
	c = r.command("login", "cli.login", func() {
		var problems []string
		cred := authclient.Credentials{}
		var err error
		if cred.PortCode, err = authclient.ParsePortCode(port); err != nil {
			problems = append(problems, j.texts.T("error.port_code"))
		}
		if cred.ERPID, err = authclient.ParseERPID(erp); err != nil {
			problems = append(problems, j.texts.T("error.erp_id"))
		}
		keep.wanted = c.flags.Changed("save")
		j.keeps = keep.password
		problems = append(problems, keep.problems(j.run)...)
		j.with(problems, "cli.prompt.password", "error.password", func(ctx context.Context, client *authclient.Client, password authclient.Secret) {
			cred.Password = password
			token, err := client.Login(ctx, cred)
			a := answer{Token: token.Reveal()}
			var saveErr error
			if err == nil && keep.wanted {
				a.Saved, saveErr = keep.save(ctx, j.run, client.Address().String(), cred, token)
			}
			j.done(a, token.Reveal(), err, j.texts.Login)
			if saveErr != nil { // the token is not lost: it was printed
				j.fail(ExitKeyring, j.texts.T("cli.error.not_saved", "Why", j.texts.Store(saveErr)))
			}
		})
	})
	r.addService(c)
	c.flags.StringVar(&port, "port", "", r.texts.T("cli.flag.port"))
	c.flags.StringVar(&erp, "erp", "", r.texts.T("cli.flag.erp"))
	j.addFlags(c, "password-stdin", "cli.flag.password_stdin")
	keep.addFlags(r, c)
	return c
}

// account asks whether a token is accepted and prints whose it is.
func (r *run) account() *command {
	j := &job{run: r}
	c := r.command("account", "cli.account", func() {
		j.with(nil, "cli.prompt.token", "cli.error.token", func(ctx context.Context, client *authclient.Client, token authclient.Secret) {
			account, err := client.Account(ctx, token)
			j.done(answer{PortCode: account.PortCode, PortName: account.PortName}, j.texts.Port(account), err, j.checkSentence)
		})
	})
	r.addService(c)
	j.addFlags(c, "token-stdin", "cli.flag.token_stdin")
	return c
}

// diagnose tests the connection, and the keyring, and prints each step as it
// ends. No credentials are sent. Without a service the keyring alone is tested,
// and in a demonstration the connection alone.
func (r *run) diagnose() *command {
	j := &job{run: r}
	c := r.command("diagnose", "cli.diagnose", func() {
		if j.opts.Service == "" && !j.opts.Demo {
			j.signalled(func(ctx context.Context) { j.testKeyring(ctx) })
			return
		}
		j.connected(nil, func(ctx context.Context, client *authclient.Client) {
			address := client.Address().String()
			fmt.Fprintln(j.Stdout, j.texts.T("diagnose.title", "URL", address, "Version", j.Version, "Time", time.Now().Format(time.DateTime)))
			err := client.Diagnose(ctx, func(f authclient.Finding) { fmt.Fprintln(j.Stdout, j.texts.Finding(f)) })
			j.status = exitStatus(authclient.OutcomeOf(err))
			if !j.opts.Demo {
				j.testKeyring(ctx)
			}
		})
	})
	r.addService(c)
	j.addConnection(c)
	return c
}

// testKeyring writes, reads and deletes an item, and prints each step. The exit
// status says so if it failed and nothing else did.
func (j *job) testKeyring(ctx context.Context) {
	store, err := j.Store()
	if err != nil {
		j.fail(ExitInternal, j.texts.T("cli.error.internal", "Detail", err))
		return
	}
	err = store.SelfTest(ctx, func(step keyring.SelfTestStep) { fmt.Fprintln(j.Stdout, j.texts.SelfTest(step)) })
	switch {
	case errors.Is(err, context.Canceled):
		j.status = ExitCancelled
	case err != nil && j.status == ExitOK:
		j.status = ExitKeyring
	}
}

func (j *job) checkSentence(err error) string {
	if authclient.OutcomeOf(err) == authclient.OutcomeRefused {
		return j.texts.T("cli.token_refused")
	}
	return j.texts.Check(err)
}

// with is connected, and reads the secret as well.
func (j *job) with(problems []string, prompt, empty string, do func(context.Context, *authclient.Client, authclient.Secret)) {
	j.connected(problems, func(ctx context.Context, client *authclient.Client) {
		secret, err := j.secret(ctx, j.fromStdin, prompt)
		switch {
		case errors.Is(err, context.Canceled):
			j.status = ExitCancelled
		case err != nil:
			j.noTerminal()
		case secret.IsZero():
			j.usage(empty)
		default:
			do(ctx, client, secret)
		}
	})
}

// connected makes a client and calls do with it. problems are what is already
// known to be wrong with the command line; nothing is asked or sent if there are
// any.
func (j *job) connected(problems []string, do func(context.Context, *authclient.Client)) {
	if j.opts.Demo && j.opts.Service != "" {
		j.usage("cli.error.demo_service")
		return
	}
	if j.opts.Demo {
		server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
		if err != nil {
			j.fail(ExitInternal, j.texts.T("cli.error.internal", "Detail", err))
			return
		}
		defer server.Close()
		j.opts.Service = server.URL
	}
	var fixed policy.Policy // of the demonstration: nothing is real
	if !j.opts.Demo {
		var ok bool
		if fixed, ok = j.policy(); !ok {
			return
		}
	}
	clients := &service.Clients{UserAgent: "Amarre/" + j.Version, Timeout: j.timeout, Policy: fixed}
	if j.opts.Demo {
		clients.Demo = j.opts.Service
	}
	if j.timeout <= 0 {
		problems = append(problems, j.texts.T("cli.error.timeout"))
	}
	var client *authclient.Client
	address, err := authclient.ParseAddress(j.opts.Service)
	if err != nil {
		problems = append(problems, j.texts.Address(err))
	} else {
		clients.Authorities = map[string]string{address.String(): j.ca}
		if client, err = clients.Client(address); errors.Is(err, authclient.ErrCAFile) {
			problems = append(problems, j.texts.T("error.ca", "File", j.ca))
		} else if err != nil {
			problems = append(problems, j.texts.T("error.service_not_allowed", "Services", strings.Join(fixed.Services, ", ")))
		}
	}
	if fixed.NoPasswords && j.keeps {
		problems = append(problems, j.texts.T("cli.error.no_passwords"))
	}
	if len(problems) > 0 {
		for _, problem := range problems {
			j.fail(ExitUsage, problem)
		}
		fmt.Fprintln(j.Stderr, j.texts.T("cli.see_help"))
		return
	}
	j.signalled(func(ctx context.Context) { do(ctx, client) })
}

// signalled calls do with a context that ends when the user interrupts.
func (r *run) signalled(do func(ctx context.Context)) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	do(ctx)
}

// done prints how a call ended.
func (j *job) done(a answer, text string, err error, sentence func(error) string) {
	outcome := authclient.OutcomeOf(err)
	if err != nil {
		a = answer{} // no part of an answer that is none
		var e *authclient.Error
		if errors.As(err, &e) {
			a.HTTPStatus = e.HTTPStatus
		}
		j.fail(exitStatus(outcome), sentence(err))
	} else {
		a.HTTPStatus = 200
		if !j.asJSON {
			fmt.Fprintln(j.Stdout, text)
		}
	}
	if j.asJSON {
		a.Outcome = outcome
		encoder := json.NewEncoder(j.Stdout)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(a); err != nil {
			j.fail(ExitInternal, j.texts.T("cli.error.internal", "Detail", err))
		}
	}
}

// secret reads a secret from standard input, or asks for it without echo. A line
// break at its end is not part of it.
func (r *run) secret(ctx context.Context, fromStdin bool, prompt string) (authclient.Secret, error) {
	if fromStdin {
		content, err := io.ReadAll(io.LimitReader(r.Stdin, maxSecret))
		if err != nil {
			return authclient.Secret{}, err
		}
		return authclient.NewSecret(strings.TrimSuffix(string(bytes.TrimSuffix(content, []byte("\n"))), "\r")), nil
	}
	fd, err := r.terminal()
	if err != nil {
		return authclient.Secret{}, err
	}
	before, err := term.GetState(fd)
	if err != nil {
		return authclient.Secret{}, err
	}
	fmt.Fprint(r.Stderr, r.texts.T(prompt))
	defer fmt.Fprintln(r.Stderr)
	typed, err := await(ctx, func() ([]byte, error) { return term.ReadPassword(fd) })
	if ctx.Err() != nil { // a terminal left without echo would look dead
		_ = term.Restore(fd, before)
	}
	return authclient.NewSecret(string(typed)), err
}

// errNoTerminal: there is nobody to ask.
var errNoTerminal = errors.New("standard input is no terminal")

// noTerminal says how a secret is given where there is nobody to ask.
func (r *run) noTerminal() {
	if r.Console != "" {
		r.usage("cli.error.no_console")
		return
	}
	r.usage("cli.error.no_terminal")
}

// terminal returns the terminal on standard input.
func (r *run) terminal() (fd int, err error) {
	file, ok := r.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, errNoTerminal
	}
	return int(file.Fd()), nil
}

// confirm asks a question on the terminal; no is the default.
func (r *run) confirm(ctx context.Context, question string) (bool, error) {
	if _, err := r.terminal(); err != nil {
		return false, err
	}
	fmt.Fprint(r.Stderr, question+" ")
	answer, err := await(ctx, func() (string, error) { return bufio.NewReader(r.Stdin).ReadString('\n') })
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	return slices.Contains(strings.Fields(r.texts.T("cli.yes")), strings.ToLower(strings.TrimSpace(answer))), nil
}

// await waits for a read that cannot be interrupted; the error is
// context.Canceled if ctx ends first.
func await[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := read()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var zero T
		return zero, context.Canceled
	}
}
