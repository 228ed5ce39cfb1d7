package keyring_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/godbus/dbus/v5"

	"amarre/internal/keyring"
	"amarre/profile/profiletest"
)

var (
	errLocked  = dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}
	errNoReply = dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}
)

// afterWrite returns faults that begin once an item was written or deleted.
func afterWrite(ring *profiletest.Ring, now, later profiletest.Faults) profiletest.Faults {
	now.Before = func(call, _ string) {
		if call == "get" {
			ring.Change(later)
		}
	}
	return now
}

// TestSet: what Set says is what the keyring holds afterwards.
func TestSet(t *testing.T) {
	alter := func(text string) string { return strings.ToUpper(text) }
	for name, c := range map[string]struct {
		before string
		faults profiletest.Faults
		want   keyring.Class
		holds  string
		calls  int
	}{
		"new":                               {want: "", holds: "new", calls: 2},
		"replaced":                          {before: "old", holds: "new", calls: 2},
		"refused":                           {before: "old", faults: profiletest.Faults{Set: errLocked}, want: keyring.ClassLocked, holds: "old", calls: 1},
		"failed before it was done":         {before: "old", faults: profiletest.Faults{Set: errNoReply}, want: keyring.ClassUnknown, holds: "old", calls: 2},
		"failed before it was made":         {faults: profiletest.Faults{Set: errNoReply}, want: keyring.ClassUnknown, calls: 2},
		"failed after it was done":          {before: "old", faults: profiletest.Faults{LateError: errNoReply}, holds: "new", calls: 2},
		"dismissed in silence":              {before: "old", faults: profiletest.Faults{Silent: true}, want: keyring.ClassNotKept, holds: "old", calls: 2},
		"dismissed in silence, a new one":   {faults: profiletest.Faults{Silent: true}, want: keyring.ClassNotKept, calls: 2},
		"altered":                           {before: "old", faults: profiletest.Faults{Alter: alter}, want: keyring.ClassAltered, holds: "OLD", calls: 3},
		"altered, a new one":                {faults: profiletest.Faults{Alter: alter}, want: keyring.ClassAltered, calls: 4},
		"not read back":                     {before: "old", faults: profiletest.Faults{Get: errLocked}, want: keyring.ClassUnknown, holds: "new", calls: 2},
		"altered after an error":            {before: "old", faults: profiletest.Faults{Alter: alter, LateError: errNoReply}, want: keyring.ClassUnknown, holds: "NEW", calls: 2},
		"failed and then it cannot be read": {before: "old", faults: profiletest.Faults{Set: errNoReply, Get: errNoReply}, want: keyring.ClassUnknown, holds: "old", calls: 2},
	} {
		ring := &profiletest.Ring{}
		if c.before != "" {
			ring.Put("item", c.before)
		}
		ring.Change(c.faults)
		k := keyring.New(ring, keyring.Options{})
		_, err := k.Set(t.Context(), keyring.Item{Name: "item", Text: "new"}, c.before)
		if keyring.ClassOf(err) != c.want || (err != nil) != (c.want != "") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if got := ring.Items()["item"]; got != c.holds || ring.Calls() != c.calls {
			t.Errorf("%s: the keyring holds %q after %d calls, want %q after %d", name, got, ring.Calls(), c.holds, c.calls)
		}
		k.Close()
	}
}

// TestSetThatCannotBeUndone: nobody knows what the keyring holds then.
func TestSetThatCannotBeUndone(t *testing.T) {
	for name, before := range map[string]string{"a new one": "", "replaced": "old"} {
		ring := &profiletest.Ring{}
		ring.Change(afterWrite(ring, profiletest.Faults{Alter: strings.ToUpper}, profiletest.Faults{Set: errLocked, Delete: errLocked}))
		k := keyring.New(ring, keyring.Options{})
		if _, err := k.Set(t.Context(), keyring.Item{Name: "item", Text: "new"}, before); keyring.ClassOf(err) != keyring.ClassUnknown {
			t.Errorf("%s: %v, want ClassUnknown", name, err)
		}
		k.Close()
	}
}

