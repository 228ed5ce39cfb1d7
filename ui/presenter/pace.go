package presenter

import (
	"strings"
	"time"

	"amarre/authclient"
	"amarre/profile"
)

const (
	// callPause is the least time between two calls to one host (docs/security.md 27).
	callPause = time.Second
	// maxRefusals is how often the same credentials are refused before the window asks
	// whether to send them again: the service may lock an ERP out.
	maxRefusals = 5
)

// pace keeps the calls to a service apart, and counts what it refuses.
type pace struct {
	ended map[string]time.Time // when the last call to a host ended

	asked    profile.Profile        // what was refused last
	cred     authclient.Credentials // and with what
	refusals int
}

// wait returns how long a call to a host waits.
func (p *pace) wait(host string, now time.Time) time.Duration {
	last, ok := p.ended[host]
	if !ok {
		return 0
	}
	return max(0, callPause-now.Sub(last))
}

// called notes that a call to a host has ended.
func (p *pace) called(host string, now time.Time) {
	if p.ended == nil {
		p.ended = map[string]time.Time{}
	}
	p.ended[host] = now
}

// answered notes whether credentials were refused.
func (p *pace) answered(asked profile.Profile, cred authclient.Credentials, refused bool) {
	if !p.same(asked, cred) {
		p.asked, p.cred, p.refusals = asked, cred, 0
	}
	if refused {
		p.refusals++
	} else {
		p.refusals = 0
	}
}

// asks reports whether the user is asked before the credentials are sent once more.
func (p *pace) asks(asked profile.Profile, cred authclient.Credentials) bool {
	return p.same(asked, cred) && p.refusals > 0 && p.refusals%maxRefusals == 0
}

func (p *pace) same(asked profile.Profile, cred authclient.Credentials) bool {
	return strings.EqualFold(p.asked.Service, asked.Service) && p.cred.PortCode == cred.PortCode && p.cred.ERPID == cred.ERPID && p.cred.Password.Equal(cred.Password)
}
