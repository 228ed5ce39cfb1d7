//go:build unix && !darwin

package keyring

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/godbus/dbus/v5"
)

// The Secret Service API (specifications.freedesktop.org/secret-service). go-keyring's own
// package would do, but it looks in one collection only, cannot replace an item without a
// prompt of KeePassXC, and has the bus start another provider where one has ended
// (docs/keyring.md). Items are as go-keyring writes them: either finds the other's.
const (
	secretService = "org.freedesktop.secrets"

	serviceRoot    = dbus.ObjectPath("/org/freedesktop/secrets")
	collectionRoot = serviceRoot + "/collection/"
	noObject       = dbus.ObjectPath("/") // no object, or no prompt

	serviceInterface    = "org.freedesktop.Secret.Service"
	collectionInterface = "org.freedesktop.Secret.Collection"
	itemInterface       = "org.freedesktop.Secret.Item"
	promptInterface     = "org.freedesktop.Secret.Prompt"
	busInterface        = "org.freedesktop.DBus"
)

// service is the Secret Service. It uses one connection for as long as the bus lives:
// KeePassXC grants access to a connection.
type service struct {
	opts SystemOptions

	mu      sync.Mutex // held while it connects
	conn    *dbus.Conn
	owner   string // the unique name of the provider that session belongs to
	session dbus.ObjectPath

	provider atomic.Value // a string: the one that served last
}

func newSystem(opts SystemOptions) Backend {
	s := &service{opts: opts}
	s.provider.Store(opts.Provider)
	return s
}

// secret is the Secret of the API.
type secret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// open connects to the provider. The error is ClassUnavailable where there is none. A
// provider that is not running is started, unless the one that served last is another
// than the bus would start.
func (s *service) open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	unavailable := func(err error) error {
		return &Error{Class: ClassUnavailable, Op: "reach the Secret Service", Err: err}
	}
	if err := reachable(); err != nil {
		return err
	}
	if s.conn == nil || !s.conn.Connected() {
		conn, err := dbus.ConnectSessionBus()
		if err != nil {
			return &Error{Class: ClassUnavailable, Op: "reach the session bus", Err: errNoBus}
		}
		s.conn, s.owner = conn, ""
	}
	var owner string
	if s.conn.BusObject().Call(busInterface+".GetNameOwner", 0, secretService).Store(&owner) != nil {
		if last := s.Provider(); last != "" && !strings.HasPrefix(last, gnomeKeyring) {
			return unavailable(fmt.Errorf("%s is not running", last))
		}
		var started uint32
		if err := s.conn.BusObject().Call(busInterface+".StartServiceByName", 0, secretService, uint32(0)).Store(&started); err != nil {
			return unavailable(errors.New("nothing provides it"))
		}
		if err := s.conn.BusObject().Call(busInterface+".GetNameOwner", 0, secretService).Store(&owner); err != nil {
			return unavailable(errors.New("it ended at once"))
		}
	}
	if owner == s.owner {
		return nil
	}
	var output dbus.Variant
	if err := s.call(serviceRoot, serviceInterface+".OpenSession", "plain", dbus.MakeVariant("")).Store(&output, &s.session); err != nil {
		return err
	}
	s.owner = owner
	if name := processName(s.conn, owner); name != "" && name != s.Provider() {
		s.provider.Store(name)
		if s.opts.ProviderChanged != nil {
			s.opts.ProviderChanged(name)
		}
	}
	return nil
}

// call calls a method, and never has the bus start a provider.
func (s *service) call(object dbus.ObjectPath, method string, args ...any) *dbus.Call {
	return s.conn.Object(secretService, object).Call(method, dbus.FlagNoAutoStart, args...)
}

// property stores a property in value.
func (s *service) property(object dbus.ObjectPath, in, name string, value any) error {
	var v dbus.Variant
	if err := s.call(object, busInterface+".Properties.Get", in, name).Store(&v); err != nil {
		return err
	}
	return dbus.Store([]any{v.Value()}, value)
}

// isLocked reports whether a collection or an item is locked.
func (s *service) isLocked(object dbus.ObjectPath, in string) bool {
	var locked bool
	return s.property(object, in, "Locked", &locked) == nil && locked
}

// searchAttributes find the items of a name, or all of this program's with "".
func searchAttributes(name string) map[string]string {
	attributes := map[string]string{"service": serviceName} // as go-keyring
	if name != "" {
		attributes["username"] = name
	}
	return attributes
}

