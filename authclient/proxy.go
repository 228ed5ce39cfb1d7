package authclient

import (
	"net/http"
	"net/url"

	"github.com/mattn/go-ieproxy"
)

// systemProxy returns the proxy of a request: that of HTTPS_PROXY and NO_PROXY if
// they are set, else that of Windows or macOS, and none for a loopback address. A
// proxy script may need the network, so the search ends with the request.
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
