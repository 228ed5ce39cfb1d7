//go:build keyring

package keyring_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"amarre/internal/keyring"
	"amarre/internal/keyring/servicetest"
)

// These tests use the session's real Secret Service, so they run in the throw-away
// session of .ci/with-keyring:
//
//	.ci/with-keyring go test -tags keyring ./internal/keyring
//	.ci/with-keyring --provider=keepassxc go test -tags keyring ./internal/keyring
//	.ci/with-keyring --provider=kwallet go test -tags keyring ./internal/keyring

// open returns the provider and a keyring on it that waits for no person.
func open(t *testing.T) (*servicetest.Service, *keyring.Keyring) {
	t.Helper()
	service := servicetest.Open(t)
	k := keyring.New(keyring.System(keyring.SystemOptions{}), keyring.Options{Interactive: 3 * time.Second})
	t.Cleanup(k.Close)
	return service, k
}

// providerNow returns the process that owns the Secret Service, without starting one.
func providerNow(t *testing.T) string {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var pid uint32
	if conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, "org.freedesktop.secrets").Store(&pid) != nil {
		return ""
	}
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(name))
}

// get returns the text of an item.
func get(t *testing.T, k *keyring.Keyring, name string) (string, error) {
	t.Helper()
	item, err := k.Get(t.Context(), name)
	return item.Text, err
}

// set writes an item in place of what is there.
func set(t *testing.T, k *keyring.Keyring, name, text string) error {
	t.Helper()
	before, _ := get(t, k, name)
	_, err := k.Set(t.Context(), keyring.Item{Name: name, Text: text, Label: "Amarre: " + name}, before)
	return err
}

func mustSet(t *testing.T, k *keyring.Keyring, name, text string) {
	t.Helper()
	if err := set(t, k, name, text); err != nil {
		t.Fatalf("write %s: %v", name, err)
	}
}

// only returns the one item of a collection.
func only(t *testing.T, service *servicetest.Service, c servicetest.Collection) servicetest.Item {
	t.Helper()
	items := service.Items(c)
	if len(items) != 1 {
		t.Fatalf("the collection has %v, want one item", items)
	}
	return items[0]
}

// setIn writes an item and puts it into another collection, as if that had been the
// default one. What the keyring remembers of it is forgotten with the Keyring.
func setIn(t *testing.T, service *servicetest.Service, c servicetest.Collection, name, text string) {
	t.Helper()
	k := keyring.New(keyring.System(keyring.SystemOptions{}), keyring.Options{})
	defer k.Close()
	mustSet(t, k, name, text)
	it := only(t, service, service.Default())
	service.Copy(it, c)
	service.Remove(it)
}

func TestReplacedItemKeepsItsPlace(t *testing.T) {
	service, k := open(t)
	mustSet(t, k, "item", "one")
	before := only(t, service, service.Default())
	mustSet(t, k, "item", "two")
	if text, err := get(t, k, "item"); err != nil || text != "two" {
		t.Errorf("the item is %q, %v; want two", text, err)
	}
	if after := only(t, service, service.Default()); after.Path != before.Path {
		t.Errorf("the item was %s and is %s", before.Path, after.Path)
	}
}

// TestItemOfAnotherProgramIsReplaced: a window of KeePassXC asks before CreateItem
// replaces an item that another program made.
func TestItemOfAnotherProgramIsReplaced(t *testing.T) {
	service, k := open(t)
	setIn(t, service, service.Default(), "item", "one")
	mustSet(t, k, "item", "two")
	if text, err := get(t, k, "item"); err != nil || text != "two" {
		t.Errorf("the item is %q, %v; want two", text, err)
	}
	only(t, service, service.Default())
}

// TestTextComesBackOrIsRefused: KeePassXC replaces {USERNAME} and its like in what it
// gives back. Such a text is not left behind as an item that nobody knows.
func TestTextComesBackOrIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"placeholder": "x {USERNAME} {TITLE} {REF:P@T:x} y",
		"braces":      "a { b } {} {{c}}",
		"lines":       "token\nname: Port de Sète\n\n",
		"printable":   "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ é 🚤",
	} {
		t.Run(name, func(t *testing.T) {
			service, k := open(t)
			switch err := set(t, k, "item", text); {
			case err == nil:
				if back, err := get(t, k, "item"); err != nil || back != text {
					t.Errorf("the item is %q, %v; want %q", back, err, text)
				}
			case keyring.ClassOf(err) != keyring.ClassAltered && keyring.ClassOf(err) != keyring.ClassNotKept:
				t.Errorf("write: %v, want ClassAltered", err)
			default:
				if items := service.Items(service.Default()); len(items) != 0 {
					t.Errorf("the item is not kept, and there is %v", items)
				}
			}
		})
	}
}

