package profile_test

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/profile"
)

func TestRenew(t *testing.T) {
	at := time.Date(2026, 11, 23, 8, 0, 0, 999, time.FixedZone("", 3600))
	for name, c := range map[string]struct {
		token, previous, renewed string
		keep                     bool
		want, wantPrevious       string
		changed                  bool
	}{
		"the same":           {"A", "B", "A", true, "A", "B", false},
		"another, kept":      {"A", "B", "C", true, "C", "A", true},
		"another, forgotten": {"A", "B", "C", false, "C", "", true},
		"the first":          {"", "", "C", true, "C", "", true},
	} {
		s := profile.Secrets{Token: authclient.NewSecret(c.token), Previous: authclient.NewSecret(c.previous), Replaced: at.AddDate(-1, 0, 0)}
		changed := s.Renew(authclient.NewSecret(c.renewed), c.keep, at)
		if changed != c.changed || s.Token.Reveal() != c.want || s.Previous.Reveal() != c.wantPrevious {
			t.Errorf("%s: changed %v, or another token", name, changed)
		}
		want := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
		if !changed {
			want = at.AddDate(-1, 0, 0)
		} else if c.wantPrevious == "" {
			want = time.Time{}
		}
		if !s.Replaced.Equal(want) {
			t.Errorf("%s: replaced at %v, want %v", name, s.Replaced, want)
		}
	}
}

func TestSame(t *testing.T) {
	a := sete
	a.ID, a.Saved, a.TokenSet = "a", time.Unix(1, 0), time.Unix(1, 0)
	for name, c := range map[string]struct {
		change               func(*profile.Profile)
		credential, revision bool
	}{
		"nothing":      {func(*profile.Profile) {}, true, true},
		"the verdict":  {func(p *profile.Profile) { p.Check, p.Favourite = profile.Refused, true }, true, true},
		"the ID":       {func(p *profile.Profile) { p.ID = "b" }, true, false},
		"the saving":   {func(p *profile.Profile) { p.Saved = time.Unix(2, 0) }, true, false},
		"the token":    {func(p *profile.Profile) { p.TokenSet = time.Unix(2, 0) }, true, false},
		"the case":     {func(p *profile.Profile) { p.PortCode, p.Service = "set", "HTTPS://logapass.example/WS?test" }, true, true},
		"the port":     {func(p *profile.Profile) { p.PortCode = "MTP" }, false, true},
		"the ERP ID":   {func(p *profile.Profile) { p.ERPID = 16 }, false, true},
		"the service":  {func(p *profile.Profile) { p.Service = "https://other.example" }, false, true},
		"only the ERP": {func(p *profile.Profile) { p.ERP = "x" }, true, true},
	} {
		b := a
		c.change(&b)
		if a.SameCredential(b) != c.credential || a.SameRevision(b) != c.revision {
			t.Errorf("%s: the same credential %v, revision %v; want %v and %v", name, a.SameCredential(b), a.SameRevision(b), c.credential, c.revision)
		}
	}
	if got := sete.Host(); got != "logapass.example" {
		t.Errorf("the host is %q", got)
	}
	if got := (profile.Profile{Service: "no address"}).Host(); got != "no address" {
		t.Errorf("the host of what is no address is %q", got)
	}
}

func TestNewID(t *testing.T) {
	for code, want := range map[string]string{
		"SET": "set", "a0z": "a0z", "A9Z": "a9z", "É'\"": "p", "日1本": "1", "@[`": "p", "/:{": "p", "LONGER": "lon",
	} {
		id := profile.NewID(profile.Profile{PortCode: code, ERPID: 15})
		if !regexp.MustCompile(`^` + want + `-15-[a-z2-7]{6}$`).MatchString(id) {
			t.Errorf("the ID of %s is %q, want %s-15-…", code, id, want)
		}
		if !profile.SafeID(id) || id == profile.NewID(profile.Profile{PortCode: code, ERPID: 15}) {
			t.Errorf("%q is not safe, or made twice", id)
		}
	}
	for id, want := range map[string]bool{
		"": false, "a": true, "z": true, "0": true, "9": true, "a.b_c-d": true,
		"A": false, "é": false, "/": false, ":": false, "`": false, "{": false, " ": false, "a\n": false,
	} {
		if profile.SafeID(id) != want {
			t.Errorf("%q is safe: %v, want %v", id, !want, want)
		}
	}
}

// TestVerdictOf: only an answer about the token is a verdict.
func TestVerdictOf(t *testing.T) {
	for name, c := range map[string]struct {
		port string
		err  error
		want profile.Verdict
	}{
		"its port":        {"SET", nil, profile.Accepted},
		"in another case": {"set", nil, profile.Accepted},
		"another port":    {"MTP", nil, profile.OtherPort},
		"refused":         {"", &authclient.Error{Outcome: authclient.OutcomeRefused}, profile.Refused},
		"no answer":       {"", &authclient.Error{Outcome: authclient.OutcomeTimeout}, ""},
		"anything":        {"", errors.New("x"), ""},
	} {
		if got := profile.VerdictOf(sete, authclient.Account{PortCode: c.port}, c.err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
