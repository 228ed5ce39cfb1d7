//go:build keyring

package servicetest

import (
	"bufio"
	"bytes"
	"fmt"
	"html"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

// StartBus starts a session bus without a provider and makes it the one of the test, until
// t ends. The bus starts the command where it is asked for a provider; without one it knows
// none.
func StartBus(t testing.TB, command ...string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "bus") // the path of a socket is short
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatalf("start a bus: %v", err)
		}
	}
	check(err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "bus")
	address := "unix:path=" + dbus.EscapeBusAddressValue(socket)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	config := filepath.Join(dir, "bus.conf")
	check(os.WriteFile(config, fmt.Appendf(nil, `<busconfig>
	<listen>%s</listen>
	<servicedir>%s</servicedir>
	<policy context="default"><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy>
</busconfig>`, html.EscapeString(address), html.EscapeString(dir)), 0o600))
	if len(command) > 0 {
		file := fmt.Sprintf("[D-BUS Service]\nName=%s\nExec=\"%s\"\n", busName, strings.Join(command, `" "`))
		check(os.WriteFile(filepath.Join(dir, busName+".service"), []byte(file), 0o600))
	}
	daemon := exec.Command("dbus-daemon", "--config-file="+config, "--nofork", "--print-address")
	stdout, err := daemon.StdoutPipe()
	check(err)
	check(daemon.Start())
	out := bufio.NewReader(stdout)
	t.Cleanup(func() {
		_ = daemon.Process.Kill()
		written, _ := io.ReadAll(out) // also by what it has started, until that ends
		_ = daemon.Wait()
		if t.Failed() {
			t.Logf("the bus, and what it has started:\n%s", written)
		}
	})
	_, err = out.ReadString('\n') // its address: it listens
	check(err)
}

// EndAtOnce takes the name of the Secret Service and gives it up again. The bus gets both in
// one piece, so nobody reaches the provider in between.
func EndAtOnce(t testing.TB) {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatalf("take the name: %v", err)
		}
	}
	path, err := dbus.UnescapeBusAddressValue(strings.TrimPrefix(os.Getenv("DBUS_SESSION_BUS_ADDRESS"), "unix:path="))
	check(err)
	socket, err := net.Dial("unix", path)
	check(err)
	both := &held{Conn: socket}
	conn, err := dbus.NewConn(both)
	check(err)
	defer conn.Close()
	check(conn.Auth(nil))
	check(conn.Hello())
	both.hold = true
	calls := []*dbus.Call{
		conn.BusObject().Go("org.freedesktop.DBus.RequestName", 0, nil, busName, uint32(0)),
		conn.BusObject().Go("org.freedesktop.DBus.ReleaseName", 0, nil, busName),
	}
	check(both.release())
	for _, call := range calls {
		check((<-call.Done).Err)
	}
}

// held is a connection that can keep back what is written.
type held struct {
	net.Conn
	hold bool
	kept bytes.Buffer
}

func (h *held) Write(p []byte) (int, error) {
	if h.hold {
		return h.kept.Write(p)
	}
	return h.Conn.Write(p)
}

func (h *held) release() error {
	_, err := h.Conn.Write(h.kept.Bytes())
	return err
}

// NameProcess gives this process a name until t ends. A provider that serves in it is known
// by that.
func NameProcess(t testing.TB, name string) {
	t.Helper()
	const file = "/proc/self/comm"
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(name), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.WriteFile(file, before, 0o600) })
}
