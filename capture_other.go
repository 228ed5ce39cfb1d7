//go:build !windows && (cgo || ci)

package main

import "fyne.io/fyne/v2"

// hideFromCaptures returns nil: only Windows lets a window hide from captures.
func hideFromCaptures(fyne.Window) func(hide bool) { return nil }
