// Package backup writes and reads encrypted files of profiles, with which a user
// moves them to another computer:
//
//	err := backup.Write(file, passphrase, entries, 0)
//	entries, err := backup.Read(file, passphrase)
//
// [profile.Store.PlanImport] says what importing the entries would do.
//
// A file is an age file (age-encryption.org/v1) encrypted with a passphrase, and
// its name ends in .amarre. It contains tokens that never expire, so only the
// passphrase protects them. The encrypted text is one JSON object a line: a heading,
// then the keyring item of each profile.
//
// # Backwards compatibility
//
// Read accepts the files of every earlier version. A file of a later version is ErrNewer.
package backup

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"filippo.io/age"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
)

// Extension is the file name extension of a backup.
const Extension = ".amarre"

const (
	version = 1
	// MaxFile is how many bytes Read accepts: some 25,000 profiles.
	MaxFile = 64 << 20
	// MinPassphrase is the least number of characters of a passphrase.
	MinPassphrase = 8
	// DefaultWorkFactor is the cost of one attempt at a passphrase, as a power of
	// two: 2^18 rounds of scrypt take about a second and 256 MB. It is also the most
	// that Read accepts.
	DefaultWorkFactor = 18
)

var (
	ErrPassphrase = errors.New("wrong passphrase")
	ErrShort      = errors.New("the passphrase is too short") // see TooShort
	ErrDamaged    = errors.New("the file is damaged")         // incomplete or changed
	ErrForeign    = errors.New("the file is not a backup of Amarre")
	ErrNewer      = errors.New("the file is of a newer version") // of this program
	ErrTooBig     = errors.New("the file is too big")            // larger than MaxFile
)

// heading is the first line.
type heading struct {
	Amarre   string `json:"amarre"` // "backup"
	Version  int    `json:"version"`
	Profiles int    `json:"profiles"` // how many lines follow
}

const kind = "backup"

// TooShort reports whether a passphrase has less than MinPassphrase characters, so
// that Write refuses it.
func TooShort(passphrase authclient.Secret) bool {
	return utf8.RuneCountInString(passphrase.Reveal()) < MinPassphrase
}

// Write writes entries, encrypted with a passphrase. A workFactor of 0 means
// DefaultWorkFactor; tests lower it. The error is ErrShort, that of an entry (see
// [profile.Encode]) or that of w.
func Write(w io.Writer, passphrase authclient.Secret, entries []profile.Entry, workFactor int) error {
	if TooShort(passphrase) {
		return ErrShort
	}
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	recipient.SetWorkFactor(cmp.Or(workFactor, DefaultWorkFactor))
	encrypted, err := age.Encrypt(w, recipient)
	if err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	first, err := json.Marshal(heading{kind, version, len(entries)})
	if err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	lines := bufio.NewWriter(encrypted)
	_, _ = lines.Write(append(first, '\n')) // the error is Flush's
	for _, e := range entries {
		text, err := profile.Encode(e.Profile, e.Secrets)
		if err != nil {
			return fmt.Errorf("write %q: %w", e.Profile.Name, err)
		}
		_, _ = lines.WriteString(text + "\n")
	}
	if err := lines.Flush(); err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	if err := encrypted.Close(); err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	return nil
}

// Read returns all entries of a backup, or an error: ErrPassphrase, ErrDamaged,
// ErrForeign, ErrNewer, ErrTooBig or that of r.
func Read(r io.Reader, passphrase authclient.Secret) ([]profile.Entry, error) {
	identity, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil { // it is empty
		return nil, ErrPassphrase
	}
	identity.SetMaxWorkFactor(DefaultWorkFactor)
	content, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the file: %w", err)
	case len(content) > MaxFile:
		return nil, ErrTooBig
	case !IsBackup(content):
		return nil, ErrForeign
	}
	decrypted, err := age.Decrypt(bytes.NewReader(content), identity)
	if err != nil {
		return nil, classify(err)
	}
	text, err := io.ReadAll(decrypted)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return parse(text)
}

// IsBackup reports whether a file that begins like this may be a backup.
func IsBackup(begin []byte) bool { return bytes.HasPrefix(begin, []byte("age-encryption.org/")) }

// classify returns the error of Read for one of age.Decrypt.
func classify(err error) error {
	var noMatch *age.NoIdentityMatchError
	switch {
	case !errors.As(err, &noMatch):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	case len(noMatch.StanzaTypes) == 1 && noMatch.StanzaTypes[0] == "scrypt":
		return ErrPassphrase
	default:
		return ErrForeign // encrypted to somebody's key
	}
}

// parse returns the entries in the decrypted text.
func parse(text []byte) ([]profile.Entry, error) {
	var first heading
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	if json.Unmarshal(lines[0], &first) != nil || first.Amarre != kind {
		return nil, ErrForeign
	}
	if first.Version > version {
		return nil, ErrNewer
	}
	if first.Version != version || first.Profiles != len(lines)-1 {
		return nil, ErrDamaged
	}
	entries := make([]profile.Entry, 0, first.Profiles)
	for _, line := range lines[1:] {
		p, s, err := profile.Decode(string(line))
		switch {
		case keyring.ClassOf(err) == profile.ClassNewer:
			return nil, ErrNewer
		case err != nil:
			return nil, ErrDamaged
		}
		p.Session = false
		entries = append(entries, profile.Entry{Profile: p, Secrets: s})
	}
	return entries, nil
}
