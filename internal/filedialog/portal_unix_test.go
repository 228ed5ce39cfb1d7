//go:build unix && !darwin

package filedialog

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// client is a program on a bus, as the bus sees it.
type client struct {
	net.Conn
	calls chan *dbus.Message // except those of the bus itself
}

// startBus serves one program, which may already have its answers when it asks the portal. It
// returns the address of the bus.
func startBus(t *testing.T, portal func(c *client, call *dbus.Message)) (string, *client) {
	t.Helper()
	dir, err := os.MkdirTemp("", "bus") // a short path
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	listener, err := net.Listen("unix", filepath.Join(dir, "bus"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	c := &client{calls: make(chan *dbus.Message, 16)}
	go func() {
		defer close(c.calls)
		if c.Conn, err = listener.Accept(); err != nil {
			return
		}
		defer c.Close()
		in := bufio.NewReader(c)
		if !c.authenticate(in) {
			return
		}
		for {
			call, err := dbus.DecodeMessage(in)
			if err != nil {
				return
			}
			switch member := call.Headers[dbus.FieldMember].Value(); member {
			case "Hello":
				c.reply(call, ":1.42")
			case "AddMatch":
				c.reply(call)
			default:
				c.calls <- call
				if member != "Close" {
					portal(c, call)
				}
			}
		}
	}()
	return "unix:path=" + listener.Addr().String(), c
}

// authenticate does the server's part of the protocol of authentication.
func (c *client) authenticate(in *bufio.Reader) bool {
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		answer := "ERROR"
		switch line = strings.Trim(line, "\x00\r\n"); {
		case line == "AUTH":
			answer = "REJECTED EXTERNAL"
		case strings.HasPrefix(line, "AUTH EXTERNAL"):
			answer = "OK 0123456789abcdef0123456789abcdef"
		case line == "BEGIN":
			return true
		}
		if _, err := c.Write([]byte(answer + "\r\n")); err != nil {
			return false
		}
	}
}

func (c *client) send(kind dbus.Type, headers map[dbus.HeaderField]dbus.Variant, body ...any) {
	if len(body) > 0 {
		headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(body...))
	}
	headers[dbus.FieldSender] = dbus.MakeVariant(":1.7")
	_ = (&dbus.Message{Type: kind, Headers: headers, Body: body}).EncodeTo(c, binary.LittleEndian)
}

func (c *client) reply(to *dbus.Message, body ...any) {
	c.send(dbus.TypeMethodReply, map[dbus.HeaderField]dbus.Variant{dbus.FieldReplySerial: dbus.MakeVariant(to.Serial())}, body...)
}

func (c *client) fail(to *dbus.Message, name string) {
	c.send(dbus.TypeError, map[dbus.HeaderField]dbus.Variant{
		dbus.FieldReplySerial: dbus.MakeVariant(to.Serial()), dbus.FieldErrorName: dbus.MakeVariant(name),
	}, "why")
}

// respond ends a dialog.
func (c *client) respond(handle dbus.ObjectPath, body ...any) {
	c.send(dbus.TypeSignal, map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath: dbus.MakeVariant(handle), dbus.FieldInterface: dbus.MakeVariant(request), dbus.FieldMember: dbus.MakeVariant("Response"),
	}, body...)
}

// handleOf returns the path that a portal gives to the dialog of a call.
func handleOf(call *dbus.Message) dbus.ObjectPath {
	options, _ := call.Body[2].(map[string]dbus.Variant)
	return portalPath + "/request/1_42/" + dbus.ObjectPath(options["handle_token"].Value().(string))
}

func files(uris ...string) map[string]dbus.Variant {
	return map[string]dbus.Variant{"uris": dbus.MakeVariant(uris)}
}

func TestPortalAnswers(t *testing.T) {
	none := map[string]dbus.Variant{}
	for _, c := range []struct {
		name    string
		status  uint32
		results map[string]dbus.Variant
		want    string
		err     error // nil for any
	}{
		{"plain", 0, files("file:///home/a/ca.pem"), "/home/a/ca.pem", nil},
		{"spaces and accents", 0, files("file:///home/a/Mes%20documents/autorit%C3%A9.pem"), "/home/a/Mes documents/autorité.pem", nil},
		{"signs of URIs", 0, files("file:///a+b/100%25/c%23d%3Fe"), "/a+b/100%/c#d?e", nil},
		{"with this computer's name", 0, files("file://localhost/a"), "/a", nil},
		{"not clean", 0, files("file:///a//b/./../c/"), "/a/c", nil},
		{"closed", 1, none, "", ErrCancelled},
		{"ended by the desktop", 2, none, "", nil},
		{"several", 0, files("file:///a", "file:///b"), "", nil},
		{"none", 0, files(), "", nil},
		{"no list", 0, none, "", nil},
		{"a list of another kind", 0, map[string]dbus.Variant{"uris": dbus.MakeVariant("file:///a")}, "", nil},
		{"a server's file", 0, files("smb://server/a"), "", nil},
		{"another computer's file", 0, files("file://server/a"), "", nil},
		{"a relative path", 0, files("file:a"), "", nil},
		{"a NUL", 0, files("file:///a%00b"), "", nil},
		{"no URI", 0, files("file:///%zz"), "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, _ := startBus(t, func(bus *client, call *dbus.Message) {
				bus.reply(call, handleOf(call))
				bus.respond(handleOf(call)+"x", uint32(0), files("file:///of/another/dialog"))
				bus.respond(handleOf(call), c.status, c.results)
			})
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
			path, err := Open(t.Context(), Options{})
			if path != c.want || (err == nil) != (c.want != "") || c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("the path is %q, the error %v; want %q, %v", path, err, c.want, c.err)
			}
			if c.err == nil && (errors.Is(err, ErrCancelled) || errors.Is(err, ErrUnavailable)) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// TestPortalAnswersAtOnce: the answer may come before the dialog's path, and a portal may
