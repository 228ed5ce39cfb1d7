package ui

import (
	"slices"
	"time"

	"amarre/internal/keyring"
	"amarre/profile"
)

// reload lists the profiles again, then calls then.
func (w *Window) reload(then func()) {
	w.listing++
	mine := w.listing
	order, environmentName := profile.Order(w.settings.Sort), w.t.Environment
	w.deps.Run(func() func() {
		all, err := w.deps.Store.List()
		order.Sort(all)
		texts := profile.SearchTexts(all, environmentName)
		return func() {
			if w.closed || mine != w.listing { // a later one is under way
				return
			}
			highlighted := w.list.highlightedID()
			w.all, w.listErr = all, err
			w.list.refresh(texts, highlighted)
			w.form.suggest(w.services())
			w.result.erp.SetOptions(w.erps())
			w.followOpen()
			if err != nil && !profile.NeedsRebuild(err) {
				w.result.trouble(w.t.Store(err))
			}
			w.rebuildIfNeeded()
			if then != nil {
				then()
			}
		}
	})
}

// debounce is how long the list must rest before it is read again.
const debounce = 100 * time.Millisecond

// listChanged reads the list again after a program, this one too, has changed
// it.
func (w *Window) listChanged() {
	if w.closed || w.changing != nil {
		return
	}
	w.changing = w.deps.After(debounce, func() {
		w.changing = nil
		if !w.closed {
			w.reload(nil)
		}
	})
}

// followOpen keeps what is shown of the open profile in step with the list,
// which another program may have changed. Nothing that the user sees is lost.
func (w *Window) followOpen() {
	c := w.current
	if w.open == nil || c == nil || c.changed || c.profile.ID != w.open.ID || w.call != nil {
		return
	}
	for _, p := range w.all {
		if p.ID != c.profile.ID {
			continue
		}
		if p.Saved.Equal(c.profile.Saved) {
			c.profile, w.open = p, &p // a favourite, a check
			w.result.refreshHeading()
			w.result.refreshLast()
			w.menu.refresh()
			return
		}
		if w.keyring == keyring.Ready && w.dialog == nil && !w.result.edited() && !w.environmentEdited() && !w.form.unsaved() {
			w.load(p) // nothing can be lost, and the token may be another
			w.status.say(w.t.T("elsewhere.reloaded", "Name", shorten(p.Name)), "", nil)
			return
		}
		w.result.inform(w.t.T("elsewhere.changed", "Name", shorten(p.Name)), action{w.t.T("elsewhere.reload"), func() {
			if !w.blocked() {
				w.openProfile(p)
			}
		}})
		return
	}
	if w.listErr != nil { // nothing is known
		return
	}
	w.open, c.changed, c.copied, c.profile.ID = nil, true, false, ""
	w.result.inform(w.t.T("elsewhere.deleted", "Name", shorten(c.profile.Name)))
	w.result.refreshHeading()
	w.result.refreshSave()
	w.result.refreshLast()
	w.menu.refresh()
}

// suggestedERPs are ERPs of marinas (service.md).
var suggestedERPs = []string{"Alizée", "Port Logic"}

// erps returns the names of ERPs to suggest: those in use, and the well-known.
func (w *Window) erps() []string {
	erps := slices.Clone(suggestedERPs)
	for _, p := range w.all {
		if p.ERP != "" && !slices.Contains(erps, p.ERP) {
			erps = append(erps, p.ERP)
		}
	}
	slices.Sort(erps)
	return erps
}

// saved returns the profile of the same credential as p, nil if none is saved.
func (w *Window) saved(p profile.Profile) *profile.Profile {
	for _, each := range w.all {
		if each.Same(p) {
			return &each // not a place in the list, which changes
		}
	}
	return nil
}
