package ui

import (
	"runtime"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"amarre/internal/handover"
	"amarre/ui/kit"
	"amarre/ui/presenter"
)

// command is something that the user can do. Menus, shortcuts and the palette are made of
// commands. A shortcut works even if on says no; then the presenter does nothing.
type command struct {
	text func() string // in the palette and in menus
	icon string
	key  fyne.KeyName // "" for none
	mod  fyne.KeyModifier
	do   func()
	on   func() bool // whether it can be done now; nil means always
}

// IDs of commands.
const (
	cmdNew = iota
	cmdMany
	cmdSave
	cmdCopy
	cmdCopyAs
	cmdShow
	cmdSpell
	cmdCheck
	cmdCheckAll
	cmdCompare
	cmdPrevious
	cmdRenew
	cmdUseToken
	cmdEdit
	cmdDuplicate
	cmdFavourite
	cmdDelete
	cmdUndo
	cmdSearch
	cmdPalette
	cmdOverview
	cmdExport
	cmdImport
	cmdPreferences
	cmdTroubleshooting
	cmdKeyring
	cmdAuthority
	cmdProxy
	cmdReport
	cmdRebuild
	cmdPassword
	cmdClear
	cmdKeys
	cmdAbout
	cmdQuit
	commandCount
)

const ctrl, shift = fyne.KeyModifierShortcutDefault, fyne.KeyModifierShift

// makeCommands returns the commands, by ID.
func (w *Window) makeCommands() []*command {
	all := make([]*command, commandCount)
	add := func(id int, text, icon string, key fyne.KeyName, mod fyne.KeyModifier, do func(), on func() bool) {
		all[id] = &command{func() string { return w.t.T(text) }, icon, key, mod, do, on}
	}
	p := w.p
	open := func() bool { return p.Credential() != nil && p.Page() == presenter.Reading }
	token := func() bool {
		return open() && (p.Credential().HasToken() || p.Credential().State == presenter.Forgotten)
	}
	saved := func() bool { return open() && p.Credential().State == presenter.Saved }
	listed := func() bool { return open() && p.Credential().Profile.ID != "" && !p.Credential().Unsaved() }
	selected := func() bool { return len(p.Selection()) > 0 }
	real := func() bool { return w.deps.Demo == nil }

	add(cmdNew, "menu.new", "plus", fyne.KeyN, ctrl, p.New, nil)
	add(cmdMany, "menu.many", "list-plus", fyne.KeyN, ctrl|shift, p.ManyPorts, nil)
	add(cmdSave, "menu.save", "check", fyne.KeyS, ctrl, p.Save, func() bool {
		return open() && p.Credential().Unsaved() || p.Page() == presenter.Editing && p.Form().Mode == presenter.EditPort
	})
	add(cmdCopy, "menu.copy", "copy", fyne.KeyC, ctrl|shift, p.Copy, token)
	add(cmdCopyAs, "menu.copy_as", "file-text", fyne.KeyA, ctrl|shift, w.menus.showCopyMenu, token)
	add(cmdShow, "menu.show", "eye", fyne.KeyH, ctrl|shift, p.ToggleToken, token)
	all[cmdShow].text = func() string {
		if p.Revealed() {
			return w.t.T("menu.hide")
		}
		return w.t.T("menu.show")
	}
	add(cmdSpell, "menu.spell", "a-large-small", fyne.KeyL, ctrl, w.tokens.spell, token)
	add(cmdCheck, "menu.check", "refresh-cw", fyne.KeyF5, 0, p.Check, token)
	add(cmdCheckAll, "menu.check_all", "list-checks", fyne.KeyF5, shift, p.CheckListed, func() bool { return p.Rows() > 0 })
	add(cmdCompare, "menu.compare", "arrow-left-right", fyne.KeyV, ctrl|shift, w.tokens.compareWithERP, token)
	add(cmdPrevious, "menu.previous", "clock", "", 0, w.tokens.previousToken, func() bool { return saved() && !p.Credential().Secrets.Previous.IsZero() })
	add(cmdRenew, "menu.renew", "key-round", "", 0, p.Renew, listed)
	add(cmdUseToken, "menu.use_token", "clipboard-paste", "", 0, w.tokens.useToken, listed)
	add(cmdEdit, "menu.edit", "pencil", fyne.KeyF2, 0, p.Edit, listed)
	add(cmdDuplicate, "menu.duplicate", "copy", fyne.KeyD, ctrl, p.Duplicate, open)
	add(cmdFavourite, "menu.favourite", "star", fyne.KeyB, ctrl, p.ToggleFavourite, selected)
	add(cmdDelete, "menu.delete", "trash-2", "", 0, func() { p.Delete(p.Selection()) }, selected)
	all[cmdDelete].text = func() string {
		if n := len(p.Selection()); n > 1 {
			return w.t.N("menu.delete_many", n)
		}
		return w.t.T("menu.delete")
	}
	add(cmdUndo, "menu.undo_delete", "undo-2", fyne.KeyZ, ctrl|shift, p.Undo, p.CanUndo)
	add(cmdSearch, "menu.search", "search", fyne.KeyF, ctrl, w.focusSearch, nil)
	add(cmdPalette, "menu.palette", "search", fyne.KeyK, ctrl, w.showPalette, nil)
	add(cmdOverview, "menu.overview", "layers", "", 0, p.Home, nil)
	add(cmdExport, "menu.export", "download", fyne.KeyE, ctrl, w.exports.exportSelected, func() bool { return len(p.Ports()) > 0 })
	add(cmdImport, "menu.import", "upload", fyne.KeyI, ctrl, func() { w.imports.importFile("") }, nil)
	add(cmdPreferences, "menu.preferences", "sliders-horizontal", fyne.KeyComma, ctrl, p.ShowPreferences, nil)
	add(cmdTroubleshooting, "menu.troubleshooting", "stethoscope", fyne.KeyT, ctrl, w.troubleshoot, nil)
	add(cmdKeyring, "menu.keyring", "lock", "", 0, w.aboutKeyring, real)
	add(cmdAuthority, "menu.authority", "shield-check", "", 0, w.authorities.authority, nil)
	add(cmdProxy, "menu.proxy", "network", "", 0, w.proxies.proxy, nil)
	add(cmdReport, "menu.report", "life-buoy", "", 0, w.reports.diagnosticReport, nil)
	add(cmdRebuild, "menu.rebuild", "refresh-cw", "", 0, p.Rebuild, real)
	add(cmdPassword, "menu.show_password", "eye", fyne.KeyP, ctrl|shift, w.togglePassword, func() bool { return p.Page() == presenter.Editing })
	add(cmdClear, "menu.clear_clipboard", "clipboard-paste", "", 0, p.ClearClipboard, func() bool { return p.Clipboard().Held || p.Clipboard().Stuck })
	add(cmdKeys, "menu.keys", "keyboard", "", 0, w.showKeys, nil)
	add(cmdAbout, "menu.about", "info", "", 0, w.about, nil)
	add(cmdQuit, "menu.quit", "", fyne.KeyQ, ctrl, p.Quit, nil)
	return all
}

