// Package policy reads what the administrator of a computer has fixed for all its
// users, from one TOML file in a place that only an administrator can write to:
//
//	Linux    /etc/amarre/policy.toml
//	Windows  %ProgramData%\Amarre\policy.toml
//	macOS    /Library/Application Support/Amarre/policy.toml
//
// Every key may be left out:
//
//	services = ["https://logapass.example/ws"]  # the only services that may be used
//	forbid_saving_passwords = true
//	max_clipboard_seconds = 30                  # 10 to 300
//	ca_file = "/etc/ssl/inspection.pem"         # an extra authority, for every service
//
// [Load] reads it, and the file of the authority, once: what was checked is what is used. A
// file that is broken, or that somebody else could have written, is an error: ignoring it
// would remove the restrictions.
package policy

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"amarre/authclient"
	"amarre/internal/fileperm"
	"amarre/internal/settings"
)

// Policy is what is fixed. The zero value fixes nothing.
type Policy struct {
	File        string        // where it was read; "" if there is none
	Services    []string      // addresses in the form of authclient.Address; none means any
	NoPasswords bool          // passwords are not kept
	MaxClear    time.Duration // the longest delay until a copy is cleared; 0 for none
	CAFile      string        // of an extra authority; "" for none
	// Authorities is what CAFile held when it was read. The certificates may be expired.
	Authorities []*x509.Certificate
}

// maxFile limits the file, and that of the authority.
const maxFile = 1 << 20

// What is wrong with a file.
var (
	ErrUnreadable = errors.New("the file cannot be read")
	ErrTooLarge   = errors.New("the file is larger than 1 MiB")
	ErrUntrusted  = errors.New("the file, or the one that the key names, can be written or replaced by somebody who is no administrator")
	ErrSyntax     = errors.New("the file is not TOML")
	ErrUnknownKey = errors.New("there is no such key")
	ErrService    = errors.New("not the address of a service")
	ErrSeconds    = errors.New("not a number of seconds from 10 to 300")
	ErrCA         = errors.New("not a file that holds a certificate, or not its full path")
)

// ErrNotAllowed: the policy does not allow this service.
var ErrNotAllowed = errors.New("the policy does not allow this service")

// Error is what is wrong with a policy file. Its Unwrap gives one of the values
// above.
type Error struct {
	File string
	Line int    // 0 if it is not known
	Key  string // "" if it is about the whole file
	Item int    // which of the key's values, from 1; 0 if it is about all of them
	Err  error
}

