// Package clipboard copies secrets to the system's clipboard and clears them.
//
//	guard := clipboard.New(clipboard.Options{Board: app.Clipboard(), …})
//	ok := guard.Copy(token, 45*time.Second)
//
// A copy is cleared after a delay, on [Guard.Clear] and on [Guard.Close], and
// only if the clipboard still holds it: what the user copied since is never
// destroyed.
package clipboard

import (
	"crypto/sha256"
	"time"

	"amarre/authclient"
)

// Board is a system's clipboard; fyne.Clipboard is one. It is used from the
// window's goroutine alone.
type Board interface {
	Content() string
	SetContent(text string)
}

// SecretClipboard is a clipboard that can mark a copy as a secret, and knows without
// reading it whether it still holds that copy.
type SecretClipboard interface {
	// SetSecret reports whether the clipboard took the text.
	SetSecret(text string) bool
	// Holds reports whether the clipboard holds that text.
	Holds() bool
	// Clear empties the clipboard if it holds that text.
	Clear()
}

// Options are what a guard is made of.
type Options struct {
	Board Board
	// SecretClipboard is used instead of Board for secrets; nil where there is none.
	SecretClipboard SecretClipboard
	// Async says that Board knows only after a moment whether it took a copy, as on
	// Wayland. If it did not, Failed is called on the window's goroutine.
	Async  bool
	Failed func()
	// After calls f on the window's goroutine once d has passed, unless stop is
	// called before.
	After func(d time.Duration, f func()) (stop func())
	Now   func() time.Time
	// Changed is called on the window's goroutine when Held or Left may have
	// changed, and each second while a copy is held.
	Changed func()
}

// Guard holds at most one copy. It belongs to the window's goroutine: no method
// may be called from another. [New] makes one.
type Guard struct {
	opts        Options
	held        bool
	unconfirmed bool              // whether the clipboard took the copy is not known yet
	clearFailed bool              // the last copy could not be cleared
	sum         [sha256.Size]byte // of the copy, so that the guard keeps no secret
	until       time.Time
	stop        func() // the next tick
}

// confirmDelay is the time after which an asynchronous clipboard is asked whether it took a
// copy.
const confirmDelay = 500 * time.Millisecond

// New makes a guard.
func New(opts Options) *Guard { return &Guard{opts: opts, stop: func() {}} }

// Copy puts a secret on the clipboard, to be cleared after d. An earlier copy is
// replaced and its delay forgotten. It reports whether the clipboard took it; a late
// one may say otherwise, by Failed.
func (g *Guard) Copy(secret authclient.Secret, d time.Duration) bool {
	g.stop()
	text := secret.Reveal()
	if g.opts.SecretClipboard != nil {
		g.opts.SecretClipboard.SetSecret(text)
	} else {
		g.opts.Board.SetContent(text)
		g.sum = sha256.Sum256([]byte(text))
	}
	g.held, g.clearFailed, g.unconfirmed = g.ownsContent(), false, false
	g.until = g.opts.Now().Add(d)
	switch {
	case g.held:
		g.tick()
	case g.opts.Async:
		g.held, g.unconfirmed = true, true
		g.stop = g.opts.After(confirmDelay, g.confirm)
		g.opts.Changed()
	default:
		g.opts.Changed()
	}
	return g.held
}

// confirm finds out whether a late clipboard took the copy.
func (g *Guard) confirm() {
	g.unconfirmed = false
	if g.ownsContent() {
		g.tick()
		return
	}
	g.held = false
	g.opts.Changed()
	g.opts.Failed()
}

// Held reports whether a copy waits to be cleared.
func (g *Guard) Held() bool { return g.held }

// OnBoard reports whether the clipboard holds the copy now: the user may have
// copied something else since.
func (g *Guard) OnBoard() bool { return (g.held || g.clearFailed) && g.ownsContent() }

// ClearFailed reports whether the last copy could not be cleared: the clipboard still
// holds it. [Guard.Clear] tries again.
func (g *Guard) ClearFailed() bool { return g.clearFailed }

// Left returns the whole seconds until the copy is cleared, rounded up.
func (g *Guard) Left() int {
	if !g.held {
		return 0
	}
	return int((g.until.Sub(g.opts.Now()) + time.Second - 1) / time.Second)
}

// Clear removes the copy now, if the clipboard still holds it. It reports
// whether the clipboard is free of it.
func (g *Guard) Clear() bool {
	if !g.held && !g.clearFailed {
		return true
	}
	g.stop()
	g.held = false
	switch {
	case g.opts.SecretClipboard != nil:
		g.opts.SecretClipboard.Clear()
	case g.unconfirmed || g.ownsContent():
		g.opts.Board.SetContent("")
	}
	g.unconfirmed = false
	g.clearFailed = g.ownsContent()
	g.opts.Changed()
	return !g.clearFailed
}

// Close clears the copy for good; nothing is called back afterwards.
func (g *Guard) Close() {
	g.opts.Changed = func() {}
	g.Clear()
}

// tick counts down by the second, and clears at the end.
func (g *Guard) tick() {
	left := g.until.Sub(g.opts.Now())
	if left <= 0 {
		g.Clear()
		return
	}
	g.stop = g.opts.After(min(left, time.Second), g.tick)
	g.opts.Changed()
}

// ownsContent reports whether the clipboard holds the copy.
func (g *Guard) ownsContent() bool {
	if g.opts.SecretClipboard != nil {
		return g.opts.SecretClipboard.Holds()
	}
	return sha256.Sum256([]byte(g.opts.Board.Content())) == g.sum
}
