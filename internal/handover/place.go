package handover

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lookAround is how far from a value the marks of its format are looked for, in bytes.
const lookAround = 512

// place says what a text [a:b] of a reading is, if it is a whole value there:
// Identical, Bearer, Surrounded, Spaced, Escaped or Commented; else "".
//
// If quote is not 0, the text must be between two of them. If literal, the text is
// the token itself, else something like it, and how it is escaped does not matter.
func (r *reading) place(a, b int, quote byte, literal bool) Match {
	if literal && r.escapesQuoted && r.hasPlain(a, b) {
		return ""
	}
	if r.at != nil && strings.Contains(r.document.text[r.offset(b-1):r.offset(b)], "\n") {
		return "" // the mark of a continued line may as well be the end of a value
	}
	c := &placing{reading: r, a: a, b: b, quote: quote, literal: literal}
	match := c.match()
	switch {
	case match == "":
		return ""
	case r.commented(a):
		return Commented
	case c.inField && c.kinds()&backslash != 0 || c.single && c.escapesOther('\''):
		return ""
	case !literal || r.made&^joined == 0:
		return match
	case r.made&printable != 0 && strings.Contains(r.document.text[r.offset(a):r.offset(b-1)], "\n"):
		return Spaced
	case !c.escapesFit():
		return Escaped
	}
	return match
}

// hasPlain reports whether a text has a quote or a backslash that is not escaped. Where
// they must be, the text as it stands is not the value.
func (r *reading) hasPlain(a, b int) bool {
	for i := a; i < b; i++ {
		if (r.text[i] == '"' || r.text[i] == '\\') && r.levelAt(i) == 0 {
			return true
		}
	}
	return false
}

// commented reports whether a value that begins at a is in a comment. A semicolon may
// also begin a line of a CSV file.
func (r *reading) commented(a int) bool {
	if !r.inComment(r.offset(a)) {
		return false
	}
	left := strings.TrimRight(r.text[max(0, a-4):a], `"'`)
	line := r.text[r.lineStart(a):a]
	return !strings.HasSuffix(left, ";") || !strings.HasPrefix(line, ";")
}

// placing looks at what is around a text.
type placing struct {
	*reading
	a, b    int
	quote   byte
	literal bool
	quoted  bool // the text is in a string with quotes
	single  bool // these are single quotes, which SQL, YAML and shells take literally
	inField bool // the string is a field of a CSV file, where a backslash escapes nothing
}

func (c *placing) match() Match {
	a, b := c.a, c.b
	word, end, bearer := c.bearer(a, b)
	if c.first >= word && c.last <= b { // nothing else is in the text
		switch wraps := strings.TrimFunc(c.text[:a]+c.text[b:], isSpace); {
		case bearer:
			return Bearer
		case c.quote != 0 && (a == 0 || b == len(c.text) || c.text[a-1] != c.quote || c.text[b] != c.quote):
			return ""
		case a == 0 && b == len(c.text):
			return Identical
		case wraps == "," || wraps == ";":
			return ""
		}
		c.quoted = true
		return Surrounded
	}
	match := c.rules(word, end)
	if match == "" {
		match = c.rules(a, b)
	}
	if bearer && match != "" {
		return Bearer
	}
	return match
}

// bearer looks for the word Bearer before a text. It returns where the word begins and
// where a quote ends that is around the text only.
func (c *placing) bearer(a, b int) (word, end int, ok bool) {
	i, end := a, b
	for i > max(0, a-16) {
		last, size := utf8.DecodeLastRuneInString(c.text[:i])
		if !isSpace(last) && !isQuote(last) {
			break
		}
		i -= size
	}
	if last, _ := utf8.DecodeLastRuneInString(c.text[:a]); i < a && isQuote(last) {
		if next, size := utf8.DecodeRuneInString(c.text[b:]); isQuote(next) {
			end += size
		}
	}
	i -= len(c.text[:i]) - len(strings.TrimSuffix(c.text[:i], ":"))
	const scheme = "bearer"
	if i < len(scheme) || !strings.EqualFold(c.text[i-len(scheme):i], scheme) {
		return a, b, false
	}
	i -= len(scheme)
	if before, _ := utf8.DecodeLastRuneInString(c.text[:i]); isWord(before) && i > 0 {
		return a, b, false
	}
	return i, end, true
}

