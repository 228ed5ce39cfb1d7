package presenter

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

// CanUndo reports whether a deletion can be undone.
func (p *Presenter) CanUndo() bool { return len(p.removed) > 0 }

// Delete deletes profiles without asking, because it can be undone. It stops at the first
// error.
func (p *Presenter) Delete(selected []profile.Profile) {
	defer p.action()()
	if p.Blocked() || len(selected) == 0 {
		return
	}
	if p.credentialAmong(selected) {
		p.unlessUnsaved(func() { p.deleteNow(selected) })
		return
	}
	p.deleteNow(selected)
}

// credentialAmong reports whether the open credential is that of one of the profiles.
func (p *Presenter) credentialAmong(selected []profile.Profile) bool {
	return p.cred != nil && slices.ContainsFunc(selected, func(each profile.Profile) bool { return sameProfile(each, p.cred.Profile) })
}

// deleteNow is Delete once nothing unsaved is lost.
func (p *Presenter) deleteNow(selected []profile.Profile) {
	if p.credentialAmong(selected) && p.under() == Editing { // what is typed meanwhile would be lost
		p.form = p.newForm()
		p.turn(Reading)
		p.update(FormPart | ProblemsPart)
	}
	text := p.t.T("delete.running", "Name", shorten(selected[0].Name))
	if len(selected) > 1 {
		text = p.t.N("delete.running_many", len(selected))
	}
	p.Change(text, func(ctx context.Context) func() {
		ids := make([]string, len(selected))
		for i, each := range selected {
			ids[i] = each.ID
		}
		done, removed, err := p.deps.Store.DeleteMany(ctx, ids)
		failed := ""
		var unsure deletion
		if err != nil {
			failed = selected[min(len(done), len(selected)-1)].Name
		}
		if removed.Profile.ID != "" {
			unsure = deletion{removed}
		}
		return func() { p.deleted(done, unsure, failed, err) }
	})
}

// deleted shows the outcome of Delete. failed is the name of the profile of err, and unsure
// has that profile if its item may be gone.
func (p *Presenter) deleted(done, unsure deletion, failed string, err error) {
	p.Note(report.Delete, err)
	p.dismiss()
	if c := p.cred; c != nil && slices.ContainsFunc(done, func(d profile.Deletion) bool { return sameProfile(d.Profile, c.Profile) }) {
		p.leave()
		p.form = p.newForm()
		p.update(FormPart)
		p.show(Overview)
	}
	if len(done) > 0 {
		p.removed = append(p.removed, done)
		p.remove(done)
		p.focusOn(ToList, 0)
		text := p.t.T("delete.done", "Name", done.name())
		if len(done) > 1 {
			text = p.t.N("delete.done_many", len(done))
		}
		p.Say("trash-2", text, p.t.T("undo.undo"), p.Undo)
		if p.deps.Store.Product() == keyring.KeePassXC && err == nil {
			p.inform(p.t.T("delete.recycle_bin"))
		}
	}
	if err != nil {
		var undo []Action
		if len(unsure) > 0 {
			p.removed = append(p.removed, unsure)
			undo = []Action{{p.t.T("delete.undo"), p.Undo}}
		}
		p.Trouble(p.t.T("delete.failed", "Name", failed, "Why", p.t.Store(err)), undo...)
	}
	p.Reload(nil)
}

// Undo restores the last deletion that is not restored yet.
func (p *Presenter) Undo() {
	defer p.action()()
	if p.Blocked() || len(p.removed) == 0 {
		return
	}
	last := len(p.removed) - 1
	undone := p.removed[last]
	p.Change(p.t.T("undo.running", "Name", undone.name()), func(ctx context.Context) func() {
		restored, err := p.deps.Store.RestoreMany(ctx, undone)
		left := undone[len(restored):]
		return func() {
			switch {
			case len(left) == 0: // after an error too, every item is back
				p.removed = p.removed[:last]
			case keyring.ClassOf(err) == profile.ClassDuplicate: // it blocks no earlier one
				p.removed = append([]deletion{left}, p.removed[:last]...)
			default:
				p.removed[last] = left
			}
			if err == nil {
				p.undone(undone)
				return
			}
			failed := undone[min(len(restored), len(undone)-1)].Profile.Name
			p.Trouble(p.t.T("undo.failed", "Name", failed, "Why", p.t.Store(err)))
			p.Reload(nil)
		}
	})
}

// undone says what was restored, and shows it.
func (p *Presenter) undone(undone deletion) {
	say := func() {
		done := p.t.T("undo.done", "Name", undone.name())
		switch last := len(p.removed); {
		case last > 0:
			p.Say("undo-2", done, p.t.T("undo.next", "Name", p.removed[last-1].name()), p.Undo)
		case len(undone) > 1:
			p.Say("undo-2", p.t.N("undo.done_many", len(undone)), "", nil)
		default:
			p.Say("undo-2", done, "", nil)
		}
	}
	say()
	p.Reload(func() {
		i := p.indexOf(undone[0].Profile.ID)
		if len(undone) == 1 && i >= 0 && p.page == Overview && !p.Blocked() {
			p.load(p.list.all[i], say) // which removes the notice
		}
	})
}
