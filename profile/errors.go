package profile

import (
	"errors"
	"fmt"

	"amarre/internal/keyring"
)

// Classes of errors that a Store adds to those of package keyring, which tells them
// apart with keyring.ClassOf. After any of these nothing has changed.
const (
	ClassNotFound     keyring.Class = "not-found"      // no profile of this ID
	ClassForeign      keyring.Class = "foreign"        // the item is not what Amarre wrote for the profile; it is not used
	ClassBareToken    keyring.Class = "bare-token"     // somebody has replaced the item's text by a token
	ClassClosed       keyring.Class = "closed"         // the item was last in a place that is not open: see keyring.Error.Place
	ClassNewer        keyring.Class = "newer"          // written by a newer version of this program
	ClassInvalid      keyring.Class = "invalid"        // no valid address, port code, ERP ID or token
	ClassSecretInText keyring.Class = "secret-in-text" // a name or a note holds the token or the password
	ClassDuplicate    keyring.Class = "duplicate"      // another profile has the same service, port code and ERP ID
	ClassList         keyring.Class = "list"           // the list could not be read or written
	ClassBusy         keyring.Class = "busy"           // another program uses the list
)

// ErrMayBeClosed is the cause of ClassMissing where the item may be in a database or a
// wallet that is not open: it is not known where it was last.
var ErrMayBeClosed = errors.New("it may be in a place that is not open")

// IsGone reports whether err says that the keyring no longer has a profile's secrets:
// its item is missing, or is not Amarre's.
func IsGone(err error) bool {
	class := keyring.ClassOf(err)
	return class == keyring.ClassMissing || class == ClassForeign || class == ClassBareToken
}

// IsInvalid reports whether err says what is wrong with a profile itself, so that no
// other place would take it.
func IsInvalid(err error) bool {
	switch keyring.ClassOf(err) {
	case keyring.ClassTooBig, ClassInvalid, ClassSecretInText, ClassDuplicate:
		return true
	}
	return false
}

func newError(class keyring.Class, op string, cause error) error {
	return &keyring.Error{Class: class, Op: op, Err: cause}
}

// wrap adds what was being done to an error.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", op, err)
}
