// Package i18n gives the texts that a user sees, in French or English, from the
// catalogues in assets/translations.
//
//	texts, err := i18n.New(i18n.Choose(flag, setting, i18n.SystemLocale()))
//	texts.T("form.port_code")
//	texts.T("delete.done", "Name", profile.Name)
//	texts.N("status.clipboard", seconds)
//
// A text has a flat key. Its {{.Placeholders}} are given by name; N also gives .Count
// and chooses the plural. Package message makes sentences of errors and states.
package i18n

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jeandeaual/go-locale"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"amarre/assets"
)

// The languages of the catalogues.
const (
	French  = "fr"
	English = "en"
)

// Languages lists the languages, the first for people, of the catalogues.
func Languages() []string { return []string{French, English} }

// Texts are the texts of one language. They may be used by several goroutines.
type Texts struct {
	Language  string
	localizer *i18n.Localizer
}

// New loads the texts of a language. An unknown language is English. One catalogue is
// loaded, because each takes 2 ms; a test holds both to the same keys.
func New(lang string) (*Texts, error) {
	if lang != French {
		lang = English
	}
	bundle := i18n.NewBundle(language.Make(lang))
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	if _, err := bundle.LoadMessageFileFS(assets.Translations, "translations/"+lang+".json"); err != nil {
		return nil, fmt.Errorf("load the texts: %w", err)
	}
	return &Texts{Language: lang, localizer: i18n.NewLocalizer(bundle, lang)}, nil
}

// Choose returns the language to use: the flag's, else the setting's, else the
// system's if there is a catalogue for it, else English.
func Choose(flag, setting, system string) string {
	for _, wanted := range []string{flag, setting, system} {
		base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(wanted, "_", "-")), "-")
		for _, known := range Languages() {
			if base == known {
				return known
			}
		}
	}
	return English
}

// SystemLocale returns the locale of the system, such as fr-FR; "" if it has
// none.
func SystemLocale() string {
	found, err := locale.GetLocale()
	if err != nil {
		return ""
	}
	return found
}

// T returns the text of a key. pairs are the names and values of its
// placeholders. A missing key gives the key itself: a test makes sure that there
// is none.
func (t *Texts) T(key string, pairs ...any) string {
	return t.text(&i18n.LocalizeConfig{MessageID: key, TemplateData: data(pairs)})
}

// N returns the text of a key in the singular or plural of count.
func (t *Texts) N(key string, count int, pairs ...any) string {
	values := data(pairs)
	values["Count"] = count
	return t.text(&i18n.LocalizeConfig{MessageID: key, PluralCount: count, TemplateData: values})
}

func (t *Texts) text(config *i18n.LocalizeConfig) string {
	text, err := t.localizer.Localize(config)
	if err != nil {
		return config.MessageID
	}
	return text
}

func data(pairs []any) map[string]any {
	values := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			values[name] = pairs[i+1]
		}
	}
	return values
}
