package authclient

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// This file decides what an answer means. The answer is untrusted input: do not
// rely on its length, encoding or types.

// operation is one of the two calls.
type operation string

const (
	opLogin   operation = "login"
	opAccount operation = "account"
)

// envelope is the JSON object that the service wraps every answer in.
type envelope struct {
	isEnvelope bool                       // it has the members of the service's envelope
	status     []int                      // every HTTP status in it
	msg        string                     // as it was sent; not safe to show
	data       map[string]json.RawMessage // nil if data is null, [] or missing
}

var (
	errNotEnvelope = errors.New("the body is not the service's JSON")
	errDuplicate   = errors.New("the JSON object has a member twice")
)

// decodeEnvelope decodes a body. It accepts what docs/service.md section 3 lists: a
// byte order mark, Latin-1, "code" or "statuts" instead of "status", a number as a
// string, an empty status, data of any type, unknown members.
func decodeEnvelope(body []byte) (envelope, error) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(body) {
		body = latin1(body)
	}
	members, err := object(body)
	if err != nil {
		return envelope{}, err
	}
	var env envelope
	stated := false
	for _, name := range []string{"status", "statuts", "code"} {
		raw, ok := members[name]
		if !ok {
			continue
		}
		stated = true
		status, err := statedStatus(raw)
		if err != nil {
			return envelope{}, fmt.Errorf("%s: %w", name, err)
		}
		if status != 0 {
			env.status = append(env.status, status)
		}
	}
	rawMsg, hasMsg := members["msg"]
	if hasMsg {
		var msg string
		if json.Unmarshal(rawMsg, &msg) == nil {
			env.msg = msg
		}
	}
	rawData, hasData := members["data"]
	if hasData && bytes.HasPrefix(rawData, []byte("{")) {
		if env.data, err = object(rawData); err != nil {
			return envelope{}, fmt.Errorf("data: %w", err)
		}
	}
	env.isEnvelope = stated && (hasMsg || hasData)
	return env, nil
}

// object decodes a body that is exactly one JSON object. It refuses two members of
// the same name, of which encoding/json would silently take the last.
func object(body []byte) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	if first, err := dec.Token(); err != nil || first != json.Delim('{') {
		return nil, errNotEnvelope
	}
	members := map[string]json.RawMessage{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, errNotEnvelope
		}
		key, ok := name.(string)
		if !ok {
			return nil, errNotEnvelope
		}
		if _, twice := members[key]; twice {
			return nil, errDuplicate
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, errNotEnvelope
		}
		members[key] = raw
	}
	if _, err := dec.Token(); err != nil {
		return nil, errNotEnvelope
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errNotEnvelope
	}
	return members, nil
}

// statedStatus decodes a status: a number, a numeric string, "" or null. The last
// two give 0.
func statedStatus(raw json.RawMessage) (int, error) {
	var text string
	var number float64
	switch {
	case json.Unmarshal(raw, &text) == nil: // also null, which leaves it empty
		if text == "" {
			return 0, nil
		}
		status, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return 0, errNotEnvelope
		}
		return int(status), nil
	case json.Unmarshal(raw, &number) == nil && number == math.Trunc(number) && 0 < number && number < 1000:
		return int(number), nil
	default:
		return 0, errNotEnvelope
	}
}

// latin1 converts ISO 8859-1 to UTF-8.
func latin1(body []byte) []byte {
	runes := make([]rune, len(body))
	for i, b := range body {
		runes[i] = rune(b)
	}
	return []byte(string(runes))
}

// noOtherStatus reports whether every status in the envelope is want.
func (e envelope) noOtherStatus(want int) bool {
	for _, status := range e.status {
		if status != want {
			return false
		}
	}
	return true
}

// hasOnlyStatus reports whether the envelope has a status, and every one is want.
func (e envelope) hasOnlyStatus(want int) bool { return len(e.status) > 0 && e.noOtherStatus(want) }

// text returns a member of data, or "" if it is not a string.
func (e envelope) text(name string) string {
	var text string
	if json.Unmarshal(e.data[name], &text) != nil {
		return ""
	}
	return text
}

