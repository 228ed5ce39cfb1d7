//go:build keyring

// Package servicetest brings the Secret Service of .ci/with-keyring into the states that
// tests need: a second collection, a locked one, a frozen provider, items that another
// program has made. It knows gnome-keyring, KeePassXC and KWallet.
//
// It writes into the collections and locks them, so [Open] refuses to run in any other
// session.
//
// [Scripted] is a provider in memory, on a bus of the test's own ([StartBus]). It does what
// the real ones do not do on demand.
package servicetest

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// The providers, as .ci/with-keyring names them.
const (
	GnomeKeyring = "gnome-keyring"
	KeePassXC    = "keepassxc"
	KWallet      = "kwallet"
)

const (
	busName  = "org.freedesktop.secrets"
	root     = dbus.ObjectPath("/org/freedesktop/secrets")
	password = "test" // of every database, as .ci/with-keyring makes them

	service    = "org.freedesktop.Secret.Service"
	collection = "org.freedesktop.Secret.Collection"
	item       = "org.freedesktop.Secret.Item"
	prompt     = "org.freedesktop.Secret.Prompt"
)

// appears limits how long a provider may take to start or to change its state.
const appears = 10 * time.Second

// Service is the Secret Service of the session. Its methods end the test if they fail.
type Service struct {
	Provider string
	t        testing.TB
	conn     *dbus.Conn
	session  dbus.ObjectPath
	files    map[Collection]string // the databases of KeePassXC
}

// Collection is a keyring, a database or a wallet, by its object path.
type Collection = dbus.ObjectPath

// Item is an item as the service shows it.
type Item struct {
	Path       dbus.ObjectPath
	Label      string
	Attributes map[string]string
	Text       string
}

// String returns what an item is without its text.
func (i Item) String() string {
	keys := slices.Sorted(maps.Keys(i.Attributes))
	return fmt.Sprintf("%q %v", i.Label, keys)
}

// Open connects to the Secret Service of .ci/with-keyring and empties its collection.
// If t fails the provider is started again, because a window may be open in it.
func Open(t testing.TB) *Service {
	t.Helper()
	s := &Service{Provider: os.Getenv("AMARRE_TEST_PROVIDER"), t: t, files: map[Collection]string{}}
	if s.Provider == "" {
		t.Fatal("AMARRE_TEST_PROVIDER is not set: run the test with .ci/with-keyring")
	}
	conn, err := dbus.ConnectSessionBus()
	s.check("connect", err)
	t.Cleanup(func() { _ = conn.Close() })
	s.conn = conn
	s.openSession()
	t.Cleanup(s.repair)
	for _, it := range s.Items(s.Default()) {
		s.Remove(it)
	}
	return s
}

func (s *Service) openSession() {
	s.t.Helper()
	var plain dbus.Variant
	s.check("open a session", s.call(root, service+".OpenSession", "plain", dbus.MakeVariant("")).Store(&plain, &s.session))
}

func (s *Service) check(doing string, err error) {
	if err != nil {
		s.t.Helper()
		s.t.Fatalf("%s: %s: %v", s.Provider, doing, err)
	}
}

// call calls a method of the provider that runs: none is started by the bus, which would
// start whichever it finds first.
func (s *Service) call(path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	return s.conn.Object(busName, path).Call(method, dbus.FlagNoAutoStart, args...)
}

func (s *Service) property(path dbus.ObjectPath, of, name string) any {
	s.t.Helper()
	var value dbus.Variant
	s.check("read "+name, s.call(path, "org.freedesktop.DBus.Properties.Get", of, name).Store(&value))
	return value.Value()
}

// wait asks until the answer is yes.
func (s *Service) wait(what string, yes func() bool) {
	s.t.Helper()
	for begin := time.Now(); !yes(); <-time.After(10 * time.Millisecond) {
		if time.Since(begin) > appears {
			s.t.Fatalf("%s: %s: not within %v", s.Provider, what, appears)
		}
	}
}

// Default returns the collection that the alias "default" stands for.
func (s *Service) Default() Collection {
	s.t.Helper()
	var path Collection
	s.check("read the alias", s.call(root, service+".ReadAlias", "default").Store(&path))
	return path
}

// Locked reports whether a collection is locked.
func (s *Service) Locked(c Collection) bool {
	s.t.Helper()
	return s.property(c, collection, "Locked") == true
}

func (s *Service) collections() []Collection {
	s.t.Helper()
	all, _ := s.property(root, service, "Collections").([]dbus.ObjectPath)
	return all
}

func (s *Service) exists(c Collection) bool {
	s.t.Helper()
	return slices.Contains(s.collections(), c)
}

