//go:build unix

package main

import "golang.org/x/sys/unix"

// noCoreDumps keeps the memory of this program, in which secrets are, from being
// written to the disk when it is killed by a fault. Services that collect dumps
// follow the limit too.
func noCoreDumps() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}
