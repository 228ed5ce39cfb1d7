package i18n

import (
	"errors"
	"strings"

	"amarre/internal/policy"
)

// Policy says what is wrong with an administrator's policy file.
func (t *Texts) Policy(err error) string {
	var e *policy.Error
	if !errors.As(err, &e) {
		e = &policy.Error{Err: err}
	}
	pairs := []any{"Key", e.Key, "Line", e.Line}
	key := "policy.syntax"
	if e.Line > 0 {
		key = "policy.syntax_line"
	}
	for _, c := range []class{
		{policy.ErrUntrusted, "policy.untrusted"},
		{policy.ErrUnreadable, "policy.unreadable"},
		{policy.ErrUnknownKey, "policy.unknown_key"},
		{policy.ErrService, "policy.service"},
		{policy.ErrSeconds, "policy.seconds"},
		{policy.ErrCA, "policy.ca"},
	} {
		if errors.Is(err, c.err) {
			key = c.key
		}
	}
	return t.T("policy.broken", "File", e.File, "Why", t.T(key, pairs...))
}

// Fixed says what a policy fixes, as several lines; "" if it fixes nothing.
func (t *Texts) Fixed(p policy.Policy) string {
	if !p.Fixes() {
		return ""
	}
	lines := []string{t.T("policy.fixed", "File", p.File)}
	if len(p.Services) > 0 {
		lines = append(lines, t.T("policy.fixed_services", "Services", strings.Join(p.Services, ", ")))
	}
	if p.NoPasswords {
		lines = append(lines, t.T("policy.fixed_passwords"))
	}
	if p.MaxClear > 0 {
		lines = append(lines, t.T("policy.fixed_clear", "Seconds", int(p.MaxClear.Seconds())))
	}
	if p.CAFile != "" {
		lines = append(lines, t.T("policy.fixed_ca", "File", p.CAFile))
	}
	return strings.Join(lines, "\n")
}
