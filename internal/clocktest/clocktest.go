// Package clocktest has a clock for tests.
package clocktest

import (
	"slices"
	"time"
)

// Clock is a clock with timers, which fire when the test advances it. It is for one goroutine.
type Clock struct {
	now    time.Time
	timers []*timer
}

type timer struct {
	at time.Time
	do func()
}

// New returns a clock that shows now.
func New(now time.Time) *Clock { return &Clock{now: now} }

// Now returns what the clock shows.
func (c *Clock) Now() time.Time { return c.now }

// Set sets the clock, as a person does: no timer fires.
func (c *Clock) Set(now time.Time) { c.now = now }

// After calls f when the clock has advanced by d, unless stop is called before.
func (c *Clock) After(d time.Duration, f func()) (stop func()) {
	a := &timer{c.now.Add(d), f}
	c.timers = append(c.timers, a)
	return func() { c.timers = slices.DeleteFunc(c.timers, func(other *timer) bool { return other == a }) }
}

// Waiting returns the number of timers that have neither fired nor been stopped.
func (c *Clock) Waiting() int { return len(c.timers) }

// Advance advances the clock by d, and calls what is due on the way, in the order of time.
func (c *Clock) Advance(d time.Duration) {
	for end := c.now.Add(d); ; {
		slices.SortStableFunc(c.timers, func(a, b *timer) int { return a.at.Compare(b.at) })
		if len(c.timers) == 0 || c.timers[0].at.After(end) {
			c.now = end
			return
		}
		next := c.timers[0]
		c.timers = c.timers[1:]
		c.now = next.at
		next.do()
	}
}
