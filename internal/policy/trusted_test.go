//go:build !e2e

package policy

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestUntrustedPolicy: a policy that others may write, or replace, stops the program, and so
// does one in a folder that they may replace. It is no matter where there is none.
func TestUntrustedPolicy(t *testing.T) {
	base := filepath.Join(t.TempDir(), "of-a-user")
	path := filepath.Join(base, "certs", "policy.toml")
	for _, err := range []error{os.MkdirAll(filepath.Dir(path), 0o755), os.Chmod(base, 0o777)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if p, err := load(path, open); err != nil || p.Restricts() {
		t.Errorf("without a file: %+v, %v", p, err)
	}
	if err := os.WriteFile(path, []byte("forbid_saving_passwords = true"), 0o644); err != nil {
		t.Fatal(err)
	}
	if p, err := load(path, open); !errors.Is(err, ErrUntrusted) || p.Restricts() {
		t.Errorf("below a folder that others may write: %+v, %v", p, err)
	}
}
