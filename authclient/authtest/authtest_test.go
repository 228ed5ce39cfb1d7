package authtest_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"amarre/authclient/authtest"
)

func ask(t *testing.T, method, url, contentType, body string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

// TestStandInIsStrict checks that only what the specification says is accepted
// (docs/service.md, sections 1 and 2).
func TestStandInIsStrict(t *testing.T) {
	server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	const (
		right   = `{"codePort":"MTP","idERP":15,"password":"FourniParDataComSys"}`
		json    = "application/json"
		refusal = `{"data":null,"msg":"Authenfication failed","status":401}`
	)
	for _, c := range []struct {
		name, method, path, contentType, body string
		status                                int
		answer                                string // its beginning
	}{
		{"documented", "POST", "/Auth/Login", json, right, 200, `{"data":{"token":"`},
		{"wrong password", "POST", "/Auth/Login", json, strings.Replace(right, "Fourni", "fourni", 1), 401, refusal},
		{"wrong ERP", "POST", "/Auth/Login", json, strings.Replace(right, "15", "16", 1), 401, refusal},
		{"wrong port", "POST", "/Auth/Login", json, strings.Replace(right, "MTP", "mtp", 1), 401, refusal},
		{"path in lower case", "POST", "/auth/login", json, right, 404, ""},
		{"GET", "GET", "/Auth/Login", json, "", 404, ""},
		{"a string for the number", "POST", "/Auth/Login", json, strings.Replace(right, "15", `"15"`, 1), 400, ""},
		{"portCode", "POST", "/Auth/Login", json, strings.Replace(right, "codePort", "portCode", 1), 400, ""},
		{"a form", "POST", "/Auth/Login", "application/x-www-form-urlencoded", right, 400, ""},
		{"account without a token", "GET", "/account", "", "", 401, refusal},
	} {
		status, answer := ask(t, c.method, server.URL+c.path, c.contentType, c.body)
		if status != c.status || !strings.HasPrefix(answer, c.answer) {
			t.Errorf("%s: %d %s; want %d %s", c.name, status, answer, c.status, c.answer)
		}
	}
	if n := server.Logins(); n != 7 {
		t.Errorf("%d requests reached the login, want 7", n)
	}
}

// TestTokensArePermanent checks that an account keeps its token until a quirk says
// otherwise, and that "Bearer" before it is not accepted.
func TestTokensArePermanent(t *testing.T) {
	server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	login := func() string {
		_, answer := ask(t, "POST", server.URL+"/Auth/Login", "application/json", `{"codePort":"SET","idERP":15,"password":"FourniParDataComSys"}`)
		_, rest, _ := strings.Cut(answer, `"token":"`)
		token, _, _ := strings.Cut(rest, `"`)
		return token
	}
	account := func(authorization string) int {
		status, _ := ask(t, "GET", server.URL+"/account", "", "", "Authorization", authorization)
		return status
	}
	first := login()
	if len(first) != 38 || login() != first || account(first) != 200 || account("Bearer "+first) != 401 {
		t.Error("the token is not permanent, or is accepted in another form")
	}
	server.SetQuirks(authtest.Quirks{NewTokenEachTime: true})
	if second := login(); second == first || account(first) != 401 || account(second) != 200 {
		t.Error("NewTokenEachTime keeps the earlier token")
	}
}

// TestStandInCloses checks that a malformed or oversized request never reaches the
// login, and that Close ends the calls that wait and returns when none runs.
func TestStandInCloses(t *testing.T) {
	server, err := authtest.Start(authtest.DemoAccounts(), authtest.Quirks{Delay: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	send := func(request string) net.Conn {
		conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		_, _ = io.WriteString(conn, request) // it may be closed before all is read
		return conn
	}
	for name, request := range map[string]string{
		"nonsense":       "SSH-2.0-OpenSSH_9.6\r\n\r\n",
		"a long header":  "GET /account HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 70<<10) + "\r\n\r\n",
		"half of a body": "POST /Auth/Login HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n" + strings.Repeat(" ", 80<<10),
	} {
		answer := make([]byte, len("HTTP/1.1 4"))
		n, _ := io.ReadFull(send(request), answer) // none if the connection is dropped
		if n != 0 && string(answer[:n]) != "HTTP/1.1 4" || server.Logins() != 0 {
			t.Errorf("%s is answered with %q and reaches the login %d times", name, answer[:n], server.Logins())
		}
	}
	const unfinished = "POST /Auth/Login HTTP/1.1\r\nHost: a\r\nContent-Le"
	half := send(unfinished)
	for range 200 {
		send(unfinished)
	}
	waiting := send("POST /Auth/Login HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
	for deadline := time.Now().Add(5 * time.Second); server.Logins() == 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("the request does not reach the login")
		}
	}
	server.Close()
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	if left := strings.Count(string(stacks), "authtest.(*Server).answer("); left > 0 {
		t.Errorf("%d calls run after Close", left)
	}
	for name, conn := range map[string]net.Conn{"half a request": half, "a call that waits": waiting} {
		if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if answer, err := io.ReadAll(conn); len(answer) != 0 || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: a closed server answers %q, %v", name, answer, err)
		}
	}
}
