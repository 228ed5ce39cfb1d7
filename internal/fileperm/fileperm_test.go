package fileperm

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestOpenAsksForEveryFolder: from the root of the volume down, then for the file that was
// opened; one that is untrusted or cannot be asked is enough.
func TestOpenAsksForEveryFolder(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(base, "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var want []string
	for folder := base; ; folder = filepath.Dir(folder) {
		want = slices.Insert(want, 0, folder)
		if filepath.Dir(folder) == folder {
			break
		}
	}
	for _, bad := range append([]string{""}, append(want, path)...) {
		for why, answer := range map[string]error{"is untrusted": nil, "cannot be asked": os.ErrPermission} {
			var asked []string
			ask := func(name string) (bool, error) {
				asked = append(asked, name)
				if name == bad {
					return answer != nil, answer
				}
				return true, nil
			}
			file, err := open(path, checks{replaceIn: ask, retarget: ask, write: func(f *os.File) (bool, error) { return ask(f.Name()) }})
			if bad != "" && (!errors.Is(err, ErrUntrusted) || answer != nil && !errors.Is(err, answer)) {
				t.Errorf("%s %s: %v, want ErrUntrusted", bad, why, err)
			}
			var named *fs.PathError
			if bad != "" && (!errors.As(err, &named) || named.Path != bad) {
				t.Errorf("%s %s: %v does not name it", bad, why, err)
			}
			if bad == "" {
				if err != nil {
					t.Fatal(err)
				}
				_ = file.Close()
				if !slices.Equal(asked, append(slices.Clone(want), path)) {
					t.Errorf("asked for %q, want %q and the file", asked, want)
				}
			}
		}
	}
}
