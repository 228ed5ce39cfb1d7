package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"amarre/internal/i18n"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/ui/kit"
)

// menu has an item with a shortcut for every action. Fyne handles a shortcut inside an
// entry only if a menu item has it, and handles it even if the item is disabled.
type menu struct {
	w    *Window
	main *fyne.MainMenu

	save, undo, delete, duplicate, rename, favourite, show, copy, copyAs, check, compare, previous, password *fyne.MenuItem

	checks []func() // update the check marks of the submenus
}

func newMenu(w *Window) *menu {
	m := &menu{w: w}
	const ctrl, shift = fyne.KeyModifierShortcutDefault, fyne.KeyModifierShift

	create := m.item("menu.new", fyne.KeyN, ctrl, w.newProfile)
	m.save = m.item("menu.save", fyne.KeyS, ctrl, w.save)
	export := m.item("menu.export", fyne.KeyE, ctrl, w.exportSelected)
	imports := m.item("menu.import", fyne.KeyI, ctrl, func() { w.importFile("") })
	quit := m.item("menu.quit", fyne.KeyQ, ctrl, w.Quit)
	quit.IsQuit = true

	m.copy = m.item("menu.copy", fyne.KeyC, ctrl|shift, w.copyToken)
	m.copyAs = m.item("menu.copy_as", fyne.KeyA, ctrl|shift, w.showCopyAs)
	m.compare = m.item("menu.compare", fyne.KeyV, ctrl|shift, w.compareWithERP)
	m.show = m.item("menu.show", fyne.KeyH, ctrl|shift, w.toggleToken)
	m.check = m.item("menu.check", fyne.KeyF5, 0, w.check)
	m.password = m.item("menu.show_password", fyne.KeyP, ctrl|shift, w.togglePassword)
	test := m.item("menu.diagnose", fyne.KeyT, ctrl, w.diagnose)
	authority := fyne.NewMenuItem(w.t.T("menu.authority"), w.authority)
	search := m.item("menu.search", fyne.KeyF, ctrl, w.focusSearch)
	m.duplicate = m.item("menu.duplicate", fyne.KeyD, ctrl, w.duplicate)
	m.rename = m.item("menu.rename", fyne.KeyF2, 0, w.rename)
	m.favourite = m.item("menu.favourite", fyne.KeyB, ctrl, w.toggleFavourite)
	m.previous = fyne.NewMenuItem(w.t.T("menu.previous"), w.previousToken)
	keyring := fyne.NewMenuItem(w.t.T("menu.keyring"), w.aboutKeyring)
	again := fyne.NewMenuItem(w.t.T("menu.rebuild"), w.rebuildOnRequest)
	m.delete = fyne.NewMenuItem(w.t.T("menu.delete"), w.deleteSelected)
	m.undo = m.item("menu.undo_delete", fyne.KeyZ, ctrl|shift, w.undoDelete)

	themes := m.choices("menu.theme", func() string { return w.settings.Theme }, w.chooseTheme,
		choice{w.t.T("theme.automatic"), settings.Automatic}, choice{w.t.T("theme.light"), settings.Light}, choice{w.t.T("theme.dark"), settings.Dark})
	orders := m.choices("menu.sort", func() string { return w.settings.Sort }, w.sortBy,
		choice{w.t.T("sort.name"), string(profile.ByName)}, choice{w.t.T("sort.port"), string(profile.ByPort)}, choice{w.t.T("sort.check"), string(profile.ByCheck)})
	languages := []choice{{w.t.T("language.system"), ""}}
	for _, language := range i18n.Languages() {
		languages = append(languages, choice{w.t.T("language." + language), language})
	}
	language := m.choices("menu.language", w.languageSetting, w.chooseLanguage, languages...)

	m.main = fyne.NewMainMenu(
		fyne.NewMenu(w.t.T("menu.file"), create, m.save, fyne.NewMenuItemSeparator(),
			export, imports, fyne.NewMenuItemSeparator(), quit),
		fyne.NewMenu(w.t.T("menu.profile"), m.copy, m.copyAs, m.show, m.check, m.compare, m.previous, fyne.NewMenuItemSeparator(),
			search, m.rename, m.duplicate, m.favourite, m.delete, m.undo, fyne.NewMenuItemSeparator(),
			test, authority, keyring, again),
		fyne.NewMenu(w.t.T("menu.view"), m.password, fyne.NewMenuItemSeparator(), orders, themes, language,
			fyne.NewMenuItemSeparator(), fyne.NewMenuItem(w.t.T("menu.safety"), w.safety)),
		fyne.NewMenu(w.t.T("menu.help"), fyne.NewMenuItem(w.t.T("menu.keys"), w.showKeys), fyne.NewMenuItem(w.t.T("menu.report"), w.diagnosticReport), fyne.NewMenuItem(w.t.T("menu.about"), w.about)),
	)
	m.update()
	return m
}

