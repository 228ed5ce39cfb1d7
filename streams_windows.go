package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/windows"
)

// launched is set by amarre.com (cli/console), which waits in the console from which
// this program was started.
const launched = "AMARRE_CONSOLE"

// noConsole reports whether nothing can be asked in the console.
func noConsole() bool { return os.Getenv(launched) == "" }

// streams are what the program reads from and writes to. A program of Windows'
// graphical kind has none unless they are redirected: the console it was started
// from takes their place, or a message box for what went wrong. A shell that does not
// wait reads from its console too, and a password would be its next command: without
// amarre.com nothing is read from there.
func streams() (stdin io.Reader, stdout, stderr io.Writer) {
	stdin, stdout, stderr = os.Stdin, os.Stdout, os.Stderr
	if os.Getenv(restarted) != "" {
		return stdin, stdout, messageBox{}
	}
	if usable(os.Stdin) && usable(os.Stdout) && usable(os.Stderr) {
		return stdin, stdout, stderr
	}
	const parent = ^uintptr(0) // ATTACH_PARENT_PROCESS; it fails too where one is attached
	_, _, _ = windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole").Call(parent)
	if !usable(os.Stdin) && !noConsole() {
		if file := console("CONIN$"); file != nil {
			stdin = file
		}
	}
	if !usable(os.Stdout) {
		stdout = io.Discard
		if file := console("CONOUT$"); file != nil {
			stdout = file
		}
	}
	if !usable(os.Stderr) {
		stderr = messageBox{}
		if file := console("CONOUT$"); file != nil {
			stderr = file
		}
	}
	return stdin, stdout, stderr
}

// typed returns what is typed to run this program in a console: the path of amarre.com,
// because a shell finds it by its name only where the MSI has put it.
func typed() string {
	program, err := os.Executable()
	if err != nil {
		return "amarre"
	}
	program = strings.TrimSuffix(program, filepath.Ext(program)) + ".com"
	if _, err := os.Stat(program); err != nil {
		return "amarre"
	}
	return `"` + program + `"`
}

// usable reports whether a standard stream leads somewhere. Its facts are not asked for,
// which a file that is open for writing alone need not give.
func usable(file *os.File) bool {
	kind, err := windows.GetFileType(windows.Handle(file.Fd()))
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}

// console opens the console's input or output, nil if there is no console.
func console(name string) *os.File {
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil
	}
	return file
}

// sentence makes a message of the command line, "amarre: why", a sentence.
func sentence(message string) string {
	if program, why, ok := strings.Cut(message, ":"); ok && strings.TrimRight(program, " \u00a0") == "amarre" {
		message = strings.TrimLeft(why, " ")
	}
	first, size := utf8.DecodeRuneInString(message)
	return string(unicode.ToUpper(first)) + message[size:]
}

// messageBox shows what is written to it.
type messageBox struct{}

func (messageBox) Write(text []byte) (int, error) {
	body, err := windows.UTF16PtrFromString(sentence(string(text)))
	if err != nil {
		return 0, err
	}
	title, err := windows.UTF16PtrFromString(appName)
	if err != nil {
		return 0, err
	}
	if _, err := windows.MessageBox(0, body, title, windows.MB_OK|windows.MB_ICONERROR); err != nil {
		return 0, err
	}
	return len(text), nil
}
