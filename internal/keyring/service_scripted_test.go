//go:build keyring

package keyring_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"amarre/internal/keyring"
	"amarre/internal/keyring/servicetest"
)

// These tests use a provider of their own, which does what real ones do not do on demand.

// Errors of D-Bus.
const (
	failed         servicetest.Act = "org.freedesktop.DBus.Error.Failed"
	noReply        servicetest.Act = "org.freedesktop.DBus.Error.NoReply"
	nameHasNoOwner servicetest.Act = "org.freedesktop.DBus.Error.NameHasNoOwner"
)

// serve returns a provider with one collection, on a bus of its own, and its client.
func serve(t *testing.T) (service *servicetest.Scripted, c servicetest.Collection, client keyring.Backend) {
	t.Helper()
	servicetest.StartBus(t)
	service = servicetest.NewScripted()
	c = service.Add("first", "First")
	service.Serve(t)
	return service, c, keyring.System(keyring.SystemOptions{})
}

// wantText checks what Get returns.
func wantText(t *testing.T, client keyring.Backend, want string) {
	t.Helper()
	if item, err := client.Get("item"); err != nil || item.Text != want {
		t.Errorf("the item is %q, %v; want %q", item.Text, err, want)
	}
}

// wantItems checks the texts of a collection.
func wantItems(t *testing.T, service *servicetest.Scripted, c servicetest.Collection, want ...string) {
	t.Helper()
	var texts []string
	for _, it := range service.Items(c) {
		texts = append(texts, it.Text)
	}
	if !slices.Equal(texts, want) {
		t.Errorf("the collection has %q, want %q", texts, want)
	}
}

// wantOutcome checks the class that a Keyring would give an error; "" wants none.
func wantOutcome(t *testing.T, doing string, err error, want keyring.Class) {
	t.Helper()
	class := keyring.ClassOf(err)
	if remote := (dbus.Error{}); errors.As(err, &remote) {
		class = map[string]keyring.Class{
			string(failed):                          keyring.ClassFailed,
			"org.freedesktop.Secret.Error.IsLocked": keyring.ClassLocked,
		}[remote.Name]
	}
	if class != want || (err != nil) != (want != "") {
		t.Errorf("%s: %v, want %q", doing, err, want)
	}
}

// The calls of the tables below.
var (
	getItem    = func(client keyring.Backend) error { _, err := client.Get("item"); return err }
	setItem    = func(client keyring.Backend) error { return client.Set(keyring.Item{Name: "item", Text: "two"}) }
	setNew     = func(client keyring.Backend) error { return client.Set(keyring.Item{Name: "new", Text: "new"}) }
	deleteItem = func(client keyring.Backend) error { return client.Delete("item") }
	list       = func(client keyring.Backend) error { _, err := client.List(); return err }
)

// TestErrorOfACallIsReturned: whatever call the provider answers with an error, nothing is
// said to be done, and nothing is.
func TestErrorOfACallIsReturned(t *testing.T) {
	for name, c := range map[string]struct {
		member string
		locked bool
		do     func(keyring.Backend) error
	}{
		"read, no session":              {"OpenSession", false, getItem},
		"read, no search":               {"SearchItems", false, getItem},
		"read, not unlocked":            {"Unlock", true, getItem},
		"read, no text":                 {"GetSecret", false, getItem},
		"write, no session":             {"OpenSession", false, setItem},
		"write, no search":              {"SearchItems", false, setItem},
		"replace, not unlocked":         {"Unlock", true, setItem},
		"replace":                       {"SetSecret", false, setItem},
		"make, no default collection":   {"ReadAlias", false, setNew},
		"make, not unlocked":            {"Unlock", true, setNew},
		"make":                          {"CreateItem", false, setNew},
		"delete, no search":             {"SearchItems", false, deleteItem},
		"delete, not unlocked":          {"Unlock", true, deleteItem},
		"delete":                        {"Delete", false, deleteItem},
		"list, no search":               {"SearchItems", false, list},
		"list, no name of an item":      {"Attributes", false, list},
		"list, no session":              {"OpenSession", false, list},
		"a prompt that cannot be shown": {"Prompt", true, getItem},
	} {
		t.Run(name, func(t *testing.T) {
			service, place, client := serve(t)
			service.Put(place, "item", "one", 1)
			if c.locked {
				service.Lock(place)
			}
			service.When("Unlock", servicetest.Accepted)
			service.When(c.member, failed)
			wantOutcome(t, name, c.do(client), keyring.ClassFailed)
			wantItems(t, service, place, "one")
		})
	}
}

