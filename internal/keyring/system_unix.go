//go:build unix && !darwin

package keyring

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
)

// noBus is the address that ChooseSessionBus sets where it finds no bus.
const noBus = "disabled:"

// errNoBus says that there is no session bus.
var errNoBus = errors.New("there is no session bus")

// ChooseSessionBus sets DBUS_SESSION_BUS_ADDRESS where it is not set or names no bus,
// before a library looks for a session bus. A library that finds none would start one
// with dbus-launch, which outlives the program (docs/keyring.md).
func ChooseSessionBus() {
	if isBusAddress(os.Getenv("DBUS_SESSION_BUS_ADDRESS")) {
		return
	}
	address := noBus
	for _, dir := range []string{os.Getenv("XDG_RUNTIME_DIR"), "/run/user/" + strconv.Itoa(os.Getuid())} {
		socket := filepath.Join(dir, "bus")
		if info, err := os.Stat(socket); dir != "" && err == nil && info.Mode().Type() == os.ModeSocket {
			address = "unix:path=" + dbus.EscapeBusAddressValue(socket)
			break
		}
	}
	_ = os.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
}

// isBusAddress reports whether a text is the address of a bus that runs, of the kinds that
// can be connected to. "autolaunch:" would start one.
func isBusAddress(text string) bool {
	for address := range strings.SplitSeq(text, ";") {
		kind, _, _ := strings.Cut(address, ":")
		switch kind {
		case "unix", "tcp", "nonce-tcp", "unixexec":
			return true
		}
	}
	return false
}

// reachable returns ClassUnavailable at once where there is no session bus: the library
// would start one, or wait for minutes.
func reachable() error {
	ChooseSessionBus()
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == noBus {
		return &Error{Class: ClassUnavailable, Op: "find the session bus", Err: errNoBus}
	}
	return nil
}
