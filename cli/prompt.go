package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/term"

	"amarre/authclient"
	"amarre/internal/desktop"
)

// secret reads a secret from standard input, or asks for it without echo; false after
// saying why there is none. What is not one line of text is refused, not altered.
func (r *run) secret(ctx context.Context, fromStdin bool, prompt string) (authclient.Secret, bool) {
	var text string
	var err error
	if fromStdin {
		text, err = await(ctx, func() (string, error) { return readGiven(r.Stdin) })
	} else if terminal, ok := r.terminal(); ok {
		text, err = r.typed(ctx, terminal, prompt)
	} else {
		r.noTerminal()
		return authclient.Secret{}, false
	}
	var why unusable
	switch {
	case err == nil:
		return authclient.NewSecret(text), true
	case errors.As(err, &why):
		limit := maxSecret >> 10
		if why == typedAsCut {
			limit = desktop.MaxTyped
		}
		r.usage(string(why), "Limit", limit)
	case fromStdin && !errors.Is(err, context.Canceled):
		r.noTerminal()
	default: // interrupted, or the terminal's end of input
		r.status = ExitCancelled
	}
	return authclient.Secret{}, false
}

// typed asks for a secret on a terminal, without echo. No signal that ends the program may
// leave the terminal so: it would look dead.
func (r *run) typed(ctx context.Context, terminal *os.File, prompt string) (text string, err error) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGQUIT, syscall.SIGABRT)
	defer stop()
	hidden, err := desktop.HideTyping(terminal)
	if err != nil {
		return "", err
	}
	defer func() { hidden.Restore(err != nil) }()
	fmt.Fprint(r.Stderr, r.texts.T(prompt))
	defer fmt.Fprintln(r.Stderr)
	return await(ctx, func() (string, error) { return readTyped(hidden) })
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
