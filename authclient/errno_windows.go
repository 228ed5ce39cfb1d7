package authclient

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// The errors of Winsock. Those of package syscall with Unix names never come from it.
var (
	refused = []syscall.Errno{windows.WSAECONNREFUSED}
	reset   = []syscall.Errno{windows.WSAECONNRESET, windows.WSAECONNABORTED}
)
