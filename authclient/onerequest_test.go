package authclient_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"golang.org/x/net/http2"

	"amarre/authclient"
)

// TestOneCallIsOneRequest counts what a server gets from one call, for every way in which
// it can end a connection. net/http would send a request again that was refused.
func TestOneCallIsOneRequest(t *testing.T) {
	reset := func(code http2.ErrCode) func(*serverConn) {
		return func(c *serverConn) { c.check(c.WriteRSTStream(c.stream, code)) }
	}
	goAway := func(last uint32, code http2.ErrCode) func(*serverConn) {
		return func(c *serverConn) { c.check(c.WriteGoAway(last, code, []byte("later"))) }
	}
	closed := (*serverConn).close
	status := func(code string, fields ...string) func(*serverConn) {
		return func(c *serverConn) { c.answer(true, append([]string{":status", code}, fields...)...) }
	}
	const answer = "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n"
	for name, c := range map[string]ending{
		"HTTP/2, closed before the request":          {early: closed},
		"HTTP/2, GOAWAY before the request":          {early: goAway(0, http2.ErrCodeNo)},
		"HTTP/2, REFUSED_STREAM":                     {end: reset(http2.ErrCodeRefusedStream)},
		"HTTP/2, REFUSED_STREAM after the body":      {body: true, end: reset(http2.ErrCodeRefusedStream)},
		"HTTP/2, PROTOCOL_ERROR":                     {end: reset(http2.ErrCodeProtocol)},
		"HTTP/2, PROTOCOL_ERROR after the body":      {body: true, end: reset(http2.ErrCodeProtocol)},
		"HTTP/2, INTERNAL_ERROR":                     {body: true, end: reset(http2.ErrCodeInternal)},
		"HTTP/2, CANCEL":                             {body: true, end: reset(http2.ErrCodeCancel)},
		"HTTP/2, ENHANCE_YOUR_CALM":                  {body: true, end: reset(http2.ErrCodeEnhanceYourCalm)},
		"HTTP/2, GOAWAY with the last stream 0":      {end: goAway(0, http2.ErrCodeNo)},
		"HTTP/2, GOAWAY 0 after the body":            {body: true, end: goAway(0, http2.ErrCodeNo)},
		"HTTP/2, GOAWAY with an error":               {body: true, end: goAway(0, http2.ErrCodeEnhanceYourCalm)},
		"HTTP/2, GOAWAY for this stream, closed":     {body: true, end: func(c *serverConn) { goAway(c.stream, http2.ErrCodeNo)(c); closed(c) }},
		"HTTP/2, graceful shutdown":                  {body: true, end: func(c *serverConn) { goAway(1<<31-1, http2.ErrCodeNo)(c); goAway(0, http2.ErrCodeNo)(c) }},
		"HTTP/2, closed after the header":            {end: closed},
		"HTTP/2, closed after the body":              {body: true, end: closed},
		"HTTP/2, closed after the answer's header":   {body: true, end: func(c *serverConn) { c.answer(false, ":status", "200"); closed(c) }},
		"HTTP/2, reset of the connection":            {body: true, end: (*serverConn).abort},
		"HTTP/2, REFUSED_STREAM after an early hint": {body: true, end: func(c *serverConn) { c.answer(false, ":status", "103"); reset(http2.ErrCodeRefusedStream)(c) }},
		"HTTP/2, 307":                                {body: true, end: status("307", "location", "/Auth/Login")},
		"HTTP/2, 308":                                {body: true, end: status("308", "location", "/Auth/Login")},
		"HTTP/2, 401":                                {body: true, end: status("401", "www-authenticate", "Basic")},
		"HTTP/2, 408":                                {body: true, end: status("408")},
		"HTTP/2, 421":                                {body: true, end: status("421")},
		"HTTP/2, 425":                                {body: true, end: status("425")},
		"HTTP/2, 429":                                {body: true, end: status("429", "retry-after", "0")},
		"HTTP/2, 503":                                {body: true, end: status("503", "retry-after", "0")},
		"HTTP/1.1, closed before the request":        {http1: true, early: closed},
		"HTTP/1.1, closed after the header":          {http1: true, end: closed},
		"HTTP/1.1, closed after the body":            {http1: true, body: true, end: closed},
		"HTTP/1.1, reset of the connection":          {http1: true, body: true, end: (*serverConn).abort},
		"HTTP/1.1, closed within the answer":         {http1: true, body: true, end: func(c *serverConn) { c.write("HTTP/1.1 200 OK\r\nContent-Le"); closed(c) }},
		"HTTP/1.1, closed within the answer's body":  {http1: true, body: true, end: func(c *serverConn) { c.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"); closed(c) }},
		"HTTP/1.1, 100 and closed":                   {http1: true, end: func(c *serverConn) { c.write("HTTP/1.1 100 Continue\r\n\r\n"); closed(c) }},
		"HTTP/1.1, 307":                              {http1: true, body: true, end: func(c *serverConn) { c.write("HTTP/1.1 307 T\r\nLocation: /\r\nContent-Length: 0\r\n\r\n") }},
		"HTTP/1.1, 308":                              {http1: true, body: true, end: func(c *serverConn) { c.write("HTTP/1.1 308 P\r\nLocation: /\r\nContent-Length: 0\r\n\r\n") }},
		"HTTP/1.1, 408":                              {http1: true, body: true, end: func(c *serverConn) { c.write(fmt.Sprintf(answer, "408 Request Timeout")) }},
		"HTTP/1.1, 421":                              {http1: true, body: true, end: func(c *serverConn) { c.write(fmt.Sprintf(answer, "421 Misdirected Request")) }},
		"HTTP/1.1, 503":                              {http1: true, body: true, end: func(c *serverConn) { c.write("HTTP/1.1 503 S\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n") }},
	} {
		for method, call := range calls {
			t.Run(name+", "+method, func(t *testing.T) {
				t.Parallel()
				server := c.start(t)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				server.again = cancel
				err := call(ctx, newClient(t, server.url, authclient.Options{RootCAs: server.pool}))
				if outcome := authclient.OutcomeOf(err); err == nil || outcome == authclient.OutcomeCancelled || outcome == authclient.OutcomeTimeout || outcome == authclient.OutcomeRefused {
					t.Errorf("the call ended with %v", err)
				}
				server.close()
				want := []string{method}
				if c.early != nil {
					want = nil // the connection was over before
				}
				if len(server.connections) != 1 || !slices.Equal(server.methods, want) {
					t.Errorf("%d connections with the requests %v, want one with %v", len(server.connections), server.methods, want)
				}
			})
		}
	}
}

// TestOneCallIsOneRequestThroughAProxy: a request that came through a tunnel and was
// refused is not sent again, and it is not the proxy that refused it.
func TestOneCallIsOneRequestThroughAProxy(t *testing.T) {
	for method, call := range calls {
		t.Run(method, func(t *testing.T) {
			server := ending{body: true, end: func(c *serverConn) { c.check(c.WriteRSTStream(c.stream, http2.ErrCodeRefusedStream)) }}.start(t)
			proxy, _ := startTunnel(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			server.again = cancel
			err := call(ctx, newClient(t, server.url, authclient.Options{RootCAs: server.pool, Proxy: http.ProxyURL(proxy)}))
			if got := authclient.OutcomeOf(err); got != authclient.OutcomeUnreachable {
				t.Errorf("outcome is %s (%v), want unreachable", got, err)
			}
			server.close()
			if len(server.connections) != 1 || len(server.methods) != 1 {
				t.Errorf("%d connections with the requests %v, want one", len(server.connections), server.methods)
			}
		})
	}
}

// TestConcurrentCallsOverHTTP2: each of several calls of one client has a connection of its
// own.
func TestConcurrentCallsOverHTTP2(t *testing.T) {
	cert, pool := certificate(t, func(*x509.Certificate) {})
	const calls = 20
	var arrived sync.WaitGroup
	arrived.Add(calls)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived.Done()
		arrived.Wait() // every call is open at the same time
		_, _ = io.WriteString(w, `{"status":200,"msg":"","data":{"token":"T"}}`)
	}))
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.StartTLS()
	defer server.Close()
	client := newClient(t, server.URL, authclient.Options{RootCAs: pool})
	var group sync.WaitGroup
	for range calls {
		group.Go(func() {
			if _, err := client.Login(t.Context(), testCredentials); err != nil {
				t.Error(err)
				arrived.Done()
			}
		})
	}
	group.Wait()
}

