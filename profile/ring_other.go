//go:build !unix || darwin

package profile

// SettleSessionBus does nothing: only the Secret Service needs a session bus.
func SettleSessionBus() {}

func reachable() error { return nil }

// systemState: the credential manager and the keychain are always there; a
// locked keychain asks when it is used.
func systemState() State { return Ready }

// systemProvider: there is one keyring, which the system names.
func systemProvider() string { return "" }
