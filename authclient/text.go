package authclient

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxShown is the most characters of a server's text that are kept.
const maxShown = 200

// cleanText makes text that came from a server safe to show: [PlainText] of at
// most maxShown characters.
func cleanText(text string) string {
	plain := PlainText(text)
	if utf8.RuneCountInString(plain) <= maxShown {
		return plain
	}
	return strings.TrimSpace(string([]rune(plain)[:maxShown])) + "…"
}

// PlainText makes text of unknown origin one line that can be shown and kept: no
// control, bidirectional, escape or invisible characters, and one space wherever
// there was any white space.
func PlainText(text string) string {
	if isPlain(text) {
		return text
	}
	var b strings.Builder
	space := false
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			space = true
			continue
		case r == utf8.RuneError || !unicode.IsGraphic(r) || unicode.Is(unicode.Bidi_Control, r):
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// isPlain reports whether a text is printable ASCII with single spaces inside: the
// usual case, quickly.
func isPlain(text string) bool {
	before := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return text == "" || before != ' '
}
