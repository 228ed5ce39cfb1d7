//go:build !unix || darwin

package keyring

// ChooseSessionBus does nothing: only the Secret Service needs a session bus.
func ChooseSessionBus() {}

func reachable() error { return nil }

// systemState returns Ready: the credential manager and the keychain are always there,
// and a locked keychain asks when it is used.
func systemState() State { return Ready }

// Provider returns "": the system has one keyring.
func Provider() string { return "" }
