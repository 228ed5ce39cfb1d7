package softgl

import (
	"os"
	"os/exec"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Restart starts the program again with the renderer in software and reports whether it
// did. It does nothing in a process that it has started.
func Restart() bool {
	program, err := os.Executable()
	if err != nil || Restarted() {
		return false
	}
	folder := findRenderer(program, adminOnly)
	if folder == "" {
		return false
	}
	wide, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return false
	}
	// A child process inherits this folder, which is searched before the system's
	// ("Dynamic-link library search order", Microsoft Learn).
	set, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("SetDllDirectoryW").Call(uintptr(unsafe.Pointer(wide)))
	if set == 0 {
		return false
	}
	cmd := exec.Command(program, os.Args[1:]...)
	cmd.Env = append(os.Environ(), envSoftwareGL+"=software", "GALLIUM_DRIVER=llvmpipe")
	return cmd.Start() == nil
}
