//go:build windows

// Command console is amarre.com, which the packages for Windows put beside amarre.exe:
// what runs when somebody types amarre into a console. A shell does not wait for a
// program of the graphical kind, as amarre.exe is one, so that both would read what is
// typed next, a password too, and nobody would see the exit status. This one is waited
// for, and waits for amarre.exe. (Visual Studio's devenv.com is the same.)
package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

// waiting is set in the environment of amarre.exe, so that it reads from the console:
// see streams_windows.go.
const waiting = "AMARRE_CONSOLE=1"

func main() {
	status, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "amarre:", err)
		os.Exit(1)
	}
	os.Exit(int(status))
}

// run runs the amarre.exe beside this program and returns its exit status.
func run() (status uint32, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	program := strings.TrimSuffix(self, filepath.Ext(self)) + ".exe"
	// Ctrl+C is for amarre.exe, which has the same console.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	_, handle, err := syscall.StartProcess(program, append([]string{program}, os.Args[1:]...), &syscall.ProcAttr{
		Env:   append(os.Environ(), waiting),
		Files: []uintptr{redirected(windows.Stdin), redirected(windows.Stdout), redirected(windows.Stderr)},
	})
	if err != nil {
		return 0, fmt.Errorf("%s: %w", program, err)
	}
	process := windows.Handle(handle)
	if _, err := windows.WaitForSingleObject(process, windows.INFINITE); err != nil {
		return 0, err
	}
	err = windows.GetExitCodeProcess(process, &status)
	return status, err
}

// redirected returns a standard handle, or 0 for the console itself, which amarre.exe
// opens: it would be of no use to a program that is not attached yet.
func redirected(handle windows.Handle) uintptr {
	var mode uint32
	if kind, err := windows.GetFileType(handle); err != nil || kind == windows.FILE_TYPE_UNKNOWN || windows.GetConsoleMode(handle, &mode) == nil {
		return 0
	}
	return uintptr(handle)
}
