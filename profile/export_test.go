package profile

import "encoding/json"

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

// ParseWhole parses an index as a whole, without checking it; false if it is no JSON.
func ParseWhole(content []byte) ([]Profile, bool) {
	var file indexFile
	err := json.Unmarshal(content, &file)
	return file.Profiles, err == nil
}

// ParseParts parses an index in parts, without checking it; false if it is not of the
// form that encode writes.
func ParseParts(content []byte) ([]Profile, bool) {
	file, ok := parseInParts(content)
	return file.Profiles, ok
}
