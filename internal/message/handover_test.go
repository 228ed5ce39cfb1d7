package message_test

import (
	"strings"
	"testing"

	"amarre/internal/handover"
	"amarre/internal/i18n"
	"amarre/internal/message"
)

// TestEveryMatchHasASentence of its own, in both languages.
func TestEveryMatchHasASentence(t *testing.T) {
	for _, language := range i18n.Languages() {
		texts, err := message.New(language)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]handover.Match{}
		for _, match := range handover.Matches() {
			text := texts.Comparison(match, 3, 0)
			if other, ok := seen[text]; ok || strings.Contains(text, "erp.") || text == "" {
				t.Errorf("%s: %s has %q, as %q", language, match, text, other)
			}
			seen[text] = match
			counted := match == handover.Truncated || match == handover.TooLong
			if counted != strings.Contains(text, "3") && match != handover.Escaped { // it has %3D
				t.Errorf("%s: %s has %q for 3 characters", language, match, text)
			}
			if text := texts.Comparison(match, 3, 12); !strings.Contains(text, "12") {
				t.Errorf("%s: %s has %q, without the profiles that were not read", language, match, text)
			}
		}
	}
}
