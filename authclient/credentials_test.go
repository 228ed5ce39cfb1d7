package authclient_test

import (
	"testing"

	"amarre/authclient"
)

// TestPortCodeCountsVisibleCharacters: an accent that was typed or copied as a character of
// its own is part of its letter, so that both forms are one port code.
func TestPortCodeCountsVisibleCharacters(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"SE\u0301T", "SÉT"}, // decomposed, as macOS gives file names
		{"SÉT", "SÉT"},
		{" e\u0301e\u0301e\u0301\n", "ééé"},
		{"MTP", "MTP"},
		{"SE\u0301", ""},         // two
		{"ab\u0301\u0301c", ""},  // an accent that no letter has stays a character
		{"\u0301AB\u0301C", ""},  // four
		{"S\u00c9\u0301T", ""},   // É with one accent more
		{"E\u0301\u0301TP1", ""}, // five
	} {
		code, err := authclient.ParsePortCode(c.typed)
		if code != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+q gives %+q, %v; want %+q", c.typed, code, err, c.want)
		}
	}
}
