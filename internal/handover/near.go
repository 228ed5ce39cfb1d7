package handover

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxNear is how many places of a document are tried for a near miss. More are in no
// configuration; the limit keeps the time short.
const maxNear = 20000

// maxNearBytes is how much text is searched for near misses: of a large file, not all
// readings.
const maxNearBytes = 4 << 20

// followingGroup returns the length of one more group of characters, if a text that
// ends at i with a group of four is followed by it and nothing else, or 0.
func (r *reading) followingGroup(i int) int {
	const size = 4 // as the window shows tokens
	rest := r.text[i:]
	if len(rest) > 16 || i < size+1 || !isSpace(rune(r.text[i-size-1])) || rest == strings.TrimLeftFunc(rest, isSpace) {
		return 0
	}
	if group := strings.TrimFunc(rest, isSpace); len(group) <= size && !strings.ContainsFunc(group, isSpace) {
		return len(group)
	}
	return 0
}

// near looks for one token's near misses.
type near struct {
	token, lower, skeleton string
	parts                  map[string]int // where parts of minPart characters are in the token
	begins                 []bool         // for two bytes, whether a part begins with them
	best                   *result
	left                   int // how many places may still be tried
}

// findNear looks for what is almost the token.
func (d *document) findNear(token string, best *result) {
	n := &near{token: token, lower: lower(token), skeleton: skeletonOf(token), best: best, left: maxNear,
		parts: map[string]int{}, begins: make([]bool, 1<<16)}
	for i := len(token) - minPart; i >= 0; i-- {
		n.parts[token[i:i+minPart]] = i
		n.begins[two(token, i)] = true
	}
	readings := slices.Clip(d.readings)
	for _, quote := range []byte(`"'`) {
		if strings.IndexByte(token, quote) >= 0 {
			if r := d.readings[0].undouble(quote); r != nil {
				readings = append(readings, r)
			}
		}
	}
	size := 0
	for _, r := range readings {
		if size += len(r.text); size > maxNearBytes && size > len(r.text) {
			break
		}
		for _, v := range []view{{r: r, text: r.text}, r.withoutSpaces()} {
			n.same(view{v.r, lower(v.text), v.from}, n.lower, LetterCase)
			n.same(v.folded(), n.skeleton, LookAlike)
			n.longer(v)
			n.oneOff(v)
			n.truncated(v)
		}
	}
}

// spend counts a place that is tried, and reports whether it may be. A long token takes
// as long as several short ones.
func (n *near) spend() bool {
	n.left -= 1 + len(n.token)/64
	return n.left >= 0
}

// try adds a match if the part [i:j] of a view is a whole value.
func (n *near) try(v view, i, j int, match Match, count int) bool {
	if !n.spend() || i < 0 || j > len(v.text) {
		return false
	}
	start, end := v.span(i, j)
	if end-start > j-i && v.r.followingGroup(end) > 0 {
		return false
	}
	if placed := v.r.place(start, end, 0, false); placed == "" || placed == Commented {
		return false
	}
	n.best.add(match, count)
	return true
}

// same looks for a folded token in a view that is folded, too. The token itself, where
// it was not found as a value, is none.
func (n *near) same(v view, folded string, match Match) {
	for i := range occurrences(v.text, folded) {
		if !n.spend() {
			return
		}
		start, end := v.span(i, i+len(folded))
		if (&reading{text: v.r.text[start:end]}).squeezed().text != n.token {
			n.try(v, i, i+len(folded), match, 0)
		}
	}
}

// longer looks for the token with other characters at its ends.
func (n *near) longer(v view) {
	for i := range occurrences(v.text, n.token) {
		if !n.spend() {
			return
		}
		start, end := v.span(i, i+len(n.token))
		count := v.r.followingGroup(end)
		if end-start > len(n.token) && count == 0 {
			continue
		}
		if count == 0 && v.r.place(start, end, 0, false) != "" {
			continue // it was found, in a comment or not as a value
		}
		if count == 0 {
			before, _ := utf8.DecodeLastRuneInString(v.r.text[:start])
			next, _ := utf8.DecodeRuneInString(v.r.text[end:])
			if c := (&placing{reading: v.r}); isPair(before, next) && start-c.run(start, -1) == c.run(end, 1)-end {
				continue // a format's escapes make it another value
			}
			count = max(1, extent(v.r.text[:start], true, len(n.token))+extent(v.r.text[end:], false, len(n.token)))
		}
		if count <= len(n.token) && !v.r.commented(start) {
			n.best.add(TooLong, count)
		}
	}
}