// TestItemsOfEveryCollection: which database of KeePassXC is visible, or which wallet is
// the default, decides nothing.
func TestItemsOfEveryCollection(t *testing.T) {
	service, k := open(t)
	first, second := service.Default(), service.Second()
	setIn(t, service, second, "elsewhere", "one")
	mustSet(t, k, "here", "two")
	for _, visible := range []servicetest.Collection{first, second} {
		service.SetDefault(visible)
		for name, want := range map[string]string{"elsewhere": "one", "here": "two"} {
			if text, err := get(t, k, name); err != nil || text != want {
				t.Errorf("%s visible: %s is %q, %v; want %q", visible, name, text, err, want)
			}
		}
		if names, err := k.Names(t.Context()); err != nil || !slices.Equal(names, []string{"elsewhere", "here"}) {
			t.Errorf("%s visible: the names are %q, %v", visible, names, err)
		}
	}
	service.SetDefault(first)
	if err := set(t, k, "elsewhere", "three"); err != nil {
		t.Errorf("replace: %v", err)
	}
	if it := only(t, service, second); it.Text != "three" || len(service.Items(first)) != 1 {
		t.Errorf("the item was not replaced where it is")
	}
	for _, name := range []string{"elsewhere", "here"} {
		if err := k.Delete(t.Context(), name); err != nil {
			t.Errorf("delete %s: %v", name, err)
		}
	}
	if left := append(service.Items(first), service.Items(second)...); len(left) != 0 {
		t.Errorf("after the deletion there is %v", left)
	}
}

func TestDeletionRemovesDuplicates(t *testing.T) {
	service, k := open(t)
	first, second := service.Default(), service.Second()
	mustSet(t, k, "item", "text")
	mustSet(t, k, "other", "text")
	for _, it := range service.Items(first) {
		if it.Attributes["username"] != "other" {
			service.Copy(it, first)
			service.Copy(it, second)
		}
	}
	if n, m := len(service.Items(first)), len(service.Items(second)); n != 3 || m != 1 {
		t.Fatalf("there are %d and %d items, want 3 and 1", n, m)
	}
	if names, err := k.Names(t.Context()); err != nil || !slices.Equal(names, []string{"item", "other"}) {
		t.Errorf("the names are %q, %v; want each once", names, err)
	}
	if err := k.Delete(t.Context(), "item"); err != nil {
		t.Errorf("delete: %v", err)
	}
	if n, m := len(service.Items(first)), len(service.Items(second)); n != 1 || m != 0 {
		t.Errorf("there are %d and %d items, want 1 and 0", n, m)
	}
	if text, err := get(t, k, "other"); err != nil || text != "text" {
		t.Errorf("the other item is %q, %v", text, err)
	}
}

// TestLockedCollection: a prompt that is dismissed means that the keyring stayed locked,
// not that there is none.
func TestLockedCollection(t *testing.T) {
	service, k := open(t)
	first := service.Default()
	mustSet(t, k, "item", "text")
	service.Lock(first)
	service.DismissPrompts(t)
	if service.Provider == servicetest.KeePassXC { // its dialog stays open after its prompt
		t.Cleanup(func() { service.Kill(); service.Start() })
	}
	if state := k.State(t.Context()); state != keyring.Locked {
		t.Errorf("the state is %s, want locked", state)
	}
	_, err := get(t, k, "item")
	wantClass(t, "read", err, keyring.ClassLocked)
	wantClass(t, "replace", set(t, k, "item", "other"), keyring.ClassLocked)
	wantClass(t, "write a new one", set(t, k, "new", "text"), keyring.ClassLocked)
	wantClass(t, "delete", k.Delete(t.Context(), "item"), keyring.ClassLocked)
	if names, err := k.Names(t.Context()); service.Provider == servicetest.KeePassXC { // which shows nothing of it
		wantClass(t, "list", err, keyring.ClassLocked)
	} else if err != nil || !slices.Equal(names, []string{"item"}) {
		t.Errorf("the names are %q, %v: they can be read", names, err)
	}
	service.Unlock(first)
	if text, err := get(t, k, "item"); err != nil || text != "text" {
		t.Errorf("unlocked again, the item is %q, %v", text, err)
	}
	if items := service.Items(first); len(items) != 1 {
		t.Errorf("unlocked again, there is %v", items)
	}
}

func wantClass(t *testing.T, doing string, err error, want keyring.Class) {
	t.Helper()
	if keyring.ClassOf(err) != want {
		t.Errorf("%s: %v, want %s", doing, err, want)
	}
}

// TestItemInALockedCollection: an item that may be in a collection that is locked is not
// missing, and its deletion does not report a success. KeePassXC hides such items; KWallet
// gives an empty text for them, and reports success when it is asked to delete one.
func TestItemInALockedCollection(t *testing.T) {
	service, k := open(t)
	first, second := service.Default(), service.Second()
	setIn(t, service, second, "elsewhere", "text")
	mustSet(t, k, "here", "text")
	service.Lock(second)
	service.DismissPrompts(t)
	_, err := get(t, k, "elsewhere")
	wantClass(t, "read", err, keyring.ClassLocked)
	wantClass(t, "delete", k.Delete(t.Context(), "elsewhere"), keyring.ClassLocked)
	if text, err := get(t, k, "here"); err != nil || text != "text" {
		t.Errorf("the item that can be read is %q, %v", text, err)
	}
	if err := k.Delete(t.Context(), "here"); err != nil {
		t.Errorf("delete the item that can be read: %v", err)
	}
	if items := service.Items(first); len(items) != 0 {
		t.Errorf("after the deletion there is %v", items)
	}
	service.Unlock(second)
	if text, err := get(t, k, "elsewhere"); err != nil || text != "text" {
		t.Errorf("unlocked again, the item is %q, %v", text, err)
	}
}

