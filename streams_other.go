//go:build !windows

package main

import (
	"io"
	"os"
)

// typed returns what is typed to run this program in a terminal.
func typed() string { return "amarre" }

// noConsole reports whether nothing can be asked in the console.
func noConsole() bool { return false }

// streams are what the program reads from and writes to.
func streams() (stdin io.Reader, stdout, stderr io.Writer) { return os.Stdin, os.Stdout, os.Stderr }
