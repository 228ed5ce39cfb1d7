//go:build !windows

package main

import (
	"io"
	"os"
)

// streams are what the program reads from and writes to.
func streams() (stdin io.Reader, stdout, stderr io.Writer) { return os.Stdin, os.Stdout, os.Stderr }
