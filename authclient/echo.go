package authclient

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"net/url"
	"regexp"
	"strings"
)

// This file keeps what was sent out of what is shown. An error page may repeat the request.

// errEcho takes the place of a cause whose text repeats what was sent.
var errEcho = errors.New("the cause repeats what was sent")

// call is one call: which one, and the secret that it sends, if any.
type call struct {
	op   operation
	sent Secret
}

// shown returns a text from the network as it may be shown (see [cleanText]), or "" if it
// repeats the secret that was sent. It takes the whole text: a part of the secret could
// be left at the end of one that was cut.
func (c call) shown(text string) string {
	if c.echoes(text) {
		return ""
	}
	return cleanText(text)
}

const (
	maxEcho    = 8 << 10 // a longer text is taken for an echo
	maxEscapes = 3       // one in the other
)

// echoes reports whether a text repeats the secret that was sent, as it is, escaped for JSON,
// a URL or HTML, or in Base64. Only letters and digits of ASCII are compared, without case:
// other characters come back in too many forms. So a short secret, or one of symbols, may
// be seen where it is not; the text is then left out, which is always safe.
func (c call) echoes(text string) bool {
	if c.sent.IsZero() || text == "" {
		return false
	}
	if len(text) > maxEcho {
		return true
	}
	secret := lettersAndDigits(c.sent.Reveal())
	for _, plain := range unescaped(PlainText(text)) {
		if strings.Contains(lettersAndDigits(plain), secret) {
			return true
		}
		for skip := range 4 { // the encoding may begin within a run of its alphabet
			for _, decoded := range unescaped(base64Decoded(plain, skip)) {
				if strings.Contains(lettersAndDigits(decoded), secret) {
					return true
				}
			}
		}
	}
	return false
}

func lettersAndDigits(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return -1
	}, text)
}

// unescaped returns a text and what it is with up to maxEscapes escapes taken off, in every
// order.
func unescaped(text string) []string {
	all := []string{text}
	known := map[string]bool{text: true}
	level := all
	for range maxEscapes {
		var next []string
		for _, escaped := range level {
			for _, unescape := range []func(string) string{unescapeJSON, unescapeURL, html.UnescapeString} {
				if plain := unescape(escaped); !known[plain] {
					known[plain] = true
					next = append(next, plain)
				}
			}
		}
		all, level = append(all, next...), next
	}
	return all
}

var (
	jsonEscapes   = regexp.MustCompile(`(?:\\(?:u[0-9A-Fa-f]{4}|["\\/bfnrt]))+`)
	urlEscapes    = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+`)
	base64Letters = regexp.MustCompile(`[A-Za-z0-9+/_-]{2,}`)
)

// unescapeJSON takes JSON's escapes off, also in the form %u0041.
func unescapeJSON(text string) string {
	return jsonEscapes.ReplaceAllStringFunc(strings.ReplaceAll(text, "%u", `\u`), func(escaped string) string {
		var plain string
		_ = json.Unmarshal([]byte(`"`+escaped+`"`), &plain) // the pattern allows nothing else
		return plain
	})
}

// unescapeURL takes the escapes of a URL off. A plus for a space needs nothing.
func unescapeURL(text string) string {
	return urlEscapes.ReplaceAllStringFunc(text, func(escaped string) string {
		plain, _ := url.PathUnescape(escaped) // the pattern allows nothing else
		return plain
	})
}

// base64Decoded returns what the runs of Base64's letters in a text decode to, each
// without its first letters.
func base64Decoded(text string, skip int) string {
	var all strings.Builder
	for _, run := range base64Letters.FindAllString(text, -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run[min(skip, len(run)):])
		if len(run)%4 == 1 {
			run = run[:len(run)-1]
		}
		decoded, _ := base64.RawStdEncoding.DecodeString(run) // what precedes an error counts
		all.Write(decoded)
		all.WriteByte('\n')
	}
	return all.String()
}
