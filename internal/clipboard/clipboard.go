// Package clipboard copies secrets to the system's clipboard and clears them.
//
//	guard := clipboard.New(clipboard.Options{Board: app.Clipboard(), …})
//	ok := guard.Copy(token, 45*time.Second)
//
// A copy is cleared after a delay, on [Guard.Clear] and on [Guard.Close], and
// only if the clipboard still holds it: what the user copied since is never
// destroyed. Where clipboard managers take copies over, it is looked for again
// after that, in everything that can be pasted.
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
// reading it whether it still holds that copy. Its methods return within a few seconds,
// whatever other programs do.
type SecretClipboard interface {
	// SetSecret reports whether the clipboard took the text. If it did not, the earlier
	// copy is still known to Holds and Clear.
	SetSecret(text string) bool
	// Holds reports whether the clipboard holds that text.
	Holds() bool
	// Clear empties the clipboard if it holds that text.
	Clear()
}

// SharedClipboard is a SecretClipboard whose copies other programs take over. Its methods
// may be called from any goroutine.
type SharedClipboard interface {
	SecretClipboard
	// HasManager reports whether a clipboard manager runs, which may keep a copy.
	HasManager() bool
	// Erase removes a copy from other programs that offer it for pasting. It reports
	// whether there was any.
	Erase(sum Sum) bool
}

// Sum identifies a copy without keeping it: it is the SHA-256 of the text.
type Sum [sha256.Size]byte

// SumOf returns the sum of a text.
func SumOf(text []byte) Sum { return sha256.Sum256(text) }

// Options are what a guard is made of.
type Options struct {
	Board Board
	// SecretClipboard is used instead of Board for secrets; nil where there is none.
	SecretClipboard SecretClipboard
	// Async says that Board knows only after a moment whether it took a copy, as on
	// Wayland. If it did not, Failed is called on the window's goroutine.
	Async  bool
	Failed func()
	// ManagerFound is called on the window's goroutine after a copy if a clipboard
	// manager runs, which may keep it.
	ManagerFound func()
	// Run calls work on another goroutine, and then the function that it returns on
	// the window's goroutine. Only a SharedClipboard needs it.
	Run func(work func() (then func()))
	// After calls f on the window's goroutine once d has passed, unless stop is
	// called before. Time while the computer sleeps need not count.
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
	held        *copied // nil if none waits to be cleared
	earlier     *copied // the one before held, while unconfirmed
	unconfirmed bool    // whether the clipboard took held is not known yet
	clearFailed bool    // held could not be cleared, and does not count down
	stop        func()  // the next tick, confirmation or search

	sought *copied // cleared, and looked for again in other programs
}

// copied is a copy on the clipboard.
type copied struct {
	sum Sum
	// until is the end of the delay by the clock on the wall, which goes on while the
	// computer sleeps. left is what remains by the ticks, which do not depend on
	// whether somebody sets that clock.
	until time.Time
	left  time.Duration
	step  time.Duration // until the next tick
}

// confirmDelay is the time after which an asynchronous clipboard is asked whether it took a
// copy.
const confirmDelay = 500 * time.Millisecond

// searchDelays are the times between the searches for a copy in other programs. Clipboard
// managers put back what was cleared at once (xfce4-clipman), or when they next look, each
// half second (parcellite, autocutsel).
var searchDelays = []time.Duration{time.Second, time.Second, 2 * time.Second}

// New makes a guard.
func New(opts Options) *Guard { return &Guard{opts: opts, stop: func() {}} }

// Copy puts a secret on the clipboard, to be cleared after d. An earlier copy is
// replaced and its delay forgotten. It reports whether the clipboard took it; a late
// one may say otherwise, by Failed. If not, the earlier copy is cleared in its time.
func (g *Guard) Copy(secret authclient.Secret, d time.Duration) bool {
	text := secret.Reveal()
	next := &copied{sum: SumOf([]byte(text)), until: g.now().Add(d), left: d}
	taken := false
	if g.opts.SecretClipboard != nil {
		taken = g.opts.SecretClipboard.SetSecret(text)
	} else {
		g.opts.Board.SetContent(text)
		taken = g.boardHas(next)
	}
	switch {
	case taken:
		g.stop()
		g.hold(next)
		g.warn()
		g.tick()
	case g.opts.Async:
		g.stop()
		earlier := g.held
		if g.unconfirmed {
			earlier = g.earlier
		}
		g.hold(next)
		g.earlier, g.unconfirmed = earlier, true
		g.stop = g.opts.After(confirmDelay, g.confirm)
		g.opts.Changed()
	default:
		g.opts.Changed()
		return false
	}
	return true
}

