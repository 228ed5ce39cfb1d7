package ui

import (
	"context"
	"errors"

	"amarre/authclient"
	"amarre/profile"
)

// This file is the one place where an error becomes a sentence. Nothing but a
// refusal by the service itself is a verdict; every other sentence says that
// nothing was verified, and what to try.

// loginSentence says why a login has neither a token nor a refusal.
func (w *Window) loginSentence(err error) string { return w.sentence(err, "outcome.credentials") }

// checkSentence says why a token could not be checked.
func (w *Window) checkSentence(err error) string { return w.sentence(err, "outcome.token") }

func (w *Window) sentence(err error, unverified string) string {
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
	text := w.t.T("outcome.sentence", "What", w.t.T(key, pairs...), "Unverified", w.t.T(unverified), "Try", w.t.T(key+".try"))
	if e.Message != "" {
		text += "\n" + w.t.T("outcome.message", "Message", e.Message)
	}
	return text
}

// storeSentence says why the keyring or the list did not do what was asked.
func (w *Window) storeSentence(err error) string {
	if errors.Is(err, context.Canceled) && !errors.Is(err, profile.ErrUnknown) {
		return w.t.T("store.cancelled")
	}
	for _, c := range []struct {
		class error
		key   string
	}{
		{profile.ErrLocked, "store.locked"},
		{profile.ErrUnavailable, "store.unavailable"},
		{profile.ErrUnknown, "store.unknown"},
		{profile.ErrTooBig, "store.too_big"},
		{profile.ErrDuplicate, "store.duplicate"},
		{profile.ErrNotFound, "store.not_found"},
		{profile.ErrIndex, "store.index"},
	} {
		if errors.Is(err, c.class) {
			return w.t.T(c.key)
		}
	}
	return w.t.T("store.unknown")
}
