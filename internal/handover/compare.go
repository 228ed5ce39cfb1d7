package handover

import (
	"strings"

	"amarre/authclient"
)

// Match is the result of [Configuration.Compare].
type Match string

// The matches, from the best to the worst. Of several places in a configuration,
// the best counts.
const (
	Identical  Match = "identical"
	Bearer     Match = "bearer"     // "Bearer" before the token (docs/service.md, section 2)
	Surrounded Match = "surrounded" // quotes, white space or invisible characters around the token
	Spaced     Match = "spaced"     // white space or line breaks inside, as in groups of four or in a mail
	Escaped    Match = "escaped"    // escapes of a format where they are none: %3D, &amp;
	Invisible  Match = "invisible"  // invisible characters inside, or no-break spaces
	LetterCase Match = "letter-case"
	LookAlike  Match = "look-alike"  // characters that look like those of the token
	TooLong    Match = "too-long"    // the token and a few more characters
	OneMissing Match = "one-missing" // a character inside is missing
	OneWrong   Match = "one-wrong"   // a character is another, or two are swapped
	Truncated  Match = "truncated"   // one or both ends are missing
	Commented  Match = "commented"   // the token, but only in a comment
	Different  Match = "different"
	Nothing    Match = "nothing" // no value to compare
)

// Matches returns all matches, the best first.
func Matches() []Match {
	return []Match{Identical, Bearer, Surrounded, Spaced, Escaped, Invisible, LetterCase, LookAlike,
		TooLong, OneMissing, OneWrong, Truncated, Commented, Different, Nothing}
}

// rank has the place of each match in Matches.
var rank = func() map[Match]int {
	ranks := map[Match]int{}
	for i, match := range Matches() {
		ranks[match] = i
	}
	return ranks
}()

// HasToken reports whether the configuration has every character of the token, in
// order and in use: it cannot be meant to be another token.
func (m Match) HasToken() bool { return rank[m] <= rank[Invisible] }

// minPart is the least length of a part of a token that is looked for, and of a token
// whose near misses are: shorter ones are in a text by chance.
const minPart = 8

// Configuration is what an ERP has, in which tokens are looked for: a value, or the
// whole text of a file in the formats that ERPs use, such as INI, JSON, XML, .reg, CSV,
// .env, SQL or source code. It may be used by one goroutine at a time.
type Configuration struct {
	documents []*document
}

// NewConfiguration takes a text to compare. [DecodeText] makes a text of a file.
func NewConfiguration(text authclient.Secret) *Configuration {
	if !strings.ContainsFunc(text.Reveal(), visible) {
		return &Configuration{}
	}
	c := &Configuration{[]*document{newDocument(text.Reveal())}}
	for _, value := range hexValues(text.Reveal()) {
		c.documents = append(c.documents, newDocument(value))
	}
	return c
}

// Compare compares a token, which may be of any printable ASCII characters. It is found
// as a whole value only, with the escapes of its place undone, and never as a part of a
// longer run of characters, which may be another token. count is the number of
// characters that are missing (Truncated) or too many (TooLong), else 0.
func (c *Configuration) Compare(token authclient.Secret) (match Match, count int) {
	best, wanted := c.find(token), token.Reveal()
	if !best.match.HasToken() && best.match != Nothing && len(wanted) >= minPart {
		for _, d := range c.documents {
			d.findNear(wanted, best)
		}
	}
	return best.match, best.count
}

// Has reports whether the configuration has a token, as [Match.HasToken] says.
func (c *Configuration) Has(token authclient.Secret) bool { return c.find(token).match.HasToken() }

func (c *Configuration) find(token authclient.Secret) *result {
	if len(c.documents) == 0 || token.IsZero() {
		return &result{match: Nothing}
	}
	best := &result{match: Different}
	for _, d := range c.documents {
		if d.find(token.Reveal(), best); best.match == Identical {
			break
		}
	}
	return best
}

// result is the best match so far.
type result struct {
	match Match
	count int
}

// add takes a match if it is better, or the same with fewer characters.
func (r *result) add(match Match, count int) {
	if match != "" && (rank[match] < rank[r.match] || match == r.match && count < r.count) {
		r.match, r.count = match, count
	}
}

// find looks for the whole token.
func (d *document) find(token string, best *result) {
	if d.text == token {
		best.add(Identical, 0)
		return
	}
	for _, r := range d.readings {
		if r.findAll(token, 0, best); best.match == Identical {
			return
		}
		if r.made&^joined != 0 {
			continue
		}
		for _, quote := range []string{`"`, "'"} {
			if doubled := strings.ReplaceAll(token, quote, quote+quote); doubled != token {
				r.findAll(doubled, quote[0], best)
			}
		}
	}
	if rank[best.match] <= rank[Spaced] || len(token) < minPart {
		return
	}
	left := maxNear
	for _, r := range d.readings {
		squeezed := r.withoutSpaces()
		for i := range occurrences(squeezed.text, token) {
			if left -= 1 + len(token)/64; left < 0 {
				return
			}
			start, end := squeezed.span(i, i+len(token))
			if end-start == len(token) || r.followingGroup(end) > 0 {
				continue
			}
			switch r.place(start, end, 0, false) {
			case "":
			case Commented:
				best.add(Commented, 0)
			default:
				if hasInvisible(r.text[start:end]) {
					best.add(Invisible, 0)
				} else {
					best.add(Spaced, 0)
				}
			}
		}
	}
}

// maxFound is how many places of the token are looked at in a reading, fewer of a long
// one: only a text made to be slow has more.
const maxFound = 500_000

// findAll adds each place of the token in a reading. If quote is not 0, the token is
// written with that quote doubled and is between such quotes.
func (r *reading) findAll(token string, quote byte, best *result) {
	left := maxFound
	for i := range occurrences(r.text, token) {
		if left -= 1 + len(token)/64; left < 0 {
			return
		}
		if best.add(r.place(i, i+len(token), quote, true), 0); best.match == Identical {
			return
		}
	}
}

// occurrences yields the offset of each occurrence of part, overlapping ones too.
func occurrences(text, part string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for from := 0; ; {
			i := strings.Index(text[from:], part)
			if i < 0 || !yield(from+i) {
				return
			}
			from += i + 1
		}
	}
}
