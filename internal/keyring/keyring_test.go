package keyring_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	gokeyring "github.com/zalando/go-keyring"

	"amarre/internal/keyring"
	"amarre/profile/profiletest"
)

const canary = "CANARY-TOKEN-51c2"

// TestClasses: each error that a keyring was seen to give has its class
// (docs/keyring.md), and the text of a foreign error is dropped.
func TestClasses(t *testing.T) {
	for name, c := range map[string]struct {
		err         error
		read, write keyring.Class
	}{
		"no item":          {gokeyring.ErrNotFound, keyring.ClassMissing, keyring.ClassMissing},
		"too big":          {gokeyring.ErrSetDataTooBig, keyring.ClassTooBig, keyring.ClassTooBig},
		"no platform":      {gokeyring.ErrUnsupportedPlatform, keyring.ClassUnavailable, keyring.ClassUnavailable},
		"dead socket":      {fmt.Errorf("dial: %w", &net.OpError{Op: "dial", Err: errors.New("refused")}), keyring.ClassUnavailable, keyring.ClassUnavailable},
		"no service":       {dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}, keyring.ClassUnavailable, keyring.ClassUnavailable},
		"no owner":         {dbus.Error{Name: "org.freedesktop.DBus.Error.NameHasNoOwner"}, keyring.ClassUnavailable, keyring.ClassUnavailable},
		"timed out":        {dbus.Error{Name: "org.freedesktop.DBus.Error.TimedOut"}, keyring.ClassUnavailable, keyring.ClassUnavailable},
		"spawn":            {dbus.Error{Name: "org.freedesktop.DBus.Error.Spawn.ChildExited"}, keyring.ClassUnavailable, keyring.ClassUnavailable},
		"locked":           {dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}, keyring.ClassLocked, keyring.ClassLocked},
		"no reply":         {dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}, keyring.ClassFailed, keyring.ClassUnknown},
		"anything":         {errors.New(canary), keyring.ClassFailed, keyring.ClassUnknown},
		"already an error": {&keyring.Error{Class: keyring.ClassLocked, Op: "x"}, keyring.ClassLocked, keyring.ClassLocked},
	} {
		t.Run(name, func(t *testing.T) {
			ring := &profiletest.Ring{}
			ring.Change(profiletest.Faults{Get: c.err})
			k := keyring.New(ring, keyring.Options{})
			defer k.Close()
			_, err := k.Get(t.Context(), "item")
			if got := keyring.ClassOf(err); got != c.read {
				t.Errorf("a read gives %q (%v), want %q", got, err, c.read)
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("the error holds foreign text: %v", err)
			}
			ring.Change(profiletest.Faults{Set: c.err})
			if got := setClass(t, k); got != c.write {
				t.Errorf("a write gives %q, want %q", got, c.write)
			}
		})
	}
}

// TestClassOf: the outermost class rules, and its cause stays visible.
func TestClassOf(t *testing.T) {
	inner := &keyring.Error{Class: keyring.ClassLocked, Op: "inner", Err: context.Canceled}
	err := fmt.Errorf("save: %w", &keyring.Error{Class: keyring.ClassUnknown, Op: "read back", Err: errors.Join(inner, context.DeadlineExceeded)})
	if keyring.ClassOf(err) != keyring.ClassUnknown || !errors.Is(err, context.Canceled) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is of class %q", err, keyring.ClassOf(err))
	}
	if got, want := err.Error(), "save: read back: unknown: inner: locked: context canceled\ncontext deadline exceeded"; got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
	if got := (&keyring.Error{Class: keyring.ClassLocked, Op: "read"}).Error(); got != "read: locked" {
		t.Errorf("without a cause the text is %q", got)
	}
	if keyring.ClassOf(errors.New("x")) != "" || keyring.ClassOf(nil) != "" {
		t.Error("a foreign error has a class")
	}
}

// TestMemory: the keyring in memory keeps, lists and deletes items.
func TestMemory(t *testing.T) {
	k := keyring.New(keyring.Memory(), keyring.Options{})
	defer k.Close()
	if state := k.State(t.Context()); state != keyring.None || !state.Absent() {
		t.Errorf("the state is %q", state)
	}
	if !k.IsOpen(t.Context(), "") || k.Product() != "" {
		t.Errorf("it is not open, or of %q", k.Product())
	}
	if _, err := k.Set(t.Context(), keyring.Item{Name: "a", Text: canary}, ""); err != nil {
		t.Fatal(err)
	}
	if item, err := k.Get(t.Context(), "a"); err != nil || item.Text != canary {
		t.Errorf("the item is %q, %v", item.Text, err)
	}
	if names, err := k.Names(t.Context()); err != nil || len(names) != 1 {
		t.Errorf("the names are %q, %v", names, err)
	}
	if err := k.Delete(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	if _, err := k.Get(t.Context(), "a"); keyring.ClassOf(err) != keyring.ClassMissing {
		t.Errorf("a deleted item: %v", err)
	}
}

// TestIsOpen: only what the keyring says is open.
func TestIsOpen(t *testing.T) {
	ring := &profiletest.Ring{}
	ring.Change(profiletest.Faults{Closed: []string{"Marina"}})
	k := keyring.New(ring, keyring.Options{})
	defer k.Close()
	if k.IsOpen(t.Context(), "Marina") || !k.IsOpen(t.Context(), "Other") {
		t.Error("a closed place is open, or an open one is not")
	}
}

// provided is a keyring that a process provides.
type provided struct {
	*profiletest.Ring
	by string
}

func (p provided) Provider() string { return p.by }

// TestProduct: which program keeps the keyring, whatever the end of its process' name.
func TestProduct(t *testing.T) {
	for by, want := range map[string]keyring.Product{
		"": "", "gnome-keyring-d": keyring.GNOME, "kwalletd5": keyring.KDE, "kwalletd6": keyring.KDE, "keepassxc": keyring.KeePassXC,
		"keepass": "", "oo7-daemon": "", "a-keepassxc": "",
	} {
		k := keyring.New(provided{&profiletest.Ring{}, by}, keyring.Options{})
		if got := k.Product(); got != want || k.Provider() != by {
			t.Errorf("%q, provided by %q, is %q, want %q", by, k.Provider(), got, want)
		}
		k.Close()
	}
}

// TestAbsent: in which states what is saved is kept for this session only.
func TestAbsent(t *testing.T) {
	for state, want := range map[keyring.State]bool{
		keyring.Ready: false, keyring.Locked: false, keyring.Unresponsive: false,
		keyring.NoBus: true, keyring.NoService: true, keyring.NoCollection: true, keyring.None: true,
	} {
		if state.Absent() != want {
			t.Errorf("%s is absent: %v, want %v", state, !want, want)
		}
	}
}

// setClass returns the class of the error of writing an item.
func setClass(t *testing.T, k *keyring.Keyring) keyring.Class {
	t.Helper()
	_, err := k.Set(t.Context(), keyring.Item{Name: "item", Text: "text"}, "")
	return keyring.ClassOf(err)
}