// choose that path itself.
func TestPortalAnswersAtOnce(t *testing.T) {
	for name, portal := range map[string]func(*client, *dbus.Message){
		"before the path": func(bus *client, call *dbus.Message) {
			bus.respond(handleOf(call), uint32(0), files("file:///a"))
			bus.reply(call, handleOf(call))
		},
		"another path": func(bus *client, call *dbus.Message) {
			bus.reply(call, portalPath+"/request/1_42/t")
			bus.respond(portalPath+"/request/1_42/t", uint32(0), files("file:///a"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := startBus(t, portal)
			if path, err := askPortal(t.Context(), address, Options{}, false); path != "/a" || err != nil {
				t.Errorf("the path is %q, %v", path, err)
			}
		})
	}
}

func TestPortalIsAsked(t *testing.T) {
	options := Options{
		Title: "Enregistrer l’export", Folder: "/home/a/Mes documents", Name: "amarre.age", Parent: 0x2a,
		Filters: []Filter{{"Exports", []string{"*.age"}}, {"Tous", []string{"*"}}},
	}
	for _, c := range []struct {
		save    bool
		options Options
		want    string
	}{
		{false, Options{}, `OpenFile "" "" modal=true`},
		{false, options, `OpenFile "x11:2a" "Enregistrer l’export" current_folder=/home/a/Mes documents\x00` +
			` filters=@a(sa(us)) [["Exports", [[0, "*.[aA][gG][eE]"]]], ["Tous", [[0, "*"]]]] modal=true`},
		{true, options, `SaveFile "x11:2a" "Enregistrer l’export" current_folder=/home/a/Mes documents\x00 current_name="amarre.age"` +
			` filters=@a(sa(us)) [["Exports", [[0, "*.[aA][gG][eE]"]]], ["Tous", [[0, "*"]]]] modal=true`},
		{true, Options{Title: "a\xff\x00", Name: "\xff"}, "SaveFile \"\" \"a\ufffd\" current_name=\"\ufffd\" modal=true"},
	} {
		address, bus := startBus(t, func(bus *client, call *dbus.Message) {
			bus.reply(call, handleOf(call))
			bus.respond(handleOf(call), uint32(1), files())
		})
		if _, err := askPortal(t.Context(), address, c.options, c.save); !errors.Is(err, ErrCancelled) {
			t.Errorf("the error is %v", err)
		}
		call := <-bus.calls
		got := []string{fmt.Sprintf("%s %q %q", call.Headers[dbus.FieldMember].Value(), call.Body[0], call.Body[1])}
		for key, value := range call.Body[2].(map[string]dbus.Variant) {
			switch folder, isFolder := value.Value().([]byte); {
			case key == "handle_token":
			case isFolder:
				got = append(got, key+"="+strings.ReplaceAll(string(folder), "\x00", `\x00`))
			default:
				got = append(got, key+"="+value.String())
			}
		}
		slices.Sort(got[1:])
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("it is asked\n%s, want\n%s", got, c.want)
		}
	}
}

// TestEndOfContextClosesTheDialog: while the user looks at it, and while it is about to open.
func TestEndOfContextClosesTheDialog(t *testing.T) {
	for name, portal := range map[string]func(*client, *dbus.Message){
		"open":    func(bus *client, call *dbus.Message) { bus.reply(call, handleOf(call)) },
		"opening": func(*client, *dbus.Message) {},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			address, bus := startBus(t, func(bus *client, call *dbus.Message) {
				portal(bus, call)
				cancel()
			})
			if path, err := askPortal(ctx, address, Options{}, false); path != "" || !errors.Is(err, context.Canceled) {
				t.Errorf("the path is %q, %v", path, err)
			}
			opened := <-bus.calls
			closed, ok := <-bus.calls
			if !ok {
				t.Fatal("it is not closed")
			}
			if closed.Headers[dbus.FieldMember].Value() != "Close" || closed.Headers[dbus.FieldPath].Value() != handleOf(opened) {
				t.Errorf("%v is called", closed.Headers)
			}
			if _, ok := <-bus.calls; ok {
				t.Error("the connection stays open")
			}
		})
	}
}

