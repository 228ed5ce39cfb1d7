//go:build unix && !darwin

package clipboard

import "os"

// System returns the clipboard for secrets of an X display; nil on Wayland, where the
// toolkit's clipboard is used. The environment names the display (FYNE_PLATFORM,
// DISPLAY).
func System() SecretClipboard {
	if os.Getenv("FYNE_PLATFORM") != "x11" {
		return nil
	}
	x, err := NewX11("")
	if err != nil {
		return nil
	}
	return x
}
