package kit

import (
	"strings"
	"testing"
)

// TestNoLineBeginsWithAMark: a word that is too long for a line, such as a path, is not cut
// before a punctuation mark.
func TestNoLineBeginsWithAMark(t *testing.T) {
	for most := 2; most < 9; most++ {
		text := wrap("C:\\crash.txt: send it, (now).", func(line string) bool { return len(line) <= most })
		for _, line := range strings.Split(text, "\n") {
			if line != "" && strings.ContainsRune(":;,.!?)", rune(line[0])) && len(line) > 1 {
				t.Errorf("%d characters a line: %q", most, text)
			}
		}
	}
}