// Error returns the file, the place and the reason.
func (e *Error) Error() string {
	text := e.File
	if e.Line > 0 {
		text += fmt.Sprintf(", line %d", e.Line)
	}
	if e.Key != "" {
		text += ", " + e.Key
	}
	if e.Item > 0 {
		text += fmt.Sprintf(", value %d", e.Item)
	}
	return text + ": " + e.Err.Error()
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// Load reads the policy of this computer: the zero Policy if there is none. The
// error is an [*Error].
func Load() (Policy, error) {
	path, err := location()
	if err != nil {
		return Policy{}, &Error{File: path, Err: errors.Join(ErrUnreadable, err)}
	}
	return load(path, open)
}

// load reads a policy file, and the file of an authority that it names: who can write that
// one can pass for every service. open opens a file that only administrators can have
// written, as [fileperm.Open] does.
func load(path string, open func(path string) (*os.File, error)) (Policy, error) {
	content, err := read(path, open)
	if errors.Is(err, fs.ErrNotExist) {
		return Policy{}, nil
	}
	if err != nil {
		return Policy{}, &Error{File: path, Err: err}
	}
	p, err := Parse(string(content))
	if err == nil && p.CAFile != "" {
		p.Authorities, err = readAuthorities(p.CAFile, open)
	}
	if err != nil {
		var e *Error
		if errors.As(err, &e) {
			e.File = path
		}
		return Policy{}, err
	}
	p.File = path
	return p, nil
}

// read returns what a file holds.
func read(path string, open func(path string) (*os.File, error)) ([]byte, error) {
	file, err := open(path)
	switch {
	case errors.Is(err, fileperm.ErrUntrusted):
		return nil, errors.Join(ErrUntrusted, err)
	case err != nil:
		return nil, errors.Join(ErrUnreadable, err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		return nil, errors.Join(ErrUnreadable, err)
	case len(content) > maxFile:
		return nil, ErrTooLarge
	}
	return content, nil
}

// readAuthorities returns the certificates of the file that the policy names. The error is
// an *Error without its file; unless others could have written the one that is named, it
// holds an *authclient.CAError.
func readAuthorities(path string, open func(path string) (*os.File, error)) ([]*x509.Certificate, error) {
	content, err := read(path, open)
	var certs []*x509.Certificate
	if err == nil {
		certs, err = authclient.ParseAuthorities(content)
	}
	switch {
	case errors.Is(err, ErrUntrusted):
		return nil, &Error{Key: keyCA, Err: err}
	case errors.Is(err, ErrTooLarge):
		err = authclient.ErrCATooLarge
	}
	if err != nil {
		return nil, &Error{Key: keyCA, Err: errors.Join(ErrCA, &authclient.CAError{File: path, Err: err})}
	}
	return certs, nil
}

// The keys of the file.
const (
	keyServices  = "services"
	keyPasswords = "forbid_saving_passwords"
	keySeconds   = "max_clipboard_seconds"
	keyCA        = "ca_file"
)

var keys = []string{keyServices, keyPasswords, keySeconds, keyCA}

// Parse reads the text of a policy file. The file of an authority is not opened. The
// error is an [*Error] without its file.
func Parse(text string) (Policy, error) {
	var file struct {
		Services    []string `toml:"services"`
		NoPasswords bool     `toml:"forbid_saving_passwords"`
		Seconds     *int     `toml:"max_clipboard_seconds"`
		CAFile      string   `toml:"ca_file"`
	}
	text = strings.TrimPrefix(text, "\ufeff") // of Windows' editors
	meta, err := toml.Decode(text, &file)
	var syntax toml.ParseError
	switch {
	case errors.As(err, &syntax):
		return Policy{}, &Error{Line: syntax.Position.Line, Key: syntax.LastKey, Err: ErrSyntax}
	case err != nil: // a value of the wrong kind
		return Policy{}, &Error{Err: errors.Join(ErrSyntax, err)}
	}
	for _, key := range meta.Keys() {
		if name := key.String(); !slices.Contains(keys, name) { // the decoder takes Services for services
			return Policy{}, &Error{Key: name, Err: ErrUnknownKey}
		}
	}
	p := Policy{NoPasswords: file.NoPasswords, CAFile: file.CAFile}
	for i, service := range file.Services {
		address, err := authclient.ParseAddress(service)
		if err != nil {
			return Policy{}, &Error{Key: keyServices, Item: i + 1, Err: errors.Join(ErrService, err)}
		}
		p.Services = append(p.Services, address.String())
	}
	if meta.IsDefined(keyServices) && len(p.Services) == 0 {
		return Policy{}, &Error{Key: keyServices, Err: ErrService}
	}
	if file.Seconds != nil {
		if *file.Seconds < int(settings.MinClear.Seconds()) || *file.Seconds > int(settings.MaxClear.Seconds()) {
			return Policy{}, &Error{Key: keySeconds, Err: ErrSeconds}
		}
		p.MaxClear = time.Duration(*file.Seconds) * time.Second
	}
	if p.CAFile != "" && !filepath.IsAbs(p.CAFile) {
		return Policy{}, &Error{Key: keyCA, Err: ErrCA}
	}
	return p, nil
}

// Allows returns ErrNotAllowed for a service that the policy does not allow.
func (p Policy) Allows(address authclient.Address) error {
	if len(p.Services) == 0 || slices.Contains(p.Services, address.String()) {
		return nil
	}
	return ErrNotAllowed
}

// ClearAfter returns the delay until a copy is cleared: the user's choice, or less.
func (p Policy) ClearAfter(setting time.Duration) time.Duration {
	if p.MaxClear > 0 {
		return min(setting, p.MaxClear)
	}
	return setting
}

// Restricts reports whether the policy fixes anything.
func (p Policy) Restricts() bool {
	return len(p.Services) > 0 || p.NoPasswords || p.MaxClear > 0 || p.CAFile != ""
}
