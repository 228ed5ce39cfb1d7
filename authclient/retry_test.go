package authclient_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"amarre/authclient"
)

// TestRetryAfter: an error has the time that the server asks to wait, in both forms that
// RFC 9110, section 10.2.3, allows.
func TestRetryAfter(t *testing.T) {
	for _, c := range []struct {
		name, header string
		status       int
		least, most  time.Duration
	}{
		{"seconds", "120", http.StatusTooManyRequests, 120 * time.Second, 120 * time.Second},
		{"date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), http.StatusServiceUnavailable, 59 * time.Minute, time.Hour},
		{"with a redirect", "5", http.StatusFound, 5 * time.Second, 5 * time.Second},
		{"past date", "Fri, 31 Dec 1999 23:59:59 GMT", http.StatusServiceUnavailable, 0, 0},
		{"none", "", http.StatusServiceUnavailable, 0, 0},
		{"negative", "-5", http.StatusServiceUnavailable, 0, 0},
		{"nonsense", "soon", http.StatusServiceUnavailable, 0, 0},
		{"huge", "99999999999999999999", http.StatusServiceUnavailable, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if c.header != "" {
					w.Header().Set("Retry-After", c.header)
				}
				w.WriteHeader(c.status)
			}))
			defer server.Close()
			address, err := authclient.ParseAddress(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			client := authclient.New(address, authclient.Options{})
			_, loginErr := client.Login(t.Context(), authclient.Credentials{PortCode: "MTP", ERPID: 15, Password: authclient.NewSecret("x")})
			_, accountErr := client.Account(t.Context(), authclient.NewSecret("TOKEN"))
			for call, err := range map[string]error{"login": loginErr, "account": accountErr} {
				var e *authclient.Error
				if !errors.As(err, &e) || e.RetryAfter < c.least || e.RetryAfter > c.most {
					t.Errorf("%s: %+v, want a wait of %s to %s", call, e, c.least, c.most)
				}
			}
		})
	}
}
