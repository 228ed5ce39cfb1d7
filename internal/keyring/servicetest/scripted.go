//go:build keyring

package servicetest

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// Act is what a [Scripted] provider does at a call: one of the constants below, or the name
// of an error of D-Bus, with which it answers.
type Act string

const (
	Answer        Act = ""               // as a provider should
	Ignore        Act = "ignore"         // report a success, and do nothing
	End           Act = "end"            // leave the bus without an answer
	Accepted      Act = "accepted"       // open a prompt, which the user accepts
	Dismissed     Act = "dismissed"      // open a prompt, which the user dismisses
	DoneDismissed Act = "done-dismissed" // open one, do the work, and say that it was dismissed, as KeePassXC may
	AskAndEnd     Act = "ask-and-end"    // open one, and give up the name of the service while it is open
)

// Scripted is a Secret Service in memory, for what real providers do not do on demand: it
// fails, asks, lies or ends at the call that a test names. Otherwise it does what the
// specification says. Its methods may be used after it has left the bus.
type Scripted struct {
	mu      sync.Mutex
	conn    *dbus.Conn
	session dbus.ObjectPath  // of every client; another provider's is another
	places  []*scriptedPlace // the first is the default one
	items   []*scriptedItem  // in the order in which a search returns them
	prompts map[dbus.ObjectPath]scriptedPrompt
	script  map[string][]Act
	calls   map[string]int
	made    int // how many objects it has made, for their paths
}

type scriptedPlace struct {
	path   Collection
	label  string
	locked bool
}

type scriptedItem struct {
	Item
	modified uint64
	locked   bool // though its collection may be open, as in KeePassXC
}

type scriptedPrompt struct {
	act  Act
	work func()
}

// NewScripted makes a provider without a collection, which does not serve yet.
func NewScripted() *Scripted {
	return &Scripted{prompts: map[dbus.ObjectPath]scriptedPrompt{}, script: map[string][]Act{}, calls: map[string]int{}}
}

// Serve serves on the bus of [StartBus] until t ends. Where another provider serves, this
// one is its successor.
func (s *Scripted) Serve(t testing.TB) {
	t.Helper()
	conn, err := dbus.ConnectSessionBus(dbus.WithHandler(s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s.mu.Lock()
	s.conn = conn
	s.session = root + "/session/s" + dbus.ObjectPath(strings.NewReplacer(":", "_", ".", "_").Replace(conn.Names()[0]))
	s.mu.Unlock()
	if _, err := conn.RequestName(busName, 0); err != nil {
		t.Fatal(err)
	}
}

// Wait waits until the bus is gone, in a process that the bus has started.
func (s *Scripted) Wait() { <-s.conn.Context().Done() }

// When gives what the provider does at the calls of a member, in turn; the last act stays.
// A member is a method of the API, such as "SearchItems", a property that is read, such as
// "Modified", or one that is written, such as "Set Label".
func (s *Scripted) When(member string, acts ...Act) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script[member] = acts
}

// Calls returns how often a member was called.
func (s *Scripted) Calls(member string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[member]
}

// Add adds a collection. The first one is the default one.
func (s *Scripted) Add(name, label string) Collection {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := &scriptedPlace{path: root + "/collection/" + dbus.ObjectPath(name), label: label}
	s.places = append(s.places, place)
	return place.path
}

// Put makes an item of Amarre's, whatever there is already. modified is its time in
// seconds.
func (s *Scripted) Put(c Collection, name, text string, modified uint64) dbus.ObjectPath {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put(c, "Amarre: "+name, map[string]string{"service": "io.github.amarre", "username": name}, text, modified)
}

func (s *Scripted) put(c Collection, label string, attributes map[string]string, text string, modified uint64) dbus.ObjectPath {
	made := &scriptedItem{Item: Item{s.newPath(c), label, attributes, text}, modified: modified}
	s.items = append(s.items, made)
	return made.Path
}

func (s *Scripted) newPath(in dbus.ObjectPath) dbus.ObjectPath {
	s.made++
	return in + "/n" + dbus.ObjectPath(strconv.Itoa(s.made))
}

// Lock locks collections, or items in a collection that stays open.
func (s *Scripted) Lock(objects ...dbus.ObjectPath) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lock(true, objects)
}

func (s *Scripted) lock(locked bool, objects []dbus.ObjectPath) {
	for _, object := range objects {
		if place := s.place(object); place != nil {
			place.locked = locked
		}
		if it := s.item(object); it != nil {
			it.locked = locked
			if !locked {
				s.place(parent(object)).locked = false
			}
		}
	}
}

// Items returns the items of a collection.
func (s *Scripted) Items(c Collection) []Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	var items []Item
	for _, it := range s.items {
		if parent(it.Path) == c {
			items = append(items, it.Item)
		}
	}
	return items
}

