package keyring_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"amarre/internal/keyring"
	"amarre/profile/profiletest"
)

// hung is a keyring of which every call hangs until the channel is closed.
type hung struct {
	*profiletest.Ring
	until <-chan struct{}
}

func (h hung) IsOpen(string) bool { <-h.until; return true }

// TestLimits: a call that the user asked for may take 90 s, because a prompt may be open,
// and any other one 3 s.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct {
		call  func(context.Context, *keyring.Keyring) error
		limit time.Duration
	}{
		"state": {func(ctx context.Context, k *keyring.Keyring) error {
			if state := k.State(ctx); state != keyring.Unresponsive {
				t.Errorf("the state is %s, want unresponsive", state)
			}
			return nil
		}, 3 * time.Second},
		"is open": {func(ctx context.Context, k *keyring.Keyring) error {
			if k.IsOpen(ctx, "place") {
				t.Error("a place of a keyring that hangs is open")
			}
			return nil
		}, 3 * time.Second},
		"get": {func(ctx context.Context, k *keyring.Keyring) error {
			_, err := k.Get(ctx, "item")
			wantNoAnswer(t, err)
			return nil
		}, 90 * time.Second},
		"names": {func(ctx context.Context, k *keyring.Keyring) error {
			_, err := k.Names(ctx)
			wantNoAnswer(t, err)
			return nil
		}, 90 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			until := make(chan struct{})
			ring := hung{&profiletest.Ring{}, until}
			ring.Change(profiletest.Faults{Block: until})
			k := keyring.New(ring, keyring.Options{})
			defer k.Close()
			defer close(until)
			begin := time.Now()
			_ = c.call(t.Context(), k)
			if took := time.Since(begin); took != c.limit {
				t.Errorf("%s took %v, want %v", name, took, c.limit)
			}
			begin = time.Now()
			if _, err := k.Get(t.Context(), "item"); keyring.ClassOf(err) != keyring.ClassNoAnswer || time.Since(begin) != 3*time.Second && c.limit != 90*time.Second {
				t.Errorf("behind %s: %v after %v, want ClassNoAnswer after 3 s", name, err, time.Since(begin))
			}
		})
	}
}

func wantNoAnswer(t *testing.T, err error) {
	t.Helper()
	if keyring.ClassOf(err) != keyring.ClassNoAnswer || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want ClassNoAnswer and the deadline", err)
	}
}

// TestLimitsCanBeChosen by who makes the keyring.
func TestLimitsCanBeChosen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until := make(chan struct{})
		ring := &profiletest.Ring{}
		ring.Change(profiletest.Faults{Block: until})
		k := keyring.New(ring, keyring.Options{Background: time.Second, Interactive: 5 * time.Second})
		defer k.Close()
		defer close(until)
		if k.Interactive() != 5*time.Second {
			t.Errorf("the limit is %v", k.Interactive())
		}
		begin := time.Now()
		_, err := k.Get(t.Context(), "item")
		wantNoAnswer(t, err)
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("a read took %v, want 5 s", took)
		}
		begin = time.Now()
		if state := k.State(t.Context()); state != keyring.Unresponsive || time.Since(begin) != time.Second {
			t.Errorf("behind it, %s after %v; want unresponsive after 1 s", state, time.Since(begin))
		}
		begin = time.Now()
		if _, err := k.Get(t.Context(), "item"); keyring.ClassOf(err) != keyring.ClassNoAnswer || time.Since(begin) != time.Second {
			t.Errorf("behind it, %v after %v; want ClassNoAnswer after 1 s", err, time.Since(begin))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		until := make(chan struct{})
		ring := &profiletest.Ring{}
		ring.Change(profiletest.Faults{Block: until})
		k := keyring.New(ring, keyring.Options{Background: time.Second}) // and the other is left
		defer k.Close()
		defer close(until)
		begin := time.Now()
		if state := k.State(t.Context()); state != keyring.Unresponsive || time.Since(begin) != time.Second || k.Interactive() != keyring.InteractiveTimeout {
			t.Errorf("%s after %v, and the other limit is %v", state, time.Since(begin), k.Interactive())
		}
	})
}

// TestCancelledCallThatNeverBegan has done nothing, and the worker goes on.
func TestCancelledCallThatNeverBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ring := &profiletest.Ring{}
		k := keyring.New(ring, keyring.Options{})
		defer k.Close()
		if _, err := k.Get(t.Context(), "item"); keyring.ClassOf(err) != keyring.ClassMissing {
			t.Fatalf("before: %v, want ClassMissing", err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("closed")
		cancel(why)
		for range 50 { // a select would begin some of them
			synctest.Wait() // the worker waits for a call
			if _, err := k.Set(ctx, keyring.Item{Name: "item", Text: "text"}, ""); keyring.ClassOf(err) != keyring.ClassNoAnswer || !errors.Is(err, why) || ring.Calls() != 1 {
				t.Fatalf("%v after %d calls; want ClassNoAnswer, the cause, and one", err, ring.Calls())
			}
		}
		if _, err := k.Get(t.Context(), "item"); keyring.ClassOf(err) != keyring.ClassMissing {
			t.Errorf("afterwards: %v, want ClassMissing", err)
		}
	})
}

