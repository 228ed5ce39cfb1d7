package keyring

import "github.com/zalando/go-keyring"

// State is the state of a keyring before it is asked for anything.
type State string

const (
	Ready        State = "ready"
	Locked       State = "locked"        // it will ask the user when it is used
	Unresponsive State = "unresponsive"  // it does not answer: a prompt is open, or it hangs
	NoBus        State = "no-bus"        // no session bus, through which a keyring is reached
	NoService    State = "no-service"    // a session bus without a keyring
	NoCollection State = "no-collection" // a keyring in which nothing can be kept yet
	None         State = "none"          // items are in memory alone
)

// Absent reports whether what is saved is kept for this session only.
func (s State) Absent() bool {
	return s == NoBus || s == NoService || s == NoCollection || s == None
}

// serviceName is the service of every item: at most 32 characters and no colon, which
// the library takes for its separator on Windows (docs/keyring.md).
const serviceName = "io.github.amarre"

// System returns the keyring of the system.
func System() Backend { return system{} }

type system struct{}

func (system) Set(name, text string) error {
	if err := reachable(); err != nil {
		return err
	}
	return keyring.Set(serviceName, name, text)
}

func (system) Get(name string) (string, error) {
	if err := reachable(); err != nil {
		return "", err
	}
	return keyring.Get(serviceName, name)
}

func (system) Delete(name string) error {
	if err := reachable(); err != nil {
		return err
	}
	return keyring.Delete(serviceName, name)
}

func (system) List() ([]string, error) {
	if err := reachable(); err != nil {
		return nil, err
	}
	return keyring.ListUsers(serviceName)
}

func (system) State() State { return systemState() }
