// Package desktop holds what differs between desktops and operating systems, one
// function a difference. Call [Prepare] before Fyne is used and before [Display].
package desktop

import (
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"amarre/internal/keyring"
	"amarre/internal/report"
)

// Prepare sets the environment that Fyne and the keyring library read, and discards
// what Fyne logs.
func Prepare() {
	log.SetOutput(io.Discard)
	keyring.ChooseSessionBus()
	if cache, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(cache, 0o700) // Fyne makes its own folder in it, but not the cache
	}
	if os.Getenv("FYNE_PLATFORM") == "" && os.Getenv("DISPLAY") != "" {
		_ = os.Setenv("FYNE_PLATFORM", "x11") // Fyne issue 6447: lists on Wayland
	}
	chooseInputMethod()
}

// Display returns the kind of display that the window opens on.
func Display() report.Display {
	switch {
	case runtime.GOOS == "windows":
		return report.Windows
	case runtime.GOOS == "darwin":
		return report.MacOS
	case os.Getenv("FYNE_PLATFORM") == "x11" || os.Getenv("WAYLAND_DISPLAY") == "":
		return report.X11
	default:
		return report.Wayland
	}
}

// ConsoleProgram returns the path of amarre.com in the folder of this program, in
// quotes. On Windows a shell does not wait for amarre.exe, so that a password typed
// for it would be the shell's next command: amarre.com is the program for a console.
// The path is "" on other systems, in amarre.com itself and where there is none.
func ConsoleProgram() string {
	if program := sibling(".com"); program != "" {
		return `"` + program + `"`
	}
	return ""
}

// WindowProgram returns the path of amarre.exe in the folder of amarre.com; "" on
// other systems and where there is none.
func WindowProgram() string { return sibling(".exe") }

// sibling returns the program of the same name with another extension; "" if there is
// none.
func sibling(extension string) string {
	program, err := os.Executable()
	if err != nil || runtime.GOOS != "windows" || strings.EqualFold(filepath.Ext(program), extension) {
		return ""
	}
	program = strings.TrimSuffix(program, filepath.Ext(program)) + extension
	if _, err := os.Stat(program); err != nil {
		return ""
	}
	return program
}
