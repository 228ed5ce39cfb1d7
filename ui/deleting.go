package ui

import (
	"context"

	"amarre/internal/report"
	"amarre/profile"
)

// deletion is what one action deleted, and can be undone.
type deletion struct {
	removed []profile.Deletion
}

// deleteSelected deletes the marked profiles, else the open one, else the one
// highlighted in the list.
func (w *Window) deleteSelected() {
	if selected := w.selection(); len(selected) > 0 {
		w.deleteProfiles(selected)
	}
}

// selected returns the profiles that an action of the menu is about.
func (w *Window) selection() []profile.Profile {
	if marked := w.list.allMarked(); len(marked) > 0 {
		return marked
	}
	if w.open != nil {
		return []profile.Profile{*w.open}
	}
	if p := w.list.highlighted(); p != nil && w.win.Canvas().Focused() == w.list.list {
		return []profile.Profile{*p}
	}
	return nil
}

// deleteProfiles deletes profiles at once: undo instead of a warning. It stops at
// the first that cannot be deleted.
func (w *Window) deleteProfiles(selected []profile.Profile) {
	if w.blocked() || len(selected) == 0 {
		return
	}
	text := w.t.T("delete.running", "Name", shorten(selected[0].Name))
	if len(selected) > 1 {
		text = w.t.N("delete.running_many", len(selected))
	}
	w.start(w.status.running, text, func(ctx context.Context) func() {
		var done deletion
		var err error
		failed := ""
		for _, p := range selected {
			var removed profile.Deletion
			if removed, err = w.deps.Store.Delete(ctx, p.ID); err != nil {
				failed = p.Name
				break
			}
			done.removed = append(done.removed, removed)
		}
		return func() { w.deleted(done, failed, err) }
	})
}

// deleted shows what is gone, with a way back.
func (w *Window) deleted(done deletion, failed string, err error) {
	w.note(report.Delete, err)
	row := w.list.list.Row()
	for _, r := range done.removed {
		if w.open != nil && w.open.ID == r.Profile.ID {
			w.leave()
			w.form.begin(r.Profile.Service)
			w.win.Canvas().Focus(w.list.list)
		}
	}
	if len(done.removed) > 0 {
		w.removed = append(w.removed, done)
		for _, r := range done.removed {
			w.list.remove(r.Profile.ID)
		}
		w.list.list.MoveTo(row) // the next one is where this one was
		w.sayDeleted(done)
	}
	if err != nil {
		w.result.trouble(w.t.T("delete.failed", "Name", failed, "Why", w.t.Store(err)))
	}
	w.reload(func() {
		w.list.list.MoveTo(row)
		w.menu.refresh()
	})
}

// sayDeleted says what was deleted, with a way back.
func (w *Window) sayDeleted(d deletion) {
	text := w.t.T("delete.done", "Name", shorten(d.removed[0].Profile.Name))
	if len(d.removed) > 1 {
		text = w.t.N("delete.done_many", len(d.removed))
	}
	w.status.say(text, w.t.T("delete.undo"), w.undoDelete)
}

// undoDelete brings back what was deleted last, then what was deleted before.
func (w *Window) undoDelete() {
	if w.blocked() || len(w.removed) == 0 {
		return
	}
	last := len(w.removed) - 1
	undone := w.removed[last]
	name := undone.removed[0].Profile.Name
	w.start(w.status.running, w.t.T("undo.running", "Name", shorten(name)), func(ctx context.Context) func() {
		var err error
		left := undone.removed
		for len(left) > 0 && err == nil {
			if _, err = w.deps.Store.Restore(ctx, left[0]); err == nil {
				left = left[1:]
			}
		}
		return func() {
			if err != nil {
				w.removed[last].removed = left // the others are back
				w.result.trouble(w.t.T("undo.failed", "Name", left[0].Profile.Name, "Why", w.t.Store(err)))
				w.reload(nil)
				return
			}
			w.removed = w.removed[:last]
			switch {
			case last > 0:
				w.status.say(w.t.T("undo.done", "Name", shorten(name)), w.t.T("undo.next", "Name", shorten(w.removed[last-1].removed[0].Profile.Name)), w.undoDelete)
			case len(undone.removed) > 1:
				w.status.say(w.t.N("undo.done_many", len(undone.removed)), "", nil)
			default:
				w.status.say(w.t.T("undo.done", "Name", shorten(name)), "", nil)
			}
			w.reload(func() {
				w.list.moveTo(undone.removed[0].Profile.ID)
				w.menu.refresh()
			})
		}
	})
}
