package atomicfile

import (
	"errors"

	"golang.org/x/sys/windows"
)

// inUse reports whether err says that another program has the file open in a way that
// keeps this one out, as when it is just deleting it.
func inUse(err error) bool { return errors.Is(err, windows.ERROR_SHARING_VIOLATION) }

// deletePending reports whether err can mean that the file was deleted and goes as soon as
// the last program closes it. Windows says the same of a file without permission.
func deletePending(err error) bool { return errors.Is(err, windows.ERROR_ACCESS_DENIED) }
