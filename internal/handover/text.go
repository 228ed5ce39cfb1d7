package handover

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// DecodeText returns the text of a file: UTF-8 or UTF-16 with or without a byte order
// mark, else Windows-1252. The mark is not part of the text.
func DecodeText(content []byte) string {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(content, []byte("\xef\xbb\xbf")):
		return string(content[3:])
	case bytes.HasPrefix(content, []byte("\xff\xfe")), isUTF16(content, 1):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(content, []byte("\xfe\xff")), isUTF16(content, 0):
		from = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case utf8.Valid(content):
		return string(content)
	default:
		from = charmap.Windows1252
	}
	text, err := from.NewDecoder().Bytes(content)
	if err != nil { // these decoders replace what they cannot decode
		return string(content)
	}
	return string(text)
}

// isUTF16 reports whether content is UTF-16 without a byte order mark, of a language
// in Latin letters: most bytes at even offsets (high is 0) or odd ones (1) are zero,
// and hardly any of the others.
func isUTF16(content []byte, high int) bool {
	if len(content) < 4 || len(content)%2 != 0 {
		return false
	}
	zeros := [2]int{}
	for i, c := range content {
		if c == 0 {
			zeros[(i+high)%2]++
		}
	}
	return zeros[0] > len(content)/4 && zeros[1] < zeros[0]/4
}