// search returns the items of a name in all collections.
func (s *service) search(name string) (unlocked, locked []dbus.ObjectPath, err error) {
	if err := s.open(); err != nil {
		return nil, nil, err
	}
	err = s.call(serviceRoot, serviceInterface+".SearchItems", searchAttributes(name)).Store(&unlocked, &locked)
	return unlocked, locked, err
}

// missing returns the error for an item that was not found: ClassLocked if it may be in a
// collection that is locked, because KeePassXC does not show what is in one.
func (s *service) missing() error {
	if s.mayHide() {
		return &Error{Class: ClassLocked, Op: "find the item", Err: errors.New("a database is locked")}
	}
	return &Error{Class: ClassMissing, Op: "find the item"}
}

// mayHide reports whether a collection is locked and its items are not shown.
func (s *service) mayHide() bool {
	if provider := s.Provider(); strings.HasPrefix(provider, gnomeKeyring) || strings.HasPrefix(provider, kwallet) {
		return false
	}
	return slices.ContainsFunc(s.collections(), func(c dbus.ObjectPath) bool { return s.isLocked(c, collectionInterface) })
}

func (s *service) collections() []dbus.ObjectPath {
	var all []dbus.ObjectPath
	_ = s.property(serviceRoot, serviceInterface, "Collections", &all)
	return all
}

// collectionOf returns the collection of an item.
func collectionOf(item dbus.ObjectPath) dbus.ObjectPath {
	return dbus.ObjectPath(path.Dir(string(item)))
}

// Get implements Backend. Of several items the one that was changed last counts. If the
// provider ends meanwhile, its successor is asked, once.
func (s *service) Get(name string) (Item, error) {
	item, err := s.get(name)
	if hasEnded(err) {
		item, err = s.get(name)
	}
	return item, err
}

// hasEnded reports whether err says that the provider ended before it answered.
func hasEnded(err error) bool {
	var remote dbus.Error
	return errors.As(err, &remote) && (remote.Name == busInterface+".Error.NoReply" || remote.Name == busInterface+".Error.NameHasNoOwner")
}

func (s *service) get(name string) (Item, error) {
	unlocked, locked, err := s.search(name)
	if err != nil {
		return Item{}, err
	}
	if len(unlocked) == 0 {
		if len(locked) == 0 {
			return Item{}, s.missing()
		}
		if err := s.unlockItems(locked); err != nil {
			return Item{}, err
		}
		unlocked = locked
	}
	newest, at := unlocked[0], uint64(0)
	if len(unlocked) > 1 {
		for _, item := range unlocked {
			var modified uint64
			if s.property(item, itemInterface, "Modified", &modified) == nil && modified > at {
				newest, at = item, modified
			}
		}
	}
	var kept secret
	if err := s.call(newest, itemInterface+".GetSecret", s.session).Store(&kept); err != nil {
		return Item{}, err
	}
	return Item{Name: name, Text: string(kept.Value), Place: s.label(collectionOf(newest))}, nil
}

// label returns how people know a collection.
func (s *service) label(collection dbus.ObjectPath) string {
	var label string
	if s.property(collection, collectionInterface, "Label", &label) != nil || label == "" {
		return path.Base(string(collection))
	}
	return label
}

// IsOpen implements Backend.
func (s *service) IsOpen(place string) bool {
	if s.open() != nil {
		return false
	}
	return slices.ContainsFunc(s.collections(), func(c dbus.ObjectPath) bool {
		return s.label(c) == place && !s.isLocked(c, collectionInterface)
	})
}

// Set implements Backend. Every item of the name is replaced where it is. SetSecret asks
// nothing, where KeePassXC would ask before CreateItem replaces an item.
func (s *service) Set(item Item) error {
	unlocked, locked, err := s.search(item.Name)
	if err != nil {
		return err
	}
	if err := s.unlockItems(locked); err != nil {
		return err
	}
	item.Label = cmp.Or(item.Label, "Amarre") // KWallet refuses an empty one
	attributes := searchAttributes(item.Name)
	for name, value := range item.Attributes {
		attributes[name] = value
	}
	content := secret{s.session, []byte{}, []byte(item.Text), "text/plain; charset=utf-8"}
	found := append(unlocked, locked...)
	for _, each := range found {
		if err := s.call(each, itemInterface+".SetSecret", content).Err; err != nil {
			return err
		}
		for property, value := range map[string]any{"Label": item.Label, "Attributes": attributes} { // for people only
			_ = s.call(each, busInterface+".Properties.Set", itemInterface, property, dbus.MakeVariant(value)).Err
		}
	}
	if len(found) > 0 {
		return nil
	}
	return s.create(item, attributes, content)
}

