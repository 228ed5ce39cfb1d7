package handover

import (
	"strings"
	"unicode/utf8"
)

// view is a reading with some characters left out or replaced.
type view struct {
	r    *reading
	text string
	from []int32 // for each byte of text, its character in the reading; nil if they are the same
}

// span returns the part of the reading that [i:j] of the text is.
func (v view) span(i, j int) (start, end int) {
	if v.from == nil || i == j {
		return i, j
	}
	last := int(v.from[j-1])
	_, size := utf8.DecodeRuneInString(v.r.text[last:])
	return int(v.from[i]), last + size
}

// squeezed returns a view of a reading without white space, invisible characters and
// the marks of a quoted mail.
func (r *reading) squeezed() view {
	return view{r: r, text: r.text}.filter(func(c byte) bool { return c > ' ' && c < 0x7f }, squeeze)
}

// withoutSpaces is squeezed, made once.
func (r *reading) withoutSpaces() view {
	if r.compact == nil {
		v := r.squeezed()
		r.compact = &v
	}
	return *r.compact
}

// folded returns a view in which what looks alike is the same.
func (v view) folded() view {
	return view{v.r, lower(v.text), v.from}.filter(func(c byte) bool { return c < utf8.RuneSelf && alikeASCII[c] == c }, lookAlike)
}

// filter returns a view of a view. change returns what a character at i becomes, and
// the length of what it replaces, unless keep says that it stays.
func (v view) filter(keep func(c byte) bool, change func(text string, i int) (string, int)) view {
	var kept [256]bool
	for c := range kept {
		kept[c] = keep(byte(c))
	}
	text, from := make([]byte, 0, len(v.text)), make([]int32, 0, len(v.text))
	for i := 0; i < len(v.text); {
		out, size := v.text[i:i+1], 1
		if !kept[out[0]] {
			out, size = change(v.text, i)
		}
		for j := range len(out) {
			source := i
			if len(out) == size {
				source += j
			}
			if v.from != nil {
				source = int(v.from[source])
			}
			text, from = append(text, out[j]), append(from, int32(source))
		}
		i += size
	}
	return view{v.r, string(text), from}
}

// squeeze leaves out white space, invisible characters and the marks of a quoted mail.
func squeeze(text string, i int) (string, int) {
	if c := text[i]; c == '\n' {
		rest := text[i+1:]
		for {
			marks := strings.TrimLeft(rest, ">")
			if len(marks) == len(rest) || !strings.HasPrefix(marks, " ") {
				break
			}
			rest = marks[1:]
		}
		return "", len(text) - i - len(rest)
	} else if c > ' ' && c < 0x7f {
		return text[i : i+1], 1
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	if isSpace(r) {
		return "", size
	}
	return text[i : i+size], size
}

// hasInvisible reports whether a text has a character that is not seen, or a space
// other than those of the keyboard.
func hasInvisible(text string) bool { return strings.ContainsFunc(text, isUnusual) }

// lower makes ASCII letters lower case; the length stays the same.
func lower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// alike has groups of characters that look alike; each stands for the first of its
// group. Letters are of the Latin, Cyrillic and Greek alphabets.
var alike = func() map[rune]string {
	m := map[rune]string{'…': "..."}
	for _, group := range []string{
		"oO0ОоΟο", "lLiI1|ІіΙıΙ", "sS5Ѕѕ", "zZ2Ζ", "bB8ВΒ", "aAАаΑα", "cCСсϲ", "eEЕеΕ", "hHНΗ", "kKКкΚκ", "mMМΜ", "nNΝ",
		"pPРрΡρ", "tTТΤ", "yYУуΥ", "xXХхΧχ", "jJЈј", "vVν", "'‘’‚‛`´′", "\"“”„‟«»″", "-‐‑‒–—―−", ",‚", "*∗", "/⁄∕",
	} {
		first := group[:1]
		for _, r := range group {
			if _, ok := m[r]; !ok {
				m[r] = first
			}
		}
	}
	return m
}()

// alikeASCII is alike for ASCII characters in lower case.
var alikeASCII = func() (table [utf8.RuneSelf]byte) {
	for c := range table {
		table[c] = byte(c)
		if first, ok := alike[rune(c)]; ok {
			table[c] = first[0]
		}
	}
	return table
}()

// lookAlike replaces a character by the first of those that look like it.
func lookAlike(text string, i int) (string, int) {
	r, size := utf8.DecodeRuneInString(text[i:])
	if '！' <= r && r <= '～' { // full width
		r += '!' - '！'
	}
	if first, ok := alike[r]; ok {
		return first, size
	}
	if r < utf8.RuneSelf {
		return lower(string(r)), size
	}
	return text[i : i+size], size
}

func skeletonOf(token string) string {
	var b strings.Builder
	for i := range len(token) {
		out, _ := lookAlike(token, i)
		b.WriteString(out)
	}
	return b.String()
}
