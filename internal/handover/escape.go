package handover

import "strings"

// escapesFit reports whether the escapes in the text are those of its place.
func (c *placing) escapesFit() bool {
	made := c.kinds()
	if made&backslash != 0 && !c.quoted && !c.escapesQuoted || made&entity != 0 && !c.inMarkup() || made&printable != 0 {
		return false
	}
	if made&percent != 0 {
		line := c.text[c.lineStart(c.a):c.a]
		line = line[strings.LastIndexAny(line, " \t\"'<>")+1:]
		return strings.ContainsAny(line, "?&")
	}
	return true
}

// inMarkup reports whether the text is in XML or HTML, which may itself be in a string.
func (c *placing) inMarkup() bool {
	return c.markup || strings.Contains(c.text[max(0, c.a-lookAround):c.a], "<")
}

// kinds returns the kinds of escapes in the text.
func (c *placing) kinds() escapes {
	var kinds level
	for i := c.a; i < c.b; i++ {
		kinds |= c.levelAt(i) % once
	}
	return escapes(kinds)
}

// escapesOther reports whether a backslash is before another character than quote, at
// which languages with such strings agree that it escapes.
func (c *placing) escapesOther(quote byte) bool {
	for i := c.a; i < c.b; i++ {
		if escapes(c.levelAt(i)%once)&backslash != 0 && c.text[i] != quote {
			return true
		}
	}
	return false
}

// tooDeep reports whether a character of the text was escaped twice more than the mark
// at i. It would be in a string within the one that the mark ends.
func (c *placing) tooDeep(i int) bool {
	for j := c.a; c.literal && c.level != nil && j < c.b; j++ {
		if c.levelAt(j)/once > c.levelAt(i)/once+1 {
			return true
		}
	}
	return false
}
