package message_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"amarre/internal/i18n"
	"amarre/internal/message"
)

// TestEveryCharacterHasAWord of its own, which for a letter begins with it.
func TestEveryCharacterHasAWord(t *testing.T) {
	for _, language := range i18n.Languages() {
		texts, err := message.New(language)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]rune{}
		for _, r := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~+/=" {
			word := texts.Spell(r)
			if other, ok := seen[word]; ok || utf8.RuneCountInString(word) < 2 || strings.Contains(word, "spell.") {
				t.Errorf("%s: %c is %q, as %q", language, r, word, other)
			}
			seen[word] = r
			if unicode.IsLetter(r) && !strings.HasPrefix(word, string(r)) {
				t.Errorf("%s: %c is %q", language, r, word)
			}
			if small := texts.Spell(unicode.ToLower(r)); small != word {
				t.Errorf("%s: %c is %q and, small, %q", language, r, word, small)
			}
		}
		for _, r := range "!é ⅷ\u212a" { // the last is the sign of kelvins
			if got := texts.Spell(r); got != string(r) {
				t.Errorf("%s: %c is %q", language, r, got)
			}
		}
	}
}

func TestSpell(t *testing.T) {
	for language, want := range map[string]string{
		i18n.French:  "Kléber sept tiret Zoé tiret bas barre oblique égal",
		i18n.English: "Kilo seven hyphen Zulu underscore slash equals",
	} {
		texts, err := message.New(language)
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, r := range "k7-Z_/=" {
			words = append(words, texts.Spell(r))
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("it is spelled %q, want %q", got, want)
		}
	}
}
