package ui

import (
	"context"
	"time"

	"amarre/internal/clipboard"
	"amarre/internal/message"
	"amarre/internal/report"
	"amarre/internal/service"
	"amarre/internal/settings"
	"amarre/profile"
)

// Demo is what the banner of a demonstration says. Its password opens nothing but the
// stand-in at Deps.Clients.Demo.
type Demo struct {
	PortCode string
	ERPID    int64
	Password string
}

// Deps is what a window is made of. Every field is needed but Service, Demo and
// those that say so.
type Deps struct {
	Texts *message.Texts
	Store *profile.Store
	// Clients makes the clients of the web service. The window gives it the user's
	// extra authorities.
	Clients *service.Clients
	// PolicyErr says that the policy of Clients cannot be read: the window says so and
	// does nothing else.
	PolicyErr error
	Board     clipboard.Board
	Secretive clipboard.Secretive // nil where the system has none
	// BoardIsLate says that Board knows only a moment later what it holds.
	BoardIsLate bool
	Now         func() time.Time

	// Run calls work away from the window's goroutine, then what work returned
	// on the window's goroutine.
	Run func(work func() (then func()))
	// Do calls f on the window's goroutine, from any other.
	Do func(f func())
	// After calls f on the window's goroutine once d has passed, unless stop is
	// called before.
	After func(d time.Duration, f func()) (stop func())

	Settings settings.Settings
	// HideFromCaptures hides the window from screen captures, or shows it again; nil
	// where the system cannot.
	HideFromCaptures func(hide bool)

	// Watch calls changed, on any goroutine, each time that the list of profiles
	// changed on the disk, until ctx ends. It returns at once.
	Watch func(ctx context.Context, changed func())

	SaveSettings func(settings.Settings) // quick: a file of some hundred bytes
	NewTexts     func(language string) (*message.Texts, error)

	Display report.Display // what the window is shown on
	// Remote says that the user sees the window from another computer, which may share
	// the clipboard.
	Remote bool
	// CrashReport is the file of the last crash report, "" if there is none. The window
	// tells the user of it once.
	CrashReport string

	// WorkFactor is of an export's encryption, as a power of two; 0 means
	// backup.DefaultWorkFactor. Tests lower it.
	WorkFactor int

	Version string
	Service string // the address to begin with, "" for the one in Settings
	Demo    *Demo  // nil outside demo mode
	Closed  func() // called once the window is closed for good
}
