//go:build unix

package authclient

import "syscall"

var (
	refused = []syscall.Errno{syscall.ECONNREFUSED}
	reset   = []syscall.Errno{syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED}
)
