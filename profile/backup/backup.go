// Package backup writes and reads encrypted files of profiles, with which a user
// moves them to another computer:
//
//	err := backup.Write(w, passphrase, entries, 0)
//	file, err := backup.Open(r)
//	entries, err := file.Read(passphrase)
//
// [profile.Store.PlanImport] says what importing the entries would do.
//
// A file is an age file (age-encryption.org/v1) encrypted with a passphrase, which the
// command age -d opens too, and its name ends in .amarre. It contains tokens that never expire, so only the
// passphrase protects them. The encrypted text is one JSON object a line: a heading,
// then a profile with its secrets each (see [profile.Encode]).
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
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"filippo.io/age"
	"filippo.io/age/armor"
	"golang.org/x/text/unicode/norm"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
)

// Extension is the file name extension of a backup.
const Extension = ".amarre"

const (
	version = 2 // 1 had no date of the token
	// MaxFile is how many bytes Read accepts: some 25,000 profiles.
	MaxFile = 64 << 20
	// MinPassphrase is the least number of characters of a passphrase.
	MinPassphrase = 8
	// DefaultWorkFactor is the cost of one attempt at a passphrase, as a power of
	// two: 2^18 rounds of scrypt take about a second and 256 MB.
	DefaultWorkFactor = 18
	// MaxWorkFactor is the most that Read accepts, as the command age does: half a minute
	// and 4 GB.
	MaxWorkFactor = 22
)

var (
	ErrPassphrase = errors.New("wrong passphrase")
	ErrShort      = errors.New("the passphrase is too short") // see TooShort
	ErrDamaged    = errors.New("the file is damaged")         // incomplete or changed
	ErrForeign    = errors.New("the file is not a backup of Amarre")
	ErrNewer      = errors.New("the file is of a newer version")          // of this program
	ErrTooBig     = errors.New("the file is too big")                     // larger than MaxFile
	ErrTooCostly  = errors.New("decrypting the file takes too much work") // more than MaxWorkFactor
)

