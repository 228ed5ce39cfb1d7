//go:build unix

package cli_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/term"

	"amarre/authclient/authtest"
	"amarre/cli"
	"amarre/internal/desktop"
)

const prompt = "Password: "

// console is a program that runs on a pseudo-terminal, which is its standard input and
// standard error.
type console struct {
	cmd    *exec.Cmd
	stdout bytes.Buffer
	master *os.File
	tty    *os.File
	before *term.State

	mu    sync.Mutex
	grew  sync.Cond
	shown string // on the terminal, and over when the program has ended

	ended   chan struct{}
	waitErr error // of cmd.Wait, once ended is closed
	reading sync.WaitGroup
}

// over is what the tests write on the terminal after the program.
const over = "<over>"

// startOnConsole starts a program of the tests. Its standard output is kept, unless stdout
// is another file.
func startOnConsole(t *testing.T, stdout *os.File, name string, args ...string) *console {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	c := &console{cmd: exec.Command(name, args...), master: master, tty: tty, ended: make(chan struct{})}
	c.grew.L = &c.mu
	t.Cleanup(func() {
		if c.cmd.Process != nil {
			_ = c.cmd.Process.Kill()
			<-c.ended
		}
		_ = tty.Close()
		_ = master.Close()
		c.reading.Wait()
	})
	if c.before, err = term.GetState(int(tty.Fd())); err != nil {
		t.Fatal(err)
	}
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = tty, &c.stdout, tty
	if stdout != nil {
		c.cmd.Stdout = stdout
	}
	c.cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME=")
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.waitErr = c.cmd.Wait()
		_, _ = io.WriteString(tty, over)
		close(c.ended)
	}()
	c.reading.Go(func() {
		buffer := make([]byte, 4096)
		for {
			n, err := master.Read(buffer)
			c.mu.Lock()
			c.shown += string(buffer[:n])
			c.mu.Unlock()
			c.grew.Broadcast()
			if err != nil {
				return
			}
		}
	})
	return c
}

// waitFor waits until the terminal shows a text.
func (c *console) waitFor(t *testing.T, text string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !strings.Contains(c.shown, text) {
		if strings.Contains(c.shown, over) {
			t.Fatalf("the program has ended; the terminal shows %q, want %q", c.shown, text)
		}
		c.grew.Wait()
	}
}

func (c *console) typed(t *testing.T, keys string) {
	t.Helper()
	if _, err := io.WriteString(c.master, keys); err != nil {
		t.Fatal(err)
	}
}

