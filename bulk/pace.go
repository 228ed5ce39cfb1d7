package bulk

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Pace keeps the calls to each host apart. It is safe for use by several goroutines.
type Pace struct {
	pause time.Duration

	mu    sync.Mutex
	hosts map[string]*host
}

type host struct {
	limit *rate.Limiter
	until time.Time // the service asked for no call before
}

// NewPace returns a Pace that lets one call to a host begin in each pause. 0 means no limit.
func NewPace(pause time.Duration) *Pace { return &Pace{pause: pause, hosts: map[string]*host{}} }

// host returns what is known of a host. p.mu is held.
func (p *Pace) host(name string) *host {
	h := p.hosts[name]
	if h == nil {
		h = &host{limit: rate.NewLimiter(rate.Every(p.pause), 1)}
		p.hosts[name] = h
	}
	return h
}

// Next books the next call to a host, and returns how long the caller waits before it begins.
// A caller that is cancelled meanwhile has used its turn.
func (p *Pace) Next(name string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(name)
	return max(h.limit.ReserveN(now, 1).DelayFrom(now), h.until.Sub(now))
}

// Block notes that a host asked for no call before a time, as Retry-After does.
func (p *Pace) Block(name string, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.host(name).until = until
}

// SetPause changes the pause, for calls that are not booked yet.
func (p *Pace) SetPause(pause time.Duration, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pause = pause
	for _, h := range p.hosts {
		h.limit.SetLimitAt(now, rate.Every(pause))
	}
}