// What is wrong with a line: see LineError.
var (
	ErrSyntax          = errors.New("the line is not JSON")
	ErrDuplicateMember = errors.New("a member is written twice")
	ErrCount           = errors.New("another number of profiles")
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
	// The same characters have several forms, and a keyboard or a system gives one or the
	// other: a file is encrypted with NFC.
	recipient, err := age.NewScryptRecipient(norm.NFC.String(passphrase.Reveal()))
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

// File is a backup that has not been decrypted yet.
type File struct {
	content    []byte // without armor
	workFactor int
}

// Open reads a backup, which may be armored. The error is ErrForeign, ErrDamaged,
// ErrTooBig, ErrTooCostly or that of r.
func Open(r io.Reader) (*File, error) {
	content, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the file: %w", err)
	case len(content) > MaxFile:
		return nil, ErrTooBig
	case !IsBackup(content):
		return nil, ErrForeign
	}
	if trimmed := bytes.TrimLeft(content, "\ufeff\r\n\t "); bytes.HasPrefix(trimmed, []byte(armor.Header)) {
		if content, err = io.ReadAll(armor.NewReader(bytes.NewReader(trimmed))); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	f := &File{content: content}
	if cost := scryptLine.FindSubmatch(content); cost != nil {
		f.workFactor, _ = strconv.Atoi(string(cost[1])) // three digits at most
	}
	if f.workFactor > MaxWorkFactor {
		return nil, ErrTooCostly
	}
	return f, nil
}

// scryptLine begins a file that is encrypted with a passphrase (age-encryption.org/v1).
var scryptLine = regexp.MustCompile(`^age-encryption\.org/v1\n-> scrypt \S+ (\d{1,3})\n`)

// Memory returns the bytes of memory that reading the file takes, and Slow reports whether
// that is more than a file of this program takes, so that the user should be told before.
func (f *File) Memory() int64 { return 128 * 8 << f.workFactor } // scrypt with r = 8

// Slow: see Memory.
func (f *File) Slow() bool { return f.workFactor > DefaultWorkFactor }

// Read returns all entries, or an error: ErrPassphrase, ErrDamaged, ErrForeign, ErrNewer
// or a *LineError.
func (f *File) Read(passphrase authclient.Secret) ([]profile.Entry, error) {
	decrypted, err := decrypt(f.content, passphrase)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(decrypted)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return parse(text)
}

// decrypt tries a passphrase as it was given, in NFC, which Write uses, and decomposed:
// earlier versions encrypted with what the keyboard gave. A form is tried once.
func decrypt(content []byte, passphrase authclient.Secret) (io.Reader, error) {
	given := passphrase.Reveal()
	forms := []string{given, norm.NFC.String(given), norm.NFD.String(given)}
	for i, form := range forms {
		if slices.Contains(forms[:i], form) {
			continue
		}
		identity, err := age.NewScryptIdentity(form)
		if err != nil { // it is empty
			return nil, ErrPassphrase
		}
		identity.SetMaxWorkFactor(MaxWorkFactor)
		decrypted, err := age.Decrypt(bytes.NewReader(content), identity)
		if err == nil {
			return decrypted, nil
		}
		if err := classify(err); !errors.Is(err, ErrPassphrase) {
			return nil, err
		}
	}
	return nil, ErrPassphrase
}

// Read is Open and File.Read.
func Read(r io.Reader, passphrase authclient.Secret) ([]profile.Entry, error) {
	file, err := Open(r)
	if err != nil {
		return nil, err
	}
	return file.Read(passphrase)
}

// IsBackup reports whether a file that begins like this may be a backup.
func IsBackup(begin []byte) bool {
	begin = bytes.TrimLeft(begin, "\ufeff\r\n\t ")
	return bytes.HasPrefix(begin, []byte("age-encryption.org/")) || bytes.HasPrefix(begin, []byte(armor.Header))
}

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

// LineError says that a line of the decrypted text is not what Write writes: somebody has
// edited it. Unwrap gives ErrSyntax, ErrDuplicateMember, ErrCount or the error of
// profile.Decode, whose class tells what is wrong with the profile.
type LineError struct {
	Line int // from 1
	Err  error
}

// Error returns the line and the reason.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the reason.
func (e *LineError) Unwrap() error { return e.Err }

// parse returns the entries in the decrypted text. Line breaks of Windows and empty lines
// at the end are accepted.
func parse(text []byte) ([]profile.Entry, error) {
	lines := bytes.Split(bytes.TrimRight(bytes.TrimPrefix(text, []byte("\ufeff")), "\r\n\t "), []byte("\n"))
	var first heading
	if json.Unmarshal(lines[0], &first) != nil || first.Amarre != kind {
		return nil, ErrForeign
	}
	if first.Version > version {
		return nil, ErrNewer
	}
	if first.Version < 1 {
		return nil, &LineError{1, ErrSyntax}
	}
	if first.Profiles != len(lines)-1 {
		return nil, &LineError{1, fmt.Errorf("%w: it says %d, and %d follow", ErrCount, first.Profiles, len(lines)-1)}
	}
	entries := make([]profile.Entry, 0, first.Profiles)
	for i, line := range lines[1:] {
		line = bytes.TrimRight(line, "\r")
		if err := checkMembers(line); err != nil {
			return nil, &LineError{i + 2, err}
		}
		p, s, err := profile.DecodeEdited(string(line))
		if keyring.ClassOf(err) == profile.ClassNewer {
			return nil, ErrNewer
		} else if err != nil {
			return nil, &LineError{i + 2, err}
		}
		entries = append(entries, profile.Entry{Profile: p, Secrets: s})
	}
	return entries, nil
}

// checkMembers returns ErrSyntax for a line that is not one JSON value, and
// ErrDuplicateMember for one with a member twice, of which encoding/json would silently
// take the last.
func checkMembers(line []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(line))
	var objects []map[string]bool // the members so far of the objects around; nil for an array
	isName := false
	for {
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF) && len(objects) == 0:
			return nil
		case err != nil:
			return ErrSyntax
		}
		inObject := len(objects) > 0 && objects[len(objects)-1] != nil
		switch delim, _ := token.(json.Delim); {
		case inObject && isName && delim == 0:
			name, _ := token.(string)
			if objects[len(objects)-1][name] {
				return ErrDuplicateMember
			}
			objects[len(objects)-1][name] = true
			isName = false
			continue
		case delim == '{':
			objects = append(objects, map[string]bool{})
		case delim == '[':
			objects = append(objects, nil)
		case delim == '}' || delim == ']':
			objects = objects[:len(objects)-1]
		}
		isName = len(objects) > 0 && objects[len(objects)-1] != nil
	}
}
