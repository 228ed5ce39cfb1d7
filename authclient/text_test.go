package authclient_test

import (
	"testing"

	"amarre/authclient"
)

func TestHasUnseen(t *testing.T) {
	for _, seen := range []string{"", "Fourni par DataComSys", "é", "e\u0301", "\u00a0", "日本", "👩\u200d🔧", "می\u200cخواهم", "❤\ufe0f"} {
		if authclient.HasUnseen(seen) {
			t.Errorf("%+q has something unseen", seen)
		}
	}
	for _, unseen := range []string{"a\x00", "\t", "a\r\nb", "\x1b[D", "\x7f", "\u0085", "a\u200b", "\u200d", "a\u200db", "\ufeffa", "\u2028", "\u2029", "\u202eabc", "a\u00adb", "\u2060"} {
		if !authclient.HasUnseen(unseen) {
			t.Errorf("%+q has nothing unseen", unseen)
		}
	}
}
