package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"amarre/internal/i18n"
	"amarre/internal/settings"
	"amarre/profile"
	"amarre/ui/kit"
)

// preferencesPage has the user's choices, each of which is saved at once.
type preferencesPage struct {
	w                 *Window
	theme, language   *kit.Segments
	sort, clearing    *kit.Select
	hide              *kit.Switch
	pause             *kit.Select
	daily             *kit.Switch
	back              *kit.Push
	fixed             *kit.Prose
	sheet             fyne.CanvasObject
	themes, languages []string
	orders            []string
	seconds           []int
	pauses            []time.Duration
	filling           bool
}

// clearings are the delays, in seconds, that are offered for the clipboard.
var clearings = []int{10, 20, 30, 45, 60, 90, 120, 180, 300}

func newPreferencesPage(w *Window) *preferencesPage {
	t := w.t
	s := &preferencesPage{w: w, themes: []string{settings.Automatic, settings.Light, settings.Dark}, languages: append([]string{""}, i18n.Languages()...),
		orders: []string{string(profile.ByName), string(profile.ByPort), string(profile.ByCheck)}}
	s.back = w.backButton()
	s.theme = kit.NewSegments(w.keys, s.choose(func(i int) { w.p.ChangeSettings(func(c *settings.Settings) { c.Theme = s.themes[i] }) }),
		t.T("theme.automatic"), t.T("theme.light"), t.T("theme.dark"))
	names := []string{t.T("language.system")}
	for _, language := range s.languages[1:] {
		names = append(names, t.T("language."+language))
	}
	s.language = kit.NewSegments(w.keys, s.choose(func(i int) { w.p.ChooseLanguage(s.languages[i]) }), names...)
	s.sort = kit.NewSelect(w.keys, s.choose(func(i int) { w.p.SortBy(s.orders[i]) }), t.T("sort.name"), t.T("sort.port"), t.T("sort.check"))
	s.sort.SetQuiet()
	most := int(w.deps.Clients.Policy.ClearAfter(settings.MaxClear).Seconds())
	var delays []string
	for _, seconds := range s.offered(most) {
		s.seconds = append(s.seconds, seconds)
		delays = append(delays, t.N("preferences.after", seconds))
	}
	s.clearing = kit.NewSelect(w.keys, s.choose(func(i int) { w.p.ChangeSettings(func(c *settings.Settings) { c.ClearSeconds = s.seconds[i] }) }), delays...)
	s.clearing.SetQuiet()
	s.hide = kit.NewSwitch(w.keys, func(on bool) {
		if !s.filling {
			w.p.ChangeSettings(func(c *settings.Settings) { c.ShowInCaptures = !on })
		}
	})
	safety := []fyne.CanvasObject{setting(t.T("preferences.clear"), t.T("preferences.clear_why"), s.clearing)}
	if w.deps.HideFromCaptures != nil {
		safety = append(safety, setting(t.T("safety.hide"), t.T("safety.hide_why"), s.hide))
	}
	var texts []string
	for _, pause := range s.offeredPauses() {
		s.pauses = append(s.pauses, pause)
		texts = append(texts, t.T("preferences.pause_of", "Seconds", decimal(t.Language, pause.Seconds())))
	}
	s.pause = kit.NewSelect(w.keys, s.choose(func(i int) { w.p.SetPause(s.pauses[i]) }), texts...)
	s.pause.SetQuiet()
	s.daily = kit.NewSwitch(w.keys, func(on bool) {
		if !s.filling {
			w.p.ChangeSettings(func(c *settings.Settings) { c.CheckDaily = on })
		}
	})
	calls := []fyne.CanvasObject{setting(t.T("preferences.pause"), t.T("preferences.pause_why"), kit.Fixed(100, 30, s.pause))}
	if w.deps.Demo == nil {
		calls = append(calls, setting(t.T("preferences.daily"), t.T("preferences.daily_why"), s.daily))
	}
	s.fixed = kit.NewProse("", kit.Small, kit.Ink2)
	s.sheet = w.frame.sheet(kit.Column(18,
		kit.Row(8, kit.Grow(kit.NewElided(t.T("preferences.title"), kit.Title, kit.Ink)), kit.Pad(0, -8, 0, 0, s.back)),
		group(t.T("preferences.look"), setting(t.T("menu.theme"), "", s.theme), setting(t.T("menu.language"), "", s.language), setting(t.T("menu.sort"), "", kit.Fixed(210, 30, s.sort))),
		group(t.T("safety.title"), safety...), group(t.T("preferences.network"), calls...), s.fixed))
	return s
}

