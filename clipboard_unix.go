//go:build unix && !darwin && (cgo || ci)

package main

import (
	"os"

	"amarre/internal/clipboard"
)

// secretiveClipboard returns the clipboard for secrets where the window is on an X
// display; nil on Wayland, where the toolkit's is used.
func secretiveClipboard() clipboard.Secretive {
	if os.Getenv("FYNE_PLATFORM") != "x11" {
		return nil
	}
	x, err := clipboard.NewX11("")
	if err != nil {
		return nil
	}
	return x
}
