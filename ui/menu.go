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

// menu has every action and its key. In Fyne a shortcut works from inside an
// entry only as a menu item, and it fires also when the item is disabled.
type menu struct {
	w    *Window
	main *fyne.MainMenu

	save, undo, delete, duplicate, rename, favourite, show, copy, copyAs, check, compare, previous, password *fyne.MenuItem
	themes, languages, orders                                                                                []*fyne.MenuItem
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

	themes := fyne.NewMenuItem(w.t.T("menu.theme"), nil)
	for _, each := range []struct{ key, value string }{
		{"theme.automatic", settings.Automatic}, {"theme.light", settings.Light}, {"theme.dark", settings.Dark},
	} {
		m.themes = append(m.themes, m.choice(w.t.T(each.key), each.value, w.chooseTheme))
	}
	themes.ChildMenu = fyne.NewMenu("", m.themes...)
	orders := fyne.NewMenuItem(w.t.T("menu.sort"), nil)
	for _, each := range []struct {
		key   string
		order profile.Order
	}{{"sort.name", profile.ByName}, {"sort.port", profile.ByPort}, {"sort.check", profile.ByCheck}} {
		m.orders = append(m.orders, m.choice(w.t.T(each.key), string(each.order), w.sortBy))
	}
	orders.ChildMenu = fyne.NewMenu("", m.orders...)
	languages := fyne.NewMenuItem(w.t.T("menu.language"), nil)
	m.languages = append(m.languages, m.choice(w.t.T("language.system"), "", w.chooseLanguage))
	for _, language := range i18n.Languages() {
		m.languages = append(m.languages, m.choice(w.t.T("language."+language), language, w.chooseLanguage))
	}
	languages.ChildMenu = fyne.NewMenu("", m.languages...)

	m.main = fyne.NewMainMenu(
		fyne.NewMenu(w.t.T("menu.file"), create, m.save, fyne.NewMenuItemSeparator(),
			export, imports, fyne.NewMenuItemSeparator(), quit),
		fyne.NewMenu(w.t.T("menu.profile"), m.copy, m.copyAs, m.show, m.check, m.compare, m.previous, fyne.NewMenuItemSeparator(),
			search, m.rename, m.duplicate, m.favourite, m.delete, m.undo, fyne.NewMenuItemSeparator(),
			test, authority, keyring, again),
		fyne.NewMenu(w.t.T("menu.view"), m.password, fyne.NewMenuItemSeparator(), orders, themes, languages,
			fyne.NewMenuItemSeparator(), fyne.NewMenuItem(w.t.T("menu.safety"), w.safety)),
		fyne.NewMenu(w.t.T("menu.help"), fyne.NewMenuItem(w.t.T("menu.keys"), w.showKeys), fyne.NewMenuItem(w.t.T("menu.report"), w.diagnosticReport), fyne.NewMenuItem(w.t.T("menu.about"), w.about)),
	)
	m.update()
	return m
}

// item makes a menu item with its key.
func (m *menu) item(key string, name fyne.KeyName, modifier fyne.KeyModifier, do func()) *fyne.MenuItem {
	item := fyne.NewMenuItem(m.w.t.T(key), do)
	item.Shortcut = &desktop.CustomShortcut{KeyName: name, Modifier: modifier}
	return item
}

func (m *menu) choice(label, value string, choose func(string)) *fyne.MenuItem {
	return fyne.NewMenuItem(label, func() { choose(value) })
}

// refresh shows what can be done now. The toolkit closes a menu that is open when
// the bar is made again, so that this happens only if something has changed.
func (m *menu) refresh() {
	before := m.look()
	m.update()
	if !slices.Equal(before, m.look()) {
		m.main.Refresh()
	}
}

// itemLook is what is seen of an item that changes.
type itemLook struct {
	label             string
	disabled, checked bool
}

// look returns what is seen of every item, those of submenus too.
func (m *menu) look() []itemLook {
	var looks []itemLook
	var add func(items []*fyne.MenuItem)
	add = func(items []*fyne.MenuItem) {
		for _, item := range items {
			looks = append(looks, itemLook{item.Label, item.Disabled, item.Checked})
			if item.ChildMenu != nil {
				add(item.ChildMenu.Items)
			}
		}
	}
	for _, each := range m.main.Items {
		add(each.Items)
	}
	return looks
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
	for i, order := range []profile.Order{profile.ByName, profile.ByPort, profile.ByCheck} {
		m.orders[i].Checked = w.settings.Sort == string(order)
	}
	for i, value := range []string{settings.Automatic, settings.Light, settings.Dark} {
		m.themes[i].Checked = w.settings.Theme == value
	}
	language := w.settings.Language
	if i18n.Choose("", language, i18n.SystemLocale()) != w.t.Language {
		language = w.t.Language // selected on the command line
	}
	for i, value := range append([]string{""}, i18n.Languages()...) {
		m.languages[i].Checked = language == value
	}
}

func (w *Window) chooseTheme(theme string) {
	w.settings.Theme = theme
	w.deps.SaveSettings(w.settings)
	w.brand.choose(theme)
	fyne.CurrentApp().Settings().SetTheme(w.brand)
	w.menu.refresh()
}

// chooseLanguage changes the language at once: the window is built again.
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
