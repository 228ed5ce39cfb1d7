//go:build unix

package authclient_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"amarre/authclient"
)

// TestAuthorityThatIsNoFile: a pipe is not waited for, a device does not fill the memory.
func TestAuthorityThatIsNoFile(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{pipe, "/dev/zero"} {
		err := newClient(t, "https://logapass.example", authclient.Options{CAFile: file}).CheckAuthorities(t.Context())
		if !errors.Is(err, authclient.ErrCANotRegular) {
			t.Errorf("%s: %v, want ErrCANotRegular", file, err)
		}
	}
}
