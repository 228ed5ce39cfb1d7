package desktop

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/windows"
)

// Stderr returns where the program tells the user what went wrong: the standard error
// or, where a program with a window has none, a message box. detached says that nobody
// reads the standard error. amarre.com has no box, which nobody would close where a
// service runs it.
func Stderr(detached bool) io.Writer {
	program, err := os.Executable()
	if err == nil && strings.EqualFold(filepath.Ext(program), ".com") {
		return os.Stderr
	}
	kind, err := windows.GetFileType(windows.Handle(os.Stderr.Fd()))
	switch {
	case detached || err != nil:
		return messageBox{}
	case kind == windows.FILE_TYPE_CHAR:
		return consoleOrBox{os.Stderr}
	default:
		return os.Stderr
	}
}

// consoleOrBox writes to a console, or shows what cannot be written there: a shell may
// hand its console's handle to a program with a window, which does not get the console.
type consoleOrBox struct{ console io.Writer }

func (c consoleOrBox) Write(text []byte) (int, error) {
	if n, err := c.console.Write(text); err == nil {
		return n, nil
	}
	return messageBox{}.Write(text)
}

// messageBox shows each message that is written to it.
type messageBox struct{}

func (messageBox) Write(text []byte) (int, error) {
	body, err := windows.UTF16PtrFromString(sentence(string(text)))
	if err != nil {
		return 0, err
	}
	title, err := windows.UTF16PtrFromString("Amarre")
	if err != nil {
		return 0, err
	}
	if _, err := windows.MessageBox(0, body, title, windows.MB_OK|windows.MB_ICONERROR); err != nil {
		return 0, err
	}
	return len(text), nil
}

// sentence makes a sentence of a message of the command line, "amarre: why".
func sentence(message string) string {
	message = strings.TrimSpace(message)
	if program, why, ok := strings.Cut(message, ":"); ok && strings.TrimRight(program, " \u00a0") == "amarre" {
		message = strings.TrimLeft(why, " ")
	}
	if message == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(message)
	return string(unicode.ToUpper(first)) + message[size:]
}