// item returns a menu item with a shortcut.
func (m *menu) item(key string, name fyne.KeyName, modifier fyne.KeyModifier, do func()) *fyne.MenuItem {
	item := fyne.NewMenuItem(m.w.t.T(key), do)
	item.Shortcut = &desktop.CustomShortcut{KeyName: name, Modifier: modifier}
	return item
}

// choice is an item of a submenu for a setting.
type choice struct{ label, value string }

// choices returns a menu item with a submenu for a setting. The item of the current value
// has a check mark.
func (m *menu) choices(key string, current func() string, choose func(value string), choices ...choice) *fyne.MenuItem {
	item := fyne.NewMenuItem(m.w.t.T(key), nil)
	item.ChildMenu = fyne.NewMenu("")
	for _, each := range choices {
		option := fyne.NewMenuItem(each.label, func() { choose(each.value) })
		item.ChildMenu.Items = append(item.ChildMenu.Items, option)
		m.checks = append(m.checks, func() { option.Checked = current() == each.value })
	}
	return item
}

// refresh updates the items. Fyne closes an open menu when the menu bar is refreshed, so
// that this only happens after a change.
func (m *menu) refresh() {
	before := m.items()
	m.update()
	if !slices.Equal(before, m.items()) {
		m.main.Refresh()
	}
}

// itemState is the visible state of a menu item.
type itemState struct {
	label             string
	disabled, checked bool
}

// items returns the state of every item, including submenus.
func (m *menu) items() []itemState {
	var states []itemState
	var add func(items []*fyne.MenuItem)
	add = func(items []*fyne.MenuItem) {
		for _, item := range items {
			states = append(states, itemState{item.Label, item.Disabled, item.Checked})
			if item.ChildMenu != nil {
				add(item.ChildMenu.Items)
			}
		}
	}
	for _, each := range m.main.Items {
		add(each.Items)
	}
	return states
}

func (m *menu) update() {
	w := m.w
	none := w.current == nil
	m.save.Disabled = none || w.result.save.Disabled()
	m.copy.Disabled, m.copyAs.Disabled, m.show.Disabled, m.check.Disabled, m.compare.Disabled = none, none, none, none, none
	m.previous.Disabled = none || w.current.changed || w.current.secrets.Previous.IsZero()
	m.delete.Label = w.t.T("menu.delete")
	if marked := len(w.list.marked); marked > 1 {
		m.delete.Label = w.t.N("menu.delete_many", marked)
	}
	m.delete.Disabled = w.open == nil && len(w.list.marked) == 0
	m.rename.Disabled = w.open == nil && len(w.list.marked) != 1
	m.favourite.Disabled = w.open == nil && len(w.list.marked) == 0
	m.favourite.Checked = w.open != nil && w.open.Favourite
	m.undo.Disabled = len(w.removed) == 0
	m.duplicate.Disabled = w.form.text().erpID == ""
	m.show.Label = w.t.T("menu.show")
	if w.result.revealed() {
		m.show.Label = w.t.T("menu.hide")
	}
	m.password.Label = w.t.T("menu.show_password")
	if w.form.password.Revealed() {
		m.password.Label = w.t.T("menu.hide_password")
	}
	for _, update := range m.checks {
		update()
	}
}

// languageSetting returns the chosen language, or the one that replaces it because it was
// given on the command line.
func (w *Window) languageSetting() string {
	if i18n.Choose("", w.settings.Language, i18n.SystemLocale()) != w.t.Language {
		return w.t.Language
	}
	return w.settings.Language
}

func (w *Window) chooseTheme(theme string) {
	w.settings.Theme = theme
	w.deps.SaveSettings(w.settings)
	w.brand.choose(theme)
	fyne.CurrentApp().Settings().SetTheme(w.brand)
	w.menu.refresh()
}

// chooseLanguage changes the language and rebuilds the window.
func (w *Window) chooseLanguage(language string) {
	if w.blocked() {
		return
	}
	texts, err := w.deps.NewTexts(language)
	if err != nil {
		return
	}
	w.settings.Language = language
	w.deps.SaveSettings(w.settings)
	w.t = texts
	w.rebuild()
}

func (w *Window) showKeys() {
	if w.dialog == nil {
		w.ask(w.t.T("keys.title"), w.t.T("keys.text"), kit.Answer{Text: w.t.T("ask.close")})
	}
}

func (w *Window) about() {
	if w.dialog == nil {
		w.ask(w.t.T("about.title", "Version", w.deps.Version), w.t.T("about.text"), kit.Answer{Text: w.t.T("ask.close")})
	}
}