// TestCancelledWhileAnotherCallHangs: a call that waits for its turn never begins.
func TestCancelledWhileAnotherCallHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until := make(chan struct{})
		ring := &profiletest.Ring{}
		ring.Change(profiletest.Faults{Block: until})
		k := keyring.New(ring, keyring.Options{})
		defer k.Close()
		go func() { _, _ = k.Get(t.Context(), "item") }()
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, cancel)
		begin := time.Now()
		_, err := k.Set(ctx, keyring.Item{Name: "item", Text: "text"}, "")
		if took := time.Since(begin); keyring.ClassOf(err) != keyring.ClassNoAnswer || !errors.Is(err, context.Canceled) || took != 10*time.Second {
			t.Errorf("%v after %v, want ClassNoAnswer after 10 s", err, took)
		}
		close(until)
		synctest.Wait()
		if len(ring.Items()) != 0 {
			t.Error("the call began later")
		}
	})
}

// TestPanickingCall: the library panics if the bus dies under a prompt. A read has failed,
// which is an answer; what a write has done is not known. The worker goes on.
func TestPanickingCall(t *testing.T) {
	ring := &profiletest.Ring{}
	k := keyring.New(ring, keyring.Options{})
	defer k.Close()
	ring.Change(profiletest.Faults{Panic: true})
	if _, err := k.Get(t.Context(), "item"); keyring.ClassOf(err) != keyring.ClassFailed {
		t.Errorf("a read that panics: %v, want ClassFailed", err)
	}
	ring.Change(profiletest.Faults{Panic: true})
	if _, err := k.Set(t.Context(), keyring.Item{Name: "item", Text: "text"}, ""); keyring.ClassOf(err) != keyring.ClassUnknown {
		t.Errorf("a write that panics: %v, want ClassUnknown", err)
	}
	if _, err := k.Set(t.Context(), keyring.Item{Name: "item", Text: "text"}, ""); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestHungReadIsGivenUp: from the interactive limit on another call runs beside a read that
// hangs; never beside a write, which could overwrite what was written since.
func TestHungReadIsGivenUp(t *testing.T) {
	for name, c := range map[string]struct {
		hang   func(context.Context, *keyring.Keyring) error
		writes bool
	}{
		"read": {func(ctx context.Context, k *keyring.Keyring) error { _, err := k.Get(ctx, "item"); return err }, false},
		"write": {func(ctx context.Context, k *keyring.Keyring) error {
			_, err := k.Set(ctx, keyring.Item{Name: "item", Text: "text"}, "")
			return err
		}, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			until := make(chan struct{})
			ring := &profiletest.Ring{}
			ring.Put("other", "text")
			ring.Change(profiletest.Faults{Block: until})
			k := keyring.New(ring, keyring.Options{})
			defer k.Close()
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			if err := c.hang(ctx, k); err == nil {
				t.Fatal("the call does not hang")
			}
			writing := k.Writing()
			if (writing != nil) != c.writes {
				t.Errorf("%s: a write is under way: %v, want %v", name, writing != nil, c.writes)
			}
			ring.Change(profiletest.Faults{})
			begun := time.Now()
			if c.writes { // and a read-back took 3 s
				begun = begun.Add(-keyring.BackgroundTimeout)
			}
			time.Sleep(time.Until(begun.Add(keyring.InteractiveTimeout - keyring.BackgroundTimeout - time.Second)))
			if _, err := k.Get(t.Context(), "other"); keyring.ClassOf(err) != keyring.ClassNoAnswer {
				t.Errorf("%s: before the limit: %v, want ClassNoAnswer", name, err)
			}
			time.Sleep(time.Until(begun.Add(keyring.InteractiveTimeout)))
			if _, err := k.Get(t.Context(), "other"); (err != nil) != c.writes {
				t.Errorf("%s: at the limit: %v", name, err)
			}
			close(until)
			synctest.Wait()
			if c.writes {
				select {
				case <-writing:
				default:
					t.Error("the write has returned, and this is not told")
				}
			}
			if k.Writing() != nil {
				t.Error("a write is said to be under way")
			}
			if _, err := k.Get(t.Context(), "other"); err != nil {
				t.Errorf("%s: once the call has returned: %v", name, err)
			}
		})
	}
}

func TestNoWriteIsUnderWayAtFirst(t *testing.T) {
	k := keyring.New(&profiletest.Ring{}, keyring.Options{})
	defer k.Close()
	if k.Writing() != nil {
		t.Error("a write is said to be under way")
	}
}

// TestWaitingIsTold after half a second of a call that the user asked for.
func TestWaitingIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told atomic.Int32
		ring := slowRing(0, 499*time.Millisecond)
		ring.Put("item", "text")
		k := keyring.New(ring, keyring.Options{Waiting: func() { told.Add(1) }})
		defer k.Close()
		if _, err := k.Get(t.Context(), "item"); err != nil || told.Load() != 0 {
			t.Errorf("a quick call: %v, told %d times", err, told.Load())
		}
		time.Sleep(time.Second)
		if told.Load() != 0 {
			t.Error("told once the call had returned")
		}
		ring.Change(profiletest.Faults{Before: func(string, string) { time.Sleep(501 * time.Millisecond) }})
		if _, err := k.Get(t.Context(), "item"); err != nil || told.Load() != 1 {
			t.Errorf("a slow call: %v, told %d times", err, told.Load())
		}
		if state := k.State(t.Context()); state != keyring.Ready || told.Load() != 1 {
			t.Errorf("%s: told of a call that nobody asked for", state)
		}
	})
}
