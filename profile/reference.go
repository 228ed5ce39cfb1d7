package profile

import (
	"strconv"
	"strings"

	"amarre/authclient"
)

// Reference names a profile on a command line: PORT/ERP@host.
func (p Profile) Reference() string {
	return p.PortCode + "/" + strconv.FormatInt(p.ERPID, 10) + "@" + p.Host()
}

// Find returns the profiles that a reference may mean: those of this ID; else of
// this name; else of this name without case and accents; else of this
// PORT/ERP@host. More than one is for the caller to refuse.
func Find(profiles []Profile, reference string) []Profile {
	reference = authclient.TrimPasted(reference)
	name := authclient.PlainText(reference)
	folded := Fold(name)
	code, id, host, isReference := splitReference(reference)
	for _, means := range []func(Profile) bool{
		func(p Profile) bool { return p.ID == reference },
		func(p Profile) bool { return p.Name == name },
		func(p Profile) bool { return Fold(p.Name) == folded },
		func(p Profile) bool {
			return isReference && strings.EqualFold(p.PortCode, code) && p.ERPID == id && strings.EqualFold(p.Host(), host)
		},
	} {
		var found []Profile
		for _, p := range profiles {
			if means(p) {
				found = append(found, p)
			}
		}
		if reference != "" && len(found) > 0 {
			return found
		}
	}
	return nil
}

// splitReference reads PORT/ERP@host. A port code may hold any sign, also / and @.
func splitReference(text string) (code string, id int64, host string, ok bool) {
	runes := []rune(text)
	if len(runes) <= authclient.PortCodeLength {
		return "", 0, "", false
	}
	code, rest := string(runes[:authclient.PortCodeLength]), string(runes[authclient.PortCodeLength:])
	rest, slash := strings.CutPrefix(rest, "/")
	digits, host, at := strings.Cut(rest, "@")
	id, err := authclient.ParseERPID(digits)
	if _, codeErr := authclient.ParsePortCode(code); !slash || !at || err != nil || codeErr != nil || host == "" {
		return "", 0, "", false
	}
	return code, id, host, true
}
