//go:build unix && !darwin && !dragonfly && !freebsd && !netbsd && !openbsd

package desktop

import "golang.org/x/sys/unix"

const (
	getTermios        = unix.TCGETS
	setTermios        = unix.TCSETS
	setTermiosDiscard = unix.TCSETSF

	// MaxTyped is the number of bytes at which a line that is typed may have been cut.
	MaxTyped = 4095 // N_TTY_BUF_SIZE, less the line's end
)
