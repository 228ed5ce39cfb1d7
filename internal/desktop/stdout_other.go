//go:build !unix || !cgo

package desktop

import (
	"io"
	"os"
)

// Stdout returns the standard output. On Windows, writing to one that is not there is an
// error. Without cgo one that was closed when the program started is not noticed elsewhere:
// Go has opened /dev/null in its place.
func Stdout() io.Writer { return os.Stdout }