// judge returns the envelope of a successful answer, or the error of any other. The
// HTTP status decides; an envelope that contradicts it is not the service's.
func judge(c call, httpStatus int, body []byte) (envelope, *Error) {
	env, err := decodeEnvelope(body)
	fail := func(outcome Outcome, cause error) (envelope, *Error) {
		e := &Error{Outcome: outcome, HTTPStatus: httpStatus, op: string(c.op), err: cause}
		if outcome != OutcomeRefused && httpStatus != http.StatusUnauthorized && !env.hasOnlyStatus(http.StatusUnauthorized) {
			e.Message = c.shown(env.msg) // the text of a 401 is never shown
		}
		return envelope{}, e
	}
	switch {
	case httpStatus >= 300 && httpStatus < 400:
		return fail(OutcomeRedirected, nil)
	case httpStatus == http.StatusProxyAuthRequired:
		_, e := fail(OutcomeProxy, nil)
		e.Reason = ReasonProxyPasswordMissing
		return envelope{}, e
	case httpStatus == http.StatusNetworkAuthenticationRequired && !env.isEnvelope:
		_, e := fail(OutcomeNotTheService, err)
		e.Reason = ReasonPortal
		return envelope{}, e
	case slices.Contains(serviceErrors, httpStatus), httpStatus >= 500 && err == nil && env.isEnvelope:
		return fail(OutcomeServiceError, nil)
	case err != nil:
		return fail(OutcomeNotTheService, err)
	case httpStatus == http.StatusUnauthorized,
		httpStatus == http.StatusForbidden && c.op == opAccount: // docs/service.md, section 2
		if env.isEnvelope && env.noOtherStatus(httpStatus) {
			return fail(OutcomeRefused, nil)
		}
		return fail(OutcomeNotTheService, errNotEnvelope)
	case httpStatus != http.StatusOK:
		return fail(OutcomeNotTheService, errors.New("the service does not document this status"))
	case env.isEnvelope && env.hasOnlyStatus(http.StatusUnauthorized) && len(env.data) == 0:
		return fail(OutcomeRefused, nil)
	case !env.noOtherStatus(http.StatusOK):
		return fail(OutcomeNotTheService, errors.New("the envelope contradicts the HTTP status"))
	}
	return env, nil
}

// judgeLogin returns the token in an answer to Login.
func judgeLogin(sent Secret, httpStatus int, body []byte) (Secret, *Error) {
	env, fail := judge(call{opLogin, sent}, httpStatus, body)
	if fail != nil {
		return Secret{}, fail
	}
	token := env.text("token")
	if !validToken(token) {
		return Secret{}, &Error{Outcome: OutcomeNotTheService, HTTPStatus: httpStatus, op: string(opLogin),
			err: errors.New("the answer holds no usable token")}
	}
	return NewSecret(token), nil
}

// validToken reports whether a token can be sent in a header: printable ASCII
// without spaces. The service documents neither its length nor its alphabet
// (docs/service.md, section 3).
func validToken(token string) bool {
	if token == "" {
		return false
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] > '~' {
			return false
		}
	}
	return true
}

// judgeAccount returns the account in an answer to Account. A port code of the usual
// length is no echo of a token: a token that it could repeat protects nothing.
func judgeAccount(sent Secret, httpStatus int, body []byte) (Account, *Error) {
	c := call{opAccount, sent}
	env, fail := judge(c, httpStatus, body)
	if fail != nil {
		return Account{}, fail
	}
	account := Account{PortCode: cleanText(env.text("portCode")), PortName: c.shown(env.text("portName"))}
	if !validPortCode(account.PortCode) {
		account.PortCode = c.shown(env.text("portCode"))
	}
	if account.PortCode == "" {
		return Account{}, &Error{Outcome: OutcomeNotTheService, HTTPStatus: httpStatus, op: string(opAccount),
			err: errors.New("the answer names no port")}
	}
	return account, nil
}

// serviceErrors are the statuses that the service, or the web server that it runs in, answers
// without an envelope (docs/service.md, section 3). Others come from something else.
var serviceErrors = []int{
	http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// isEnvelope reports whether a body is one of the service.
func isEnvelope(body []byte) bool {
	env, err := decodeEnvelope(body)
	return err == nil && env.isEnvelope
}

// proxyOf returns how the proxy or filter calls itself that made an answer, "" if it is not
// known to be one's. A service may stand behind proxies of its own, which write Via; so the
// field is enough only with a name of a product that nobody puts before a service.
func proxyOf(header http.Header) string {
	server, via := header.Get("Server"), header.Get("Via")
	if header.Get("X-Squid-Error") != "" {
		return cmp.Or(server, "squid")
	}
	for _, name := range []string{server, via, header.Get("Proxy-Agent")} {
		for _, product := range filters {
			if strings.Contains(strings.ToLower(name), product) {
				return name
			}
		}
	}
	if header.Get("Proxy-Authenticate") != "" || header.Get("Proxy-Agent") != "" {
		return cmp.Or(header.Get("Proxy-Agent"), server, via, "proxy")
	}
	return ""
}

// filters are parts of the names by which proxies and filters of offices name themselves, in
// lower case.
var filters = []string{
	"squid", "mitmproxy", "privoxy", "tinyproxy", "zscaler", "bluecoat", "blue coat", "mcafee web gateway", "skyhigh",
	"fortiproxy", "fortigate", "forcepoint", "websense", "kerio", "wingate", "ironport", "netskope", "e2guardian", "olfeo", "artica", "ucopia", "stormshield",
}
