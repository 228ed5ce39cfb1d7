// Package settings keeps the user's choices in one small file without secrets,
// settings.json in the folder that [Dir] returns. [Load] reads it and [Save] replaces it
// whole. Names of members stay as they are; those that are not known are lost by Save.
package settings

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
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
	// Authorities are PEM files of extra certificate authorities by the address of
	// the service that each is for.
	Authorities map[string]string `json:"authorities,omitempty"`
	// LastCrashShown is the file name of the last crash report that the user was told of.
	LastCrashShown string  `json:"toldCrash,omitempty"`
	Width          float32 `json:"width,omitempty"` // of the window, in device-independent pixels
	Height         float32 `json:"height,omitempty"`
}

// ClearAfter returns the delay after which a copied secret is cleared: 45 s, or
// the choice between 10 s and 300 s.
func (s Settings) ClearAfter() time.Duration {
	if s.ClearSeconds == 0 {
		return DefaultClear
	}
	return min(max(time.Duration(s.ClearSeconds)*time.Second, MinClear), MaxClear)
}

// Dir returns the program's configuration folder; it may not exist yet.
func Dir() (string, error) {
	base, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(base, "amarre"), nil
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

// Load reads the settings in dir. A file that is not settings is set aside and
// the settings are those of a first start; so they are after an error.
func Load(dir string) (Settings, error) {
	path := filepath.Join(dir, fileName)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, nil
	}
	if err != nil {
		return Settings{}, err
	}
	var s Settings
	if json.Unmarshal(content, &s) != nil {
		_, err := atomicfile.SetAside(path)
		return Settings{}, err
	}
	return s, nil
}

// Save writes the settings into dir, mode 0600, whole or not at all.
func Save(dir string, s Settings) error {
	content, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(dir, fileName), append(content, '\n'))
}
