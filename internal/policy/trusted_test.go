//go:build unix && !e2e

package policy

import (
	"os"
	"path/filepath"
	"testing"
)

// TestIsTrusted: a file that others may write, or replace, is not followed.
func TestIsTrusted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.toml")
	for _, c := range []struct{ folder, file os.FileMode }{{0o755, 0o666}, {0o777, 0o644}, {0o755, 0o644}} {
		for _, err := range []error{os.WriteFile(path, nil, 0o644), os.Chmod(path, c.file), os.Chmod(filepath.Dir(path), c.folder)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		want := os.Getuid() == 0 && c.folder == 0o755 && c.file == 0o644
		if got, err := isTrusted(path); got != want || err != nil {
			t.Errorf("folder %o, file %o: %v, %v; want %v", c.folder, c.file, got, err, want)
		}
	}
	open := filepath.Join(t.TempDir(), "open")
	for _, err := range []error{os.Mkdir(open, 0o755), os.Chmod(open, 0o777), os.WriteFile(filepath.Join(open, "policy.toml"), nil, 0o644), os.Remove(path), os.Symlink(filepath.Join(open, "policy.toml"), path)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got, err := isTrusted(path); got || err != nil {
		t.Errorf("a link to where others may write: %v, %v", got, err)
	}
}
