// Package backup is the encrypted file in which profiles move from one computer
// to another: an age file (age-encryption.org/v1) for a passphrase, by convention
// named .amarre. Write makes one, Read reads it; [profile.Store.PlanImport] says
// what importing its entries would do.
//
//	err := backup.Write(file, passphrase, entries)
//	entries, err := backup.Read(file, passphrase)
//
// The file holds tokens that never expire: it is as secret as its passphrase is
// strong, which [Rate] estimates. What is inside is one JSON object a line: a
// heading, then the text of each profile's keyring item.
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
	zxcvbn "github.com/ccojocar/zxcvbn-go"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
)

// Extension is the end of a backup's name.
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
	// ErrPassphrase: the passphrase is not the file's.
	ErrPassphrase = errors.New("wrong passphrase")
	// ErrShort: the passphrase has less than MinPassphrase characters.
	ErrShort = errors.New("the passphrase is too short")
	// ErrDamaged: the file was cut or changed after it was written.
	ErrDamaged = errors.New("the file is damaged")
	// ErrForeign: the file is not a backup.
	ErrForeign = errors.New("the file is not a backup of Amarre")
	// ErrNewer: the file was written by a newer version of this program.
	ErrNewer = errors.New("the file is of a newer version")
	// ErrTooBig: the file has more than MaxFile bytes.
	ErrTooBig = errors.New("the file is too big")
)

// heading is the first line.
type heading struct {
	Amarre   string `json:"amarre"` // "backup"
	Version  int    `json:"version"`
	Profiles int    `json:"profiles"` // how many lines follow
}

// kind tells the encrypted text from any other.
const kind = "backup"

// Write writes entries, encrypted with a passphrase. A workFactor of 0 means
// DefaultWorkFactor; tests lower it. The error is ErrShort, that of an entry (see
// [profile.Encode]) or that of w.
func Write(w io.Writer, passphrase authclient.Secret, entries []profile.Entry, workFactor int) error {
	if utf8.RuneCountInString(passphrase.Reveal()) < MinPassphrase {
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

// Read reads what Write wrote: all of it, or an error. The error is
// ErrPassphrase, ErrDamaged, ErrForeign, ErrNewer, ErrTooBig or that of r.
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

// intro is how an age file begins.
const intro = "age-encryption.org/"

// IsBackup reports whether a file that begins like this may be a backup.
func IsBackup(begin []byte) bool { return bytes.HasPrefix(begin, []byte(intro)) }

// classify names the error of age.Decrypt.
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

// parse reads the text that was encrypted.
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

// Rating is how hard a passphrase is to guess.
type Rating string

const (
	TooShort Rating = "short" // Write refuses it
	Weak     Rating = "weak"
	Fair     Rating = "fair"
	Strong   Rating = "strong"
)

// guessable are words that crackers try first in France, which zxcvbn does not
// know, and those of the trade.
var guessable = []string{
	"motdepasse", "mdp", "azerty", "azertyuiop", "qsdfgh", "bonjour", "soleil", "chouchou", "loulou", "doudou", "coucou", "marseille", "camille",
	"nicolas", "julien", "secret", "phrase", "jeton", "amarre", "logapass", "datacomsys", "capitainerie", "port", "bateau", "marina", "ponton",
	"alizee", "alizée", "portlogic",
}

// Rate estimates a passphrase by what crackers try first: words, names, dates,
// keyboard walks, repetitions (zxcvbn).
func Rate(passphrase authclient.Secret) Rating {
	const enough = 64 // more costs time and tells nothing
	runes := []rune(passphrase.Reveal())
	if len(runes) < MinPassphrase {
		return TooShort
	}
	switch score := zxcvbn.PasswordStrength(string(runes[:min(len(runes), enough)]), guessable).Score; {
	case score >= 4:
		return Strong
	case score == 3:
		return Fair
	default:
		return Weak
	}
}
