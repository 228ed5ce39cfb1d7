package authclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
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
	// OutcomeServiceError: the service cannot answer now (500, 502, 503, 504, 429, or any
	// other 5xx in its own form).
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

// Reason says more about an outcome: what went wrong, so that the right person is asked. A
// reason belongs to one outcome, but where it says otherwise.
type Reason string

// Reasons of OutcomeTLS.
const (
	ReasonExpired           Reason = "expired"             // the certificate is expired
	ReasonNotYetValid       Reason = "not-yet-valid"       // it is valid from a later date, or this computer's clock is slow
	ReasonWrongHost         Reason = "wrong-host"          // it is for another name
	ReasonNoNames           Reason = "no-names"            // it has a common name alone, which no client reads any more
	ReasonUntrusted         Reason = "untrusted"           // no trusted authority signed it
	ReasonIncomplete        Reason = "incomplete-chain"    // the server sent it without the certificate that signed it
	ReasonSelfSigned        Reason = "self-signed"         // the server signed it itself
	ReasonWeakSignature     Reason = "weak-signature"      // signed with SHA-1 or MD5
	ReasonWeakKey           Reason = "weak-key"            // RSA below 2,048 bits
	ReasonWrongUse          Reason = "wrong-use"           // not for servers
	ReasonUnreadable        Reason = "unreadable"          // it cannot be parsed
	ReasonRule              Reason = "rule"                // the chain breaks a rule: see Error.Rule
	ReasonClientCertificate Reason = "client-certificate"  // the server asks for a certificate of the client
	ReasonUnknownServerName Reason = "unknown-server-name" // the server has no such name (unrecognized_name)
	ReasonOutdated          Reason = "outdated"            // the server has TLS 1.1 or older, or only ciphers that are given up
	ReasonProtocol          Reason = "protocol"            // no TLS at all, or another error of it
)

// Reasons of OutcomeUnreachable; the first three also of OutcomeProxy, for the name of the
// proxy.
const (
	ReasonNameUnknown     Reason = "unknown-name"     // Error.Host is not known
	ReasonNameSilent      Reason = "silent-names"     // the name server does not answer
	ReasonNameFailed      Reason = "failing-names"    // the name server cannot say
	ReasonRefused         Reason = "refused"          // nothing listens at the port
	ReasonHandshakeClosed Reason = "handshake-closed" // closed or reset in the TLS handshake
	ReasonClosed          Reason = "closed"           // closed or reset before the end of the answer
)

// Reasons of OutcomeTimeout.
const (
	ReasonNoConnection Reason = "no-connection" // the host does not answer at all
	ReasonNoHandshake  Reason = "no-handshake"  // silence in the TLS handshake
	ReasonNoAnswer     Reason = "no-answer"     // silence after it
)

// Reasons of OutcomeProxy.
const (
	ReasonProxyAddress         Reason = "address"          // its address cannot be read: see Error.ProxyFrom
	ReasonProxyUnreachable     Reason = "unreachable"      // no connection to it
	ReasonProxySilent          Reason = "silent"           // it was reached and gave no answer
	ReasonProxyOther           Reason = "other-protocol"   // it is not a proxy of this kind
	ReasonProxyTLS             Reason = "tls"              // its own certificate
	ReasonProxyPasswordMissing Reason = "password-missing" // it asks for credentials: see Error.Schemes
	ReasonProxyPasswordWrong   Reason = "password-wrong"   // it does not accept those of its address
	ReasonProxySchemes         Reason = "schemes"          // it offers no scheme that Amarre has
	ReasonProxyForbidden       Reason = "forbidden"        // it forbids the connection
	ReasonProxyGateway         Reason = "gateway"          // it cannot reach the service
	ReasonProxyRefused         Reason = "refused-tunnel"   // any other answer
	ReasonProxyPage            Reason = "page"             // it answered in the service's place: see Error.Answered
)

// Reasons of OutcomeNotTheService.
const (
	ReasonPortal Reason = "portal" // HTTP 511 (RFC 6585, section 6); also of OutcomeProxy
	ReasonNoise  Reason = "noise"  // not HTTP, or an answer that contradicts itself
)

// Reasons returns the reasons of each outcome, besides "".
func Reasons() map[Outcome][]Reason {
	names := []Reason{ReasonNameUnknown, ReasonNameSilent, ReasonNameFailed}
	return map[Outcome][]Reason{
		OutcomeTLS: {
			ReasonExpired, ReasonNotYetValid, ReasonWrongHost, ReasonNoNames, ReasonUntrusted, ReasonIncomplete, ReasonSelfSigned,
			ReasonWeakSignature, ReasonWeakKey, ReasonWrongUse, ReasonUnreadable, ReasonRule, ReasonClientCertificate,
			ReasonUnknownServerName, ReasonOutdated, ReasonProtocol,
		},
		OutcomeUnreachable: append(slices.Clone(names), ReasonRefused, ReasonHandshakeClosed, ReasonClosed),
		OutcomeTimeout:     {ReasonNoConnection, ReasonNoHandshake, ReasonNoAnswer},
		OutcomeProxy: append(slices.Clone(names),
			ReasonProxyAddress, ReasonProxyUnreachable, ReasonProxySilent, ReasonProxyOther, ReasonProxyTLS, ReasonProxyPasswordMissing,
			ReasonProxyPasswordWrong, ReasonProxySchemes, ReasonProxyForbidden, ReasonProxyGateway, ReasonProxyRefused, ReasonProxyPage, ReasonPortal),
		OutcomeNotTheService: {ReasonPortal, ReasonNoise},
	}
}

// Rules returns the rules that a chain of certificates may break.
func Rules() []Rule {
	return []Rule{RuleNames, RulePathLength, RuleAuthority, RuleExtension, RuleSignatures, RuleOther}
}

// Error is the error of a call. Its text is for developers and has no secret and no
// URL; make the message for a user from the fields.
type Error struct {
	Outcome    Outcome
	Reason     Reason        // "" if nothing more is known
	Step       Step          // the step that failed, or ""
	HTTPStatus int           // 0 without an answer
	RetryAfter time.Duration // how long the server asks to wait, or 0

	// What follows comes from the network and is safe to show; "" where it does not apply.
	Message   string      // the server's own text; "" with OutcomeRefused, or if it repeats what was sent
	Target    string      // OutcomeRedirected: where to, without query and user
	Host      string      // the name that was looked up or connected to
	Subject   string      // OutcomeTLS: the name in the certificate
	Issuer    string      // OutcomeTLS: who signed the certificate
	Rule      Rule        // ReasonRule
	Answered  string      // ReasonProxyPage: who answered, as it calls itself
	ProxyHost string      // host and port of the proxy, if there is one
	ProxyFrom ProxySource // where its address was found
	Schemes   []string    // OutcomeProxy: the schemes of authentication that the proxy offers

	op   string // "login", "account" or "diagnose"
	err  error  // the cause, without a URL
	sent bool   // a secret
}

// MayHaveSent reports whether the password or token of the call may have left this computer.
func (e *Error) MayHaveSent() bool { return e.sent }

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
