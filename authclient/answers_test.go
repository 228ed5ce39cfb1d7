package authclient_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"amarre/authclient"
)

// testPassword and testToken are what the tests send; no error may hold them.
const (
	testPassword = "FourniParDataComSys"
	testToken    = "A-TOKEN-THAT-MUST-STAY-IN-ITS-HEADER"
)

var testCredentials = authclient.Credentials{PortCode: "MTP", ERPID: 15, Password: authclient.NewSecret(testPassword)}

// TestAnswers serves each file of testdata/answers on a real loopback socket
// and checks the verdict. A file has a head of "key: value" lines, an empty
// line, then the bytes that the server sends:
//
//	outcome: one of the outcome words
//	token:   the token that must come out
//	call:    login (the default) or account
//	port:    account: the port code; name: the port's name
//	message: the server's text as it may be shown; target: where a redirect leads
//	reason:  the reason; answered: the proxy that answered in the service's place
//	then:    close (the default); wait, which keeps the connection open; half,
//	         which ends the server's side alone; drip, which sends the bytes one
//	         by one, never the last
func TestAnswers(t *testing.T) {
	files, err := filepath.Glob("testdata/answers/*.http")
	if err != nil || len(files) < 120 {
		t.Fatalf("found %d answer files (%v), want at least 120", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".http"), func(t *testing.T) {
			t.Parallel()
			head, answer := readAnswer(t, file)
			opts := authclient.Options{}
			if head["then"] == "wait" || head["then"] == "drip" {
				opts.Timeout = 200 * time.Millisecond
			}
			client := newClient(t, "http://"+serveOnce(t, answer, head["then"]), opts)
			if head["call"] == "account" {
				account, err := client.Account(t.Context(), authclient.NewSecret(testToken))
				checkOutcome(t, head, err)
				if want := (authclient.Account{PortCode: head["port"], PortName: head["name"]}); err == nil && account != want {
					t.Errorf("account is %+v, want %+v", account, want)
				}
				return
			}
			token, err := client.Login(t.Context(), testCredentials)
			checkOutcome(t, head, err)
			if got := token.Reveal(); got != head["token"] {
				t.Errorf("token is %q, want %q", got, head["token"])
			}
		})
	}
}

func checkOutcome(t *testing.T, head map[string]string, err error) {
	t.Helper()
	if got := authclient.OutcomeOf(err); got != authclient.Outcome(head["outcome"]) {
		t.Fatalf("outcome is %s (%v), want %s", got, err, head["outcome"])
	}
	if err == nil {
		return
	}
	var e *authclient.Error
	if !errors.As(err, &e) {
		t.Fatalf("the error is a %T, want an *authclient.Error", err)
	}
	for _, secret := range []string{testPassword, testToken} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error's text holds a secret: %v", err)
		}
	}
	if e.Outcome == authclient.OutcomeRefused {
		if e.Message != "" {
			t.Errorf("a refusal carries the server's message %q", e.Message)
		}
		if want := "login: refused"; head["call"] != "account" && e.Error() != want {
			t.Errorf("a refusal's text is %q, want %q whatever the answer", e.Error(), want)
		}
	}
	if e.HTTPStatus == http.StatusUnauthorized && e.Message != "" {
		t.Errorf("a 401 carries the server's message %q", e.Message)
	}
	if want, ok := head["message"]; ok && e.Message != want {
		t.Errorf("the server's message is %q, want %q", e.Message, want)
	}
	if want, ok := head["reason"]; ok && e.Reason != authclient.Reason(want) {
		t.Errorf("the reason is %q, want %q", e.Reason, want)
	}
	if e.Answered != head["answered"] {
		t.Errorf("the answer is by %q, want %q", e.Answered, head["answered"])
	}
	if want, ok := head["target"]; ok && e.Target != want {
		t.Errorf("the redirect's target is %q, want %q", e.Target, want)
	}
}

// readAnswer splits an answer file into its head and the bytes to send.
func readAnswer(t *testing.T, file string) (map[string]string, []byte) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, answer, found := bytes.Cut(content, []byte("\n\n"))
	if !found {
		t.Fatal("no empty line after the head")
	}
	values := map[string]string{}
	for line := range strings.Lines(string(head)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("line %q of the head is not key: value", line)
		}
		values[key] = strings.TrimSpace(value)
	}
	for _, outcome := range authclient.Outcomes() {
		if values["outcome"] == string(outcome) {
			return values, answer
		}
	}
	t.Fatalf("outcome %q is none", values["outcome"])
	return nil, nil
}

// serveOnce reads whole requests on a loopback socket and answers each with the
// bytes; then is as in TestAnswers. It returns host:port.
func serveOnce(t *testing.T, answer []byte, then string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				req, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, req.Body)
				if then == "drip" {
					drip(conn, answer[:len(answer)-1])
				} else {
					_, _ = conn.Write(answer)
				}
				if then == "half" {
					_ = conn.(*net.TCPConn).CloseWrite()
				}
				if then != "" && then != "close" {
					_, _ = io.Copy(io.Discard, conn) // until the client closes
				}
			}()
		}
	}()
	return listener.Addr().String()
}

// drip writes bytes one by one, slower than the test's deadline allows.
func drip(conn net.Conn, answer []byte) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := range answer {
		<-tick.C
		if _, err := conn.Write(answer[i : i+1]); err != nil {
			return
		}
	}
}

// TestCancelClosesTheSocket checks that a cancelled call ends at once and that
// the server sees its connection close.
func TestCancelClosesTheSocket(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	closed := make(chan error, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			closed <- err
			return
		}
		defer conn.Close()
		req, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			closed <- err
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		cancel()
		_, err = conn.Read(make([]byte, 1))
		closed <- err
	}()
	client := newClient(t, "http://"+listener.Addr().String(), authclient.Options{})
	_, err = client.Login(ctx, testCredentials)
	if got := authclient.OutcomeOf(err); got != authclient.OutcomeCancelled {
		t.Errorf("outcome is %s (%v), want cancelled", got, err)
	}
	if err := <-closed; !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "reset") {
		t.Errorf("the server's read ended with %v, want the end of the connection", err)
	}
}
