// Package report holds what the program says of itself to whoever helps its user:
// the diagnostic report ([Facts], [Log]) and the report of a crash ([Crash]).
//
// No type of this package has a field for a secret, an address, a name or a code:
// a report is fit to be mailed by construction. What is not one of the known words
// is written as "other". Nothing here writes a file but [Crash.Save].
package report

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"amarre/authclient"
	"amarre/profile"
)

// Doing is something that the user asked for.
type Doing string

const (
	Login   Doing = "login"
	Check   Doing = "check"
	Open    Doing = "open"
	Save    Doing = "save"
	Delete  Doing = "delete"
	Copy    Doing = "copy"
	Export  Doing = "export"
	Import  Doing = "import"
	Rebuild Doing = "rebuild"
)

// other stands for a word that is not known.
const other = "other"

// Done is how something ended.
type Done struct {
	At      time.Time
	Doing   Doing
	Outcome string // an authclient.Outcome, a class of the store, "done" or other
}

// maxDone is how much of the past a report has.
const maxDone = 30

// Log remembers the last outcomes, in memory alone. Its zero value is empty. It
// belongs to one goroutine.
type Log struct{ done []Done }

// Add notes how something ended. Of err its class alone is kept.
func (l *Log) Add(at time.Time, doing Doing, err error) {
	if len(l.done) == maxDone {
		l.done = l.done[1:]
	}
	l.done = append(l.done, Done{at, doing, Outcome(err)})
}

// Last returns the last outcomes, the oldest first.
func (l *Log) Last() []Done { return slices.Clone(l.done) }

// Outcome returns the class of an error in one word: that of the store, that of the
// service, "done" for nil.
func Outcome(err error) string {
	if err == nil {
		return "done"
	}
	if class := profile.ClassOf(err); class != "" {
		return class
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
	Keyring      profile.State
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
