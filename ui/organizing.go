package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"amarre/authclient"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/ui/kit"
)

// showListMenu opens the menu of a profile in the list. at is absolute, on the canvas.
func (w *Window) showListMenu(p profile.Profile, at fyne.Position) {
	if w.blocked() {
		return
	}
	w.openMenu(w.listMenu(p), at)
}

// openMenu opens a menu at an absolute position on the canvas, and gives it the focus.
func (w *Window) openMenu(items []*fyne.MenuItem, at fyne.Position) {
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), w.win.Canvas())
	menu.ShowAtPosition(at)
	w.win.Canvas().Focus(menu)
}

// listMenu returns the actions on a profile, or on all marked profiles if it is marked.
func (w *Window) listMenu(p profile.Profile) []*fyne.MenuItem {
	selected := w.list.selection(p)
	favourite := w.t.T("menu.to_favourites")
	if p.Favourite {
		favourite = w.t.T("menu.not_favourite")
	}
	items := []*fyne.MenuItem{
		fyne.NewMenuItem(favourite, func() { w.setFavourite(selected, !p.Favourite) }),
		fyne.NewMenuItem(w.t.T("menu.export"), func() { w.exportProfiles(selected) }),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(w.t.N("menu.delete_many", len(selected)), func() { w.deleteProfiles(selected) }),
	}
	if len(selected) == 1 {
		items = append([]*fyne.MenuItem{
			fyne.NewMenuItem(w.t.T("menu.open"), func() { w.openProfile(p) }),
			fyne.NewMenuItem(w.t.T("menu.rename"), func() { w.renameProfile(p) }),
			fyne.NewMenuItem(w.t.T("menu.duplicate"), func() { w.duplicateOf(p) }),
			fyne.NewMenuItemSeparator(),
		}, items...)
	}
	return items
}

// rename renames the selected profile, if there is exactly one.
func (w *Window) rename() {
	if selected := w.selection(); len(selected) == 1 {
		w.renameProfile(selected[0])
	}
}

// renameProfile asks for the new name of a profile.
func (w *Window) renameProfile(p profile.Profile) {
	if w.blocked() {
		return
	}
	name := kit.NewEntry(nil)
	name.SetText(p.Name)
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
	w.show(kit.Question{
		Title: w.t.T("rename.title", "Name", shorten(p.Name)), Input: name,
		Answers: []kit.Answer{
			{Text: w.t.T("form.cancel")},
			{Text: w.t.T("rename.do"), Stay: true, Do: func() {
				text := oneLine(name.Text)
				if text == "" {
					w.dialog.Fail(w.t.T("rename.empty"))
					return
				}
				w.dialog.Escape()
				w.renameTo(p, text)
			}},
		},
	})
}

// renameTo saves the new name of a profile.
func (w *Window) renameTo(p profile.Profile, name string) {
	if name == p.Name || w.blocked() {
		return
	}
	w.start(w.status.running, w.t.T("save.running"), func(ctx context.Context) func() {
		saved, err := w.deps.Store.Edit(ctx, p.ID, func(p *profile.Profile, _ *profile.Secrets) error {
			p.Name = name
			return nil
		})
		return func() {
			if err != nil {
				w.result.trouble(w.t.T("save.failed", "Why", w.t.Store(err)))
				w.recheckKeyring(err)
				w.reload(nil)
				return
			}
			if c := w.current; c != nil && c.profile.ID == p.ID && !c.changed {
				c.profile, w.open = saved, &saved
				w.result.setName(saved.Name)
				w.result.refresh()
			}
			w.status.say(w.t.T("rename.done", "Name", shorten(saved.Name)), "", nil)
			w.reload(func() { w.list.moveTo(p.ID) })
		}
	})
}

// toggleFavourite makes the selected profiles favourites, or no longer.
func (w *Window) toggleFavourite() {
	if selected := w.selection(); len(selected) > 0 {
		w.setFavourite(selected, !selected[0].Favourite)
	}
}

// setFavourite saves whether profiles are favourites, which come first in the list.
func (w *Window) setFavourite(selected []profile.Profile, on bool) {
	if w.dialog != nil || w.closed {
		return
	}
	ids := make([]string, len(selected))
	for i, p := range selected {
		ids[i] = p.ID
	}
	w.deps.Run(func() func() {
		err := w.deps.Store.SetFavourite(context.Background(), ids, on) // has a timeout
		return func() {
			if err != nil && !w.closed {
				w.result.trouble(w.t.Store(err))
			}
			w.reload(nil)
		}
	})
}

// sortBy changes the order of the list to a [profile.Order].
func (w *Window) sortBy(order string) {
	w.changeSettings(func(s *settings.Settings) { s.Sort = order })
	w.menu.refresh()
	w.reload(nil)
}

// duplicateOf starts a profile for another port from a profile in the list. It only keeps
// the password if that profile is open.
func (w *Window) duplicateOf(p profile.Profile) {
	if w.open != nil && w.open.ID == p.ID {
		w.duplicate()
		return
	}
	if w.blocked() {
		return
	}
	w.unlessUnsaved(func() {
		w.leave()
		w.form.fill(textOf(p), authclient.Secret{})
		w.duplicate()
	})
}
