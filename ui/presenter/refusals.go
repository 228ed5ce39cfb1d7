package presenter

import (
	"strings"

	"amarre/authclient"
	"amarre/profile"
)

// maxRefusals is how often the same credentials are refused before the window asks whether to
// send them again: the service may lock an ERP out.
const maxRefusals = 5

// refusals counts how often the service has refused the same credentials.
type refusals struct {
	asked profile.Profile        // what was refused last
	cred  authclient.Credentials // and with what
	count int
}

// answered notes whether credentials were refused.
func (r *refusals) answered(asked profile.Profile, cred authclient.Credentials, refused bool) {
	if !r.same(asked, cred) {
		r.asked, r.cred, r.count = asked, cred, 0
	}
	if refused {
		r.count++
	} else {
		r.count = 0
	}
}

// asks reports whether the user is asked before the credentials are sent once more.
func (r *refusals) asks(asked profile.Profile, cred authclient.Credentials) bool {
	return r.same(asked, cred) && r.count > 0 && r.count%maxRefusals == 0
}

func (r *refusals) same(asked profile.Profile, cred authclient.Credentials) bool {
	return strings.EqualFold(r.asked.Service, asked.Service) && r.cred.PortCode == cred.PortCode && r.cred.ERPID == cred.ERPID && r.cred.Password.Equal(cred.Password)
}
