package handover

import (
	"strings"
	"unicode"
)

// isPair reports whether two quotes are the beginning and the end of a quotation.
func isPair(open, end rune) bool {
	switch open {
	case '"', '\'', '`', '”', '’':
		return end == open
	case '“':
		return end == '”'
	case '‘':
		return end == '’'
	case '„':
		return end == '“' || end == '”'
	case '«':
		return end == '»'
	case '‹':
		return end == '›'
	}
	return false
}

func isQuote(r rune) bool { return strings.ContainsRune("\"'`“”„‘’«»‹›", r) }

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// isBlank reports whether r is a space or a line break that programs leave out at the
// ends of a value.
func isBlank(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' }

// isUnusual reports whether r is seen as a space, or not at all, but is kept by
// programs at the ends of a value.
func isUnusual(r rune) bool {
	return !isBlank(r) && (unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zs) ||
		'\ufe00' <= r && r <= '\ufe0f' || r == '\u034f' || r == '\u3164' || r == '\u2800')
}

func isSpace(r rune) bool { return isBlank(r) || isUnusual(r) }

func visible(r rune) bool { return !isSpace(r) }

// notWrapper reports whether r is other than what is left out around a value that
// is alone.
func notWrapper(r rune) bool { return !isSpace(r) && !isQuote(r) && r != ',' && r != ';' }
