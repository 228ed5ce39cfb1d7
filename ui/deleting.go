package ui

import (
	"context"
	"slices"

	"amarre/internal/keyring"
	"amarre/internal/report"
	"amarre/profile"
)

// deletion has the profiles that one action deleted.
type deletion []profile.Deletion

// name returns the name of the first profile, for a sentence.
func (d deletion) name() string { return shorten(d[0].Profile.Name) }

// deleteSelected deletes the selected profiles.
func (w *Window) deleteSelected() { w.deleteProfiles(w.selection()) }

// selection returns the profiles for an action of the menu: the marked ones, else the open
// one, else the highlighted one if the list has the focus.
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

// deleteProfiles deletes profiles without asking, because it can be undone. It stops at the
// first error.
func (w *Window) deleteProfiles(selected []profile.Profile) {
	if w.blocked() || len(selected) == 0 {
		return
	}
	if c := w.current; c != nil && slices.ContainsFunc(selected, func(p profile.Profile) bool { return p.ID == c.profile.ID }) {
		w.unlessUnsaved(func() { w.deleteNow(selected) })
		return
	}
	w.deleteNow(selected)
}

// deleteNow is deleteProfiles once nothing unsaved is lost.
func (w *Window) deleteNow(selected []profile.Profile) {
	text := w.t.T("delete.running", "Name", shorten(selected[0].Name))
	if len(selected) > 1 {
		text = w.t.N("delete.running_many", len(selected))
	}
	w.change(text, func(ctx context.Context) func() {
		ids := make([]string, len(selected))
		for i, p := range selected {
			ids[i] = p.ID
		}
		done, removed, err := w.deps.Store.DeleteMany(ctx, ids)
		failed := ""
		var unsure deletion
		if err != nil {
			failed = selected[min(len(done), len(selected)-1)].Name
		}
		if removed.Profile.ID != "" {
			unsure = deletion{removed}
		}
		return func() { w.deleted(done, unsure, failed, err) }
	})
}

// deleted shows the outcome of deleteProfiles. failed is the name of the profile of err,
// and unsure has that profile if its item may be gone.
func (w *Window) deleted(done, unsure deletion, failed string, err error) {
	w.note(report.Delete, err)
	row := w.list.list.Row()
	for _, r := range done {
		if w.open != nil && w.open.ID == r.Profile.ID {
			w.leave()
			w.form.begin(r.Profile.Service)
			w.win.Canvas().Focus(w.list.list)
		}
	}
	if len(done) > 0 {
		w.removed = append(w.removed, done)
		w.list.remove(done)
		w.list.list.MoveTo(row)
		text := w.t.T("delete.done", "Name", done.name())
		if len(done) > 1 {
			text = w.t.N("delete.done_many", len(done))
		}
		w.status.say(text, w.t.T("delete.undo"), w.undoDelete)
		if w.deps.Store.Product() == keyring.KeePassXC && err == nil {
			w.result.inform(w.t.T("delete.recycle_bin"))
		}
	}
	if err != nil {
		var undo []action
		if len(unsure) > 0 {
			w.removed = append(w.removed, unsure)
			undo = []action{{w.t.T("delete.undo"), w.undoDelete}}
		}
		w.result.trouble(w.t.T("delete.failed", "Name", failed, "Why", w.t.Store(err)), undo...)
	}
	w.reload(func() {
		w.list.list.MoveTo(row)
		w.menu.refresh()
	})
}

// undoDelete restores the last deletion that is not restored yet.
func (w *Window) undoDelete() {
	if w.blocked() || len(w.removed) == 0 {
		return
	}
	last := len(w.removed) - 1
	undone := w.removed[last]
	w.change(w.t.T("undo.running", "Name", undone.name()), func(ctx context.Context) func() {
		restored, err := w.deps.Store.RestoreMany(ctx, undone)
		left := undone[len(restored):]
		return func() {
			if err != nil {
				w.removed[last] = left
				if keyring.ClassOf(err) == profile.ClassDuplicate { // it blocks no earlier one
					w.removed = append([]deletion{left}, w.removed[:last]...)
				}
				w.result.trouble(w.t.T("undo.failed", "Name", left[0].Profile.Name, "Why", w.t.Store(err)))
				w.reload(nil)
				return
			}
			w.removed = w.removed[:last]
			done := w.t.T("undo.done", "Name", undone.name())
			switch {
			case last > 0:
				w.status.say(done, w.t.T("undo.next", "Name", w.removed[last-1].name()), w.undoDelete)
			case len(undone) > 1:
				w.status.say(w.t.N("undo.done_many", len(undone)), "", nil)
			default:
				w.status.say(done, "", nil)
			}
			w.reload(func() {
				w.list.moveTo(undone[0].Profile.ID)
				w.menu.refresh()
			})
		}
	})
}
