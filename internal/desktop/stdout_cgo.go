//go:build unix && cgo

package desktop

/*
#include <fcntl.h>
#include <unistd.h>

static int closed;

__attribute__((constructor)) static void look_at_stdout(void) {
	closed = fcntl(STDOUT_FILENO, F_GETFD) == -1;
}

static int stdout_was_closed(void) { return closed; }
*/
import "C"

import (
	"io"
	"io/fs"
	"os"
)

// Stdout returns the standard output. Writing to one that was closed when the program
// started is fs.ErrClosed: Go opens /dev/null in its place before any Go code runs
// (checkfds in runtime/fds_unix.go), so that what is written would be lost without an error.
// C code runs before that. Afterwards nothing tells it from a /dev/null of the user's:
// Python's DEVNULL and many daemons are opened for reading and writing too.
func Stdout() io.Writer {
	if C.stdout_was_closed() != 0 {
		return closedOutput{}
	}
	return os.Stdout
}

type closedOutput struct{}

func (closedOutput) Write([]byte) (int, error) { return 0, fs.ErrClosed }
