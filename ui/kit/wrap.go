package kit

import (
	"sort"
	"strings"
)

const noBreak = '\u00a0'

// wrap replaces spaces of a text by line breaks, so that each line fits. A word that is
// longer than a line is cut, but not beside a no-break space.
func wrap(text string, fits func(line string) bool) string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for i, word := range strings.Split(paragraph, " ") {
			switch longer := line + " " + word; {
			case i == 0:
				line = word
			case fits(longer):
				line = longer
				continue
			default:
				lines = append(lines, line)
				line = word
			}
			for !fits(line) {
				at := cut(line, fits)
				if at == len(line) {
					break
				}
				lines = append(lines, line[:at])
				line = line[at:]
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// cut returns the number of bytes at the start of a word that fit on a line, or the
// length of the word if it cannot be cut. No line begins with a punctuation mark.
func cut(word string, fits func(line string) bool) int {
	runes := []rune(word)
	at := sort.Search(len(runes), func(n int) bool { return !fits(string(runes[:n+1])) })
	beside := func(at int) bool {
		return runes[at-1] == noBreak || runes[at] == noBreak || strings.ContainsRune(":;,.!?)", runes[at])
	}
	for at > 1 && at < len(runes) && beside(at) {
		at--
	}
	if at == 0 || at < len(runes) && beside(at) {
		at = len(runes)
	}
	return len(string(runes[:at]))
}
