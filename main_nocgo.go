//go:build !cgo && !ci

// Amarre without cgo has its command line, and no window; it says what is
// missing.
package main

import (
	"os"

	"amarre/cli"
)

func main() {
	os.Exit(runProgram(func(cli.Options) error { return cli.ErrNoCgo }))
}
