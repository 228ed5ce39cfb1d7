// Package authtest is a stand-in for the Log@pass web service, for tests and for
// demo mode. It listens on a loopback port.
//
//	server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
//	…
//	defer server.Close()
//	address, err := authclient.ParseAddress(server.URL)
//	…
//	client := authclient.New(address, authclient.Options{})
//
// It answers POST /Auth/Login and GET /account with the documented bodies
// (docs/service.md, sections 1 and 2), and with oddities of the real API (section 3)
// where [Quirks] asks for them. An account keeps one token of 38 characters until
// the server is closed.
//
// In a release only demo mode uses this package.
package authtest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// DemoERPID and DemoPassword open every account of [DemoAccounts].
	DemoERPID    = 15
	DemoPassword = "FourniParDataComSys"
	// DemoPortCode is the port that demo mode suggests.
	DemoPortCode = "MTP"

	tokenLength = 38
	maxRequest  = 64 << 10 // of a header, and of a body
)

// Account is one port that one ERP may log in to. Its password opens nothing but
// the stand-in.
type Account struct {
	PortCode string
	PortName string
	ERPID    int64
	Password string
}

// DemoAccounts returns the accounts of demo mode: nine ports of one ERP.
func DemoAccounts() []Account {
	ports := [][2]string{
		{"MTP", "Port de Montpellier"},
		{"SET", "Port de Sète"},
		{"AGD", "Port du Cap d'Agde"},
		{"LGM", "Port de La Grande-Motte"},
		{"PCM", "Port Camargue"},
		{"GRU", "Port du Grau-du-Roi"},
		{"FRJ", "Port-Fréjus"},
		{"BDL", "Port de Bandol"},
		{"HYR", "Port d'Hyères"},
	}
	accounts := make([]Account, len(ports))
	for i, port := range ports {
		accounts[i] = Account{PortCode: port[0], PortName: port[1], ERPID: DemoERPID, Password: DemoPassword}
	}
	return accounts
}

// Quirks are oddities of the real API, each off unless asked for.
type Quirks struct {
	CodeNotStatus    bool          // the envelope says "code" instead of "status"
	EmptyStatus      bool          // the status in the envelope is ""
	StatusAsString   bool          // the status in the envelope is "200"
	DataArray        bool          // a refusal has "data": [] instead of null
	BOM              bool          // a byte order mark before the JSON
	Latin1           bool          // the body is ISO 8859-1
	MessageLineBreak bool          // msg ends in "\r\n"
	OtherPort        string        // /account answers every valid token with this port code
	NewTokenEachTime bool          // each login makes a new token, and the earlier one stops working
	OldTokensWork    bool          // with NewTokenEachTime, the earlier ones go on working
	AccountDown      bool          // /account answers 500
	LoginDown        bool          // /Auth/Login answers 500
	ServerPage       bool          // every answer is the web server's own HTML page, 503
	Echo             bool          // every answer is 500, and its message repeats the request and the header Authorization
	BasicAuth        bool          // every answer is 401 from a web server that wants Basic authentication
	RedirectTo       string        // every answer is 302 to this address
	Delay            time.Duration // before each answer
}

// Server is a running stand-in, made by [Start]. It is safe for concurrent use.
type Server struct {
	URL string // the address to give to authclient.New

	http    http.Server
	cancel  context.CancelFunc // ends the context of every request
	running sync.WaitGroup     // Serve, and each open connection

	mu       sync.Mutex
	accounts []Account
	quirks   Quirks
	tokens   map[Account][]string // the last one is the present one
	issued   map[string]string    // see Issued
	logins   int
	checks   int
}

// Start serves accounts on a free loopback port until [Server.Close].
func Start(accounts []Account, quirks Quirks) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the stand-in service: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{URL: "http://" + listener.Addr().String(), cancel: cancel, accounts: accounts, quirks: quirks, tokens: map[Account][]string{}, issued: map[string]string{}}
	s.http = http.Server{
		Handler:        http.HandlerFunc(s.answer),
		MaxHeaderBytes: maxRequest,
		BaseContext:    func(net.Listener) context.Context { return ctx },
		ConnState: func(conn net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				s.running.Add(1)
				if ctx.Err() != nil { // accepted while Close ran
					_ = conn.Close()
				}
			case http.StateClosed:
				s.running.Done()
			}
		},
	}
	s.running.Go(func() { _ = s.http.Serve(listener) }) // the error is ErrServerClosed
	return s, nil
}

// Close stops the server, drops its connections, and returns once no request is
// being answered any more.
func (s *Server) Close() {
	s.cancel()
	_ = s.http.Close()
	s.running.Wait()
}

// SetQuirks changes how the server answers from now on.
func (s *Server) SetQuirks(quirks Quirks) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quirks = quirks
}

// Logins returns how many requests reached /Auth/Login, including those that are
// not answered yet.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// Checks returns how many requests reached /account, as Logins does.
func (s *Server) Checks() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.checks
}

