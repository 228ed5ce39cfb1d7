//go:build cgo || ci

package main

import (
	"os"
	"os/exec"
	"unsafe"

	"golang.org/x/sys/windows"
)

// startInSoftware starts the program again with the renderer in software, and reports
// whether it did.
func startInSoftware() bool {
	program, err := os.Executable()
	if err != nil {
		return false
	}
	folder := findRenderer(program, os.Getenv, isProtected)
	if folder == "" {
		return false
	}
	wide, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return false
	}
	// A program that is started inherits this folder, which is searched before the
	// system's ("Dynamic-link library search order", Microsoft Learn).
	set, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("SetDllDirectoryW").Call(uintptr(unsafe.Pointer(wide)))
	if set == 0 {
		return false
	}
	cmd := exec.Command(program, os.Args[1:]...)
	cmd.Env = append(os.Environ(), rendererGuard+"=software", restarted+"=1", "GALLIUM_DRIVER=llvmpipe")
	return cmd.Start() == nil
}
