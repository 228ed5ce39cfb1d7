//go:build unix

package desktop

import (
	"bytes"
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Hidden is a terminal that does not show what is typed. The system still edits the line
// and turns its keys, such as Ctrl+C, into signals.
type Hidden struct {
	terminal *os.File
	before   *unix.Termios
}

// HideTyping stops a terminal from showing what is typed, until [Hidden.Restore].
func HideTyping(terminal *os.File) (*Hidden, error) {
	before, err := unix.IoctlGetTermios(int(terminal.Fd()), getTermios)
	if err != nil {
		return nil, err
	}
	hidden := *before
	hidden.Lflag &^= unix.ECHO
	hidden.Lflag |= unix.ICANON | unix.ISIG
	hidden.Iflag |= unix.ICRNL
	if err := unix.IoctlSetTermios(int(terminal.Fd()), setTermios, &hidden); err != nil {
		return nil, err
	}
	return &Hidden{terminal, before}, nil
}

// ReadLine reads one line, without its end. The error is io.EOF if there is none. A line of
// MaxTyped bytes has lost what was typed after them. Nothing can interrupt it.
func (h *Hidden) ReadLine() (string, error) {
	var line []byte
	buffer := make([]byte, MaxTyped+1)
	for {
		n, err := h.terminal.Read(buffer)
		line = append(line, buffer[:n]...)
		if text, ended := bytes.CutSuffix(line, []byte("\n")); ended {
			return string(text), nil
		}
		if errors.Is(err, io.EOF) && len(line) > 0 { // Ctrl+D
			return string(line), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// Restore shows again what is typed. discard drops what was typed and not read, which the
// shell would take as its own.
func (h *Hidden) Restore(discard bool) {
	request := uint(setTermios)
	if discard {
		request = setTermiosDiscard
	}
	_ = unix.IoctlSetTermios(int(h.terminal.Fd()), request, h.before)
}