func parent(object dbus.ObjectPath) dbus.ObjectPath { return dbus.ObjectPath(path.Dir(string(object))) }

// place returns a collection by its path; nil if there is none.
func (s *Scripted) place(object dbus.ObjectPath) *scriptedPlace {
	i := slices.IndexFunc(s.places, func(p *scriptedPlace) bool { return p.path == object })
	if i < 0 {
		return nil
	}
	return s.places[i]
}

// item returns an item by its path; nil if there is none.
func (s *Scripted) item(object dbus.ObjectPath) *scriptedItem {
	i := slices.IndexFunc(s.items, func(it *scriptedItem) bool { return it.Path == object })
	if i < 0 {
		return nil
	}
	return s.items[i]
}

// isLocked reports whether an item or a collection is locked.
func (s *Scripted) isLocked(object dbus.ObjectPath) bool {
	if it := s.item(object); it != nil {
		return it.locked || s.place(parent(object)).locked
	}
	return s.place(object).locked
}

// search returns the items that have the attributes.
func (s *Scripted) search(attributes map[string]string) (unlocked, locked []dbus.ObjectPath) {
	for _, it := range s.items {
		has := true
		for name, value := range attributes {
			has = has && it.Attributes[name] == value
		}
		switch {
		case has && s.isLocked(it.Path):
			locked = append(locked, it.Path)
		case has:
			unlocked = append(unlocked, it.Path)
		}
	}
	return unlocked, locked
}

// do does the work of a call, or has a prompt do it, whose path it returns.
func (s *Scripted) do(act Act, work func()) (asks dbus.ObjectPath) {
	switch act {
	case Answer:
		work()
		return "/"
	case Ignore:
		return "/"
	}
	asks = s.newPath(root + "/prompt")
	s.prompts[asks] = scriptedPrompt{act, work}
	return asks
}

// next counts a call and returns what is to be done.
func (s *Scripted) next(member string) Act {
	s.calls[member]++
	acts := s.script[member]
	if len(acts) == 0 {
		return Answer
	}
	if len(acts) > 1 {
		s.script[member] = acts[1:]
	}
	return acts[0]
}

// LookupObject implements dbus.Handler. Which objects there are is seen when one is called.
func (s *Scripted) LookupObject(object dbus.ObjectPath) (dbus.ServerObject, bool) {
	return scriptedCall{s: s, object: object}, true
}

// scriptedCall is a call of a member of an object, and on the way to it what the library
// looks that up in.
type scriptedCall struct {
	s      *Scripted
	object dbus.ObjectPath
	in     string
	member string
}

func (c scriptedCall) LookupInterface(name string) (dbus.Interface, bool) {
	c.in = name
	return c, true
}

func (c scriptedCall) LookupMethod(name string) (dbus.Method, bool) {
	c.member = name
	return c, true
}

// DecodeArguments leaves the arguments as they came.
func (c scriptedCall) DecodeArguments(_ *dbus.Conn, _ string, _ *dbus.Message, args []any) ([]any, error) {
	return args, nil
}

func (c scriptedCall) NumArguments() int     { return 0 }
func (c scriptedCall) NumReturns() int       { return 0 }
func (c scriptedCall) ArgumentValue(int) any { return nil }
func (c scriptedCall) ReturnValue(int) any   { return nil }

// Call implements dbus.Method.
func (c scriptedCall) Call(args ...any) ([]any, error) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	var of, property string
	switch c.member {
	case "Get":
		if err := dbus.Store(args, &of, &property); err != nil {
			return nil, err
		}
		c.in, c.member = of, property
	case "Set":
		var value dbus.Variant
		if err := dbus.Store(args, &of, &property, &value); err != nil {
			return nil, err
		}
		c.in, c.member, args = of, "Set "+property, []any{value.Value()}
	}
	act := s.next(c.member)
	switch {
	case strings.Contains(string(act), "."):
		return nil, dbus.Error{Name: string(act)}
	case act == End:
		return nil, s.conn.Close()
	}
	reply, err := c.reply(act, args)
	if err == nil && property == c.member {
		reply[0] = dbus.MakeVariant(reply[0])
	}
	return reply, err
}

// The errors of the API.
var (
	errLocked    = dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
	errNoSession = dbus.Error{Name: "org.freedesktop.Secret.Error.NoSession"}
	errNoObject  = dbus.Error{Name: "org.freedesktop.Secret.Error.NoSuchObject"}
)

// reply does what a member is for.
func (c scriptedCall) reply(act Act, args []any) ([]any, error) {
	place, it := c.s.place(c.object), c.s.item(c.object)
	switch {
	case c.object == root && c.in == service:
		return c.s.onService(c.member, act, args)
	case place != nil && c.in == collection:
		return c.s.onCollection(place, c.member, act, args)
	case it != nil && c.in == item:
		return c.s.onItem(it, c.member, act, args)
	case c.in == prompt && c.member == "Prompt" && c.s.prompts[c.object].work != nil:
		return nil, c.s.show(c.object)
	}
	return nil, errNoObject
}

