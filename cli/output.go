package cli

import (
	"cmp"
	"encoding/json"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"amarre/authclient"
)

// output is standard output. It keeps the first error of a write, so that no caller has
// to look: Main does.
type output struct {
	to  io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	o.err = cmp.Or(o.err, err)
	return n, err
}

// terminal returns the file descriptor of the terminal that output goes to; false if it
// goes elsewhere.
func (o *output) terminal() (fd int, ok bool) {
	return terminalOf(o.to)
}

func terminalOf(w io.Writer) (fd int, ok bool) {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	return int(file.Fd()), true
}

// whereIs says where a token is that was obtained and cannot be printed. It is not lost if
// it is saved, or if the user reads standard error on a terminal, where it is shown instead.
func (r *run) whereIs(token authclient.Secret, saved string) string {
	if saved != "" {
		return r.texts.T("cli.error.token_saved", "Name", saved)
	}
	if _, ok := terminalOf(r.Stderr); ok {
		return r.texts.T("cli.error.token_here", "Token", token.Reveal())
	}
	return r.texts.T("cli.error.token_lost")
}

// outputFailed says that output could not be written, and what was obtained
// nevertheless. No run that lost output has status 0.
func (r *run) outputFailed() {
	key := "cli.error.output_failed"
	if r.Console != "" {
		key = "cli.error.output_no_console"
	}
	why := r.texts.T(key, "Detail", r.out.err, "Command", r.Console)
	r.fail(cmp.Or(r.status, ExitInternal), strings.TrimSpace(why+" "+r.obtained))
}

// printJSON prints one line of JSON.
func (r *run) printJSON(value any) {
	encoder := json.NewEncoder(r.Stdout)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // see output
}
