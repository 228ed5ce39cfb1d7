package desktop

import "golang.org/x/sys/windows"

// IsRemote reports whether the user sees this session through Remote Desktop.
func IsRemote() bool {
	const remoteSession = 0x1000 // SM_REMOTESESSION
	remote, _, _ := windows.NewLazySystemDLL("user32.dll").NewProc("GetSystemMetrics").Call(remoteSession)
	return remote != 0
}
