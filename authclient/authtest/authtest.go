// Package authtest is a stand-in for the Log@pass web service, as
// net/http/httptest is one for a server. Demo mode and every test talk to it
// over a real loopback socket.
//
//	server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
//	…
//	defer server.Close()
//	client, err := authclient.New(server.URL, authclient.Options{})
//
// It answers POST /Auth/Login and GET /account with the documented bodies
// (service.md, sections 1 and 2), and with the oddities of the real API where a
// [Quirks] asks for them (section 3). Each account has one token for as long as
// the server runs: 38 characters, as in the documented example.
//
// Nothing in a release may import this package but demo mode.
package authtest

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
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
)

// Account is one port that one ERP may log in to. Its password is no secret: it
// exists only in the stand-in.
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
	AccountDown      bool          // /account answers 500
	LoginDown        bool          // /Auth/Login answers 500
	ServerPage       bool          // every answer is the web server's own HTML page, 503
	BasicAuth        bool          // every answer is 401 from a web server that wants Basic authentication
	RedirectTo       string        // every answer is 302 to this address
	Delay            time.Duration // before each answer
}

// Server is a running stand-in. [Start] makes one; it may be used by several
// goroutines at once.
//
// It answers one request a connection and reads what net/http reads. It is not an
// [http.Server]: that one, with its HTTP/2 and its TLS, would make every released
// program 0.7 MB larger for the sake of demo mode.
type Server struct {
	URL string // the address to give to authclient.New

	listener net.Listener
	ctx      context.Context // ends with Close
	cancel   context.CancelFunc
	running  sync.WaitGroup

	mu       sync.Mutex
	accounts []Account
	quirks   Quirks
	tokens   map[string]string // account key → token
	logins   int
}

// Start serves accounts on a free loopback port until [Server.Close].
func Start(accounts []Account, quirks Quirks) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the stand-in service: %w", err)
	}
	s := &Server{
		URL:      "http://" + listener.Addr().String(),
		listener: listener,
		accounts: accounts,
		quirks:   quirks,
		tokens:   map[string]string{},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.running.Go(func() {
		for {
			conn, err := listener.Accept()
			switch {
			case errors.Is(err, net.ErrClosed):
				return
			case err != nil: // no descriptor is free, for a moment
				time.Sleep(5 * time.Millisecond)
			default:
				s.running.Go(func() { s.serve(conn) })
			}
		}
	})
	return s, nil
}

// Close stops the server, drops its connections, and returns when nothing of it runs.
func (s *Server) Close() {
	s.cancel()
	_ = s.listener.Close()
	s.running.Wait()
}

// serve answers the request on a connection, and closes it. A request that is not
// one, or too long, gets no answer.
func (s *Server) serve(conn net.Conn) {
	const maxRequest = 64 << 10
	defer conn.Close()
	defer context.AfterFunc(s.ctx, func() { _ = conn.Close() })()
	r, err := http.ReadRequest(bufio.NewReader(io.LimitReader(conn, maxRequest)))
	if err != nil {
		return
	}
	body, err := io.ReadAll(r.Body) // what is left unread would cut the answer off
	if err != nil {
		return
	}
	sent := s.answer(r, body)
	if s.ctx.Err() != nil {
		return
	}
	response := http.Response{
		StatusCode: sent.status, ProtoMajor: 1, ProtoMinor: 1, Request: r, Close: true,
		Header: sent.header, Body: io.NopCloser(strings.NewReader(sent.body)), ContentLength: int64(len(sent.body)),
	}
	_ = response.Write(conn)
}

// SetQuirks changes how the server answers from now on.
func (s *Server) SetQuirks(quirks Quirks) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quirks = quirks
}

// Logins returns how many requests reached /Auth/Login, those included that are not
// answered yet.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// reply is what the server sends.
type reply struct {
	status int
	header http.Header
	body   string
}

// text makes an answer that is no envelope.
func text(status int, contentType, body string) reply {
	return reply{status, http.Header{"Content-Type": {contentType}}, body}
}