// offered returns the delays that can be chosen, with the present one.
func (s *preferencesPage) offered(most int) []int {
	now := int(s.w.p.ClearAfter().Seconds())
	offered := slices.DeleteFunc(append([]int{now}, clearings...), func(n int) bool { return n > most })
	slices.Sort(offered)
	return slices.Compact(offered)
}

// pauses are the times between two calls to a service that are offered.
var pauses = []time.Duration{settings.MinPause, 500 * time.Millisecond, settings.DefaultPause, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, settings.MaxPause}

// offeredPauses returns the times that can be chosen, with the present one.
func (s *preferencesPage) offeredPauses() []time.Duration {
	offered := append([]time.Duration{s.w.p.Settings().Pause()}, pauses...)
	slices.Sort(offered)
	return slices.Compact(offered)
}

// decimal writes a number as people of a language do: 0,5 in French.
func decimal(language string, number float64) string {
	text := strconv.FormatFloat(number, 'f', -1, 64)
	if language == i18n.French {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// choose returns do for the user's choices alone.
func (s *preferencesPage) choose(do func(int)) func(int) {
	return func(i int) {
		if !s.filling {
			do(i)
		}
	}
}

func (s *preferencesPage) content() fyne.CanvasObject { return s.sheet }

func (s *preferencesPage) primary() fyne.Focusable { return s.theme }

func (s *preferencesPage) update() {
	now := s.w.p.Settings()
	s.filling = true
	s.theme.Select(index(s.themes, now.Theme))
	s.language.Select(index(s.languages, s.w.languageSetting()))
	s.sort.Select(index(s.orders, now.Sort))
	s.clearing.Select(index(s.seconds, int(s.w.p.ClearAfter().Seconds())))
	s.hide.SetChecked(!now.ShowInCaptures)
	s.pause.Select(index(s.pauses, now.Pause()))
	s.daily.SetChecked(now.CheckDaily)
	s.filling = false
	s.fixed.ShowText(s.w.t.PolicySummary(s.w.deps.Clients.Policy))
	kit.Relayout(s.sheet)
}

// languageSetting returns the chosen language, or the one that replaces it because it was
// given on the command line.
func (w *Window) languageSetting() string {
	chosen := w.p.Settings().Language
	if i18n.Choose("", chosen, i18n.SystemLocale()) != w.t.Language {
		return w.t.Language
	}
	return chosen
}

// backButton returns the button that leaves a page that is over another.
func (w *Window) backButton() *kit.Push {
	return kit.NewPush(w.t.T("page.back"), "x", kit.Quiet, w.keys, w.p.Back).Small()
}

// setting returns a line of a group: what it is about, and its control at the right.
func setting(title, note string, control fyne.CanvasObject) fyne.CanvasObject {
	words := kit.Column(0, kit.NewProse(title, kit.Body, kit.Ink))
	if note != "" {
		words.Add(kit.NewProse(note, kit.Caption, kit.Ink3))
	}
	return kit.Pad(8, 14, 8, 14, kit.Row(16, kit.Grow(words), kit.Fixed(0, 30, control)))
}

// group returns lines in a card, below a title.
func group(title string, lines ...fyne.CanvasObject) fyne.CanvasObject {
	all := kit.Column(0)
	for i, line := range lines {
		if i > 0 {
			all.Add(kit.Pad(0, 0, 0, 14, kit.HLine()))
		}
		all.Add(line)
	}
	return kit.Column(8, kit.NewText(title, kit.SmallBold, kit.Ink2), kit.InCard(kit.Card, kit.Line, 10, all))
}
