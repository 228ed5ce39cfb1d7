package presenter

import (
	"context"
	"errors"
	"strings"
	"testing"

	"amarre/authclient"
	"amarre/internal/keyring"
	"amarre/profile"
)

// TestEveryOutcomeHasItsSentence: in both languages, every error has a sentence.
func TestEveryOutcomeHasItsSentence(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		texts := start(t, lang, nil).Texts()
		var errs []error
		for _, outcome := range authclient.Outcomes() {
			switch outcome {
			case authclient.OutcomeToken, authclient.OutcomeRefused:
			case authclient.OutcomeTLS:
				for _, reason := range authclient.Reasons()[outcome] {
					errs = append(errs, &authclient.Error{Outcome: outcome, Reason: reason, Issuer: "Émetteur", Rule: authclient.RuleOther})
				}
			default:
				errs = append(errs, &authclient.Error{Outcome: outcome}, &authclient.Error{Outcome: outcome, HTTPStatus: 407, Target: "a.example", Message: "msg"})
			}
		}
		errs = append(errs, errors.New("other"), context.DeadlineExceeded)
		for _, err := range errs {
			for _, sentence := range []string{texts.Login(err), texts.Check(err)} {
				if sentence == "" || strings.Contains(sentence, "outcome.") || strings.Contains(sentence, "{{") || strings.Contains(sentence, "<no value>") {
					t.Errorf("%s: %#v gives %q", lang, err, sentence)
				}
			}
		}
		for _, class := range []keyring.Class{
			keyring.ClassUnavailable, keyring.ClassLocked, keyring.ClassNoAnswer, keyring.ClassFailed, keyring.ClassNotKept, keyring.ClassMissing,
			keyring.ClassUnknown, keyring.ClassTooBig, profile.ClassNotFound, profile.ClassForeign, profile.ClassNewer, profile.ClassInvalid,
			profile.ClassSecretInText, profile.ClassDuplicate, profile.ClassList, profile.ClassBusy, "",
		} {
			if s := texts.Store(&keyring.Error{Class: class}); s == "" || strings.Contains(s, "store.") {
				t.Errorf("%s: %q gives %q", lang, class, s)
			}
		}
	}
}
