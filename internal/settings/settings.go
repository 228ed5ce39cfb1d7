// Package settings keeps the user's choices in one small file without secrets,
// settings.json in the folder that [Dir] returns. [Load] reads it, and [Change] changes
// what a window has changed and nothing else: another one may have changed the rest.
// Names of members stay as they are; those that are not known are kept.
package settings

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"time"

	"amarre/internal/atomicfile"
)

const fileName = "settings.json"

// Limits of the delay after which a copied secret is cleared (docs/security.md 19).
const (
	DefaultClear = 45 * time.Second
	MinClear     = 10 * time.Second
	MaxClear     = 300 * time.Second
)

// Limits of the time between two calls to a service (docs/security.md 27).
const (
	DefaultPause = time.Second
	MinPause     = 200 * time.Millisecond
	MaxPause     = time.Minute
)

// The themes.
const (
	Automatic = ""
	Light     = "light"
	Dark      = "dark"
)

// Settings are the choices. The zero value is what a first start has.
type Settings struct {
	Language     string `json:"language,omitempty"` // "fr", "en", "" for the system's
	Theme        string `json:"theme,omitempty"`    // Light, Dark, Automatic
	Service      string `json:"service,omitempty"`  // the address that gave a token last
	Sort         string `json:"sort,omitempty"`     // a profile.Order
	ClearSeconds int    `json:"clearSeconds,omitempty"`
	// ShowInCaptures leaves the window in screen captures and remote support while a
	// secret is shown, where the system could hide it.
	ShowInCaptures bool `json:"showInCaptures,omitempty"`
	// SharingWarningShown: the user has been told that a remote desktop may share the
	// clipboard.
	SharingWarningShown bool `json:"toldOfSharing,omitempty"`
	// Authorities are files of extra certificate authorities by the address of
	// the service that each is for.
	Authorities map[string]string `json:"authorities,omitempty"`
	// Proxies are addresses of proxies by the address of the service that each is for,
	// without a password: see authclient.Options.ProxyAddress.
	Proxies map[string]string `json:"proxies,omitempty"`
	// KeyringProvider is the process that provided the Secret Service last: see
	// keyring.SystemOptions.
	KeyringProvider string `json:"keyringProvider,omitempty"`
	// LastCrashShown is the file name of the last crash report that the user was told of.
	LastCrashShown string `json:"toldCrash,omitempty"`
	// CheckDaily checks every port at the first start of a day; CheckedOn is the day of the
	// last time, as 2026-11-26.
	CheckDaily bool   `json:"checkDaily,omitempty"`
	CheckedOn  string `json:"checkedOn,omitempty"`
	// PauseMilliseconds is the time between two calls to a service; 0 means DefaultPause.
	PauseMilliseconds int `json:"pauseMilliseconds,omitempty"`

	Width  float32 `json:"width,omitempty"` // of the window, in device-independent pixels
	Height float32 `json:"height,omitempty"`
}

// ClearAfter returns the delay after which a copied secret is cleared: 45 s, or
// the choice between 10 s and 300 s.
func (s Settings) ClearAfter() time.Duration {
	if s.ClearSeconds == 0 {
		return DefaultClear
	}
	return min(max(time.Duration(s.ClearSeconds)*time.Second, MinClear), MaxClear)
}

// Pause returns the time between two calls to a service: 1 s, or the choice between 0.2 s and
// 60 s.
func (s Settings) Pause() time.Duration {
	if s.PauseMilliseconds == 0 {
		return DefaultPause
	}
	return min(max(time.Duration(s.PauseMilliseconds)*time.Millisecond, MinPause), MaxPause)
}

// DirError says that the system does not tell where a user's files are.
type DirError struct {
	Variable string // of the environment, which is not set
}

// Error returns which variable is not set.
func (e *DirError) Error() string { return e.Variable + " is not set" }

// Dir returns the program's configuration folder; it may not exist yet. The error is a
// *DirError. A relative XDG_CONFIG_HOME is ignored, as the XDG Base Directory
// Specification says.
func Dir() (string, error) {
	base, err := os.UserConfigDir()
	if err == nil {
		return filepath.Join(base, "amarre"), nil
	}
	switch runtime.GOOS {
	case "windows":
		return "", &DirError{"AppData"}
	case "darwin":
		return "", &DirError{"HOME"}
	}
	home := os.Getenv("HOME")
	if !filepath.IsAbs(home) {
		return "", &DirError{"HOME"}
	}
	return filepath.Join(home, ".config", "amarre"), nil
}

