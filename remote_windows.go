//go:build cgo || ci

package main

import "golang.org/x/sys/windows"

// isRemote reports whether the user sees this session from another computer, by
// Remote Desktop.
func isRemote() bool {
	const remoteSession = 0x1000 // SM_REMOTESESSION
	remote, _, _ := windows.NewLazySystemDLL("user32.dll").NewProc("GetSystemMetrics").Call(remoteSession)
	return remote != 0
}