func (s *Scripted) onService(member string, act Act, args []any) ([]any, error) {
	switch member {
	case "OpenSession":
		return []any{dbus.MakeVariant(""), s.session}, nil
	case "Collections":
		paths := []dbus.ObjectPath{}
		for _, place := range s.places {
			paths = append(paths, place.path)
		}
		return []any{paths}, nil
	case "ReadAlias":
		if len(s.places) == 0 {
			return []any{dbus.ObjectPath("/")}, nil
		}
		return []any{s.places[0].path}, nil
	case "SearchItems":
		var attributes map[string]string
		if err := dbus.Store(args, &attributes); err != nil {
			return nil, err
		}
		unlocked, locked := s.search(attributes)
		return []any{unlocked, locked}, nil
	case "Unlock":
		var objects []dbus.ObjectPath
		if err := dbus.Store(args, &objects); err != nil {
			return nil, err
		}
		asks := s.do(act, func() { s.lock(false, objects) })
		if asks != "/" {
			return []any{[]dbus.ObjectPath{}, asks}, nil
		}
		return []any{objects, asks}, nil
	}
	return nil, dbus.ErrMsgUnknownMethod
}

func (s *Scripted) onCollection(place *scriptedPlace, member string, act Act, args []any) ([]any, error) {
	switch member {
	case "Label":
		return []any{place.label}, nil
	case "Locked":
		return []any{place.locked}, nil
	case "CreateItem":
		var properties map[string]dbus.Variant
		var content secret
		var replace bool
		if err := dbus.Store(args, &properties, &content, &replace); err != nil {
			return nil, err
		}
		if err := s.check(place.path, content.Session); err != nil {
			return nil, err
		}
		label, _ := properties[item+".Label"].Value().(string)
		attributes, _ := properties[item+".Attributes"].Value().(map[string]string)
		made := dbus.ObjectPath("/")
		asks := s.do(act, func() {
			s.items = slices.DeleteFunc(s.items, func(it *scriptedItem) bool {
				return replace && parent(it.Path) == place.path && maps.Equal(it.Attributes, attributes)
			})
			made = s.put(place.path, label, attributes, string(content.Value), 0)
		})
		return []any{made, asks}, nil
	}
	return nil, dbus.ErrMsgUnknownMethod
}

func (s *Scripted) onItem(it *scriptedItem, member string, act Act, args []any) ([]any, error) {
	switch member {
	case "Modified":
		return []any{it.modified}, nil
	case "Locked":
		return []any{s.isLocked(it.Path)}, nil
	case "Attributes":
		return []any{maps.Clone(it.Attributes)}, nil
	case "Set Label":
		return nil, dbus.Store(args, &it.Label)
	case "Set Attributes":
		var attributes map[string]string
		err := dbus.Store(args, &attributes)
		it.Attributes = attributes
		return nil, err
	case "GetSecret":
		var session dbus.ObjectPath
		if err := dbus.Store(args, &session); err != nil {
			return nil, err
		}
		return []any{secret{session, []byte{}, []byte(it.Text), "text/plain"}}, s.check(it.Path, session)
	case "SetSecret":
		var content secret
		if err := dbus.Store(args, &content); err != nil {
			return nil, err
		}
		if err := s.check(it.Path, content.Session); err != nil {
			return nil, err
		}
		it.Text = string(content.Value)
		return nil, nil
	case "Delete":
		if s.isLocked(parent(it.Path)) { // KeePassXC deletes a locked item of an open one
			return nil, errLocked
		}
		asks := s.do(act, func() { s.items = slices.DeleteFunc(s.items, func(other *scriptedItem) bool { return other == it }) })
		return []any{asks}, nil
	}
	return nil, dbus.ErrMsgUnknownMethod
}

// check reports that an object is locked, or that a session is not of this provider.
func (s *Scripted) check(object, session dbus.ObjectPath) error {
	switch {
	case session != s.session:
		return errNoSession
	case s.isLocked(object):
		return errLocked
	}
	return nil
}

// show shows a prompt, which the user answers at once.
func (s *Scripted) show(asks dbus.ObjectPath) error {
	p := s.prompts[asks]
	delete(s.prompts, asks)
	if p.act == AskAndEnd { // who asked is told of it before the prompt is open
		_, err := s.conn.ReleaseName(busName)
		return err
	}
	if p.act != Dismissed {
		p.work()
	}
	return s.conn.Emit(asks, prompt+".Completed", p.act != Accepted, dbus.MakeVariant(""))
}