// Revoke makes the tokens of a port stop working. The next login makes a new one.
func (s *Server) Revoke(portCode string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for account := range s.tokens {
		if account.PortCode == portCode {
			delete(s.tokens, account)
		}
	}
}

// Issued returns the port code of every token that was ever given, by token.
func (s *Server) Issued() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.issued)
}

// answer answers a request as the service does.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "Bad Request", http.StatusBadRequest)
		return
	}
	call := r.Method + " " + r.URL.Path
	s.mu.Lock()
	quirks := s.quirks
	if call == "POST /Auth/Login" {
		s.logins++
	}
	s.mu.Unlock()
	if quirks.Delay > 0 {
		select {
		case <-time.After(quirks.Delay):
		case <-r.Context().Done():
			panic(http.ErrAbortHandler) // drops the connection without an answer
		}
	}
	switch {
	case quirks.RedirectTo != "":
		w.Header().Set("Location", quirks.RedirectTo)
		w.WriteHeader(http.StatusFound)
	case quirks.ServerPage:
		write(w, http.StatusServiceUnavailable, "text/html", "<html><body><h1>WebDev application server: stopped</h1></body></html>")
	case quirks.Echo:
		envelope(w, quirks, http.StatusInternalServerError, "Exception: "+r.Header.Get("Authorization")+string(body), nil)
	case quirks.BasicAuth:
		w.Header().Set("WWW-Authenticate", `Basic realm="intranet"`)
		write(w, http.StatusUnauthorized, "text/html", "<html><body>401 Authorization Required</body></html>")
	case call == "POST /Auth/Login":
		s.login(w, r, body, quirks)
	case call == "GET /account":
		s.account(w, r, quirks)
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) login(w http.ResponseWriter, r *http.Request, body []byte, quirks Quirks) {
	if quirks.LoginDown {
		envelope(w, quirks, http.StatusInternalServerError, "Erreur interne du service", nil)
		return
	}
	var asked struct {
		CodePort string `json:"codePort"`
		IDERP    int64  `json:"idERP"`
		Password string `json:"password"`
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if mediaType != "application/json" || dec.Decode(&asked) != nil {
		http.Error(w, "Bad Request", http.StatusBadRequest)
		return
	}
	for _, account := range s.accounts {
		if account.PortCode == asked.CodePort && account.ERPID == asked.IDERP && account.Password == asked.Password {
			envelope(w, quirks, http.StatusOK, "Authentification OK", map[string]string{"token": s.token(account, quirks)})
			return
		}
	}
	envelope(w, quirks, http.StatusUnauthorized, "Authenfication failed", nil)
}

func (s *Server) account(w http.ResponseWriter, r *http.Request, quirks Quirks) {
	s.mu.Lock()
	s.checks++
	s.mu.Unlock()
	if quirks.AccountDown {
		envelope(w, quirks, http.StatusInternalServerError, "Erreur interne du service", nil)
		return
	}
	given := r.Header.Get("Authorization")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, account := range s.accounts {
		if slices.Contains(s.tokens[account], given) {
			envelope(w, quirks, http.StatusOK, "ok", map[string]string{"portCode": cmp.Or(quirks.OtherPort, account.PortCode), "portName": account.PortName})
			return
		}
	}
	envelope(w, quirks, http.StatusUnauthorized, "Authenfication failed", nil)
}

// token returns the account's token, a new one the first time or when asked.
func (s *Server) token(account Account, quirks Quirks) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	tokens := s.tokens[account]
	if len(tokens) == 0 || quirks.NewTokenEachTime {
		if !quirks.OldTokensWork {
			tokens = nil
		}
		tokens = append(tokens, (rand.Text() + rand.Text())[:tokenLength])
		s.tokens[account] = tokens
		s.issued[tokens[len(tokens)-1]] = account.PortCode
	}
	return tokens[len(tokens)-1]
}

// envelope answers in the service's form. data is an object, or nil.
func envelope(w http.ResponseWriter, quirks Quirks, status int, msg string, data map[string]string) {
	name := "status"
	if quirks.CodeNotStatus {
		name = "code"
	}
	var stated any = status
	switch {
	case quirks.EmptyStatus:
		stated = ""
	case quirks.StatusAsString:
		stated = strconv.Itoa(status)
	}
	if quirks.MessageLineBreak {
		msg += "\r\n"
	}
	fields := map[string]any{name: stated, "msg": msg, "data": data}
	if data == nil && quirks.DataArray {
		fields["data"] = []string{}
	}
	encoded, _ := json.Marshal(fields) // numbers and strings cannot fail
	body, contentType := string(encoded), "application/json; charset=utf-8"
	if quirks.Latin1 {
		body, contentType = toLatin1(body), "application/json"
	}
	if quirks.BOM {
		body = "\ufeff" + body
	}
	write(w, status, contentType, body)
}

func write(w http.ResponseWriter, status int, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // the client may be gone
}

// toLatin1 encodes text as ISO 8859-1; what it lacks becomes "?".
func toLatin1(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r > 0xff {
			r = '?'
		}
		b.WriteByte(byte(r))
	}
	return b.String()
}
