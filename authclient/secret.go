package authclient

import (
	"crypto/subtle"
	"fmt"
	"io"
)

// redacted stands for a secret wherever one is formatted. Its length is fixed,
// so it tells nothing about the length of the secret.
const redacted = "••••"

// Secret is a password or a token. It prints as dots in every formatting,
// logging and encoding path; only [Secret.Reveal] gives the text, so that one
// search finds every place that touches it.
//
// The zero Secret is empty. Secrets are compared with [Secret.Equal]; they
// cannot be compared with ==. A Go string cannot be wiped from memory, so to
// forget a secret is to drop every Secret that holds it.
type Secret struct {
	_ [0]func() // not comparable with ==

	// text is behind a pointer because fmt does not call the methods of a
	// value in an unexported field: it would print a string, and prints an
	// address here.
	text *string
}

// NewSecret makes a Secret of text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal returns the text of the secret, "" for the zero Secret.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.text == nil }

// Equal reports whether both secrets hold the same text, in a time that does
// not depend on where they differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns dots.
func (s Secret) String() string { return redacted }

// GoString returns dots.
func (s Secret) GoString() string { return redacted }

// Format writes dots, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalJSON returns dots: a secret is put into JSON on purpose, with Reveal. The
// JSON handler of log/slog calls it.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText returns dots. The text handler of log/slog calls it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
