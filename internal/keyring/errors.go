package keyring

import (
	"errors"
	"net"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"
)

// Class tells what went wrong. Packages that keep items in the keyring have more classes
// of their own. The words are stable: reports show them.
type Class string

const (
	ClassUnavailable Class = "unavailable" // no keyring, or it cannot be reached; nothing was done
	ClassLocked      Class = "locked"      // locked, or the user dismissed the prompt; nothing was done
	ClassNoAnswer    Class = "no-answer"   // no answer in time: a prompt is open, or it hangs; nothing was done
	ClassFailed      Class = "failed"      // an error that says nothing; nothing was done
	ClassNotKept     Class = "not-kept"    // success was reported and nothing was done
	ClassMissing     Class = "missing"     // no such item
	ClassAltered     Class = "altered"     // the keyring gave back another text, and that was undone
	ClassUnknown     Class = "unknown"     // the call may or may not have done its work
	ClassTooBig      Class = "too-big"     // the item is too big; nothing was done
)

// Error is an error of the keyring, or of what is kept in it. Its text is for developers
// and holds nothing of an item.
type Error struct {
	Class Class
	Op    string // what was being done, such as "read the item"
	Place string // where the item was last, as people know the place; "" if that does not matter
	Err   error  // the cause; may be nil
}

// Error returns the operation, the class and the cause.
func (e *Error) Error() string {
	text := e.Op + ": " + string(e.Class)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ClassOf returns the class of the outermost *Error in err; "" if there is none.
func ClassOf(err error) Class {
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	return ""
}

// classify makes an *Error of what a backend returned, by the measurements in
// docs/keyring.md. fallback is the class of an error that says nothing. The text of a
// foreign error is dropped: it may hold anything.
func classify(err error, fallback Class) error {
	if err == nil || ClassOf(err) != "" {
		return err
	}
	return &Error{Class: classOfForeign(err, fallback), Op: "call the keyring"}
}

func classOfForeign(err error, fallback Class) Class {
	var (
		noSocket *net.OpError
		remote   dbus.Error
	)
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return ClassMissing
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ClassTooBig
	case errors.Is(err, keyring.ErrUnsupportedPlatform), errors.As(err, &noSocket):
		return ClassUnavailable
	case errors.As(err, &remote):
		switch {
		case strings.HasSuffix(remote.Name, ".Secret.Error.IsLocked"):
			return ClassLocked
		case strings.HasSuffix(remote.Name, ".Error.ServiceUnknown"),
			strings.HasSuffix(remote.Name, ".Error.NameHasNoOwner"),
			strings.HasSuffix(remote.Name, ".Error.TimedOut"),
			strings.Contains(remote.Name, ".Error.Spawn."):
			return ClassUnavailable
		}
	}
	return fallback
}
