//go:build !cgo && !ci

package main

import (
	"os"
	"os/exec"

	"amarre/cli"
	"amarre/internal/desktop"
)

// openWindow starts amarre.exe, if this is amarre.com: a program built without cgo has
// no window.
func openWindow(cli.Options) error {
	program := desktop.WindowProgram()
	if program == "" {
		return cli.ErrNoCgo
	}
	return exec.Command(program, os.Args[1:]...).Start()
}
