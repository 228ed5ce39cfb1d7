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
	// ErrLocked: the keyring is locked, or the user said no; they cannot be told
	// apart (keyring.md). Nothing was done: try again.
	ErrLocked = errors.New("the system keyring is locked or was cancelled")
	// ErrNoAnswer: the keyring did not answer in time: it asks the user something,
	// or hangs. Nothing was done: try again.
	ErrNoAnswer = errors.New("the system keyring does not answer")
	// ErrFailed: the keyring broke off, or gave an error that says nothing. Nothing
	// was done: try again.
	ErrFailed = errors.New("the system keyring failed")
	// ErrNotKept: the keyring reported a success and did nothing: its question to
	// the user was dismissed. Try again.
	ErrNotKept = errors.New("the system keyring did nothing")
	// ErrNotFound: no profile of this ID.
	ErrNotFound = errors.New("no such profile")
	// ErrMissing: the profile's item is not in the keyring.
	ErrMissing = errors.New("not in the system keyring")
	// ErrForeign: the item in the keyring is not what this program wrote for the
	// profile. It is not used.
	ErrForeign = errors.New("the item in the system keyring is not Amarre's")
	// ErrNewer: the item was written by a newer version of this program.
	ErrNewer = errors.New("written by a newer version")
	// ErrUnknown: the call may or may not have done its work.
	ErrUnknown = errors.New("the outcome in the system keyring is unknown")
	// ErrTooBig: the profile exceeds MaxItem. Nothing was done.
	ErrTooBig = errors.New("too big for the system keyring")
	// ErrInvalid: the profile has no valid address, port code, ERP ID or token.
	// Nothing was done.
	ErrInvalid = errors.New("not a valid profile")
	// ErrSecretInText: a name or a note holds the token or the password. Nothing
	// was done.
	ErrSecretInText = errors.New("a secret in a text that is not secret")
	// ErrDuplicate: another profile has the same service, port code and ERP ID.
	ErrDuplicate = errors.New("this credential is already saved")
	// ErrIndex: the index file could not be read or written.
	ErrIndex = errors.New("the list of profiles cannot be read or written")
	// ErrBusy: another program that uses the list did not finish in time.
	ErrBusy = errors.New("the list of profiles is in use by another program")
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

// classes are the classes of errors and a stable word for each, for reports.
var classes = []struct {
	err  error
	word string
}{
	{ErrUnknown, "unknown"}, {ErrUnavailable, "unavailable"}, {ErrLocked, "locked"}, {ErrNoAnswer, "no-answer"}, {ErrFailed, "failed"},
	{ErrNotKept, "not-kept"}, {ErrNotFound, "not-found"}, {ErrMissing, "missing"}, {ErrForeign, "foreign"}, {ErrNewer, "newer"},
	{ErrTooBig, "too-big"}, {ErrInvalid, "invalid"}, {ErrSecretInText, "secret-in-text"}, {ErrDuplicate, "duplicate"},
	{ErrBusy, "busy"}, {ErrIndex, "list"},
}

// ClassOf returns the class of an error of a store in one word, such as "locked";
// "" for an error that is of none.
func ClassOf(err error) string {
	for _, class := range classes {
		if errors.Is(err, class.err) {
			return class.word
		}
	}
	return ""
}
