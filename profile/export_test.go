package profile

// ParseIndex reads an index file; EncodeIndex writes one.
func ParseIndex(content []byte) ([]Profile, error) {
	list, err := parseIndex(content)
	return list.profiles, err
}

func EncodeIndex(profiles []Profile) ([]byte, error) { return listing{profiles: profiles}.encode() }

// NewID makes an account name; SafeID reports whether one is safe on every system.
var (
	NewID  = newID
	SafeID = safeID
)