// Lock locks a collection, and waits until it is locked: KeePassXC takes the object of a
// database away when it locks it, and then exports another at the same path.
func (s *Service) Lock(c Collection) {
	s.t.Helper()
	var locked []dbus.ObjectPath
	var asks dbus.ObjectPath
	s.check("lock", s.call(root, service+".Lock", []dbus.ObjectPath{c}).Store(&locked, &asks))
	if asks != "/" {
		s.check("lock", s.call(asks, prompt+".Prompt", "").Err)
	}
	s.wait("a locked collection", func() bool {
		var value dbus.Variant
		err := s.call(c, "org.freedesktop.DBus.Properties.Get", collection, "Locked").Store(&value)
		return err == nil && value.Value() == true
	})
}

// own are the attributes that KeePassXC shows and does not take.
var own = []string{"Notes", "Path", "Title", "URL", "UserName", "Uuid"}

// Copy makes an item like another one, as a person does who clones or restores an entry.
func (s *Service) Copy(it Item, into Collection) {
	s.t.Helper()
	attributes := maps.Clone(it.Attributes)
	maps.DeleteFunc(attributes, func(key, _ string) bool { return s.Provider == KeePassXC && slices.Contains(own, key) })
	s.Put(into, it.Label, attributes, it.Text)
}

// Remove deletes an item.
func (s *Service) Remove(it Item) {
	s.t.Helper()
	var asks dbus.ObjectPath
	s.check("delete an item", s.call(it.Path, item+".Delete").Store(&asks))
	if asks != "/" {
		done := s.completed(asks)
		s.check("delete an item", s.call(asks, prompt+".Prompt", "").Err)
		<-done
	}
}

// Put makes an item, whatever there is already.
func (s *Service) Put(c Collection, label string, attributes map[string]string, text string) dbus.ObjectPath {
	s.t.Helper()
	properties := map[string]dbus.Variant{item + ".Label": dbus.MakeVariant(label), item + ".Attributes": dbus.MakeVariant(attributes)}
	var path, asks dbus.ObjectPath
	s.check("make an item", s.call(c, collection+".CreateItem", properties, s.secret(text), false).Store(&path, &asks))
	if asks != "/" {
		done := s.completed(asks)
		s.check("make an item", s.call(asks, prompt+".Prompt", "").Err)
		result := <-done
		path, _ = result.Value().(dbus.ObjectPath)
	}
	return path
}

// completed returns the result of a prompt once it is completed.
func (s *Service) completed(asks dbus.ObjectPath) <-chan dbus.Variant {
	s.t.Helper()
	s.check("await a prompt", s.conn.AddMatchSignal(dbus.WithMatchObjectPath(asks), dbus.WithMatchInterface(prompt)))
	signals, done := make(chan *dbus.Signal, 10), make(chan dbus.Variant, 1)
	s.conn.Signal(signals)
	go func() {
		for signal := range signals {
			if signal.Path == asks && signal.Name == prompt+".Completed" {
				done <- signal.Body[1].(dbus.Variant)
				return
			}
		}
	}()
	return done
}

// Items returns the items of an unlocked collection.
func (s *Service) Items(c Collection) []Item {
	s.t.Helper()
	paths, _ := s.property(c, collection, "Items").([]dbus.ObjectPath)
	var items []Item
	for _, path := range paths {
		it := Item{Path: path}
		it.Label, _ = s.property(path, item, "Label").(string)
		it.Attributes, _ = s.property(path, item, "Attributes").(map[string]string)
		var got secret
		s.check("read an item", s.call(path, item+".GetSecret", s.session).Store(&got))
		it.Text = string(got.Value)
		items = append(items, it)
	}
	return items
}

// Freeze stops the provider's process, and returns the function that lets it go on.
func (s *Service) Freeze() (thaw func()) {
	s.t.Helper()
	pid := s.pid()
	s.check("freeze", syscall.Kill(pid, syscall.SIGSTOP))
	return func() { _ = syscall.Kill(pid, syscall.SIGCONT) }
}

func (s *Service) pid() int {
	s.t.Helper()
	var pid uint32
	s.check("find the process", s.conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, busName).Store(&pid))
	return int(pid)
}

// DismissPrompts dismisses every prompt that is opened until t ends, as a person
// does who presses Escape. gnome-keyring does so itself where there is no display.
func (s *Service) DismissPrompts(t testing.TB) {
	t.Helper()
	if s.Provider == GnomeKeyring {
		return
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(stop); <-stopped })
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(50 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticker.C:
			}
			for _, path := range s.prompts() {
				_ = s.call(path, prompt+".Dismiss").Err
			}
		}
	}()
}

// prompts returns the prompts that exist, from the service's introspection.
func (s *Service) prompts() []dbus.ObjectPath {
	var xml string
	if s.call(root+"/prompt", "org.freedesktop.DBus.Introspectable.Introspect").Store(&xml) != nil {
		return nil
	}
	var paths []dbus.ObjectPath
	for _, part := range strings.Split(xml, `<node name="`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		paths = append(paths, root+"/prompt/"+dbus.ObjectPath(name))
	}
	return paths
}

// secret is the secret of the protocol.
type secret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

func (s *Service) secret(text string) secret {
	return secret{s.session, []byte{}, []byte(text), "text/plain; charset=utf-8"}
}
