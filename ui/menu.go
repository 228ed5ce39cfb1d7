package ui

import (
	"encoding/json"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"amarre/internal/i18n"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/ui/kit"
)

// menu has an item with a shortcut for every action. Fyne handles a shortcut inside an
// entry only if a menu item has it, and handles it even if the item is disabled.
type menu struct {
	w      *Window
	main   *fyne.MainMenu
	items  map[string]*fyne.MenuItem // by the key of their label
	checks []func()                  // update the check marks of the submenus
}

func newMenu(w *Window) *menu {
	m := &menu{w: w, items: map[string]*fyne.MenuItem{}}
	const ctrl, shift = fyne.KeyModifierShortcutDefault, fyne.KeyModifierShift
	languages := []choice{{w.t.T("language.system"), ""}}
	for _, language := range i18n.Languages() {
		languages = append(languages, choice{w.t.T("language." + language), language})
	}
	m.main = fyne.NewMainMenu(
		fyne.NewMenu(w.t.T("menu.file"),
			m.item("menu.new", fyne.KeyN, ctrl, w.newProfile),
			m.item("menu.save", fyne.KeyS, ctrl, w.save),
			fyne.NewMenuItemSeparator(),
			m.item("menu.export", fyne.KeyE, ctrl, w.exportSelected),
			m.item("menu.import", fyne.KeyI, ctrl, func() { w.importFile("") }),
			fyne.NewMenuItemSeparator(),
			m.item("menu.quit", fyne.KeyQ, ctrl, w.Quit)),
		fyne.NewMenu(w.t.T("menu.profile"),
			m.item("menu.copy", fyne.KeyC, ctrl|shift, w.copyToken),
			m.item("menu.copy_as", fyne.KeyA, ctrl|shift, w.showCopyAs),
			m.item("menu.show", fyne.KeyH, ctrl|shift, w.toggleToken),
			m.item("menu.check", fyne.KeyF5, 0, w.check),
			m.item("menu.compare", fyne.KeyV, ctrl|shift, w.compareWithERP),
			m.item("menu.previous", "", 0, w.previousToken),
			fyne.NewMenuItemSeparator(),
			m.item("menu.search", fyne.KeyF, ctrl, w.focusSearch),
			m.item("menu.rename", fyne.KeyF2, 0, w.rename),
			m.item("menu.duplicate", fyne.KeyD, ctrl, w.duplicate),
			m.item("menu.favourite", fyne.KeyB, ctrl, w.toggleFavourite),
			m.item("menu.delete", "", 0, w.deleteSelected),
			m.item("menu.undo_delete", fyne.KeyZ, ctrl|shift, w.undoDelete),
			fyne.NewMenuItemSeparator(),
			m.item("menu.diagnose", fyne.KeyT, ctrl, w.diagnose),
			m.item("menu.authority", "", 0, w.authority),
			m.item("menu.keyring", "", 0, w.aboutKeyring),
			m.item("menu.rebuild", "", 0, w.rebuildOnRequest)),
		fyne.NewMenu(w.t.T("menu.view"),
			m.item("menu.show_password", fyne.KeyP, ctrl|shift, w.togglePassword),
			fyne.NewMenuItemSeparator(),
			m.choices("menu.sort", func() string { return w.settings.Sort }, w.sortBy,
				choice{w.t.T("sort.name"), string(profile.ByName)}, choice{w.t.T("sort.port"), string(profile.ByPort)}, choice{w.t.T("sort.check"), string(profile.ByCheck)}),
			m.choices("menu.theme", func() string { return w.settings.Theme }, w.chooseTheme,
				choice{w.t.T("theme.automatic"), settings.Automatic}, choice{w.t.T("theme.light"), settings.Light}, choice{w.t.T("theme.dark"), settings.Dark}),
			m.choices("menu.language", w.languageSetting, w.chooseLanguage, languages...),
			fyne.NewMenuItemSeparator(),
			m.item("menu.safety", "", 0, w.safety)),
		fyne.NewMenu(w.t.T("menu.help"),
			m.item("menu.keys", "", 0, w.showKeys),
			m.item("menu.report", "", 0, w.diagnosticReport),
			m.item("menu.about", "", 0, w.about)),
	)
	m.items["menu.quit"].IsQuit = true
	m.update()
	return m
}

// item returns a menu item. An empty key means no shortcut.
func (m *menu) item(label string, key fyne.KeyName, modifier fyne.KeyModifier, do func()) *fyne.MenuItem {
	item := fyne.NewMenuItem(m.w.t.T(label), do)
	if key != "" {
		item.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: modifier}
		item.Action = m.w.keys.once(item.Shortcut, do)
	}
	m.items[label] = item
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
	before := m.states()
	m.update()
	if !slices.Equal(before, m.states()) {
		m.main.Refresh()
	}
}

// itemState is the visible state of a menu item.
type itemState struct {
	label             string
	disabled, checked bool
}

// states returns the state of every item, including submenus.
func (m *menu) states() []itemState {
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
	token, marked := w.current != nil, len(w.list.marked)
	enabled := map[string]bool{
		"menu.save": token && !w.result.save.Disabled(), "menu.copy": token, "menu.copy_as": token, "menu.show": token, "menu.check": token, "menu.compare": token,
		"menu.previous":    token && !w.current.changed && !w.current.secrets.Previous.IsZero(),
		"menu.rename":      w.open != nil || marked == 1,
		"menu.favourite":   w.open != nil || marked > 0,
		"menu.delete":      w.open != nil || marked > 0,
		"menu.duplicate":   w.form.text().erpID != "",
		"menu.undo_delete": len(w.removed) > 0,
	}
	for key, on := range enabled {
		m.items[key].Disabled = !on
	}
	labels := map[string]string{"menu.delete": w.t.T("menu.delete"), "menu.show": w.t.T("menu.show"), "menu.show_password": w.t.T("menu.show_password")}
	if marked > 1 {
		labels["menu.delete"] = w.t.N("menu.delete_many", marked)
	}
	if w.result.revealed {
		labels["menu.show"] = w.t.T("menu.hide")
	}
	if w.form.password.Revealed() {
		labels["menu.show_password"] = w.t.T("menu.hide_password")
	}
	for key, label := range labels {
		m.items[key].Label = label
	}
	m.items["menu.favourite"].Checked = w.open != nil && w.open.Favourite
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
	w.changeSettings(func(s *settings.Settings) { s.Theme = theme })
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
	w.changeSettings(func(s *settings.Settings) { s.Language = language })
	w.t = texts
	w.rebuild()
}

func (w *Window) showKeys() { w.inform(w.t.T("keys.title"), w.t.T("keys.text")) }

func (w *Window) about() {
	w.inform(w.t.T("about.title", "Version", w.deps.Version), w.t.T("about.text"))
}

// inform opens a dialog without a choice.
func (w *Window) inform(title, text string) {
	if w.dialog == nil {
		w.ask(title, text, kit.Answer{Text: w.t.T("ask.close")})
	}
}

// translateFyne translates the context menu of Fyne's entries into the language of the
// window. Fyne only uses the language of the system, so that the translations are
// registered for that language.
func translateFyne(t *i18n.Texts) {
	words, err := json.Marshal(map[string]string{
		"Cut": t.T("fyne.cut"), "Copy": t.T("fyne.copy"), "Paste": t.T("fyne.paste"),
		"Select all": t.T("fyne.select_all"), "Undo": t.T("fyne.undo"), "Redo": t.T("fyne.redo"),
	})
	if err == nil {
		_ = lang.AddTranslationsForLocale(words, lang.SystemLocale())
	}
}
