package handover

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// document is a text in which a token is looked for.
type document struct {
	text     string
	comments []span
	readings []*reading // the text as it stands, then with the escapes of formats undone

	escapesQuoted bool // JSON or .reg: quotes and backslashes are always escaped
	plainQuoted   bool // WLangage: backslashes never do
	markup        bool // XML or HTML
}

// span is a part of a text.
type span struct{ start, end int }

// escapes is a set of kinds of escapes.
type escapes uint8

const (
	joined    escapes = 1 << iota // parts of a string joined: "a" + "b"
	backslash                     // \" \u0022
	entity                        // &quot; &#34;
	percent                       // %22
	printable                     // =22 and soft line breaks, of quoted-printable mail
	doubled                       // "" in a string with such quotes
)

// level says how a byte was escaped: the kinds, and above them how often.
type level uint16

const once level = 1 << 8

// maxDepth is how often escapes are undone within each other: a JSON text in a
// string of a JSON text, in a string of an XML text.
const maxDepth = 3

// maxReadings limits the time and memory for a text made to have every kind.
const maxReadings = 10

// head is how much of a document is read to know its format.
const head = 64 << 10

var (
	regText      = compiled(`^\s*(?:Windows Registry Editor|REGEDIT4)|(?m:^[ \t]*"[^"\n]*"="[^\n]*"[ \t]*\r?$)`)
	jsonText     = compiled(`^\s*(?:\{\s*(?:"|//|/\*)|\[\s*["{\[])`)
	wlangageText = compiled(`(?m)^[ \t]*[\pL_][\pL\d_]*(?:[ \t]*,[ \t]*[\pL_][\pL\d_]*)*[ \t]+(?:est une?|sont des)[ \t]+\pL`)
	markupText   = compiled(`^\s*<|</\w|\w\s*/>`)
)

