package bulk_test

import (
	"testing"
	"time"

	"amarre/bulk"
)

// TestPace: one call to a host begins in each pause, other hosts do not wait, and a host that
// asked for time gets it.
func TestPace(t *testing.T) {
	now := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	pace := bulk.NewPace(time.Second)
	for i, c := range []struct {
		after time.Duration // the call before
		host  string
		want  time.Duration
	}{
		{0, "a", 0},
		{0, "a", time.Second},
		{0, "b", 0},
		{400 * time.Millisecond, "a", 1600 * time.Millisecond},
		{5 * time.Second, "a", 0},
		{300 * time.Millisecond, "a", 700 * time.Millisecond},
	} {
		now = now.Add(c.after)
		if got := pace.Next(c.host, now); got != c.want {
			t.Errorf("call %d to %s waits %v, want %v", i, c.host, got, c.want)
		}
	}
	now = now.Add(time.Minute)
	pace.Block("a", now.Add(30*time.Second))
	if got := pace.Next("a", now); got != 30*time.Second {
		t.Errorf("a blocked host waits %v", got)
	}
	pace.SetPause(10*time.Second, now)
	pace.Next("b", now)
	if got := pace.Next("b", now); got != 10*time.Second {
		t.Errorf("with another pause %v", got)
	}
	free := bulk.NewPace(0)
	for range 3 {
		if got := free.Next("a", now); got != 0 {
			t.Errorf("without a pause %v", got)
		}
	}
}
