//go:build cgo || ci

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFindRenderer: a library is loaded from a protected place only, and once.
func TestFindRenderer(t *testing.T) {
	for name, c := range map[string]struct {
		files       []string
		guard       string
		unprotected string // relative to the program's folder
		want        bool
	}{
		"installed by an administrator":  {files: []string{"opengl32.dll", "LICENCE.txt"}, want: true},
		"none":                           {},
		"another library":                {files: []string{"other.dll"}},
		"the second start":               {files: []string{"opengl32.dll"}, guard: "software"},
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
			isProtected := func(path string) bool {
				return c.unprotected == "" || path != filepath.Join(home, filepath.FromSlash(c.unprotected))
			}
			want := ""
			if c.want {
				want = folder
			}
			if got := findRenderer(filepath.Join(home, "amarre.exe"), func(string) string { return c.guard }, isProtected); got != want {
				t.Errorf("the renderer is %q, want %q", got, want)
			}
		})
	}
}