// compiled compiles an expression when it is first used: programs that compare nothing
// start without it.
func compiled(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

func newDocument(text string) *document {
	d := &document{text: text, comments: comments(text)}
	begin := text[:min(len(text), head)]
	end := strings.TrimRightFunc(text, isSpace)
	isJSON := jsonText().MatchString(begin) && (strings.HasSuffix(end, "}") || strings.HasSuffix(end, "]"))
	d.escapesQuoted = isJSON || regText().MatchString(begin)
	d.plainQuoted = !d.escapesQuoted && wlangageText().MatchString(begin)
	d.markup = markupText().MatchString(begin)
	plain := &reading{document: d, text: text}
	plain.measure()
	d.readings = []*reading{plain}
	for depth, from := 0, 0; depth < maxDepth; depth++ {
		last := d.readings[from:]
		from = len(d.readings)
		for _, r := range last {
			if len(d.readings) < maxReadings {
				d.readings = append(d.readings, r.decoded()...)
			}
		}
	}
	return d
}

// reading is a document with some escapes undone.
type reading struct {
	*document
	text  string
	made  escapes // the kinds that were undone
	at    []int32 // for each byte of text, its offset in the document; nil if they are the same
	level []level // for each byte of text, how it was escaped; nil if none was

	first, last int   // the part of text without what wraps a value: quotes, white space
	compact     *view // see withoutSpaces
}

// measure sets first and last.
func (r *reading) measure() {
	if r.first = strings.IndexFunc(r.text, notWrapper); r.first < 0 {
		r.first = len(r.text)
	}
	if i := strings.LastIndexFunc(r.text, notWrapper); i >= 0 {
		_, size := utf8.DecodeRuneInString(r.text[i:])
		r.last = i + size
	}
}

// decoded returns the readings of r with one more kind of escape undone. A mail is
// around the others; a URL, and parts of a string, are within them.
func (r *reading) decoded() []*reading {
	if r.made&(percent|joined) != 0 {
		return nil
	}
	var all []*reading
	if r.made == 0 {
		all = append(all, r.decode(printable, '=', unescapePrintable))
	}
	if !r.plainQuoted {
		all = append(all, r.decode(backslash, '\\', unescapeBackslash))
	}
	all = append(all, r.decode(entity, '&', unescapeEntity), r.decode(percent, '%', unescapePercent), r.join())
	return slices.DeleteFunc(all, func(r *reading) bool { return r == nil })
}

// decode returns a reading without the escapes that begin with lead, or nil if there
// are none. escape returns what an escape at the beginning of a text stands for, and
// its length, which is 0 if there is none.
func (r *reading) decode(kind escapes, lead byte, escape func(s string) (string, int)) *reading {
	var b builder
	for i := 0; i < len(r.text); {
		next := strings.IndexByte(r.text[i:], lead)
		if next < 0 {
			next = len(r.text) - i
		}
		i = b.copy(r, i, i+next)
		if i == len(r.text) {
			break
		}
		out, size := escape(r.text[i:])
		if size == 0 {
			i = b.copy(r, i, i+1)
			continue
		}
		b.replace(r, i, i+size, out, kind)
		i += size
	}
	return b.reading(r, kind)
}

// join returns a reading with the parts of strings joined that source code
// concatenates, and those of CDATA sections, or nil.
func (r *reading) join() *reading {
	made := r
	for _, lead := range []byte(`"']`) {
		if next := made.decode(joined, lead, concatenation); next != nil {
			made = next
		}
	}
	if made == r {
		return nil
	}
	return made
}

// concatenation returns the length of what joins two parts of a string: their quotes
// and a sign. WLangage continues a line with "...", Visual Basic with "_".
func concatenation(s string) (string, int) {
	const section = "]]><![CDATA["
	if strings.HasPrefix(s, section) {
		return "", len(section)
	}
	const blank, most = " \t\r\n", 200
	rest := s[1:min(len(s), most)]
	skip := func() {
		rest = strings.TrimLeft(rest, blank)
		rest = strings.TrimPrefix(strings.TrimPrefix(rest, "..."), "_")
		rest = strings.TrimLeft(rest, blank)
	}
	skip()
	before := len(rest)
	for _, sign := range []string{"+", "&", "||", "."} {
		rest = strings.TrimPrefix(rest, sign)
		if len(rest) < before {
			break
		}
	}
	if len(rest) == before {
		return "", 0
	}
	if skip(); rest == "" || rest[0] != s[0] || s[0] == ']' {
		return "", 0
	}
	return "", min(len(s), most) - len(rest) + 1
}

// builder makes a reading of another. It allocates at the first escape.
type builder struct {
	text    []byte
	at      []int32
	level   []level
	changed bool
}

func (b *builder) copy(r *reading, start, end int) int {
	if b.changed {
		b.append(r, start, end)
	}
	return end
}

func (b *builder) append(r *reading, start, end int) {
	b.text = append(b.text, r.text[start:end]...)
	for i := start; i < end; i++ {
		b.at = append(b.at, int32(r.offset(i)))
		b.level = append(b.level, r.levelAt(i))
	}
}

func (b *builder) replace(r *reading, start, end int, by string, kind escapes) {
	if !b.changed {
		b.changed = true
		b.text, b.at, b.level = make([]byte, 0, len(r.text)), make([]int32, 0, len(r.text)), make([]level, 0, len(r.text))
		b.append(r, 0, start)
	}
	var kinds, times level
	for i := start; i < end; i++ {
		kinds |= r.levelAt(i) % once
		times = max(times, r.levelAt(i)/once)
	}
	b.text = append(b.text, by...)
	for range len(by) {
		b.at = append(b.at, int32(r.offset(start)))
		b.level = append(b.level, kinds|level(kind)|(times+1)*once)
	}
}

func (b *builder) reading(r *reading, kind escapes) *reading {
	if !b.changed {
		return nil
	}
	made := &reading{document: r.document, text: string(b.text), made: r.made | kind, at: b.at, level: b.level}
	made.measure()
	return made
}

// offset returns the offset in the document of a byte of the text.
func (r *reading) offset(i int) int {
	switch {
	case r.at == nil:
		return i
	case i < len(r.at):
		return int(r.at[i])
	}
	return len(r.document.text)
}

// levelAt returns how a byte of the text was escaped; i may be beyond its ends.
func (r *reading) levelAt(i int) level {
	if r.level == nil || i < 0 || i >= len(r.level) {
		return 0
	}
	return r.level[i]
}

// unescapeBackslash undoes an escape of JSON, .reg or a programming language. A
// backslash at the end of a line continues it.
func unescapeBackslash(s string) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	switch s[1] {
	case '"', '\\', '/', '\'':
		return s[1:2], 2
	case 'n':
		return "\n", 2
	case 'r':
		return "\r", 2
	case 't':
		return "\t", 2
	case 'b', 'f':
		return " ", 2
	case 'x':
		if n, ok := hexDigits(s, 2, 2); ok {
			return string(n), 4
		}
	case 'u':
		high, ok := hexDigits(s, 2, 4)
		if !ok {
			return "", 0
		}
		if strings.HasPrefix(s[6:], `\u`) && utf16.IsSurrogate(high) {
			if low, ok := hexDigits(s, 8, 4); ok {
				return string(utf16.DecodeRune(high, low)), 12
			}
		}
		return string(high), 6
	case '\n', '\r':
		rest := strings.TrimPrefix(strings.TrimPrefix(s[1:], "\r"), "\n")
		return "", len(s) - len(strings.TrimLeft(rest, " \t"))
	}
	return "", 0
}

