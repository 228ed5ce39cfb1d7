package profile

import (
	"errors"
	"net"
	"os/exec"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"
)

// State is what a keyring is before it is asked for anything.
type State string

const (
	Ready        State = "ready"
	Locked       State = "locked"        // it will ask the user when it is used
	Unresponsive State = "unresponsive"  // it does not answer: it asks the user something, or hangs
	NoBus        State = "no-bus"        // no session bus, through which a keyring is reached
	NoService    State = "no-service"    // a session bus, and no keyring on it
	NoCollection State = "no-collection" // a keyring in which nothing can be kept yet
	None         State = "none"          // this store uses no keyring
)

// Absent reports whether profiles are kept for this session only.
func (s State) Absent() bool {
	return s == NoBus || s == NoService || s == NoCollection || s == None
}

// Ring is the little that a store needs of a keyring. An item has a name of
// [a-z0-9._-] and a text. Calls may block for as long as a prompt is open; a
// store makes one at a time. Errors are of any kind; [SystemRing] gives those of
// its library, which the store classifies.
type Ring interface {
	Set(name, text string) error
	Get(name string) (string, error)
	Delete(name string) error
	List() ([]string, error)
	// State looks without asking the user.
	State() State
}

// ringService is the service name of every item: at most 32 characters and no
// colon, which the Windows library takes for its separator (keyring.md).
const ringService = "io.github.amarre"

// SystemRing returns the keyring of the system: the credential manager on
// Windows, the keychain on macOS, the Secret Service elsewhere.
func SystemRing() Ring { return systemRing{} }

type systemRing struct{}

func (systemRing) Set(name, text string) error {
	if err := reachable(); err != nil {
		return err
	}
	return keyring.Set(ringService, name, text)
}

func (systemRing) Get(name string) (string, error) {
	if err := reachable(); err != nil {
		return "", err
	}
	return keyring.Get(ringService, name)
}

func (systemRing) Delete(name string) error {
	if err := reachable(); err != nil {
		return err
	}
	return keyring.Delete(ringService, name)
}

func (systemRing) List() ([]string, error) {
	if err := reachable(); err != nil {
		return nil, err
	}
	return keyring.ListUsers(ringService)
}

func (systemRing) State() State { return systemState() }

// Provider names the program that keeps the items of the system keyring, such as
// gnome-keyring-d; "" if that is not known. It may block for a moment.
func Provider() string { return systemProvider() }

// classify returns the class of an error that a keyring call returned, by the
// measurements in keyring.md. unsure is the class of an error that says nothing.
func classify(err, unsure error) error {
	var (
		noCommand *exec.Error
		noSocket  *net.OpError
		remote    dbus.Error
	)
	switch {
	case err == nil:
		return nil
	case isClass(err):
		return err
	case errors.Is(err, keyring.ErrNotFound):
		return ErrMissing
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ErrTooBig
	case errors.Is(err, keyring.ErrUnsupportedPlatform), errors.As(err, &noCommand), errors.As(err, &noSocket):
		return ErrUnavailable
	case strings.HasPrefix(err.Error(), "failed to unlock correct collection"):
		if strings.Contains(err.Error(), "/aliases/default") {
			return ErrUnavailable // no collection yet
		}
		return ErrLocked
	case errors.As(err, &remote):
		switch {
		case strings.HasSuffix(remote.Name, ".Secret.Error.IsLocked"):
			return ErrLocked
		case strings.HasSuffix(remote.Name, ".Error.ServiceUnknown"),
			strings.HasSuffix(remote.Name, ".Error.NameHasNoOwner"),
			strings.HasSuffix(remote.Name, ".Error.TimedOut"),
			strings.Contains(remote.Name, ".Error.Spawn."):
			return ErrUnavailable
		}
	}
	return unsure
}

func isClass(err error) bool {
	for _, class := range []error{ErrUnavailable, ErrLocked, ErrNoAnswer, ErrFailed, ErrMissing, ErrUnknown, ErrTooBig} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}
