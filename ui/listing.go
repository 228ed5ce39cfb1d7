package ui

import (
	"slices"
	"time"

	"amarre/internal/keyring"
	"amarre/profile"
)

// reload reads the list of profiles, shows it, and calls then, which may be nil. If another
// reload begins before it ends, only the list of that one is shown, and then is called
// after it.
func (w *Window) reload(then func()) {
	if then != nil {
		w.afterReload = append(w.afterReload, then)
	}
	w.reloads++
	number := w.reloads
	order, environmentName, searching := profile.Order(w.settings.Sort), w.t.Environment, w.list.searchBox.Text != ""
	w.deps.Run(func() func() {
		all, err := w.deps.Store.List()
		order.Sort(all)
		var texts []string
		if searching {
			texts = profile.SearchTexts(all, environmentName)
		}
		return func() {
			if w.closed || number != w.reloads {
				return
			}
			w.listErr = err
			w.list.show(all, texts)
			if texts == nil {
				w.prepareSearch(all, number)
			}
			w.form.service.SetOptions(w.services())
			w.result.erp.SetOptions(w.erps())
			w.syncOpen()
			if err != nil && !profile.NeedsRebuild(err) {
				w.result.trouble(w.t.Store(err))
			}
			w.rebuildIfNeeded()
			waiting := w.afterReload
			w.afterReload = nil
			for _, then := range waiting {
				then()
			}
		}
	})
}

// prepareSearch makes the search texts of a list that is shown already: they take as long
// as reading the list does. number is that of the reload.
func (w *Window) prepareSearch(all []profile.Profile, number int) {
	environmentName := w.t.Environment
	w.deps.Run(func() func() {
		texts := profile.SearchTexts(all, environmentName)
		return func() {
			if !w.closed && number == w.reloads && len(texts) == len(w.all) {
				w.list.texts = texts
				w.list.filterAgain()
			}
		}
	})
}

// debounce is the delay between a change of the list on the disk and its reading.
const debounce = 100 * time.Millisecond

// listChanged schedules a reload after any program, even this one, has changed the list.
func (w *Window) listChanged() {
	if w.closed || w.reloadPending {
		return
	}
	w.reloadPending = true
	w.deps.After(debounce, func() {
		w.reloadPending = false
		if !w.closed {
			w.reload(nil)
		}
	})
}

// syncOpen updates the open profile after the list was read, because another program may
// have changed it. It discards no unsaved change and no token.
func (w *Window) syncOpen() {
	c := w.current
	if w.open == nil || c == nil || c.changed || c.profile.ID != w.open.ID || w.call != nil {
		return
	}
	at := w.indexOf(c.profile.ID)
	if at < 0 {
		if w.listErr == nil {
			w.openWasDeleted(c)
		}
		return
	}
	p := w.all[at]
	switch {
	case p.SameRevision(c.profile): // only a favourite or a check may have changed
		c.profile, w.open = p, &p
		w.result.refresh()
		w.menu.refresh()
	case w.keyring == keyring.Ready && w.dialog == nil && !w.result.edited() && !w.environmentEdited() && !w.form.unsaved():
		w.load(p) // the token may have changed too
		w.status.say(w.t.T("elsewhere.reloaded", "Name", shorten(p.Name)), "", nil)
	default:
		w.result.inform(w.t.T("elsewhere.changed", "Name", shorten(p.Name)), action{w.t.T("elsewhere.reload"), func() { w.openProfile(p) }})
	}
}

// openWasDeleted keeps the token of a profile that another program deleted, as a token that
// is not saved.
func (w *Window) openWasDeleted(c *credential) {
	w.open, c.changed, c.copied, c.profile.ID = nil, true, false, ""
	w.result.inform(w.t.T("elsewhere.deleted", "Name", shorten(c.profile.Name)))
	w.result.refresh()
	w.menu.refresh()
}

// suggestedERPs are known ERPs of marinas (docs/service.md).
var suggestedERPs = []string{"Alizée", "Port Logic"}

// erps returns the names of ERPs to suggest: the known ones and those in the list.
func (w *Window) erps() []string {
	erps := slices.Clone(suggestedERPs)
	for _, p := range w.all {
		if p.ERP != "" {
			erps = append(erps, p.ERP)
		}
	}
	slices.Sort(erps)
	return slices.Compact(erps)
}

// indexOf returns the index in the list of the profile with an ID, or -1.
func (w *Window) indexOf(id string) int {
	return slices.IndexFunc(w.all, func(p profile.Profile) bool { return p.ID == id })
}

// saved returns a copy of the saved profile with the same credential as p, or nil.
func (w *Window) saved(p profile.Profile) *profile.Profile {
	if i := slices.IndexFunc(w.all, p.SameCredential); i >= 0 {
		return new(w.all[i])
	}
	return nil
}