// hexDigits reads n hexadecimal digits of s.
func hexDigits(s string, from, n int) (rune, bool) {
	if len(s) < from+n {
		return 0, false
	}
	value, err := strconv.ParseUint(s[from:from+n], 16, 32)
	return rune(value), err == nil
}

// unescapeEntity undoes an entity of XML or HTML.
func unescapeEntity(s string) (string, int) {
	end := strings.IndexByte(s[:min(len(s), 12)], ';') + 1
	if end <= 0 || strings.LastIndexByte(s[:end], '&') > 0 {
		return "", 0
	}
	if out := html.UnescapeString(s[:end]); out != s[:end] {
		return out, end
	}
	return "", 0
}

// unescapePercent undoes an escape of a URL.
func unescapePercent(s string) (string, int) {
	if n, ok := hexDigits(s, 1, 2); ok {
		return string([]byte{byte(n)}), 3
	}
	return "", 0
}

// unescapePrintable undoes an escape of a mail.
func unescapePrintable(s string) (string, int) {
	switch {
	case strings.HasPrefix(s, "=\r\n"):
		return "", 3
	case strings.HasPrefix(s, "=\n"):
		return "", 2
	}
	if n, ok := hexDigits(s, 1, 2); ok && strings.ToUpper(s[1:3]) == s[1:3] {
		return string([]byte{byte(n)}), 3
	}
	return "", 0
}

// undouble returns a reading without the doubled quotes of SQL, CSV or WLangage, or nil.
// A quote at an end of a value may be taken for its mark, so that this is for values
// that are not quite the token.
func (r *reading) undouble(quote byte) *reading {
	return r.decode(doubled, quote, func(s string) (string, int) {
		if len(s) > 1 && s[1] == quote {
			return s[:1], 2
		}
		return "", 0
	})
}

// hexText is a value of a .reg file that is written as bytes.
var hexText = compiled(`=hex(?:\([0-9a-f]+\))?:((?:[0-9a-fA-F]{2}|,|\\\r?\n[ \t]*)+)`)

// hexValues returns the texts that a .reg file holds as bytes: UTF-16 or ASCII, each
// ended by a NUL.
func hexValues(text string) []string {
	var values []string
	for _, found := range hexText().FindAllStringSubmatch(text, -1) {
		var b []byte
		for _, digits := range strings.FieldsFunc(found[1], func(r rune) bool { return strings.ContainsRune(",\\\r\n \t", r) }) {
			n, err := strconv.ParseUint(digits, 16, 8)
			if err != nil {
				break
			}
			b = append(b, byte(n))
		}
		for value := range strings.SplitSeq(DecodeText(b), "\x00") {
			if len(value) >= minPart && !slices.Contains(values, value) && len(values) < maxHexValues {
				values = append(values, value)
			}
		}
	}
	return values
}

// maxHexValues is how many of these texts are looked at; an ERP has few.
const maxHexValues = 100
