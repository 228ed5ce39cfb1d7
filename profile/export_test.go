package profile

// ParseIndex reads an index file; EncodeIndex writes one.
func ParseIndex(content []byte) ([]Profile, error) {
	list, err := parseIndex(content)
	return list.profiles, err
}

func EncodeIndex(profiles []Profile) ([]byte, error) {
	content, _, err := listing{profiles: profiles}.encode(nil)
	return content, err
}

// NewID makes an account name; SafeID reports whether one is safe on every system.
var (
	NewID  = newID
	SafeID = safeID
)