// extent counts the characters that are joined to a value, to its left or its right,
// as far as one more than most.
func extent(text string, left bool, most int) int {
	count := 0
	for ; text != "" && count <= most; count++ {
		var r rune
		var size int
		if left {
			r, size = utf8.DecodeLastRuneInString(text)
			text = text[:len(text)-size]
		} else {
			r, size = utf8.DecodeRuneInString(text)
			text = text[size:]
		}
		if isSpace(r) || isQuote(r) || strings.ContainsRune(";,&|", r) || left && strings.ContainsRune("=:>", r) || !left && r == '<' {
			break
		}
	}
	return count
}

// oneOff looks for the token with one character more, less or another, or two swapped.
// One half of it is then as it should be.
func (n *near) oneOff(v view) {
	half := len(n.token) / 2
	for i := range occurrences(v.text, n.token[:half]) {
		n.compare(v, i, i+half, n.token[half:], false)
		if n.left < 0 {
			return
		}
	}
	for i := range occurrences(v.text, n.token[half:]) {
		n.compare(v, i+len(n.token)-half, i, n.token[:half], true)
		if n.left < 0 {
			return
		}
	}
}

// compare compares the rest of a token with the text from an offset on: after it, or
// before it if back. other is the other end of the part that is known.
func (n *near) compare(v view, other, from int, rest string, back bool) {
	n.spend()
	text := v.text[from:min(len(v.text), from+len(rest)+utf8.UTFMax)]
	if back {
		text = v.text[max(0, from-len(rest)-utf8.UTFMax):from]
	}
	same := 0
	for same < min(len(text), len(rest)) && at(text, same, back) == at(rest, same, back) {
		same++
	}
	if same == len(rest) {
		return
	}
	// What follows the first character that differs.
	tail := after(rest, same, back)
	one, size := decode(after(text, same, back), back)
	try := func(size int, match Match, count int) {
		if back {
			n.try(v, from-size, other, match, count)
		} else {
			n.try(v, other, from+size, match, count)
		}
	}
	follows := func(text, part string) bool {
		if back {
			return strings.HasSuffix(text, part)
		}
		return strings.HasPrefix(text, part)
	}
	remaining := after(text, same, back)
	if len(tail) > 1 && follows(remaining, after(tail, 1, back)) {
		try(len(rest)-1, OneMissing, 0)
	}
	if size == 0 || isSpace(one) {
		return
	}
	if follows(after(remaining, size, back), after(tail, 1, back)) {
		try(len(rest)-1+size, OneWrong, 0)
	}
	if follows(after(remaining, size, back), tail) {
		try(len(rest)+size, TooLong, 1)
	}
	if len(tail) > 1 && len(remaining) > 1 && at(remaining, 0, back) == at(tail, 1, back) && at(remaining, 1, back) == at(tail, 0, back) &&
		follows(after(remaining, 2, back), after(tail, 2, back)) {
		try(len(rest), OneWrong, 0)
	}
}

// at, after and decode read a text from its beginning, or from its end if back.
func at(text string, i int, back bool) byte {
	if back {
		return text[len(text)-1-i]
	}
	return text[i]
}

func after(text string, i int, back bool) string {
	if i = min(i, len(text)); back {
		return text[:len(text)-i]
	}
	return text[i:]
}

func decode(text string, back bool) (rune, int) {
	if back {
		return utf8.DecodeLastRuneInString(text)
	}
	return utf8.DecodeRuneInString(text)
}

// truncated looks for parts of the token that are whole values.
func (n *near) truncated(v view) {
	text, token := v.text, n.token
	for i := 0; i+minPart <= len(text); {
		if !n.begins[two(text, i)] {
			i++
			continue
		}
		j, ok := n.parts[text[i:i+minPart]]
		if !ok {
			i++
			continue
		}
		start, end := i, i+minPart
		for j > 0 && start > 0 && text[start-1] == token[j-1] {
			start, j = start-1, j-1
		}
		for j+end-start < len(token) && end < len(text) && text[end] == token[j+end-start] {
			end++
		}
		n.part(v, start, end)
		if n.left < 0 {
			return
		}
		i = max(end-minPart, i) + 1
	}
}

// two returns two bytes of a text as a number.
func two(text string, i int) int { return int(text[i])<<8 | int(text[i+1]) }

// part tries a common part of a view and the token. A mark of the format next to it
// may by chance be the next character of the token, so shorter parts are tried too.
func (n *near) part(v view, start, end int) {
	const most = 2
	for cut := range most + 1 {
		for left := range cut + 1 {
			i, j := start+left, end-(cut-left)
			size := j - i
			if size < minPart || size >= len(n.token) {
				continue
			}
			for _, ellipsis := range []string{"…", "...", ""} {
				if strings.HasPrefix(v.text[j:], ellipsis) && n.try(v, i, j+len(ellipsis), Truncated, len(n.token)-size) {
					return
				}
			}
		}
	}
}
