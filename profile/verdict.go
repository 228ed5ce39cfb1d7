package profile

import (
	"strings"

	"amarre/authclient"
)

// VerdictOf returns what an answer to Client.Account says of a profile's token;
// "" if it says nothing, because the call failed.
func VerdictOf(p Profile, account authclient.Account, err error) Verdict {
	switch outcome := authclient.OutcomeOf(err); {
	case outcome == authclient.OutcomeRefused:
		return Refused
	case outcome != authclient.OutcomeToken:
		return ""
	case !strings.EqualFold(account.PortCode, p.PortCode):
		return OtherPort
	default:
		return Accepted
	}
}
