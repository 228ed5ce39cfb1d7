package softgl

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFindRenderer: a library is loaded only where nobody but an administrator can write.
func TestFindRenderer(t *testing.T) {
	for name, c := range map[string]struct {
		files       []string
		unprotected string // relative to the program's folder
		want        bool
	}{
		"installed by an administrator":  {files: []string{"opengl32.dll", "LICENCE.txt"}, want: true},
		"none":                           {},
		"another library":                {files: []string{"other.dll"}},
		"below a folder of the user's":   {files: []string{"opengl32.dll"}, unprotected: "."},
		"in a folder of the user's":      {files: []string{"opengl32.dll"}, unprotected: "softgl"},
		"written by the user":            {files: []string{"opengl32.dll"}, unprotected: "softgl/opengl32.dll"},
		"beside something of the user's": {files: []string{"opengl32.dll", "helper.dll"}, unprotected: "softgl/helper.dll"},
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			folder := filepath.Join(home, "softgl")
			if c.files != nil {
				if err := os.Mkdir(folder, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			for _, file := range c.files {
				if err := os.WriteFile(filepath.Join(folder, file), nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			adminOnly := func(path string) bool {
				return c.unprotected == "" || path != filepath.Join(home, filepath.FromSlash(c.unprotected))
			}
			want := ""
			if c.want {
				want = folder
			}
			if got := findRenderer(filepath.Join(home, "amarre.exe"), adminOnly); got != want {
				t.Errorf("the renderer is %q, want %q", got, want)
			}
		})
	}
}

// TestRestartIsNotRepeated: the process that was started again starts no other.
func TestRestartIsNotRepeated(t *testing.T) {
	t.Setenv(envSoftwareGL, "software")
	if !Restarted() || Restart() {
		t.Error("the program would be started a third time")
	}
}
