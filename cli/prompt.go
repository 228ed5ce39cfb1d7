package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/term"

	"amarre/authclient"
)

// maxSecret is the most bytes of a secret that are read.
const maxSecret = 64 << 10

// secret reads a secret from standard input, or asks for it without echo; false after
// saying why there is none. A line break at its end is not part of it.
func (r *run) secret(ctx context.Context, fromStdin bool, prompt string) (authclient.Secret, bool) {
	read := func() ([]byte, error) { return io.ReadAll(io.LimitReader(r.Stdin, maxSecret)) }
	if !fromStdin {
		terminal, ok := r.terminal()
		if !ok {
			r.noTerminal()
			return authclient.Secret{}, false
		}
		fd := int(terminal.Fd())
		if before, err := term.GetState(fd); err == nil {
			defer func() { _ = term.Restore(fd, before) }() // one left without echo would look dead
		}
		fmt.Fprint(r.Stderr, r.texts.T(prompt))
		defer fmt.Fprintln(r.Stderr)
		read = func() ([]byte, error) { return term.ReadPassword(fd) }
	}
	content, err := await(ctx, read)
	if errors.Is(err, context.Canceled) {
		r.status = ExitCancelled
	} else if err != nil {
		r.noTerminal()
	}
	return authclient.NewSecret(strings.TrimSuffix(string(bytes.TrimSuffix(content, []byte("\n"))), "\r")), err == nil
}

// noTerminal says how a secret is given where there is nobody to ask.
func (r *run) noTerminal() {
	if r.Console != "" {
		r.usage("cli.error.no_console")
		return
	}
	r.usage("cli.error.no_terminal")
}

// terminal returns the terminal to ask on: standard input or, where that is a file of
// the user's, the terminal that the program was started from. A program that a shell does
// not wait for has none: both would read what is typed.
func (r *run) terminal() (*os.File, bool) {
	if r.Console != "" {
		return nil, false
	}
	file, ok := r.Stdin.(*os.File)
	if r.stdinIsFile {
		name := "/dev/tty"
		if runtime.GOOS == "windows" {
			name = "CONIN$"
		}
		opened, err := os.OpenFile(name, os.O_RDWR, 0)
		file, ok = opened, err == nil
	}
	return file, ok && term.IsTerminal(int(file.Fd()))
}

// confirm asks a question on the terminal until it is answered; an empty answer and the
// end of input are a no. It says so where there is no terminal.
func (r *run) confirm(ctx context.Context, question string) bool {
	terminal, ok := r.terminal()
	if !ok {
		r.usage("cli.error.yes_needed")
		return false
	}
	lines := bufio.NewReader(terminal)
	for {
		fmt.Fprint(r.Stderr, question+" ")
		answer, err := await(ctx, func() (string, error) { return lines.ReadString('\n') })
		answer = strings.ToLower(strings.TrimSpace(answer))
		switch {
		case slices.Contains(strings.Fields(r.texts.T("cli.yes")), answer):
			return true
		case err != nil, answer == "", slices.Contains(strings.Fields(r.texts.T("cli.no")), answer):
			r.status = ExitCancelled
			return false
		}
	}
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