// TestNewestDuplicateIsRead: a person may restore or clone an item. The one that was
// changed last counts, and the first that is found where it is not known which that is.
func TestNewestDuplicateIsRead(t *testing.T) {
	const unknown = 0 // the provider cannot tell when it was changed
	for name, c := range map[string]struct {
		modified []uint64
		want     int
	}{
		"one":                      {[]uint64{7}, 0},
		"the first":                {[]uint64{9, 7}, 0},
		"the second":               {[]uint64{7, 9}, 1},
		"in the middle":            {[]uint64{7, 9, 8}, 1},
		"at the same time":         {[]uint64{9, 9}, 0},
		"in the first second":      {[]uint64{unknown, 1}, 1},
		"the first is not known":   {[]uint64{unknown, 7}, 1},
		"the second is not known":  {[]uint64{7, unknown}, 0},
		"the last is not known":    {[]uint64{7, 9, unknown}, 1},
		"none is known":            {[]uint64{unknown, unknown}, 0},
		"one, and it is not known": {[]uint64{unknown}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			service, place, client := serve(t)
			var acts []servicetest.Act
			for i, modified := range c.modified {
				service.Put(place, "item", string(rune('a'+i)), modified)
				acts = append(acts, map[bool]servicetest.Act{true: failed}[modified == unknown])
			}
			service.When("Modified", acts...)
			wantText(t, client, string(rune('a'+c.want)))
			if n := service.Calls("Modified"); len(c.modified) == 1 && n != 0 {
				t.Errorf("the only item was asked %d times when it was changed", n)
			}
		})
	}
}

// TestSuccessorOfAProviderIsAsked: a provider that ends before it answers is no reason to
// say that the item cannot be read.
func TestSuccessorOfAProviderIsAsked(t *testing.T) {
	for _, member := range []string{"OpenSession", "SearchItems", "GetSecret"} {
		t.Run(member, func(t *testing.T) {
			first, place, client := serve(t)
			first.Put(place, "item", "one", 1)
			first.When(member, servicetest.End)
			second := servicetest.NewScripted()
			second.Put(second.Add("first", "First"), "item", "two", 1)
			second.Serve(t)
			wantText(t, client, "two")
			wantText(t, client, "two")
			if n := second.Calls("OpenSession"); n != 1 {
				t.Errorf("the successor opened %d sessions, want 1", n)
			}
		})
	}
}

// TestReadIsTriedAgainOnce: only where the provider has ended, and not for ever.
func TestReadIsTriedAgainOnce(t *testing.T) {
	for name, c := range map[string]struct {
		acts []servicetest.Act
		want int // calls
		read bool
	}{
		"answered":        {nil, 1, true},
		"no reply":        {[]servicetest.Act{noReply, servicetest.Answer}, 2, true},
		"no owner":        {[]servicetest.Act{nameHasNoOwner, servicetest.Answer}, 2, true},
		"no reply, twice": {[]servicetest.Act{noReply, noReply, servicetest.Answer}, 2, false},
		"another error":   {[]servicetest.Act{failed, servicetest.Answer}, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			service, place, client := serve(t)
			service.Put(place, "item", "text", 1)
			service.When("SearchItems", c.acts...)
			if _, err := client.Get("item"); (err == nil) != c.read {
				t.Errorf("the error is %v; read: %v", err, c.read)
			}
			if n := service.Calls("SearchItems"); n != c.want {
				t.Errorf("the provider was asked %d times, want %d", n, c.want)
			}
		})
	}
}

