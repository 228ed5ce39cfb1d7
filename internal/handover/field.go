package handover

import "strings"

// separators are between the fields of a CSV file.
const separators = ";,|"

// field reports whether a text is a whole field of a CSV file without quotes. A
// separator at one side only needs others, here or on a line beside.
func (c *placing) field(a, b int) bool {
	left, right := byte(0), byte(0)
	start, end := c.lineStart(a), c.lineEnd(b)
	if a > start {
		left = c.text[a-1]
	}
	if b < end {
		right = c.text[b]
	}
	sep := left | right
	if left != 0 && right != 0 {
		sep = left
	}
	if left != 0 && left != sep || right != 0 && right != sep || !strings.Contains(separators, string(rune(sep))) ||
		strings.IndexByte(c.text[a:b], sep) >= 0 {
		return false
	}
	from := max(0, a-12)
	if amp := strings.LastIndexByte(c.text[from:a], '&'); left == ';' && amp >= 0 {
		if _, size := unescapeEntity(c.text[from+amp:]); from+amp+size == a {
			return false
		}
	}
	if left != 0 && a-1 > start && strings.IndexByte("=: \t", c.text[a-2]) >= 0 {
		return false
	}
	if left != 0 && right != 0 {
		return true
	}
	count := func(start, end int) int { return strings.Count(c.text[start:end], string(rune(sep))) }
	here := count(start, end)
	if here > 1 {
		return true
	}
	if start > 0 && count(c.lineStart(start-1), start) == here {
		return true
	}
	return end+1 < len(c.text) && count(end+1, c.lineEnd(end+1)) == here
}

// fieldBegins and fieldEnds report whether a field of a CSV file can begin or end
// at i.
func (c *placing) fieldBegins(i int) bool {
	return i == 0 || strings.IndexByte(separators+"\n", c.text[i-1]) >= 0
}

func (c *placing) fieldEnds(i int) bool {
	return i == len(c.text) || strings.IndexByte(separators+"\r\n", c.text[i]) >= 0
}

// inLongField reports whether i is in a field of several lines, which began with a
// double quote.
func (c *placing) inLongField(i int) bool {
	from := max(0, i-8*lookAround)
	open := strings.LastIndexByte(c.text[from:i], '"')
	return open >= 0 && c.fieldBegins(from+open)
}
