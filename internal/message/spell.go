package message

import "unicode"

// Spell returns the word that stands for a character of a token on the telephone, such as
// "Alfa" for A. It is the same for a small letter: the caller says which it is. Another
// character than the letters and digits of ASCII and -_.~+/= has no word, and is returned
// itself. The words of a token are as secret as the token.
func (t *Texts) Spell(r rune) string {
	switch {
	case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return t.T("spell." + string(unicode.ToLower(r)))
	}
	switch r {
	case '-':
		return t.T("spell.hyphen")
	case '_':
		return t.T("spell.underscore")
	case '.':
		return t.T("spell.dot")
	case '~':
		return t.T("spell.tilde")
	case '+':
		return t.T("spell.plus")
	case '/':
		return t.T("spell.slash")
	case '=':
		return t.T("spell.equals")
	}
	return string(r)
}
