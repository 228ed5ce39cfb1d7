package profile_test

import (
	"strings"
	"testing"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
)

// TestEncode: what a profile may hold in the keyring and in a file.
func TestEncode(t *testing.T) {
	valid := sete
	valid.ID = "set-15-k3f9q2"
	for name, c := range map[string]struct {
		change                    func(*profile.Profile)
		token, previous, password string
		want                      keyring.Class
	}{
		"all of it":                   {token: "A!~", previous: "B", password: "pa ss\nwörd"},
		"no token":                    {want: profile.ClassInvalid},
		"a space in the token":        {token: "A B", want: profile.ClassInvalid},
		"an accent in the token":      {token: "é", want: profile.ClassInvalid},
		"a control in the token":      {token: "A\x7f", want: profile.ClassInvalid},
		"a line break in the earlier": {token: "A", previous: "B\n", want: profile.ClassInvalid},
		"a password that is no text":  {token: "A", password: "\xff", want: profile.ClassInvalid},
		"no ID":                       {token: "A", change: func(p *profile.Profile) { p.ID = "" }, want: profile.ClassInvalid},
		"no address":                  {token: "A", change: func(p *profile.Profile) { p.Service = "x y" }, want: profile.ClassInvalid},
		"the token in the ERP":        {token: "ABCDEF", change: func(p *profile.Profile) { p.ERP = "xABCDEFx" }, want: profile.ClassSecretInText},
		"five letters of a token":     {token: "ABCDE", change: func(p *profile.Profile) { p.ERP = "xABCDEx" }},
		"the previous in the note":    {token: "A", previous: "ABCDEF", change: func(p *profile.Profile) { p.Note = "before: ABCDEF" }, want: profile.ClassSecretInText},
		"the password in the name":    {token: "A", password: "ABCDEF", change: func(p *profile.Profile) { p.Name = "ABCDEF" }, want: profile.ClassSecretInText},
	} {
		p := valid
		if c.change != nil {
			c.change(&p)
		}
		s := profile.Secrets{Token: authclient.NewSecret(c.token), Previous: authclient.NewSecret(c.previous), Password: authclient.NewSecret(c.password)}
		text, err := profile.Encode(p, s)
		if _, itemErr := profile.EncodeItem(p, s); keyring.ClassOf(err) != c.want || (err != nil) != (c.want != "") || keyring.ClassOf(itemErr) != c.want {
			t.Errorf("%s: %v, as an item %v; want %q", name, err, itemErr, c.want)
		}
		if err != nil {
			continue
		}
		back, _, err := profile.Decode(text)
		if back.HasPassword != (c.password != "") || back.HasPrevious != (c.previous != "") {
			t.Errorf("%s: decoded as %+v, %v", name, back, err)
		}
		if _, got, err := profile.Decode(text); err != nil || !got.Token.Equal(s.Token) || !got.Previous.Equal(s.Previous) || !got.Password.Equal(s.Password) {
			t.Errorf("%s: decoded with %v, or other secrets", name, err)
		}
	}
}

// TestEncodeLeavesOutWhatOnlyTheListKnows of this computer, and Decode takes nothing of it.
func TestEncodeLeavesOutWhatOnlyTheListKnows(t *testing.T) {
	p := sete
	p.ID, p.Missing, p.Place = "set-15-k3f9q2", true, "Marina"
	text, err := profile.Encode(p, secrets)
	if err != nil || strings.Contains(text, "Marina") || strings.Contains(text, "missing") {
		t.Errorf("%v\n%s", err, text)
	}
	foreign := strings.Replace(text, `"name":`, `"missing":true,"place":"Marina","name":`, 1)
	if got, _, err := profile.Decode(foreign); err != nil || got.Missing || got.Place != "" {
		t.Errorf("decoded as %+v, %v", got, err)
	}
}

// TestDecodeErrors: which texts are foreign, newer, or edited.
func TestDecodeErrors(t *testing.T) {
	p := sete
	p.ID = "set-15-k3f9q2"
	text, err := profile.Encode(p, secrets)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text           string
		decode, edited keyring.Class
	}{
		"nothing":         {"", profile.ClassForeign, profile.ClassForeign},
		"no version":      {strings.Replace(text, `"version":1`, `"v":1`, 1), profile.ClassForeign, profile.ClassForeign},
		"a newer version": {`{"version":2}`, profile.ClassNewer, profile.ClassNewer},
		"no number":       {strings.Replace(text, `"erpId":15`, `"erpId":"x"`, 1), profile.ClassForeign, profile.ClassForeign},
		"no ERP ID":       {strings.Replace(text, `"erpId":15`, `"erpId":0`, 1), profile.ClassForeign, profile.ClassInvalid},
		"its token":       {strings.Replace(text, `"name":"`, `"name":"`+canaryToken, 1), profile.ClassForeign, profile.ClassSecretInText},
		"too long":        {text + strings.Repeat(" ", profile.MaxItem), profile.ClassForeign, profile.ClassForeign},
		"spaces":          {text + strings.Repeat(" ", profile.MaxItem-len(text)), "", ""},
	} {
		_, s, err := profile.Decode(c.text)
		_, _, editedErr := profile.DecodeEdited(c.text)
		if keyring.ClassOf(err) != c.decode || keyring.ClassOf(editedErr) != c.edited || (err == nil) != (c.decode == "") || s.Token.IsZero() != (err != nil) {
			t.Errorf("%s: %v, edited %v; want %q and %q", name, err, editedErr, c.decode, c.edited)
		}
	}
}
