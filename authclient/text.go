package authclient

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxShown is the most characters of a server's text that are kept.
const maxShown = 200

// cleanText makes text that came from a server safe to show as plain text: one
// line, no control, bidirectional, escape or invisible characters, at most
// maxShown characters.
func cleanText(text string) string {
	var b strings.Builder
	space, count := false, 0
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
			count++
		}
		space = false
		if count++; count > maxShown {
			return strings.TrimSpace(b.String()) + "…"
		}
		b.WriteRune(r)
	}
	return b.String()
}
