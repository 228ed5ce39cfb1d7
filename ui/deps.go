package ui

import (
	"context"
	"time"

	"amarre/authclient"
	"amarre/internal/clipboard"
	"amarre/internal/i18n"
	"amarre/internal/policy"
	"amarre/internal/report"
	"amarre/internal/settings"
	"amarre/profile"
)

// Client is what the window needs of the web service; *authclient.Client is one.
type Client interface {
	Login(ctx context.Context, cred authclient.Credentials) (authclient.Secret, error)
	Account(ctx context.Context, token authclient.Secret) (authclient.Account, error)
	Diagnose(ctx context.Context, report func(authclient.Finding)) error
}

// Demo is what demo mode says in its banner. Its password opens nothing but the
// stand-in service.
type Demo struct {
	Service  string
	PortCode string
	ERPID    int64
	Password string
}

// Deps is what a window is made of. Every field is needed but Service, Demo and
// those that say so.
type Deps struct {
	Texts *i18n.Texts
	Store *profile.Store
	// NewClient makes a client. ca is the PEM file of an extra authority, "" for
	// none; an error that is authclient.ErrCAFile is about it, any other about the
	// address.
	NewClient func(address, ca string) (Client, error)
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
	NewTexts     func(language string) (*i18n.Texts, error)

	// Policy is what an administrator has fixed. PolicyErr says that it cannot be read:
	// the window says so and does nothing else.
	Policy    policy.Policy
	PolicyErr error

	Display report.Display // what the window is shown on
	// Remote says that the user sees the window from another computer, which may share
	// the clipboard.
	Remote bool
	// CrashReport is the file that says how the program ended by a fault of its own
	// before it was started again; "" if it did not.
	CrashReport string

	Version string
	Service string // the address to begin with, "" for the one in Settings
	Demo    *Demo  // nil outside demo mode
	Closed  func() // called once the window is closed for good
}
