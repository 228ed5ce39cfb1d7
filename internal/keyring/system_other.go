//go:build !unix || darwin

package keyring

import "github.com/zalando/go-keyring"

// ChooseSessionBus does nothing: only the Secret Service needs a session bus.
func ChooseSessionBus() {}

// system is the credential manager of Windows, or the keychain of macOS.
type system struct{}

func newSystem(SystemOptions) Backend { return system{} }

// Set implements Backend.
func (system) Set(item Item) error { return keyring.Set(serviceName, item.Name, item.Text) }

// Get implements Backend.
func (system) Get(name string) (Item, error) {
	text, err := keyring.Get(serviceName, name)
	return Item{Name: name, Text: text}, err
}

// Delete implements Backend.
func (system) Delete(name string) error { return keyring.Delete(serviceName, name) }

// List implements Backend.
func (system) List() ([]string, error) { return keyring.ListUsers(serviceName) }

// State implements Backend. The credential manager and the keychain are always there, and
// a locked keychain asks when it is used.
func (system) State() State { return Ready }

// IsOpen implements Backend.
func (system) IsOpen(string) bool { return true }

// Provider implements Backend: the system has one keyring.
func (system) Provider() string { return "" }
