package cli

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	unicodetext "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"amarre/authclient"
	"amarre/internal/desktop"
)

// maxSecret is the most bytes of a secret that are read.
const maxSecret = 64 << 10

// unusable says why what was given is no secret. It is the key of the sentence.
type unusable string

const (
	notText    unusable = "cli.error.secret_encoding"
	twoLines   unusable = "cli.error.secret_lines"
	tooLong    unusable = "cli.error.secret_long"
	hasUnseen  unusable = "cli.error.secret_unseen"
	typedKey   unusable = "cli.error.typed_key"
	typedAsCut unusable = "cli.error.typed_long"
)

// Error implements error.
func (u unusable) Error() string { return string(u) }

// readGiven reads a secret to the end of a pipe or file: one line of text in UTF-8 or
// UTF-16. Its line break and a byte order mark are not part of it. The error is unusable or
// that of the reader.
func readGiven(from io.Reader) (string, error) {
	content, err := io.ReadAll(io.LimitReader(from, maxSecret+1))
	if err != nil {
		return "", err
	}
	if len(content) > maxSecret {
		return "", tooLong
	}
	text, err := decode(content)
	if err != nil {
		return "", err
	}
	if line, ended := strings.CutSuffix(text, "\n"); ended {
		text = strings.TrimSuffix(line, "\r")
	}
	return text, check(text, hasUnseen)
}

// decode returns the text of a file. UTF-16 without a byte order mark is known by the zero
// in each character: Windows PowerShell writes such files with some of its options.
func decode(content []byte) (string, error) {
	var decoder transform.Transformer = transform.Nop
	switch {
	case zeros(content, 1):
		decoder = unicodetext.UTF16(unicodetext.LittleEndian, unicodetext.IgnoreBOM).NewDecoder()
	case zeros(content, 0):
		decoder = unicodetext.UTF16(unicodetext.BigEndian, unicodetext.IgnoreBOM).NewDecoder()
	}
	text, _, err := transform.Bytes(unicodetext.BOMOverride(decoder), content)
	if err != nil {
		return "", notText
	}
	return string(text), nil // a character of UTF-16 that is none is utf8.RuneError now
}

// zeros reports whether every second byte is zero, from the given one on.
func zeros(content []byte, from int) bool {
	for i := from; i < len(content); i += 2 {
		if content[i] != 0 {
			return false
		}
	}
	return len(content) > 0 && len(content)%2 == 0
}

// check returns why a text is not one line of what can be seen; control is the reason for
// a control character.
func check(text string, control unusable) error {
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError):
		return notText
	case strings.Contains(text, "\n"):
		return twoLines
	case strings.ContainsFunc(text, unicode.IsControl):
		return control
	case authclient.HasUnseen(text):
		return hasUnseen
	}
	return nil
}

// The marks that a terminal puts around what is pasted, if a program has asked for them and
// has not taken that back.
const (
	pasteBegins = "\x1b[200~"
	pasteEnds   = "\x1b[201~"
)

// readTyped reads a secret from a terminal: a line, or what is pasted between marks, whose
// first and last line breaks are not part of it. The error is unusable or that of the
// terminal.
func readTyped(terminal *desktop.Hidden) (string, error) {
	text := ""
	for {
		line, err := terminal.ReadLine()
		text += line
		switch {
		case err != nil:
			return "", err
		case len(line) >= desktop.MaxTyped:
			return "", typedAsCut
		case len(text) > maxSecret:
			return "", tooLong
		}
		if strings.LastIndex(text, pasteBegins) <= strings.LastIndex(text, pasteEnds) {
			break
		}
		text += "\n"
	}
	text = strings.Trim(strings.NewReplacer(pasteBegins, "", pasteEnds, "").Replace(text), "\n")
	text = erase(text)
	return text, check(text, typedKey)
}

// erase applies the backspaces that a terminal passes on because it is set to another key.
func erase(text string) string {
	if !strings.Contains(text, "\b") {
		return text
	}
	var kept []rune
	for _, r := range text {
		if r != '\b' {
			kept = append(kept, r)
		} else if len(kept) > 0 {
			kept = kept[:len(kept)-1]
		}
	}
	return string(kept)
}
