//go:build unix && !darwin

package keyring

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
)

// noBus is the address that ChooseSessionBus sets where it finds no bus.
const noBus = "disabled:"

// ChooseSessionBus sets DBUS_SESSION_BUS_ADDRESS where it is not set, before a library
// looks for a session bus. A library that finds none would start one with dbus-launch,
// which outlives the program (docs/keyring.md).
func ChooseSessionBus() {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
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

// reachable returns ClassUnavailable at once where there is no session bus: the library
// would start one, or wait for minutes.
func reachable() error {
	ChooseSessionBus()
	if strings.HasPrefix(os.Getenv("DBUS_SESSION_BUS_ADDRESS"), noBus) {
		return &Error{Class: ClassUnavailable, Op: "find the session bus"}
	}
	return nil
}

// secretService is the name under which the Secret Service is reached.
const secretService = "org.freedesktop.secrets"

// Provider returns the name of the process that owns the Secret Service, such as
// gnome-keyring-d; "" if it is not known. It may block for a moment.
func Provider() string {
	if reachable() != nil {
		return ""
	}
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return ""
	}
	defer conn.Close()
	var pid uint32
	if conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, secretService).Store(&pid) != nil {
		return ""
	}
	name, err := os.ReadFile(filepath.Join("/proc", strconv.FormatUint(uint64(pid), 10), "comm"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(name))
}

// systemState asks the Secret Service whether it is there and whether the
// collection that the library will use is locked. Nothing is unlocked.
func systemState() State {
	if reachable() != nil {
		return NoBus
	}
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return NoBus
	}
	defer conn.Close()
	const (
		name      = secretService
		login     = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
		aliased   = dbus.ObjectPath("/org/freedesktop/secrets/aliases/default")
		service   = "org.freedesktop.Secret.Service"
		lockedOne = "org.freedesktop.Secret.Collection.Locked"
	)
	if _, err := conn.Object(name, "/org/freedesktop/secrets").GetProperty(service + ".Collections"); err != nil {
		return NoService
	}
	for _, collection := range []dbus.ObjectPath{login, aliased} {
		value, err := conn.Object(name, collection).GetProperty(lockedOne)
		if err != nil {
			continue
		}
		if locked, ok := value.Value().(bool); ok && locked {
			return Locked
		}
		return Ready
	}
	return NoCollection
}
