//go:build unix && !darwin

package keyring

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

// TestChooseSessionBus: an address that leads to a bus stays, and where there is none, the
// socket of the session is taken, or it is set that there is no bus.
func TestChooseSessionBus(t *testing.T) {
	if _, err := os.Stat("/run/user/" + strconv.Itoa(os.Getuid()) + "/bus"); err == nil {
		t.Skip("this user has a session bus, which is found")
	}
	folder := func(name string) string {
		dir := filepath.Join(t.TempDir(), name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	withSocket, withFile, empty := folder("a,b"), folder("file"), folder("empty")
	listener, err := net.Listen("unix", filepath.Join(withSocket, "bus"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if err := os.WriteFile(filepath.Join(withFile, "bus"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	found := "unix:path=" + dbus.EscapeBusAddressValue(filepath.Join(withSocket, "bus"))
	t.Chdir(withSocket) // where "" would lead
	for _, c := range []struct{ address, dir, want string }{
		{"unix:path=/some/where", withSocket, "unix:path=/some/where"},
		{"tcp:host=a,port=1", withSocket, "tcp:host=a,port=1"},
		{"autolaunch:;unix:abstract=x", withSocket, "autolaunch:;unix:abstract=x"},
		{"", withSocket, found},
		{"autolaunch:", withSocket, found},
		{"nonsense", withSocket, found},
		{"unix", empty, "unix"},
		{"", withFile, noBus},
		{"", empty, noBus},
		{"", filepath.Join(empty, "none"), noBus},
		{"", "", noBus},
		{noBus, withSocket, found},
	} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", c.address)
		t.Setenv("XDG_RUNTIME_DIR", c.dir)
		err := reachable()
		if got := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); got != c.want {
			t.Errorf("%q in %q becomes %q, want %q", c.address, c.dir, got, c.want)
		}
		if none := c.want == noBus; (err != nil) != none || none && (ClassOf(err) != ClassUnavailable || !errors.Is(err, errNoBus)) {
			t.Errorf("%q in %q: %v", c.address, c.dir, err)
		}
	}
	if !strings.Contains(found, "%2c") {
		t.Errorf("the address %q has a comma of the path in it", found)
	}
}
