package clipboard_test

import (
	"cmp"
	"slices"
	"testing"
	"time"
	"unsafe"

	"amarre/authclient"
	"amarre/internal/clipboard"
)

// board is a clipboard; deaf ones keep what they hold.
type board struct {
	text string
	deaf bool
	last string // what it was last given
}

func (b *board) Content() string { return b.text }
func (b *board) SetContent(text string) {
	b.last = text
	if !b.deaf {
		b.text = text
	}
}

// clock is a clock on the wall, and timers that do not depend on it.
type clock struct {
	now    time.Time
	awake  time.Duration // for which the computer was awake
	timers []*timer
}

type timer struct {
	due  time.Duration
	ring func()
}

func (c *clock) after(d time.Duration, f func()) func() {
	set := &timer{c.awake + d, f}
	c.timers = append(c.timers, set)
	return func() { c.timers = slices.DeleteFunc(c.timers, func(other *timer) bool { return other == set }) }
}

func (c *clock) advance(d time.Duration) {
	for end := c.awake + d; ; {
		slices.SortStableFunc(c.timers, func(a, b *timer) int { return cmp.Compare(a.due, b.due) })
		if len(c.timers) == 0 || c.timers[0].due > end {
			c.set(end)
			return
		}
		next := c.timers[0]
		c.timers = c.timers[1:]
		c.set(next.due)
		next.ring()
	}
}

func (c *clock) set(awake time.Duration) {
	c.now, c.awake = c.now.Add(awake-c.awake), awake
}

func newGuard(b *board, changed func()) (*clipboard.Guard, *clock) {
	c := &clock{now: monday}
	return clipboard.New(clipboard.Options{Board: b, Now: func() time.Time { return c.now }, After: c.after, Changed: changed}), c
}

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

var token = authclient.NewSecret("token")

func TestClearsItself(t *testing.T) {
	b, changes := &board{}, 0
	g, clock := newGuard(b, func() { changes++ })
	if !g.Copy(token, 45*time.Second) || b.text != "token" || g.Left() != 45 {
		t.Fatalf("the clipboard holds %q for %d s", b.text, g.Left())
	}
	if clock.advance(500 * time.Millisecond); g.Left() != 45 {
		t.Errorf("after half a second %d s are left", g.Left())
	}
	clock.advance(43500 * time.Millisecond)
	if !g.Held() || g.Left() != 1 || b.text != "token" || changes != 45 {
		t.Errorf("after 44 s: held %v, %d s left, %d changes", g.Held(), g.Left(), changes)
	}
	clock.advance(time.Second)
	if g.Held() || b.text != "" || g.Left() != 0 {
		t.Errorf("after 45 s the clipboard holds %q", b.text)
	}
}

func TestAnotherCopyIsNotDestroyed(t *testing.T) {
	b, changes := &board{}, 0
	g, clock := newGuard(b, func() { changes++ })
	g.Copy(token, 10*time.Second)
	b.text = "the user's own"
	if !g.Held() || g.OnBoard() {
		t.Error("the user's own text is taken for the copy")
	}
	clock.advance(20 * time.Second)
	if b.text != "the user's own" || g.Held() {
		t.Errorf("the clipboard holds %q", b.text)
	}
	g.Copy(token, 10*time.Second)
	b.text = "again"
	before := changes
	if !g.Clear() || changes == before || b.text != "again" {
		t.Errorf("clearing at once leaves %q", b.text)
	}
}

func TestNewCopyRestartsTheClock(t *testing.T) {
	b := &board{}
	g, clock := newGuard(b, func() {})
	g.Copy(token, 45*time.Second)
	clock.advance(40 * time.Second)
	g.Copy(authclient.NewSecret("second"), 45*time.Second)
	if clock.advance(44 * time.Second); b.text != "second" || g.Left() != 1 || len(clock.timers) != 1 {
		t.Errorf("44 s after the second copy the clipboard holds %q", b.text)
	}
	clock.advance(time.Second)
	if b.text != "" {
		t.Errorf("45 s after the second copy the clipboard holds %q", b.text)
	}
}

