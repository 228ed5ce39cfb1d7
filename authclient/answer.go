package authclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"unicode/utf8"
)

// This file turns what a server answered into a verdict. It reads foreign
// bytes: nothing here trusts a length, an encoding or a type.

// operation is one of the two calls.
type operation string

const (
	opLogin   operation = "login"
	opAccount operation = "account"
)

// envelope is the JSON object that the service wraps every answer in.
type envelope struct {
	named  bool                       // it has the members that make it the service's
	status []int                      // every HTTP status that it states
	msg    string                     // made safe to show
	data   map[string]json.RawMessage // nil where data is null, [] or missing
}

var (
	errNotEnvelope = errors.New("the body is not the service's JSON")
	errDuplicate   = errors.New("a member of the JSON object is there twice")
)

// decodeEnvelope reads a body, tolerant where service.md section 3 says so:
// a byte order mark, Latin-1 accents, "code" or "statuts" instead of "status",
// a number as a string, an empty status, data of any shape, unknown members.
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
			env.msg = cleanText(msg)
		}
	}
	rawData, hasData := members["data"]
	if hasData && bytes.HasPrefix(rawData, []byte("{")) {
		if env.data, err = object(rawData); err != nil {
			return envelope{}, fmt.Errorf("data: %w", err)
		}
	}
	env.named = stated && (hasMsg || hasData)
	return env, nil
}

// object decodes one JSON object and nothing after it. encoding/json would
// silently take the last of two members of the same name.
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

// statedStatus reads a status that is a number, a numeric string, "" or null.
// 0 means that none is stated.
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

// latin1 reads bytes as ISO 8859-1, in which every byte is a character.
func latin1(body []byte) []byte {
	runes := make([]rune, len(body))
	for i, b := range body {
		runes[i] = rune(b)
	}
	return []byte(string(runes))
}

// agrees reports whether no status in the envelope is another than want.
func (e envelope) agrees(want int) bool {
	for _, status := range e.status {
		if status != want {
			return false
		}
	}
	return true
}

// says reports whether the envelope states one status, and it is want.
func (e envelope) says(want int) bool { return len(e.status) > 0 && e.agrees(want) }

// text returns a member of data that is a string, "" if it is not.
func (e envelope) text(name string) string {
	var text string
	if json.Unmarshal(e.data[name], &text) != nil {
		return ""
	}
	return text
}

// judge returns the envelope of a success, or the error that the answer is.
// The HTTP status rules; an envelope that contradicts it is not the service's.
func judge(op operation, httpStatus int, body []byte) (envelope, *Error) {
	env, err := decodeEnvelope(body)
	fail := func(outcome Outcome, cause error) (envelope, *Error) {
		e := &Error{Outcome: outcome, HTTPStatus: httpStatus, op: string(op), err: cause}
		if outcome != OutcomeRefused && httpStatus != http.StatusUnauthorized && !env.says(http.StatusUnauthorized) {
			e.Message = env.msg // after a 401 nothing that the server says is shown
		}
		return envelope{}, e
	}
	switch {
	case httpStatus >= 300 && httpStatus < 400:
		return fail(OutcomeRedirected, nil)
	case httpStatus == http.StatusProxyAuthRequired:
		return fail(OutcomeProxy, nil)
	case httpStatus >= 500 || httpStatus == http.StatusTooManyRequests:
		return fail(OutcomeServiceError, nil)
	case err != nil:
		return fail(OutcomeNotTheService, err)
	case httpStatus == http.StatusUnauthorized,
		httpStatus == http.StatusForbidden && op == opAccount: // service.md, section 2
		if env.named && env.agrees(httpStatus) {
			return fail(OutcomeRefused, nil)
		}
		return fail(OutcomeNotTheService, errNotEnvelope)
	case httpStatus != http.StatusOK:
		return fail(OutcomeNotTheService, errors.New("the status is none that the service documents"))
	case env.named && env.says(http.StatusUnauthorized) && len(env.data) == 0:
		return fail(OutcomeRefused, nil)
	case !env.agrees(http.StatusOK):
		return fail(OutcomeNotTheService, errors.New("the envelope contradicts the HTTP status"))
	}
	return env, nil
}

// judgeLogin returns the token that an answer to Login holds.
func judgeLogin(httpStatus int, body []byte) (Secret, *Error) {
	env, fail := judge(opLogin, httpStatus, body)
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

// validToken reports whether a token can travel in a header: printable ASCII
// without spaces. Its length and alphabet are not documented (service.md,
// section 3).
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

// judgeAccount returns the account that an answer to Account holds.
func judgeAccount(httpStatus int, body []byte) (Account, *Error) {
	env, fail := judge(opAccount, httpStatus, body)
	if fail != nil {
		return Account{}, fail
	}
	account := Account{PortCode: cleanText(env.text("portCode")), PortName: cleanText(env.text("portName"))}
	if account.PortCode == "" {
		return Account{}, &Error{Outcome: OutcomeNotTheService, HTTPStatus: httpStatus, op: string(opAccount),
			err: errors.New("the answer names no port")}
	}
	return account, nil
}
