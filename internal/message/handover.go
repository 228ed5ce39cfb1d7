package message

import "amarre/internal/handover"

// Comparison says how an ERP's configuration compares with a token. unread is the
// number of other profiles whose tokens could not be read and were not compared.
func (t *Texts) Comparison(match handover.Match, count, unread int) string {
	key := "erp." + string(match)
	text := ""
	switch {
	case match == handover.Truncated || match == handover.TooLong:
		text = t.N(key, count)
	case match == handover.Different && unread > 0:
		text = t.T("erp.different_unread")
	default:
		text = t.T(key)
	}
	if unread > 0 {
		text += " " + t.N("erp.unread", unread)
	}
	return text
}
