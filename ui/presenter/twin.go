package presenter

import (
	"context"
	"strings"

	"amarre/profile"
)

// twin returns the saved profile of the same port and ERP in the other environment.
func (p *Presenter) twin(of profile.Profile) (profile.Profile, bool) {
	for _, each := range p.list.all {
		if each.ID != of.ID && each.Environment != of.Environment && strings.EqualFold(each.PortCode, of.PortCode) {
			return each, true
		}
	}
	return profile.Profile{}, false
}

// lookAtTwin warns if the open port has the address or the token of its twin: one of the two is
// wrong, and an ERP may work on real boats in a test.
func (p *Presenter) lookAtTwin() {
	c := p.cred
	twin, ok := p.twin(c.Profile)
	if !ok {
		return
	}
	warn := func(key string) {
		if p.isOpen(c) && p.message.Text == "" {
			p.Trouble(p.t.T(key, "Name", shorten(twin.Name), "Environment", strings.ToLower(p.t.Environment(twin.Environment))))
		}
	}
	if strings.EqualFold(twin.Service, c.Profile.Service) {
		warn("twin.address")
		return
	}
	p.inBackground(func() func() {
		secrets, err := p.deps.Store.Load(context.Background(), twin) // has a timeout
		return func() {
			if err == nil && p.isOpen(c) && p.cred.Secrets.Token.Equal(secrets.Token) {
				warn("twin.token")
			}
		}
	})
}
