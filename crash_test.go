//go:build cgo || ci

package main

import (
	"slices"
	"testing"
)

// TestEnvironmentAfterACrash: the new window may begin as the first one did, so that one
// that rendered in software does so again.
func TestEnvironmentAfterACrash(t *testing.T) {
	got := environment([]string{"LANG=fr", rendererGuard + "=software", "GALLIUM_DRIVER=llvmpipe"})
	if want := []string{"LANG=fr", "GALLIUM_DRIVER=llvmpipe", restarted + "=1"}; !slices.Equal(got, want) {
		t.Errorf("the environment is %q, want %q", got, want)
	}
}