// TestKeptAliveConnectionIsNotUsedAgain: a server that keeps its connections open and drops
// them at the second request gets one request on each.
func TestKeptAliveConnectionIsNotUsedAgain(t *testing.T) {
	for _, http1 := range []bool{true, false} {
		server := ending{http1: http1, body: true, end: func(c *serverConn) {
			const body = `{"status":200,"msg":"","data":{"token":"T","portCode":"MTP"}}`
			if !http1 {
				c.answer(false, ":status", "200")
				c.check(c.WriteData(c.stream, true, []byte(body)))
				return
			}
			c.write(fmt.Sprintf("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
		}}.start(t)
		server.again = func() {} // the second call
		client := newClient(t, server.url, authclient.Options{RootCAs: server.pool})
		for _, call := range calls {
			if err := call(t.Context(), client); err != nil {
				t.Error(err)
			}
		}
		server.close()
		if len(server.connections) != len(calls) || len(server.methods) != len(calls) {
			t.Errorf("%d connections with the requests %v, want %d of each", len(server.connections), server.methods, len(calls))
		}
	}
}

// calls are the calls of a client, each with the method of its request.
var calls = map[string]func(context.Context, *authclient.Client) error{
	http.MethodPost: func(ctx context.Context, client *authclient.Client) error {
		_, err := client.Login(ctx, testCredentials)
		return err
	},
	http.MethodGet: func(ctx context.Context, client *authclient.Client) error {
		_, err := client.Account(ctx, authclient.NewSecret(testToken))
		return err
	},
}
