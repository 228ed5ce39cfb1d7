// Package profile keeps saved credentials: a [Profile], and the [Store] that holds each
// one as an item of the system keyring. An index file beside the keyring lists the
// profiles, so that the list can be shown without reading a secret.
//
//	store := profile.Open(profile.Options{Dir: dir, Keyring: keyring.System(keyring.SystemOptions{})})
//	list, err := store.List()                       // no secret is read
//	secrets, err := store.Load(ctx, list[0])        // one keyring read
//	saved, err := store.Put(ctx, credential, edit)  // creates or changes
//	saved, err = store.Edit(ctx, saved.ID, edit)    // changes what is kept now
//	deleted, err := store.Delete(ctx, saved.ID)     // store.Restore(ctx, deleted) undoes it
//
// A secret is in the keyring or in memory, never in a file. The index is written before
// an item is and after one is deleted, under a lock that other programs respect, so that
// no item exists that nothing lists. What was saved has been read back. An index that
// cannot be trusted is made again from the keyring: [NeedsRebuild], [Store.Rebuild].
// Without a keyring, profiles are kept for as long as the program runs: [Store.Session],
// [Store.SaveSession].
//
// # Naming a profile
//
// A user names a profile by its name, its [Profile.Reference] or its ID: [Finder.Find]. A
// script that prints a token must never get that of another port, so a text that could mean
// several profiles means none: neither a name that is exactly the text before one that
// [Fold] makes equal to it, nor a reference before a name. The ID is always exact.
//
// # Backwards compatibility
//
// These stay readable by later versions: the index file profiles.json, the text of a
// keyring item ([Encode]), and files of package backup. Errors have a class: see package
// keyring, whose classes this package extends.
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

// Verdict is what the service said of a token. A call that failed is no verdict.
type Verdict string

const (
	Accepted  Verdict = "accepted"
	Refused   Verdict = "refused"
	OtherPort Verdict = "other-port" // accepted, and the token of another port
)

// Profile is a saved credential without its secrets. It is comparable.
type Profile struct {
	ID          string      `json:"id"` // the name of the keyring item; Put makes one
	Name        string      `json:"name"`
	Service     string      `json:"service"` // authclient.Address as text
	Environment Environment `json:"environment"`
	PortCode    string      `json:"portCode"`
	ERPID       int64       `json:"erpId"`
	ERP         string      `json:"erp,omitempty"`  // the ERP's name, free text
	Note        string      `json:"note,omitempty"` // free text; a secret in it is refused
	HasPassword bool        `json:"hasPassword,omitempty"`
	HasPrevious bool        `json:"hasPrevious,omitempty"` // an earlier token is kept too
	Saved       time.Time   `json:"saved"`                 // UTC; with the two above, set by the store
	// TokenSet is when the token last changed, UTC: which of two tokens is newer. Set by
	// the store. What an earlier version has written has the date of Saved.
	TokenSet time.Time `json:"tokenSet,omitzero"`

	// What the list remembers of a profile. The item has it as it was when the profile
	// was last saved, and so has a list that was made again.
	Favourite bool      `json:"favourite,omitempty"`
	Check     Verdict   `json:"check,omitempty"`   // the last one of the present token
	Checked   time.Time `json:"checked,omitzero"`  // when that was, UTC
	Accepted  time.Time `json:"accepted,omitzero"` // when the service last accepted the present token, UTC
	// Missing says that the keyring had no item when the profile was last opened.
	Missing bool `json:"missing,omitempty"`
	// Place is the collection of the keyring in which the item was last seen, as people
	// know it; "" where there is only one. Only the list has it.
	Place string `json:"place,omitempty"`

	// Session says that the profile is kept only until the program ends,
	// because there is no keyring. Set by the store.
	Session bool `json:"-"`
}

// Secrets are the part of a profile that is kept in the keyring alone.
type Secrets struct {
	Token    authclient.Secret
	Password authclient.Secret // empty unless the user asked to keep it
	Previous authclient.Secret // the token before this one, if it is kept
	Replaced time.Time         // when Token took its place, UTC
}

// Renew makes token the token. The one that it replaces is kept as the previous
// one, or forgotten. It reports whether there is a change.
func (s *Secrets) Renew(token authclient.Secret, keep bool, now time.Time) bool {
	if s.Token.Equal(token) {
		return false
	}
	if keep && !s.Token.IsZero() {
		s.Previous, s.Replaced = s.Token, now.UTC().Truncate(time.Second)
	} else {
		s.ForgetPrevious()
	}
	s.Token = token
	return true
}

// ForgetPrevious forgets the previous token.
func (s *Secrets) ForgetPrevious() { s.Previous, s.Replaced = authclient.Secret{}, time.Time{} }

// SameCredential reports whether both are the same credential: service address, port code
// and ERP ID, compared without case. No two saved profiles share one.
func (p Profile) SameCredential(other Profile) bool {
	return p.ERPID == other.ERPID && strings.EqualFold(p.PortCode, other.PortCode) && strings.EqualFold(p.Service, other.Service)
}

// SameRevision reports whether both are one profile as it was last saved: only what the
// list remembers of it may differ.
func (p Profile) SameRevision(other Profile) bool {
	return p.ID == other.ID && p.Saved.Equal(other.Saved) && p.TokenSet.Equal(other.TokenSet)
}

// Host returns the host of the service, or the whole text if it is no address.
func (p Profile) Host() string {
	address, err := authclient.ParseAddress(p.Service)
	if err != nil {
		return p.Service
	}
	return address.Host()
}

// dated returns a profile as an earlier version wrote it, with the dates that it had not.
func (p Profile) dated() Profile {
	if p.TokenSet.IsZero() {
		p.TokenSet = p.Saved
	}
	if p.Check == Accepted && p.Accepted.IsZero() {
		p.Accepted = p.Checked
	}
	return p
}

// maxID is the most characters of an item's name (docs/keyring.md).
const maxID = 64

// newID makes the name of a keyring item, of [a-z0-9-] and at most 30 characters. The
// keyrings of the three systems fail on anything else or rename it silently, and Windows
// compares without case (docs/keyring.md).
func newID(p Profile) string {
	var code strings.Builder
	for _, r := range strings.ToLower(p.PortCode) {
		if code.Len() < 3 && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9') {
			code.WriteRune(r)
		}
	}
	if code.Len() == 0 {
		code.WriteString("p")
	}
	return code.String() + "-" + strconv.FormatInt(p.ERPID, 10) + "-" + strings.ToLower(rand.Text()[:6])
}

// safeID reports whether a text may be the name of an item.
func safeID(id string) bool {
	for _, r := range id {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-') {
			return false
		}
	}
	return id != "" && len(id) <= maxID
}

// valid reports whether p is a profile that the store would have written. What it reads
// is untrusted input.
func (p Profile) valid() bool {
	_, err := authclient.ParseAddress(p.Service)
	return err == nil && p.validExceptService()
}

// validExceptService is valid, but for the address.
func (p Profile) validExceptService() bool {
	code, codeErr := authclient.ParsePortCode(p.PortCode)
	return safeID(p.ID) && codeErr == nil && code == p.PortCode && p.ERPID > 0 &&
		(p.Environment == Production || p.Environment == Test) &&
		plain(p.Name) && plain(p.ERP) && plain(p.Note)
}

// plain reports whether a text is already in the form of authclient.PlainText.
func plain(text string) bool { return authclient.PlainText(text) == text }
