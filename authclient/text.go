package authclient

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxShown is how many characters of a server's text are kept.
const maxShown = 200

// cleanText returns at most maxShown characters of the [PlainText] of text.
func cleanText(text string) string {
	plain := PlainText(text)
	if utf8.RuneCountInString(plain) <= maxShown {
		return plain
	}
	return strings.TrimSpace(string([]rune(plain)[:maxShown])) + "…"
}

// PlainText returns untrusted text as one line that is safe to show and store. It
// removes control, bidirectional and invisible characters, and replaces each run
// of white space by one space.
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

// isPlain reports whether text is printable ASCII with single spaces inside, which
// is the usual case and needs no copy.
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

// HasUnseen reports whether text has a character that shows nothing, so that in a password
// it is there by mistake: a control or format character, or a line separator. The joiners
// of emoji and of some scripts are none, after what they join.
func HasUnseen(text string) bool {
	before := ' '
	for _, r := range text {
		joins := (r == '\u200c' || r == '\u200d') && before > unicode.MaxASCII
		if !joins && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return true
		}
		before = r
	}
	return false
}