// enabled reports whether a command can be done now.
func (c *command) enabled() bool { return c.on == nil || c.on() }

// shortcut returns the shortcut of a command, or nil. A function key without Ctrl is none to
// Fyne: see keys.
func (c *command) shortcut() *desktop.CustomShortcut {
	if c.key == "" || c.mod&^shift == 0 {
		return nil
	}
	return &desktop.CustomShortcut{KeyName: c.key, Modifier: c.mod}
}

// keyText returns the key of a command as people write it, or "".
func (w *Window) keyText(c *command) string {
	if c.key == "" {
		return ""
	}
	var parts []string
	if c.mod&ctrl != 0 {
		parts = append(parts, w.t.T("key.ctrl"))
		if runtime.GOOS == "darwin" {
			parts[0] = "⌘"
		}
	}
	if c.mod&shift != 0 {
		parts = append(parts, w.t.T("key.shift"))
	}
	return strings.Join(append(parts, string(c.key)), "+")
}

// menus opens the menus of the window.
type menus struct{ *Window }

// item returns the menu item of a command.
func (w menus) item(id int) kit.MenuItem {
	c := w.commands[id]
	return kit.MenuItem{Icon: c.icon, Text: c.text(), Key: w.keyText(c), Do: c.do, Disabled: !c.enabled()}
}

// items returns menu items of commands; -1 stands for a separator.
func (w menus) items(ids ...int) []kit.MenuItem {
	var items []kit.MenuItem
	for _, id := range ids {
		if id < 0 {
			items = append(items, kit.MenuItem{Separator: true})
		} else {
			items = append(items, w.menus.item(id))
		}
	}
	return items
}

const separator = -1

// showMenu opens a menu at an absolute position on the canvas.
func (w menus) showMenu(items []kit.MenuItem, at fyne.Position, width float32) {
	if w.p.Blocked() && w.p.Task() == nil || w.dialog != nil {
		return
	}
	w.tips.Dismiss()
	w.p.Active()
	menu := kit.ShowMenu(w.win.Canvas(), w.keys, items, at, width, nil)
	for i, item := range items {
		if !item.Disabled && !item.Separator {
			menu.Highlight(i) // for who opened it by a key
			break
		}
	}
}

// below returns the position below an object.
func below(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).AddXY(0, o.Size().Height+4)
}

// showAppMenu opens the menu of the window.
func (w menus) showAppMenu() {
	if w.p.Welcoming() {
		w.menus.showMenu(w.menus.items(cmdMany, cmdImport, separator, cmdPalette, cmdPreferences, cmdTroubleshooting, cmdKeys, cmdAbout, separator, cmdQuit), fyne.NewPos(12, 48), 300)
		return
	}
	w.menus.showMenu(w.menus.items(cmdNew, cmdMany, cmdCheckAll, cmdUndo, separator, cmdImport, cmdExport, separator,
		cmdPalette, cmdPreferences, cmdTroubleshooting, cmdKeys, cmdAbout, separator, cmdQuit), below(w.side.menu), 300)
}