// TestProviderIsStarted: the bus starts a provider where gnome-keyring served last, or none
// is known; in the place of any other it would start the wrong one.
func TestProviderIsStarted(t *testing.T) {
	switch os.Getenv("AMARRE_TEST_STARTED") { // by the bus
	case "serves":
		service := servicetest.NewScripted()
		service.Put(service.Add("first", "First"), "item", "text", 1)
		service.Serve(t)
		service.Wait()
		return
	case "ends":
		servicetest.EndAtOnce(t)
		return
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := []string{program, "-test.run=^TestProviderIsStarted$"}
	for name, c := range map[string]struct {
		last    string
		command []string
		started string // what it does
		want    string // in the error; "" for none
	}{
		"none is known":         {"", command, "serves", ""},
		"gnome-keyring":         {"gnome-keyring-d", command, "serves", ""},
		"another":               {"keepassxc", command, "serves", "keepassxc is not running"},
		"nothing can be":        {"", nil, "", "nothing provides it"},
		"a command that is not": {"", []string{"/nonexistent/provider"}, "", "nothing provides it"},
		"it ends":               {"gnome-keyring-d", command, "ends", "it ended at once"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("AMARRE_TEST_STARTED", c.started)
			servicetest.StartBus(t, c.command...)
			client := keyring.System(keyring.SystemOptions{Provider: c.last})
			if c.want == "" {
				wantText(t, client, "text")
				return
			}
			_, err := client.Get("item")
			wantClass(t, "read", err, keyring.ClassUnavailable)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want %q in it", err, c.want)
			}
			if state := client.State(); state != keyring.NoService {
				t.Errorf("the state is %s, want %s", state, keyring.NoService)
			}
			if client.IsOpen("First") {
				t.Error("a place is open where no provider runs")
			}
			if provider := providerNow(t); provider != "" {
				t.Errorf("%s was started", provider)
			}
		})
	}
}

// TestProviderIsTold: which process serves is told once, and again when another does.
func TestProviderIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		last string
		want []string
	}{
		"none is known": {"", []string{"keepassxc", "kwalletd5"}},
		"the same":      {"keepassxc", []string{"kwalletd5"}},
		"another":       {"gnome-keyring-d", []string{"keepassxc", "kwalletd5"}},
	} {
		t.Run(name, func(t *testing.T) {
			var told []string
			servicetest.StartBus(t)
			servicetest.NameProcess(t, "keepassxc")
			first, second, third := servicetest.NewScripted(), servicetest.NewScripted(), servicetest.NewScripted()
			for _, service := range []*servicetest.Scripted{first, second, third} {
				service.Put(service.Add("first", "First"), "item", "text", 1)
				service.Serve(t)
			}
			client := keyring.System(keyring.SystemOptions{Provider: c.last, ProviderChanged: func(p string) { told = append(told, p) }})
			wantText(t, client, "text")
			first.When("SearchItems", servicetest.End)
			wantText(t, client, "text")
			servicetest.NameProcess(t, "kwalletd5")
			second.When("SearchItems", servicetest.End)
			wantText(t, client, "text")
			if !slices.Equal(told, c.want) || client.Provider() != "kwalletd5" {
				t.Errorf("it told %q and the provider is %q; want %q", told, client.Provider(), c.want)
			}
		})
	}
}

// TestNobodyNeedBeTold: ProviderChanged may be nil, and the provider is remembered.
func TestNobodyNeedBeTold(t *testing.T) {
	service, place, client := serve(t)
	servicetest.NameProcess(t, "keepassxc")
	service.Put(place, "item", "text", 1)
	wantText(t, client, "text")
	if provider := client.Provider(); provider != "keepassxc" {
		t.Errorf("the provider is %q", provider)
	}
}

// TestPlaceWithoutALabel: a place has a name for people, whatever the provider says.
func TestPlaceWithoutALabel(t *testing.T) {
	for name, c := range map[string]struct {
		label, want string
		act         servicetest.Act
	}{
		"label":          {"Marina", "Marina", servicetest.Answer},
		"no label":       {"", "boat", servicetest.Answer},
		"label not told": {"Marina", "boat", failed},
		"neither":        {"", "boat", failed},
	} {
		t.Run(name, func(t *testing.T) {
			service, _, client := serve(t)
			service.Put(service.Add("boat", c.label), "item", "text", 1)
			service.When("Label", c.act)
			if item, err := client.Get("item"); err != nil || item.Place != c.want {
				t.Errorf("the place is %q, %v; want %q", item.Place, err, c.want)
			}
		})
	}
}

// TestOpenPlaces: a place is open if it is there, is not locked, and the provider says so.
func TestOpenPlaces(t *testing.T) {
	service, first, client := serve(t)
	second := service.Add("second", "Second")
	service.Add("third", "")
	want := func(when string, open ...string) {
		t.Helper()
		for _, place := range []string{"First", "Second", "third", "Third", "Other", ""} {
			if client.IsOpen(place) != slices.Contains(open, place) {
				t.Errorf("%s: %q is open: %v", when, place, !slices.Contains(open, place))
			}
		}
	}
	want("at first", "First", "Second", "third")
	service.Lock(second)
	want("the second is locked", "First", "third")
	service.Lock(first)
	want("the first is, too", "third")
	service.When("Collections", failed)
	want("it does not tell its collections")
	service.When("Collections")
	client = keyring.System(keyring.SystemOptions{})
	service.When("OpenSession", failed)
	want("it opens no session")
}