// end waits for the end of the program, and for all that it wrote. It returns the exit
// status, -1 for a program that a signal killed, and what the terminal showed.
func (c *console) end(t *testing.T) (status int, shown string) {
	t.Helper()
	<-c.ended
	var exit *exec.ExitError
	if c.waitErr != nil && !errors.As(c.waitErr, &exit) {
		t.Fatal(c.waitErr)
	}
	after, err := term.GetState(int(c.tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(after, c.before) {
		t.Error("the terminal is not as it was")
	}
	c.waitFor(t, over)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cmd.ProcessState.ExitCode(), c.shown
}

// TestTypedPassword: what is typed for a password is sent as it is, or not at all.
func TestTypedPassword(t *testing.T) {
	const password = "Fourni par, é €"
	server, err := authtest.Start([]authtest.Account{{PortCode: "MTP", ERPID: 15, Password: password}}, authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	const begin, end = "\x1b[200~", "\x1b[201~"
	for _, c := range []struct {
		name, keys string
		status     int
		why        string // a part of it
	}{
		{name: "typed", keys: password + "\r"},
		{name: "corrected", keys: password + "xy\x7f\x7f\r"},
		{name: "corrected with another key", keys: "\b" + password + "éx\b\b\r"},
		{name: "pasted", keys: begin + password + end + "\r"},
		{name: "pasted in two", keys: begin + "Fourni" + end + begin + " par, é €" + end + "\r"},
		{name: "pasted with its line break", keys: begin + password + "\r" + end + "\r"},
		{name: "pasted lines", keys: begin + password + "\r" + password + end + "\r", status: cli.ExitUsage, why: "more than one line"},
		{name: "pasted zero-width space", keys: begin + password + "\u200b" + end + "\r", status: cli.ExitUsage, why: "cannot be seen"},
		{name: "arrow", keys: password + "\x1b[D\r", status: cli.ExitUsage, why: "A key such as an arrow"},
		{name: "F1", keys: "\x1bOP" + password + "\r", status: cli.ExitUsage, why: "A key such as an arrow"},
		{name: "tab", keys: password + "\t\r", status: cli.ExitUsage, why: "A key such as an arrow"},
		{name: "Latin-1", keys: "Fourni \xe9\r", status: cli.ExitUsage, why: "neither UTF-8 nor UTF-16"},
		{name: "nothing", keys: "\r", status: cli.ExitUsage, why: "Enter the password"},
		{name: "end of input", keys: "\x04", status: cli.ExitCancelled},
		{name: "cut by the terminal", keys: strings.Repeat("a", desktop.MaxTyped) + "bc\r", status: cli.ExitUsage, why: "A terminal cuts lines"},
		{name: "pasted and cut", keys: begin + strings.Repeat("a", desktop.MaxTyped) + end + "\r", status: cli.ExitUsage, why: "A terminal cuts lines"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := server.Logins()
			console := startOnConsole(t, nil, "amarre", "login", "--lang=en", "--service="+server.URL, "--port=MTP", "--erp=15")
			console.waitFor(t, prompt)
			console.typed(t, c.keys)
			status, shown := console.end(t)
			if status != c.status || !strings.Contains(shown, c.why) || strings.Contains(shown, "Fourni") {
				t.Errorf("status %d, want %d; the terminal shows %q, want %q", status, c.status, shown, c.why)
			}
			if sent := server.Logins() - before; c.status != cli.ExitOK && sent > 0 {
				t.Errorf("%d requests", sent)
			}
		})
	}
}

// TestNothingIsLeftForTheShell: what a refused paste had after its first line is not what
// the user's next command reads.
func TestNothingIsLeftForTheShell(t *testing.T) {
	console := startOnConsole(t, nil, "amarre", "login", "--lang=en", "--demo", "--port=MTP", "--erp=15")
	console.waitFor(t, prompt)
	console.typed(t, "a\tb\rrm -r precious\r")
	if status, shown := console.end(t); status != cli.ExitUsage || !strings.Contains(shown, "A key such as") {
		t.Errorf("status %d, the terminal shows %q", status, shown)
	}
	console.typed(t, "next\r")
	line := make([]byte, 100)
	if n, err := console.tty.Read(line); err != nil || string(line[:n]) != "next\n" {
		t.Errorf("the next command reads %q, %v", line[:n], err)
	}
}

// TestSignalsWhileAsked: each signal that ends the program at a hidden prompt gives the
// terminal back as it was, and the status is that of a cancelled command.
func TestSignalsWhileAsked(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT} {
		t.Run(s.String(), func(t *testing.T) {
			heed(t, s)
			console := startOnConsole(t, nil, "amarre", "login", "--lang=en", "--demo", "--port=MTP", "--erp=15")
			console.waitFor(t, prompt)
			during, err := term.GetState(int(console.tty.Fd()))
			if err != nil || reflect.DeepEqual(during, console.before) {
				t.Errorf("the prompt is not hidden, %v", err)
			}
			if err := console.cmd.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
			if status, shown := console.end(t); status != cli.ExitCancelled || !strings.HasPrefix(shown, prompt+"\r\n") {
				t.Errorf("status %d, want %d; the terminal shows %q", status, cli.ExitCancelled, shown)
			}
		})
	}
}

// TestKeysThatSignal: Ctrl+C and Ctrl+\ end the prompt as the signals do.
func TestKeysThatSignal(t *testing.T) {
	for _, key := range []string{"\x03", "\x1c"} {
		console := startOnConsole(t, nil, "amarre", "login", "--lang=en", "--demo", "--port=MTP", "--erp=15")
		console.waitFor(t, prompt)
		console.typed(t, "secret"+key)
		if status, shown := console.end(t); status != cli.ExitCancelled || strings.Contains(shown, "secret") {
			t.Errorf("%q: status %d, want %d; the terminal shows %q", key, status, cli.ExitCancelled, shown)
		}
	}
}

// TestSignalsWhilePiped: a signal ends a program that waits for a secret from a pipe.
func TestSignalsWhilePiped(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(s.String(), func(t *testing.T) {
			heed(t, s)
			for name, args := range map[string][]string{
				"login":   {"login", "--lang=en", "--demo", "--port=MTP", "--erp=15", "--password-stdin"},
				"account": {"account", "--lang=en", "--demo", "--token-stdin"},
				"import":  {"import", "--lang=en", "--passphrase-stdin", "testdata/moving.txtar"},
			} {
				c := startPiped(t, "amarre", args...)
				if err := c.cmd.Process.Signal(s); err != nil {
					t.Fatal(err)
				}
				if status, stderr := c.end(t); status != cli.ExitCancelled || stderr != "" {
					t.Errorf("%s: status %d, want %d; stderr %q", name, status, cli.ExitCancelled, stderr)
				}
			}
		})
	}
}

// TestIgnoredSignalsStayIgnored: a program that was started with nohup goes on when its
// terminal is closed, and one in a script's background when the script gets Ctrl+C.
func TestIgnoredSignalsStayIgnored(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT} {
		t.Run(s.String(), func(t *testing.T) {
			name := map[syscall.Signal]string{syscall.SIGHUP: "HUP", syscall.SIGINT: "INT"}[s]
			c := startPiped(t, "/bin/sh", "-c", "trap '' "+name+"; exec amarre login --lang=en --demo --port=MTP --erp=15 --password-stdin")
			if err := c.cmd.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(c.stdin, authtest.DemoPassword); err != nil {
				t.Fatal(err)
			}
			_ = c.stdin.Close()
			if status, stderr := c.end(t); status != cli.ExitOK {
				t.Errorf("status %d, stderr %q", status, stderr)
			}
		})
	}
}

// piped is a program that has begun to read a pipe, its standard input.
type piped struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stderr io.Reader // after what it said when it began
}

func startPiped(t *testing.T, name string, args ...string) *piped {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME=", "SAY_READS=1", "RING="+t.TempDir()+"/ring")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	said := make([]byte, len("reads\n"))
	if _, err := io.ReadFull(stderr, said); err != nil || string(said) != "reads\n" {
		t.Fatalf("%q, %v", said, err)
	}
	return &piped{cmd, stdin, stderr}
}

func (p *piped) end(t *testing.T) (status int, stderr string) {
	t.Helper()
	rest, err := io.ReadAll(p.stderr)
	if err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode(), string(rest)
}

// heed makes sure that the programs that the test starts do not ignore a signal because the
// test does, under nohup.
func heed(t *testing.T, s os.Signal) {
	received := make(chan os.Signal, 1)
	signal.Notify(received, s)
	t.Cleanup(func() { signal.Stop(received) })
}
