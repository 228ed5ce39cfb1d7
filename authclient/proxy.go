package authclient

import (
	"net/http"
	"net/url"

	"github.com/mattn/go-ieproxy"
)

// systemProxy chooses the proxy of a request: HTTPS_PROXY and NO_PROXY where they
// are set, else what Windows or macOS is set to. A loopback address never has
// one. Finding a proxy by script may take as long as a network call, so it ends
// with the request.
func systemProxy(req *http.Request) (*url.URL, error) {
	if isLoopback(req.URL.Hostname()) {
		return nil, nil
	}
	type result struct {
		proxy *url.URL
		err   error
	}
	found := make(chan result, 1)
	go func() {
		proxy, err := ieproxy.GetProxyFunc()(req)
		found <- result{proxy, err}
	}()
	select {
	case r := <-found:
		return r.proxy, r.err
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}
