package desktop

import (
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/windows"
)

// Stderr returns where the program tells the user what went wrong: the standard error
// or, where a program with a window has none, a message box. detached says that nobody
// reads the standard error.
func Stderr(detached bool) io.Writer {
	if kind, err := windows.GetFileType(windows.Handle(os.Stderr.Fd())); detached || err != nil || kind == windows.FILE_TYPE_UNKNOWN {
		return messageBox{}
	}
	return os.Stderr
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
	if program, why, ok := strings.Cut(message, ":"); ok && strings.TrimRight(program, " \u00a0") == "amarre" {
		message = strings.TrimLeft(why, " ")
	}
	first, size := utf8.DecodeRuneInString(message)
	return string(unicode.ToUpper(first)) + message[size:]
}