// answer answers as the service does.
func (s *Server) answer(r *http.Request, body []byte) reply {
	login := r.URL.Path == "/Auth/Login" && r.Method == http.MethodPost
	s.mu.Lock()
	quirks := s.quirks
	if login {
		s.logins++
	}
	s.mu.Unlock()
	if quirks.Delay > 0 {
		select {
		case <-time.After(quirks.Delay):
		case <-s.ctx.Done():
		}
	}
	switch {
	case quirks.RedirectTo != "":
		return reply{http.StatusFound, http.Header{"Location": {quirks.RedirectTo}}, ""}
	case quirks.ServerPage:
		return text(http.StatusServiceUnavailable, "text/html", "<html><body><h1>WebDev application server: stopped</h1></body></html>")
	case quirks.BasicAuth:
		page := text(http.StatusUnauthorized, "text/html", "<html><body>401 Authorization Required</body></html>")
		page.header.Set("WWW-Authenticate", `Basic realm="intranet"`)
		return page
	case login:
		return s.login(r, body, quirks)
	case r.URL.Path == "/account" && r.Method == http.MethodGet:
		return s.account(r, quirks)
	default:
		return text(http.StatusNotFound, "text/plain", "404 page not found\n")
	}
}

func (s *Server) login(r *http.Request, body []byte, quirks Quirks) reply {
	if quirks.LoginDown {
		return envelope(quirks, http.StatusInternalServerError, "Erreur interne du service", nil)
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
		return text(http.StatusBadRequest, "text/plain", "Bad Request\n")
	}
	for _, account := range s.accounts {
		if account.PortCode == asked.CodePort && account.ERPID == asked.IDERP && account.Password == asked.Password {
			return envelope(quirks, http.StatusOK, "Authentification OK", map[string]string{"token": s.token(account, quirks.NewTokenEachTime)})
		}
	}
	return envelope(quirks, http.StatusUnauthorized, "Authenfication failed", nil)
}

func (s *Server) account(r *http.Request, quirks Quirks) reply {
	if quirks.AccountDown {
		return envelope(quirks, http.StatusInternalServerError, "Erreur interne du service", nil)
	}
	given := r.Header.Get("Authorization")
	for _, account := range s.accounts {
		if given != "" && given == s.current(account) {
			return envelope(quirks, http.StatusOK, "ok", map[string]string{"portCode": cmp.Or(quirks.OtherPort, account.PortCode), "portName": account.PortName})
		}
	}
	return envelope(quirks, http.StatusUnauthorized, "Authenfication failed", nil)
}

// token returns the account's token, a new one the first time or when asked.
func (s *Server) token(account Account, fresh bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := account.key()
	if s.tokens[key] == "" || fresh {
		s.tokens[key] = (rand.Text() + rand.Text())[:tokenLength]
	}
	return s.tokens[key]
}

// current returns the account's token, "" if it has none yet.
func (s *Server) current(account Account) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[account.key()]
}

func (a Account) key() string { return fmt.Sprintf("%s/%d", a.PortCode, a.ERPID) }

// envelope makes an answer in the service's form. data is an object, or nil.
func envelope(quirks Quirks, status int, msg string, data map[string]string) reply {
	name := "status"
	if quirks.CodeNotStatus {
		name = "code"
	}
	var stated any = status
	switch {
	case quirks.EmptyStatus:
		stated = ""
	case quirks.StatusAsString:
		stated = fmt.Sprint(status)
	}
	if quirks.MessageLineBreak {
		msg += "\r\n"
	}
	fields := map[string]any{name: stated, "msg": msg, "data": data}
	if data == nil {
		fields["data"] = nil
		if quirks.DataArray {
			fields["data"] = []string{}
		}
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return text(http.StatusInternalServerError, "text/plain", "Internal Server Error\n")
	}
	sent := text(status, "application/json; charset=utf-8", string(body))
	if quirks.Latin1 {
		sent = text(status, "application/json", toLatin1(string(body)))
	}
	if quirks.BOM {
		sent.body = "\ufeff" + sent.body
	}
	return sent
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