// showPageMenu opens the menu of the open port.
func (w menus) showPageMenu() {
	button := w.read.more
	at := below(button)
	const width = 320
	at.X += button.Size().Width - width
	w.menus.showMenu(w.menus.items(cmdCopyAs, cmdDuplicate, cmdRenew, cmdUseToken, cmdPrevious, separator, cmdExport, cmdDelete), at, width)
}

// showRowMenu opens the menu of a row of the list, at an absolute position on the canvas.
func (w menus) showRowMenu(row int, at fyne.Position) {
	one := w.p.At(row)
	selected := w.p.SelectionWith(one)
	star, icon := "menu.to_favourites", "star"
	if one.Favourite {
		star = "menu.not_favourite"
	}
	mark := "menu.mark"
	if w.p.Marked(one.ID) {
		mark = "menu.unmark"
	}
	var items []kit.MenuItem
	if len(selected) == 1 {
		items = append(items,
			kit.MenuItem{Icon: "corner-down-left", Text: w.t.T("menu.open"), Do: func() { w.p.Open(one) }},
			kit.MenuItem{Icon: "copy", Text: w.t.T("menu.duplicate"), Do: func() { w.p.DuplicateOf(one) }})
	}
	items = append(items,
		kit.MenuItem{Icon: "refresh-cw", Text: w.t.N("menu.check_many", len(selected)), Do: func() { w.p.CheckThese(selected) }},
		kit.MenuItem{Separator: true},
		kit.MenuItem{Icon: icon, Text: w.t.T(star), Do: func() { w.p.SetFavourite(selected, !one.Favourite) }},
		kit.MenuItem{Icon: "square-check-big", Text: w.t.T(mark), Do: func() { w.p.Mark(!w.p.Marked(one.ID), row, row) }},
		kit.MenuItem{Icon: "download", Text: w.t.T("menu.export"), Do: func() { w.exports.exportProfiles(selected) }},
		kit.MenuItem{Separator: true},
		kit.MenuItem{Icon: "trash-2", Text: w.t.N("menu.delete_many", len(selected)), Do: func() { w.p.Delete(selected) }})
	w.menus.showMenu(items, at, 270)
}

// showCopyMenu opens the menu of the formats in which the token can be copied.
func (w menus) showCopyMenu() {
	if !w.commands[cmdCopyAs].enabled() {
		return
	}
	var items []kit.MenuItem
	for _, format := range handover.Formats() {
		icon := "file-text"
		if !format.IsSecret() {
			icon = "network"
			items = append(items, kit.MenuItem{Separator: true})
		}
		items = append(items, kit.MenuItem{Icon: icon, Text: w.t.T("format." + string(format)), Do: func() { w.p.CopyAs(format) }})
	}
	items[0].Key = w.keyText(w.commands[cmdCopy])
	w.menus.showMenu(items, below(w.read.copy), 330)
}

// setMainMenu gives macOS its menu bar, which the system draws. Elsewhere there is none: a
// drawn one would take height, and its shortcuts cannot be read.
func (w menus) setMainMenu() {
	if runtime.GOOS != "darwin" {
		return
	}
	menu := func(title string, ids ...int) *fyne.Menu {
		m := fyne.NewMenu(w.t.T(title))
		for _, id := range ids {
			c := w.commands[id]
			item := fyne.NewMenuItem(c.text(), c.do)
			if shortcut := c.shortcut(); shortcut != nil {
				item.Shortcut = shortcut
				item.Action = w.keys.once(shortcut.KeyName, c.do)
			}
			item.IsQuit = id == cmdQuit
			m.Items = append(m.Items, item)
		}
		return m
	}
	w.win.SetMainMenu(fyne.NewMainMenu(
		menu("menu.file", cmdNew, cmdMany, cmdSave, cmdExport, cmdImport, cmdQuit),
		menu("menu.port", cmdCopy, cmdCopyAs, cmdShow, cmdSpell, cmdCheck, cmdCheckAll, cmdCompare, cmdPrevious, cmdRenew, cmdEdit, cmdDuplicate, cmdFavourite, cmdDelete, cmdUndo),
		menu("menu.view", cmdSearch, cmdPalette, cmdOverview, cmdPreferences, cmdTroubleshooting),
		menu("menu.help", cmdKeys, cmdReport, cmdAbout)))
}

// inPalette returns the commands that the palette offers now.
func (w *Window) inPalette() []*command {
	var offered []*command
	for id, c := range w.commands {
		if c.enabled() && !slices.Contains([]int{cmdPalette, cmdSearch}, id) {
			offered = append(offered, c)
		}
	}
	return offered
}