// TestCancelledSetIsUndone: an altered item does not stay because the user has cancelled.
func TestCancelledSetIsUndone(t *testing.T) {
	for _, before := range []string{"", "old"} {
		ring := &profiletest.Ring{}
		if before != "" {
			ring.Put("item", before)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ring.Change(profiletest.Faults{
			Alter: func(text string) string { return strings.Replace(text, "new", "altered", 1) },
			Before: func(call, _ string) {
				if call == "get" {
					cancel()
				}
			},
		})
		k := keyring.New(ring, keyring.Options{})
		if _, err := k.Set(ctx, keyring.Item{Name: "item", Text: "new"}, before); keyring.ClassOf(err) != keyring.ClassAltered || ring.Items()["item"] != before {
			t.Errorf("%v, and the keyring holds %q; want ClassAltered and %q", err, ring.Items()["item"], before)
		}
		k.Close()
	}
}

func TestSetReturnsThePlace(t *testing.T) {
	ring := &profiletest.Ring{}
	ring.Change(profiletest.Faults{Place: "Marina"})
	k := keyring.New(ring, keyring.Options{})
	defer k.Close()
	if place, err := k.Set(t.Context(), keyring.Item{Name: "item", Text: "new"}, ""); place != "Marina" || err != nil {
		t.Errorf("the place is %q, %v", place, err)
	}
}

// TestDelete: what Delete says is what the keyring holds afterwards.
func TestDelete(t *testing.T) {
	for name, c := range map[string]struct {
		faults profiletest.Faults
		absent bool
		want   keyring.Class
		left   bool
		calls  int
	}{
		"deleted":                            {calls: 2},
		"no such item":                       {absent: true, calls: 2},
		"refused":                            {faults: profiletest.Faults{Delete: errLocked}, want: keyring.ClassLocked, left: true, calls: 1},
		"failed before it was done":          {faults: profiletest.Faults{Delete: errNoReply}, want: keyring.ClassUnknown, left: true, calls: 2},
		"failed after it was done":           {faults: profiletest.Faults{LateError: errNoReply}, calls: 2},
		"dismissed in silence":               {faults: profiletest.Faults{Silent: true}, want: keyring.ClassNotKept, left: true, calls: 2},
		"said to be missing, and is there":   {faults: profiletest.Faults{Delete: &keyring.Error{Class: keyring.ClassMissing}}, want: keyring.ClassUnknown, left: true, calls: 2},
		"something else is locked":           {faults: profiletest.Faults{Get: errLocked}, calls: 2},
		"failed, and something is locked":    {faults: profiletest.Faults{Delete: errNoReply, Get: errLocked}, want: keyring.ClassUnknown, left: true, calls: 2},
		"deleted, and the look for it fails": {faults: profiletest.Faults{Get: errNoReply}, want: keyring.ClassUnknown, calls: 2},
	} {
		ring := &profiletest.Ring{}
		if !c.absent {
			ring.Put("item", "text")
		}
		ring.Change(c.faults)
		k := keyring.New(ring, keyring.Options{})
		err := k.Delete(t.Context(), "item")
		if keyring.ClassOf(err) != c.want || (err != nil) != (c.want != "") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if _, left := ring.Items()["item"]; left != c.left || ring.Calls() != c.calls {
			t.Errorf("%s: the item is left: %v, after %d calls; want %v after %d", name, left, ring.Calls(), c.left, c.calls)
		}
		k.Close()
	}
}

// slowRing is a keyring on which writing and reading take time.
func slowRing(write, read time.Duration) *profiletest.Ring {
	ring := &profiletest.Ring{}
	ring.Change(profiletest.Faults{Before: func(call, _ string) {
		if call == "get" {
			time.Sleep(read)
		} else {
			time.Sleep(write)
		}
	}})
	return ring
}

// TestCancelledWriteIsReadBack: the call goes on after the cancellation, and what it did is
// known as soon as it has ended, or the outcome is unknown.
func TestCancelledWriteIsReadBack(t *testing.T) {
	for name, write := range map[string]func(context.Context, *keyring.Keyring) error{
		"set": func(ctx context.Context, k *keyring.Keyring) error {
			_, err := k.Set(ctx, keyring.Item{Name: "item", Text: "new"}, "old")
			return err
		},
		"delete": func(ctx context.Context, k *keyring.Keyring) error { return k.Delete(ctx, "item") },
	} {
		for _, c := range []struct {
			what                string
			write, read, cancel time.Duration
			want                keyring.Class
			took                time.Duration
		}{
			{"done soon after", 2 * time.Second, 0, time.Second, "", 2 * time.Second},
			{"not done in time", time.Minute, 0, time.Second, keyring.ClassUnknown, time.Second + keyring.BackgroundTimeout},
			{"not cancelled, and slow", time.Minute, 0, time.Hour, "", time.Minute},
			{"not cancelled, and it hangs", time.Hour, 0, 2 * time.Hour, keyring.ClassUnknown, keyring.InteractiveTimeout + keyring.BackgroundTimeout},
			{"the reading hangs", 0, time.Hour, 2 * time.Hour, keyring.ClassUnknown, keyring.BackgroundTimeout},
		} {
			synctest.Test(t, func(t *testing.T) {
				ring := slowRing(c.write, c.read)
				ring.Put("item", "old")
				k := keyring.New(ring, keyring.Options{})
				defer k.Close()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				stop := time.AfterFunc(c.cancel, cancel)
				defer stop.Stop()
				begin := time.Now()
				err := write(ctx, k)
				if took := time.Since(begin); keyring.ClassOf(err) != c.want || (err != nil) != (c.want != "") || took != c.took {
					t.Errorf("%s, %s: %v after %v, want %q after %v", name, c.what, err, took, c.want, c.took)
				}
				if c.want != "" && c.cancel < time.Hour && !errors.Is(err, context.Canceled) {
					t.Errorf("%s, %s: %v does not tell of the cancellation", name, c.what, err)
				}
				time.Sleep(4 * time.Hour) // until the call has ended
			})
		}
	}
}

// scripted gives one list after another, and then the last one again.
type scripted struct {
	*profiletest.Ring
	lists [][]string
	err   error
	calls int
}

func (s *scripted) List() ([]string, error) {
	n := min(s.calls, len(s.lists)-1)
	s.calls++
	return slices.Clone(s.lists[n]), s.err
}

// TestNames: a keyring is listed until two lists in a row agree, four times at most.
func TestNames(t *testing.T) {
	none, one, two, three := []string{}, []string{"a"}, []string{"b", "a"}, []string{"c", "b", "a"}
	for name, c := range map[string]struct {
		lists [][]string
		err   error
		want  []string
		class keyring.Class
		calls int
	}{
		"at once":       {lists: [][]string{two}, want: []string{"a", "b"}, calls: 2},
		"empty":         {lists: [][]string{none}, want: []string{}, calls: 2},
		"empty at once": {lists: [][]string{none, one, one}, want: []string{"a"}, calls: 3},
		"at last":       {lists: [][]string{one, two, three, three}, want: []string{"a", "b", "c"}, calls: 4},
		"never":         {lists: [][]string{one, two, one, two}, class: keyring.ClassFailed, calls: 4},
		"too late":      {lists: [][]string{one, two, one, two, two}, class: keyring.ClassFailed, calls: 4},
		"no collection": {lists: [][]string{none}, err: &keyring.Error{Class: keyring.ClassMissing}, want: []string{}, calls: 2},
		"locked":        {lists: [][]string{one}, err: errLocked, class: keyring.ClassLocked, calls: 1},
		"anything":      {lists: [][]string{one}, err: errNoReply, class: keyring.ClassFailed, calls: 1},
	} {
		ring := &scripted{Ring: &profiletest.Ring{}, lists: c.lists, err: c.err}
		k := keyring.New(ring, keyring.Options{})
		names, err := k.Names(t.Context())
		if keyring.ClassOf(err) != c.class || (err != nil) != (c.class != "") || !slices.Equal(names, c.want) || ring.calls != c.calls {
			t.Errorf("%s: %q, %v after %d lists; want %q, %q after %d", name, names, err, ring.calls, c.want, c.class, c.calls)
		}
		k.Close()
	}
}
