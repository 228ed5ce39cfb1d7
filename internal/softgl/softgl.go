// Package softgl starts the program again with a renderer in software.
//
// On a host without OpenGL 2.1, such as a Windows Server over Remote Desktop, Fyne
// makes no window. If an administrator has installed Mesa's opengl32.dll in the folder
// softgl beside the program, [Restart] starts the program with that library. A library
// that a user could have written is never loaded.
package softgl

import (
	"os"
	"path/filepath"
)

const (
	folderName = "softgl"
	library    = "opengl32.dll"

	// envSoftwareGL is set in the process that Restart starts, which prevents a loop.
	envSoftwareGL = "AMARRE_RENDERER"
)

// Restarted reports whether Restart has started this process. Nobody reads its
// standard streams.
func Restarted() bool { return os.Getenv(envSoftwareGL) != "" }

// findRenderer returns the folder of the renderer for a program, "" if there is none or
// if somebody who is no administrator could have written the folder or a file in it.
func findRenderer(program string, adminOnly func(path string) bool) string {
	home := filepath.Dir(program)
	folder := filepath.Join(home, folderName)
	entries, err := os.ReadDir(folder)
	if err != nil || !adminOnly(home) || !adminOnly(folder) {
		return ""
	}
	found := false
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !adminOnly(filepath.Join(folder, entry.Name())) {
			return ""
		}
		found = found || entry.Name() == library
	}
	if !found {
		return ""
	}
	return folder
}
