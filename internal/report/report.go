// Package report holds the facts of a diagnostic report, which a user mails to
// whoever helps: [About] the program and the system, and a [Log] of how the last
// operations ended.
//
// No type here has a field for a secret, an address, a name or a code, so a report
// cannot hold one. A word that is not known is written as "other".
package report

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"amarre/authclient"
	"amarre/internal/keyring"
)

// Operation is something that the user asked for.
type Operation string

const (
	Login   Operation = "login"
	Check   Operation = "check"
	Open    Operation = "open"
	Save    Operation = "save"
	Delete  Operation = "delete"
	Copy    Operation = "copy"
	Export  Operation = "export"
	Import  Operation = "import"
	Rebuild Operation = "rebuild"
)

// other is written for a word that is not known.
const other = "other"

// Event is how an operation ended.
type Event struct {
	At        time.Time
	Operation Operation
	Outcome   string // see Outcome
}

// maxEvents limits a Log.
const maxEvents = 30

// Log keeps the last 30 events in memory. The zero Log is empty. It may be used by one
// goroutine at a time.
type Log struct{ events []Event }

// Add appends how an operation ended. Of err only the class is kept.
func (l *Log) Add(at time.Time, operation Operation, err error) {
	if len(l.events) == maxEvents {
		l.events = l.events[1:]
	}
	l.events = append(l.events, Event{at, operation, Outcome(err)})
}

// Events returns the events, the oldest first.
func (l *Log) Events() []Event { return slices.Clone(l.events) }

// Outcome returns the class of an error in one word: that of the store, that of the
// service, "done" for nil.
func Outcome(err error) string {
	if err == nil {
		return "done"
	}
	if class := keyring.ClassOf(err); class != "" {
		return string(class)
	}
	var e *authclient.Error
	outcome := authclient.OutcomeOf(err)
	known := errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	if !known || !slices.Contains(authclient.Outcomes(), outcome) {
		return other
	}
	return string(outcome)
}

// Display is what the window is shown on.
type Display string

const (
	X11     Display = "X11"
	Wayland Display = "Wayland"
	Windows Display = "Windows"
	MacOS   Display = "macOS"
	NoneYet Display = "-"
)

// Facts are what a diagnostic report says of the program and of the system.
type Facts struct {
	Version      string // of the program
	Go           string
	Toolkit      string // Fyne's version
	System       string // such as "Debian GNU/Linux 12 (bookworm), 6.1.0"
	Architecture string // such as linux/amd64
	Display      Display
	Scale        float32 // pixels of the window to one of its units
	Width        float32 // of the window, in its units
	Height       float32
	Remote       bool // a remote desktop
	Keyring      keyring.State
	Provider     string // what keeps its items, such as gnome-keyring-d; "" if it is not known
	Profiles     int    // saved
	Missing      int    // of these, without a token in the keyring
	Session      int    // kept for this session alone
}

// About returns the facts that the program knows of itself without a window.
func About(version string) Facts {
	f := Facts{Version: version, Go: runtime.Version(), Toolkit: other, System: system(), Architecture: runtime.GOOS + "/" + runtime.GOARCH, Display: NoneYet}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "fyne.io/fyne/v2" {
				f.Toolkit = dep.Version
			}
		}
	}
	return f
}
