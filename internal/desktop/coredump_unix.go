//go:build unix

package desktop

import "golang.org/x/sys/unix"

// DisableCoreDumps keeps the system from writing this program's memory, which holds
// secrets, to the disk when a fault kills it. Services that collect core dumps follow
// the same limit.
func DisableCoreDumps() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}
