//go:build unix

package fileperm

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAdminOnly(t *testing.T) {
	path, me := filepath.Join(t.TempDir(), "file"), uint32(os.Getuid())
	for mode, want := range map[os.FileMode]bool{0o644: true, 0o600: true, 0o444: true, 0o664: false, 0o646: false, 0o777: false} {
		if err := os.WriteFile(path, nil, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if got, err := onlyUserWrites(me, path); got != want || err != nil {
			t.Errorf("mode %o: %v, %v; want %v", mode, got, err, want)
		}
		if got, _ := onlyUserWrites(me+1, path); got {
			t.Errorf("mode %o: a file of mine passes for another's", mode)
		}
	}
	if got, err := AdminOnly(filepath.Join(path, "nothing")); got || err == nil {
		t.Errorf("a path that is not there: %v, %v", got, err)
	}
	if got, err := AdminOnlyDir("/"); !got || err != nil {
		t.Errorf("the root of the system: %v, %v", got, err)
	}
}
