package message

import (
	"errors"
	"io/fs"
	"strings"

	"amarre/internal/policy"
)

// Policy says what is wrong with an administrator's policy file.
func (t *Texts) Policy(err error) string {
	var e *policy.Error
	if !errors.As(err, &e) {
		e = &policy.Error{Err: err}
	}
	path, why := e.File, t.Address(err)
	var changeable *fs.PathError
	if errors.As(err, &changeable) {
		path = changeable.Path
	}
	authority := authorityOf(err)
	if authority != nil {
		why = t.Authority(authority)
	}
	pairs := []any{"Key", e.Key, "Line", e.Line, "Item", e.Item, "Path", path, "Why", why}
	key := "policy.syntax"
	switch {
	case e.Line > 0:
		key = "policy.syntax_line"
	case errors.Is(err, policy.ErrUntrusted) && e.Key != "":
		key = "policy.untrusted_key"
	case errors.Is(err, policy.ErrUntrusted):
		key = "policy.untrusted"
	case errors.Is(err, policy.ErrTooLarge):
		key = "policy.too_large"
	case errors.Is(err, policy.ErrCA) && authority != nil: // ErrUnreadable is in it
		key = "policy.ca_file"
	case errors.Is(err, policy.ErrUnreadable):
		key = "policy.unreadable"
	case errors.Is(err, policy.ErrUnknownKey):
		key = "policy.unknown_key"
	case errors.Is(err, policy.ErrService) && e.Item > 0:
		key = "policy.service"
	case errors.Is(err, policy.ErrService):
		key = "policy.services"
	case errors.Is(err, policy.ErrSeconds):
		key = "policy.seconds"
	case errors.Is(err, policy.ErrCA):
		key = "policy.ca"
	}
	return t.T("policy.broken", "File", e.File, "Why", t.T(key, pairs...))
}

// PolicySummary says what a policy fixes, as several lines; "" if it fixes nothing.
func (t *Texts) PolicySummary(p policy.Policy) string {
	if !p.Restricts() {
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
