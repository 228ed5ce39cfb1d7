package authclient

import (
	"crypto/subtle"
	"fmt"
	"io"
)

// redacted is printed for every secret, whatever its length.
const redacted = "••••"

// Secret is a password or a token. Package fmt, log/slog and encoding/json print it
// as dots; only [Secret.Reveal] returns the text.
//
// The zero Secret is empty. Compare secrets with [Secret.Equal]; == does not
// compile. A Go string cannot be erased from memory: to forget a secret, drop every
// Secret that holds it.
type Secret struct {
	_ [0]func() // not comparable with ==

	// text is a pointer because fmt does not call the methods of a value in an
	// unexported field: it prints the address in place of the text.
	text *string
}

// NewSecret returns a Secret that holds text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal returns the text of the secret.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.text == nil }

// Equal reports whether both secrets hold the same text, in constant time.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns dots.
func (s Secret) String() string { return redacted }

// GoString returns dots.
func (s Secret) GoString() string { return redacted }

// Format writes dots, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalJSON returns dots, also for the JSON handler of log/slog. To store a secret,
// use Reveal.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText returns dots, also for the text handler of log/slog.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
