package authclient

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// PortCodeLength is the number of characters of a port code (docs/service.md,
// section 1).
const PortCodeLength = 3

// The errors of [Credentials.Validate].
var (
	ErrPortCode = errors.New("the port code does not have exactly 3 characters")
	ErrERPID    = errors.New("the ERP ID is not a whole number from 1 to 9223372036854775807")
	ErrPassword = errors.New("the password is empty")
)

// Credentials are what DataComSys gives to one ERP for one port.
type Credentials struct {
	PortCode string // exactly 3 characters; its case is kept (docs/service.md, section 3)
	ERPID    int64  // 1 or more
	Password Secret // not empty
}

// Validate checks what can be checked without the service. The error is
// [ErrPortCode], [ErrERPID], [ErrPassword] or several of them joined.
func (c Credentials) Validate() error {
	var errs []error
	if !validPortCode(c.PortCode) {
		errs = append(errs, ErrPortCode)
	}
	if c.ERPID < 1 {
		errs = append(errs, ErrERPID)
	}
	if c.Password.IsZero() {
		errs = append(errs, ErrPassword)
	}
	return errors.Join(errs...)
}

// ParsePortCode parses a port code that a user typed or pasted. It trims white
// space, keeps the case, and returns NFC: an accented letter is one character, however
// it was typed. The error is [ErrPortCode].
func ParsePortCode(text string) (string, error) {
	code := norm.NFC.String(TrimPasted(text))
	if !validPortCode(code) {
		return "", ErrPortCode
	}
	return code, nil
}

func validPortCode(code string) bool {
	if !utf8.ValidString(code) || utf8.RuneCountInString(code) != PortCodeLength {
		return false
	}
	return !strings.ContainsFunc(code, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) })
}

// ParseERPID parses an ERP ID that a user typed or pasted, and trims white space.
// The error is [ErrERPID].
func ParseERPID(text string) (int64, error) {
	digits := TrimPasted(text)
	if strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0, ErrERPID // ParseInt would accept a sign
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || id < 1 {
		return 0, ErrERPID
	}
	return id, nil
}

// TrimPasted trims what a value copied from an e-mail or a PDF may have around it:
// white space, line breaks, zero-width characters.
func TrimPasted(text string) string {
	return strings.TrimFunc(text, func(r rune) bool {
		switch r {
		case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
			return true
		}
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
}
