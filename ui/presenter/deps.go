package presenter

import (
	"context"
	"time"

	"amarre/internal/clipboard"
	"amarre/internal/filedialog"
	"amarre/internal/message"
	"amarre/internal/report"
	"amarre/internal/service"
	"amarre/internal/settings"
	"amarre/profile"
)

// Demo is the credential of the demo, which only the simulated service at
// Deps.Clients.Demo accepts.
type Demo struct {
	PortCode string
	ERPID    int64
	Password string
}

// Files asks for paths: see package filedialog.
type Files interface {
	Open(ctx context.Context, o filedialog.Options) (path string, err error)
	Save(ctx context.Context, o filedialog.Options) (path string, err error)
}

// Deps are the dependencies of a window. Every field is required, except Service, Demo and
// those whose comment says so.
type Deps struct {
	Texts *message.Texts
	Store *profile.Store
	// Clients creates the clients of the web service. The presenter sets its Authorities and
	// its Proxies.
	Clients *service.Clients
	// PolicyErr is the error from reading the policy, or nil. With an error the window
	// only shows it.
	PolicyErr       error
	Board           clipboard.Board
	SecretClipboard clipboard.SecretClipboard // nil if the system has none
	// BoardIsAsync is set if Board returns new content only after a delay.
	BoardIsAsync bool
	Now          func() time.Time

	// Run calls work on another goroutine, and then the function that it returns on the
	// goroutine of the window.
	Run func(work func() (then func()))
	// Do calls f on the goroutine of the window. It may be called from any other.
	Do func(f func())
	// After calls f on the goroutine of the window once d has passed, unless stop is
	// called before. stop may be called more than once, and after f.
	After func(d time.Duration, f func()) (stop func())
	// Sleep waits for d, or until ctx ends. It is not called on the goroutine of the
	// window.
	Sleep func(ctx context.Context, d time.Duration)

	// Files are the system's file dialogs. They are called on another goroutine than the
	// window's.
	Files Files

	// HideFromCaptures hides the window from screen captures, or shows it again. It is
	// nil if the system cannot.
	HideFromCaptures func(hide bool)
	// Watch calls changed, on any goroutine, after each change of the file with the list
	// of profiles, until ctx ends. It does not block.
	Watch func(ctx context.Context, changed func())

	Settings    settings.Settings
	SettingsErr error // Settings could not be read, and the user is told
	// ChangeSettings changes the settings in the file as they are then. It must not
	// block; change may be called on another goroutine.
	ChangeSettings func(change func(*settings.Settings))
	NewTexts       func(language string) (*message.Texts, error)

	Display report.Display
	// Remote is set if the user sees the window from another computer, which may share
	// the clipboard.
	Remote bool
	// CrashReport is the path of the last crash report, or "". The window mentions each
	// report once.
	CrashReport string

	// WorkFactor is of an export's encryption, as a power of two; 0 means
	// backup.DefaultWorkFactor. Tests lower it.
	WorkFactor int

	Version string
	Service string // the initial address, or "" for the one in Settings
	Demo    *Demo  // nil outside the demo
	Closed  func() // called when the window is closed
}