// TestLateClipboard: one that knows only a moment later what it holds, as on Wayland.
func TestLateClipboard(t *testing.T) {
	b, failures := &board{deaf: true}, 0
	c := &clock{now: monday}
	g := clipboard.New(clipboard.Options{Board: b, Async: true, Failed: func() { failures++ }, After: c.after, Changed: func() {}, Now: func() time.Time { return c.now }})
	if !g.Copy(token, 10*time.Second) || !g.Held() {
		t.Error("it is given up at once")
	}
	b.text, b.deaf = "token", false // the compositor has answered
	c.advance(9 * time.Second)
	if !g.Held() || failures != 0 {
		t.Errorf("after 9 s it is held %v, with %d failures", g.Held(), failures)
	}
	c.advance(time.Second)
	if g.Held() || b.text != "" {
		t.Errorf("after the delay the clipboard holds %q", b.text)
	}

	b.deaf = true
	g.Copy(token, 10*time.Second)
	c.advance(time.Second)
	if g.Held() || failures != 1 {
		t.Errorf("one that never takes it: held %v, %d failures", g.Held(), failures)
	}

	// Cleared before it is known: what may be there is cleared.
	g.Copy(token, 10*time.Second)
	b.text, b.deaf = "token", false
	g.Clear()
	if c.advance(time.Minute); b.text != "" || g.Held() || failures != 1 {
		t.Errorf("cleared at once: the clipboard holds %q, %d failures", b.text, failures)
	}
	b.deaf = true
	g.Copy(token, 10*time.Second)
	if g.Clear(); b.last != "" {
		t.Error("a copy that may still come is not cleared")
	}

	// The copy before is no copy any more.
	b.deaf = false
	g.Copy(token, 10*time.Second)
	b.deaf = true
	g.Copy(authclient.NewSecret("second"), 10*time.Second)
	b.text, b.deaf = "second", false
	c.advance(time.Second)
	b.text = "token"
	if c.advance(time.Minute); b.text != "token" || failures != 1 {
		t.Errorf("what the user copied is destroyed: the clipboard holds %q, %d failures", b.text, failures)
	}
}

func TestCloseClears(t *testing.T) {
	b := &board{}
	g, _ := newGuard(b, func() {})
	g.Copy(token, time.Minute)
	g.Close()
	if b.text != "" || g.Held() {
		t.Errorf("the clipboard holds %q", b.text)
	}
}

func TestFailuresAreTold(t *testing.T) {
	b := &board{deaf: true}
	g, _ := newGuard(b, func() {})
	if g.Copy(token, time.Minute) || g.Held() {
		t.Error("a clipboard that took nothing is said to hold the copy")
	}
	b.deaf = false
	g.Copy(token, time.Minute)
	b.deaf = true
	if g.Clear() || !g.ClearFailed() {
		t.Error("a clipboard that still holds the copy is said to be clear")
	}
	b.deaf = false
	if !g.Clear() || g.ClearFailed() || b.text != "" {
		t.Errorf("the second try leaves %q", b.text)
	}
}

// TestSleepCounts: a computer that sleeps past the delay clears as it wakes; the seconds
// that are shown are those of the clock on the wall.
func TestSleepCounts(t *testing.T) {
	b := &board{}
	g, clock := newGuard(b, func() {})
	clock.now = time.Now() // it has a monotonic reading, as the real one
	g.Copy(token, 45*time.Second)
	clock.advance(10 * time.Second)
	clock.now = asleep(t, clock.now, 20*time.Second)
	if clock.advance(time.Second); g.Left() != 14 || b.text != "token" {
		t.Errorf("after 31 s, 20 of them asleep, %d s are left", g.Left())
	}
	clock.now = asleep(t, clock.now, time.Hour)
	if g.Left() != 0 {
		t.Errorf("after the delay %d s are left", g.Left())
	}
	if clock.advance(time.Second); g.Held() || b.text != "" {
		t.Errorf("a second after the computer woke the clipboard holds %q", b.text)
	}
}