// hold makes c the only copy.
func (g *Guard) hold(c *copied) {
	g.held, g.earlier, g.sought = c, nil, nil
	g.unconfirmed, g.clearFailed = false, false
}

// now is the time by the clock on the wall.
func (g *Guard) now() time.Time { return g.opts.Now().Round(0) }

// confirm finds out whether a late clipboard took the copy.
func (g *Guard) confirm() {
	if g.boardHas(g.held) {
		g.hold(g.held)
		g.tick()
		return
	}
	g.hold(g.earlier)
	if g.held != nil {
		g.tick()
	}
	g.opts.Changed()
	g.opts.Failed()
}

// warn finds out whether a clipboard manager may keep the copy.
func (g *Guard) warn() {
	shared, ok := g.opts.SecretClipboard.(SharedClipboard)
	if !ok {
		return
	}
	c := g.held
	g.opts.Run(func() func() {
		found := shared.HasManager()
		return func() {
			if found && c == g.held {
				g.opts.ManagerFound()
			}
		}
	})
}

// Held reports whether a copy waits to be cleared.
func (g *Guard) Held() bool { return g.held != nil && !g.clearFailed }

// OnBoard reports whether the clipboard holds the copy now: the user may have
// copied something else since.
func (g *Guard) OnBoard() bool { return g.held != nil && g.ownsContent() }

// ClearFailed reports whether the last copy could not be cleared: the clipboard still
// holds it. [Guard.Clear] tries again.
func (g *Guard) ClearFailed() bool { return g.clearFailed }

// Left returns the whole seconds until the copy is cleared, rounded up.
func (g *Guard) Left() int {
	if !g.Held() {
		return 0
	}
	left := min(g.held.left, g.held.until.Sub(g.now()))
	return max(0, int((left+time.Second-1)/time.Second))
}

// Clear removes the copy now, if the clipboard still holds it. It reports
// whether the clipboard is free of it. What other programs took over is cleared
// within the next seconds; if that fails, ClearFailed says so.
func (g *Guard) Clear() bool {
	if g.held == nil {
		return true
	}
	g.stop()
	g.clear()
	if !g.clearFailed {
		g.search(0)
	}
	g.opts.Changed()
	return !g.clearFailed
}

// clear removes the copy from this program's own clipboard.
func (g *Guard) clear() {
	c := g.held
	switch {
	case g.opts.SecretClipboard != nil:
		g.opts.SecretClipboard.Clear()
	case g.unconfirmed || g.ownsContent():
		g.opts.Board.SetContent("")
	}
	failed := g.ownsContent()
	g.hold(nil)
	if failed {
		g.held, g.clearFailed = c, true
	} else {
		g.sought = c
	}
}

// search removes the copy that was cleared from other programs, which may have taken it
// over or put it back. done is the number of searches before.
func (g *Guard) search(done int) {
	shared, ok := g.opts.SecretClipboard.(SharedClipboard)
	if !ok {
		g.sought = nil
		return
	}
	c := g.sought
	g.opts.Run(func() func() {
		found := shared.Erase(c.sum)
		return func() {
			switch {
			case c != g.sought: // another copy was made, or the program ends
			case done < len(searchDelays):
				g.stop = g.opts.After(searchDelays[done], func() { g.search(done + 1) })
			case found: // a program puts it back each time
				g.hold(c)
				g.clearFailed = true
				g.opts.Changed()
			default:
				g.sought = nil
			}
		}
	})
}

// Close clears the copy for good; nothing is called back afterwards. It waits up to a few
// seconds for clipboard managers that may put it back when the program ends.
func (g *Guard) Close() {
	g.stop()
	if g.held != nil {
		g.clear()
	}
	c := g.sought
	if c == nil {
		c = g.held // it could not be cleared
	}
	if shared, ok := g.opts.SecretClipboard.(SharedClipboard); ok && c != nil {
		shared.Erase(c.sum)
	}
	g.hold(nil)
}

// tick counts down by the second, and clears at the end.
func (g *Guard) tick() {
	c := g.held
	c.left -= c.step
	left := min(c.left, c.until.Sub(g.now()))
	if left <= 0 {
		g.Clear()
		return
	}
	c.step = min(left, time.Second)
	g.stop = g.opts.After(c.step, g.tick)
	g.opts.Changed()
}

// ownsContent reports whether the clipboard holds the copy, or the one before while it is
// not known which of them.
func (g *Guard) ownsContent() bool {
	if g.opts.SecretClipboard != nil {
		return g.opts.SecretClipboard.Holds()
	}
	return g.boardHas(g.held) || g.boardHas(g.earlier)
}

// boardHas reports whether Board holds a copy.
func (g *Guard) boardHas(c *copied) bool {
	return c != nil && SumOf([]byte(g.opts.Board.Content())) == c.sum
}