// TestAccessThatIsNotGranted: KeePassXC asks a person for each item of another program. A
// refusal means that the item stayed locked, and changes nothing.
func TestAccessThatIsNotGranted(t *testing.T) {
	service, k := open(t)
	if service.Provider != servicetest.KeePassXC {
		t.Skip("only KeePassXC asks for an item")
	}
	setIn(t, service, service.Default(), "item", "text")
	stopAsking := service.AskForEachItem()
	service.DismissPrompts(t)
	_, err := get(t, k, "item")
	wantClass(t, "read", err, keyring.ClassLocked)
	wantClass(t, "replace", set(t, k, "item", "other"), keyring.ClassLocked)
	mustSet(t, k, "own", "text")
	if text, err := get(t, k, "own"); err != nil || text != "text" {
		t.Errorf("what this program has written is %q, %v", text, err)
	}
	if names, err := k.Names(t.Context()); err != nil || !slices.Equal(names, []string{"item", "own"}) {
		t.Errorf("the names are %q, %v: no access is needed for them", names, err)
	}
	stopAsking()
	if text, err := get(t, k, "item"); err != nil || text != "text" {
		t.Errorf("afterwards the item is %q, %v", text, err)
	}
}

// TestNoOtherProviderIsStarted: the bus would start gnome-keyring in the place of a
// provider that has ended, and every item would be missing.
func TestNoOtherProviderIsStarted(t *testing.T) {
	service, k := open(t)
	mustSet(t, k, "item", "text")
	service.Kill()
	_, err := get(t, k, "item")
	wantProvider := map[string]string{servicetest.GnomeKeyring: "gnome-keyring-d"}[service.Provider]
	if provider := providerNow(t); provider != "" && provider != wantProvider {
		t.Errorf("%s was started", provider)
	}
	if service.Provider == servicetest.GnomeKeyring { // which the bus may start again, locked
		if class := keyring.ClassOf(err); class != keyring.ClassLocked && class != keyring.ClassUnavailable {
			t.Errorf("read: %v, want locked or unavailable", err)
		}
		return
	}
	wantClass(t, "read", err, keyring.ClassUnavailable)
	wantClass(t, "write", set(t, k, "new", "text"), keyring.ClassUnavailable)
	wantClass(t, "delete", k.Delete(t.Context(), "item"), keyring.ClassUnavailable)
	if state := k.State(t.Context()); state != keyring.NoService {
		t.Errorf("the state is %s, want no-service", state)
	}
	if provider := providerNow(t); provider != "" {
		t.Errorf("%s was started", provider)
	}
	service.Start()
	if text, err := get(t, k, "item"); err != nil || text != "text" {
		t.Errorf("started again, the item is %q, %v", text, err)
	}
}

// TestNoBusIsStarted: an address of the session bus that leads to none is the answer that
// there is no keyring, at once.
func TestNoBusIsStarted(t *testing.T) {
	if os.Getenv("AMARRE_TEST_BUS_CHILD") != "" { // the library keeps a connection for the whole process
		k := keyring.New(keyring.System(keyring.SystemOptions{}), keyring.Options{})
		_, err := get(t, k, "item")
		wantClass(t, "read", err, keyring.ClassUnavailable)
		if state := k.State(t.Context()); state != keyring.NoBus {
			t.Errorf("the state is %s, want no-bus", state)
		}
		return
	}
	for name, address := range map[string]string{
		"autolaunch":  "autolaunch:",
		"nonsense":    "nonsense",
		"no socket":   "unix:path=/nonexistent/bus",
		"empty value": "unix:path=",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			marker := filepath.Join(dir, "started")
			launch := "#!/bin/sh\ntouch '" + marker + "'\n"
			for _, program := range []string{"dbus-launch", "dbus-daemon"} {
				if err := os.WriteFile(filepath.Join(dir, program), []byte(launch), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			begin := time.Now()
			child := exec.Command(os.Args[0], "-test.run", "^TestNoBusIsStarted$")
			child.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "XDG_RUNTIME_DIR=") }),
				"AMARRE_TEST_BUS_CHILD=1", "DBUS_SESSION_BUS_ADDRESS="+address, "PATH="+dir+":"+os.Getenv("PATH"), "HOME="+dir)
			if out, err := child.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
			if took := time.Since(begin); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
			if _, err := os.Stat(marker); err == nil {
				t.Error("a session bus was started")
			}
		})
	}
}