// rules says what a text is by the marks around it.
func (c *placing) rules(a, b int) Match {
	if match := c.pair(a, b); match != "" {
		return match
	}
	if start, end := c.strip(a, b, isSpace); (start != a || end != b) && c.pair(start, end) != "" {
		return Surrounded
	}
	if c.quote != 0 {
		return ""
	}
	if start, end := c.strip(a, b, isUnusual); (start != a || end != b) && (c.pair(start, end) != "" || c.loose(start, end)) {
		return Surrounded
	}
	if c.loose(a, b) {
		return Identical
	}
	return ""
}

// strip leaves out characters at both sides of a text.
func (c *placing) strip(a, b int, out func(rune) bool) (int, int) {
	for from := a; a > max(0, from-64); {
		last, size := utf8.DecodeLastRuneInString(c.text[:a])
		if !out(last) {
			break
		}
		a -= size
	}
	for from := b; b < min(len(c.text), from+64); {
		next, size := utf8.DecodeRuneInString(c.text[b:])
		if !out(next) {
			break
		}
		b += size
	}
	return a, b
}

// pair says what a text is that is between two quotes, or the tags of an element.
func (c *placing) pair(a, b int) Match {
	if c.tooDeep(b) {
		return ""
	}
	if c.inElement(a, b) && c.quote == 0 {
		return Identical
	}
	open, openSize := utf8.DecodeLastRuneInString(c.text[:a])
	end, endSize := utf8.DecodeRuneInString(c.text[b:])
	if !isPair(open, end) || c.levelAt(a-1) != c.levelAt(b) || c.quote != 0 && open != rune(c.quote) {
		return ""
	}
	// A quote within the quotes would end them. One that is doubled is c.quote.
	for i := c.a; c.quote == 0 && c.literal && openSize == 1 && i < c.b; i++ {
		if c.text[i] == c.text[a-1] && c.levelAt(i) == c.levelAt(a-1) {
			return ""
		}
	}
	left, right := a-openSize, b+endSize
	if open == end && openSize == 1 {
		left, right = c.run(a, -1), c.run(b, 1)
		switch n, m := a-left, right-b; {
		case n != m:
			return ""
		case n%2 == 0: // doubled quotes within others
			c.quoted = true
			return Identical
		case n > 1:
			c.quoted = true
			return Surrounded
		}
	}
	if !c.opens(left) || !c.closes(right) {
		return ""
	}
	c.quoted, c.single = true, open == '\''
	c.inField = !c.escapesQuoted && c.fieldBegins(left) && c.fieldEnds(right)
	outer, _ := utf8.DecodeLastRuneInString(c.text[:left])
	next, _ := utf8.DecodeRuneInString(c.text[right:])
	if isPair(outer, next) || c.inElement(left, right) {
		return Surrounded
	}
	return Identical
}

// run returns where a run of the same quotes ends, to the left or to the right of i.
func (c *placing) run(i, step int) int {
	at := func(i int) int {
		if step < 0 {
			return i - 1
		}
		return i
	}
	quote, level := c.text[at(i)], c.levelAt(at(i))
	for n := 0; n < 8 && at(i) >= 0 && at(i) < len(c.text) && c.text[at(i)] == quote && c.levelAt(at(i)) == level; n++ {
		i += step
	}
	return i
}

// opens reports whether a quote at i can begin a string: nothing is joined to it
// but the prefix of a string, as in SQL's N'text'.
func (c *placing) opens(i int) bool {
	before, size := utf8.DecodeLastRuneInString(c.text[:i])
	if size == 0 || !isWord(before) {
		return before != '\\' // an escaped quote
	}
	further, size := utf8.DecodeLastRuneInString(c.text[:i-size])
	return strings.ContainsRune("rRuUbBfFNnLE", before) && (size == 0 || !isWord(further))
}

// closes reports whether a quote before i can end a string.
func (c *placing) closes(i int) bool {
	next, size := utf8.DecodeRuneInString(c.text[i:])
	return size == 0 || !isWord(next)
}

// inElement reports whether a text is all that is between a start tag of XML and its
// end tag, or in a CDATA section.
func (c *placing) inElement(a, b int) bool {
	if strings.HasSuffix(c.text[:a], "<![CDATA[") && strings.HasPrefix(c.text[b:], "]]>") {
		return true
	}
	if !strings.HasSuffix(c.text[:a], ">") || !strings.HasPrefix(c.text[b:], "</") || c.levelAt(a-1) != c.levelAt(b) {
		return false
	}
	before := c.text[max(0, a-lookAround) : a-1]
	tag := before[strings.LastIndexByte(before, '<')+1:]
	first, _ := utf8.DecodeRuneInString(tag)
	return len(tag) < len(before) && unicode.IsLetter(first)
}

