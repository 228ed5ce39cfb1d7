//go:build !windows

package main

import (
	"io"
	"os"
)

// terminal is where the program says what went wrong.
func terminal() io.Writer { return os.Stderr }
