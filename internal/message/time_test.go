package message_test

import (
	"strings"
	"testing"
	"time"

	"amarre/internal/message"
	"amarre/profile"
)

// texts returns the texts of a language.
func texts(t *testing.T, lang string) *message.Texts {
	t.Helper()
	texts, err := message.New(lang)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// plain returns a text with a space in place of each no-break space.
func plain(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }

// TestVerdictsAreSaid: each verdict has its sentence, and so has a token that was never
// checked.
func TestVerdictsAreSaid(t *testing.T) {
	for _, c := range []struct {
		verdict profile.Verdict
		fr, en  string
	}{
		{profile.Accepted, "Accepté par Log@pass", "Accepted by Log@pass"},
		{profile.Refused, "Refusé par Log@pass", "Refused by Log@pass"},
		{profile.OtherPort, "Accepté pour un autre port", "Accepted for another port"},
		{"", "Jamais vérifié", "Never checked"},
	} {
		for lang, want := range map[string]string{"fr": c.fr, "en": c.en} {
			if got := texts(t, lang).Verdict(c.verdict); got != want {
				t.Errorf("%q is %q, want %q", c.verdict, got, want)
			}
		}
	}
}

// TestBothTokensAreJudged: a token of another port does not work, and without both verdicts
// there is no judgement.
func TestBothTokensAreJudged(t *testing.T) {
	en := texts(t, "en")
	for _, c := range []struct {
		saved, fresh profile.Verdict
		key          string
	}{
		{profile.Accepted, profile.Accepted, "differs.both"},
		{profile.Refused, profile.Accepted, "differs.new_only"},
		{profile.OtherPort, profile.Accepted, "differs.new_only"},
		{profile.Accepted, profile.Refused, "differs.old_only"},
		{profile.Accepted, profile.OtherPort, "differs.old_only"},
		{profile.Refused, profile.Refused, "differs.neither"},
		{profile.OtherPort, profile.Refused, "differs.neither"},
		{"", profile.Accepted, "differs.unknown"},
		{profile.Refused, "", "differs.unknown"},
		{"", "", "differs.unknown"},
	} {
		if got, want := en.Both(c.saved, c.fresh), en.T(c.key); got != want {
			t.Errorf("saved %q, new %q: %q, want %q", c.saved, c.fresh, got, want)
		}
	}
}

// TestTimesAreNamedAsPeopleDo: the days are those of the calendar, not of 24 hours, in the zone
// of the computer.
func TestTimesAreNamedAsPeopleDo(t *testing.T) {
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, time.Local)
	}
	for _, c := range []struct {
		at, now time.Time
		fr, en  string
	}{
		{at(11, 23, 9, 5), at(11, 23, 14, 32), "aujourd’hui à 09:05", "today at 09:05"},
		{at(11, 23, 0, 0), at(11, 23, 23, 59), "aujourd’hui à 00:00", "today at 00:00"},
		{at(11, 22, 23, 59), at(11, 23, 0, 1), "hier à 23:59", "yesterday at 23:59"},
		{at(10, 31, 8, 0), at(11, 1, 20, 0), "hier à 08:00", "yesterday at 08:00"},
		{at(11, 21, 23, 59), at(11, 23, 0, 1), "le 21/11/2026", "on 2026-11-21"},
		{at(11, 24, 8, 0), at(11, 23, 14, 32), "le 24/11/2026", "on 2026-11-24"}, // a clock that was wrong
		{at(11, 23, 9, 5).UTC(), at(11, 23, 14, 32).In(time.FixedZone("", 13*3600)), "aujourd’hui à 09:05", "today at 09:05"},
	} {
		for lang, want := range map[string]string{"fr": c.fr, "en": c.en} {
			if got := plain(texts(t, lang).When(c.at, c.now)); got != want {
				t.Errorf("%s, seen %s: %q, want %q", c.at, c.now, got, want)
			}
		}
	}
}

// TestMoments have the date and the hour in the zone of the computer.
func TestMoments(t *testing.T) {
	at := time.Date(2026, 11, 3, 9, 5, 40, 0, time.Local).UTC()
	for lang, want := range map[string]string{"fr": "le 03/11/2026 à 09:05", "en": "on 2026-11-03 at 09:05"} {
		if got := plain(texts(t, lang).Moment(at)); got != want {
			t.Errorf("the moment is %q, want %q", got, want)
		}
	}
}

// TestPreviousTokenHasItsMoment: the sentence and the moment in it make one text.
func TestPreviousTokenHasItsMoment(t *testing.T) {
	at := time.Date(2026, 11, 3, 9, 5, 0, 0, time.Local)
	for lang, want := range map[string]string{"fr": "jeton remplacé le 03/11/2026 à 09:05.", "en": "was replaced on 2026-11-03 at 09:05."} {
		texts := texts(t, lang)
		if got := plain(texts.T("previous.text", "Date", texts.Moment(at))); !strings.Contains(got, want) {
			t.Errorf("%q, want %q in it", got, want)
		}
	}
}