// FyneDir returns the folder in which Fyne keeps the preferences of the app with this
// ID, an empty file (fyne/internal/app, rootConfigDir); "" if it is not known.
func FyneDir(appID string) string {
	base, err := os.UserConfigDir()
	home, homeErr := os.UserHomeDir()
	if err != nil || homeErr != nil {
		return ""
	}
	switch runtime.GOOS {
	case "darwin":
		base = filepath.Join(home, "Library", "Preferences")
	case "windows": // not %AppData%, which may be elsewhere
		base = filepath.Join(home, "AppData", "Roaming")
	}
	return filepath.Join(base, "fyne", appID)
}

// ErrSyntax says that a file is not settings.
var ErrSyntax = errors.New("the settings are not JSON of this program")

// Error is an error of Load. Unwrap gives ErrSyntax, or the error of the system.
type Error struct {
	File string
	Err  error
}

// Error returns the file and the reason.
func (e *Error) Error() string { return e.File + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// Path returns the file of the settings in dir.
func Path(dir string) string { return filepath.Join(dir, fileName) }

// Load reads the settings in dir. After an error, an [*Error], they are those of a first
// start, and the file is left as it is.
func Load(dir string) (Settings, error) {
	s, _, err := load(dir)
	if err != nil {
		return Settings{}, &Error{Path(dir), err}
	}
	return s, nil
}

// load is Load, and returns all members of the file.
func load(dir string) (Settings, map[string]json.RawMessage, error) {
	content, err := os.ReadFile(Path(dir))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Settings{}, map[string]json.RawMessage{}, nil
	case err != nil:
		return Settings{}, nil, err
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // of Windows' editors
	var s Settings
	var members map[string]json.RawMessage
	if json.Unmarshal(content, &s) != nil || json.Unmarshal(content, &members) != nil || members == nil {
		return Settings{}, nil, ErrSyntax
	}
	return s, members, nil
}

// changeTimeout limits the wait for a program that changes the settings.
const changeTimeout = 5 * time.Second

// Change changes the settings in dir as they are now, mode 0600, whole or not at all. A
// file that is not settings is set aside.
func Change(ctx context.Context, dir string, change func(*Settings)) error {
	ctx, cancel := context.WithTimeout(ctx, changeTimeout)
	defer cancel()
	lock, err := atomicfile.Lock(ctx, Path(dir)+".lock")
	if err != nil {
		return fmt.Errorf("change the settings: %w", err)
	}
	defer lock.Unlock()
	s, members, err := load(dir)
	if errors.Is(err, ErrSyntax) {
		members = map[string]json.RawMessage{}
		_, err = atomicfile.SetAside(Path(dir))
	}
	if err != nil {
		return fmt.Errorf("change the settings: %w", err)
	}
	change(&s)
	known := reflect.TypeFor[Settings]()
	for i := range known.NumField() {
		name, _, _ := strings.Cut(known.Field(i).Tag.Get("json"), ",")
		delete(members, name)
	}
	content, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(content, &members) // adds those that are set
	}
	if err == nil {
		content, err = json.MarshalIndent(members, "", "\t")
	}
	if err == nil {
		err = atomicfile.Write(Path(dir), append(content, '\n'))
	}
	if err != nil {
		return fmt.Errorf("change the settings: %w", err)
	}
	return nil
}

// Changer changes settings one after another on a goroutine of its own, so that no caller
// waits for a disk. [NewChanger] makes one.
type Changer struct {
	changes chan func(*Settings)
	closing sync.Once
	done    chan struct{}
}

// NewChanger makes a Changer of the settings in dir. A change that cannot be written is
// dropped: it holds in the window until the program ends.
func NewChanger(dir string) *Changer {
	c := &Changer{changes: make(chan func(*Settings), 100), done: make(chan struct{})}
	go func() {
		defer close(c.done)
		for change := range c.changes {
			_ = Change(context.Background(), dir, change)
		}
	}()
	return c
}

// Change changes the settings soon. change is called on another goroutine.
func (c *Changer) Change(change func(*Settings)) { c.changes <- change }

// Close waits until all changes are written. No Change may follow; another Close may, on any
// goroutine.
func (c *Changer) Close() {
	c.closing.Do(func() { close(c.changes) })
	<-c.done
}
