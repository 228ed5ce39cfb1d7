//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package desktop

import "golang.org/x/sys/unix"

const (
	getTermios        = unix.TIOCGETA
	setTermios        = unix.TIOCSETA
	setTermiosDiscard = unix.TIOCSETAF

	// MaxTyped is the number of bytes at which a line that is typed may have been cut.
	MaxTyped = 1023 // TTYHOG, less the line's end
)
