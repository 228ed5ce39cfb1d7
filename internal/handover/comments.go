package handover

import (
	"slices"
	"strings"
)

// comments returns the comments of a configuration in whatever format, in order and
// apart. What follows a mark at once is not in its span: it may be a value that begins
// with the mark.
func comments(text string) []span {
	all := blockComments(nil, text, "<!--", "-->")
	all = blockComments(all, text, "/*", "*/")
	for start := 0; start < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		if from := lineComment(text[start:end]); from >= 0 {
			all = append(all, span{start + from, end})
		}
		start = end + 1
	}
	slices.SortFunc(all, func(a, b span) int { return a.start - b.start })
	apart := all[:0]
	for _, each := range all {
		if n := len(apart); n > 0 && each.start <= apart[n-1].end {
			apart[n-1].end = max(apart[n-1].end, each.end)
			continue
		}
		apart = append(apart, each)
	}
	return apart
}

// blockComments appends the comments between two marks. Of "/*" those count that are
// not in a word, as it also is a part of patterns of file names.
func blockComments(all []span, text, open, end string) []span {
	for at := 0; ; {
		i := strings.Index(text[at:], open)
		if i < 0 {
			return all
		}
		start := at + i
		at = start + len(open)
		if open == "/*" && start > 0 && !isBlank(rune(text[start-1])) && text[start-1] != ';' {
			continue
		}
		i = strings.Index(text[at:], end)
		if i < 0 {
			return all
		}
		at += i + len(end)
		all = append(all, span{start, at})
	}
}

// lineComment returns where the text of a comment begins on a line, or -1. Its mark
// is at the beginning, or after white space and not in a string.
func lineComment(line string) int {
	rest := strings.TrimLeft(line, " \t")
	for _, mark := range []string{"#", ";", "//", "-- ", "--\t", "rem ", "::"} {
		if len(rest) > len(mark) && strings.EqualFold(rest[:len(mark)], mark) {
			if strings.HasPrefix(rest, "#define") || strings.HasPrefix(rest, "#const") {
				return -1
			}
			return len(line) - len(rest) + len(mark) + 1
		}
	}
	double, single := 0, 0
	for i := 0; i+2 < len(line); i++ {
		switch line[i] {
		case '"':
			double++
		case '\'':
			single++
		case ' ', '\t':
			if double%2 != 0 || single%2 != 0 {
				continue
			}
			for _, mark := range []string{"#", ";", "//", "-- "} {
				if strings.HasPrefix(line[i+1:], mark) {
					return i + 1 + len(mark) + 1
				}
			}
		}
	}
	return -1
}

// inComment reports whether an offset of the document is in a comment.
func (d *document) inComment(offset int) bool {
	i, found := slices.BinarySearchFunc(d.comments, offset, func(s span, offset int) int { return s.start - offset })
	return found || i > 0 && offset < d.comments[i-1].end
}
