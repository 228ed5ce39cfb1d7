package main

import (
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/windows"
)

// streams are what the program reads from and writes to. A program of Windows'
// graphical kind has none unless they are redirected: the console it was started
// from takes their place, or a message box for what went wrong.
func streams() (stdin io.Reader, stdout, stderr io.Writer) {
	stdin, stdout, stderr = os.Stdin, os.Stdout, os.Stderr
	if os.Getenv(restarted) != "" {
		return stdin, stdout, messageBox{}
	}
	if usable(os.Stdin) && usable(os.Stdout) && usable(os.Stderr) {
		return stdin, stdout, stderr
	}
	const parent = ^uintptr(0) // ATTACH_PARENT_PROCESS
	attached, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole").Call(parent)
	if !usable(os.Stdin) {
		if file := console("CONIN$", attached); file != nil {
			stdin = file
		}
	}
	if !usable(os.Stdout) {
		stdout = io.Discard
		if file := console("CONOUT$", attached); file != nil {
			stdout = file
		}
	}
	if !usable(os.Stderr) {
		stderr = messageBox{}
		if file := console("CONOUT$", attached); file != nil {
			stderr = file
		}
	}
	return stdin, stdout, stderr
}

func usable(file *os.File) bool {
	_, err := file.Stat()
	return err == nil
}

// console opens the console's input or output, nil if there is no console.
func console(name string, attached uintptr) *os.File {
	if attached == 0 {
		return nil
	}
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
