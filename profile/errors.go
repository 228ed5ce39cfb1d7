package profile

import (
	"errors"
	"fmt"
)

// The classes of errors. errors.Is tells them apart; the text of an error is for
// developers and holds no secret.
var (
	// ErrUnavailable: there is no keyring, or it cannot be talked to. Nothing was done.
	ErrUnavailable = errors.New("the system keyring is not available")
	// ErrLocked: the keyring is locked, waits for the user, or the user said no;
	// they cannot be told apart (keyring.md). Nothing was done: try again.
	ErrLocked = errors.New("the system keyring is locked, waiting or was cancelled")
	// ErrNotFound: no profile of this ID, or its item is missing from the keyring.
	ErrNotFound = errors.New("not in the system keyring")
	// ErrUnknown: the call may or may not have done its work.
	ErrUnknown = errors.New("the outcome in the system keyring is unknown")
	// ErrTooBig: the secrets exceed MaxItem. Nothing was done.
	ErrTooBig = errors.New("too big for the system keyring")
	// ErrDuplicate: another profile has the same service, port code and ERP ID.
	ErrDuplicate = errors.New("this credential is already saved")
	// ErrIndex: the index file could not be read or written.
	ErrIndex = errors.New("the list of profiles cannot be read or written")
)

// storeError is an error of one class, with what was being done and the cause.
type storeError struct {
	class error
	doing string
	cause error
}

func (e *storeError) Error() string {
	text := e.doing + ": " + e.class.Error()
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

func (e *storeError) Unwrap() []error {
	if e.cause == nil {
		return []error{e.class}
	}
	return []error{e.class, e.cause}
}

func indexError(doing string, cause error) error {
	return &storeError{class: ErrIndex, doing: doing, cause: cause}
}

// doing adds what was being done to an error of a class.
func doing(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
