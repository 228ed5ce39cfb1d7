//go:build unix

package desktop

import (
	"testing"

	"golang.org/x/sys/unix"
)

// TestNoCoreDumps: no core dump may be written (docs/security.md 14).
func TestNoCoreDumps(t *testing.T) {
	DisableCoreDumps()
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil || limit.Cur != 0 || limit.Max != 0 {
		t.Errorf("core dumps are limited to %d, at most %d: %v", limit.Cur, limit.Max, err)
	}
}
