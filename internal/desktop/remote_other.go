//go:build !windows

package desktop

import (
	"os"
	"regexp"
)

// remoteSessions are environment variables that remote desktops set in their sessions:
// xrdp, VNC, X2Go, NoMachine, Chrome Remote Desktop.
var remoteSessions = []string{"XRDP_SESSION", "VNCDESKTOP", "X2GO_SESSION", "NX_CLIENT", "NXSESSIONID", "CHROME_REMOTE_DESKTOP_SESSION"}

// forwardedDisplay matches a display that ssh forwards.
var forwardedDisplay = regexp.MustCompile(`^(localhost|127\.0\.0\.1):[1-9]\d`)

// IsRemote reports whether the user sees this session from another computer, as far as
// its environment says so.
func IsRemote() bool {
	for _, name := range remoteSessions {
		if os.Getenv(name) != "" {
			return true
		}
	}
	return os.Getenv("SSH_CONNECTION") != "" && forwardedDisplay.MatchString(os.Getenv("DISPLAY"))
}