// TestLabelOfAnItem: KWallet refuses an item without a label, made or replaced.
func TestLabelOfAnItem(t *testing.T) {
	for name, c := range map[string]struct{ label, want string }{
		"none": {"", "Amarre"},
		"one":  {"Marina", "Marina"},
	} {
		t.Run(name, func(t *testing.T) {
			service, place, client := serve(t)
			item := keyring.Item{Name: "item", Text: "one", Label: c.label, Attributes: map[string]string{"port": "15"}}
			for _, item.Text = range []string{"one", "two"} {
				if err := client.Set(item); err != nil {
					t.Fatal(err)
				}
				items := service.Items(place)
				if len(items) != 1 || items[0].Text != item.Text || items[0].Label != c.want || items[0].Attributes["port"] != "15" || items[0].Attributes["username"] != "item" {
					t.Errorf("there is %v, want %q", items, c.want)
				}
			}
		})
	}
}

// TestReplacedItemIsLabelled: what people see follows the text; where it cannot be changed,
// the text is replaced all the same.
func TestReplacedItemIsLabelled(t *testing.T) {
	for name, act := range map[string]servicetest.Act{"changed": servicetest.Answer, "refused": failed} {
		t.Run(name, func(t *testing.T) {
			service, place, client := serve(t)
			service.Put(place, "item", "one", 1)
			service.When("Set Label", act)
			service.When("Set Attributes", act)
			if err := client.Set(keyring.Item{Name: "item", Text: "two", Label: "Marina", Attributes: map[string]string{"port": "15"}}); err != nil {
				t.Fatal(err)
			}
			wantItems(t, service, place, "two")
			it, changed := service.Items(place)[0], act == servicetest.Answer
			if (it.Label == "Marina") != changed || (it.Attributes["port"] == "15") != changed || it.Attributes["username"] != "item" {
				t.Errorf("it is %v; changed: %v", it, changed)
			}
		})
	}
}

// TestUnlocking: what is locked is unlocked before it is used, with or without a prompt.
// ClassLocked says that nothing was done, so nothing is.
func TestUnlocking(t *testing.T) {
	for name, c := range map[string]struct {
		act  servicetest.Act
		want keyring.Class
	}{
		"at once":                      {servicetest.Answer, ""},
		"accepted":                     {servicetest.Accepted, ""},
		"dismissed":                    {servicetest.Dismissed, keyring.ClassLocked},
		"done and dismissed":           {servicetest.DoneDismissed, keyring.ClassLocked},
		"ended while it asked":         {servicetest.AskAndEnd, keyring.ClassUnknown},
		"success is said, and no more": {servicetest.Ignore, keyring.ClassLocked},
	} {
		for doing, work := range map[string]struct {
			do   func(keyring.Backend) error
			done []string // the texts afterwards
		}{
			"read":    {getItem, []string{"one"}},
			"replace": {setItem, []string{"two"}},
			"make":    {setNew, []string{"one", "new"}},
			"delete":  {deleteItem, nil},
		} {
			t.Run(name+", "+doing, func(t *testing.T) {
				service, place, client := serve(t)
				service.Put(place, "item", "one", 1)
				service.Lock(place)
				service.When("Unlock", c.act)
				wantOutcome(t, doing, work.do(client), c.want)
				if c.want == "" {
					wantItems(t, service, place, work.done...)
				} else {
					wantItems(t, service, place, "one")
				}
			})
		}
	}
}

