// Package profile keeps saved credentials: what a [Profile] is, and the [Store]
// that holds each one as an item of the system keyring, with an index file
// beside it so that a list can be shown without reading a secret.
//
//	store := profile.Open(profile.Options{Dir: dir, Ring: profile.SystemRing()})
//	list, err := store.List()                       // no secret is read
//	secrets, err := store.Load(ctx, list[0].ID)     // one keyring read
//	saved, err := store.Save(ctx, profile, secrets) // acknowledged once read back
//	removed, err := store.Delete(ctx, saved.ID)     // store.Restore(ctx, removed) undoes it
//
// Rules that hold here: a secret is in the keyring or in memory, never in a
// file. Every keyring call runs on one worker with a limit, because a keyring
// may ask the user, hang, or panic. The index is written before an item is and
// after one is deleted, so that no item exists that nothing lists. Without a
// keyring the store keeps profiles for as long as the program runs, and
// [Profile.Session] says so.
//
// Errors are told apart with errors.Is and the Err… values.
package profile

import (
	"crypto/rand"
	"strconv"
	"strings"
	"time"

	"amarre/authclient"
)

// Environment is which of a customer's two services an address leads to.
type Environment string

const (
	Production Environment = "production"
	Test       Environment = "test"
)

// Profile is a saved credential without its secrets.
type Profile struct {
	ID          string      `json:"id"` // the keyring account; Save makes one
	Name        string      `json:"name"`
	Service     string      `json:"service"` // authclient.Address as text
	Environment Environment `json:"environment"`
	PortCode    string      `json:"portCode"`
	ERPID       int64       `json:"erpId"`
	HasPassword bool        `json:"hasPassword,omitempty"` // set by Save
	Saved       time.Time   `json:"saved"`                 // set by Save

	// Session says that the profile is kept only until the program ends,
	// because there is no keyring. Set by the store.
	Session bool `json:"-"`
}

// Secrets are the part of a profile that is kept in the keyring alone.
type Secrets struct {
	Token    authclient.Secret
	Password authclient.Secret // empty unless the user asked to keep it
}

// Same reports whether both are the same credential: service address, port code
// and ERP ID, compared without case. Two profiles are never the same.
func (p Profile) Same(other Profile) bool {
	return p.ERPID == other.ERPID && strings.EqualFold(p.PortCode, other.PortCode) && strings.EqualFold(p.Service, other.Service)
}

// Host returns the host of the service, or the whole text if it is no address.
func (p Profile) Host() string {
	address, err := authclient.ParseAddress(p.Service)
	if err != nil {
		return p.Service
	}
	return address.Host()
}

// newID makes a keyring account name from [a-z0-9-] of at most 30 characters.
// Keyrings of the three systems fail or silently rename on anything else, and
// Windows compares without case (keyring.md).
func newID(p Profile) string {
	var code strings.Builder
	for _, r := range strings.ToLower(p.PortCode) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			code.WriteRune(r)
		}
	}
	if code.Len() == 0 {
		code.WriteString("port")
	}
	return code.String() + "-" + strconv.FormatInt(p.ERPID, 10) + "-" + strings.ToLower(rand.Text()[:6])
}