// create makes an item in the default collection. KeePassXC may make it and say that the
// user dismissed its prompt: nothing is left then, or the error is ClassUnknown.
func (s *service) create(item Item, attributes map[string]string, content secret) error {
	collection, err := s.defaultCollection()
	if err != nil {
		return err
	}
	if s.isLocked(collection, collectionInterface) {
		if err := s.unlock(collection); err != nil {
			return err
		}
	}
	properties := map[string]dbus.Variant{
		itemInterface + ".Label":      dbus.MakeVariant(item.Label),
		itemInterface + ".Attributes": dbus.MakeVariant(attributes),
	}
	var made, prompt dbus.ObjectPath
	if err := s.call(collection, collectionInterface+".CreateItem", properties, content, true).Store(&made, &prompt); err != nil {
		return err
	}
	err = s.ask(prompt)
	if ClassOf(err) == ClassLocked {
		unlocked, _, searchErr := s.search(item.Name)
		switch {
		case searchErr != nil:
			return &Error{Class: ClassUnknown, Op: "make the item", Err: errors.New("it cannot be looked for")}
		case len(unlocked) > 0:
			_ = s.Delete(item.Name)
			return &Error{Class: ClassNotKept, Op: "make the item"}
		}
	}
	return err
}

// defaultCollection returns the collection of new items: that of the login, as go-keyring,
// else the default one.
func (s *service) defaultCollection() (dbus.ObjectPath, error) {
	if login := collectionRoot + "login"; slices.Contains(s.collections(), login) {
		return login, nil
	}
	var collection dbus.ObjectPath
	if err := s.call(serviceRoot, serviceInterface+".ReadAlias", "default").Store(&collection); err != nil {
		return "", err
	}
	if collection == noObject {
		return "", &Error{Class: ClassUnavailable, Op: "find the default collection"}
	}
	return collection, nil
}

// Delete implements Backend. Every item of the name is deleted. What is locked is unlocked
// before: KWallet would erase no more than the attributes of a locked item, and report a
// success.
func (s *service) Delete(name string) error {
	unlocked, locked, err := s.search(name)
	if err != nil {
		return err
	}
	if len(unlocked)+len(locked) == 0 {
		return s.missing()
	}
	for _, item := range locked {
		collection := collectionOf(item)
		if s.isLocked(collection, collectionInterface) { // else KeePassXC asks for reading alone
			if err := s.unlock(collection); err != nil {
				return err
			}
		}
	}
	for _, item := range append(unlocked, locked...) {
		var prompt dbus.ObjectPath
		if err := s.call(item, itemInterface+".Delete").Store(&prompt); err != nil {
			return err
		}
		if err := s.ask(prompt); err != nil {
			return err
		}
	}
	unlocked, locked, err = s.search(name)
	if err == nil && len(unlocked)+len(locked) > 0 {
		err = &Error{Class: ClassNotKept, Op: "delete the item"}
	}
	return err
}

// List implements Backend.
func (s *service) List() ([]string, error) {
	unlocked, locked, err := s.search("")
	if err != nil {
		return nil, err
	}
	if s.mayHide() {
		return nil, &Error{Class: ClassLocked, Op: "list the items", Err: errors.New("a database is locked")}
	}
	var names []string
	for _, item := range append(unlocked, locked...) {
		var attributes map[string]string
		if err := s.property(item, itemInterface, "Attributes", &attributes); err != nil {
			return nil, err
		}
		names = append(names, attributes["username"])
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// State implements Backend.
func (s *service) State() State {
	if err := s.open(); err != nil {
		if reachable() != nil || errors.Is(err, errNoBus) {
			return NoBus
		}
		return NoService
	}
	collection, err := s.defaultCollection()
	switch {
	case ClassOf(err) == ClassUnavailable:
		return NoCollection
	case err != nil: // it fails, and is not absent
		return Unresponsive
	case s.isLocked(collection, collectionInterface):
		return Locked
	default:
		return Ready
	}
}

// Provider implements Backend.
func (s *service) Provider() string { return s.provider.Load().(string) }

// processName returns the name of the process that has a unique name of the bus, such as
// gnome-keyring-d; "" if it is not known.
func processName(conn *dbus.Conn, owner string) string {
	var pid uint32
	if conn.BusObject().Call(busInterface+".GetConnectionUnixProcessID", 0, owner).Store(&pid) != nil {
		return ""
	}
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(name))
}
