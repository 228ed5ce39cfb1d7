package profile

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold makes text comparable, for the search, the order and the command line: what a
// person types on a French keyboard is equal to what the text has. Folded text
//   - is of one case, in every script, with ß as ss;
//   - has no accents or other nonspacing marks, and letters that Unicode does not
//     decompose as a person writes them instead: œ as oe, ø as o;
//   - is in NFKD: full width as ASCII, ﬁ as fi, Hangul as its letters;
//   - has one form of apostrophe, quotation mark and hyphen;
//   - has single spaces (U+0020) inside, none around, and nothing that cannot be seen.
//
// Folding folded text changes nothing. It may be empty though text is not.
func Fold(text string) string {
	ascii, plain := inspect(text)
	switch {
	case plain:
		return strings.ToLower(text)
	case ascii:
		return string(simplify(text))
	}
	// NFKD would make a space and an accent of an acute accent that stands alone.
	simple := simplify(norm.NFKD.String(strings.ReplaceAll(text, "´", "'")))
	text = string(simple)
	if ascii, _ := inspect(text); ascii {
		return text // most French texts are now
	}
	fold := cases.Fold() // "may be stateful"
	if _, err := fold.Span(simple, true); err != nil {
		text = fold.String(text)
	}
	// Where simplify removed what stood between two marks, their order may be another.
	return norm.NFKD.String(text)
}

// inspect reports whether text is ASCII, and whether it is ASCII that needs no folding
// but that of case.
func inspect(text string) (ascii, plain bool) {
	plain = true
	before := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf {
			return false, false
		}
		if c < ' ' || c == 0x7f || c == '`' || c == ' ' && before == ' ' {
			plain = false
		}
		before = c
	}
	return true, plain && (text == "" || before != ' ')
}

// simplify does the part of Fold for which there is no library, on text in NFKD. Package
// transform has some of it (runes.Remove, runes.Map), at several times the cost.
func simplify(text string) []byte {
	simple := make([]byte, 0, len(text)+8)
	space := false
	for _, r := range text {
		if r >= utf8.RuneSelf && ignored(r) {
			continue
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			space = true
			continue
		}
		if space && len(simple) > 0 {
			simple = append(simple, ' ')
		}
		space = false
		r = unicode.ToLower(r)
		switch {
		case r == '`':
			simple = append(simple, '\'')
		case r < utf8.RuneSelf:
			simple = append(simple, byte(r))
		case unicode.Is(unicode.Pd, r):
			simple = append(simple, '-')
		default:
			if written, ok := asWritten[r]; ok {
				simple = append(simple, written...)
			} else {
				simple = utf8.AppendRune(simple, r)
			}
		}
	}
	return simple
}

// ignored reports whether a search does not look at a character: a mark on another one, or
// one that cannot be seen, such as the soft hyphen.
func ignored(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
}

// asWritten has what a French keyboard writes for characters that neither NFKD nor case
// folding changes into that. Hyphens are those of the category Pd, and these.
var asWritten = map[rune]string{
	'œ': "oe", 'æ': "ae", 'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ŧ': "t", 'ı': "i",
	'’': "'", '‘': "'", '‛': "'", '′': "'", 'ʼ': "'", 'ʻ': "'", 'ʹ': "'", 'ʽ': "'", 'ꞌ': "'",
	'“': `"`, '”': `"`, '„': `"`, '‟': `"`, '«': `"`, '»': `"`,
	'−': "-", '⁃': "-", '˗': "-",
	'⁄': "/", '∕': "/",
}
