package main

import (
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// terminal is where the program says what went wrong: a program of Windows'
// graphical kind has no standard error unless it was given one, so that a
// message box takes its place.
func terminal() io.Writer {
	if _, err := os.Stderr.Stat(); err == nil {
		return os.Stderr
	}
	return messageBox{}
}

type messageBox struct{}

func (messageBox) Write(text []byte) (int, error) {
	body, err := windows.UTF16PtrFromString(string(text))
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
