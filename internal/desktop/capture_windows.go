package desktop

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

// What SetWindowDisplayAffinity does to a window in captures and remote support.
const (
	affinityNone    = 0x0
	affinityMonitor = 0x1  // black; before Windows 10 2004
	affinityExclude = 0x11 // not there at all
)

var setWindowDisplayAffinity = windows.NewLazySystemDLL("user32.dll").NewProc("SetWindowDisplayAffinity")

// CaptureHider returns a function that hides a window from screen captures and remote
// support, or shows it again; nil where the system cannot. An older Windows shows the
// window black, or leaves it as it is.
func CaptureHider(win fyne.Window) func(hide bool) {
	native, ok := win.(driver.NativeWindow)
	if !ok {
		return nil
	}
	return func(hide bool) {
		native.RunNative(func(context any) {
			c, ok := context.(driver.WindowsWindowContext)
			if !ok {
				return
			}
			if !hide {
				_, _, _ = setWindowDisplayAffinity.Call(c.HWND, affinityNone)
				return
			}
			if done, _, _ := setWindowDisplayAffinity.Call(c.HWND, affinityExclude); done == 0 {
				_, _, _ = setWindowDisplayAffinity.Call(c.HWND, affinityMonitor)
			}
		})
	}
}
