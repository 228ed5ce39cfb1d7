package authclient

import (
	"context"
	"errors"
	"fmt"
)

// Outcome is how a call ended: the one small set that every caller switches
// over. The words are stable; the command line prints them.
type Outcome string

const (
	// OutcomeToken: the service gave a token, or accepted the one it was shown.
	OutcomeToken Outcome = "token"
	// OutcomeRefused: the service itself said 401 (to Account also 403). At
	// login this means port code OR ERP ID OR password, and nobody is told which.
	OutcomeRefused Outcome = "refused"
	// OutcomeServiceError: the service is there and cannot answer now (5xx, 429).
	OutcomeServiceError Outcome = "service-error"
	// OutcomeNotTheService: something answered, in a way that the service does not.
	OutcomeNotTheService Outcome = "not-the-service"
	// OutcomeRedirected: the answer points somewhere else, where nothing was sent.
	OutcomeRedirected Outcome = "redirected"
	// OutcomeUnreachable: no connection, or one that was cut before an answer.
	OutcomeUnreachable Outcome = "unreachable"
	// OutcomeTimeout: no whole answer within the deadline.
	OutcomeTimeout Outcome = "timeout"
	// OutcomeTLS: the identity of the server could not be established.
	OutcomeTLS Outcome = "tls"
	// OutcomeProxy: the proxy, not the service, stopped the call.
	OutcomeProxy Outcome = "proxy"
	// OutcomeCancelled: the caller's context was cancelled.
	OutcomeCancelled Outcome = "cancelled"
)

// Outcomes lists every outcome.
func Outcomes() []Outcome {
	return []Outcome{
		OutcomeToken, OutcomeRefused, OutcomeServiceError, OutcomeNotTheService, OutcomeRedirected,
		OutcomeUnreachable, OutcomeTimeout, OutcomeTLS, OutcomeProxy, OutcomeCancelled,
	}
}

// TLSReason says why the identity of a server could not be established.
type TLSReason string

const (
	TLSExpired   TLSReason = "expired"    // the certificate's dates do not hold now
	TLSWrongHost TLSReason = "wrong-host" // the certificate is for another name
	TLSUntrusted TLSReason = "untrusted"  // no trusted authority signed it
	// TLSSelfSigned: nobody but the server itself signed it.
	TLSSelfSigned TLSReason = "self-signed"
	TLSProtocol   TLSReason = "protocol" // no TLS 1.2 or newer, or no TLS at all
)

// Error is what a call returns when it has no token. Its text is for
// developers and holds no secret and no URL; the sentence for the user is made
// from the fields, in one place, by the caller.
type Error struct {
	Outcome    Outcome
	HTTPStatus int       // 0 where no answer arrived
	Message    string    // what the server says of itself, made safe to show; "" with OutcomeRefused
	Target     string    // OutcomeRedirected: the host that the answer points to, may be ""
	TLS        TLSReason // OutcomeTLS
	Issuer     string    // OutcomeTLS: who signed the certificate, made safe to show, may be ""

	op  string // "login" or "account"
	err error  // the cause, without URL
}

// Error returns the operation, the outcome and the cause.
func (e *Error) Error() string {
	text := e.op + ": " + string(e.Outcome)
	if e.HTTPStatus != 0 && e.Outcome != OutcomeRefused {
		text += fmt.Sprintf(" (HTTP %d)", e.HTTPStatus)
	}
	if e.err != nil {
		text += ": " + e.err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.err }

// OutcomeOf returns the outcome of a call from the error that it returned:
// [OutcomeToken] for nil. An error that is not of this package is a context's
// end or a failure before anything was sent; the latter is OutcomeUnreachable.
func OutcomeOf(err error) Outcome {
	var e *Error
	switch {
	case err == nil:
		return OutcomeToken
	case errors.As(err, &e):
		return e.Outcome
	case errors.Is(err, context.Canceled):
		return OutcomeCancelled
	case errors.Is(err, context.DeadlineExceeded):
		return OutcomeTimeout
	default:
		return OutcomeUnreachable
	}
}
