//go:build windows && (cgo || ci)

package main

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

// hideFromCaptures returns what hides a window from captures, or shows it again.
// A system that refuses leaves the window as it is.
func hideFromCaptures(win fyne.Window) func(hide bool) {
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
