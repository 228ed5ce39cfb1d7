//go:build !cgo && !ci

package main

import (
	"os"
	"syscall"

	"amarre/cli"
	"amarre/internal/desktop"
)

// openWindow starts amarre.exe, if this is amarre.com: a program built without cgo has
// no window. It does not wait for it. amarre.exe gets no standard streams, as from the
// desktop, so that it says in a message box what goes wrong.
func openWindow(cli.Options) error {
	program := desktop.WindowProgram()
	if program == "" {
		return cli.ErrNoCgo
	}
	_, _, err := syscall.StartProcess(program, append([]string{program}, os.Args[1:]...), &syscall.ProcAttr{Env: os.Environ(), Files: make([]uintptr, 3)})
	return err
}
