//go:build !cgo && !ci

// Amarre without cgo has no window; it says what is missing.
package main

import (
	"os"

	"amarre/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.Program{
		Version: version, Stdout: os.Stdout, Stderr: terminal(),
		Window: func(cli.Options) error { return cli.ErrNoCgo },
	}))
}
