package i18n

import (
	"context"
	"errors"
	"strings"
	"time"

	"amarre/authclient"
	"amarre/profile"
)

// This file is the one place where an error becomes a sentence. Nothing but a
// refusal by the service itself is a verdict; every other sentence says that
// nothing was verified, and what to try.

// Login says how a login ended that gave no token. A refusal is always the same
// text, whatever the server said.
func (t *Texts) Login(err error) string {
	switch authclient.OutcomeOf(err) {
	case authclient.OutcomeRefused:
		return t.T("login.refused")
	case authclient.OutcomeCancelled:
		return t.T("login.cancelled")
	}
	return t.failure(err, "outcome.credentials")
}

// Check says why a token could not be checked.
func (t *Texts) Check(err error) string { return t.failure(err, "outcome.token") }

// Port names an account for people.
func (t *Texts) Port(a authclient.Account) string {
	if a.PortName == "" {
		return a.PortCode
	}
	return t.T("result.port", "Name", a.PortName, "Code", a.PortCode)
}

func (t *Texts) failure(err error, unverified string) string {
	var e *authclient.Error
	if !errors.As(err, &e) {
		e = &authclient.Error{Outcome: authclient.OutcomeOf(err)}
	}
	key := "outcome." + string(e.Outcome)
	pairs := []any{"Status", e.HTTPStatus, "Target", e.Target, "Issuer", e.Issuer}
	switch {
	case e.Outcome == authclient.OutcomeTLS:
		key += "." + string(e.TLS)
	case e.Outcome == authclient.OutcomeRedirected && e.Target == "":
		key += ".nowhere"
	case e.Outcome == authclient.OutcomeNotTheService && e.HTTPStatus == 0:
		key += ".noise"
	case e.Outcome == authclient.OutcomeProxy && e.HTTPStatus == 407:
		key += ".password"
	}
	text := t.T("outcome.sentence", "What", t.T(key, pairs...), "Unverified", t.T(unverified), "Try", t.T(key+".try"))
	if e.Message != "" {
		text += "\n" + t.T("outcome.message", "Message", e.Message)
	}
	return text
}

// Finding says how one step of a connection test went, as one or a few lines
// without a secret.
func (t *Texts) Finding(f authclient.Finding) string {
	ms := f.Took.Milliseconds()
	if f.Err != nil {
		why := t.failure(f.Err, "outcome.nothing_sent")
		if f.Step == authclient.StepService { // a judgement takes no time
			return t.T("diagnose.not_service", "Why", why)
		}
		return t.T("diagnose.failed", "Step", t.T("diagnose.step."+string(f.Step)), "Ms", ms, "Why", why)
	}
	switch f.Step {
	case authclient.StepProxy:
		if f.Proxy == "" {
			return t.T("diagnose.no_proxy")
		}
		return t.T("diagnose.proxy", "Proxy", f.Proxy)
	case authclient.StepDNS:
		return t.T("diagnose.dns", "Host", f.Host, "Addresses", strings.Join(f.Addresses, ", "), "Ms", ms)
	case authclient.StepTCP:
		return t.T("diagnose.tcp", "Remote", f.Remote, "Ms", ms)
	case authclient.StepTLS:
		root := "diagnose.root_added"
		if f.PublicRoot {
			root = "diagnose.root_public"
		}
		return t.T("diagnose.tls", "Version", f.TLSVersion, "Subject", f.Subject, "Issuer", f.Issuer, "Root", t.T(root),
			"Until", f.NotAfter.Format(time.DateOnly), "Ms", ms)
	case authclient.StepHTTP:
		server := f.Server
		if server == "" {
			server = t.T("diagnose.unnamed")
		}
		return t.T("diagnose.http", "Status", f.HTTPStatus, "Server", server, "First", f.FirstByte.Milliseconds(), "Ms", ms)
	default:
		return t.T("diagnose.service")
	}
}

// Address says what is wrong with the address of a service.
func (t *Texts) Address(err error) string {
	return t.first(err, "error.address_syntax", []class{
		{authclient.ErrAddressEmpty, "error.address_empty"},
		{authclient.ErrAddressPlainHTTP, "error.address_plain_http"},
		{authclient.ErrAddressScheme, "error.address_scheme"},
		{authclient.ErrAddressUserInfo, "error.address_user_info"},
		{authclient.ErrAddressFragment, "error.address_fragment"},
		{authclient.ErrAddressHost, "error.address_host"},
	})
}

// Store says why the keyring or the list did not do what was asked.
func (t *Texts) Store(err error) string {
	if errors.Is(err, context.Canceled) && !errors.Is(err, profile.ErrUnknown) {
		return t.T("store.cancelled")
	}
	return t.first(err, "store.unknown", []class{
		{profile.ErrLocked, "store.locked"},
		{profile.ErrUnavailable, "store.unavailable"},
		{profile.ErrTooBig, "store.too_big"},
		{profile.ErrDuplicate, "store.duplicate"},
		{profile.ErrNotFound, "store.not_found"},
		{profile.ErrIndex, "store.index"},
	})
}

// class is a kind of error and its text.
type class struct {
	err error
	key string
}

// first returns the text of the first class that err is of.
func (t *Texts) first(err error, otherwise string, classes []class) string {
	for _, c := range classes {
		if errors.Is(err, c.err) {
			return t.T(c.key)
		}
	}
	return t.T(otherwise)
}