// TestBusThatHangs: one that accepts a connection and says nothing.
func TestBusThatHangs(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	closed := make(chan error, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			closed <- err
			return
		}
		defer conn.Close()
		cancel()
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		for err == nil {
			_, err = conn.Read(make([]byte, 64))
		}
		closed <- err
	}()
	address := fmt.Sprintf("tcp:host=127.0.0.1,port=%d", listener.Addr().(*net.TCPAddr).Port)
	if path, err := askPortal(ctx, address, Options{}, false); path != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("the path is %q, %v", path, err)
	}
	if err := <-closed; errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the connection stays open")
	}
}

// TestNoPortal: the error says that there is no dialog, and no bus is started.
func TestNoPortal(t *testing.T) {
	folder := t.TempDir()
	program(t, filepath.Join(folder, "dbus-launch"))
	t.Setenv("PATH", folder)
	for name, address := range map[string]string{"no address": "", "none": "disabled:", "a bus to start": "autolaunch:", "nobody there": "unix:path=/nonexistent/bus"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		if path, err := Open(t.Context(), Options{}); path != "" || !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: the path is %q, %v", name, path, err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "started")); err == nil {
		t.Error("dbus-launch was started")
	}
	for _, name := range []string{"org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.UnknownMethod", "org.freedesktop.DBus.Error.Spawn.ChildExited"} {
		address, _ := startBus(t, func(bus *client, call *dbus.Message) { bus.fail(call, name) })
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		if path, err := Open(t.Context(), Options{}); path != "" || !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: the path is %q, %v", name, path, err)
		}
	}
}

// TestBusThatEnds: a bus that ends while the dialog is open ends the call.
func TestBusThatEnds(t *testing.T) {
	address, _ := startBus(t, func(bus *client, call *dbus.Message) {
		bus.reply(call, handleOf(call))
		_ = bus.Close()
	})
	if path, err := askPortal(t.Context(), address, Options{}, false); path != "" || err == nil || errors.Is(err, ErrCancelled) {
		t.Errorf("the path is %q, %v", path, err)
	}
}

// program makes this test a program of another name: see TestMain.
func program(t *testing.T, path string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
}

// TestMain is also dbus-launch and zenity.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "dbus-launch":
		_ = os.WriteFile(filepath.Join(filepath.Dir(os.Args[0]), "started"), nil, 0o600)
		os.Exit(1)
	case "zenity":
		switch path := os.Getenv("TEST_PATH"); path {
		case "close":
			os.Exit(1)
		case "fail":
			os.Exit(255)
		case "wait":
			_ = os.WriteFile(os.Getenv("TEST_RUNS"), nil, 0o600)
			<-time.After(time.Minute)
			os.Exit(255)
		default:
			fmt.Printf("%s/%s\n", path, strings.Join(os.Args[2:], "/"))
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

func TestZenityWithoutPortal(t *testing.T) {
	folder := t.TempDir()
	program(t, filepath.Join(folder, "zenity"))
	t.Setenv("PATH", folder)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	options := Options{Title: "T", Folder: "/f/", Name: "n.pem", Filters: []Filter{{"A|B", []string{"*.pem", "*"}}}}
	for _, c := range []struct {
		path, want string
		err        error
	}{
		{"/a b", "/a b/--title=T/--save/--confirm-overwrite/--filename=/f/n.pem/--file-filter=A/B | *.[pP][eE][mM] *", nil},
		{"close", "", ErrCancelled},
		{"fail", "", ErrUnavailable},
	} {
		t.Setenv("TEST_PATH", c.path)
		if path, err := Save(t.Context(), options); path != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: the path is %q, %v; want %q", c.path, path, err, c.want)
		}
	}
	t.Setenv("TEST_PATH", "/")
	if path, err := Open(t.Context(), Options{Folder: "/f"}); path != "/--title=/--filename=/f" || err != nil {
		t.Errorf("the path is %q, %v", path, err)
	}

	runs := filepath.Join(folder, "runs")
	t.Setenv("TEST_PATH", "wait")
	t.Setenv("TEST_RUNS", runs)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		defer cancel()
		for tick := time.NewTicker(10 * time.Millisecond); ; <-tick.C {
			if _, err := os.Stat(runs); err == nil || t.Context().Err() != nil {
				return
			}
		}
	}()
	if path, err := Open(ctx, Options{}); path != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context the path is %q, %v", path, err)
	}
}
