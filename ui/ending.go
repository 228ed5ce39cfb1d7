package ui

import (
	"strings"

	"amarre/internal/settings"
	"amarre/ui/kit"
)

// ending is how the window ends once the running operation has ended.
type ending int

const (
	stays  ending = iota
	quits         // as Quit: what would be lost is asked about
	closes        // as Close
)

// Quit closes the window. It asks first if unsaved changes, profiles of the session or
// deletions that can be undone would be lost. An operation that changes what is kept ends
// before; any other is cancelled.
func (w *Window) Quit() {
	if w.dialog != nil || w.closed {
		return
	}
	if w.call != nil {
		w.ending = quits
		if !w.call.keeps {
			w.cancel()
		}
		return
	}
	w.unlessUnsaved(func() {
		var lost []string
		if n := w.inSession(); n > 0 {
			lost = append(lost, w.t.N("session.quit", n))
		}
		deleted := 0
		for _, each := range w.removed {
			deleted += len(each)
		}
		if deleted > 0 {
			lost = append(lost, w.t.N("delete.quit", deleted))
		}
		if len(lost) == 0 || w.deps.Demo != nil {
			w.Close()
			return
		}
		w.ask(w.t.T("session.quit_title"), strings.Join(lost, "\n\n"),
			kit.Answer{Text: w.t.T("session.quit_anyway"), Do: w.Close}, kit.Answer{Text: w.t.T("unsaved.stay")})
	})
}

// Terminate closes the window without asking, as Close, once an operation that changes what
// is kept has ended.
func (w *Window) Terminate() {
	if w.call != nil && w.call.keeps {
		w.ending = closes
		return
	}
	w.Close()
}

// Close closes the window at once. It clears the clipboard and saves the settings.
func (w *Window) Close() {
	if w.closed {
		return
	}
	w.closed = true
	if w.call != nil {
		w.call.cancel()
	}
	w.stopNaming.replace(nil)
	w.stopWatch.replace(nil)
	w.stopIdle.replace(nil)
	w.guard.Close()
	w.current = nil
	size := w.win.Canvas().Size()
	w.changeSettings(func(s *settings.Settings) { s.Width, s.Height = size.Width, size.Height })
	w.win.Close()
	w.deps.Closed()
}

// endIfAsked ends the window if that waited for an operation. A question that the
// operation has asked comes first.
func (w *Window) endIfAsked() {
	ending := w.ending
	if ending == stays || w.call != nil {
		return
	}
	w.ending = stays
	switch {
	case ending == closes:
		w.Close()
	case w.dialog == nil:
		w.Quit()
	}
}
