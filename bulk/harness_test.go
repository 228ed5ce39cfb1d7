package bulk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amarre/authclient"
	"amarre/bulk"
	"amarre/internal/keyring"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/profile/profiletest"
)

// service is a stand-in for the web service that answers what a test says for a port, at
// login or at /account; else as it should.
type service struct {
	URL string

	mu       sync.Mutex
	login    map[string]http.HandlerFunc
	account  map[string]http.HandlerFunc
	tokens   map[string]string // of a port, in place of the usual one
	calls    []string          // "login SET", "account SET"
	running  int
	together int // the most calls at a time
}

const canaryPassword = "Canari-Mot-De-Passe"

func tokenOf(port string) string { return "CANARI-JETON-" + port + "-0000000000000000000000" }

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		CodePort string
		Password string
	}
	what, port := "login", ""
	if strings.HasSuffix(r.URL.Path, "/account") {
		what, port = "account", strings.Split(r.Header.Get("Authorization")+"--", "-")[2]
	} else if json.NewDecoder(r.Body).Decode(&asked) == nil {
		port = asked.CodePort
	}
	s.mu.Lock()
	s.calls = append(s.calls, what+" "+port)
	answer := map[string]map[string]http.HandlerFunc{"login": s.login, "account": s.account}[what][port]
	token := tokenOf(port)
	if other := s.tokens[port]; other != "" {
		token = other
	}
	s.running++
	s.together = max(s.together, s.running)
	s.mu.Unlock()
	defer func() { s.mu.Lock(); s.running--; s.mu.Unlock() }()
	switch {
	case answer != nil:
		answer(w, r)
	case what == "login" && asked.Password == canaryPassword:
		fmt.Fprintf(w, `{"status":200,"msg":"ok","data":{"token":%q}}`, token)
	case what == "account" && strings.HasPrefix(r.Header.Get("Authorization"), "CANARI-JETON-"):
		fmt.Fprintf(w, `{"status":200,"msg":"ok","data":{"portCode":%q,"portName":%q}}`, port, "Port "+port)
	default:
		status(401)(w, r)
	}
}

// status answers with an HTTP status, as the service does, and headers: "Retry-After: 30".
func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"status":%d,"msg":"Authenfication failed","data":null}`, code)
	}
}

func (s *service) count(call string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, each := range s.calls {
		if strings.HasPrefix(each, call) {
			n++
		}
	}
	return n
}

// harness is a run's dependencies: a service, a keyring in memory, a clock that only sleeping
// moves.
type harness struct {
	t       testing.TB
	service *service
	ring    *profiletest.Ring
	store   *profile.Store
	deps    bulk.Deps

	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newHarness(t *testing.T) *harness {
	t.Helper()
	s := &service{login: map[string]http.HandlerFunc{}, account: map[string]http.HandlerFunc{}, tokens: map[string]string{}}
	s.URL = newServer(t, s.ServeHTTP)
	return newHarnessFor(t, s)
}

// newServer returns the address of a server that ends with the test.
func newServer(t testing.TB, handler http.HandlerFunc) string {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func newHarnessFor(t testing.TB, s *service) *harness {
	h := &harness{t: t, service: s, ring: &profiletest.Ring{}, now: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)}
	h.store = profile.Open(profile.Options{Dir: t.TempDir(), Keyring: h.ring})
	t.Cleanup(h.store.Close)
	h.deps = bulk.Deps{
		Store: h.store,
		Client: func(a authclient.Address) (*authclient.Client, error) {
			return authclient.New(a, authclient.Options{}), nil
		},
		Pace: bulk.NewPace(settings.DefaultPause),
		Now:  func() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.now },
		Sleep: func(_ context.Context, d time.Duration) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.now, h.slept = h.now.Add(d), append(h.slept, d)
		},
	}
	return h
}

// later moves the clock.
func (h *harness) later(d time.Duration) { h.deps.Sleep(context.Background(), d) }

// rows reviews a list of port codes, or of lines of CSV.
func (h *harness) rows(list string) []bulk.Reviewed {
	h.t.Helper()
	table, err := bulk.Read([]byte(list))
	if err != nil {
		h.t.Fatal(err)
	}
	saved, err := h.store.List()
	if err != nil && !profile.NeedsRebuild(err) {
		h.t.Fatal(err)
	}
	return bulk.Review(table.Rows(), bulk.Identity{Service: h.service.URL, ERPID: "15", Password: authclient.NewSecret(canaryPassword)}, saved)
}

// save saves a profile with the usual token of its port, or with another.
func (h *harness) save(port string, token ...string) profile.Profile {
	h.t.Helper()
	secrets := profile.Secrets{Token: authclient.NewSecret(append(token, tokenOf(port))[0])}
	return profiletest.Save(h.t, h.store, profile.Profile{Name: "Port " + port, Service: h.service.URL, PortCode: port, ERPID: 15}, secrets)
}

// token returns the token that is saved for a port.
func (h *harness) token(port string) string {
	h.t.Helper()
	list, err := h.store.List()
	if err != nil {
		h.t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(p profile.Profile) bool { return p.PortCode == port })
	if i < 0 {
		return ""
	}
	secrets, err := h.store.Load(h.t.Context(), list[i])
	if err != nil {
		h.t.Fatal(err)
	}
	return secrets.Token.Reveal()
}

// states returns the states of the lines of a run.
func states(r *bulk.Run) string {
	var all []string
	for _, line := range r.Lines() {
		all = append(all, line.Profile.PortCode+" "+string(line.State))
	}
	return strings.Join(all, ", ")
}

// run does a run until it stops, and checks why, and the states then.
func (h *harness) run(r *bulk.Run, reason bulk.Reason, want string) bulk.Stop {
	h.t.Helper()
	stop := r.Go(h.t.Context())
	if stop.Reason != reason {
		h.t.Errorf("it stopped for %q, want %q (%+v)", stop.Reason, reason, stop)
	}
	if got := states(r); got != want {
		h.t.Errorf("the lines are\n%s, want\n%s", got, want)
	}
	return stop
}

var errLocked = &keyring.Error{Class: keyring.ClassLocked, Op: "test"}