// loose reports whether a text is a value or a word that no quotes surround.
func (c *placing) loose(a, b int) bool {
	before, size := utf8.DecodeLastRuneInString(c.text[:a])
	next, nextSize := utf8.DecodeRuneInString(c.text[b:])
	if size != 0 && isWord(before) || nextSize != 0 && isWord(next) {
		return false
	}
	if c.field(a, b) {
		return true
	}
	line := c.text[c.lineStart(a):a]
	if nextSize != 0 && !isBlank(next) && next != '&' && c.tooDeep(b) {
		return false
	}
	begins, ends := size == 0 || isBlank(before), nextSize == 0 || isBlank(next)
	switch left, right := c.levelAt(a-1), c.levelAt(b); {
	case next == '&' && escapes(right%once)&percent == 0: // JSON and XML escape those of a URL
	// Of two marks one of which is escaped, that one is part of the value.
	case !begins && !ends && left != right, !begins && ends && left != 0, begins && !ends && right > left:
		return false
	}
	switch {
	case begins:
	case before == '=' || before == ':':
		if !named(line) {
			return false
		}
	case before == '>':
		if !strings.Contains(line, "<") {
			return false
		}
	case isQuote(before): // the first word of a string
		rest := c.text[b:c.lineEnd(b)]
		c.quoted = true
		return ends && c.opens(a-size) && strings.ContainsRune(rest, before) && c.levelAt(a-1) == c.levelAt(b+strings.IndexRune(rest, before))
	default:
		return false
	}
	switch {
	case ends:
		return true
	case next == '<':
		return strings.Contains(line, ">")
	case next == '&': // of a URL, not an entity
		name, _, ok := strings.Cut(c.text[b+1:c.lineEnd(b)], "=")
		return ok && name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !isWord(r) && !strings.ContainsRune("-.[]%", r) })
	case next == ';' || next == ',':
		following, _ := utf8.DecodeRuneInString(strings.TrimPrefix(c.text[b+1:], " "))
		return unicode.IsLetter(following)
	case strings.ContainsRune(`)]}`, next):
		open := map[rune]string{')': "(", ']': "[", '}': "{"}[next]
		return strings.Count(line, open) > strings.Count(line, string(next))
	case isQuote(next): // the last word of a string
		n, level := 0, c.levelAt(b)
		for i, quote := range line {
			if isPair(quote, next) && c.levelAt(a-len(line)+i) == level {
				n++
			}
		}
		c.quoted = true
		if c.run(b, 1) > b+1 && nextSize == 1 { // doubled, not the end
			return false
		}
		return n%2 == 1 && c.closes(b+nextSize) || next == '"' && c.fieldEnds(b+1) && c.inLongField(a)
	}
	return false
}

// named reports whether a line ends with a name and a sign: name=, "name": or name :.
func named(line string) bool {
	line = strings.TrimRight(line, " \t")
	if line == "" || line[len(line)-1] != '=' && line[len(line)-1] != ':' {
		return false
	}
	line = strings.TrimRight(line[:len(line)-1], " \t\u00a0\u202f")
	last, size := utf8.DecodeLastRuneInString(line)
	switch {
	case size == 0:
		return false
	case isWord(last) || strings.ContainsRune(")]}", last):
		return true
	case isQuote(last): // around the name
		before := line[:len(line)-size]
		open := strings.LastIndexFunc(before, func(r rune) bool { return isPair(r, last) })
		return open >= 0 && open+1 < len(before) && !strings.ContainsFunc(before[open+1:], func(r rune) bool {
			return !isWord(r) && !strings.ContainsRune("-. ", r)
		}) && strings.ContainsFunc(before[open:], isWord)
	}
	return false
}

// lineStart returns where the line of i begins, at most lookAround bytes before.
func (r *reading) lineStart(i int) int {
	from := max(0, i-lookAround)
	for from < i && !utf8.RuneStart(r.text[from]) {
		from++
	}
	return from + strings.LastIndexByte(r.text[from:i], '\n') + 1
}

// lineEnd returns where the line of i ends, at most lookAround bytes after.
func (r *reading) lineEnd(i int) int {
	rest := r.text[i:min(len(r.text), i+lookAround)]
	if end := strings.IndexAny(rest, "\r\n"); end >= 0 {
		return i + end
	}
	return i + len(rest)
}
