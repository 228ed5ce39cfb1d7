//go:build !windows

package desktop

import "fyne.io/fyne/v2"

// CaptureHider returns nil: only Windows can hide a window from screen captures.
func CaptureHider(fyne.Window) func(hide bool) { return nil }
