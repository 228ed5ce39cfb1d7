package desktop

import (
	"math"
	"os"

	"golang.org/x/sys/windows"
	"golang.org/x/term"
)

// MaxTyped is the number of bytes at which a line that is typed may have been cut: none is.
const MaxTyped = math.MaxInt

// Hidden is a console that does not show what is typed.
type Hidden struct {
	console *os.File
	before  *term.State
}

// HideTyping prepares a console for [Hidden.ReadLine], until [Hidden.Restore].
func HideTyping(console *os.File) (*Hidden, error) {
	before, err := term.GetState(int(console.Fd()))
	if err != nil {
		return nil, err
	}
	return &Hidden{console, before}, nil
}

// ReadLine reads one line, without its end and without showing it. The error is io.EOF if
// there is none. Nothing can interrupt it.
func (h *Hidden) ReadLine() (string, error) {
	line, err := term.ReadPassword(int(h.console.Fd()))
	return string(line), err
}

// Restore shows again what is typed. discard drops what was typed and not read, which the
// shell would take as its own.
func (h *Hidden) Restore(discard bool) {
	if discard {
		_ = windows.FlushConsoleInputBuffer(windows.Handle(h.console.Fd()))
	}
	_ = term.Restore(int(h.console.Fd()), h.before)
}
