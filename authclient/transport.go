package authclient

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
)

// This file makes the transport of a request, and classifies the errors of requests that got
// no answer.

// errNotAgain means that net/http asked for a second connection, to send a request again
// that the server refused on the first.
var errNotAgain = errors.New("the server ended the connection; a request is sent only once")

// transportOn returns the transport of one request on a connection that is open. A bare
// transport keeps no cookies and does not follow redirects: neither password nor token may
// reach a second server.
//
// The connection takes one request. Otherwise net/http would send a request over HTTP/2 again
// and again, on new connections, if the server answers it with REFUSED_STREAM or GOAWAY.
func transportOn(conn net.Conn) *http.Transport {
	var taken atomic.Bool
	once := func(context.Context, string, string) (net.Conn, error) {
		if taken.Swap(true) {
			return nil, errNotAgain
		}
		return conn, nil
	}
	return &http.Transport{
		DialContext:            once,
		DialTLSContext:         once,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: maxHeader,
		DisableKeepAlives:      true,
	}
}

// http2Reset is the shape of net/http's error for a stream that the server reset, which
// errors.As converts (golang/go#53896).
type http2Reset struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e http2Reset) Error() string { return "the server reset the stream" }

// wantsHTTP1 reports whether a server refused a request because it is over HTTP/2
// (HTTP_1_1_REQUIRED: RFC 9113, sections 7 and 8.7). It did not process it.
func wantsHTTP1(err error) bool {
	var reset http2Reset
	return errors.As(err, &reset) && reset.Code == 0xd
}

// requestError returns the error of a request on an open connection, or of reading its
// answer. answered says whether a first byte of an answer came.
func (o *opening) requestError(ctx context.Context, err error, answered bool) *Error {
	e := o.fail(OutcomeUnreachable, "", err)
	e.sent = !o.this.sent.IsZero()
	if o.this.echoes(err.Error()) {
		e.err = errEcho // net/http cites what is not HTTP
	}
	switch {
	case e.Outcome == OutcomeCancelled:
	case errors.Is(err, errNotAgain), isClosed(err):
		e.Reason = ReasonClosed
	case ctx.Err() != nil, isSilence(err):
		e.Outcome, e.Reason = OutcomeTimeout, ReasonNoAnswer
	case isTLS(err): // TLS 1.3 asks for the client's certificate after the handshake
		classifyTLS(o.this, err, o.demanded, e)
	case answered:
		e.Outcome, e.Reason = OutcomeNotTheService, ReasonNoise // not HTTP, or a body that contradicts the header
	}
	return e
}