// TestPromptOfANewItem: KeePassXC may make an item and say that the user dismissed its
// prompt. What is not kept is not left behind.
func TestPromptOfANewItem(t *testing.T) {
	for name, c := range map[string]struct {
		act    servicetest.Act
		search []servicetest.Act // before and after
		want   keyring.Class
		left   []string
	}{
		"accepted":                     {servicetest.Accepted, nil, "", []string{"new"}},
		"dismissed":                    {servicetest.Dismissed, nil, keyring.ClassLocked, nil},
		"dismissed, then no search":    {servicetest.Dismissed, []servicetest.Act{servicetest.Answer, failed}, keyring.ClassUnknown, nil},
		"made and dismissed":           {servicetest.DoneDismissed, nil, keyring.ClassNotKept, nil},
		"made, then no search":         {servicetest.DoneDismissed, []servicetest.Act{servicetest.Answer, failed}, keyring.ClassUnknown, []string{"new"}},
		"ended while it asked":         {servicetest.AskAndEnd, nil, keyring.ClassUnknown, nil},
		"success is said, and no more": {servicetest.Ignore, nil, "", nil}, // Keyring.Set reads it back
	} {
		t.Run(name, func(t *testing.T) {
			service, place, client := serve(t)
			service.When("CreateItem", c.act)
			service.When("SearchItems", c.search...)
			wantOutcome(t, "make", setNew(client), c.want)
			wantItems(t, service, place, c.left...)
		})
	}
}

// TestDeletion: every item of the name is deleted, locked or not, and one that is still
// there is not said to be gone.
func TestDeletion(t *testing.T) {
	for name, c := range map[string]struct {
		unlocked, locked int
		act              servicetest.Act
		search           []servicetest.Act // before and after
		want             keyring.Class
		left             int
	}{
		"one":                       {1, 0, servicetest.Answer, nil, "", 0},
		"one, accepted":             {1, 0, servicetest.Accepted, nil, "", 0},
		"locked":                    {0, 1, servicetest.Answer, nil, "", 0},
		"one of each":               {1, 1, servicetest.Answer, nil, "", 0},
		"two of each":               {2, 2, servicetest.Accepted, nil, "", 0},
		"none":                      {0, 0, servicetest.Answer, nil, keyring.ClassMissing, 0},
		"dismissed":                 {1, 0, servicetest.Dismissed, nil, keyring.ClassLocked, 1},
		"ended while it asked":      {1, 0, servicetest.AskAndEnd, nil, keyring.ClassUnknown, 1},
		"still there":               {1, 0, servicetest.Ignore, nil, keyring.ClassNotKept, 1},
		"still there, locked":       {0, 1, servicetest.Ignore, nil, keyring.ClassNotKept, 1},
		"one of each still there":   {1, 1, servicetest.Ignore, nil, keyring.ClassNotKept, 2},
		"not known, gone":           {1, 0, servicetest.Answer, []servicetest.Act{servicetest.Answer, failed}, keyring.ClassFailed, 0},
		"not known, though it says": {1, 0, servicetest.Ignore, []servicetest.Act{servicetest.Answer, failed}, keyring.ClassFailed, 1},
	} {
		t.Run(name, func(t *testing.T) {
			service, place, client := serve(t)
			for range c.unlocked {
				service.Put(place, "item", "text", 1)
			}
			for range c.locked { // in an open collection: KeePassXC
				service.Lock(service.Put(place, "item", "text", 1))
			}
			service.Put(place, "other", "text", 1)
			service.When("Delete", c.act)
			service.When("SearchItems", c.search...)
			wantOutcome(t, "delete", deleteItem(client), c.want)
			if n := len(service.Items(place)); n != c.left+1 {
				t.Errorf("there are %d items, want %d and another", n, c.left)
			}
			if n := service.Calls("Unlock"); n != 0 {
				t.Errorf("a collection that is open was unlocked %d times", n)
			}
		})
	}
}

// TestStateOfAProvider: what is seen before a keyring is used.
func TestStateOfAProvider(t *testing.T) {
	for name, c := range map[string]struct {
		collections int
		locked      bool
		member      string // which fails; "" for none
		want        keyring.State
	}{
		"open":                 {1, false, "", keyring.Ready},
		"locked":               {1, true, "", keyring.Locked},
		"no collection":        {0, false, "", keyring.NoCollection},
		"no alias":             {1, false, "ReadAlias", keyring.Unresponsive},
		"no session":           {1, false, "OpenSession", keyring.NoService},
		"no word of the locks": {1, true, "Locked", keyring.Ready},
	} {
		t.Run(name, func(t *testing.T) {
			servicetest.StartBus(t)
			service := servicetest.NewScripted()
			for range c.collections {
				if first := service.Add("first", "First"); c.locked {
					service.Lock(first)
				}
			}
			if c.member != "" {
				service.When(c.member, failed)
			}
			service.Serve(t)
			if state := keyring.System(keyring.SystemOptions{}).State(); state != c.want {
				t.Errorf("the state is %s, want %s", state, c.want)
			}
		})
	}
}
