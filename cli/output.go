package cli

import (
	"cmp"
	"encoding/json"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
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
	file, ok := o.to.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	return int(file.Fd()), true
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
