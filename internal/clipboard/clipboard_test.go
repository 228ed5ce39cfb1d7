package clipboard_test

import (
	"testing"
	"time"

	"amarre/authclient"
	"amarre/internal/clipboard"
)

// board is a clipboard; deaf ones keep what they hold.
type board struct {
	text string
	deaf bool
}

func (b *board) Content() string { return b.text }
func (b *board) SetContent(text string) {
	if !b.deaf {
		b.text = text
	}
}

// clock has one alarm, which is all that a guard sets.
type clock struct {
	now, due time.Time
	ring     func()
}

func (c *clock) after(d time.Duration, f func()) func() {
	c.due, c.ring = c.now.Add(d), f
	return func() { c.ring = nil }
}

func (c *clock) advance(d time.Duration) {
	end := c.now.Add(d)
	for c.ring != nil && !c.due.After(end) {
		ring := c.ring
		c.now, c.ring = c.due, nil
		ring()
	}
	c.now = end
}

func newGuard(b *board, changed func()) (*clipboard.Guard, *clock) {
	c := &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	return clipboard.New(clipboard.Options{Board: b, Now: func() time.Time { return c.now }, After: c.after, Changed: changed}), c
}

var token = authclient.NewSecret("token")

func TestClearsItself(t *testing.T) {
	b, changes := &board{}, 0
	g, clock := newGuard(b, func() { changes++ })
	if !g.Copy(token, 45*time.Second) || b.text != "token" || g.Left() != 45 {
		t.Fatalf("the clipboard holds %q for %d s", b.text, g.Left())
	}
	clock.advance(44 * time.Second)
	if !g.Held() || g.Left() != 1 || b.text != "token" || changes != 45 {
		t.Errorf("after 44 s: held %v, %d s left, %d changes", g.Held(), g.Left(), changes)
	}
	clock.advance(time.Second)
	if g.Held() || b.text != "" || g.Left() != 0 {
		t.Errorf("after 45 s the clipboard holds %q", b.text)
	}
}

func TestAnotherCopyIsNotDestroyed(t *testing.T) {
	b := &board{}
	g, clock := newGuard(b, func() {})
	g.Copy(token, 10*time.Second)
	b.text = "the user's own"
	clock.advance(20 * time.Second)
	if b.text != "the user's own" || g.Held() {
		t.Errorf("the clipboard holds %q", b.text)
	}
	g.Copy(token, 10*time.Second)
	b.text = "again"
	if !g.Clear() || b.text != "again" {
		t.Errorf("clearing at once leaves %q", b.text)
	}
}

func TestNewCopyRestartsTheClock(t *testing.T) {
	b := &board{}
	g, clock := newGuard(b, func() {})
	g.Copy(token, 45*time.Second)
	clock.advance(40 * time.Second)
	g.Copy(authclient.NewSecret("second"), 45*time.Second)
	clock.advance(44 * time.Second)
	if b.text != "second" {
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
	c := &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
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
