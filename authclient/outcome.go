package authclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Outcome is how a call ended. The values are stable; the command line prints them.
type Outcome string

const (
	// OutcomeToken: the service returned a token, or accepted the given one.
	OutcomeToken Outcome = "token"
	// OutcomeRefused: the service itself answered 401 (to Account also 403). At
	// login the port code, the ERP ID or the password is wrong; it does not say which.
	OutcomeRefused Outcome = "refused"
	// OutcomeServiceError: the service cannot answer now (5xx, 429).
	OutcomeServiceError Outcome = "service-error"
	// OutcomeNotTheService: the answer is not one of the service.
	OutcomeNotTheService Outcome = "not-the-service"
	// OutcomeRedirected: the answer is a redirect, which was not followed.
	OutcomeRedirected Outcome = "redirected"
	// OutcomeUnreachable: no connection, or it was closed before the end of the answer.
	OutcomeUnreachable Outcome = "unreachable"
	// OutcomeTimeout: no complete answer within the deadline.
	OutcomeTimeout Outcome = "timeout"
	// OutcomeTLS: the server's identity could not be verified.
	OutcomeTLS Outcome = "tls"
	// OutcomeProxy: the proxy refused, could not be reached, or its address cannot be read.
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

// TLSReason says why a server's identity could not be verified.
type TLSReason string

const (
	TLSExpired    TLSReason = "expired"     // the certificate is expired or not yet valid
	TLSWrongHost  TLSReason = "wrong-host"  // the certificate is for another name
	TLSUntrusted  TLSReason = "untrusted"   // no trusted authority signed it
	TLSSelfSigned TLSReason = "self-signed" // the server signed it itself
	TLSProtocol   TLSReason = "protocol"    // no TLS 1.2 or newer, or no TLS at all
)

// Error is the error of a call. Its text is for developers and has no secret and no
// URL; make the message for a user from the fields.
type Error struct {
	Outcome    Outcome
	HTTPStatus int           // 0 without an answer
	RetryAfter time.Duration // how long the server asks to wait, or 0
	Message    string        // the server's own text, safe to show; "" with OutcomeRefused, or if it repeats what was sent
	Target     string        // OutcomeRedirected: the host of the redirect, or ""
	TLS        TLSReason     // OutcomeTLS
	Issuer     string        // OutcomeTLS: who signed the certificate, safe to show, or ""

	// OutcomeProxy: where the address of the proxy is that cannot be read; else "".
	ProxyFrom ProxySource

	op  string // "login", "account" or "diagnose"
	err error  // the cause, without a URL
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

// OutcomeOf returns the outcome of a call from its error: [OutcomeToken] for nil,
// that of an [*Error], and for any other error OutcomeCancelled or OutcomeTimeout
// if it is a context's, else OutcomeUnreachable.
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

// retryAfter returns how long the header of an answer asks to wait; 0 if it does not, or
// asks for nonsense.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(date))
	}
	return 0
}