// asleep returns what time.Now returns after the computer slept: on Linux the monotonic
// reading stands still meanwhile, and only the time on the wall goes on.
func asleep(t *testing.T, now time.Time, d time.Duration) time.Time {
	t.Helper()
	// With a monotonic reading, the first word of a Time has the whole seconds from bit 30.
	after := now
	*(*uint64)(unsafe.Pointer(&after)) += uint64(d/time.Second) << 30
	if after.Sub(now) != 0 || after.Round(0).Sub(now.Round(0)) != d {
		t.Fatal("package time keeps its times in another way now")
	}
	return after
}

// TestClockSetBack: setting the clock on the wall back does not make a copy stay.
func TestClockSetBack(t *testing.T) {
	b := &board{}
	g, clock := newGuard(b, func() {})
	g.Copy(token, 45*time.Second)
	clock.advance(10 * time.Second)
	clock.now = clock.now.Add(-time.Hour)
	if clock.advance(time.Second); g.Left() != 34 {
		t.Errorf("after 11 s %d s are left", g.Left())
	}
	if clock.advance(34 * time.Second); g.Held() || b.text != "" {
		t.Errorf("after 45 s the clipboard holds %q", b.text)
	}
}

// TestFailedCopyKeepsTheFirst: a copy that the clipboard does not take leaves the earlier one
// where it was, to be cleared in its time.
func TestFailedCopyKeepsTheFirst(t *testing.T) {
	second := authclient.NewSecret("second")
	t.Run("toolkit", func(t *testing.T) {
		b := &board{}
		g, clock := newGuard(b, func() {})
		g.Copy(token, 45*time.Second)
		clock.advance(30 * time.Second)
		b.deaf = true
		if g.Copy(second, 45*time.Second) || !g.Held() || g.Left() != 15 || !g.OnBoard() {
			t.Errorf("held %v, %d s left", g.Held(), g.Left())
		}
		b.deaf = false
		if clock.advance(15 * time.Second); b.text != "" || g.Held() {
			t.Errorf("at the end of the first delay the clipboard holds %q", b.text)
		}
	})
	t.Run("secret", func(t *testing.T) {
		s := newShared()
		s.Copy(token, 45*time.Second)
		s.advance(30 * time.Second)
		s.board.refuses = true
		if s.Copy(second, 45*time.Second) || !s.Held() || s.Left() != 15 || !s.OnBoard() {
			t.Errorf("held %v, %d s left", s.Held(), s.Left())
		}
		if s.advance(15 * time.Second); s.board.text != "" || s.Held() {
			t.Errorf("at the end of the first delay the clipboard holds %q", s.board.text)
		}
	})
	t.Run("late", func(t *testing.T) {
		b, failures := &board{}, 0
		c := &clock{now: monday}
		g := clipboard.New(clipboard.Options{Board: b, Async: true, Failed: func() { failures++ }, After: c.after, Changed: func() {}, Now: func() time.Time { return c.now }})
		g.Copy(token, 45*time.Second)
		c.advance(30 * time.Second)
		b.deaf = true
		g.Copy(second, 45*time.Second)
		g.Copy(second, 45*time.Second)
		if c.advance(time.Second); failures != 1 || !g.Held() || g.Left() > 15 {
			t.Errorf("%d failures, held %v, %d s left", failures, g.Held(), g.Left())
		}
		b.deaf = false
		if c.advance(15 * time.Second); b.text != "" || g.Held() {
			t.Errorf("at the end of the first delay the clipboard holds %q", b.text)
		}
		g.Copy(token, 45*time.Second)
		b.deaf = true
		if g.Copy(second, 45*time.Second); !g.OnBoard() {
			t.Error("the first copy is forgotten before the second is known to be there")
		}
		b.deaf = false
		if !g.Clear() || b.text != "" {
			t.Errorf("cleared before it is known, the clipboard holds %q", b.text)
		}
	})
}
