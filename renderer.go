//go:build cgo || ci

package main

import (
	"os"
	"path/filepath"
)

// On a host without OpenGL 2.1, such as a Windows Server over Remote Desktop, the
// toolkit makes no window. The program is then started once more with a renderer in
// software, if an administrator has installed one: Mesa's opengl32.dll in the folder
// softgl beside the program. A library that a user could have put there is never
// loaded.
const (
	rendererFolder  = "softgl"
	rendererLibrary = "opengl32.dll"
	// rendererGuard is set in the environment of the second start, so that there is no
	// third.
	rendererGuard = "AMARRE_RENDERER"
)

// findRenderer returns the folder of the renderer in software for a program; "" if
// there is none, if somebody who is no administrator could have written anything in
// it, or if this is the second start already.
func findRenderer(program string, getenv func(string) string, isProtected func(path string) bool) string {
	if getenv(rendererGuard) != "" {
		return ""
	}
	home := filepath.Dir(program)
	folder := filepath.Join(home, rendererFolder)
	entries, err := os.ReadDir(folder)
	if err != nil || !isProtected(home) || !isProtected(folder) {
		return ""
	}
	found := false
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !isProtected(filepath.Join(folder, entry.Name())) {
			return ""
		}
		found = found || entry.Name() == rendererLibrary
	}
	if !found {
		return ""
	}
	return folder
}
