package profile

import "context"

// ParseIndex reads an index file; EncodeIndex writes one.
func ParseIndex(content []byte) ([]Profile, error) {
	list, err := parseIndex(content)
	return list.profiles, err
}

func EncodeIndex(profiles []Profile) ([]byte, error) {
	return listing{profiles: profiles}.encode()
}

// Save saves a profile under its ID; it gets one if it has none.
func (s *Store) Save(ctx context.Context, p Profile, secrets Secrets) (Profile, error) {
	if p.ID == "" {
		p.ID = newID(p)
	}
	return s.insert(ctx, Entry{p, secrets})
}

// NewID makes the name of an item; SafeID reports whether one is safe on every system.
var (
	NewID  = newID
	SafeID = safeID
)
